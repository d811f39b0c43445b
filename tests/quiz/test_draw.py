"""A draw played through with a real door, publisher and witness: every gate waits, everything is drawn once, a stranger agrees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from showground.ledger import queries
from showground.ledger.actions.export import export_week
from showground.ledger.models import Log, Minute
from showground.ledger.queries import asset_path, chronicle
from showground.quiz import jobs
from showground.quiz.actions import close
from showground.quiz.actions import draw as acts
from showground.quiz.actions.close import opening_lines, reveal_key
from showground.quiz.models import Draw, Quiz, Sitting
from showground.rules import answers, draws, records
from showground.rules.refused import Refused
from showground.witness.ceremony import seed_note, seed_of
from showground.witness.keys import signature
from tests.harness.between import meanwhile
from tests.intake.conftest import folder as folder
from tests.quiz.played import HOUR, Browser, Stage, draw_home, home, text_of
from tests.quiz.played import stage as stage

THROWS = "123456123456123456123456"


def said(kind: str) -> list[dict[str, Any]]:
    return [records.parse(m.entry.encode()) for m in Minute.objects.filter(kind=kind)]


def played(stage: Stage, quiz: Quiz, people: int = 6, failed: int = 2) -> list[Client]:
    """So many pass and fail; the quiz is closed and its list frozen and witnessed."""
    clients = [stage.sit(quiz, right=5 if n < people else 2) for n in range(people + failed)]
    stage.at(quiz.closes + 5)
    stage.turn()
    stage.at(quiz.rules["freezes"] + 5)
    return clients


def drawn(stage: Stage, quiz: Quiz, throws: str = THROWS) -> Draw:
    """From the freeze to the revealed key."""
    stage.turn(4)
    stage.at(quiz.rules["draw"]["draws_at"] + 5)
    stage.turn()
    draw = Draw.objects.get(quiz=quiz)
    acts.throw_dice(draw, throws=throws, by=stage.people["organiser"], at=stage.now)
    stage.turn(3)
    draw.refresh_from_db()
    return draw


def test_a_draw_from_the_first_ticket_to_the_revealed_key(stage: Stage, tmp_path: Path) -> None:
    quiz = stage.prize_quiz()
    clients = played(stage, quiz)
    draw = drawn(stage, quiz)
    log = chronicle(stage.week.origin)
    state = log.draws[draw.code]
    assert state.frozen and state.frozen[1]["count"] == 6
    assert set(state.opened) == {"notary", "organiser"} and state.result is not None
    assert len(state.result[1]["winners"]) == 3 and len(state.result[1]["alternates"]) == 2
    assert {position for position in state.claims} == set(state.result[1]["winners"])
    quiz.refresh_from_db()
    assert quiz.state == Quiz.State.REVEALED
    # Anybody scores every attempt again from the two assets.
    revealed = said("quiz.key_revealed")[0]
    key = [records.parse(line) for line in asset_path(stage.week.origin, revealed["key_sha256"]).read_bytes().splitlines()]
    openings = [
        records.parse(line) for line in asset_path(stage.week.origin, revealed["openings_sha256"]).read_bytes().splitlines()
    ]
    assert records.commitment(key[0]) == said("quiz.key_committed")[0]["commit"]
    by_code = {q["code"]: q for q in key[1:]}
    for attempt, opening in zip(said("quiz.attempt"), openings, strict=True):
        assert records.commitment(opening) == attempt["commit"] and "secret" not in opening
        assert opening["items"] == draws.chosen(opening["seed"], by_code, 5)
        scores = [answers.score(by_code[c], a, opening["seed"]) for c, a in zip(opening["items"], opening["answers"], strict=True)]
        assert (sum(s == 1 for s in scores) >= 4) == attempt["passed"]
    page = text_of(clients[0].get(draw_home(draw)))
    assert "Three winners are drawn." in page and state.result[1]["seed_text"] in page and THROWS in page
    assert Minute.objects.exclude(refused="").count() == 0
    # A stranger verifies the week with the same rules.
    bundle = export_week(Log.objects.get(), extra={}, into=tmp_path / "week.zip")
    told = verify(bundle, tmp_path)
    assert "8 attempts re-scored, each as published" in told and "3 of 6 tickets drawn" in told
    assert "FAIL" not in told


def verify(bundle: Path, folder: Path, *more: str) -> str:
    import contextlib
    import io

    from showground.verify.__main__ import main

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main([str(bundle), *more])
    return out.getvalue()


def test_every_step_waits_for_the_notarys_signature(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    played(stage, quiz, people=2, failed=0)
    draw = Draw.objects.get(quiz=quiz)
    jobs.follow(stage.now)
    assert said("draw.pool_frozen")
    jobs.follow(stage.now)
    assert not said("draw.seed_committed"), "the frozen list is not witnessed yet"
    with pytest.raises(Refused, match=r"draw\.gate_shut"):
        acts.commit_seed(draw, at=stage.now)
    stage.publish()
    jobs.follow(stage.now)
    assert [r["party"] for r in said("draw.seed_committed")] == ["organiser"]
    stage.publish()
    jobs.follow(stage.now)
    jobs.follow(stage.now)
    assert not said("draw.seed_opened"), "the notary has not sealed a seed yet"
    stage.watch.look()
    jobs.follow(stage.now)
    assert not said("draw.seed_opened"), "the notary's seal is not witnessed yet"
    stage.publish()
    stage.turn(2)
    assert {r["party"] for r in said("draw.seed_opened")} == {"organiser", "notary"}
    stage.at(quiz.rules["draw"]["draws_at"] - 1)
    with pytest.raises(Refused, match=r"draw\.early"):
        acts.throw_dice(draw, throws=THROWS, by=stage.people["organiser"], at=stage.now)


def test_each_step_happens_once(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    played(stage, quiz, people=3, failed=0)
    draw = drawn(stage, quiz)
    stage.turn(3)
    for kind, count in (("quiz.closed", 1), ("draw.pool_frozen", 1), ("draw.seed_committed", 2), ("draw.seed_opened", 2),
                        ("draw.beacon", 1), ("draw.result", 1), ("quiz.key_revealed", 1), ("draw.claim", 3)):  # fmt: skip
        assert len(said(kind)) == count, kind
    for throws in (THROWS, THROWS[::-1]):
        with pytest.raises(Refused, match=r"draw\.twice"):
            acts.throw_dice(draw, throws=throws, by=stage.people["organiser"], at=stage.now)


@pytest.mark.parametrize("throws", ["12345", THROWS + "1", THROWS[:-1] + "7", ""])
def test_throws_are_exactly_as_many_as_the_rules_say(stage: Stage, throws: str) -> None:
    quiz = stage.prize_quiz()
    played(stage, quiz, people=1, failed=0)
    stage.turn(4)
    stage.at(quiz.rules["draw"]["draws_at"])
    with pytest.raises(Refused, match=r"draw\.throws"):
        acts.throw_dice(quiz.draw, throws=throws, by=stage.people["organiser"], at=stage.now)


@pytest.mark.parametrize("people", [0, 1, 2])
def test_a_draw_with_few_or_no_tickets(stage: Stage, people: int) -> None:
    quiz = stage.prize_quiz()
    played(stage, quiz, people=people, failed=1)
    stage.turn(5)
    if people:
        drawn(stage, quiz)
    stage.turn(2)
    result = said("draw.result")[0]
    assert sorted(result["winners"]) == list(range(1, people + 1)) and result["alternates"] == []
    quiz.refresh_from_db()
    assert quiz.state == Quiz.State.REVEALED
    assert Browser().get(draw_home(quiz.draw)).status_code == 200


def test_a_notary_that_sleeps_is_left_out_after_its_time(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    played(stage, quiz, people=2, failed=0)
    stage.turn(3, notary=False)
    assert not said("draw.seed_opened")
    stage.at(quiz.rules["draw"]["commit_by"] + 1)
    stage.turn(2)
    assert [r["party"] for r in said("draw.seed_opened")] == ["organiser"]
    assert [r["party"] for r in said("draw.seed_committed")] == ["organiser"], "it may not seal one after its time"


def test_the_notarys_seed_proves_itself(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    played(stage, quiz, people=2, failed=0)
    jobs.follow(stage.now)
    stage.publish()
    draw, origin = quiz.draw.code, stage.week.origin
    seed, salt = seed_of(origin, draw, stage.keys.statements)
    assert seed_of(origin, draw, stage.keys.statements) == (seed, salt) != seed_of(origin, "other", stage.keys.statements)
    commit = records.commitment(records.draw_seed(origin, draw, "notary", seed, salt))

    def post(told: dict[str, str]) -> tuple[int, dict[str, Any]]:
        answer = Client().post("/notary/seeds/2026", told, content_type="application/json")
        return answer.status_code, answer.json()

    sig = signature(seed_note(origin, draw, commit=commit), stage.keys.statements)
    other = signature(seed_note(origin, draw, commit="0" * 64), stage.keys.statements)
    with CaptureQueriesContext(connection) as asked:
        assert post({"draw": draw, "commit": commit, "sig": other})[1]["error"] == "statement.signature"
    assert not [one for one in asked.captured_queries if "SAVEPOINT" in one["sql"]], "the database is not held for a signature"
    assert post({"draw": "none", "commit": commit, "sig": sig})[1]["error"] == "draw.unknown"
    assert post({"draw": draw, "commit": commit, "sig": sig}) == (200, {"done": "commit"})
    assert post({"draw": draw, "commit": commit, "sig": sig}) == (200, {"done": "known"})
    again = signature(seed_note(origin, draw, commit="0" * 64), stage.keys.statements)
    assert post({"draw": draw, "commit": "0" * 64, "sig": again})[1]["error"] == "draw.seed_twice"
    opened = {"draw": draw, "seed": seed, "salt": salt}
    sig = signature(seed_note(origin, **opened), stage.keys.statements)
    assert post({**opened, "sig": sig}) == (409, {"error": "draw.gate_shut", "said": post({**opened, "sig": sig})[1]["said"]})
    wrong = {"draw": draw, "seed": "1" * 64, "salt": salt}
    sig = signature(seed_note(origin, **wrong), stage.keys.statements)
    assert post({**wrong, "sig": sig})[1]["error"] == "draw.seed_differs"
    for body in ("", "[]", "{", '{"draw": 3}'):
        assert Client().post("/notary/seeds/2026", body, content_type="application/json").status_code == 422


def test_what_is_slow_is_done_before_the_database_is_held(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    quiz = stage.prize_quiz()
    played(stage, quiz, people=2, failed=0)
    draw, origin, seen = Draw.objects.get(quiz=quiz), stage.week.origin, list[bool]()
    queries._kept.clear()
    with meanwhile("SAVEPOINT", lambda: seen.append(origin in queries._kept)), pytest.raises(Refused, match=r"draw\.gate_shut"):
        acts.throw_dice(draw, throws=THROWS, by=stage.people["organiser"], at=stage.now)
    assert seen == [True], "the log was read"
    monkeypatch.setattr(close, "BATCH", 1)
    known = Sitting.objects.exclude(network="")
    assert known.count() == 2
    with meanwhile("SAVEPOINT", lambda: seen.append(known.exists())):
        assert close.freeze_pool(draw, at=stage.now)
    assert seen.pop() is False, "the networks were forgotten, one after the other"
    there = asset_path(origin, records.sha256_hex(opening_lines(quiz)))
    with meanwhile("SAVEPOINT", lambda: seen.append(there.exists())):
        assert reveal_key(quiz, at=stage.now)
    assert seen == [True, True], "the openings were on disk"


def test_an_opening_that_came_while_others_were_written_is_not_left_out(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    played(stage, quiz, people=2, failed=0)
    one = Sitting.objects.filter(quiz=quiz).latest("pk")
    Sitting.objects.filter(pk=one.pk).update(minute=None)
    with meanwhile("SAVEPOINT", lambda: Sitting.objects.filter(pk=one.pk).update(minute=one.minute)):
        assert not reveal_key(quiz, at=stage.now)
    assert not said("quiz.key_revealed")
    assert reveal_key(quiz, at=stage.now) and said("quiz.key_revealed")[0]["count"] == 2


def test_the_draws_page_before_says_rules_time_and_tickets(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    stage.sit(quiz)
    stage.sit(quiz, right=1)
    stage.publish()
    page = text_of(Browser().get(draw_home(quiz.draw)))
    for words in ("Tickets so far: 1.", "The draw is on", "Everybody but the organiser", "When a prize is given up", "24 throws"):
        assert words in page, words
    assert records.commitment(quiz.rules) in page


def test_check_my_receipt_by_number_secret_and_file(stage: Stage) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    quiz = stage.prize_quiz()
    clients = played(stage, quiz, people=6, failed=1)
    draw = drawn(stage, quiz)
    log = chronicle(stage.week.origin)
    state, words = log.draws[draw.code], []
    for number, client in enumerate(clients[:6]):
        receipt = text_of(client.get(f"{home(quiz)}receipt/"))
        entry = list(log.quizzes[quiz.code].passed)[number]
        assert str(entry) in receipt
        position = list(state.tickets).index(entry) + 1
        result = state.result[1]  # type: ignore[index]
        expected = (
            "This entry won" if position in result["winners"] else "Alternate" if position in result["alternates"] else "not drawn"
        )
        for sent in ({"entry": str(entry)}, {"entry": secret_on(client, quiz).lower()}):
            page = Browser().post(f"{draw_home(draw)}check/", sent)
            assert page.status_code == 200 and expected in text_of(page), sent
        file = client.get(f"{home(quiz)}receipt/file")
        assert file.status_code == 200 and file["Content-Disposition"].endswith(f'entry-{entry}.tlog-proof"')
        page = Browser().post(f"{draw_home(draw)}check/", {"file": SimpleUploadedFile("r", file.content)})
        assert expected in text_of(page)
        words.append(expected)
    assert words.count("This entry won") == 3
    failed = next(i for i, r in enumerate(range(log.size)) if i > 0 and _is_failed(stage, i))
    assert "did not pass" in text_of(Browser().get(f"{draw_home(draw)}check/?entry={failed}"))
    for nonsense in ("0", "999999", "AAAA-BBBB", "'; drop", "1e3"):
        assert Browser().post(f"{draw_home(draw)}check/", {"entry": nonsense}).status_code in {200, 422}
    broken = SimpleUploadedFile("r", b"c2sp.org/tlog-proof@v1\nindex 5\n")
    assert Browser().post(f"{draw_home(draw)}check/", {"file": broken}).status_code == 422


def _is_failed(stage: Stage, index: int) -> bool:
    from showground.ledger.queries import record_at

    record = record_at(stage.week.origin, index)
    return bool(record and record["type"] == "quiz.attempt" and not record["passed"])


def secret_on(client: Client, quiz: Quiz) -> str:
    """The secret as the receipt page prints it."""
    import re

    page = client.get(f"{home(quiz)}receipt/").content.decode()
    found = re.search(r'class="secret">([A-Z2-7-]{24})<', page)
    assert found
    return found[1]


def test_the_list_of_tickets_is_the_one_whose_hash_was_frozen(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    played(stage, quiz, people=3, failed=1)
    assert Browser().get(f"{draw_home(quiz.draw)}tickets.txt").status_code == 302
    stage.turn(2)
    data = Browser().get(f"{draw_home(quiz.draw)}tickets.txt").content
    assert records.sha256_hex(data) == said("draw.pool_frozen")[0]["pool_sha256"]


def test_networks_are_forgotten_when_the_list_is_frozen(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    stage.sit(quiz)
    assert Sitting.objects.exclude(network="").count() == 1
    stage.at(quiz.closes + 2 * HOUR)
    stage.turn(3)
    assert Sitting.objects.exclude(network="").count() == 0
