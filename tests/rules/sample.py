"""Small weeks, ballots and panels for tests of the rules, and hypothesis strategies that make many."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from showground.rules.ballots import Ballot
from showground.rules.ruleset import awareness_week
from showground.rules.scores import Panel, panel

CODES = [f"{a}{b}aaaa" for a in "abcd" for b in "234567"]  # 24 entry ids
CATEGORIES = ("picture", "video", "h5")
CATEGORY_OF = {code: CATEGORIES[at % 3] for at, code in enumerate(CODES)}
CRITERIA = ("craft", "idea", "reach")


def rule(**changes: Any) -> dict[str, Any]:
    """The preset with some fields changed; a dotted name reaches inside: rule(limit__works=1)."""
    made = awareness_week()
    for path, value in changes.items():
        place = made
        *inside, last = path.split("__")
        for name in inside:
            place = place[name]
        place[last] = value
    return copy.deepcopy(made)


def ballot(index: int, voter: str, choices: list[str] | None, scope: str = "week", channel: str = "email") -> Ballot:
    return Ballot(index, voter, scope, channel, None if choices is None else tuple(choices))


def sheet(juror: int, totals: dict[str, int], name: str = "all") -> dict[str, Any]:
    """A sheet whose criteria add up to the given total of each work (0..100)."""
    rows = []
    for entry, total in totals.items():
        idea = min(40, total)
        craft = min(30, total - idea)
        rows += [[entry, "craft", craft], [entry, "idea", idea], [entry, "reach", total - idea - craft]]
    return {"juror": juror, "sheet": name, "scores": sorted(rows)}


def panels(sheets: list[dict[str, Any]], listed: list[str], ruleset: dict[str, Any] | None = None) -> dict[str, Panel]:
    jurors = {number: [] for number in range(1, 20)}
    return panel(ruleset or awareness_week(), CATEGORY_OF, sheets, listed, jurors)


choices = st.lists(st.sampled_from(CODES), unique=True, max_size=6)
casts = st.lists(
    st.tuples(st.sampled_from([f"v{n}" for n in range(6)]), st.sampled_from(["2026-09-01", "2026-09-02"]), choices), max_size=30
).map(lambda rows: [ballot(at, voter, picked, scope) for at, (voter, scope, picked) in enumerate(rows)])
votes = st.dictionaries(st.sampled_from(CODES), st.integers(0, 40), max_size=len(CODES))


@st.composite
def sheet_sets(draw: st.DrawFn) -> tuple[list[str], list[dict[str, Any]]]:
    """Short-listed entries in entry order, and a sheet of every juror over all of them."""
    listed = draw(st.lists(st.sampled_from(CODES), unique=True, min_size=1, max_size=10))
    jurors = draw(st.integers(3, 6))
    totals = st.lists(st.integers(0, 100), min_size=len(listed), max_size=len(listed))
    return listed, [sheet(n, dict(zip(listed, draw(totals), strict=True))) for n in range(1, jurors + 1)]
