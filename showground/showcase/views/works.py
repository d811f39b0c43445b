"""The works: the gallery in its drawn orders, and a page for each, as it is or withheld."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from showground.awards.queries import prize_of
from showground.entries.models import Entry
from showground.entries.queries import counts, entry_of_package, may_see_withheld, public_entries, public_entry, withheld_reason
from showground.ledger import queries as ledger
from showground.sandbox.headers import FRAME_ALLOW, FRAME_SANDBOX, frame_origin
from showground.showcase.queries.works import Shown, shown
from showground.showcase.queries.works import gallery as drawn
from showground.ui.justify import cells
from showground.ui.pages import page
from showground.voting.queries import asked_order, in_order, some_order
from showground.weeks import queries as weeks
from showground.weeks.models import Week
from showground.works.queries import share_picture


def _add_url(week: Week, code: str, order: int | None) -> str:
    """Returns the address of the booth with this work marked."""
    kept = "" if order is None else f"&o={order}"
    return f"{reverse('voting:booth', args=[week.code])}?add={code}{kept}#w-{code}"


def _hung(request: HttpRequest, work: Shown, order: int) -> Shown:
    """The work with the addresses of its page and, while the vote is open, of the booth that adds it."""
    may_add = weeks.phase(request.week, request.now) == "vote" and work.withheld is None
    url = reverse("showcase:work", args=[request.week.code, work.code])
    return replace(work, url=f"{url}?o={order}", add_url=_add_url(request.week, work.code, order) if may_add else "")


@require_safe
@gzip_page
@cache_control(public=True, max_age=10)
def gallery(request: HttpRequest, week: str) -> HttpResponse:
    """Hangs all works in one of 64 drawn orders; the order is in the address and stays on the way back."""
    order = asked_order(request.GET.get("o", ""))
    if order is None:
        query = request.GET.copy()
        query["o"] = str(some_order(request.now))
        return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")
    category, genre = request.GET.get("c", ""), request.GET.get("g", "")
    works = [_hung(request, hung, order) for hung in drawn(request.week, order=order, category=category, genre=genre)]
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
        "work": shown(request.week, entry),
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


def _beside(request: HttpRequest, code: str) -> dict[str, str]:
    """The works before and after this one, in the order that the visitor came in; `kept` carries it on."""
    order = asked_order(request.GET.get("o", ""))
    around = [entry.code for entry in in_order(request.week, public_entries(request.week), order or 0)]
    here = around.index(code)
    return {
        "before": around[here - 1] if here else "",
        "after": around[here + 1] if here + 1 < len(around) else "",
        "kept": "" if order is None else f"?o={order}",
        "add_url": _add_url(request.week, code, order),
    }


def _stage(request: HttpRequest, work: Shown, kept: str) -> dict[str, object]:
    """Where an interactive work runs, an origin of its own, and whether the visitor has started it; nothing for other works."""
    origin = frame_origin(work.hash32, settings.SITE_URL, settings.H5_DOMAIN) if work.hash32 else ""
    return {
        "run": bool(origin) and request.GET.get("run") == "1",
        "run_url": f"{request.path}{kept + '&' if kept else '?'}run=1#stage",
        "here_url": f"{request.path}{kept}#stage",
        "frame_origin": origin,
        "frame_host": urlsplit(origin).netloc,
        "frame_sandbox": FRAME_SANDBOX,
        "frame_allow": FRAME_ALLOW,
    }


def _work(request: HttpRequest, entry: Entry) -> HttpResponse:
    """The picture, the film, or the door to its own address for an interactive work."""
    week, code, seen = request.week, entry.code, shown(request.week, entry, whole=True)
    known, prize, beside = ledger.chronicle(week.origin).entries.get(code), prize_of(week, code), _beside(request, code)
    stage = _stage(request, seen, beside["kept"])
    context = {
        "work": seen,
        "reason": withheld_reason(entry),
        "record": known and known.accepted,
        "until": week.vote_closes,
        "calendar": week,
        "phase": weeks.phase(week, request.now),
        "share": share_picture(entry.work) if entry.withheld_at is None else None,
        "prize": weeks.said(weeks.row(week, "prizes", prize)["name"]) if prize else "",
        "nav": "works",
    }
    response = page(request, "showcase/work.html", context | beside | stage)
    if stage["frame_origin"]:
        # SPEC security 1.2: this page may frame that one origin and nothing else.
        response._csp_replace = {"frame-src": [stage["frame_origin"]]}
    return response


_on_show = cache_control(public=True, max_age=10)(_work)


@require_safe
def h5_door(request: HttpRequest, hash32: str) -> HttpResponse:
    """Leads from the address of an interactive work to its page."""
    found = entry_of_package(hash32)
    if found is None:
        raise Http404(hash32)
    return redirect("showcase:work", week=found.week.code, code=found.code)
