"""The bank's pages as authors use them: list, editor, second reader, versions."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from showground.quiz.models import Question, Version
from showground.rules.questions import KINDS
from tests.entries.test_pages import text
from tests.quiz.sample import Bank, a_bank, both, document, option

HOME = "/en/2026/bank/"


@pytest.fixture
def room(db: None, settings: Any, tmp_path: Path) -> Bank:
    made = a_bank()
    settings.CLOCK = lambda: made.now
    return made


def enter(room: Bank, who: str) -> Client:
    client = Client(SERVER_NAME="localhost", SERVER_PORT="8300")
    client.force_login(room.people[who])
    return client


def fields(page: HttpResponse) -> dict[str, str]:
    """What a browser would send with the sheet as it stands on the page."""
    form = re.search(r'<form class="q-sheet".*?</form>', page.content.decode(), re.S)
    assert form
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        said = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if said.get("type") not in {"checkbox", "radio"} or " checked" in tag:
            found[said["name"]] = html.unescape(said.get("value", ""))
    for name, value in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form[0], re.S):
        found[name] = html.unescape(value)
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form[0], re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


# ---- the list ----


def test_an_empty_bank_says_what_to_do(room: Bank) -> None:
    said = text(enter(room, "author").get(HOME))
    assert "The bank is empty" in said and "Write a question" in said


def test_the_list_finds_by_words_kind_category_tag_state_and_gap(room: Bank) -> None:
    room.approved("single", "bank-call")
    room.draft("phish", "parcel")
    room.draft("short", "half", text={"en": "Only English"})
    browser = enter(room, "author")
    for query, codes in (
        ("", {"bank-call", "parcel", "half"}), ("words=银行卡", {"bank-call"}), ("words=PARC", {"parcel"}), ("kind=phish", {"parcel"}),
        ("category=phone", {"bank-call"}), ("tag=money", {"bank-call"}), ("state=used", {"bank-call"}), ("state=draft", {"parcel", "half"}),
        ("gap=zh", {"half"}), ("gap=en", set()), ("state=retired", set()),
    ):  # fmt: skip
        page = browser.get(f"{HOME}?{query}").content.decode()
        assert set(re.findall(r'class="mono xs quiet">([^<]+)<', page)) == codes, query


def test_rows_are_told_by_the_page(room: Bank) -> None:
    for number in range(52):
        room.draft("true_false", f"q{number:03d}")
    browser = enter(room, "author")
    assert "Rows 1 to 50 of 52" in text(browser.get(HOME))
    assert "Rows 51 to 52 of 52" in text(browser.get(f"{HOME}?page=2"))


# ---- the editor ----


@pytest.mark.parametrize("kind", KINDS)
def test_saving_what_the_page_shows_changes_nothing(room: Bank, kind: str) -> None:
    question = room.draft(kind)
    browser, before = enter(room, "author"), room.newest(question).document
    sent = fields(browser.get(f"{HOME}q/{question.code}/"))
    assert browser.post(f"{HOME}q/{question.code}/", sent).status_code == 302
    assert room.newest(question).document == before == document(kind)
    assert question.versions.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_question_of_every_kind_opens_and_is_kept_unfinished(room: Bank, kind: str) -> None:
    browser = enter(room, "author")
    answer = browser.post(f"{HOME}begin/", {"kind": kind})
    page = browser.get(answer["Location"])
    assert page.status_code == 200 and "Before somebody can read it" in text(page)
    sent = fields(page) | {"title.en": "A title"}
    assert browser.post(answer["Location"], sent).status_code == 302
    kept = Question.objects.get()
    assert kept.kind == kind and room.newest(kept).document["title"] == {"en": "A title"}
    refused = browser.post(f"{answer['Location']}ask/", sent)
    assert refused.status_code == 422 and "Not done." in text(refused)


def test_rows_are_added_moved_and_taken_away_without_scripts(room: Bank) -> None:
    question = room.draft("ordering")
    browser, address = enter(room, "author"), f"{HOME}q/{question.code}/"

    def press(verb: str) -> list[str]:
        answer = browser.post(address, fields(browser.get(address)) | {"do": verb})
        assert answer.status_code == 302
        return [one["text"].get("en", "") for one in room.newest(question).document["options"]]

    assert press("down options 0") == ["Check", "Stop", "Report"]
    assert press("up options 2") == ["Check", "Report", "Stop"]
    assert press("add options") == ["Check", "Report", "Stop", ""]
    assert press("drop options 1") == ["Check", "Stop", ""]
    assert press("drop nothing 1") == press("add title") == ["Check", "Stop", ""]


def test_a_key_is_set_with_a_radio_button(room: Bank) -> None:
    question = room.draft("single")
    browser, address = enter(room, "author"), f"{HOME}q/{question.code}/"
    browser.post(address, fields(browser.get(address)) | {"right": "2"})
    assert [one["credit"] for one in room.newest(question).document["options"]] == [[0, 1], [0, 1], [1, 1], [0, 1]]


def test_words_of_strangers_cannot_become_markup(room: Bank) -> None:
    question = room.draft("single", title=both("<script>x</script>", "<b>题</b>"))
    page = enter(room, "author").get(f"{HOME}q/{question.code}/").content.decode()
    assert "<script>x" not in page and "<b>题" not in page and "&lt;script&gt;x" in page


def test_warnings_stand_beside_what_they_are_about(room: Bank) -> None:
    long = option("c", "Ask", "询问对方的工号，并请对方说明来电事由，核对无误之后再继续通话。")
    options = [one if one["key"] != "c" else long for one in document()["options"]]
    question = room.draft("single", options=options, explanation={"en": "Because."}, source="")
    said = text(enter(room, "author").get(f"{HOME}q/{question.code}/"))
    assert "Twice as long as the other options." in said and "Missing in this language." in said
    assert "Name where one can read more." in said


def test_a_change_in_english_after_the_chinese_is_shown_with_the_change(room: Bank) -> None:
    question = room.approved("single")
    browser, address = enter(room, "author"), f"{HOME}q/{question.code}/"
    browser.post(address, fields(browser.get(address)) | {"explanation.en": "Leaks hold card digits."})
    page = browser.get(address)
    assert "Changed in English after this." in text(page)
    shown = browser.get(f"{address}compare/?a=1&b=2").content.decode()
    assert "<ins>Leaks" in shown and "<del>Leaked" in shown
    browser.post(address, fields(page) | {"explanation.zh": "泄露的数据中也有卡号后四位。"})
    assert "Changed in English after this." not in text(browser.get(address))


# ---- the second reader ----


def test_nobody_approves_their_own_words(room: Bank) -> None:
    question = room.draft("single")
    browser, address = enter(room, "author"), f"{HOME}q/{question.code}/"
    assert browser.post(f"{address}ask/").status_code == 302
    answer = browser.post(f"{address}read/", {"number": "1", "do": "approve"})
    assert answer.status_code == 422 and "You wrote a part of it." in text(answer)
    assert enter(room, "reader").post(f"{address}read/", {"number": "1", "do": "approve"}).status_code == 302
    question.refresh_from_db()
    assert question.current == room.newest(question) and question.current.read_by == room.people["reader"]


def test_who_wrote_an_earlier_draft_does_not_approve_it_through_another(room: Bank) -> None:
    question = room.draft("single")
    address = f"{HOME}q/{question.code}/"
    second = enter(room, "reader")
    second.post(address, fields(second.get(address)) | {"title.en": "Mine too"})
    assert second.post(f"{address}ask/").status_code == 302
    for who in ("author", "reader"):
        assert enter(room, who).post(f"{address}read/", {"number": "2", "do": "approve"}).status_code == 422
    assert enter(room, "organiser").post(f"{address}read/", {"number": "2", "do": "approve"}).status_code == 302


def test_a_returned_version_stays_and_the_next_is_a_new_one(room: Bank) -> None:
    question = room.draft("single")
    address = f"{HOME}q/{question.code}/"
    author, reader = enter(room, "author"), enter(room, "reader")
    author.post(f"{address}ask/")
    assert reader.post(f"{address}read/", {"number": "1", "do": "return"}).status_code == 422
    assert reader.post(f"{address}read/", {"number": "1", "do": "return", "note": "C is too long."}).status_code == 302
    page = author.get(address)
    assert "C is too long." in text(page)
    author.post(address, fields(page) | {"title.en": "Shorter"})
    assert list(question.versions.values_list("number", "state")) == [(2, "draft"), (1, "returned")]


def test_what_waits_cannot_be_changed_under_its_reader(room: Bank) -> None:
    question = room.draft("single")
    author, address = enter(room, "author"), f"{HOME}q/{question.code}/"
    sent = fields(author.get(address))
    author.post(f"{address}ask/")
    answer = author.post(address, sent | {"title.en": "Other"})
    assert answer.status_code == 422 and room.newest(question).document == document()
    assert author.post(f"{address}take-back/").status_code == 302
    assert author.post(address, sent | {"title.en": "Other"}).status_code == 302


def test_an_approval_of_an_old_number_is_refused(room: Bank) -> None:
    question = room.draft("single")
    address = f"{HOME}q/{question.code}/"
    enter(room, "author").post(f"{address}ask/")
    assert enter(room, "reader").post(f"{address}read/", {"number": "7", "do": "approve"}).status_code == 422
    assert Version.objects.get().state == "waiting"


def test_a_retired_question_leaves_the_list_and_comes_back(room: Bank) -> None:
    question = room.approved("single")
    author, address = enter(room, "author"), f"{HOME}q/{question.code}/"
    author.post(f"{address}retire/")
    assert "The bank is empty" in text(author.get(HOME)) and "one-single" in text(author.get(f"{HOME}?state=retired"))
    author.post(f"{address}retire/", {"do": "back"})
    assert "one-single" in text(author.get(HOME))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_preview_shows_every_kind_in_both_languages(room: Bank, kind: str, language: str) -> None:
    question = room.draft(kind)
    page = enter(room, "author").get(f"/{language}/2026/bank/q/{question.code}/preview/")
    words = document(kind)["text"]["zh" if language.startswith("zh") else "en"].split("{{")[0].strip()
    assert page.status_code == 200 and words in text(page)


def test_a_draft_that_is_no_question_yet_says_so_in_the_preview(room: Bank) -> None:
    browser = enter(room, "author")
    address = browser.post(f"{HOME}begin/", {"kind": "cloze"})["Location"]
    assert "Not whole yet" in text(browser.get(f"{address}preview/"))
