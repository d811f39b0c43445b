"""What everybody may know of the visits: each day told once, when it is over, in tables of one kind; sums are of what was told.

A number of a day never changes after it was told, and no table crosses two kinds (board by hour): so no two releases, and no two
tables, differ by something that is hidden. RULE exhibition: small numbers are hidden as on the desk's page.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from showground.exhibition.models import UntoldVisits, Visits
from showground.exhibition.queries.halls import day_of
from showground.exhibition.queries.visits import DEEDS, ENTRIES, SMALL, hidden, together
from showground.ui.typeset import number
from showground.weeks.models import Week
from showground.weeks.queries import zone

LATE = 2 * 3600  # seconds after midnight until a day is told: counts wait in memory for a moment
DID = (*DEEDS[1:], "take")  # what was done beside opening
LANGUAGES = ("en", "zh")
HOURS = tuple(str(hour) for hour in range(24))


@dataclass(frozen=True)
class Told:
    """One number as it is told: of a day, in the table `by` ("all", "hour", "thing", "language", "entry", "deed"), for `key`."""

    day: str
    by: str
    key: str
    count: str


@dataclass(frozen=True)
class Sum:
    """A sum of what was told; `more`: something in it is hidden, so that it is at least this."""

    count: int
    more: bool

    @property
    def text(self) -> str:
        """The sum as it is written in a table: "≥ 1,200" where something is hidden, "*" where all of it is."""
        if self.more and not self.count:
            return "*"
        return f"≥ {number(self.count)}" if self.more else number(self.count)


def are_told(week: Week) -> bool:
    """Tells whether everybody may read the visits of a week: yes, unless its organiser keeps them."""
    return not UntoldVisits.objects.filter(week=week).exists()


def told(week: Week, now: int) -> list[Told]:
    """Returns every number of the days that are over, day by day."""
    before = day_of(now - LATE, zone(week))[0]
    names = ("day", "hour", "thing", "language", "entry", "deed", "count")
    days: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for day, *cell in Visits.objects.filter(week=week, day__lt=before).order_by("day", "thing").values_list(*names):
        days[day].append(tuple(cell))
    return [one for day, cells in sorted(days.items()) for one in _day(day, cells)]


def _day(day: str, cells: Sequence[tuple[Any, ...]]) -> Iterable[Told]:
    """Yields the tables of a day; of one with few openings only that it had few."""
    views = [cell for cell in cells if cell[4] == "view"]
    whole = sum(cell[5] for cell in views)
    yield Told(day, "all", "view", hidden(whole))
    if whole >= SMALL:
        for place, by in enumerate(("hour", "thing", "language", "entry")):
            yield from _table(day, by, Counter(_counted((str(cell[place]), cell[5]) for cell in views)))
    deeds = _counted((cell[4], cell[5]) for cell in cells)
    yield from (Told(day, "deed", deed, hidden(deeds[deed])) for deed in DID)


def _counted(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, count in pairs:
        found[key] += count
    return found


def _table(day: str, by: str, found: Counter[str]) -> Iterable[Told]:
    """Yields one table of a day, whose sum is known: what is hidden in it adds up to SMALL at least and is two numbers or more."""
    known = {"hour": HOURS, "language": LANGUAGES, "entry": ENTRIES}.get(by, ())
    keys = [*known, *sorted(set(found) - set(known))]
    texts = together([found[key] for key in keys])
    return (Told(day, by, key, text) for key, text in zip(keys, texts, strict=True))


def sums(numbers: Iterable[Told], by: str) -> dict[str, Sum]:
    """Returns the sums of a table over all days, of what was told."""
    found: dict[str, Sum] = {}
    for one in numbers:
        if one.by == by:
            so_far, plain = found.get(one.key, Sum(0, False)), one.count.isdecimal()
            found[one.key] = Sum(so_far.count + (int(one.count) if plain else 0), so_far.more or not plain)
    return found


def as_csv(numbers: Iterable[Told]) -> str:
    """Returns the numbers as an open table, one to a line."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(["day", "by", "key", "count"])
    lines.writerows([one.day, one.by, one.key, one.count] for one in numbers)
    return out.getvalue()


def as_json(week: Week, numbers: Sequence[Told]) -> dict[str, Any]:
    """Returns the numbers as an object that says of itself what is hidden and what may be done with it."""
    return {
        "week": week.code,
        "counts": "openings, not people",
        "licence": "CC0-1.0",
        "hidden": {f"<{SMALL}": f"more than 0 and less than {SMALL}", "*": "a larger number that would give a small one away"},
        "numbers": [{"day": one.day, "by": one.by, "key": one.key, "count": one.count} for one in numbers],
    }
