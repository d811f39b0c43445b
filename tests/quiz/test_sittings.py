"""Sitting a quiz: every kind of question by its form, back and forth, several tabs, the closing second, practice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from showground.ledger.models import Minute
from showground.quiz.actions.close import close_quiz
from showground.quiz.models import Quiz, Sitting
from showground.quiz.queries.sittings import questions_of
from showground.rules import answers, records
from tests.intake.conftest import folder as folder
from tests.quiz.played import HERE, HOUR, KINDS, Browser, Stage, as_form, home, right_answer, text_of, wrong_answer
from tests.quiz.played import stage as stage


def test_no_cookie_is_set_before_a_quiz_begins(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    visitor = Browser()
    for path in ("/en/2026/quiz/", home(quiz), f"/en/2026/draw/{quiz.draw.code}/", f"/en/2026/draw/{quiz.draw.code}/check/"):
        answer = visitor.get(path)
        assert answer.status_code == 200 and not answer.cookies, path
    page = visitor.get(home(quiz)).content.decode()
    assert "csrf" not in page
    begun = visitor.post(f"{home(quiz)}begin/")
    kept = {morsel.key: morsel for morsel in begun.cookies.values()}
    assert {(m["path"], m["httponly"], m["samesite"]) for m in kept.values()} == {
        (home(quiz), True, "Lax"), (home(quiz, "zh-hans"), True, "Lax"),
    }  # fmt: skip
    assert not Sitting.objects.filter(token_sha256__in=[m.value for m in kept.values()]).exists(), "the token itself is kept"


def test_the_start_page_says_what_is_won_when_and_what_is_stored(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    page = text_of(Browser().get(home(quiz)))
    for words in ("1 × A key (200.00 CNY each)", "24 throws of a die", "the same for all", "Tickets so far: 0", "What is stored"):
        assert words in page, words


def test_the_start_page_is_drawn_once_for_strangers_each_with_a_task_of_their_own(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    stage.begin(quiz, member := Browser())
    first, second = (Browser().get(home(quiz)).content.decode() for _ in range(2))
    tasks = [re.search(r'data-challenge="([0-9a-f]{64})" data-salt="([^"]+)"', page) for page in (first, second)]
    assert all(tasks) and tasks[0][0] != tasks[1][0] and "task-" not in first  # type: ignore[index]
    assert "Begin" in first and "Go on" in member.get(home(quiz)).content.decode()
    assert "Go on" not in Browser().get(home(quiz)).content.decode(), "what a member sees is not kept for strangers"
    stage.at(quiz.closes)
    assert "It closed on" in text_of(Browser().get(home(quiz)))


def test_a_form_from_elsewhere_begins_nothing(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    for headers in ({"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_ORIGIN": "null"}, {}):
        assert Client(**headers).post(f"{home(quiz)}begin/").status_code == 422
    assert Client(HTTP_SEC_FETCH_SITE="same-origin").post(f"{home(quiz)}begin/").status_code == 302
    assert Client(HTTP_REFERER=f"{HERE}/en/").post(f"{home(quiz)}begin/").status_code == 302
    assert Sitting.objects.count() == 2


def test_the_short_address_speaks_the_visitors_language(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    answer = Browser().get(f"/q/{quiz.code}", HTTP_ACCEPT_LANGUAGE="zh-CN,zh;q=0.9")
    assert answer["Location"] == home(quiz, "zh-hans")
    assert Browser().get(f"/q/{quiz.code}", HTTP_ACCEPT_LANGUAGE="en")["Location"] == home(quiz)
    assert Browser().get("/q/nothing").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [1, 2])
def test_every_kind_is_answered_by_its_form(stage: Stage, kind: str, number: int) -> None:
    quiz = stage.prize_quiz(kinds=(kind,) * 5, first=number)
    client = stage.begin(quiz)
    sitting = stage.sitting(quiz)
    for place, document in enumerate(questions_of(sitting), 1):
        page = client.get(f"{home(quiz)}{place}/")
        assert page.status_code == 200 and f"Question {place} of 5" in text_of(page)
        made = right_answer(document, sitting.seed) if place % 2 else wrong_answer(document, sitting.seed)
        assert client.post(f"{home(quiz)}{place}/", {**as_form(made), "go": "next"}).status_code == 302
        sitting.refresh_from_db()
        assert sitting.answers[document["code"]] == made
        assert (answers.score(document, made, sitting.seed) == 1) == bool(place % 2)
        again = client.get(f"{home(quiz)}{place}/").content.decode()
        assert "checked" in again or "selected" in again or "value=" in again
    client.post(f"{home(quiz)}send/")
    sitting.refresh_from_db()
    assert (sitting.right, sitting.passed) == (3, False)


def test_lines_are_put_in_order_with_buttons(stage: Stage) -> None:
    quiz = stage.prize_quiz(kinds=("ordering",) * 5)
    client = stage.begin(quiz)
    moved = client.post(f"{home(quiz)}1/", {"order": [0, 1, 2], "move": "down-0"})
    assert moved["Location"].endswith("?order=1-0-2#order")
    assert stage.sitting(quiz).answers[stage.sitting(quiz).items[0]] == {"order": [1, 0, 2]}
    again = client.post(f"{home(quiz)}1/", {"order": [1, 0, 2], "move": "up-2"})
    assert "?order=1-2-0" in again["Location"]


def test_marks_without_a_verdict_come_back_marked(stage: Stage) -> None:
    quiz = stage.prize_quiz(kinds=("phish",) * 5)
    client = stage.begin(quiz)
    page = client.post(f"{home(quiz)}1/", {"mark": ["1", "3"], "go": "next"})
    assert page.status_code == 422 and "first whether" in text_of(page)
    assert page.content.decode().count('name="mark" value="1" checked') == 1
    both = client.post(f"{home(quiz)}1/", {"verdict": "trick", "mark": ["1"], "nothing": "yes"})
    assert both.status_code == 422 and "Nothing is suspicious" in text_of(both)
    assert client.post(f"{home(quiz)}1/", {"go": "next"}).status_code == 302, "a question may be left out"


@pytest.mark.parametrize("sent", [{"choice": "9"}, {"choice": "-1"}, {"choice": "a"}, {"choice": "٣"}, {"choice": "1e1"}])
def test_what_is_no_answer_is_refused(stage: Stage, sent: dict[str, Any]) -> None:
    quiz = stage.prize_quiz(kinds=("single",) * 5)
    client = stage.begin(quiz)
    assert client.post(f"{home(quiz)}1/", {**sent, "go": "next"}).status_code == 422
    assert stage.sitting(quiz).answers == {}


def test_two_tabs_the_last_answer_of_a_question_wins(stage: Stage) -> None:
    quiz = stage.prize_quiz(kinds=("single",) * 5)
    client = stage.begin(quiz)
    for place, choice in ((1, 0), (2, 1), (1, 2), (2, 0)):
        client.post(f"{home(quiz)}{place}/", {"choice": choice, "go": "next"})
    sitting = stage.sitting(quiz)
    assert [sitting.answers[code]["choice"] for code in sitting.items[:2]] == [2, 0]
    assert Sitting.objects.count() == 1
    stage.begin(quiz, client)
    assert Sitting.objects.count() == 1, "begin in a second tab goes on with the same sitting"


def test_a_replayed_submit_is_one_attempt_and_shows_the_same_receipt(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    client = stage.sit(quiz)
    stage.publish()
    first = text_of(client.get(f"{home(quiz)}receipt/"))
    for _ in range(3):
        assert client.post(f"{home(quiz)}send/")["Location"] == f"{home(quiz)}done/"
    assert text_of(client.get(f"{home(quiz)}receipt/")) == first
    assert Minute.objects.filter(kind="quiz.attempt").count() == 1
    stage.begin(quiz, client)
    assert Sitting.objects.count() == 1, "who passed cannot sit again"
    assert client.post(f"{home(quiz)}1/", {"choice": 0})["Location"] == f"{home(quiz)}done/"


def test_who_fails_tries_again_with_other_questions_and_is_not_told_which_was_wrong(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    client = stage.sit(quiz, right=3)
    page = client.get(f"{home(quiz)}done/")
    assert "Not passed this time." in text_of(page) and "3 of 5" not in text_of(page)
    first = stage.sitting(quiz)
    stage.begin(quiz, client)
    second = stage.sitting(quiz)
    assert (second.go, second.seed != first.seed, second.token_sha256) == (2, True, first.token_sha256)


def test_submit_in_the_last_second_counts_and_one_second_later_nothing_is_lost(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    early, late = stage.begin(quiz), None
    stage.answer_all(quiz, early, 5)
    late = stage.begin(quiz)
    stage.answer_all(quiz, late, 5)
    stage.at(quiz.closes - 1)
    assert early.post(f"{home(quiz)}send/").status_code == 302
    stage.at(quiz.closes)
    refused = late.post(f"{home(quiz)}send/")
    assert refused.status_code == 422 and "is closed" in text_of(refused)
    sitting = stage.sitting(quiz)
    assert len(sitting.answers) == 5 and sitting.submitted_at is None
    kept = late.post(f"{home(quiz)}1/", {"choice": 0, "go": "next"})
    assert kept.status_code == 422 and stage.sitting(quiz).answers == sitting.answers
    stage.turn()
    closed = records.parse(Minute.objects.get(kind="quiz.closed").entry.encode())
    assert (closed["attempts"], closed["passed"], closed["at"]) == (1, 1, quiz.closes)


def test_a_clock_that_goes_back_does_not_open_a_closed_quiz(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    client = stage.begin(quiz)
    stage.answer_all(quiz, client, 5)
    close_quiz(quiz, at=quiz.closes)
    stage.at(quiz.closes - HOUR)
    assert client.post(f"{home(quiz)}send/").status_code == 422
    assert Browser().post(f"{home(quiz)}begin/").status_code == 422
    assert Minute.objects.filter(kind="quiz.attempt").count() == 0
    stage.publish()
    assert not Minute.objects.exclude(refused="").exists()


def test_nobody_begins_before_the_opening(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    stage.at(quiz.opens - 1)
    assert "opens" in text_of(Browser().post(f"{home(quiz)}begin/"))
    assert Sitting.objects.count() == 0


def test_the_language_can_be_changed_in_the_middle(stage: Stage) -> None:
    quiz = stage.prize_quiz(kinds=("single",) * 5)
    client = stage.begin(quiz)
    client.post(f"{home(quiz)}1/", {"choice": 1, "go": "next"})
    page = client.get(f"{home(quiz, 'zh-hans')}1/").content.decode()
    assert "（中文）" in page and 'value="1" checked' in page


def test_practice_explains_after_each_answer_and_counts_hits_and_false_alarms(stage: Stage) -> None:
    quiz = stage.practice_quiz(kinds=("phish", "phish", "single"))
    client = stage.begin(quiz)
    sitting = stage.sitting(quiz)
    found: dict[str, int] = {"hits": 0, "false": 0}
    for place, document in enumerate(questions_of(sitting), 1):
        before = client.get(f"{home(quiz)}{place}/").content.decode()
        assert "KEYWORD" not in before
        if document["kind"] == "phish" and document["trick"]:
            made: dict[str, Any] = {"verdict": "trick", "marks": [0, 1]}
            found["hits"], found["false"] = 1, 1
        else:
            made = right_answer(document, sitting.seed)
        assert client.post(f"{home(quiz)}{place}/", as_form(made))["Location"] == f"{home(quiz)}{place}/"
        after = text_of(client.get(f"{home(quiz)}{place}/"))
        assert "KEYWORD because" in after and ("Right." in after or "artly" in after)
        client.post(f"{home(quiz)}{place}/", as_form(wrong_answer(document, sitting.seed)))
        sitting.refresh_from_db()
        assert sitting.answers[document["code"]] == made, "an answer that was explained stands"
    client.post(f"{home(quiz)}send/")
    page = text_of(client.get(f"{home(quiz)}done/"))
    assert "1 of 2 cues found" in page and "1 false alarms" in page
    assert Minute.objects.filter(kind__startswith="quiz.").count() == 0
    for _ in range(3):
        stage.begin(quiz, client)
        client.post(f"{home(quiz)}send/")
    assert Sitting.objects.count() == 4


def test_autosave_answers_with_nothing(stage: Stage) -> None:
    quiz = stage.prize_quiz(kinds=("single",) * 5)
    client = stage.begin(quiz)
    answer = client.post(f"{home(quiz)}1/", {"choice": 1}, HTTP_ACCEPT="application/json")
    assert (answer.status_code, answer.content) == (204, b"")
    assert stage.sitting(quiz).answers
    bad = client.post(f"{home(quiz)}1/", {"choice": 99}, HTTP_ACCEPT="application/json")
    assert (bad.status_code, bad.json()) == (422, {"error": "answer.shape"})


def test_the_page_of_a_question_asks_the_database_little(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    client = stage.begin(quiz)
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        client.get(f"{home(quiz)}1/")
    assert len(seen) <= 12


def test_a_pool_that_is_too_small_or_practised_elsewhere_is_not_announced(stage: Stage) -> None:
    from showground.quiz.actions.announce import announce_quiz
    from showground.rules.refused import Refused

    stage.practice_quiz(kinds=KINDS, first=1)
    with pytest.raises(Refused, match=r"quiz\.pool_shared"):
        stage.prize_quiz()
    quiz = Quiz.objects.create(
        week=stage.week,
        code="small",
        kind="practice",
        name={"en": "x", "zh": "x"},
        items=3,
        opens=stage.now,
        closes=stage.now + 9,
        made_at=1,
    )
    with pytest.raises(Refused, match=r"quiz\.pool_small"):
        announce_quiz(quiz, rules=None, by=None, at=stage.now)
