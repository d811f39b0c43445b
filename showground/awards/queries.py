"""What can be known about awards."""

from __future__ import annotations

from typing import Any

from showground.awards.models import Result
from showground.weeks.models import Week


def result_of(week: Week) -> Result | None:
    """Returns the declared result of a week."""
    return Result.objects.filter(week=week).first()


def prize_of(week: Week, code: str) -> str:
    """Returns the prize that an entry won, or nothing."""
    found = result_of(week)
    if found is None:
        return ""
    return next((str(row["prize"]) for rows in _rows(found) for row in rows if row["entry"] == code), "")


def _rows(result: Result) -> list[list[dict[str, Any]]]:
    return [category["rows"] for category in result.table["categories"]]
