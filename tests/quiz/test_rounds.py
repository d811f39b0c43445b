"""The hosted round: its steps, its phones, and that the key stays on the site until the host closes a question."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given as any_of
from hypothesis import settings as few
from hypothesis import strategies as st

from showground.quiz.actions import host as actions
from showground.quiz.models import Player, PoolItem, Question, Quiz, Round, Version
from showground.quiz.queries import rounds
from showground.rules.refused import Refused
from tests.quiz.played import HERE, as_form, question, right_answer, text_of, wrong_answer
from tests.quiz.sample import Bank, a_bank, both

ROOM = ("single", "multiple", "true_false", "phish", "short")
HOUR = 3600
OPEN = "/en/2026/desk/hosting/"


@pytest.fixture
def room(db: None, settings: Any, tmp_path: Any) -> Bank:
    for name in ("DATA", "MEDIA_STORE", "KEYS", "LOG_ROOT"):
        setattr(settings, name, tmp_path / name.lower())
    made = a_bank()
    clock = {"now": made.now}
    settings.CLOCK = lambda: clock["now"]
    object.__setattr__(made, "clock", clock)
    return made


def classroom(room: Bank, kinds: tuple[str, ...] = ROOM, code: str = "class", first: int = 2) -> Quiz:
    """A classroom quiz, announced, that asks all of its questions."""
    quiz = Quiz.objects.create(
        week=room.week, code=code, kind="classroom", name=both("Look twice", "再看一眼"), items=len(kinds), made_at=0,
        opens=room.now - HOUR, closes=room.now + 40 * HOUR, state=Quiz.State.ANNOUNCED,
    )  # fmt: skip
    for number, kind in enumerate(kinds, first):
        document = question(number, kind)
        row = Question.objects.create(code=document["code"], kind=kind)
        row.current = Version.objects.create(question=row, number=1, document=document, state="approved", written_at=0)
        row.save()
        PoolItem.objects.create(quiz=quiz, version=row.current, code=document["code"])
    return quiz


def begun(room: Bank, kinds: tuple[str, ...] = ROOM) -> Round:
    return actions.start_round(classroom(room, kinds), host=room.people["organiser"], at=room.now)


class Phone(Client):
    """A browser in the room that has joined with the code on the screen."""

    def __init__(self, round_: Round, language: str = "en", code: str = "") -> None:
        super().__init__(HTTP_ORIGIN=HERE)
        week = round_.quiz.week.code
        self.home = f"/{language}/{week}/join/{round_.join}/"
        answer = self.post(f"/{language}/{week}/join/", {"code": code or round_.join})
        assert answer.status_code == 302 and answer["Location"] == self.home, text_of(answer)

    def look(self) -> Any:
        return self.get(self.home)

    def answers(self, round_: Round, how: Any = right_answer) -> Any:
        asked = Round.objects.get(pk=round_.pk)
        one = rounds.question(asked)
        return self.post(self.home, {**as_form(how(one, asked.seed)), "place": asked.place + 1})


def host_client(room: Bank) -> Client:
    client = Client()
    client.force_login(room.people["organiser"])
    return client


def go(round_: Round, way: str = "next", at: int = 0) -> Round:
    kept = Round.objects.get(pk=round_.pk)
    now = at or kept.started_at + 1
    return actions.step(kept, way=way, seen=rounds.where(kept, now), at=now)


# ---- the steps ----


@any_of(st.lists(st.sampled_from(["next", "back", "end"]), max_size=40), st.integers(1, 4))
@few(max_examples=120, deadline=None)
def test_no_steps_open_a_closed_question_or_show_an_open_one(ways: list[str], count: int) -> None:
    state: actions.State = ("lobby", 0, 0)
    for way in ways:
        closed = state[2]
        if way == "next":
            state = actions.after(state, count)
        else:
            state = actions.before(state) if way == "back" else ("over", state[1], state[2])
        assert state[2] >= closed and state[2] <= count and 0 <= state[1] < count
        assert (state[0] == "asking") <= (state[1] == state[2])
        assert (state[0] == "showing") <= (state[1] < state[2])


def test_a_round_goes_from_the_lobby_through_its_questions_to_the_end() -> None:
    state: actions.State = ("lobby", 0, 0)
    seen = []
    for _ in range(6):
        state = actions.after(state, 2)
        seen.append(state[:2])
    assert seen == [("asking", 0), ("showing", 0), ("asking", 1), ("showing", 1), ("over", 1), ("over", 1)]


def test_a_double_press_and_a_second_screen_step_once(room: Bank) -> None:
    round_ = begun(room)
    for _ in range(2):
        actions.step(round_, way="next", seen="lobby", at=room.now)
    assert rounds.where(Round.objects.get(), room.now) == "asking-1"


def test_a_round_ends_after_twelve_hours_and_is_gone_with_its_answers(room: Bank) -> None:
    round_ = go(begun(room))
    phone = Phone(round_)
    phone.answers(round_)
    late = room.now + 12 * HOUR
    room.clock["now"] = late  # type: ignore[attr-defined]
    assert "The round is over" in text_of(phone.look())
    with pytest.raises(Refused) as no:
        go(round_, at=late)
    assert no.value.code == "round.over"
    assert phone.answers(round_).status_code == 422
    actions.start_round(round_.quiz, host=room.people["organiser"], at=late)
    assert not Round.objects.filter(pk=round_.pk).exists() and Player.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [({"kind": "practice"}, "round.kind"), ({"state": "draft"}, "round.draft"), ({"closes": 1}, "quiz.closed")],
)
def test_only_an_announced_classroom_quiz_is_hosted(room: Bank, change: dict[str, Any], code: str) -> None:
    quiz = classroom(room, ("single",))
    for name, value in change.items():
        setattr(quiz, name, value)
    with pytest.raises(Refused) as no:
        actions.start_round(quiz, host=room.people["organiser"], at=room.now)
    assert no.value.code == code


def test_kinds_that_do_not_suit_a_room_are_left_out_and_said(room: Bank) -> None:
    quiz = classroom(room, ("single", "matching", "ordering", "cloze"))
    round_ = actions.start_round(quiz, host=room.people["organiser"], at=room.now)
    assert [one["kind"] for one in rounds.questions(round_)] == ["single"]
    assert "3 questions of the quiz are left out" in text_of(
        host_client(room).get(f"/en/{room.week.code}/desk/hosting/{round_.join}/")
    )
    with pytest.raises(Refused) as no:
        actions.start_round(classroom(room, ("cloze",), "none", 20), host=room.people["organiser"], at=room.now)
    assert no.value.code == "round.nothing"


def test_codes_hold_no_sign_that_is_taken_for_another(room: Bank) -> None:
    assert not set("0OQ1IL2Z5S8BUVG") & set(rounds.SIGNS)
    assert re.fullmatch(f"[{rounds.SIGNS}]{{6}}", begun(room).join)
    assert rounds.typed_code(" c4d-7Ｋx9 ") == "C4D7KX"


# ---- the phones ----


def test_a_phone_joins_without_a_name_and_its_cookie_goes_nowhere_else(room: Bank) -> None:
    round_ = begun(room)
    short = Client(HTTP_ACCEPT_LANGUAGE="zh-CN,zh").get(f"/join/{round_.join.lower()}")
    assert short["Location"] == f"/zh-hans/{room.week.code}/join/?code={round_.join}" and not short.cookies
    page = Client().get(short["Location"])
    assert f'value="{round_.join}"' in page.content.decode() and not page.cookies
    phone = Phone(round_, "zh-hans", code=f"{round_.join[:3].lower()} {round_.join[3:]}")
    cookies = list(phone.cookies.values())
    week = room.week.code
    assert {one["path"] for one in cookies} == {f"/{lang}/{week}/join/{round_.join}/" for lang in ("en", "zh-hans")}
    assert all(one["httponly"] and one["samesite"] == "Lax" for one in cookies)
    assert Player.objects.get().token_sha256 != cookies[0].value


def test_a_wrong_code_is_told_so_and_nobody_comes_in_without_joining(room: Bank) -> None:
    round_ = begun(room)
    answer = Client(HTTP_ORIGIN=HERE).post(f"/en/{room.week.code}/join/", {"code": "XXXXXX"})
    assert answer.status_code == 422 and "No round has this code" in text_of(answer)
    assert "?code=" in Client().get(f"/en/{room.week.code}/join/{round_.join}/")["Location"]


def test_two_tabs_and_a_second_joining_are_one_phone(room: Bank) -> None:
    round_ = begun(room)
    token = actions.join_round(round_, token="", at=room.now)
    assert actions.join_round(round_, token=token, at=room.now) == token
    assert Player.objects.count() == 1


def test_an_answer_is_changed_until_the_host_closes_and_a_late_phone_gets_in(room: Bank) -> None:
    round_ = go(begun(room, ("single",)))
    phone = Phone(round_)
    assert phone.answers(round_, wrong_answer).status_code == 302
    assert phone.answers(round_).status_code == 302
    late = Phone(round_)
    assert late.answers(round_, wrong_answer).status_code == 302
    asked = Round.objects.get(pk=round_.pk)
    assert rounds.answered(asked) == rounds.joined(asked) == 2
    go(round_)
    refused = phone.answers(round_, wrong_answer)
    assert refused.status_code == 422 and "closed" in text_of(refused)
    (row,) = rounds.summary(Round.objects.get(pk=round_.pk), ["en"])
    assert (row["count"], row["room"], row["percent"]) == (1, 2, 50)


def test_an_answer_to_the_last_question_never_counts_for_the_next(room: Bank) -> None:
    round_ = go(begun(room, ("true_false", "true_false")))
    phone = Phone(round_)
    go(go(round_))
    assert phone.post(phone.home, {"choice": "0", "place": "1"}).status_code == 422
    assert Player.objects.get().answers == {}


def test_a_round_that_is_full_says_so(room: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_PHONES", 2)
    round_ = begun(room)
    Phone(round_), Phone(round_)
    answer = Client(HTTP_ORIGIN=HERE).post(f"/en/{room.week.code}/join/", {"code": round_.join})
    assert answer.status_code == 422 and "2 phones" in text_of(answer)


def test_asking_each_second_is_one_read_and_304_when_nothing_changed(room: Bank) -> None:
    round_ = begun(room)
    with CaptureQueriesContext(
        connection,
    ) as reads:
        first = Client().get(f"/join/{round_.join}/state")
    assert first.json() == {"at": "lobby"} and len(reads) == 1 and not first.cookies
    again = Client().get(f"/join/{round_.join}/state", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and again.content == b""
    go(round_)
    assert Client().get(f"/join/{round_.join}/state", headers={"If-None-Match": first["ETag"]}).json() == {"at": "asking-1"}
    assert Client().get("/join/XXXXXX/state").json() == {"at": "gone"}


# ---- what is not told ----


def test_nothing_of_the_key_is_sent_before_the_host_closes_the_question(room: Bank) -> None:
    """Every address that a phone or the host's screen can ask, in both languages: KEYWORD stands in every part of the key."""
    round_ = begun(room)
    phones, desk = {language: Phone(round_, language) for language in ("en", "zh-hans")}, host_client(room)
    week = room.week.code

    def crawl() -> str:
        pages = [phone.look() for phone in phones.values()]
        pages += [phones["en"].get(f"/join/{round_.join}/state"), phones["en"].get(f"/en/{week}/join/")]
        pages += [
            desk.get(f"/{lang}/{week}/desk/hosting/{round_.join}/{more}") for lang in phones for more in ("", "?both", "state")
        ]
        pages += [phones["en"].post(phones["en"].home, {"choice": "99", "place": "1"})]
        assert all(one.status_code in {200, 302, 422} for one in pages)
        return "".join(one.content.decode() + str(dict(one.items())) for one in pages)

    for place in range(len(ROOM)):
        go(round_)
        for phone in phones.values():
            phone.answers(round_, wrong_answer)
        asked = Round.objects.get(pk=round_.pk)
        found = crawl()
        assert asked.stage == "asking" and asked.place == place
        assert "KEYWORD" not in found and "h-fill" not in found and "credit" not in found, rounds.question(asked)["kind"]
        go(round_)
        assert "KEYWORD" in crawl(), "the crawl cannot see the key"


def test_what_people_type_is_never_on_the_wall(room: Bank) -> None:
    round_ = go(begun(room, ("short",)))
    phone = Phone(round_)
    phone.post(phone.home, {"text": "Rude Words", "place": "1"})
    go(round_)
    page = text_of(host_client(room).get(f"/en/{room.week.code}/desk/hosting/{round_.join}/"))
    assert "Rude" not in page and "Something else" in page and "0 of 1 had it wholly right" in page
    assert "Rude Words" in phone.look().content.decode()


def test_the_host_counts_by_option_verdict_and_line(room: Bank) -> None:
    round_ = go(begun(room, ("phish",)))
    for how in (right_answer, right_answer, wrong_answer):
        Phone(round_).answers(round_, how)
    kept = go(round_)
    one = rounds.question(kept)
    item = rounds.screen(one, kept.seed, ["en", "zh"], rounds.given(kept, one["code"]))
    assert {v["key"]: v["count"] for v in item["verdicts"]}["trick"] == 2 and item["right_share"] == {"count": 2, "percent": 67}
    assert [line["count"] for line in item["lines"] if line["cue"]] == [2, 2]
    assert [(str(w), w.lang) for w in item["words"]][1][1] == "zh-Hans"


def test_authors_and_organisers_host_and_nobody_else(room: Bank) -> None:
    quiz = classroom(room, ("single",))
    home = f"/en/{room.week.code}/desk/"
    for who, status in (("author", 302), ("organiser", 302), ("notary", 403)):
        client = Client()
        client.force_login(room.people[who])
        assert client.post(f"{home}quizzes/{quiz.code}/host/").status_code == status
    assert Round.objects.count() == 2
    page = text_of(host_client(room).get(f"{home}hosting/"))
    assert "Look twice" in page and Round.objects.first().join in page  # type: ignore[union-attr]
