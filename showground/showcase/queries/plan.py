"""The plan of the week: its phases, its calendar, its turnout by day."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from showground.rules import phases
from showground.ui import typeset
from showground.ui.plots import Bar
from showground.voting.queries import Turnout
from showground.weeks import queries as weeks
from showground.weeks.models import Week


def plan(week: Week, now: int, *, sent_in: int) -> list[dict[str, str]]:
    """Returns the rows of the ground plan: the call, the vote, the jury, the result, each with its state and time in words."""
    names = {
        "call": pgettext("room", "Call"),
        "vote": pgettext("room", "Vote"),
        "jury": pgettext("room", "Jury"),
        "results": pgettext("room", "Result"),
    }
    return [
        {"key": p.key, "name": names[p.key], "when": _plan_time(p, sent_in=sent_in), "state": p.state}
        for p in weeks.phases(week, now)
    ]


def _plan_time(phase: weeks.Phase, *, sent_in: int) -> str:
    if phase.state == "now":
        return _("open") if phase.key == "results" else _("until %(time)s") % {"time": _short(phase.ends)}
    if phase.state == "shut":
        return _("from %(day)s") % {"day": _short(phase.begins)}
    if phase.key == "call":
        return ngettext("%(count)s work sent in", "%(count)s works sent in", sent_in) % {"count": typeset.number(sent_in)}
    return _("closed %(day)s") % {"day": typeset.day_short(phase.ends)}


def _short(instant: int) -> str:
    """An instant for a narrow place: the line may end before the hour."""
    return f"{typeset.day_short(instant)}{' ' if typeset.chinese() else ', '}{typeset.clock(instant)}"


def calendar_rows(week: Week, now: int) -> list[dict[str, Any]]:
    """Returns the calendar as a table: what happens, from when to when, and whether it is past, now or to come."""
    spans = [
        (_("Works are sent in"), week.call_opens, week.call_closes),
        (_("Works are screened and hung"), week.call_closes, week.vote_opens),
        (_("Everybody votes"), week.vote_opens, week.vote_closes),
        (_("The jury scores the short list"), week.vote_closes, week.jury_closes),
        (_("Everything is opened and counted"), week.jury_closes, week.results_at),
    ]
    rows = [
        {
            "name": name,
            "first": first,
            "last": last,
            "state": "past" if now >= last else "now" if now >= first else "shut",
        }
        for name, first, last in spans
    ]
    out = "now" if now >= week.results_at else "shut"
    return [*rows, {"name": _("The result is declared"), "first": week.results_at, "last": None, "state": out}]


def turnout_bars(week: Week, turned_out: Turnout, now: int) -> list[Bar]:
    """Returns one bar for each day of a daily vote: voters of that day, nothing for days to come."""
    if week.document["rule"]["scope"] != "day":
        return []
    voters = {row["scope"]: int(row.get("voters", 0)) for row in turned_out.by_scope}
    days = phases.boundaries(week.document["rule"], week.vote_opens, week.vote_closes)
    return [Bar(str(weeks.local(week, at).day), voters.get(scope, 0) if at <= now else None) for at, scope in days]
