"""The public beacon comes in as a file: only a round that its chain signed, only the draw's own round, only after the gates."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from showground.commands import beacon
from showground.quiz import jobs
from showground.quiz.actions import draw as acts
from showground.quiz.models import Draw
from showground.rules import draws
from showground.rules.refused import Refused
from tests.harness.between import meanwhile
from tests.intake.conftest import folder as folder
from tests.quiz import played
from tests.quiz.played import HOUR, Stage, text_of
from tests.quiz.played import stage as stage
from tests.quiz.test_draw import played as play
from tests.quiz.test_draw import said

# drand quicknet, 15 September 2023; the same round as in tests/tlog.
ROUND = 657413
SIGNATURE = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
RANDOMNESS = "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587"
TIME = draws.time_of_round(draws.QUICKNET, ROUND)


@pytest.fixture
def before_the_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log of the real world whose calendar ends just before the round of 2023."""
    monkeypatch.setattr(played, "START", TIME - 31 * HOUR)


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log whose times are not invented, as a beacon demands."""
    monkeypatch.setattr(played, "CLOCK_WORD", None)


def quiz_by_beacon(stage: Stage) -> Any:
    change = {"beacon": dict(draws.QUICKNET), "draws_at": TIME - 1}
    return stage.prize_quiz(opens=TIME - 30 * HOUR, draw_change=change)


def test_a_round_that_is_handed_in_decides_its_draw(before_the_round: None, real: None, stage: Stage, tmp_path: Path) -> None:
    quiz = quiz_by_beacon(stage)
    play(stage, quiz, people=4, failed=0)
    stage.turn(4)
    assert beacon.waited_for() == [(quiz.draw.code, ROUND, TIME)]
    file = tmp_path / "round.json"
    file.write_text(json.dumps({"round": ROUND, "signature": SIGNATURE, "randomness": RANDOMNESS}))
    assert beacon.take(beacon.rounds_in(file.read_text())) == [ROUND]
    stage.at(TIME - 2)
    stage.turn()
    assert not said("draw.beacon"), "chance does not speak before its time"
    stage.at(TIME + 1)
    stage.turn(3)
    assert said("draw.beacon")[0]["randomness"] == RANDOMNESS
    assert len(said("draw.result")[0]["winners"]) == 3
    from tests.quiz.played import Browser, draw_home

    assert RANDOMNESS in text_of(Browser().get(draw_home(quiz.draw)))


def test_a_wrong_round_a_forged_signature_and_a_die_out_of_turn_are_refused(
    before_the_round: None, real: None, stage: Stage
) -> None:
    quiz = quiz_by_beacon(stage)
    play(stage, quiz, people=2, failed=0)
    stage.turn(4)
    stage.at(TIME + 1)
    draw = Draw.objects.get(quiz=quiz)
    for number, signature, code in (
        (ROUND + 1, SIGNATURE, r"draw\.round"),
        (ROUND, "b" + "0" * 95, r"draw\.signature"),
        (ROUND, SIGNATURE[:-2], r"draw\.signature"),
        (ROUND, "zz", r"draw\.signature"),
    ):
        with pytest.raises(Refused, match=code), CaptureQueriesContext(connection) as asked:
            acts.take_beacon(draw, number=number, signature=signature, at=stage.now)
        assert not [one for one in asked.captured_queries if "ROLLBACK" in one["sql"]], "the database is not held for a pairing"
    with pytest.raises(Refused, match=r"draw\.chain"):
        acts.throw_dice(draw, throws="1" * 24, by=stage.people["organiser"], at=stage.now)
    stage.at(TIME + 25 * HOUR)
    acts.throw_dice(draw, throws="123456" * 4, by=stage.people["organiser"], at=stage.now)
    stage.turn(2)
    assert said("draw.result"), "a beacon that is silent for a day is replaced by a die"


def test_a_die_that_falls_while_a_signature_is_checked_decides(before_the_round: None, real: None, stage: Stage) -> None:
    quiz = quiz_by_beacon(stage)
    play(stage, quiz, people=1, failed=0)
    stage.turn(4)
    stage.at(TIME + 25 * HOUR)
    draw = Draw.objects.get(quiz=quiz)

    def thrown() -> None:
        acts.throw_dice(draw, throws="123456" * 4, by=stage.people["organiser"], at=stage.now)

    with pytest.raises(Refused, match=r"draw\.twice"), meanwhile("RELEASE SAVEPOINT", thrown):
        acts.take_beacon(draw, number=ROUND, signature=SIGNATURE, at=stage.now)
    assert [one["kind"] for one in said("draw.beacon")] == ["dice"]


@pytest.mark.parametrize(
    "text", ["", "{}", "[]x", '{"round": "1", "signature": ""}', '{"round": 1}', '[{"round": true, "signature": "a"}]']
)
def test_a_file_that_holds_no_round_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"beacon\.shape"):
        beacon.rounds_in(text)


def test_a_forged_file_is_not_kept(stage: Stage) -> None:
    with pytest.raises(Refused, match=r"draw\.signature"):
        beacon.take([{"round": ROUND, "signature": "b" + "0" * 95}])
    with pytest.raises(Refused, match=r"draw\.signature"):
        beacon.take([{"round": ROUND, "signature": SIGNATURE, "randomness": "0" * 64}])
    assert not jobs.beacon_file(draws.QUICKNET["chain"], ROUND).exists() and sys
