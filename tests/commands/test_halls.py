"""The demo's own hall: every line is on its print in both languages, and a board of it passes the gate without an excuse."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from showground.commands import _halls
from showground.commands._quizzes import halves
from showground.exhibition.actions import intake, write
from showground.exhibition.models import Board, Hall
from showground.exhibition.queries.gate import lacks
from showground.media import sniff
from showground.media.jail import best_available
from showground.quiz.actions.exchange import load_starter_bank
from tests.exhibition.hung import a_board, a_hall, published

BOARDS = _halls.told()["board"]


def test_every_line_of_a_board_stands_on_its_print_in_both_languages() -> None:
    missing = []
    for one in BOARDS:
        places = _halls.Places(Path(one["file"]).stem, one["page"])
        for _kind, zh, en, *drawn in one["text"]:
            told = [zh, en] if isinstance(zh, str) else _halls._cells(zh[1:])  # a table's head is written for readers
            missing += [(one["file"], text) for text in told if not drawn and not places.of([text], 1000)]
    assert missing == []


def test_the_print_files_are_what_they_say(tmp_path: Path) -> None:
    kinds = {}
    for name, data in _halls.print_files():
        (tmp_path / name).write_bytes(data)
        kinds[name] = sniff.check(tmp_path / name, "board")
    assert kinds == {"boards.pdf": "pdf", "stickers.png": "png", "voice.pptx": "zip", "voice.pdf": "pdf", "rumour.pdf": "pdf"}


@pytest.mark.django_db
def test_a_board_is_read_written_and_published_without_an_excuse(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_STORE, settings.WORKS = tmp_path / "media", tmp_path / "works"
    stood = a_hall()
    by, data, one = stood.people["curator"], _halls.set_file("rumour"), BOARDS[-1]
    taken = intake.receive(stood.hall, filename="rumour.pdf", size=len(data), pieces=[data], language="zh", by=by, at=stood.now)
    intake.read(taken, jail=best_available(), at=stood.now, ours=frozenset({hashlib.sha256(data).hexdigest()}), dpi=30)
    board = Board.objects.get()
    _halls._written(board, one, by, stood.now)
    board.refresh_from_db()
    text = board.shown
    assert text is not None and text.excuse == "" and lacks(board, text) == []
    assert [block["text"]["zh"] for block in text.document["blocks"]] == [zh for _, zh, _ in one["text"]]
    assert all({"zh", "en"} <= block["text"].keys() and "box" in block for block in text.document["blocks"])


def test_the_boards_ask_nothing_that_is_a_secret_of_the_prize_quiz() -> None:
    pool = _halls.told()["question"]["pool"]
    prize, practice = halves()[::-1]
    assert set(pool) <= set(practice) and not set(pool) & set(prize)


@pytest.mark.django_db
def test_a_visitor_tries_one_question_from_a_board_in_both_languages(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_STORE = tmp_path
    stood = a_hall()
    by = stood.people["curator"]
    assert _halls._question(stood.week, _halls.told()["question"], by, stood.now) == "", "an empty bank has no question"
    load_starter_bank(at=stood.now)
    quiz = _halls._question(stood.week, _halls.told()["question"], by, stood.now)
    board = published(stood, a_board(stood))
    write.settle(board, quiz=quiz, harm="", minutes=2)
    for lang, link, one in (("en", "Try one question", "One question, without a timer."), ("zh-hans", "试一题", "不计时")):
        home = f"/{lang}/2026/boards/{board.code}/"
        assert link in stood.client().get(home).content.decode()
        start = stood.client().get(f"{home}quiz/", follow=True)
        assert start.redirect_chain[-1][0] == f"/{lang}/2026/quiz/{quiz}/" and one in start.content.decode()


@pytest.mark.django_db
def test_the_winners_hall_hangs_itself() -> None:
    stood = a_hall()
    hall = _halls.winners_hall(stood.week, at=stood.now)
    assert (hall.kind, hall.opens) == (Hall.Kind.WINNERS, stood.now)
