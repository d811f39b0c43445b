"""What the log takes and refuses of quizzes and draws, by order and content alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showground.rules import draws, quizzes, records
from showground.rules.chronicle import Chronicle
from showground.rules.refused import Refused
from tests.harness.quiz_week import DRAW, QUIZ, STEPS, QuizWeek

SALT = "A" * 43
Act = Callable[[QuizWeek], object]


def refused(week: QuizWeek, kind: str, /, **fields: Any) -> tuple[str, dict[str, Any]]:
    size = week.week.size
    with pytest.raises(Refused) as no:
        week.append(kind, **fields)
    assert week.week.size == size
    return no.value.code, no.value.facts


def at(step: str, **made: Any) -> QuizWeek:
    return QuizWeek(**made).play(step)


# ---- quizzes ----


def test_rules_are_said_once_and_under_their_own_name() -> None:
    week = at("announced")
    digest = records.commitment(week.made)
    assert refused(week, "quiz.rules", quiz=QUIZ, rules=week.made, rules_sha256=digest)[0] == "quiz.rules_twice"
    assert refused(week, "quiz.rules", quiz="other", rules=week.made, rules_sha256=digest)[0] == "quiz.rules_other"
    other = week.made | {"quiz": "other"}
    assert refused(week, "quiz.rules", quiz="other", rules=other, rules_sha256=digest)[0] == "quiz.rules_hash"
    made = {"quiz": "other", "rules": other, "rules_sha256": records.commitment(other)}
    assert refused(week, "quiz.rules", **made) == ("draw.code_taken", {"index": 3, "draw": DRAW})
    assert refused(week, "quiz.rules", quiz="third", rules={"kind": "prize"}, rules_sha256=digest)[0] == "rules.field_missing"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("quiz.key_committed", {"commit": "ab" * 32, "questions": 6}),
        ("quiz.attempt", {"passed": True, "commit": "ab" * 32}),
        ("quiz.closed", {"attempts": 0, "passed": 0, "at": 1}),
        ("quiz.entry_struck", {"index": 1, "reason_code": "twin", "rule": "one"}),
        ("quiz.key_revealed", {"key_sha256": "ab" * 32, "openings_sha256": "ab" * 32, "count": 0}),
    ],
)
def test_a_quiz_nobody_announced_is_unknown(kind: str, fields: dict[str, Any]) -> None:
    assert refused(at("announced"), kind, quiz="nobody", **fields)[0] == "quiz.unknown"


def test_the_key_covers_the_whole_pool() -> None:
    week = QuizWeek().play("announced")
    week.week = Chronicle()
    for entry in week.entries[:2]:
        week.week.read(records.parse(entry))
    assert refused(week, "quiz.attempt", quiz=QUIZ, passed=True, commit="ab" * 32)[0] == "quiz.not_open"
    assert refused(week, "quiz.key_committed", quiz=QUIZ, commit="ab" * 32, questions=5)[0] == "quiz.pool_size"


def test_the_close_counts_what_is_there() -> None:
    week, said = at("attempts"), {"quiz": QUIZ, "attempts": 12, "passed": 9}
    closes = week.made["closes"]
    for wrong, code in (
        ({"attempts": 11}, "quiz.count"),
        ({"passed": 10}, "quiz.count"),
        ({"at": closes + 1}, "quiz.closes"),
    ):
        assert refused(week, "quiz.closed", **({**said, "at": closes} | wrong))[0] == code
    week.append("quiz.closed", **said, at=closes)
    assert refused(week, "quiz.closed", **said, at=closes)[0] == "quiz.closed_twice"
    assert refused(week, "quiz.attempt", quiz=QUIZ, passed=False, commit="ab" * 32)[0] == "quiz.late_entry"


def test_only_a_passed_attempt_can_be_struck_and_once() -> None:
    week = at("closed")
    failed = next(i for i in week.attempts if not week.quiz.has_passed(i))
    passed = week.quiz.passed[0]
    strike = {"quiz": QUIZ, "reason_code": "twin", "rule": "one ticket per person"}
    for index in (0, failed, len(week.entries), 2**50):
        assert refused(week, "quiz.entry_struck", **strike, index=index)[0] == "quiz.entry_unknown"
    assert refused(week, "quiz.entry_restored", quiz=QUIZ, index=passed, reason_code="appeal")[0] == "quiz.not_struck"
    week.append("quiz.entry_struck", **strike, index=passed)
    assert passed not in list(week.quiz.tickets())
    assert refused(week, "quiz.entry_struck", **strike, index=passed)[0] == "quiz.struck_twice"
    week.append("quiz.entry_restored", quiz=QUIZ, index=passed, reason_code="appeal")
    assert list(week.quiz.tickets()) == list(week.quiz.passed)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.booleans(), max_size=12), st.data())
def test_tickets_are_the_passed_attempts_that_are_not_struck(passed: list[bool], data: st.DataObject) -> None:
    week = at("announced")
    indexes = [week.append("quiz.attempt", quiz=QUIZ, passed=flag, commit=f"{n:064x}") for n, flag in enumerate(passed)]
    wanted = [index for index, flag in zip(indexes, passed, strict=True) if flag]
    gone = set(data.draw(st.lists(st.sampled_from(wanted), unique=True))) if wanted else set()
    for index in gone:
        week.strike(index)
    assert list(week.quiz.tickets()) == [index for index in wanted if index not in gone]
    assert all(week.quiz.has_passed(index) == (index in wanted) for index in range(week.week.size + 2))


def test_a_hundred_thousand_attempts_take_a_few_bytes_each() -> None:
    week = at("announced").week
    record = records.build("quiz.attempt", week.log, quiz=QUIZ, passed=True, commit="ab" * 32)
    for _ in range(100_000):
        week.read(record)
    assert week.quizzes[QUIZ].attempts == 100_000 and sys.getsizeof(week.quizzes[QUIZ].passed) < 1_000_000


def test_a_plain_quiz_has_no_draw_and_its_key_is_revealed_after_the_close() -> None:
    week = QuizWeek()
    week.made = {name: value for name, value in week.made.items() if name not in {"freezes", "promotion", "draw"}}
    week.made["kind"] = "plain"
    week.play("attempts")
    early = {"quiz": QUIZ, "key_sha256": "ab" * 32, "openings_sha256": "ab" * 32, "count": 12}
    assert refused(week, "quiz.key_revealed", **early)[0] == "quiz.key_early"
    week.play("closed", start="closed")
    week.play("revealed", start="revealed")
    assert week.week.draws == {}
    assert refused(week, "quiz.entry_struck", quiz=QUIZ, index=4, reason_code="twin", rule="one")[0] == "draw.struck_late"


@pytest.mark.parametrize("step", STEPS[1:7])
def test_the_key_stays_sealed_until_the_result(step: str) -> None:
    early = {"quiz": QUIZ, "key_sha256": "ab" * 32, "openings_sha256": "ab" * 32, "count": 12}
    assert refused(at(step), "quiz.key_revealed", **early)[0] == "quiz.key_early"


def test_the_key_opens_every_attempt() -> None:
    early = {"quiz": QUIZ, "key_sha256": "ab" * 32, "openings_sha256": "ab" * 32, "count": 11}
    assert refused(at("result"), "quiz.key_revealed", **early)[0] == "quiz.count"


# ---- draws ----


def test_a_pool_is_frozen_after_the_close_and_once() -> None:
    week = at("attempts")
    fields = quizzes.pool_frozen(week.quiz)
    assert refused(week, "draw.pool_frozen", **fields)[0] == "draw.pool_early"
    week.play("frozen", start="closed")
    assert refused(week, "draw.pool_frozen", **quizzes.pool_frozen(week.quiz))[0] == "draw.twice"
    assert refused(week, "draw.pool_frozen", **fields | {"draw": "other"})[0] == "draw.unknown"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"count": 3}, "draw.pool_differs"),
        ({"pool_sha256": "ab" * 32}, "draw.pool_differs"),
        ({"beacon": {"kind": "dice", "digits": 25}}, "draw.round"),
        ({"beacon": {}}, "draw.round"),
        ({"prizes": 9}, "draw.rules_differ"),
        ({"commit_by": 1}, "draw.rules_differ"),
        ({"open_by": 1}, "draw.rules_differ"),
        ({"rules_sha256": "ab" * 32}, "draw.rules_differ"),
    ],
)
def test_a_pool_says_what_log_and_rules_give(change: dict[str, Any], code: str) -> None:
    week = at("closed")
    assert refused(week, "draw.pool_frozen", **quizzes.pool_frozen(week.quiz) | change)[0] == code


def test_a_draw_belongs_to_its_quiz() -> None:
    week = at("announced")
    second = QuizWeek(seed=2)
    other = second.made | {"quiz": "other"}
    other["draw"] = other["draw"] | {"draw": "other-draw"}
    week.append("quiz.rules", quiz="other", rules=other, rules_sha256=records.commitment(other))
    week.append("quiz.key_committed", quiz="other", commit="ab" * 32, questions=6)
    week.play("closed", start="attempts")
    fields = quizzes.pool_frozen(week.quiz)
    week.append("quiz.closed", quiz="other", attempts=0, passed=0, at=other["closes"])
    assert refused(week, "draw.pool_frozen", **fields | {"draw": "other-draw"})[0] == "draw.rules_differ"


def test_seeds_are_bound_once_by_a_party_of_the_rules() -> None:
    week = at("closed")
    commit = {"draw": DRAW, "party": "notary", "commit": "ab" * 32}
    assert refused(week, "draw.seed_committed", **commit)[0] == "draw.not_frozen"
    week.play("frozen", start="frozen")
    assert refused(week, "draw.seed_committed", **commit | {"party": "friend"})[0] == "draw.party_unknown"
    week.append("draw.seed_committed", **commit)
    assert refused(week, "draw.seed_committed", **commit)[0] == "draw.seed_twice"
    opened = {"draw": DRAW, "seed": "ab" * 32, "salt": SALT}
    assert refused(week, "draw.seed_opened", **opened, party="organiser")[0] == "draw.seed_unknown"
    assert refused(week, "draw.seed_opened", **opened, party="notary")[0] == "draw.seed_differs"


def test_no_seed_moves_after_one_is_open_and_none_after_chance() -> None:
    week = at("opened")
    seed, salt = week.seeds["notary"]
    again = {"draw": DRAW, "party": "notary", "seed": seed, "salt": salt}
    assert refused(week, "draw.seed_opened", **again)[0] == "draw.seed_twice"
    week.play("chance", start="chance")
    assert refused(week, "draw.seed_opened", **again)[0] == "draw.seed_late"
    week.play("result", start="result")
    assert refused(week, "draw.seed_opened", **again)[0] == "draw.twice"


@pytest.mark.parametrize("beacon", ["dice", "drand"])
def test_nothing_is_drawn_before_chance_spoke_and_nothing_after_the_result(beacon: str) -> None:
    week = at("opened", beacon=beacon)
    with pytest.raises(Refused, match=r"draw\.beacon_missing"):
        quizzes.result(week.draw)
    early = {"draw": DRAW, "seed_text": "ab" * 32, "winners": [], "alternates": [], "sampler": "rivest-2011"}
    assert refused(week, "draw.result", **early)[0] == "draw.beacon_missing"
    week.play("result", start="chance")
    for kind, fields in (("draw.result", early), ("draw.beacon", week.said_beacon())):
        assert refused(week, kind, **fields)[0] == "draw.twice"


@pytest.mark.parametrize(("digits", "code"), [(23, "record.field"), (25, "draw.throws")])
def test_dice_are_thrown_as_often_as_the_rules_say(digits: int, code: str) -> None:
    assert refused(at("opened"), "draw.beacon", draw=DRAW, kind="dice", throws="1" * digits)[0] == code


def test_a_drand_round_is_no_answer_to_rules_that_name_dice() -> None:
    drand = QuizWeek(beacon="drand").said_beacon()
    assert refused(at("opened"), "draw.beacon", **drand)[0] == "draw.chain"


@pytest.mark.parametrize("change", [{"winners": [1]}, {"alternates": []}, {"seed_text": "ab" * 32}])
def test_a_result_is_the_one_that_follows(change: dict[str, Any]) -> None:
    week = at("chance")
    assert refused(week, "draw.result", **quizzes.result(week.draw) | change)[0] == "draw.result_differs"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9), st.integers(1, 4), st.integers(1, 4), st.integers(0, 4))
def test_the_result_follows_from_pool_seeds_and_throws(entrants: int, first: int, second: int, alternates: int) -> None:
    week = at("result", entrants=entrants, losers=0, prizes=(first, second), alternates=alternates)
    assert week.draw.result is not None and week.draw.frozen is not None
    said, tickets = week.draw.result[1], list(week.draw.tickets)
    seeds = {party: seed for party, (seed, _) in week.seeds.items()}
    text = draws.seed_text(DRAW, draws.pool_sha256(tickets), seeds, week.throws)
    assert said["seed_text"] == text
    drawn = draws.sample(text, len(tickets), min(len(tickets), first + second + alternates))
    assert said["winners"] + said["alternates"] == drawn and len(said["winners"]) == min(len(tickets), first + second)


# ---- prizes ----


def claims(week: QuizWeek) -> dict[str, Any]:
    assert week.draw.result is not None
    return {"draw": DRAW, "position": week.draw.result[1]["winners"][0], "prize": "first"}


def test_a_claim_goes_step_by_step() -> None:
    week = at("chance")
    early = {"draw": DRAW, "position": 1, "prize": "first", "state": "notified"}
    assert refused(week, "draw.claim", **early)[0] == "draw.claim_early"
    week.play("result", start="result")
    said = claims(week)
    for state in ("claimed", "checked", "handed_over", "expired", "refused"):
        assert refused(week, "draw.claim", **said, state=state)[0] == "draw.claim_order"
    for state in ("notified", "claimed", "checked", "handed_over"):
        week.append("draw.claim", **said, state=state)
        assert refused(week, "draw.claim", **said, state="notified")[0] == "draw.claim_order"
    assert refused(week, "draw.claim", **said, state="expired")[0] == "draw.claim_order"


def test_a_winner_gets_the_prize_drawn_and_nobody_else_one() -> None:
    week = at("result")
    said = claims(week)
    assert refused(week, "draw.claim", **said | {"prize": "second"}, state="notified")[0] == "draw.claim_prize"
    assert week.draw.result is not None
    for position in (0, 99, *week.draw.result[1]["alternates"]):
        assert refused(week, "draw.claim", **said | {"position": position}, state="notified")[0] == "draw.claim_position"
    week.append("draw.claim", **said, state="notified")
    assert refused(week, "draw.claim", **said | {"prize": "second"}, state="claimed")[0] == "draw.claim_prize"


def test_a_lost_prize_goes_to_the_alternates_in_order_until_there_are_none() -> None:
    week = at("result")
    assert week.draw.result is not None
    first, second = week.draw.result[1]["alternates"]
    for position, (prize, *_) in week.draw.due().items():
        week.claim(position, prize, "notified")
    assert week.draw.due() == {} and week.draw.vacant() == []
    winner = claims(week)["position"]
    week.claim(winner, "first", "expired")
    assert week.draw.due() == {first: ["first"]}
    assert refused(week, "draw.claim", draw=DRAW, position=second, prize="first", state="notified")[0] == "draw.claim_position"
    assert refused(week, "draw.claim", draw=DRAW, position=first, prize="second", state="notified")[0] == "draw.claim_prize"
    week.claim(first, "first", "notified", "claimed", "refused")
    assert week.draw.due() == {second: ["first"]}
    week.claim(second, "first", "notified", "expired")
    assert week.draw.due() == {} and week.draw.vacant() == ["first"]


def test_two_lost_prizes_wait_for_the_next_alternate() -> None:
    week = at("result")
    told = week.draw.due()
    for position, (prize, *_) in told.items():
        week.claim(position, prize, "notified", "expired")
    assert week.draw.result is not None
    first, second = week.draw.result[1]["alternates"]
    assert week.draw.due() == {first: ["first", "second", "second"]}
    week.claim(first, "second", "notified")
    assert week.draw.due() == {second: ["first", "second"]}
