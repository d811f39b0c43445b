"""How often things were done, without anybody in it: cells of a few are never shown."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

from django.db.models import Sum

from showground.exhibition.models import Board, Visits
from showground.weeks.models import Week

SMALL = 10  # RULE exhibition: a number below is shown as "<10"
DEEDS = ("view", "quiz", "report", "pdf")


def hidden(count: int) -> str:
    """Returns a number as it is shown: small ones as "<10", nothing as "0"."""
    return "0" if not count else f"<{SMALL}" if count < SMALL else str(count)


def open_csv(week: Week) -> str:
    """Returns the open table: a line for a day, hour, thing, language, way of entry and deed; small cells hidden."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(["day", "hour", "thing", "language", "entry", "deed", "count"])
    for row in Visits.objects.filter(week=week).order_by("day", "hour", "thing", "language", "entry", "deed"):
        lines.writerow([row.day, row.hour, row.thing, row.language, row.entry, row.deed, hidden(row.count)])
    return out.getvalue()


def by_board(week: Week) -> dict[str, Counter[str]]:
    """Returns, for each board's or hall's code, how often each deed was done in all."""
    told: dict[str, Counter[str]] = {}
    for row in Visits.objects.filter(week=week).values("thing", "deed").annotate(total=Sum("count")):
        told.setdefault(row["thing"], Counter())[row["deed"]] = row["total"]
    return told


def by_day(week: Week) -> list[tuple[str, int]]:
    """Returns how many views each day had."""
    found = Visits.objects.filter(week=week, deed="view").values("day").annotate(total=Sum("count")).order_by("day")
    return [(row["day"], row["total"]) for row in found]


def table(week: Week, hanging: list[Board]) -> list[dict[str, Any]]:
    """Returns a line for each board in the order of the route, with its deeds as they may be shown."""
    told = by_board(week)
    return [{"board": board, **{deed: hidden(told.get(board.code, Counter())[deed]) for deed in DEEDS}} for board in hanging]
