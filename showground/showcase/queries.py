"""What the front of house shows: works in an order that favours nobody, turnout, results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from showground.awards.queries import result_of
from showground.entries.models import Entry
from showground.entries.queries import by_codes, public_entries
from showground.rules import draws, records
from showground.weeks import queries as weeks
from showground.weeks.models import Week
from showground.works.queries import Picture, film, pictures

ORDERS = 64


@dataclass(frozen=True)
class Shown:
    """A work as a page shows it, in the reader's language."""

    code: str
    number: int | None
    category: str
    kind: str
    category_name: str
    genre_name: str
    title: str
    maker: str
    statement: str
    alt: str
    credit: str
    pictures: list[Picture]
    film: Picture | None
    color: str
    hash32: str
    duration_ms: int

    @property
    def tile(self) -> Picture | None:
        """The picture for a small place."""
        return self.pictures[min(1, len(self.pictures) - 1)] if self.pictures else None

    @property
    def large(self) -> Picture | None:
        """The largest picture."""
        return self.pictures[-1] if self.pictures else None


def shown(week: Week, entry: Entry) -> Shown:
    """Returns an entry as pages show it."""
    category = weeks.row(week, "categories", entry.category)
    media = entry.work.media if entry.work else {}
    return Shown(
        code=entry.code,
        number=entry.number,
        category=entry.category,
        kind=str(category.get("kind", "picture")),
        category_name=weeks.said(category["name"]),
        genre_name=weeks.said(weeks.row(week, "genres", entry.genre)["name"]),
        title=weeks.said({"en": entry.title_en, "zh": entry.title_zh}),
        maker=entry.maker_name,
        statement=weeks.said({"en": entry.statement_en, "zh": entry.statement_zh}),
        alt=weeks.said({"en": entry.alt_en, "zh": entry.alt_zh}),
        credit=entry.credit,
        pictures=pictures(entry.work),
        film=film(entry.work),
        color=str(media.get("color") or ""),
        hash32=str(media.get("hash32") or ""),
        duration_ms=int(media.get("duration_ms") or 0),
    )


def order_seed(week: Week) -> str:
    """Returns the seed of the gallery's orders: the hash of the week's rule, which stands in the log before the vote."""
    return records.sha256_hex(records.canonical(week.document["rule"]))


def gallery(week: Week, *, order: int, category: str = "", genre: str = "") -> list[Shown]:
    """Returns the works on show in one of the 64 seeded orders."""
    entries = {e.code: e for e in public_entries(week, category=category, genre=genre)}
    codes = draws.order(order_seed(week), list(entries), order % ORDERS)
    return [shown(week, entries[code]) for code in codes]


def result_page(week: Week) -> dict[str, Any] | None:
    """Returns the declared result with its works, for a page: categories with rows, points as text with two places."""
    found = result_of(week)
    if found is None:
        return None
    table = found.table
    codes = [row["entry"] for category in table["categories"] for row in category["rows"]]
    entries = by_codes(week, codes)
    categories = []
    for category in table["categories"]:
        rows = [_result_row(week, row, entries[row["entry"]], table["places"]) for row in category["rows"]]
        name = weeks.said(weeks.row(week, "categories", category["category"])["name"])
        categories.append({"key": category["category"], "name": name, "rows": rows})
    return {"categories": categories, "declared_at": found.declared_at, "sha256": found.table_sha256}


def _points(value: int, places: int) -> str:
    return f"{value // 10**places}.{value % 10**places:0{places}d}" if places else str(value)


def _result_row(week: Week, row: dict[str, Any], entry: Entry, places: dict[str, int]) -> dict[str, Any]:
    prize = weeks.row(week, "prizes", row["prize"]) if row["prize"] else {}
    return {
        **row,
        "work": shown(week, entry),
        "prize_name": weeks.said(prize.get("name", "")),
        "money": prize.get("money", 0),
        "vote_points_text": _points(row["vote_points"], places["source"]),
        "jury_points_text": _points(row["jury_points"], places["source"]),
        "combined_text": _points(row["combined"], places["sum"]),
        "decided_here": row["decided_by"] != "combined",
    }
