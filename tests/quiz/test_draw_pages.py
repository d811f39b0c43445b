"""The organiser's side of a draw on a site with door, publisher and witness: flags, throws read twice, claims, figures, open data."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from showground.ledger.models import Minute
from showground.people.models import Person
from showground.quiz.models import Claim, Draw, Flag
from showground.quiz.queries import opendata, statistics
from showground.rules.refused import Refused
from tests.intake.conftest import folder as folder
from tests.quiz.played import Browser, Stage, draw_home, home, text_of
from tests.quiz.played import stage as stage
from tests.quiz.test_draw import THROWS, played, secret_on

DESK = "/en/2026/desk/"


def enter(stage: Stage, person: Person | None = None) -> Client:
    client = Client()
    client.force_login(person or stage.people["organiser"])
    return client


def to_the_throws(stage: Stage) -> Draw:
    """A draw whose seeds are open and whose time has come."""
    quiz = stage.prize_quiz()
    played(stage, quiz, people=4, failed=2)
    stage.turn(4)
    stage.at(quiz.rules["draw"]["draws_at"] + 5)
    stage.turn()
    return Draw.objects.get(quiz=quiz)


# ---- flags ----


def test_an_entry_is_struck_with_a_reason_and_another_person_answers_the_objection(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    client = stage.sit(quiz, takes=2)
    stage.publish()
    flag = Flag.objects.get()
    page = enter(stage).get(f"{DESK}flags/")
    assert "Sent in after 2 seconds" in text_of(page) and "1 wait" in text_of(page)
    assert enter(stage).post(f"{DESK}flags/{flag.pk}/", {"do": "strike", "reason": ""}).status_code == 422
    assert enter(stage).post(f"{DESK}flags/{flag.pk}/", {"do": "strike", "reason": "Two seconds."}).status_code == 302
    stage.publish()
    assert client.post(f"{home(quiz)}appeal/", {"words": "I knew them all."}).status_code == 302
    mine = enter(stage).get(f"{DESK}flags/")
    assert "Another person answers the objection." in text_of(mine) and 'value="restore"' not in mine.content.decode()
    answer = {"do": "restore", "reason": "Practised before."}
    assert enter(stage).post(f"{DESK}flags/{flag.pk}/", answer).status_code == 422
    assert enter(stage, stage.second).post(f"{DESK}flags/{flag.pk}/", answer).status_code == 302
    assert list(Minute.objects.filter(kind__startswith="quiz.entry").values_list("kind", flat=True)) == [
        "quiz.entry_struck",
        "quiz.entry_restored",
    ]


# ---- throws ----


def test_throws_count_when_two_people_read_the_same_before_the_notary(stage: Stage) -> None:
    draw = to_the_throws(stage)
    address = f"{DESK}draws/{draw.code}/throws/"
    told = {"throws": THROWS, "notary": "on"}
    assert enter(stage).post(address, {"throws": THROWS}).status_code == 422
    assert enter(stage).post(address, {"throws": "1 2 3", "notary": "on"}).status_code == 422
    assert enter(stage).post(address, told).status_code == 302
    page = enter(stage, stage.second).get(f"{DESK}draws/{draw.code}/")
    assert "First reading: organiser@example.org" in text_of(page) and THROWS not in page.content.decode()
    assert enter(stage).post(address, told).status_code == 302
    assert not Minute.objects.filter(kind="draw.beacon").exists(), "one person twice is not two people"
    differs = enter(stage, stage.second).post(address, {"throws": THROWS[::-1], "notary": "on"})
    assert differs.status_code == 422 and "The two readings differ." in text_of(differs)
    assert enter(stage, stage.second).post(address, {"throws": " ".join(THROWS), "notary": "on"}).status_code == 302
    assert Minute.objects.filter(kind="draw.beacon").count() == 1
    for person in (stage.people["organiser"], stage.second):
        again = enter(stage, person).post(address, told)
        assert again.status_code == 422 and "There is never a second one." in text_of(again)


# ---- claims ----


def test_a_claim_is_checked_and_handed_over_and_a_refusal_needs_a_reason(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    clients = played(stage, quiz, people=4, failed=0)
    stage.turn(4)
    stage.at(quiz.rules["draw"]["draws_at"] + 5)
    stage.turn()
    draw = Draw.objects.get(quiz=quiz)
    for person in (stage.people["organiser"], stage.second):
        enter(stage, person).post(f"{DESK}draws/{draw.code}/throws/", {"throws": THROWS, "notary": "on"})
    stage.turn(3)
    for client in clients:
        contact = {"name": "Ada L.", "reach": "ada@example.org", "address": "", "guardian": "", "do": "claim"}
        Browser().post(f"{draw_home(draw)}claim/", {**contact, "secret": secret_on(client, quiz)})
    claimed = list(Claim.objects.filter(draw=draw, state="claimed").order_by("rank"))
    assert len(claimed) == 3
    page = enter(stage).get(f"{DESK}draws/{draw.code}/")
    assert text_of(page).count("ada@example.org") == 3
    address = f"{DESK}draws/{draw.code}/claims/"
    assert enter(stage).post(f"{address}{claimed[0].rank}/", {"do": "bad", "note": ""}).status_code == 422
    assert enter(stage).post(f"{address}{claimed[0].rank}/", {"do": "bad", "note": "A second prize."}).status_code == 302
    assert enter(stage).post(f"{address}{claimed[1].rank}/", {"do": "good"}).status_code == 302
    assert enter(stage).post(f"{address}{claimed[1].rank}/", {"do": "hand"}).status_code == 302
    assert enter(stage).post(f"{address}{claimed[1].rank}/", {"do": "hand"}).status_code == 422
    assert enter(stage).post(f"{address}99/", {"do": "hand"}).status_code == 404
    assert set(Claim.objects.filter(draw=draw).values_list("state", flat=True)) >= {"refused", "handed_over", "claimed"}


# ---- figures and open data ----


def test_figures_of_a_played_quiz_and_open_data_only_when_the_key_is_public(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    for right in (5, 5, 4, 3, 2, 5, 5, 4, 1, 0, 5):
        stage.sit(quiz, right=right)
    page = enter(stage).get(f"{DESK}quizzes/{quiz.code}/figures/")
    assert "11 attempts" in text_of(page) and "Internal consistency" in text_of(page) and "<svg" in page.content.decode()
    refused = enter(stage).get(f"{DESK}quizzes/{quiz.code}/open.csv")
    assert refused.status_code == 422 and "The key is still secret" in text_of(refused)
    quiz.state = "revealed"
    quiz.save()
    rows = list(csv.DictReader(io.StringIO(enter(stage).get(f"{DESK}quizzes/{quiz.code}/open.csv").content.decode())))
    assert rows[0]["what"] == "attempts" and rows[0]["value"] == "11"
    assert all(int(row["value"]) >= 10 for row in rows if row["what"] in {"asked", "chosen"} and row["value"] != "<10")
    usage = enter(stage).get(f"{DESK}quizzes/{quiz.code}/usage-data.xml")
    assert usage.status_code == 200 and b"usageData" in usage.content


def test_a_question_shows_how_it_works_beside_its_words(stage: Stage) -> None:
    quiz = stage.practice_quiz(kinds=("single", "phish", "true_false"))
    for right in (3, 2, 1, 0, 3, 3, 2, 3, 3, 1, 0, 2):
        stage.sit(quiz, right)
    author = enter(stage, stage.people["author"])
    editor = author.get("/en/2026/bank/q/q101/")
    assert "facility, 55 to 75 wanted" in text_of(editor) and "12 answers" in text_of(editor)
    page = author.get("/en/2026/bank/q/q101/figures/")
    assert "Who chooses what" in text_of(page) and "with score" in text_of(page) and "<polyline" in page.content.decode()
    figures = enter(stage).get(f"{DESK}quizzes/{quiz.code}/figures/")
    assert "Telling tricks from genuine messages" in text_of(figures)


def test_small_cells_are_hidden_and_never_just_one() -> None:
    assert opendata.hidden({"a": 40, "b": 3, "c": 25}) == {"a": "40", "b": "<10", "c": "<10"}
    assert opendata.hidden({"a": 4, "b": 3, "c": 25}) == {"a": "<10", "b": "<10", "c": "25"}
    assert opendata.hidden({"a": 40, "b": 30}) == {"a": "40", "b": "30"}


def test_open_data_of_a_secret_quiz_are_refused_without_counting(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    with pytest.raises(Refused, match=r"opendata\.secret"):
        opendata.as_csv(quiz, None)  # type: ignore[arg-type]
    assert statistics.quiz(statistics.Book()).count == 0
