"""The entrance: where the week stands, what one can do now, and the call in full."""

from __future__ import annotations

import re
from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from showground.entries.queries import states
from showground.exhibition.queries.halls import halls, open_boards
from showground.ledger import queries as ledger
from showground.showcase.queries.plan import calendar_rows, plan, turnout_bars
from showground.showcase.queries.result import money, result_page, tie_step, weights, winners
from showground.showcase.queries.works import gallery
from showground.ui import typeset
from showground.ui.pages import page
from showground.voting.queries import asked_order, scope_ends, some_order, turnout
from showground.weeks import queries as weeks
from showground.weeks.models import Week

HANG = 9
LONGEST = 120  # characters of the sentence on the wall


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Leads to the week that is on."""
    week = weeks.current_week(request.now)
    if week is None:
        return page(request, "showcase/no_week.html", {})
    return redirect("showcase:home", week=week.code)


@require_safe
@gzip_page
@cache_control(public=True, max_age=10)
def home(request: HttpRequest, week: str) -> HttpResponse:
    """Says what one can do now, shows some works, the rooms of the week and the log."""
    now, the_week = request.now, request.week
    asked = asked_order(request.GET.get("o", ""))
    order = some_order(now) if asked is None else asked
    phase = weeks.phase(the_week, now)
    works = gallery(the_week, order=order) if phase != "announced" else []
    turned_out, result = turnout(the_week), result_page(the_week)
    rule = the_week.document["rule"]
    sent_in = sum(n for s, n in states(the_week).items() if s not in {"draft", "withdrawn"})
    return page(
        request,
        "showcase/home.html",
        {
            "phase": phase,
            "plan": plan(the_week, now, sent_in=sent_in),
            "calendar": the_week,
            "now": now,
            "until": (until := _until(the_week, phase, now)),
            "until_text": _("midnight") if phase == "vote" and until < the_week.vote_closes else typeset.when(until),
            "left": until - now,
            "works": [w for w in (winners(result) if result else works) if w.tile][:HANG],
            "total": len(works),
            "order": order,
            "turnout": turned_out,
            "bars": (bars := turnout_bars(the_week, turned_out, now)),
            "days": len([bar for bar in bars if bar.value is not None]),
            "voters": sum(row.get("voters", 0) for row in turned_out.by_scope) if now >= the_week.vote_opens else 0,
            "busiest": max((bar.value or 0 for bar in bars), default=0),
            "sent_in": sent_in,
            "sealed": rule["seal"] == "sealed",
            "daily": rule["scope"] == "day",
            "limit": rule["limit"]["works"],
            "per": rule["limit"]["per"],
            "result": result,
            "halls": _halls(the_week, now),
            "other_weeks": [(w, weeks.said(w.document["name"])) for w in weeks.weeks() if w.pk != the_week.pk],
            "about": (about := weeks.said(the_week.document["about"])),
            "in_short": in_short(about),
            "nav": "home",
        },
    )


def in_short(about: str) -> str:
    """Returns the first sentence of what a week is about, or nothing where it is longer than a wall can carry."""
    first = re.split(r"(?<=[.!?])\s|(?<=[。！？])", " ".join(about.split()), maxsplit=1)[0]
    return first if len(first) <= LONGEST else ""


def _halls(week: Week, now: int) -> list[dict[str, object]]:
    """The halls that are open: their names, and how many boards hang there (in the winners' hall none: works hang there)."""
    many = Counter(board.hall_id for board in open_boards(week, now))
    return [{"name": weeks.said(hall.name), "boards": many[hall.pk]} for hall in halls(week, now)]


def _until(week: Week, phase: str, now: int) -> int:
    """When what can be done now ends."""
    ends = {
        "announced": week.call_opens,
        "call": week.call_closes,
        "screening": week.vote_opens,
        "jury": week.jury_closes,
        "counting": week.results_at,
    }
    return scope_ends(week, now) if phase == "vote" else ends.get(phase, now)


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
            "calendar_rows": calendar_rows(request.week, request.now),
            "rule": (rule := document["rule"]),
            "criteria": [{"name": _criterion(request.week, c["key"]), "max": c["max"]} for c in rule["jury"]["criteria"]],
            "ties": [tie_step(key) for key in rule["ties"]],
            "frozen": (frozen := ledger.chronicle(request.week.origin).ruleset_sha256),
            "frozen_parts": typeset.in_groups(frozen),
            "weights": weights(rule),
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
    return [{"name": weeks.said(p["name"]), "count": many.get(p["key"]), "money_text": money(p.get("money", 0))} for p in rows]
