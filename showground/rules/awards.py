"""How votes and scores become prizes.

    shortlist(ruleset, votes, category_of, order) -> [entry, ...]     in entry order; nothing in it tells who leads
    combine(ruleset, votes, panel, category_of, shortlist) -> Result  `shortlist` in entry order decides the last tie
    as_table(result) -> dict                                          the public asset; its canonical bytes are hashed
    result_sha256(result) -> hex
    decided(result, tally_index) -> [fields of award.decided, ...]    in the order in which they are written to the log
    result_of(week, votes) -> Result                                  all of it, from a chronicle that has tally.published

RULE 8 (shortlist): of each category the `per_category` most voted works that have at least `min_votes` (1 unless the rule says
other); works equal to the last one all come in ("tie": "all") or the earlier accepted ones do ("accepted_earlier").
RULE 9 (points): votes share_of_most = 100 x votes / most votes of the category's works here (0 if nobody voted); scores
share_of_max = 100 x panel score / most possible points (0 without a panel score). Each is rounded as round.source says, then
weighted and summed, and the sum is rounded as round.sum says.
RULE 10 (places): by combined points, then along `ties`; `decided_by` of a work is the deepest step it took to part it from
its neighbours.
RULE 11 (prizes): prizes go down the places of each category, first prize first; a work with neither a vote nor a panel score
wins none, and a prize may stay vacant.
RULE 12 (participation): every short-listed work that wins nothing else.
All arithmetic is exact (fractions.Fraction); rounded points are whole numbers of 10^-places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from showground.rules import records
from showground.rules.chronicle import Chronicle
from showground.rules.refused import Refused
from showground.rules.scores import Panel, most_points
from showground.rules.scores import panel as panel_of

ALGORITHM: Final = "showground-result/1"


@dataclass(frozen=True)
class Row:
    """One short-listed work in the result; points in units of 10^-places, `score` the panel score as (numerator, denominator)."""

    entry: str
    votes: int
    vote_points: int
    sheets: int
    score: tuple[int, int] | None
    first_places: int
    jury_points: int
    combined: int
    place: int = 0
    decided_by: str = "combined"
    prize: str = ""


@dataclass(frozen=True)
class Result:
    """The result of a week: rows by place for each category in the rule's order, and the decimal places of points."""

    source_places: int
    sum_places: int
    categories: dict[str, list[Row]]

    def row(self, entry: str) -> Row:
        """Returns the row of one short-listed entry."""
        return next(row for rows in self.categories.values() for row in rows if row.entry == entry)


# ---- shortlist ----


def shortlist(
    ruleset: Mapping[str, Any], votes: Mapping[str, int], category_of: Mapping[str, str], order: Sequence[str]
) -> list[str]:
    """Returns the short-listed entries in entry order (`order`: every entry that may be listed, by acceptance): RULE 8."""
    listed: set[str] = set()
    for category in ruleset["categories"]:
        rule = ruleset["shortlist"]
        ranked = [e for e in order if category_of[e] == category and votes.get(e, 0) >= rule.get("min_votes", 1)]
        ranked.sort(key=lambda e: -votes.get(e, 0))
        inside = ranked[: rule["per_category"]]
        if rule["tie"] == "all" and inside:
            inside = [e for e in ranked if votes.get(e, 0) >= votes.get(inside[-1], 0)]
        listed.update(inside)
    return [entry for entry in order if entry in listed]


# ---- points ----


def rounded(value: Fraction, rule: Mapping[str, Any]) -> int:
    """Returns a value of 0 or more as a whole number of 10^-places, rounded "half_up", "half_even" or "down"."""
    scaled = value * Fraction(10) ** rule["places"]
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest - scaled.denominator
    up = {"half_up": twice >= 0, "half_even": twice > 0 or (twice == 0 and whole % 2 == 1), "down": False}[rule["mode"]]
    return int(whole) + int(up)


def _shares(ruleset: Mapping[str, Any], votes: int, most_votes: int, said: Panel) -> dict[str, Fraction]:
    most = most_points(ruleset)
    return {
        "votes": Fraction(100 * votes, most_votes) if most_votes else Fraction(0),
        "scores": 100 * said.points / most if said.points is not None else Fraction(0),
    }


def _row(ruleset: Mapping[str, Any], entry: str, votes: int, most_votes: int, said: Panel) -> Row:
    shares = _shares(ruleset, votes, most_votes, said)
    rule = ruleset["combine"]["round"]
    points = {source: rounded(share, rule["source"]) for source, share in shares.items()}
    total = sum(
        (Fraction(points[part["source"]], 10 ** rule["source"]["places"]) * Fraction(*part["weight"])
         for part in ruleset["combine"]["sources"]),
        Fraction(0),
    )  # fmt: skip
    score = None if said.points is None else (said.points.numerator, said.points.denominator)
    return Row(
        entry, votes, points["votes"], len(said.scores), score, said.first_places, points["scores"], rounded(total, rule["sum"])
    )


# ---- places and prizes ----

# Each step of a tie chain: what is compared, the greater first. A work without a panel score stands behind one that has 0.
_STEPS: Final[dict[str, Callable[[Row], Any]]] = {
    "combined": lambda row: row.combined,
    "scores": lambda row: Fraction(*row.score) if row.score else Fraction(-1),
    "votes": lambda row: row.votes,
    "first_places": lambda row: row.first_places,
}


def _keys(row: Row, steps: Sequence[str], accepted: Mapping[str, int]) -> list[Any]:
    return [-accepted[row.entry] if step == "accepted_earlier" else _STEPS[step](row) for step in steps]


def _placed(rows: list[Row], ties: Sequence[str], accepted: Mapping[str, int]) -> list[Row]:
    """Rows by place, each with the step that decided it: RULE 10."""
    steps = ["combined", *ties]
    ranked = sorted(rows, key=lambda row: _keys(row, steps, accepted), reverse=True)
    keys = [_keys(row, steps, accepted) for row in ranked]
    parted = [next(i for i, (a, b) in enumerate(zip(x, y, strict=True)) if a != b) for x, y in pairwise(keys)]
    found = []
    for at, row in enumerate(ranked):
        deepest = max(parted[max(at - 1, 0) : at + 1], default=0)
        found.append(replace(row, place=at + 1, decided_by=steps[deepest]))
    return found


def _with_prizes(ruleset: Mapping[str, Any], rows: list[Row]) -> list[Row]:
    """Rows with their prizes: RULES 11 and 12."""
    left = [prize["prize"] for prize in ruleset["prizes"] for _ in range(prize["count"])]
    found = []
    for row in rows:
        worthy = row.votes > 0 or row.score is not None
        prize = left.pop(0) if left and worthy else ruleset.get("participation", {}).get("prize", "")
        found.append(replace(row, prize=prize))
    return found


def combine(
    ruleset: Mapping[str, Any],
    votes: Mapping[str, int],
    panel: Mapping[str, Panel],
    category_of: Mapping[str, str],
    shortlist: Sequence[str],
) -> Result:
    """Returns points, places and prizes of the short-listed entries (in entry order) for each category: RULES 9 to 12."""
    accepted = {entry: at for at, entry in enumerate(shortlist)}
    categories = {}
    for category in ruleset["categories"]:
        here = [entry for entry in shortlist if category_of[entry] == category]
        most = max((votes.get(entry, 0) for entry in here), default=0)
        rows = [_row(ruleset, entry, votes.get(entry, 0), most, panel.get(entry, Panel())) for entry in here]
        categories[category] = _with_prizes(ruleset, _placed(rows, ruleset["ties"], accepted))
    rule = ruleset["combine"]["round"]
    return Result(rule["source"]["places"], rule["sum"]["places"], categories)


# ---- what is published ----


def _as_row(row: Row) -> dict[str, Any]:
    plain = asdict(row)
    plain["score"] = list(row.score) if row.score else []
    return plain


def as_table(result: Result) -> dict[str, Any]:
    """Returns the result as one object of text and whole numbers; an empty `score` or `prize` says that there is none."""
    return {
        "algorithm": ALGORITHM,
        "places": {"source": result.source_places, "sum": result.sum_places},
        "categories": [{"category": name, "rows": [_as_row(row) for row in rows]} for name, rows in result.categories.items()],
    }


def result_sha256(result: Result) -> str:
    """Returns the hash of the result table's canonical bytes, which every award names."""
    return records.sha256_hex(records.canonical(as_table(result)))


def decided(result: Result, tally_index: int) -> list[dict[str, Any]]:
    """Returns the fields of each award.decided, by category and place; `tally_index` is the index of tally.published."""
    digest = result_sha256(result)
    return [
        {
            "entry": row.entry,
            "prize": row.prize,
            "category": category,
            "basis": {"tally": tally_index, "result_sha256": digest, "place": row.place, "decided_by": row.decided_by},
        }
        for category, rows in result.categories.items()
        for row in rows
        if row.prize
    ]


def result_of(week: Chronicle, votes: Mapping[str, int], openings: Iterable[Mapping[str, Any]] | None = None) -> Result:
    """Returns the result of a week with a published tally: short-listed works not withdrawn before it, votes and opened sheets."""
    if week.ruleset is None or week.shortlist is None or week.tally is None:
        raise Refused("tally.missing")
    here = set(week.standing(week.tally[0]))
    listed = [entry for entry in week.shortlist if entry in here]
    sheets = list(week.opened.values()) if openings is None else list(openings)
    said = panel_of(week.ruleset, week.category_of(), sheets, week.shortlist, week.jurors)
    return combine(week.ruleset, votes, said, week.category_of(), listed)
