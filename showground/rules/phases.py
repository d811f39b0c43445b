"""What is open when: the vote, the scope of a ballot, and the phase of the calendar.

    open_at(week, now) -> "before" | "open" | "after"
    scope_at(ruleset, now) -> "week" or the local date "YYYY-MM-DD"
    boundaries(ruleset, opens, closes) -> [(at, scope), ...]     first scope at `opens`, then one at each local midnight < closes
    phase_at(calendar, now) -> one of PHASES

Instants are Unix seconds; a phase begins at its instant and ends just before the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from showground.rules.chronicle import Chronicle
from showground.rules.ruleset import zone

# (the instant in the calendar, the phase that begins there); before the first it is "announced".
CALENDAR: Final = (
    ("call_opens", "call"),
    ("call_closes", "screening"),
    ("vote_opens", "vote"),
    ("vote_closes", "jury"),
    ("jury_closes", "counting"),
    ("results_at", "results"),
)
PHASES: Final = ("announced", *(phase for _, phase in CALENDAR))


def open_at(week: Chronicle, now: int) -> str:
    """Tells whether the vote is "before", "open" or "after" at `now`: RULE 1, from `opens` on and until just before `closes`."""
    if week.vote is None or now < week.vote["opens"]:
        return "before"
    return "open" if week.vote_closed is None and now < week.vote["closes"] else "after"


def scope_at(ruleset: Mapping[str, Any], now: int) -> str:
    """Returns the scope of a ballot cast at `now`: RULE 2, the whole week, or the local date of the ruleset's time zone."""
    if ruleset["scope"] == "week":
        return "week"
    return datetime.fromtimestamp(now, UTC).astimezone(zone(ruleset["tz"])).date().isoformat()


def boundaries(ruleset: Mapping[str, Any], opens: int, closes: int) -> list[tuple[int, str]]:
    """Returns (instant, scope) of every scope of a vote: the first at `opens`, then one at each local midnight before `closes`."""
    found = [(opens, scope_at(ruleset, opens))]
    if ruleset["scope"] == "week":
        return found
    where, day = zone(ruleset["tz"]), date.fromisoformat(found[0][1])
    while (at := _midnight(day := day + timedelta(days=1), where)) < closes:
        found.append((at, day.isoformat()))
    return found


def _midnight(day: date, where: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=where).timestamp())


def phase_at(calendar: Mapping[str, int], now: int) -> str:
    """Returns the phase of a calendar (keys of `CALENDAR`, Unix seconds) at `now`; one of `PHASES`."""
    phase = PHASES[0]
    for instant, name in CALENDAR:
        if now >= calendar[instant]:
            phase = name
    return phase
