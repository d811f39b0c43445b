"""Who may begin: thirty behind one address at once, with and without work; a replayed or forged proof is none; a held place is kept."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from showground.quiz.actions import host
from showground.quiz.actions.admit import LIVES, LONGEST, PLAIN, admit, challenge, proves, sweep
from showground.quiz.models import Bucket, Sitting, Spent
from showground.rules.refused import Refused
from tests.intake.conftest import folder as folder
from tests.quiz.played import START, Browser, Stage, home, text_of
from tests.quiz.played import stage as stage


def solved(task: dict[str, object]) -> str:
    """The answer a browser finds: the number behind the hash."""
    number = next(n for n in range(10**6) if hashlib.sha256(f"{task['salt']}{n}".encode()).hexdigest() == task["challenge"])
    told = {name: task[name] for name in ("algorithm", "challenge", "salt", "signature")} | {"number": number}
    return base64.b64encode(json.dumps(told).encode()).decode()


@pytest.mark.django_db
def test_a_proof_is_good_once_in_time_and_for_its_quiz() -> None:
    proof = solved(challenge("weekly", at=START))
    assert not proves(proof, "other", at=START)
    assert proves(proof, "weekly", at=START)
    assert not proves(proof, "weekly", at=START), "a proof is spent"
    late = solved(challenge("weekly", at=START))
    assert not proves(late, "weekly", at=START + 3600)
    for nonsense in ("", "x", "e30=", base64.b64encode(b"[]").decode(), "A" * 5000, proof[:-8]):
        assert not proves(nonsense, "weekly", at=START)
    forged = json.loads(base64.b64decode(solved(challenge("weekly", at=START))))
    forged["salt"] = forged["salt"].replace("until", "until0")
    assert not proves(base64.b64encode(json.dumps(forged).encode()).decode(), "weekly", at=START)
    sweep(START + 7200)
    assert Spent.objects.count() == 0


@pytest.mark.django_db
def test_a_look_for_what_has_run_out_that_finds_nothing_keeps_nobody_waiting() -> None:
    with CaptureQueriesContext(connection) as asked:
        sweep(START)
        host.sweep(START)
    assert {one["sql"].split()[0] for one in asked.captured_queries} == {"SELECT"}


def test_thirty_behind_one_address_begin_at_once_without_scripts(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    for _ in range(40):
        assert Browser("203.0.113.9").post(f"{home(quiz)}begin/").status_code == 302
    assert Sitting.objects.count() == 40


def test_a_flood_is_held_not_refused_and_the_place_is_kept(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    for _ in range(PLAIN[0]):
        assert admit(quiz.code, address="203.0.113.9", proved=False, ticket="", at=stage.now) is None
    client = Browser("203.0.113.77")  # a neighbour
    held = client.post(f"{home(quiz)}begin/")
    assert held.status_code == 429 and int(held["Retry-After"]) >= 1 and not held.cookies
    assert "Your place is kept." in text_of(held)
    ticket = re.search(r'name="place" value="([^"]+)"', held.content.decode())
    assert ticket
    sent = {"place": ticket[1].replace("&amp;", "&")}
    assert client.post(f"{home(quiz)}begin/", sent).status_code == 429, "not yet"
    assert Browser("192.0.2.1").post(f"{home(quiz)}begin/").status_code == 302, "others are not held"
    stage.at(stage.now + int(held["Retry-After"]))
    assert client.post(f"{home(quiz)}begin/", sent).status_code == 302
    assert Browser("203.0.113.78").post(f"{home(quiz)}begin/", sent).status_code in {302, 429}
    assert Spent.objects.count() == 1, "a place is used once"


@pytest.mark.django_db
def test_work_opens_a_wider_way() -> None:
    for _ in range(PLAIN[0]):
        admit("weekly", address="203.0.113.9", proved=False, ticket="", at=START)
    assert admit("weekly", address="203.0.113.9", proved=False, ticket="", at=START) is not None
    assert admit("weekly", address="203.0.113.9", proved=True, ticket="", at=START) is None


@pytest.mark.django_db
def test_a_flood_beyond_a_quarter_of_an_hour_is_told_to_come_later() -> None:
    most = PLAIN[0] + LONGEST * 1000 // PLAIN[1]
    Bucket.objects.all().delete()
    admit("weekly", address="203.0.113.9", proved=False, ticket="", at=START)
    Bucket.objects.update(full_at=START * 1000 + most * PLAIN[1])
    with pytest.raises(Refused, match=r"quiz\.crowded"):
        admit("weekly", address="203.0.113.9", proved=False, ticket="", at=START)


@pytest.mark.django_db
def test_a_forged_place_is_none() -> None:
    for _ in range(PLAIN[0]):
        admit("weekly", address="203.0.113.9", proved=False, ticket="", at=START)
    for ticket in ("x", "e30:abc", "a" * 3000):
        assert admit("weekly", address="203.0.113.9", proved=False, ticket=ticket, at=START) is not None


@pytest.mark.django_db
def test_a_place_that_was_used_is_not_good_again_when_that_is_forgotten() -> None:
    def asked(ticket: str, at: int) -> str:
        place = admit("weekly", address="203.0.113.9", proved=False, ticket=ticket, at=at)
        return place.ticket if place else "in"

    while (ticket := asked("", START)) == "in":
        pass
    assert asked(ticket, START + 60) == "in"
    later = START + 3 * LIVES
    sweep(later)
    while asked("", later) == "in":
        pass
    assert asked(ticket, later) != "in"
