from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from showground.rules import records
from showground.tlog import policy
from showground.verify.__main__ import main
from showground.verify.bundle import Bundle
from showground.verify.case import Case
from showground.verify.checks import check
from showground.verify.receipt import Lights, check_receipt, extra
from tests.harness.quiz_week import QuizWeek
from tests.harness.week import Week


@pytest.fixture(scope="module")
def week() -> Week:
    return Week(voters=4, days=0).run()


@pytest.fixture(scope="module")
def case(week: Week) -> Case:
    return checked(week)


def checked(week: Week) -> Case:
    files = week.files()
    return check(Bundle("memory", list(files), files.__getitem__)).case


def lights(week: Week, receipt: bytes, case: Case | None) -> list[tuple[str, str]]:
    found: Lights = check_receipt(receipt, policy.parse(week.policy), case, "mine.tlog-proof")
    return [(finding.word, finding.text) for finding in found.findings]


def ballots(week: Week) -> tuple[int, int, int]:
    """A ballot that was replaced, the one that replaced it, and one that counts at once."""
    cast = week._cast()
    last = next((i, r) for i, r in cast if "replaces" in r)
    alone = next(i for i, r in cast if "replaces" not in r and all(s.get("replaces") != i for _, s in cast))
    return last[1]["replaces"], last[0], alone


def test_a_counted_ballot_has_three_lights(week: Week, case: Case) -> None:
    _, last, alone = ballots(week)
    for index in (last, alone):
        assert [word for word, _ in lights(week, week.receipt(index), case)] == ["PASS", "PASS", "PASS"]


def test_a_replaced_ballot_says_by_which(week: Week, case: Case) -> None:
    first, last, _ = ballots(week)
    assert lights(week, week.receipt(first), case)[2] == ("PASS", f"counted: replaced by record {last}")


def test_a_live_ballot_has_three_lights() -> None:
    live = Week(voters=4, days=0, seal="live").run()
    assert [word for word, _ in lights(live, live.receipt(ballots(live)[2]), checked(live))] == ["PASS"] * 3


def test_a_receipt_without_a_bundle_has_two_lights(week: Week) -> None:
    words = [word for word, _ in lights(week, week.receipt(ballots(week)[2]), None)]
    assert words == ["PASS", "PASS", "NOT YET"]


def test_a_receipt_of_a_sealed_vote_is_not_counted_yet() -> None:
    week = Week(voters=4, days=0).run("closed")
    said = lights(week, week.receipt(ballots(week)[2]), checked(week))
    assert said[2] == ("NOT YET", "counted: the ballots are not counted yet")


def test_a_receipt_newer_than_the_bundle_says_so() -> None:
    old, new = Week(voters=4, days=0).run("announced"), Week(voters=4, days=0).run("vote")
    said = lights(new, new.receipt(ballots(new)[2]), checked(old))
    assert said[2] == ("NOT YET", "counted: the bundle is older than this ballot")


def test_a_receipt_of_a_log_that_was_rewritten_shows_a_fork(week: Week) -> None:
    def forged(index: int, record: dict) -> dict:
        return record | {"channel": "mail"} if record["type"] == "ballot.cast" and index == at else record

    at = ballots(week)[2]
    other = Week(voters=4, days=0, edit=forged).run("closed")
    assert lights(week, week.receipt(at), checked(other))[2][0] == "FAIL"


def test_a_receipt_of_another_week_fails(week: Week, case: Case) -> None:
    other = Week(voters=4, days=0, origin="other.rehearsal.invalid").run("vote")
    assert lights(other, other.receipt(ballots(other)[2]), case)[2] == ("FAIL", "counted: the bundle is of another week")


def test_no_single_byte_of_a_receipt_can_be_changed(week: Week, case: Case) -> None:
    receipt = week.receipt(ballots(week)[2])
    for at in range(0, len(receipt), 7):
        changed = bytearray(receipt)
        changed[at] ^= 1
        assert "FAIL" in [word for word, _ in lights(week, bytes(changed), case)], f"byte {at}"


def test_a_receipt_without_its_ballot_fails(week: Week, case: Case) -> None:
    receipt = week.receipt(ballots(week)[2]).split(b"\n")
    bare = b"\n".join([receipt[0], *receipt[2:]])
    assert lights(week, bare, case) == [("FAIL", "recorded: the receipt does not hold its ballot or attempt")]


def test_a_receipt_without_a_witness_is_not_witnessed(week: Week, case: Case) -> None:
    receipt = week.receipt(ballots(week)[2])
    bare = b"\n".join(line for line in receipt.split(b"\n") if b"notary.example" not in line)
    assert [word for word, _ in lights(week, bare, case)] == ["PASS", "FAIL", "PASS"]


def test_main_prints_a_receipt_alone_and_with_its_bundle(week: Week, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = week.write(tmp_path / "week")
    (tmp_path / "mine").write_bytes(week.receipt(ballots(week)[2]))
    (tmp_path / "policy").write_bytes(week.policy)
    asked = ["--receipt", str(tmp_path / "mine"), "--policy", str(tmp_path / "policy")]
    assert main(asked) == 0
    assert capsys.readouterr().out.splitlines()[0] == "VERIFIED"
    assert main([str(folder), *asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [light["word"] for light in told["receipt"]["lights"]] == ["PASS"] * 3
    (tmp_path / "mine").write_bytes(b"nonsense")
    assert main(asked) == 1
    assert main([str(folder), *asked]) == 1
    assert "NOT VERIFIED" in capsys.readouterr().out.splitlines()


# ---- attempts ----


@pytest.fixture(scope="module")
def quiz() -> QuizWeek:
    return QuizWeek(beacon="drand").play()


def told(quiz: QuizWeek, index: int, case: Case | None = None) -> tuple[str, str]:
    said = lights(quiz, quiz.entry_receipt(index), case or checked(quiz))
    assert [word for word, _ in said[:2]] == ["PASS", "PASS"]
    return said[2]


def test_a_ticket_says_where_it_stands_in_the_draw_and_what_it_won(quiz: QuizWeek) -> None:
    case, draw = checked(quiz), quiz.draw
    assert draw.result is not None
    first, second, third = draw.result[1]["winners"]
    taken, left = draw.result[1]["alternates"]
    unlucky = next(p for p in range(1, 9) if p not in {first, second, third, taken, left})
    words = {first: ", drawn: first (expired)", second: ", drawn: second (handed_over)", taken: ", drawn: first (handed_over)",
             left: ", alternate 2", unlucky: ", not drawn"}  # fmt: skip
    for position, end in words.items():
        said = told(quiz, draw.tickets[position - 1], case)
        assert said == ("PASS", f"counted: ticket {position} of 8 in phish-draw{end}")


def test_a_failed_and_a_struck_attempt_say_so(quiz: QuizWeek) -> None:
    failed = next(index for index in quiz.attempts if not quiz.quiz.has_passed(index))
    assert told(quiz, failed)[1] == "counted: an attempt that did not pass is recorded, and is no ticket"
    assert told(quiz, next(iter(quiz.quiz.struck)))[1] == "counted: struck, so it takes no part: twin"


@pytest.mark.parametrize(
    ("until", "end"), [("closed", "the list of tickets is not frozen yet"), ("opened", "the draw has not been held yet")]
)
def test_a_ticket_before_the_draw_is_not_yet_counted(until: str, end: str) -> None:
    quiz = QuizWeek(beacon="drand").play(until)
    word, text = told(quiz, quiz.quiz.passed[-1])
    assert word == "NOT YET" and text.endswith(end)


def test_a_winner_in_a_draw_without_claims_is_drawn() -> None:
    quiz = QuizWeek(beacon="drand").play("result")
    assert quiz.draw.result is not None
    winner = quiz.draw.tickets[quiz.draw.result[1]["winners"][0] - 1]
    assert told(quiz, winner)[1].endswith(", drawn: first")


@pytest.mark.parametrize("secret", ["another", "密语", 5, {}])
def test_another_secret_does_not_claim_a_ticket(quiz: QuizWeek, secret: object) -> None:
    receipt = quiz.entry_receipt(min(quiz.attempts), secret=secret)
    assert lights(quiz, receipt, None) == [("FAIL", "recorded: the secret is not the one that claims this attempt")]


def test_another_opening_or_none_does_not_fit_an_attempt(quiz: QuizWeek) -> None:
    index = min(quiz.attempts)
    other = quiz.attempts[index] | {"answers": []}
    assert "sealed with" in lights(quiz, quiz.entry_receipt(index, opening=other), None)[0][1]
    assert "with its opening" in lights(quiz, quiz.entry_receipt(index, opening=None), None)[0][1]
    leaf = json.loads(quiz.entries[index]) | {"commit": records.commitment([1])}  # type: ignore[arg-type]
    assert "secret is not" in lights(quiz, quiz.entry_receipt(index, leaf=leaf, opening=[1]), None)[0][1]


def test_a_secret_on_a_ballot_claims_nothing(week: Week) -> None:
    index = ballots(week)[2]
    leaf, opening = json.loads(week.entries[index]), week.openings[index]
    receipt = week.receipt(index).replace(base64.b64encode(extra(leaf, opening)), base64.b64encode(extra(leaf, opening, "secret")))
    assert lights(week, receipt, None) == [("FAIL", "recorded: the secret is not the one that claims this attempt")]
