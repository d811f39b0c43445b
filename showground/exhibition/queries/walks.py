"""The page of visits: plots with their tables, how far people walk through each hall, where they stop."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from showground.exhibition.models import Board
from showground.exhibition.queries import shown, visits
from showground.exhibition.queries.visits import Line
from showground.ui.plots import Bar
from showground.weeks.models import Week
from showground.weeks.queries import said


def ways() -> dict[str, str]:
    return {
        "qr": _("QR sign"),
        "next": _("From the board before"),
        "back": _("Back from the board after"),
        "hall": _("From the hall"),
        "search": _("Search"),
        "web": _("Link from anywhere"),
        "kiosk": _("Kiosk"),
        "embed": _("Card on another site"),
    }


def tongues() -> dict[str, str]:
    return {"en": _("English"), "zh": _("Chinese")}


def _bars(pairs: Sequence[tuple[str, int]]) -> list[tuple[Bar, str]]:
    """Pairs each bar with its number as it may be shown; a hidden one is a bar without a value."""
    told = visits.together([count for _label, count in pairs])
    return [(Bar(label, int(text) if text.isdecimal() else None), text) for (label, _count), text in zip(pairs, told, strict=True)]


def _named(pairs: Sequence[tuple[str, int]], names: dict[str, str]) -> list[tuple[str, str]]:
    told = visits.together([count for _key, count in pairs])
    return [(names.get(key, key), text) for (key, _count), text in zip(pairs, told, strict=True)]


def page(week: Week, hanging: list[Board]) -> dict[str, Any]:
    """Returns what the page of visits shows; every number in it is one that may be shown beside the others."""
    days = _bars([(day[5:], count) for day, count in visits.by_day(week)])
    hours = _bars([(str(hour), count) for hour, count in visits.by_hour(week)])
    return {
        "days": days,
        "day_bars": [bar for bar, _text in days],
        "hours": hours,
        "hour_bars": [bar for bar, _text in hours],
        "drawn": {name: any(bar.value for bar, _text in told) for name, told in (("days", days), ("hours", hours))},
        "ways": _named(visits.by_entry(week), ways()),
        "tongues": _named(visits.by_language(week), tongues()),
        "walks": [_walk(list(lines)) for _hall, lines in groupby(visits.table(week, hanging), key=lambda line: line.board.hall_id)],
    }


def _walk(lines: list[Line]) -> dict[str, Any]:
    rows = [(line, _title(line.board)) for line in lines]
    bars = [
        Bar(str(place), int(line.deeds["view"]) if line.deeds["view"].isdecimal() else None) for place, line in enumerate(lines, 1)
    ]
    drawn = len(bars) > 1 and any(bar.value for bar in bars)  # of numbers that are all hidden there is nothing to draw
    return {"hall": said(lines[0].board.hall.name), "rows": rows, "bars": bars, "drawn": drawn, "finding": _finding(rows)}


def _title(board: Board) -> str:
    return shown.title(board.shown.document, board.code) if board.shown else board.code


def _finding(rows: list[tuple[Line, str]]) -> str:
    """Says where most people stop, "" while too little is known."""
    known = [(line.stopped, place, title) for place, (line, title) in enumerate(rows, 1) if line.stopped is not None]
    if not known:
        return ""
    stopped, place, title = max(known, key=lambda one: (one[0], -one[1]))
    return _("Most walks end at board %(place)s, %(title)s: of 100 openings, %(stopped)s do not go on to the next board.") % {
        "place": place,
        "title": title,
        "stopped": stopped,
    }
