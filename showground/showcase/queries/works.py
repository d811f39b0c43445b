"""Works as pages show them, in an order that favours nobody."""

from __future__ import annotations

from dataclasses import dataclass

from showground.entries.models import Entry
from showground.entries.queries import as_shown, public_entries
from showground.ui.justify import hang_class
from showground.voting.queries import in_order
from showground.weeks import queries as weeks
from showground.weeks.models import Week
from showground.works.queries import Picture, film, package, pictures


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
    url: str = ""
    add_url: str = ""
    prize: str = ""
    withheld: int | None = None  # since when it is not shown

    @property
    def tile(self) -> Picture | None:
        """The picture for a small place."""
        return self.pictures[min(1, len(self.pictures) - 1)] if self.pictures else None

    @property
    def ratio(self) -> float:
        """Width divided by height of the picture; an upright sheet while there is none."""
        return self.tile.ratio if self.tile else 0.75

    @property
    def hang(self) -> str:
        """The class of height that this work has on the wall."""
        return hang_class(self.ratio)

    @property
    def length(self) -> str:
        """The length of a film as "1:58"; empty for other works."""
        seconds = self.duration_ms // 1000
        return f"{seconds // 60}:{seconds % 60:02d}" if seconds else ""

    @property
    def large(self) -> Picture | None:
        """The largest picture."""
        return self.pictures[-1] if self.pictures else None


def shown(week: Week, entry: Entry, *, whole: bool = False) -> Shown:
    """Returns an entry as pages show it: one that is withheld without its content; `whole`: to those who go on seeing it."""
    held = whole and entry.withheld_at is not None
    entry = entry if whole else as_shown(entry)
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
        pictures=pictures(entry.work, held=held),
        film=film(entry.work, held=held),
        color=str(media.get("color") or ""),
        hash32=package(entry.work, held=held),
        duration_ms=int(media.get("duration_ms") or 0),
        withheld=entry.withheld_at,
    )


def gallery(week: Week, *, order: int, category: str = "", genre: str = "") -> list[Shown]:
    """Returns the works on show in one of the 64 seeded orders."""
    return [shown(week, entry) for entry in in_order(week, public_entries(week, category=category, genre=genre), order)]
