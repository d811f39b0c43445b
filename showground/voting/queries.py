"""What can be known about the vote while it runs and afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.urls import reverse

from showground.entries.models import Entry
from showground.entries.queries import as_shown, public_entries
from showground.intake.client import DoorAway
from showground.ledger import queries as ledger
from showground.ledger.queries import door
from showground.rules import draws, phases, records
from showground.rules.ballots import Ballot, admissible, ballot_of
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


def asked_order(text: str) -> int | None:
    """Returns the gallery's order that an address asks for (`?o=17`); None if it names none."""
    return int(text) % draws.ORDERS if text.isdecimal() else None


def some_order(now: int) -> int:
    """Returns an order for a visitor who comes without one; spread by minute, so that a cached page is not always the same."""
    return int(hashlib.sha256(str(now // 60).encode()).hexdigest(), 16) % draws.ORDERS


def in_order(week: Week, entries: Iterable[Entry], order: int) -> list[Entry]:
    """Returns entries in one of the 64 drawn orders, seeded by the hash of the rule, which stands in the log before the vote."""
    by_code = {entry.code: entry for entry in entries}
    seed = records.sha256_hex(records.canonical(week.document["rule"]))
    return [by_code[code] for code in draws.order(seed, list(by_code), order % draws.ORDERS)]


def scope_ends(week: Week, now: int) -> int:
    """Returns when the scope that is open now ends: the next local midnight or the close of the vote."""
    later = [at for at, _scope in phases.boundaries(week.document["rule"], week.vote_opens, week.vote_closes) if at > now]
    return int(min([*later, week.vote_closes]))


def paper_groups(week: Week, *, marked: list[str], order: int) -> list[Group]:
    """Returns the works that a ballot may name by category, in one of the gallery's drawn orders; the marked ones are on."""
    ordered = in_order(week, public_entries(week), order)
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


def published_ballots(origin: str) -> list[Ballot]:
    """Returns every ballot of a week with its choices, from published records and the opened asset."""
    week = ledger.chronicle(origin)
    if week.ballots_opened is None or week.vote_closed is None or week.vote_index is None:
        raise Refused("ballots.sealed")
    casts = [
        (index, record)
        for index, entry in enumerate(ledger.published_entries(origin, week.vote_index, week.vote_closed), start=week.vote_index)
        if (record := records.parse(entry))["type"] == "ballot.cast"
    ]
    asset = ledger.asset_path(origin, week.ballots_opened["asset_sha256"]).read_bytes()
    if records.sha256_hex(asset) != week.ballots_opened["asset_sha256"]:
        raise Refused("asset.hash", asset=week.ballots_opened["asset_sha256"])
    openings = [json.loads(line) for line in asset.splitlines()]
    if week.vote is not None and week.vote["seal"] == "live":
        return [ballot_of(index, record) for index, record in casts]
    if len(openings) != len(casts):
        raise Refused("ballots.openings", openings=len(openings), casts=len(casts))
    return [ballot_of(i, record, opening) for (i, record), opening in zip(casts, openings, strict=True)]


@lru_cache(maxsize=4)
def _fates(origin: str, through: int) -> dict[int, str]:
    log = ledger.chronicle(origin)
    return admissible(log.ruleset or {}, log.category_of(), published_ballots(origin))[1]


def fate(week: Week, index: int) -> str:
    """Returns what became of a ballot: "" until the count is published, "counted", or why not ("replaced", ...)."""
    count = count_of(week)
    return _fates(week.origin, int(count.table["through_index"])).get(index, "counted") if count else ""
