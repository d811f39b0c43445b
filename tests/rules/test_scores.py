from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.rules.refused import Refused
from showground.rules.scores import aggregate, check_scores, faults, most_points
from tests.rules.sample import CATEGORY_OF, CODES, panels, rule, sheet, sheet_sets

A, B, C = CODES[0], CODES[3], CODES[6]  # three pictures


def jury(**changes: object) -> dict:
    return rule()["jury"] | changes


@pytest.mark.parametrize(
    ("kind", "scores", "wanted"),
    [("mean", [1, 2, 4], Fraction(7, 3)), ("median", [1, 2, 40], Fraction(2)), ("median", [1, 2, 5, 40], Fraction(7, 2)),
     ("trimmed_mean", [0, 50, 60, 70, 100], Fraction(60)), ("trimmed_mean", [0, 50, 100], Fraction(50))],
)  # fmt: skip
def test_aggregate_is_exact(kind: str, scores: list[int], wanted: Fraction) -> None:
    assert aggregate(jury(aggregate=kind), scores) == wanted


def test_aggregate_of_too_few_sheets_is_none() -> None:
    assert aggregate(jury(), [90, 90]) is None


@given(st.lists(st.integers(0, 100), min_size=3, max_size=9), st.integers(0, 8))
def test_aggregate_never_falls_when_a_score_rises(scores: list[int], which: int) -> None:
    at = which % len(scores)
    higher = [*scores[:at], 100, *scores[at + 1 :]]
    for kind in ("mean", "trimmed_mean", "median"):
        before, after = aggregate(jury(aggregate=kind), scores), aggregate(jury(aggregate=kind), higher)
        assert before is not None and after is not None and after >= before


def test_panel_adds_criteria_and_counts_first_places() -> None:
    found = panels([sheet(1, {A: 90, B: 80}), sheet(2, {A: 70, B: 70}), sheet(3, {A: 50, B: 60})], [A, B])
    assert (found[A].scores, found[A].points, found[A].first_places) == ((50, 70, 90), Fraction(70), 2)
    assert (found[B].points, found[B].first_places) == (Fraction(70), 2)


def test_panel_drops_a_work_that_a_juror_abstains_from_or_scores_in_part() -> None:
    abstained = {"juror": 1, "sheet": "all", "scores": [[A, "abstain", 1], *sheet(1, {B: 10})["scores"]]}
    part = {"juror": 2, "sheet": "all", "scores": [[A, "idea", 40], *sheet(2, {B: 10})["scores"]]}
    found = panels([abstained, part, sheet(3, {A: 10, B: 10})], [A, B])
    assert (found[A].scores, found[A].points) == ((10,), None)
    assert found[B].points == Fraction(10)


def test_panel_of_a_work_without_sheets_is_empty() -> None:
    found = panels([], [A])
    assert (found[A].scores, found[A].points, found[A].first_places) == ((), None, 0)


def test_panel_counts_nothing_of_a_sheet_out_of_range() -> None:
    wrong = {"juror": 4, "sheet": "all", "scores": [[A, "idea", 41]]}
    good = [sheet(n, {A: 50}) for n in (1, 2, 3)]
    assert panels([*good, wrong], [A]) == panels(good, [A])


@given(sheet_sets(), st.randoms(use_true_random=False))
def test_panel_does_not_depend_on_who_the_jurors_are(made: tuple, order: random.Random) -> None:
    listed, sheets = made
    numbers = list(range(1, len(sheets) + 1))
    order.shuffle(numbers)
    other = [s | {"juror": n} for s, n in zip(sheets, numbers, strict=True)]
    assert panels(other, listed) == panels(sheets, listed)


@pytest.mark.parametrize(
    ("rows", "code"),
    [([[A, "idea", 41]], "sheet.range"), ([[A, "idea", -1]], "sheet.range"), ([[A, "abstain", 0]], "sheet.range"),
     ([[A, "taste", 1]], "sheet.criterion"), ([["zzzzzz", "idea", 1]], "sheet.entry"), ([[CODES[1], "idea", 1]], "sheet.entry"),
     ([[A, "idea", 1], [A, "craft", 1]], "sheet.order"), ([[A, "idea", 1], [A, "idea", 2]], "sheet.order"),
     ([[A, "abstain", 1], [A, "idea", 2]], "sheet.abstained")],
)  # fmt: skip
def test_check_scores_refuses(rows: list, code: str) -> None:
    with pytest.raises(Refused) as no:
        check_scores(rule(), CATEGORY_OF, [A, B, CODES[1]], ["picture"], rows)
    assert no.value.code == code


def test_check_scores_lets_a_juror_without_categories_score_all() -> None:
    check_scores(rule(), CATEGORY_OF, [A, CODES[1]], [], sorted([[A, "idea", 0], [CODES[1], "idea", 40]]))


def test_faults_spoil_the_later_of_two_sheets_that_score_one_work() -> None:
    twice = [sheet(1, {A: 5}, "main"), sheet(1, {A: 9}, "late"), sheet(2, {A: 9}, "late")]
    assert faults(rule(), CATEGORY_OF, twice, [A], {1: [], 2: []}) == {(1, "main"): "sheet.scored_twice"}


def test_most_points_adds_the_criteria() -> None:
    assert most_points(rule()) == 100
