"""Quizzes and draws that somebody tampered with: each attack is caught offline, by the step and by its name."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from showground.rules import quizzes, records
from showground.rules.records import Record
from showground.verify import verdict
from showground.verify.case import FAIL, GAP, NOT_YET, PASS
from showground.verify.checks import Outcome
from tests.harness import mutation
from tests.harness.quiz_week import DRAND, DRAW, QUIZ, ROUND, ROUND_TIME, STEPS, QuizWeek, question
from tests.harness.week import DAY, Week, sealed_again
from tests.verify.test_checks import lie, verified

Play = Callable[[], QuizWeek]


def step(outcome: Outcome, name: str) -> tuple[str, str]:
    """The word of a step and its findings in one line."""
    found = next(step for step in outcome.steps if step.name == name)
    return found.word, " | ".join(finding.text for finding in found.findings)


def checked(week: QuizWeek) -> Outcome:
    return verified(week.files())


# ---- quizzes that hold ----


@pytest.mark.parametrize("beacon", ["dice", "drand"])
def test_a_whole_quiz_and_its_draw_hold(beacon: str) -> None:
    outcome = checked(QuizWeek(beacon=beacon).play())
    assert verdict.exit_code(outcome) == 0
    assert step(outcome, "quizzes")[0] == step(outcome, "draws")[0] == PASS
    assert "12 attempts re-scored, each as published" in step(outcome, "quizzes")[1]
    assert ("round 657413 of drand is signed by its chain" in step(outcome, "draws")[1]) == (beacon == "drand")


def test_a_week_with_a_quiz_after_it_is_verified_whole() -> None:
    outcome = verified(QuizWeek(voters=3, days=0).run().play().files())
    assert verdict.first_line(outcome) == "VERIFIED (rehearsal: times are invented)"
    assert {found.word for found in outcome.steps} == {PASS}


def test_a_week_without_a_quiz_says_so_in_one_line() -> None:
    outcome = verified(Week(voters=2, days=0).run("announced").files())
    assert step(outcome, "quizzes") == (PASS, "there is no quiz in this log")
    assert step(outcome, "draws") == (PASS, "there is no draw in this log")
    assert "Quizzes and draws" not in verdict.as_text(outcome)


@pytest.mark.parametrize("until", STEPS[:-1])
def test_an_unfinished_quiz_is_verified_so_far(until: str) -> None:
    outcome = checked(QuizWeek(beacon="drand").play(until))
    assert verdict.exit_code(outcome) == 0, verdict.as_text(outcome)
    assert NOT_YET in {step(outcome, name)[0] for name in ("quizzes", "draws")}


@pytest.mark.parametrize("beacon", ["dice", "drand"])
@pytest.mark.parametrize(("entrants", "winners", "alternates"), [(0, 0, 0), (1, 1, 0), (2, 2, 0), (4, 3, 0), (5, 3, 1)])
def test_a_draw_of_few_tickets_gives_each_at_most_one_prize(beacon: str, entrants: int, winners: int, alternates: int) -> None:
    week = QuizWeek(beacon=beacon, entrants=entrants, losers=0).play()
    assert week.draw.result is not None
    said = week.draw.result[1]
    assert (len(said["winners"]), len(said["alternates"])) == (winners, alternates)
    assert verdict.exit_code(checked(week)) == 0


def test_an_empty_pool_needs_no_beacon() -> None:
    week = QuizWeek(entrants=0).play("frozen")
    week.play("revealed", start="result")
    assert verdict.exit_code(checked(week)) == 0


def test_the_verdict_shows_every_position_drawn() -> None:
    week = QuizWeek(beacon="drand").play()
    outcome = checked(week)
    told = verdict.as_json(outcome)["numbers"]
    assert told["quizzes"] == {QUIZ: {"attempts": 12, "passed": 9, "struck": 1, "rescored": 12}}
    drawn = told["draws"][DRAW]["drawn"]
    assert [row[2:] for row in drawn[:3]] == [["first", "expired"], ["second", "handed_over"], ["second", "handed_over"]]
    assert all(week.draw.tickets[position - 1] == index for position, index, *_ in drawn)
    assert f"position {drawn[0][0]}, entry {drawn[0][1]}  first  expired" in verdict.as_text(outcome)


# ---- what the order of the records gives away ----


def edited(kind: str, nth: int = 0, by: str = "drand", **fields: object) -> Play:
    return lambda: QuizWeek(beacon=by, edit=lie(kind, nth, **fields)).play()


def then(until: str, more: Callable[[QuizWeek], object], beacon: str = "drand") -> Play:
    """A week played up to a step; then something that no honest door would take."""

    def play() -> QuizWeek:
        week = QuizWeek(beacon=beacon).play(until)
        more(week)
        week.witness("end", week.draws_at + 7 * DAY)
        return week

    return play


def _again(week: QuizWeek, kind: str, **changes: object) -> None:
    """A second record like the last of its type, changed."""
    last = [r for e in week.entries if (r := records.parse(e))["type"] == kind][-1]
    week.force_record(last | changes)


def _late_attempt(week: QuizWeek) -> None:
    week.force("quiz.attempt", quiz=QUIZ, passed=True, commit="ab" * 32)


def _late_strike(week: QuizWeek) -> None:
    index = week.draw.tickets[0]
    week.force("quiz.entry_struck", quiz=QUIZ, index=index, reason_code="dislike", rule="none")


def _late_restore(week: QuizWeek) -> None:
    week.force("quiz.entry_restored", quiz=QUIZ, index=next(iter(week.quiz.struck)), reason_code="friend")


def _late_seed(week: QuizWeek) -> None:
    week.force("draw.seed_committed", draw=DRAW, party="organiser", commit="ab" * 32)


def _wrong_claim(week: QuizWeek) -> None:
    assert week.draw.result is not None
    week.force("draw.claim", draw=DRAW, position=week.draw.result[1]["alternates"][0], prize="first", state="notified")


def _one_committed(week: QuizWeek) -> None:
    """The notary commits and opens; only then does the organiser choose a seed."""
    seed, salt = week.seeds["notary"]
    opening = records.draw_seed(week.origin, DRAW, "notary", seed, salt)
    week.append("draw.seed_committed", draw=DRAW, party="notary", commit=records.commitment(opening))
    week.witness("committed", week.made["draw"]["commit_by"] - 60)
    week.append("draw.seed_opened", draw=DRAW, party="notary", seed=seed, salt=salt)
    _late_seed(week)


OTHER_CHAIN = {"kind": "drand", "chain": "ab" * 32, "round": ROUND}
NEXT_ROUND = {"kind": "drand", "chain": DRAND["chain_hash"], "round": ROUND + 1}
BY_ORDER: list[tuple[str, Play, str]] = [
    ("late entry", then("closed", _late_attempt), "late entry: quiz.late_entry"),
    ("late entry after the draw", then("result", _late_attempt), "late entry: quiz.late_entry"),
    ("strike after freezing", then("frozen", _late_strike), "strike after the pool was frozen: draw.struck_late"),
    ("strike after the round", then("chance", _late_strike), "strike after the pool was frozen: draw.struck_late"),
    ("restored after the round", then("chance", _late_restore), "strike after the pool was frozen: draw.struck_late"),
    ("another pool", edited("draw.pool_frozen", pool_sha256="ab" * 32), "altered pool: draw.pool_differs"),
    ("another count", edited("draw.pool_frozen", count=9), "altered pool: draw.pool_differs"),
    ("the next round, frozen", edited("draw.pool_frozen", beacon=NEXT_ROUND), "wrong round: draw.round"),
    ("another chain, frozen", edited("draw.pool_frozen", beacon=OTHER_CHAIN), "wrong round: draw.round"),
    ("the next round, used", edited("draw.beacon", round=ROUND + 1), "wrong round: draw.round"),
    ("another chain, used", edited("draw.beacon", chain="ab" * 32), "another beacon than the rule's: draw.chain"),
    ("other randomness", edited("draw.beacon", randomness="ab" * 32), "forged beacon: draw.randomness"),
    ("more prizes than ruled", edited("draw.pool_frozen", prizes=4), "changed rules: draw.rules_differ"),
    ("another rule named", edited("draw.pool_frozen", rules_sha256="ab" * 32), "changed rules: draw.rules_differ"),
    ("two roots, frozen twice", then("frozen", lambda w: _again(w, "draw.pool_frozen", count=3)), "second draw: draw.twice"),
    ("a second beacon", then("chance", lambda w: _again(w, "draw.beacon")), "second draw: draw.twice"),
    ("a second result", then("result", lambda w: _again(w, "draw.result", winners=[1])), "second draw: draw.twice"),
    ("a second pool after it", then("result", lambda w: _again(w, "draw.pool_frozen")), "second draw: draw.twice"),
    ("other winners", edited("draw.result", winners=[1, 2, 3]), "altered result: draw.result_differs"),
    ("another seed string", edited("draw.result", seed_text="ab" * 32), "altered result: draw.result_differs"),
    ("a seed opened as another", edited("draw.seed_opened", seed="ab" * 32), "seed grinding: draw.seed_differs"),
    ("a seed bound after opening", then("frozen", _one_committed), "seed grinding: draw.seed_late"),
    ("a seed opened after chance", then("chance", lambda w: _again(w, "draw.seed_opened")), "seed grinding: draw.seed_late"),
    ("two seeds of a party", then("committed", _late_seed), "seed grinding: draw.seed_twice"),
    ("a throw too many", edited("draw.beacon", by="dice", throws="6" * 25), "dice grinding: draw.throws"),
    ("a second key", then("announced", lambda w: _again(w, "quiz.key_committed")), "swapped key: quiz.key_swapped"),
    ("a second reveal", then("revealed", lambda w: _again(w, "quiz.key_revealed")), "swapped key: quiz.key_swapped"),
    ("rules said twice", then("announced", lambda w: _again(w, "quiz.rules")), "changed rules: quiz.rules_twice"),
    ("an alternate before the winner", then("result", _wrong_claim), "winner passed over: draw.claim_position"),
]


@pytest.mark.parametrize(("play", "named"), [row[1:] for row in BY_ORDER], ids=[row[0] for row in BY_ORDER])
def test_an_attack_is_named_by_the_order_of_the_records(play: Play, named: str) -> None:
    outcome = checked(play())
    word, text = step(outcome, "records")
    assert word == FAIL and named in text, verdict.as_text(outcome)
    assert verdict.exit_code(outcome) == 1


def test_two_roots_shown_to_two_people_are_a_fork() -> None:
    """The same log, but the entry struck before the pool was frozen is another one: the other's signed root does not fit here."""

    def frozen(place: int) -> QuizWeek:
        week = QuizWeek(beacon="drand").play("closed")
        week.strike(week.quiz.passed[place])
        week.append("draw.pool_frozen", **quizzes.pool_frozen(week.quiz))
        week.witness("frozen", week.made["freezes"] + 30)
        return week

    here, there = frozen(0), frozen(1)
    size = max(here.notes)
    assert size == max(there.notes) and here.notes[size] != there.notes[size]
    here.play("revealed", start="committed")
    files = here.files()
    outcome = verified(sealed_again(files | {f"checkpoints/{size}": there.notes[size]}))
    word, text = step(outcome, "growth")
    assert word == FAIL and "a fork" in text and "another root" in text


# ---- what times and witnesses give away ----


def timed(**made: object) -> Play:
    return lambda: QuizWeek(**({"beacon": "drand"} | made)).play()  # type: ignore[arg-type]


AFTER_ROUND = {"frozen": DAY, "committed": 7400, "opened": 3900, "chance": 300, "result": 300}


def _late_by_the_clock() -> QuizWeek:
    week = QuizWeek(beacon="drand").play("attempts")
    week.witness("late", week.made["closes"] + week.made["grace"] + 60)
    week.delays["closed"] = 1000
    week.attempt(99, True)
    return week.play("closed", start="closed")


def _twin() -> QuizWeek:
    week = QuizWeek(beacon="drand").play("attempts")
    week.append_record(records.parse(week.entries[-1]))
    return week.play("closed", start="closed")


def _later(until: str, at: int) -> QuizWeek:
    """A week played up to a step; much later another record is witnessed."""
    week = QuizWeek(beacon="drand").play(until)
    week.append("key.declared", role="statement", vkey=week.statement_key.vkey)
    week.witness("later", at)
    return week


def _withheld(until: str) -> Play:
    def play() -> QuizWeek:
        return _later(until, ROUND_TIME + 24 * 3600 + 1)

    return play


def _dice_for_drand(wait: int) -> QuizWeek:
    week = QuizWeek(beacon="drand").play("opened")
    week.append("draw.beacon", draw=DRAW, kind="dice", throws="123456" * 4)
    week.witness("chance", ROUND_TIME + wait)
    week.append("draw.result", **quizzes.result(week.draw))
    week.witness("result", ROUND_TIME + wait + 60)
    return week


def _forged() -> QuizWeek:
    """Another valid point of the group as signature, with the randomness that goes with it."""
    forged = bytes([int(DRAND["beacon"]["signature"][:2], 16) ^ 0x20]) + bytes.fromhex(DRAND["beacon"]["signature"])[1:]
    week = QuizWeek(beacon="drand").play("opened")
    week.append("draw.beacon", **week.said_beacon() | {"signature": forged.hex(), "randomness": records.sha256_hex(forged)})
    return week.play("result", start="result")


def _closed_log(until: str) -> Play:
    def play() -> QuizWeek:
        week = QuizWeek(beacon="drand").play(until)
        week.append("log.closed", final_count=len(week.entries) + 1, reason="over")
        week.witness("over", ROUND_TIME + 3600)
        return week

    return play


BY_TIME: list[tuple[str, Play, str, str]] = [
    ("late entry", _late_by_the_clock, "quizzes", "late entry: phish-quiz had ended"),
    ("early entry", timed(delays={"attempts": -DAY - 600}), "quizzes", "early entry"),
    ("two tickets for one attempt", _twin, "quizzes", "two tickets for one attempt"),
    ("rules after the opening", timed(delays={"announced": 7200}), "quizzes", "late rules"),
    ("key after the opening", timed(delays={"announced": 7200}), "quizzes", "late key"),
    ("closed before its time", timed(delays={"closed": -300}), "quizzes", "closed before its time"),
    ("pool before its time", timed(delays={"frozen": -300}), "draws", "frozen before its time"),
    ("pool after the round", timed(delays=AFTER_ROUND), "draws", "pool frozen after the round"),
    ("pool in the very second", timed(delays={"frozen": DAY - 29, "committed": 7300, "opened": 3700}), "draws", "pool frozen after"),
    ("seed bound after the round", timed(delays={"committed": 7300, "opened": 3700}), "draws", "a seed committed late"),
    ("seed opened after the round", timed(delays={"opened": 3670}), "draws", "seed grinding: a seed opened late"),
    ("seeds opened unbound", timed(skip_witness={"committed"}), "draws", "seed grinding: a seed was opened before"),
    ("dice before the seeds", timed(beacon="dice", skip_witness={"opened"}), "draws", "seed grinding: witnesses had not seen"),
    ("dice before their time", timed(beacon="dice", delays={"chance": -120}), "draws", "clock set back"),
    ("beacon before its round", timed(delays={"chance": -120}), "draws", "clock set back"),
    ("forged beacon", _forged, "draws", "forged beacon: the signature of round 657413"),
    ("withheld beacon", _withheld("opened"), "draws", "withheld beacon"),
    ("withheld pool", _withheld("closed"), "draws", "withheld pool"),
    ("withheld result", _withheld("chance"), "draws", "withheld result"),
    ("dice too soon", lambda: _dice_for_drand(23 * 3600), "draws", "withheld beacon: dice were thrown before"),
    ("log closed without a draw", _closed_log("opened"), "draws", "withheld beacon"),
    ("log closed without the key", _closed_log("result"), "quizzes", "withheld key"),
    ("log closed in a quiz", _closed_log("attempts"), "quizzes", "has not closed"),
]  # fmt: skip


@pytest.mark.parametrize(("play", "name", "named"), [row[1:] for row in BY_TIME], ids=[row[0] for row in BY_TIME])
def test_an_attack_is_named_by_witnesses_and_times(play: Play, name: str, named: str) -> None:
    outcome = checked(play())
    word, text = step(outcome, name)
    assert word == FAIL and named in text, verdict.as_text(outcome)
    assert verdict.exit_code(outcome) == 1


@pytest.mark.parametrize(("before", "word"), [(6, PASS), (5, FAIL), (0, FAIL)])
def test_seeds_are_opened_before_the_round_by_more_than_clocks_may_differ(before: int, word: str) -> None:
    week = QuizWeek(beacon="drand", rules={"grace": 4000})
    week.delays["opened"] = ROUND_TIME - before - (week.made["draw"]["open_by"] - 60)
    told, text = step(checked(week.play()), "draws")
    assert told == word and ("seed grinding: a seed opened late" in text) == (word == FAIL)


@pytest.mark.parametrize(("beacon", "dice"), [("dice", True), ("drand", False)])
def test_what_is_left_to_believe_of_a_draw_is_said(beacon: str, dice: bool) -> None:
    said = verdict.weakest(checked(QuizWeek(beacon=beacon).play("announced")))
    assert any("people behind the tickets" in line for line in said)
    assert any(line.startswith("the dice") for line in said) == dice


def test_a_beacon_that_is_late_is_not_yet_withheld() -> None:
    outcome = checked(_later("opened", ROUND_TIME + 24 * 3600))
    assert step(outcome, "draws")[0] == NOT_YET and verdict.exit_code(outcome) == 0


def test_dice_after_a_silent_drand_are_a_gap_that_names_the_round() -> None:
    word, text = step(checked(_dice_for_drand(24 * 3600 + 60)), "draws")
    assert word == GAP and f"dice instead of drand round {ROUND}" in text


@pytest.mark.parametrize("committed", [False, True])
def test_a_party_that_does_not_open_is_left_out_and_named(committed: bool) -> None:
    week = QuizWeek(beacon="drand").play("frozen")
    kept = dict(week.seeds)
    if not committed:
        del week.seeds["notary"]
    week.play("committed", start="committed")
    week.seeds = {"organiser": kept["organiser"]}
    week.play("revealed", start="opened")
    word, text = step(checked(week), "draws")
    assert word == GAP and "notary " + ("committed to a seed and did not open it" if committed else "put in no seed") in text


@pytest.mark.parametrize(
    ("delays", "name", "text"),
    [
        ({"closed": 700}, "quizzes", "the close of phish-quiz was witnessed 130 s beyond the grace"),
        ({"frozen": 700}, "draws", "the pool of phish-draw was witnessed 130 s beyond the grace"),
        ({"committed": 700, "opened": 10}, "draws", "the seed of notary was committed 40 s beyond commit_by and the grace"),
        ({"opened": 700}, "draws", "the seed of organiser was opened 40 s beyond open_by and the grace"),
    ],
    ids=["close", "pool", "commit", "open"],
)
def test_what_was_late_but_before_chance_is_a_gap(delays: dict[str, int], name: str, text: str) -> None:
    outcome = checked(QuizWeek(beacon="drand", delays=delays).play())
    word, told = step(outcome, name)
    assert word == GAP and text in told and verdict.exit_code(outcome) == 0


def test_a_key_that_stays_sealed_after_every_prize_is_a_gap() -> None:
    word, text = step(checked(_later("claims", ROUND_TIME + 24 * 3600 + 14 * DAY + 1)), "quizzes")
    assert word == GAP and "withheld key" in text


def test_drand_in_a_log_of_invented_times_is_refused() -> None:
    drand, week = QuizWeek(beacon="drand").made, QuizWeek().play("announced")
    week.entries, week.notes = week.entries[:1], {}
    week.force("quiz.rules", quiz=QUIZ, rules=drand, rules_sha256=records.commitment(drand))
    week.witness("end", ROUND_TIME)
    assert "draw.invented_clock" in step(checked(week), "records")[1]


# ---- what the revealed key gives away ----


def revealed(change: Callable[[QuizWeek], None]) -> Play:
    def play() -> QuizWeek:
        week = QuizWeek(beacon="drand").play("claims")
        change(week)
        return week.play("revealed", start="revealed")

    return play


def _other_right_answer(week: QuizWeek) -> None:
    """The questions revealed call another option right than those committed to."""
    week.questions = copy.deepcopy(week.questions)
    for asked in week.questions:
        asked["options"][0]["credit"], asked["options"][1]["credit"] = [0, 1], [1, 1]


def _other_key(week: QuizWeek) -> None:
    _other_right_answer(week)
    week.key = records.quiz_key(week.origin, QUIZ, week.questions, week.salt())


def _more_questions(week: QuizWeek) -> None:
    week.questions = [*week.questions, question(9)]


def _broken_question(week: QuizWeek) -> None:
    week.questions = [{**week.questions[0], "kind": "riddle"}, *week.questions[1:]]


def _first_attempt(week: QuizWeek, **changes: object) -> None:
    index = min(week.attempts)
    week.attempts[index] = week.attempts[index] | changes


def _lost_attempt(week: QuizWeek) -> None:
    del week.attempts[min(week.attempts)]


def _swapped_order(week: QuizWeek) -> None:
    week.attempts = dict(reversed(week.attempts.items()))


REVEALED: list[tuple[str, Play, str]] = [
    ("other right answers", revealed(_other_right_answer), "swapped key: a question is not the one that the key names"),
    ("another key", revealed(_other_key), "swapped key: what was revealed is not what was committed to"),
    ("a question more", revealed(_more_questions), "swapped key: a question is not the one"),
    ("a question that is none", revealed(_broken_question), "swapped key: question.field"),
    ("another commitment", edited("quiz.key_committed", commit="ab" * 32), "swapped key: what was revealed"),
    ("altered answers", revealed(lambda w: _first_attempt(w, answers=[{}, {}, {}])), "altered answers: the opening does not fit"),
    ("altered secret", revealed(lambda w: _first_attempt(w, claim="ab" * 32)), "altered answers: the opening does not fit"),
    ("altered seed", revealed(lambda w: _first_attempt(w, seed="ab" * 32)), "altered answers: the opening does not fit"),
    ("an attempt left out", revealed(_lost_attempt), "altered answers: 11 openings, 12 attempts"),
    ("attempts in another order", revealed(_swapped_order), "altered answers: the opening does not fit"),
]  # fmt: skip


@pytest.mark.parametrize(("play", "named"), [row[1:] for row in REVEALED], ids=[row[0] for row in REVEALED])
def test_a_key_or_an_answer_that_was_changed_is_named(play: Play, named: str) -> None:
    outcome = checked(play())
    word, text = step(outcome, "quizzes")
    assert word == FAIL and named in text, verdict.as_text(outcome)


def attempted(passed: bool, right: int, **changes: object) -> Play:
    """A quiz in which one attempt is committed to with other content than honest ones have."""

    def play() -> QuizWeek:
        week = QuizWeek(beacon="drand", entrants=4).play("attempts")
        opening: Record = week.opening(77, right) | changes
        index = week.append("quiz.attempt", quiz=QUIZ, passed=passed, commit=records.commitment(opening))
        week.attempts[index] = opening
        return week.play("revealed", start="closed")

    return play


WRONG_SCORES: list[tuple[str, Play, str]] = [
    ("a friend who failed", attempted(True, 1), "wrong score: published as passed with 1 right of 2 needed"),
    ("a stranger who passed", attempted(False, 3), "wrong score: published as failed with 3 right of 2 needed"),
    ("answers that are none", attempted(True, 3, answers=[{"choice": 7}, 1, []]), "published as passed with 0 right"),
    ("questions picked by hand", attempted(True, 3, items=["q01", "q02", "q03"]), "hand-picked questions"),
    ("too few answers", attempted(True, 3, answers=[]), "0 answers"),
    ("no list of answers", attempted(True, 3, answers="all right"), "no answers"),
    ("another quiz", attempted(True, 3, quiz="easy"), "not the opening of an attempt at this quiz"),
    ("a field more", attempted(True, 3, name="Ann"), "not the opening of an attempt at this quiz"),
    ("no seed", attempted(True, 3, seed="0"), "hand-picked questions"),
]  # fmt: skip


@pytest.mark.parametrize(("play", "named"), [row[1:] for row in WRONG_SCORES], ids=[row[0] for row in WRONG_SCORES])
def test_an_attempt_that_scores_otherwise_is_named(play: Play, named: str) -> None:
    word, text = step(checked(play()), "quizzes")
    assert word == FAIL and named in text


def test_a_missing_key_asset_ends_the_check_and_is_named() -> None:
    files = QuizWeek(beacon="drand").play().files()
    gone = next(name for name in files if name.startswith("assets/"))
    del files[gone]
    outcome = verified(sealed_again(files))
    assert verdict.exit_code(outcome) == 2 and outcome.unreadable is not None and outcome.unreadable.file == gone


def test_an_asset_with_another_hash_is_named() -> None:
    week = QuizWeek(beacon="drand").play()
    week.assets = {name: data + b"{}\n" for name, data in week.assets.items()}
    assert "another hash" in step(checked(week), "quizzes")[1]


def test_no_changed_byte_of_a_quiz_passes() -> None:
    files = QuizWeek(beacon="drand", entrants=6).play().files()
    with mutation.remembered_signatures(), mutation.remembered_records():
        for change in mutation.drawn(files, 40, 5, but="MANIFEST"):
            if change.file != "README.txt":
                assert verdict.exit_code(mutation.verified(mutation.changed(files, change, True))) == 1, change
