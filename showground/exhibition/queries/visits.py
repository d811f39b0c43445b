"""How often things were done, without anybody in it: small numbers are hidden, and those from which one could be worked out."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from showground.exhibition.models import Board, Visits
from showground.weeks.models import Week

SMALL = 10  # RULE exhibition: a number below is shown as "<10"
HELD = "*"  # a larger number that is hidden because a small one could be worked out from it and its sum
DEEDS = ("view", "zoom", "audio", "quiz", "report", "pdf")
ENTRIES = ("qr", "next", "back", "hall", "search", "web", "kiosk", "embed")
Cell = tuple[str, int, str, str, str, str, int]


def hidden(count: int) -> str:
    """Returns a number as it is shown where no sum of it is known: small ones as "<10", nothing as "0"."""
    return "0" if not count else f"<{SMALL}" if count < SMALL else str(count)


def together(counts: Sequence[int]) -> list[str]:
    """Returns numbers whose sum may be known as they are shown: what is hidden adds up to SMALL at least and is two numbers or more."""
    held = covered(counts, [range(len(counts))])
    return [HELD if place in held and count >= SMALL else hidden(count) for place, count in enumerate(counts)]


def covered(counts: Sequence[int], sums: Iterable[Iterable[int]]) -> set[int]:
    """Returns the places of the numbers to hide, when each of `sums` (the places that add up to it) may be known."""
    held = {place for place, count in enumerate(counts) if 0 < count < SMALL}
    groups = [list(group) for group in sums]
    grown = True
    while grown:
        grown = False
        for group in groups:
            grown |= _cover(counts, group, held)
    return held


def _cover(counts: Sequence[int], group: list[int], held: set[int]) -> bool:
    """Hides the smallest shown number of a group as long as its hidden ones could be worked out; tells whether it hid any."""
    here = [place for place in group if place in held]
    shown = sorted((place for place in group if counts[place] and place not in held), key=lambda place: counts[place])
    before = len(held)
    while here and shown and (len(here) < 2 or sum(counts[place] for place in here) < SMALL):
        here.append(shown.pop(0))
        held.add(here[-1])
    return len(held) > before


def open_csv(week: Week) -> str:
    """Returns the open table: a line for a day, hour, thing, language, way of entry and deed; what must be hidden is."""
    names = ("day", "hour", "thing", "language", "entry", "deed")
    cells: list[Cell] = list(Visits.objects.filter(week=week).order_by(*names).values_list(*names, "count"))
    counts = [cell[-1] for cell in cells]
    held = covered(counts, _sums(cells))
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow([*names, "count"])
    for place, cell in enumerate(cells):
        lines.writerow([*cell[:-1], HELD if place in held and cell[-1] >= SMALL else hidden(cell[-1])])
    return out.getvalue()


def _sums(cells: list[Cell]) -> Iterable[list[int]]:
    """Yields the places of the cells behind each number that the desk's page shows, and each that everybody is told of a day."""
    keys: tuple[Callable[[Cell], Hashable], ...] = (
        lambda cell: (cell[2], cell[5]),
        lambda cell: ("day", cell[0]) if cell[5] == "view" else None,
        lambda cell: ("hour", cell[1]) if cell[5] == "view" else None,
        lambda cell: ("language", cell[3]) if cell[5] == "view" else None,
        lambda cell: ("entry", cell[4]) if cell[5] == "view" else None,
        lambda cell: (cell[2], "next") if cell[5] == "view" and cell[4] == "next" else None,
        lambda cell: ("day", cell[0], "hour", cell[1]) if cell[5] == "view" else None,
        lambda cell: ("day", cell[0], "thing", cell[2]) if cell[5] == "view" else None,
        lambda cell: ("day", cell[0], "language", cell[3]) if cell[5] == "view" else None,
        lambda cell: ("day", cell[0], "entry", cell[4]) if cell[5] == "view" else None,
        lambda cell: ("day", cell[0], "deed", cell[5]) if cell[5] != "view" else None,
    )
    for key in keys:
        groups: defaultdict[Hashable, list[int]] = defaultdict(list)
        for place, cell in enumerate(cells):
            if (name := key(cell)) is not None:
                groups[name].append(place)
        yield from groups.values()


def by_board(week: Week) -> dict[str, Counter[str]]:
    """Returns, for each board's or hall's code, how often each deed was done in all; "next": opened from the board before."""
    told: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for thing, deed, entry, total in _totals(week, "thing", "deed", "entry"):
        told[thing][deed] += total
        if (deed, entry) == ("view", "next"):
            told[thing]["next"] += total
    return dict(told)


def by_day(week: Week) -> list[tuple[str, int]]:
    """Returns how many openings each day had."""
    return sorted(_totals(week, "day", deed="view"))


def by_hour(week: Week) -> list[tuple[int, int]]:
    """Returns how many openings each hour of the day had, all days together."""
    found: dict[int, int] = dict(_totals(week, "hour", deed="view"))
    return [(hour, found.get(hour, 0)) for hour in range(24)]


def by_entry(week: Week) -> list[tuple[str, int]]:
    """Returns how many openings each way of entry had, the commonest first."""
    found: dict[str, int] = dict(_totals(week, "entry", deed="view"))
    return sorted(((way, found.get(way, 0)) for way in ENTRIES), key=lambda pair: -pair[1])


def by_language(week: Week) -> list[tuple[str, int]]:
    """Returns how many openings each language had."""
    return sorted(_totals(week, "language", deed="view"), key=lambda pair: -pair[1])


def _totals(week: Week, *by: str, **only: str) -> list[tuple[Any, ...]]:
    rows = Visits.objects.filter(week=week, **only).values(*by).annotate(total=Sum("count")).order_by()
    return [(*(row[name] for name in by), row["total"]) for row in rows]


@dataclass(frozen=True)
class Line:
    """A board in the table, every number as it may be shown; `onward` is how often its next board was opened from it."""

    board: Board
    deeds: dict[str, str]
    onward: str
    stopped: int | None  # of a hundred openings, those that did not go on to the next board; None where a number is hidden


def table(week: Week, hanging: list[Board]) -> list[Line]:
    """Returns a line for each board in the order of the route."""
    told = by_board(week)
    columns = {deed: together([told.get(board.code, Counter())[deed] for board in hanging]) for deed in DEEDS}
    onward = [_onward(told, board, after) for board, after in zip(hanging, [*hanging[1:], None], strict=False)]
    shown = together([count or 0 for count in onward])
    lines = []
    for place, board in enumerate(hanging):
        deeds = {deed: columns[deed][place] for deed in DEEDS}
        went = "" if onward[place] is None else shown[place]
        lines.append(Line(board, deeds, went, _stopped(deeds["view"], went)))
    return lines


def _onward(told: dict[str, Counter[str]], board: Board, after: Board | None) -> int | None:
    return told.get(after.code, Counter())["next"] if after and after.hall_id == board.hall_id else None


def _stopped(opened: str, went: str) -> int | None:
    if not (opened.isdecimal() and went.isdecimal()) or opened == "0":
        return None
    return max(0, 100 - round(100 * int(went) / int(opened)))
