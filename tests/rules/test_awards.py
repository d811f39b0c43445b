from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.rules import awards, records
from showground.rules.scores import Panel
from tests.harness.week import Week
from tests.rules.sample import CATEGORY_OF, CODES, panels, rule, sheet, sheet_sets, votes

PICTURES = [code for code in CODES if CATEGORY_OF[code] == "picture"]  # eight
A, B, C, D = PICTURES[:4]


def said(points: int | None, firsts: int = 0) -> Panel:
    return Panel() if points is None else Panel((points,) * 3, Fraction(points), firsts)


def result(given_votes: dict[str, int], panel: dict[str, Panel], listed: list[str], **changes: object) -> list[awards.Row]:
    return awards.combine(rule(**changes), given_votes, panel, CATEGORY_OF, listed).categories["picture"]


# ---- shortlist ----


def test_shortlist_takes_the_most_voted_of_each_category_in_entry_order() -> None:
    counted = {code: 10 + at for at, code in enumerate(CODES)}
    listed = awards.shortlist(rule(shortlist__per_category=2), counted, CATEGORY_OF, CODES)
    assert listed == CODES[18:]


def test_shortlist_takes_all_that_tie_at_the_edge() -> None:
    counted = dict(zip(PICTURES, [9, 5, 5, 5, 5, 5, 5, 1], strict=True))
    assert awards.shortlist(rule(), counted, CATEGORY_OF, CODES) == PICTURES[:7]


def test_shortlist_takes_the_earlier_accepted_at_the_edge_when_the_rule_says_so() -> None:
    counted = dict.fromkeys(PICTURES, 5)
    assert awards.shortlist(rule(shortlist__tie="accepted_earlier"), counted, CATEGORY_OF, CODES) == PICTURES[:6]


def test_shortlist_leaves_out_works_that_nobody_voted_for() -> None:
    assert awards.shortlist(rule(), {A: 1, B: 0}, CATEGORY_OF, CODES) == [A]
    assert awards.shortlist(rule(), {}, CATEGORY_OF, CODES) == []


def test_shortlist_takes_everyone_without_votes_when_the_rule_asks_for_none() -> None:
    assert awards.shortlist(rule(shortlist__min_votes=0), {}, CATEGORY_OF, CODES) == CODES


@given(votes, st.permutations(CODES))
def test_shortlist_is_the_same_set_for_every_order_when_ties_come_in(counted: dict[str, int], order: list[str]) -> None:
    assert set(awards.shortlist(rule(), counted, CATEGORY_OF, order)) == set(awards.shortlist(rule(), counted, CATEGORY_OF, CODES))


@given(votes, st.sampled_from(CODES))
def test_shortlist_keeps_a_listed_work_that_gets_one_more_vote(counted: dict[str, int], entry: str) -> None:
    if entry in awards.shortlist(rule(), counted, CATEGORY_OF, CODES):
        more = counted | {entry: counted[entry] + 1}
        assert entry in awards.shortlist(rule(), more, CATEGORY_OF, CODES)


# ---- rounding ----


@pytest.mark.parametrize(
    ("value", "mode", "wanted"),
    [
        (Fraction(1, 3), "half_up", 33),
        (Fraction(2, 3), "half_up", 67),
        (Fraction(5, 1000), "half_up", 1),
        (Fraction(5, 1000), "half_even", 0),
        (Fraction(15, 1000), "half_even", 2),
        (Fraction(9999, 10000), "down", 99),
        (Fraction(0), "half_up", 0),
        (Fraction(100), "down", 10000),
    ],
)
def test_rounded_names_its_rule(value: Fraction, mode: str, wanted: int) -> None:
    assert awards.rounded(value, {"places": 2, "mode": mode}) == wanted


@given(st.fractions(0, 1000), st.integers(0, 6))
def test_rounded_is_never_off_by_more_than_half(value: Fraction, places: int) -> None:
    exact = value * 10**places
    for mode in ("half_up", "half_even"):
        assert abs(awards.rounded(value, {"places": places, "mode": mode}) - exact) <= Fraction(1, 2)


# ---- places ----


def test_combine_weighs_votes_and_scores() -> None:
    first, second = result({A: 100, B: 50}, {A: said(50), B: said(90)}, [A, B])
    assert (first.entry, first.vote_points, first.jury_points, first.combined) == (B, 5000, 9000, 7400)
    assert (second.entry, second.combined, second.decided_by) == (A, 7000, "combined")


def test_combine_rounds_each_source_before_the_sum() -> None:
    rows = {row.entry: row for row in result({A: 3, B: 1}, {A: said(None), B: Panel((1,), Fraction(1, 3), 0)}, [A, B])}
    assert (rows[B].vote_points, rows[B].jury_points, rows[B].combined) == (3333, 33, 1353)  # 13.332 + 0.198


@pytest.mark.parametrize(
    ("counted", "panel", "step"),
    [({A: 10, B: 10}, {A: said(50), B: said(50)}, "accepted_earlier"),
     ({A: 10, B: 10}, {A: said(50, 2), B: said(50, 1)}, "first_places"),
     ({A: 20, B: 20}, {A: said(60), B: said(50)}, "combined")],
)  # fmt: skip
def test_combine_names_the_step_that_decided(counted: dict, panel: dict, step: str) -> None:
    assert [(row.entry, row.decided_by) for row in result(counted, panel, [A, B])] == [(A, step), (B, step)]


def test_combine_breaks_a_tie_by_scores_before_votes() -> None:
    # 40 % of 100 + 60 % of 20 = 52 = 40 % of 40 + 60 % of 60
    rows = result({A: 100, B: 40}, {A: said(20), B: said(60)}, [A, B])
    assert [(row.entry, row.combined, row.decided_by) for row in rows] == [(B, 5200, "scores"), (A, 5200, "scores")]
    other = result({A: 100, B: 40}, {A: said(20), B: said(60)}, [A, B], ties=["votes", "accepted_earlier"])
    assert [(row.entry, row.decided_by) for row in other] == [(A, "votes"), (B, "votes")]


def test_combine_with_everything_equal_goes_by_acceptance_and_says_so() -> None:
    rows = result(dict.fromkeys(PICTURES, 3), {e: said(40, 1) for e in PICTURES}, PICTURES)
    assert [row.entry for row in rows] == PICTURES
    assert {row.decided_by for row in rows} == {"accepted_earlier"}


def test_combine_tells_neighbours_of_a_tie_from_the_others() -> None:
    rows = result({A: 9, B: 5, C: 5, D: 1}, {}, [A, B, C, D])
    assert [row.decided_by for row in rows] == ["combined", "accepted_earlier", "accepted_earlier", "combined"]


def test_combine_puts_a_work_without_sheets_behind_an_equal_one_with_zero_points() -> None:
    rows = result({A: 5, B: 5}, {A: said(None), B: said(0)}, [A, B])
    assert [(row.entry, row.score) for row in rows] == [(B, (0, 1)), (A, None)]


def test_combine_without_any_vote_counts_zero_points_for_votes() -> None:
    rows = result({}, {A: said(50), B: said(40)}, [A, B])
    assert [(row.entry, row.vote_points, row.combined) for row in rows] == [(A, 0, 3000), (B, 0, 2400)]


def test_combine_of_an_empty_shortlist_has_empty_categories() -> None:
    found = awards.combine(rule(), {}, {}, CATEGORY_OF, [])
    assert found.categories == {"picture": [], "video": [], "h5": []}
    assert awards.decided(found, 5) == []


# ---- prizes ----


def test_prizes_go_down_the_places_and_the_rest_get_participation() -> None:
    rows = result({e: 10 - at for at, e in enumerate(PICTURES[:5])}, {}, PICTURES[:5])
    assert [row.prize for row in rows] == ["first", "second", "third", "participation", "participation"]


def test_prizes_stay_vacant_when_there_are_fewer_works() -> None:
    assert [row.prize for row in result({A: 1}, {}, [A])] == ["first"]


def test_prizes_never_go_to_a_work_with_neither_vote_nor_score() -> None:
    rows = result({A: 5}, {B: said(0)}, [A, B, C])
    assert [(row.entry, row.prize) for row in rows] == [(A, "first"), (B, "second"), (C, "participation")]


def test_prizes_without_participation_leave_the_rest_without() -> None:
    bare = rule()
    del bare["participation"]
    found = awards.combine(bare, {e: 5 for e in PICTURES}, {}, CATEGORY_OF, PICTURES)
    assert [row.prize for row in found.categories["picture"]][3:] == [""] * 5
    assert len(awards.decided(found, 5)) == 3


# ---- properties ----


@given(votes, sheet_sets(), st.permutations(CODES))
def test_combine_is_neutral_to_the_names_of_works(counted: dict[str, int], made: tuple, other: list[str]) -> None:
    listed, sheets = made
    named = dict(zip(CODES, other, strict=True))
    categories = {named[e]: c for e, c in CATEGORY_OF.items()}
    panel = panels(sheets, listed)
    before = awards.combine(rule(), counted, panel, CATEGORY_OF, listed)
    after = awards.combine(
        rule(),
        {named[e]: n for e, n in counted.items()},
        {named[e]: p for e, p in panel.items()},
        categories,
        [named[e] for e in listed],
    )
    for category, rows in before.categories.items():
        assert [(named[r.entry], r.combined, r.place, r.prize, r.decided_by) for r in rows] == [
            (r.entry, r.combined, r.place, r.prize, r.decided_by) for r in after.categories[category]
        ]


@given(votes, sheet_sets(), st.randoms(use_true_random=False))
def test_combine_is_the_same_for_jurors_in_another_order(counted: dict[str, int], made: tuple, order: random.Random) -> None:
    listed, sheets = made
    shuffled = list(sheets)
    order.shuffle(shuffled)
    one, other = (awards.combine(rule(), counted, panels(s, listed), CATEGORY_OF, listed) for s in (sheets, shuffled))
    assert awards.result_sha256(one) == awards.result_sha256(other)


@given(votes, sheet_sets(), st.data())
def test_combine_never_harms_a_work_that_gets_more_points(counted: dict[str, int], made: tuple, data: st.DataObject) -> None:
    """With scores first in the chain of ties a higher score can move nobody down."""
    listed, sheets = made
    entry = data.draw(st.sampled_from(listed))
    better = [
        s | {"scores": [[e, c, {"idea": 40, "craft": 30, "reach": 30}[c] if e == entry else p] for e, c, p in s["scores"]]}
        for s in sheets
    ]
    before = awards.combine(rule(), counted, panels(sheets, listed), CATEGORY_OF, listed).row(entry)
    after = awards.combine(rule(), counted, panels(better, listed), CATEGORY_OF, listed).row(entry)
    assert after.place <= before.place


@given(votes, sheet_sets(), st.data())
def test_combine_never_harms_a_work_that_gets_one_more_vote(counted: dict[str, int], made: tuple, data: st.DataObject) -> None:
    listed, sheets = made
    entry, panel = data.draw(st.sampled_from(listed)), panels(sheets, listed)
    more = counted | {entry: counted.get(entry, 0) + 1}
    before = awards.combine(rule(), counted, panel, CATEGORY_OF, listed).row(entry)
    after = awards.combine(rule(), more, panel, CATEGORY_OF, listed).row(entry)
    assert after.place <= before.place


@given(votes, sheet_sets())
def test_combine_places_every_listed_work_once_and_gives_each_prize_once(counted: dict[str, int], made: tuple) -> None:
    listed, sheets = made
    found = awards.combine(rule(), counted, panels(sheets, listed), CATEGORY_OF, listed)
    assert sorted(row.entry for rows in found.categories.values() for row in rows) == sorted(listed)
    for rows in found.categories.values():
        assert [row.place for row in rows] == list(range(1, len(rows) + 1))
        higher = [row.prize for row in rows if row.prize != "participation"]
        assert len(set(higher)) == len(higher)


# ---- what is published ----


def test_as_table_is_canonical_and_holds_no_floats() -> None:
    found = awards.combine(rule(), {A: 3, B: 1}, panels([sheet(n, {A: 33, B: 44}) for n in (1, 2, 3)], [A, B]), CATEGORY_OF, [A, B])
    table = awards.as_table(found)
    assert records.parse(records.canonical(table)) == table
    assert table["categories"][0]["rows"][0]["score"] == [33, 1]


def test_decided_makes_records_that_name_the_count_and_the_result() -> None:
    found = awards.combine(rule(), {A: 3, B: 1}, {}, CATEGORY_OF, [A, B])
    first = awards.decided(found, 77)[0]
    assert first["basis"] == {"tally": 77, "result_sha256": awards.result_sha256(found), "place": 1, "decided_by": "combined"}
    records.build("award.decided", "o", **first)


def test_result_of_leaves_out_a_work_withdrawn_before_the_count() -> None:
    week = Week(voters=8, days=0).run("opened")
    assert week.week.shortlist
    gone = week.week.shortlist[0]
    week.append("entry.withdrawn", entry=gone, reason_code="maker")
    week._tally()
    found = awards.result_of(week.week, week.count.votes)
    assert gone not in {row.entry for rows in found.categories.values() for row in rows}
    assert gone in week.count.votes
