"""The exhibition as somebody hostile meets it: halls of others, words that want to be more than words."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404

from showground.exhibition.actions import halls, notes
from showground.exhibition.models import Note
from showground.exhibition.queries.halls import by_short
from tests.exhibition.hung import Hung

pytestmark = pytest.mark.django_db
DESK = "/en/2026/desk/guest-book/"


def a_line(stood: Hung, words: str) -> Note:
    return notes.leave(stood.hall, kind="guest_book", words=words, signed="", language="en", address="192.0.2.7", at=stood.now)


def test_a_hall_that_was_entrusted_has_its_guest_book_to_itself(stood: Hung) -> None:
    line = a_line(stood, "To the partner's own people.")
    halls.entrust(stood.hall, ["partner@2026.example"])
    assert "own people" in stood.client("partner").get(DESK).content.decode()
    assert "own people" in stood.client("organiser").get(DESK).content.decode()
    other = stood.client("curator")
    assert "own people" not in other.get(DESK).content.decode()
    for do in ("show", "hide"):
        assert other.post(f"{DESK}{line.pk}/", {"do": do, "answer": "Ours now."}).status_code == 404
    line.refresh_from_db()
    assert (line.state, line.answer) == (Note.State.WAITING, "")
    notes.decide(line, show=True, answer="", reason="", by=stood.people["partner"])
    assert "own people" not in other.get(DESK).content.decode()


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "\u202egnp.exe", "=HYPERLINK(1)", "{{ 7|add:7 }}", "a\x00b\x1b[2J\u2066c"]
)
def test_words_of_the_guest_book_are_words(stood: Hung, words: str) -> None:
    line = a_line(stood, words)
    notes.decide(line, show=True, answer=words, reason="", by=stood.people["curator"])
    shown = stood.client().get("/en/2026/halls/street/").content.decode()
    assert "<script>alert" not in shown and not {"\u202e", "\u2066", "\x00", "\x1b"} & set(shown)
    assert "14" not in line.words


def test_what_cannot_be_a_board_does_not_reach_the_database(django_assert_num_queries: Any) -> None:
    """PostgreSQL takes no NUL: asked for one it is an error of ours, not an answer."""
    with django_assert_num_queries(0):
        for code in ("\0", "b1\0", "", "b1'--", "../b1"):
            with pytest.raises(Http404):
                by_short(code, 0)
