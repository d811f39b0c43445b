"""Files in and out through the pages: the jail, what was not taken, the choice, drafts, every format written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from showground.interchange.questions import FORMATS, read
from showground.interchange.questions.contract import REASONS
from showground.media.jail import rlimits_only
from showground.quiz.actions import exchange
from showground.quiz.forms.words import LEFT_WORDS
from showground.quiz.models import Medium, Question, Version
from showground.rules.questions import KINDS
from tests.entries.test_pages import png, text
from tests.quiz.sample import Bank, a_bank, both, document
from tests.quiz.test_bank_pages import enter

HOME = "/en/2026/bank/files/"
AIKEN = b"""Which address belongs to the bank?
A) bank.example.login.test
B) login.bank.example
ANSWER: B

Only one option
A) Yes
ANSWER: A

Who calls?
A) The bank
B) Anybody
ANSWER: B
"""


@pytest.fixture
def room(db: None, settings: Any, tmp_path: Path) -> Bank:
    for name in ("DATA", "MEDIA_STORE", "KEYS"):
        setattr(settings, name, tmp_path / name.lower())
    made = a_bank()
    settings.CLOCK = lambda: made.now
    return made


def bring(room: Bank, name: str, data: bytes, **more: str) -> HttpResponse:
    return enter(room, "author").post(HOME, {"file": SimpleUploadedFile(name, data), "language": "en", **more})


def test_a_file_shows_what_it_gives_and_what_not_before_anything_is_in_the_bank(room: Bank) -> None:
    answer = bring(room, "tricks.txt", AIKEN)
    assert answer.status_code == 302
    page = enter(room, "author").get(answer["Location"])
    assert "2 questions" in text(page) and "What was not taken" in text(page) and "Only one option" in text(page)
    assert not Question.objects.exists()


def test_chosen_questions_are_drafts_and_the_others_can_be_taken_later(room: Bank) -> None:
    address = bring(room, "tricks.txt", AIKEN)["Location"]
    browser = enter(room, "author")
    codes = re.findall(r'name="chosen" value="([^"]+)"', browser.get(address).content.decode())
    assert len(codes) == 2
    assert browser.post(address, {"chosen": codes[:1]}).status_code == 302
    assert list(Version.objects.values_list("state", "written_by__name")) == [("draft", "Author")]
    assert browser.post(address, {"chosen": codes[:1]}).status_code == 422
    assert browser.post(address, {"do": "all"}).status_code == 302
    assert Question.objects.count() == 2 and "2 in the bank" in text(browser.get(address))


def test_a_code_that_is_taken_stays_with_its_question(room: Bank) -> None:
    room.draft("short", "which-address-belongs-to-the-bank")
    address = bring(room, "tricks.txt", AIKEN)["Location"]
    enter(room, "author").post(address, {"do": "all"})
    assert Question.objects.count() == 3 and Question.objects.get(code="which-address-belongs-to-the-bank").kind == "short"


def test_a_file_is_its_bringers_alone_and_goes_after_a_day(room: Bank, settings: Any) -> None:
    address = bring(room, "tricks.txt", AIKEN)["Location"]
    assert enter(room, "reader").get(address).status_code == 404
    assert enter(room, "author").get(f"{HOME}{'f' * 32}/").status_code == 404
    settings.CLOCK = lambda: room.now + 2 * 86400
    bring(room, "other.txt", AIKEN)
    assert enter(room, "author").get(address).status_code == 404


def test_nothing_and_nonsense_are_answered_in_words(room: Bank) -> None:
    assert enter(room, "author").post(HOME, {}).status_code == 422
    page = enter(room, "author").get(bring(room, "noise.bin", bytes(range(256)) * 9)["Location"])
    assert "It gives no question" in text(page)


def test_without_a_strong_jail_no_file_is_opened(room: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "jail", rlimits_only)
    answer = bring(room, "tricks.txt", AIKEN)
    assert answer.status_code == 422 and "cannot be opened safely" in text(answer)


def test_pictures_are_drawn_anew_and_go_out_again(room: Bank) -> None:
    import hashlib

    picture = png(64)
    digest = hashlib.sha256(picture).hexdigest()
    asked = {
        **document("single", "seen"),
        "media": [{"kind": "picture", "sha256": digest, "alt": both("A sign", "标志"), "name": "sign.png"}],
    }
    data, left = exchange.write([asked], "native", media={digest: ("sign.png", picture)})
    assert not left
    address = bring(room, "seen.jsonl", data)["Location"]
    assert enter(room, "author").post(address, {"do": "all"}).status_code == 302
    kept = Version.objects.get().document["media"][0]
    assert kept["sha256"] == Medium.objects.get().sha256 != digest and kept["alt"] == both("A sign", "标志")
    told = {"format": "native", "language": "en", "state": "newest", "do": "write"}
    back = read("out.jsonl", enter(room, "author").post(f"{HOME}export/", told).content)
    assert back.questions[0]["media"][0]["sha256"] == kept["sha256"] and kept["sha256"] in back.media


@pytest.mark.parametrize("format", [name for name, one in FORMATS.items() if one.writes])
def test_every_format_is_written_and_what_it_loses_is_told_first(room: Bank, format: str) -> None:
    for kind in KINDS:
        room.approved(kind)
    browser = enter(room, "author")
    told = {"format": format, "language": "en", "state": "used"}
    checked = browser.post(f"{HOME}export/", told | {"do": "check"})
    assert checked.status_code == 200 and "What the file cannot carry" in text(checked)
    answer = browser.post(f"{HOME}export/", told | {"do": "write"})
    if format == "missing_word":  # none of the nine has a gap in the middle of its only sentence
        assert answer.status_code == 422 and "can carry none of these" in text(answer)
    else:
        assert answer.status_code == 200 and answer["Content-Disposition"].endswith(f'{FORMATS[format].suffix}"')
        assert answer.content


def test_our_own_lines_bring_the_whole_bank_back(room: Bank) -> None:
    for kind in KINDS:
        room.approved(kind)
    told = {"format": "native", "language": "en", "state": "used", "do": "write"}
    back = read("bank.jsonl", enter(room, "author").post(f"{HOME}export/", told).content)
    assert {one["code"]: one for one in back.questions} == {document(kind)["code"]: document(kind) for kind in KINDS}


def test_the_starter_bank_is_loaded_once_and_approved(room: Bank) -> None:
    assert exchange.load_starter_bank(at=room.now) == 60
    assert exchange.load_starter_bank(at=room.now) == 0
    assert Question.objects.filter(current__state="approved", kind="phish").count() == 20


def test_every_reason_of_the_file_formats_has_its_words_here() -> None:
    assert {reason: str(words) for reason, words in LEFT_WORDS.items()} == REASONS
