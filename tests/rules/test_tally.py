from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.rules import records, tally
from showground.rules.ballots import admissible
from showground.rules.chronicle import Chronicle
from showground.rules.refused import Refused
from tests.harness.week import Week
from tests.rules.sample import CATEGORY_OF, CODES, ballot, casts, rule


def test_count_gives_each_entry_its_votes_in_the_order_given() -> None:
    counted = [ballot(1, "a", CODES[:2]), ballot(2, "b", CODES[1:3])]
    assert list(tally.count(counted, CODES[:4]).items()) == [(CODES[0], 1), (CODES[1], 2), (CODES[2], 1), (CODES[3], 0)]


def test_count_without_ballots_is_all_zeroes() -> None:
    assert tally.count([], CODES[:2]) == {CODES[0]: 0, CODES[1]: 0}


def test_count_lets_a_vote_for_a_withdrawn_work_lapse_and_keeps_the_rest_of_the_ballot() -> None:
    assert tally.count([ballot(1, "a", CODES[:2])], CODES[1:2]) == {CODES[1]: 1}


@given(casts)
def test_count_adds_up_to_the_choices_of_the_counted_ballots(cast: list) -> None:
    counted, _ = admissible(rule(), CATEGORY_OF, cast)
    assert sum(tally.count(counted, CODES).values()) == sum(len(b.choices) for b in counted)


@given(casts, st.permutations(CODES))
def test_count_is_the_same_for_renamed_entries(cast: list, other: list[str]) -> None:
    named = dict(zip(CODES, other, strict=True))
    renamed = [ballot(b.index, b.voter, [named[e] for e in b.choices], b.scope) for b in cast]
    limit = rule(limit={"works": 6, "per": "ballot"})
    before = tally.count(admissible(limit, CATEGORY_OF, cast)[0], CODES)
    after = tally.count(admissible(limit, CATEGORY_OF, renamed)[0], CODES)
    assert {named[e]: n for e, n in before.items()} == after


@given(casts, st.sampled_from(CODES))
def test_count_rises_by_one_for_one_more_voter(cast: list, entry: str) -> None:
    more = [*cast, ballot(10**6, "new", [entry])]
    before, after = (tally.count(admissible(rule(), CATEGORY_OF, c)[0], CODES) for c in (cast, more))
    assert after == before | {entry: before[entry] + 1}


def test_table_tells_counted_replaced_and_dropped_apart() -> None:
    cast = [ballot(1, "a", CODES[:1]), ballot(2, "a", CODES[:1]), ballot(3, "b", None)]
    counted, dropped = admissible(rule(), CATEGORY_OF, cast)
    assert tally.table(9, counted, dropped, tally.count(counted, CODES[:2])) == {
        "algorithm": "showground-tally/1", "through_index": 9, "counted": 1, "replaced": 1, "dropped": {"unopened": 1},
        "votes": [[CODES[0], 1], [CODES[1], 0]],
    }  # fmt: skip


def test_published_names_the_first_ten_with_equal_votes_in_entry_order() -> None:
    votes = {code: at // 2 for at, code in enumerate(CODES)}
    fields = tally.published(tally.table(9, [], {}, votes))
    assert fields["top"][:3] == [[CODES[22], 11], [CODES[23], 11], [CODES[20], 10]]
    assert len(fields["top"]) == 10
    records.build("tally.published", "o", **fields)


def test_votes_of_a_week_is_the_count_of_its_log() -> None:
    week = Week(voters=4, days=0).run("closed")
    counted = week._counted()
    assert len(counted.counted) == 4
    assert len(counted.dropped) == 2 and set(counted.dropped.values()) == {"replaced"}
    assert set(counted.votes) == week.week.votable()


def test_votes_of_refuses_an_open_vote() -> None:
    with pytest.raises(Refused, match=r"vote\.not_closed"):
        tally.votes_of(Chronicle(), [])
