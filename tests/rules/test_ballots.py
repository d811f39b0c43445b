from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.rules.ballots import REASONS, admissible, ballot_of, check_choices
from showground.rules.refused import Refused
from tests.rules.sample import CATEGORY_OF, CODES, ballot, casts, rule

PICTURES = [code for code in CODES if CATEGORY_OF[code] == "picture"]


def refused(**changes: object) -> Refused:
    chosen = changes.pop("choices")
    with pytest.raises(Refused) as no:
        check_choices(rule(**changes), CATEGORY_OF, chosen)  # type: ignore[arg-type]
    return no.value


def test_check_choices_takes_as_many_works_per_category_as_the_rule_says() -> None:
    check_choices(rule(), CATEGORY_OF, CODES[:9])


def test_check_choices_takes_an_empty_ballot() -> None:
    check_choices(rule(), CATEGORY_OF, [])


def test_check_choices_refuses_a_fourth_work_of_a_category_and_names_it() -> None:
    no = refused(choices=PICTURES[:4])
    assert (no.code, no.facts) == ("ballot.too_many", {"most": 3, "chosen": 4, "category": "picture"})


def test_check_choices_counts_over_the_ballot_when_the_rule_says_so() -> None:
    check_choices(rule(limit__per="ballot"), CATEGORY_OF, CODES[:3])
    assert refused(limit__per="ballot", choices=CODES[:4]).facts == {"most": 3, "chosen": 4}


def test_check_choices_refuses_an_unknown_entry_and_names_it() -> None:
    no = refused(choices=[CODES[0], "zzzzzz"])
    assert (no.code, no.facts) == ("ballot.choice_unknown", {"entry": "zzzzzz"})


def test_check_choices_refuses_a_work_named_twice() -> None:
    assert refused(choices=[CODES[0], CODES[0]]).code == "ballot.choice_twice"


def test_admissible_counts_the_last_cast_of_a_voter_in_a_scope() -> None:
    cast = [ballot(1, "a", CODES[:1]), ballot(2, "b", CODES[:1]), ballot(3, "a", CODES[1:2])]
    counted, dropped = admissible(rule(), CATEGORY_OF, cast)
    assert [b.index for b in counted] == [2, 3]
    assert dropped == {1: "replaced"}


def test_admissible_counts_a_voter_once_in_each_scope() -> None:
    cast = [ballot(1, "a", CODES[:1], "2026-09-01"), ballot(2, "a", CODES[:1], "2026-09-02")]
    assert len(admissible(rule(), CATEGORY_OF, cast)[0]) == 2


def test_admissible_lets_an_empty_ballot_withdraw_an_earlier_one() -> None:
    counted, dropped = admissible(rule(), CATEGORY_OF, [ballot(1, "a", CODES[:1]), ballot(2, "a", [])])
    assert [b.choices for b in counted] == [()]
    assert dropped == {1: "replaced"}


@pytest.mark.parametrize(
    ("choices", "channel", "reason"),
    [(["zzzzzz"], "email", "choice_unknown"), (PICTURES[:4], "email", "too_many"), (CODES[:1] * 2, "email", "choice_twice"),
     (CODES[:1], "post", "channel"), (None, "email", "unopened")],
)  # fmt: skip
def test_admissible_drops_a_cast_that_breaks_the_rule_and_keeps_the_earlier_one(
    choices: list[str], channel: str, reason: str
) -> None:
    cast = [ballot(1, "a", CODES[:1]), ballot(2, "a", choices, channel=channel)]
    counted, dropped = admissible(rule(), CATEGORY_OF, cast)
    assert [b.index for b in counted] == [1]
    assert dropped == {2: reason}


def test_admissible_drops_casts_beyond_the_rules_number() -> None:
    cast = [ballot(n, "a", CODES[:1]) for n in range(4)]
    counted, dropped = admissible(rule(casts=3), CATEGORY_OF, cast)
    assert [b.index for b in counted] == [2]
    assert dropped[3] == "casts"


@given(casts, st.randoms(use_true_random=False))
def test_admissible_does_not_depend_on_the_order_in_which_ballots_arrive(cast: list, order: random.Random) -> None:
    shuffled = list(cast)
    order.shuffle(shuffled)
    assert admissible(rule(), CATEGORY_OF, shuffled) == admissible(rule(), CATEGORY_OF, cast)


@given(casts)
def test_admissible_counts_or_explains_every_ballot_once(cast: list) -> None:
    counted, dropped = admissible(rule(), CATEGORY_OF, cast)
    assert sorted([*(b.index for b in counted), *dropped]) == [b.index for b in cast]
    assert set(dropped.values()) <= set(REASONS)
    assert len({(b.voter, b.scope) for b in counted}) == len(counted)


def test_ballot_of_reads_live_choices_and_opened_ones() -> None:
    record = {"voter": "v", "scope": "week", "channel": "email", "replaces": 3}
    assert ballot_of(9, record | {"choices": ["a"]}).choices == ("a",)
    assert ballot_of(9, record | {"commit": "c"}, {"choices": ["b"]}).choices == ("b",)
    assert ballot_of(9, record | {"commit": "c"}).choices is None
    assert ballot_of(9, record).replaces == 3
