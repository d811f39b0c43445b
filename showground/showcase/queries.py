"""What the front of house shows: works in an order that favours nobody, turnout, results."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_
from django.utils.translation import ngettext, pgettext

from showground.awards.queries import result_of
from showground.entries.models import Entry
from showground.entries.queries import as_shown, by_codes, public_entries, withheld_codes
from showground.ledger import queries as ledger
from showground.rules import phases
from showground.ui import typeset
from showground.ui.justify import hang_class
from showground.ui.plots import Bar, Split
from showground.voting.queries import Turnout, in_order
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


def result_page(week: Week) -> dict[str, Any] | None:
    """Returns the declared result with its works, for a page: categories with rows, points as text, and how ties were decided."""
    found = result_of(week)
    if found is None:
        return None
    table = found.table
    entries = by_codes(week, [row["entry"] for category in table["categories"] for row in category["rows"]])
    categories = [_result_category(week, category, entries, table["places"]) for category in table["categories"]]
    return {
        "categories": categories,
        "others": [row for category in categories for row in category["rows"] if row["participation"]],
        "declared_at": found.declared_at,
        "sha256": found.table_sha256,
    }


def winners(result: dict[str, Any]) -> list[Shown]:
    """Returns the works that won more than participation, first prizes first, each with its prize."""
    won = [
        (row["place"], at, replace(row["work"], prize=f"{row['prize_name']} · {category['name']}"))
        for at, category in enumerate(result["categories"])
        for row in category["rows"]
        if row["prize_name"] and not row["participation"]
    ]
    return [work for _place, _at, work in sorted(won, key=lambda found: found[:2])]


def _result_category(week: Week, table: dict[str, Any], entries: dict[str, Entry], places: dict[str, int]) -> dict[str, Any]:
    rows = [_result_row(week, row, entries[row["entry"]], places) for row in table["rows"]]
    return {
        "key": table["category"],
        "name": weeks.said(weeks.row(week, "categories", table["category"])["name"]),
        "rows": rows,
        "ties": _ties(week, rows),
        "origins": _origins(week, rows, places),
        "origins_said": "; ".join(f"{row['work'].title} {row['combined_text']}" for row in rows),
    }


def _points(value: int, places: int) -> str:
    return f"{value // 10**places}.{value % 10**places:0{places}d}" if places else str(value)


def _result_row(week: Week, row: dict[str, Any], entry: Entry, places: dict[str, int]) -> dict[str, Any]:
    prize = weeks.row(week, "prizes", row["prize"]) if row["prize"] else {}
    return {
        **row,
        "work": shown(week, entry),
        "prize_name": weeks.said(prize.get("name", "")),
        "money": prize.get("money", 0),
        "money_text": money(prize.get("money", 0)),
        "vote_points_text": _points(row["vote_points"], places["source"]),
        "jury_points_text": _points(row["jury_points"], places["source"]),
        "combined_text": _points(row["combined"], places["sum"]),
        "decided_here": row["decided_by"] != "combined",
        "participation": row["prize"] == week.document["rule"].get("participation", {}).get("prize"),
    }


def money(yuan: int) -> str:
    """Returns an amount in words: "10,000 yuan"; empty for nothing."""
    return _("%(amount)s yuan") % {"amount": typeset.number(yuan)} if yuan else ""


def _origins(week: Week, rows: list[dict[str, Any]], places: dict[str, int]) -> list[Split]:
    """Where the points of each work came from, as parts of a line: weighted vote points, weighted jury points."""
    weight = {s["source"]: s["weight"][0] / s["weight"][1] for s in week.document["rule"]["combine"]["sources"]}
    scale = 10 ** places["source"]
    return [
        Split(
            row["work"].title,
            (row["vote_points"] / scale * weight.get("votes", 0), row["jury_points"] / scale * weight.get("scores", 0)),
            row["combined_text"],
        )
        for row in rows
    ]


# ---- how ties were decided ----


@dataclass(frozen=True)
class Step:
    """One step of the rule's tie chain over equal works: its name, what each work had, and undecided, decided or not_needed."""

    name: str
    values: list[tuple[str, str]]
    state: str


@dataclass(frozen=True)
class Tie:
    """Works with equal results, best first, and the steps that parted them."""

    titles: list[str]
    first: int
    last: int
    points: str
    steps: list[Step]


def _tie_value(row: dict[str, Any], step: str) -> Fraction:
    if step == "scores":
        return Fraction(*row["score"]) if row["score"] else Fraction(-1)
    return Fraction(-row["place"]) if step == "accepted_earlier" else Fraction(row[step])


def _tie_text(row: dict[str, Any], step: str) -> str:
    if step == "accepted_earlier":
        return str(row["work"].number or "")
    return row["jury_points_text"] if step == "scores" else str(row[step])


def _ties(week: Week, rows: list[dict[str, Any]]) -> list[Tie]:
    """The groups of equal works in a category, each with its working."""
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row["combined"])]
    return [_tie(group, week.document["rule"]["ties"]) for group in groups if len(group) > 1]


def _tie(rows: list[dict[str, Any]], chain: list[str]) -> Tie:
    steps, open_pairs = [], list(pairwise(rows))
    for key in chain:
        left = [(a, b) for a, b in open_pairs if _tie_value(a, key) == _tie_value(b, key)]
        state = "not_needed" if not open_pairs else "decided" if len(left) < len(open_pairs) else "undecided"
        steps.append(Step(tie_step(key), [(row["work"].title, _tie_text(row, key)) for row in rows], state))
        open_pairs = left
    return Tie([row["work"].title for row in rows], rows[0]["place"], rows[-1]["place"], rows[0]["combined_text"], steps)


TIE_STEPS = {
    "scores": n_("Higher jury points"),
    "votes": n_("More votes"),
    "first_places": n_("Put first by more jurors"),
    "accepted_earlier": n_("Admitted earlier"),
}


def tie_step(key: str) -> str:
    """Returns the name of a step of the tie chain."""
    return _(TIE_STEPS[key]) if key in TIE_STEPS else key


# ---- the week's plan and turnout ----


def plan(week: Week, now: int, *, sent_in: int) -> list[dict[str, str]]:
    """Returns the rows of the ground plan: the call, the vote, the jury, the result, each with its state and time in words."""
    names = {
        "call": pgettext("room", "Call"),
        "vote": pgettext("room", "Vote"),
        "jury": pgettext("room", "Jury"),
        "results": pgettext("room", "Result"),
    }
    return [
        {"key": p.key, "name": names[p.key], "when": _plan_time(p, sent_in=sent_in), "state": p.state}
        for p in weeks.phases(week, now)
    ]


def _plan_time(phase: weeks.Phase, *, sent_in: int) -> str:
    if phase.state == "now":
        return _("open") if phase.key == "results" else _("until %(time)s") % {"time": _short(phase.ends)}
    if phase.state == "shut":
        return _("from %(day)s") % {"day": _short(phase.begins)}
    if phase.key == "call":
        return ngettext("%(count)s work sent in", "%(count)s works sent in", sent_in) % {"count": typeset.number(sent_in)}
    return _("closed %(day)s") % {"day": typeset.day_short(phase.ends)}


def _short(instant: int) -> str:
    """An instant for a narrow place: the line may end before the hour."""
    return f"{typeset.day_short(instant)}{' ' if typeset.chinese() else ', '}{typeset.clock(instant)}"


def calendar_rows(week: Week, now: int) -> list[dict[str, Any]]:
    """Returns the calendar as a table: what happens, from when to when, and whether it is past, now or to come."""
    spans = [
        (_("Works are sent in"), week.call_opens, week.call_closes),
        (_("Works are screened and hung"), week.call_closes, week.vote_opens),
        (_("Everybody votes"), week.vote_opens, week.vote_closes),
        (_("The jury scores the short list"), week.vote_closes, week.jury_closes),
        (_("Everything is opened and counted"), week.jury_closes, week.results_at),
    ]
    rows = [
        {
            "name": name,
            "first": first,
            "last": last,
            "state": "past" if now >= last else "now" if now >= first else "shut",
        }
        for name, first, last in spans
    ]
    out = "now" if now >= week.results_at else "shut"
    return [*rows, {"name": _("The result is declared"), "first": week.results_at, "last": None, "state": out}]


def turnout_bars(week: Week, turned_out: Turnout, now: int) -> list[Bar]:
    """Returns one bar for each day of a daily vote: voters of that day, nothing for days to come."""
    if week.document["rule"]["scope"] != "day":
        return []
    voters = {row["scope"]: int(row.get("voters", 0)) for row in turned_out.by_scope}
    days = phases.boundaries(week.document["rule"], week.vote_opens, week.vote_closes)
    return [Bar(str(weeks.local(week, at).day), voters.get(scope, 0) if at <= now else None) for at, scope in days]


# ---- the log ----

KINDS = {"entry": "works", "entries": "works", "jury": "jury", "tally": "count", "award": "count", "notary": "notary"}


def kinds_of_records(origin: str) -> list[tuple[str, int]]:
    """Returns how many published records the log holds of each kind: ballots, works, jury, count, notary, door, rules."""
    size = ledger.published_size(origin)
    minutes = [m for m in ledger.minutes(origin) if m.index is not None and m.index < size]
    written = Counter(KINDS.get(m.kind.split(".")[0], "rules") for m in minutes)
    ballots = ledger.chronicle(origin).ballots
    written["ballots"] = ballots
    written["door"] = size - written.total()
    return [(key, written[key]) for key in ("ballots", "works", "jury", "count", "notary", "door", "rules") if written[key]]


# ---- the bundle ----


@dataclass(frozen=True)
class Kept:
    """What a week's bundle on disk holds: records up to `size`, written at `at`, without the works `withheld`."""

    size: int = 0
    at: int = 0
    withheld: tuple[str, ...] = ()


def bundle_place(week: Week) -> tuple[Path, Path]:
    """Returns where a week's bundle lies, and where it is written what it holds."""
    home = Path(settings.DATA) / "export"
    return home / f"{week.code}.zip", home / f"{week.code}.head"


def kept_bundle(week: Week) -> Kept:
    """Returns what the bundle on disk holds, nothing before there is any."""
    _zip, mark = bundle_place(week)
    told = mark.read_text(encoding="ascii").split() if mark.exists() else []
    return Kept(int(told[0]), int(told[1]), tuple(told[2:])) if told else Kept()


def tells_too_much(week: Week) -> bool:
    """Tells whether the bundle on disk still names a work that has been withheld since it was written."""
    return not set(withheld_codes(week)) <= set(kept_bundle(week).withheld)
