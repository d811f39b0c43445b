"""What can be known about the vote while it runs and afterwards."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from showground.entries.models import Entry
from showground.entries.queries import as_shown, public_entries
from showground.intake.client import DoorAway
from showground.ledger import queries as ledger
from showground.ledger.queries import door
from showground.rules import draws, records
from showground.rules.refused import Refused
from showground.ui.justify import Cell, cells
from showground.voting.models import Count
from showground.weeks import queries as weeks
from showground.weeks.models import Week
from showground.works.queries import Picture, pictures


@dataclass(frozen=True)
class Turnout:
    """Ballots in the log and papers issued, in all and by scope; no choices. Empty while the door does not answer."""

    ballots: int = 0
    papers: int = 0
    scope: str = ""
    closed: bool = False
    opened: bool = False
    by_scope: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Pick:
    """A work on a ballot paper: where it is shown, its picture, and whether it is marked."""

    code: str
    number: int | None
    kind: str
    title: str
    maker: str
    picture: Picture | None
    url: str
    on: bool = False


@dataclass(frozen=True)
class Group:
    """The works of one category on a ballot paper, laid out in rows."""

    key: str
    name: str
    cells: list[Cell[Pick]]


def pick(week: Week, entry: Entry, *, on: bool = False, order: int | None = None) -> Pick:
    """Returns an entry as a ballot paper or a receipt shows it, in the reader's language; a withheld one by its number alone."""
    entry = as_shown(entry)
    shown = pictures(entry.work)
    url = reverse("showcase:work", args=[week.code, entry.code])
    return Pick(
        code=entry.code,
        number=entry.number,
        kind=weeks.kind_of(week, entry.category),
        title=weeks.said({"en": entry.title_en, "zh": entry.title_zh}),
        maker=entry.maker_name,
        picture=shown[0] if shown else None,
        url=url if order is None else f"{url}?o={order}",
        on=on,
    )


def paper_groups(week: Week, *, marked: list[str], order: int) -> list[Group]:
    """Returns the works that a ballot may name by category, in one of the gallery's drawn orders; the marked ones are on."""
    entries = {entry.code: entry for entry in public_entries(week)}
    seed = records.sha256_hex(records.canonical(week.document["rule"]))
    ordered = [entries[code] for code in draws.order(seed, list(entries), order)]
    groups = []
    for category in week.document["categories"]:
        here = [pick(week, e, on=e.code in marked, order=order) for e in ordered if e.category == category["key"]]
        if here:
            ratios = [p.picture.ratio if p.picture else 0.75 for p in here]
            groups.append(Group(category["key"], weeks.said(category["name"]), cells(here, ratios)))
    return groups


def room_left(week: Week, marked: list[str], code: str) -> bool:
    """Tells whether the rule lets one more work, `code`, onto a ballot that names `marked`."""
    limit = week.document["rule"]["limit"]
    if limit["per"] == "ballot":
        return len(marked) < int(limit["works"])
    categories = {entry.code: entry.category for entry in public_entries(week)}
    return len([other for other in marked if categories.get(other) == categories.get(code)]) < int(limit["works"])


def replaced_by(week: Week, index: int) -> int | None:
    """Returns the published ballot that says it replaces the one at `index`."""
    size = ledger.published_size(week.origin)
    for later, entry in enumerate(ledger.published_entries(week.origin, index + 1, size), start=index + 1):
        if f'"replaces":{index},'.encode() in entry:
            return later
    return None


def cookie_name(week: Week) -> str:
    """Returns the name of the cookie that holds a voter's paper for this week."""
    return "paper-" + hashlib.sha256(week.origin.encode()).hexdigest()[:8]


def turnout(week: Week) -> Turnout:
    """Returns how many took part so far."""
    try:
        state = door().get("/state", log=week.origin)
    except (DoorAway, Refused):
        return Turnout()
    by_scope = state.get("turnout") or {}
    rows = by_scope if isinstance(by_scope, list) else [{"scope": k, **v} for k, v in sorted(by_scope.items())]
    return Turnout(state["ballots"], state["papers"], state["scope"] or "", state["closed"], bool(state["scope"]), rows)


def counted(week: Week, paper: str) -> dict[str, Any]:
    """Returns the voter's counted ballot in the paper's scope; empty if there is none."""
    return door().counted(week.origin, paper)


def own_cast(week: Week, paper: str) -> dict[str, Any]:
    """Returns the voter's counted cast with its exact bytes and, if sealed, its opening, also after the scope; empty if none."""
    return door().receipt(week.origin, paper)


def count_of(week: Week) -> Count | None:
    """Returns the published count of a week."""
    return Count.objects.filter(week=week).first()
