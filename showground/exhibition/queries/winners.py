"""The winners' hall: it hangs itself from the declared result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from showground.awards.queries import result_of
from showground.entries.queries import as_shown, by_codes
from showground.exhibition.queries.shown import Picture as Hung
from showground.exhibition.queries.shown import of_work
from showground.weeks import queries as weeks
from showground.weeks.models import Week
from showground.works.queries import Picture, pictures


@dataclass(frozen=True)
class Won:
    """A work that won something: what, in which category, and what a label beside it says."""

    code: str
    title: str
    maker: str
    statement: str
    alt: str
    prize: str
    category: str
    picture: Picture | None
    hung: Hung | None


@dataclass(frozen=True)
class Wall:
    """One category's winners, first prizes first."""

    name: str
    works: list[Won]


def walls(week: Week) -> list[Wall]:
    """Returns the winners by category; nothing before the result is declared, and nobody who won participation only."""
    found = result_of(week)
    if found is None:
        return []
    rows = [row for category in found.table["categories"] for row in category["rows"]]
    entries = by_codes(week, [row["entry"] for row in rows])
    own = week.document["rule"].get("participation", {}).get("prize")
    hung = [_wall(week, category, entries, own) for category in found.table["categories"]]
    return [wall for wall in hung if wall.works]


def _wall(week: Week, category: dict[str, Any], entries: dict[str, Any], own: str | None) -> Wall:
    name = weeks.said(weeks.row(week, "categories", category["category"])["name"])
    won = [row for row in category["rows"] if row["prize"] and row["prize"] != own and row["entry"] in entries]
    return Wall(name, [_won(week, row, entries[row["entry"]], name) for row in sorted(won, key=lambda row: row["place"])])


def _won(week: Week, row: dict[str, Any], entry: Any, category: str) -> Won:
    entry = as_shown(entry)
    made = pictures(entry.work)
    return Won(
        code=entry.code,
        title=weeks.said({"en": entry.title_en, "zh": entry.title_zh}),
        maker=entry.maker_name,
        statement=weeks.said({"en": entry.statement_en, "zh": entry.statement_zh}),
        alt=weeks.said({"en": entry.alt_en, "zh": entry.alt_zh}),
        prize=weeks.said(weeks.row(week, "prizes", row["prize"])["name"]),
        category=category,
        picture=made[min(1, len(made) - 1)] if made else None,
        hung=of_work(made) if made else None,
    )
