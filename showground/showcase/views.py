"""Front of house: the entrance, the gallery, a work, the call, the result, how to check."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from showground.awards.queries import prize_of, result_of
from showground.entries.models import Entry
from showground.entries.queries import (
    counts,
    entry_of_package,
    may_see_withheld,
    public_entries,
    public_entry,
    states,
    withheld_reason,
)
from showground.ledger import queries as ledger
from showground.sandbox.headers import FRAME_ALLOW, FRAME_SANDBOX, frame_origin
from showground.showcase import queries
from showground.ui import typeset
from showground.ui.justify import cells
from showground.ui.pages import page
from showground.voting.queries import count_of, turnout
from showground.weeks import queries as weeks
from showground.weeks.models import Week
from showground.works.queries import share_picture

LOG_FILE = re.compile(r"checkpoint|checkpoints/\d+|tile/[0-9a-z/.]+|assets/[0-9a-f]{64}|policy")
HANG = 9


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Leads to the week that is on."""
    week = weeks.current_week(request.now)
    if week is None:
        return page(request, "showcase/no_week.html", {})
    return redirect("showcase:home", week=week.code)


def _order(request: HttpRequest) -> int | None:
    text = request.GET.get("o", "")
    return int(text) % queries.ORDERS if text.isdecimal() else None


def _some_order(request: HttpRequest) -> int:
    """An order for a visitor who comes without one; spread by minute, so that a cached page is not always the same."""
    return int(hashlib.sha256(str(request.now // 60).encode()).hexdigest(), 16) % queries.ORDERS


@require_safe
@gzip_page
@cache_control(public=True, max_age=10)
def home(request: HttpRequest, week: str) -> HttpResponse:
    """Says what one can do now, shows some works, the rooms of the week and the log."""
    now, the_week = request.now, request.week
    order = _order(request) if _order(request) is not None else _some_order(request)
    phase = weeks.phase(the_week, now)
    works = queries.gallery(the_week, order=order) if phase != "announced" else []
    turned_out, result = turnout(the_week), queries.result_page(the_week)
    rule = the_week.document["rule"]
    sent_in = sum(n for s, n in states(the_week).items() if s not in {"draft", "withdrawn"})
    return page(
        request,
        "showcase/home.html",
        {
            "phase": phase,
            "plan": queries.plan(the_week, now, sent_in=sent_in),
            "calendar": the_week,
            "now": now,
            "until": (until := _until(the_week, phase, now)),
            "until_text": _("midnight") if phase == "vote" and until < the_week.vote_closes else typeset.when(until),
            "left": until - now,
            "works": [w for w in (queries.winners(result) if result else works) if w.tile][:HANG],
            "total": len(works),
            "order": order,
            "turnout": turned_out,
            "bars": (bars := queries.turnout_bars(the_week, turned_out, now)),
            "days": len([bar for bar in bars if bar.value is not None]),
            "voters": sum(row.get("voters", 0) for row in turned_out.by_scope) if now >= the_week.vote_opens else 0,
            "busiest": max((bar.value or 0 for bar in bars), default=0),
            "sent_in": sent_in,
            "sealed": rule["seal"] == "sealed",
            "daily": rule["scope"] == "day",
            "limit": rule["limit"]["works"],
            "per": rule["limit"]["per"],
            "result": result,
            "other_weeks": [(w, weeks.said(w.document["name"])) for w in weeks.weeks() if w.pk != the_week.pk],
            "about": weeks.said(the_week.document["about"]),
            "nav": "home",
        },
    )


def _until(week: Week, phase: str, now: int) -> int:
    """When what can be done now ends."""
    ends = {
        "announced": week.call_opens,
        "call": week.call_closes,
        "screening": week.vote_opens,
        "jury": week.jury_closes,
        "counting": week.results_at,
    }
    return queries.scope_ends(week, now) if phase == "vote" else ends.get(phase, now)


def _hung(request: HttpRequest, shown: queries.Shown, order: int) -> queries.Shown:
    """The work with the addresses of its page and, while the vote is open, of the booth that adds it."""
    add = ""
    if weeks.phase(request.week, request.now) == "vote" and shown.withheld is None:
        add = f"{reverse('voting:booth', args=[request.week.code])}?add={shown.code}&o={order}#w-{shown.code}"
    url = reverse("showcase:work", args=[request.week.code, shown.code])
    return replace(shown, url=f"{url}?o={order}", add_url=add)


@require_safe
@gzip_page
@cache_control(public=True, max_age=10)
def gallery(request: HttpRequest, week: str) -> HttpResponse:
    """Hangs all works in one of 64 drawn orders; the order is in the address and stays on the way back."""
    order = _order(request)
    if order is None:
        query = request.GET.copy()
        query["o"] = str(_some_order(request))
        return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")
    category, genre = request.GET.get("c", ""), request.GET.get("g", "")
    works = [_hung(request, shown, order) for shown in queries.gallery(request.week, order=order, category=category, genre=genre)]
    in_category = [g for g in request.week.document["genres"] if not category or g["category"] == category]
    used = set(public_entries(request.week).values_list("genre", flat=True))
    return page(
        request,
        "showcase/gallery.html",
        {
            "cells": cells(works, [w.ratio for w in works]),
            "works": works,
            "until": request.week.vote_closes,
            "calendar": request.week,
            "order": order,
            "category": category,
            "genre": genre,
            "counts": counts(request.week),
            "total": sum(counts(request.week).values()),
            "categories": [
                {"key": c["key"], "name": weeks.said(c["name"]), "count": counts(request.week).get(c["key"], 0)}
                for c in request.week.document["categories"]
            ],
            "genres": [{"key": g["key"], "name": weeks.said(g["name"])} for g in in_category if g["key"] in used],
            "phase": weeks.phase(request.week, request.now),
            "nav": "works",
        },
    )


@require_safe
@gzip_page
def work(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows one work, or says that it is withheld, since when and why; its maker and those who judge it go on seeing it."""
    entry = public_entry(request.week, code)
    if entry.withheld_at is None:
        return _on_show(request, entry)
    answer = _work(request, entry) if may_see_withheld(entry, request.user) else _withheld(request, entry)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _withheld(request: HttpRequest, entry: Entry) -> HttpResponse:
    """SPEC RFC 7725: 451, not 410, for a decision under a law or the terms ended it, it is not for good, and it names who decided."""
    context = {
        "work": queries.shown(request.week, entry),
        "reason": withheld_reason(entry),
        "words": weeks.said(entry.withheld_words) if entry.withheld_words else "",
        "calendar": request.week,
        "phase": weeks.phase(request.week, request.now),
        "nav": "works",
    }
    answer = page(request, "showcase/withheld.html", context, status=451)
    answer["Link"] = f'<{settings.SITE_URL}>; rel="blocked-by"'
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _work(request: HttpRequest, entry: Entry) -> HttpResponse:
    """The picture, the film, or the door to its own address for an interactive work."""
    code, shown, order = entry.code, queries.shown(request.week, entry, whole=True), _order(request)
    around = [w.code for w in queries.gallery(request.week, order=order or 0)]
    here = around.index(code)
    kept = f"o={order}&" if order is not None else ""
    origin = frame_origin(shown.hash32, settings.SITE_URL, settings.H5_DOMAIN) if shown.hash32 else ""
    response = page(
        request,
        "showcase/work.html",
        {
            "work": shown,
            "entry": entry,
            "reason": withheld_reason(entry),
            "order": order,
            "before": around[here - 1] if here else "",
            "after": around[here + 1] if here + 1 < len(around) else "",
            "run": bool(origin) and request.GET.get("run") == "1",
            "run_url": f"{request.path}?{kept}run=1#stage",
            "here_url": f"{request.path}{'?' + kept.rstrip('&') if kept else ''}#stage",
            "frame_origin": origin,
            "frame_host": urlsplit(origin).netloc,
            "record": (known := ledger.chronicle(request.week.origin).entries.get(code)) and known.accepted,
            "until": request.week.vote_closes,
            "calendar": request.week,
            "frame_sandbox": FRAME_SANDBOX,
            "frame_allow": FRAME_ALLOW,
            "phase": weeks.phase(request.week, request.now),
            "share": share_picture(entry.work) if entry.withheld_at is None else None,
            "prize": weeks.said(weeks.row(request.week, "prizes", p)["name"]) if (p := prize_of(request.week, code)) else "",
            "nav": "works",
        },
    )
    if origin:
        # SPEC security 1.2: this page may frame that one origin and nothing else.
        response._csp_replace = {"frame-src": [origin]}
    return response


_on_show = cache_control(public=True, max_age=10)(_work)


@require_safe
def h5_door(request: HttpRequest, hash32: str) -> HttpResponse:
    """Leads from the address of an interactive work to its page."""
    found = entry_of_package(hash32)
    if found is None:
        raise Http404(hash32)
    return redirect("showcase:work", week=found.week.code, code=found.code)


@require_safe
@gzip_page
@cache_control(public=True, max_age=60)
def call(request: HttpRequest, week: str) -> HttpResponse:
    """Shows the week as its file describes it: calendar, categories, prizes, terms, the rule."""
    document = request.week.document
    return page(
        request,
        "showcase/call.html",
        {
            "document": document,
            "calendar": request.week,
            "phase": weeks.phase(request.week, request.now),
            "about": weeks.said(document["about"]),
            "terms": weeks.said(document["terms"]),
            "pledge": weeks.said(document["pledge"]),
            "categories": [
                {
                    "key": c["key"],
                    "name": weeks.said(c["name"]),
                    "rules": weeks.said(c["rules"]),
                    "genres": [weeks.said(g["name"]) for g in document["genres"] if g["category"] == c["key"]],
                }
                for c in document["categories"]
            ],
            "prizes": _prizes(request.week),
            "calendar_rows": queries.calendar_rows(request.week, request.now),
            "rule": (rule := document["rule"]),
            "criteria": [{"name": _criterion(request.week, c["key"]), "max": c["max"]} for c in rule["jury"]["criteria"]],
            "ties": [queries.tie_step(key) for key in rule["ties"]],
            "frozen": (frozen := ledger.chronicle(request.week.origin).ruleset_sha256),
            "frozen_parts": _in_groups(frozen),
            "weights": {s["source"]: 100 * s["weight"][0] // s["weight"][1] for s in document["rule"]["combine"]["sources"]},
            "most_points": sum(c["max"] for c in document["rule"]["jury"]["criteria"]),
            "left": request.week.call_closes - request.now,
            "nav": "call",
        },
    )


CRITERIA = {
    "idea": n_("Idea"),
    "craft": n_("Craft"),
    "reach": n_("Reach"),
    "message": n_("Message"),
    "originality": n_("Originality"),
}


def _criterion(week: Week, key: str) -> str:
    named = weeks.row(week, "criteria", key)
    return _(CRITERIA[key]) if key in CRITERIA and named["name"]["en"] == key else weeks.said(named["name"])


def _prizes(week: Week) -> list[dict[str, object]]:
    """The prizes of each category: name, how many (None: every other short-listed work), money."""
    rule, rows = week.document["rule"], week.document["prizes"]
    many = {p["prize"]: p["count"] for p in rule["prizes"]}
    return [
        {"name": weeks.said(p["name"]), "count": many.get(p["key"]), "money_text": queries.money(p.get("money", 0))} for p in rows
    ]


def _in_groups(hexadecimal: str) -> list[str]:
    return [hexadecimal[at : at + 8] for at in range(0, len(hexadecimal), 8)]


@require_safe
@gzip_page
@cache_control(public=True, max_age=10)
def result(request: HttpRequest, week: str) -> HttpResponse:
    """Shows the result and how each number came about, or when it will be there."""
    found, count = queries.result_page(request.week), count_of(request.week)
    return page(
        request,
        "showcase/result.html",
        {
            "result": found,
            "count": count,
            "rule": request.week.document["rule"],
            "calendar": request.week,
            "phase": weeks.phase(request.week, request.now),
            "weights": {
                s["source"]: 100 * s["weight"][0] // s["weight"][1] for s in request.week.document["rule"]["combine"]["sources"]
            },
            "head": next(iter(ledger.checkpoints(request.week.origin, most=1)), None),
            "result_parts": _in_groups(found["sha256"] if found else ""),
            "statements": (statements := ledger.chronicle(request.week.origin).statements if found else []),
            "statement_index": statements[-1][0] if statements else None,
            "others": found["others"] if found else [],
            "dropped": sorted(count.table["dropped"].items()) if count else [],
            "nav": "result",
        },
    )


def _key_name(name: str) -> str:
    if name.startswith("juror/"):
        return _("Juror %(number)s") % {"number": name.removeprefix("juror/")}
    return {"statement": _("The notary’s statements"), "escrow": _("The notary’s box for jury sheets")}.get(name, name)


@require_safe
@gzip_page
@cache_control(public=True, max_age=10)
def check(request: HttpRequest, week: str) -> HttpResponse:
    """Says how anyone can check the week, and what the log says now."""
    origin = request.week.origin
    log = ledger.find_log(origin)
    return page(
        request,
        "showcase/check.html",
        {
            "log": log,
            "origin": origin,
            "heads": (heads := ledger.checkpoints(origin, most=12) if log else []),
            "head": heads[0] if heads else None,
            "head_parts": _in_groups(heads[0].root if heads else ""),
            "kinds": (kinds := queries.kinds_of_records(origin) if log else []),
            "kinds_total": sum(number for _kind, number in kinds),
            "keys": [(_key_name(name), key) for name, key in ledger.chronicle(origin).keys.items()] if log else [],
            "chronicle": ledger.chronicle(origin) if log else None,
            "result": result_of(request.week),
            "nav": "check",
        },
    )


@require_safe
def log_file(request: HttpRequest, week: str, path: str) -> HttpResponse:
    """Sends one static file of the public log."""
    found = weeks.week_or_404(week)
    if not LOG_FILE.fullmatch(path) or ".." in path:
        raise Http404(path)
    if path == "policy":
        log = ledger.find_log(found.origin)
        return HttpResponse(log.policy if log else "", content_type="text/plain; charset=utf-8", status=200 if log else 404)
    file = ledger.log_folder(found.origin) / path
    if not file.is_file():
        raise Http404(path)
    text = path.startswith("checkpoint")
    response = FileResponse(file.open("rb"), content_type="text/plain; charset=utf-8" if text else "application/octet-stream")
    response["Cache-Control"] = "public, max-age=5" if path == "checkpoint" else "public, max-age=31536000, immutable"
    return response


@require_safe
def bundle(request: HttpRequest, week: str) -> HttpResponse:
    """Sends the newest exported bundle of a week."""
    found = weeks.week_or_404(week)
    file, _mark = queries.bundle_place(found)
    if not file.is_file():
        raise Http404("bundle.zip")
    if queries.tells_too_much(found):  # it is written anew within seconds
        return HttpResponse(status=503, headers={"Retry-After": "10", "Cache-Control": "no-store"})
    return FileResponse(file.open("rb"), as_attachment=True, filename=f"{found.code}.zip")


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """Sends the stand-alone verifier."""
    file = settings.DATA / "export" / "showground-verify.pyz"
    if not file.is_file():
        raise Http404(file.name)
    return FileResponse(file.open("rb"), as_attachment=True, filename=file.name)


def _lost(request: HttpRequest, heading: str, body: str, status: int) -> HttpResponse:
    ways = [{"url": reverse("showcase_front:front"), "name": _("Back to the entrance")}]
    if week := getattr(request, "week", None) or weeks.current_week(getattr(request, "now", 0)):
        ways.append({"url": reverse("showcase:gallery", args=[week.code]), "name": _("See the works")})
    return page(request, "ui/error.html", {"heading": heading, "body": body, "ways": ways}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for an address that leads nowhere."""
    return _lost(request, _("Nothing hangs here."), _("The address is wrong, or the work is not shown any more."), 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for somebody without the duty that a page needs."""
    return _lost(request, _("This room is not yours."), _("You are signed in, but this page needs another duty in this week."), 403)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that did not come from this site, or from a page left open too long."""
    body = _("The page was open too long or cookies are off. Go back, reload the page and send the form again.")
    return _lost(request, _("Not sent."), body, 403)


def broken(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours; it needs no database."""
    return HttpResponse(
        "<!doctype html><meta charset=utf-8><title>Fault</title><h1>A fault of ours. 这是我们的故障。</h1>"
        "<p>Nothing of yours is lost. Try again in a minute. 您的内容没有丢失，请稍后再试。</p>",
        status=500,
    )
