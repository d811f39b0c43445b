"""The declared result for a page: rows, points as text, where they came from, and how ties were decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from showground.awards.queries import result_of
from showground.entries.models import Entry
from showground.entries.queries import by_codes
from showground.showcase.queries.works import Shown, shown
from showground.ui import typeset
from showground.ui.plots import Split
from showground.weeks import queries as weeks
from showground.weeks.models import Week


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


def weights(rule: dict[str, Any]) -> dict[str, int]:
    """Returns the share of each source of points in the result, in per cent."""
    return {source["source"]: 100 * source["weight"][0] // source["weight"][1] for source in rule["combine"]["sources"]}


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
