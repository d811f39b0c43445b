"""A line of the guest book that the report desk withholds: nothing of it is shown, and no curator can turn that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from showground.exhibition.actions import notes
from showground.exhibition.models import Note
from showground.exhibition.queries import notes as queries
from showground.rules.refused import Refused
from tests.exhibition.hung import Hung, a_hall

pytestmark = pytest.mark.django_db


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        do()
    return no.value.code


@pytest.fixture
def hung() -> Hung:
    return a_hall()


def a_line(hung: Hung, words: str = "Wei Chen of 12 Lake Road is a thief.") -> Note:
    told = {"kind": "guest_book", "signed": "Somebody", "language": "en", "address": "192.0.2.1", "at": hung.now}
    note = notes.leave(hung.hall, words=words, **told)
    return notes.decide(note, show=True, answer="Thank you.", reason="", by=hung.people["curator"])


def page(hung: Hung, language: str = "en") -> str:
    return hung.client().get(f"/{language}/2026/halls/{hung.hall.code}/").content.decode()


def test_a_withheld_line_leaves_one_sentence_in_its_place_and_comes_back_whole(hung: Hung) -> None:
    note = a_line(hung)
    before = page(hung)
    assert "Wei Chen" in before and f"about=note-{note.pk}" in before
    notes.withhold_note(note, reason_code="persons", by=hung.people["organiser"])
    held = page(hung)
    assert not any(word in held for word in ("Wei Chen", "Somebody", "Thank you.", f"about=note-{note.pk}"))
    assert "This line is withheld" in held and "暂不展示" in page(hung, "zh-hans")
    notes.restore_note(note, by=hung.people["organiser"])
    assert page(hung) == before


def test_a_curator_cannot_turn_what_the_desk_decided_nor_pretend_to_be_it(hung: Hung) -> None:
    note = a_line(hung)
    notes.withhold_note(note, reason_code="persons", by=hung.people["organiser"])
    curator = hung.people["curator"]
    assert refused(lambda: notes.decide(note, show=True, answer="", reason="", by=curator)) == "note.withheld"
    answer = hung.client("curator").post(f"/en/2026/desk/guest-book/{note.pk}/", {"do": "show", "answer": ""})
    assert answer.status_code == 422 and Note.objects.get().state == "hidden"
    other = notes.decide(a_line(hung, "Fine boards"), show=False, answer="", reason="desk.rights", by=curator)
    assert not other.reason_code.startswith(notes.WITHHELD)


def test_only_what_is_shown_is_withheld_and_only_what_is_withheld_restored(hung: Hung) -> None:
    note, by = a_line(hung), hung.people["organiser"]
    assert refused(lambda: notes.restore_note(note, by=by)) == "note.not_withheld"
    assert refused(lambda: notes.withhold_note(note, reason_code="opinion", by=by)) == "entry.reason"
    notes.withhold_note(note, reason_code="rights", by=by)
    assert refused(lambda: notes.withhold_note(note, reason_code="rights", by=by)) == "note.not_shown"
    assert queries.numbered(note.pk) == note and queries.numbered(note.pk + 1) is None
    notes.restore_note(note, by=by)
    notes.decide(note, show=False, answer="", reason="advert", by=by)
    assert queries.numbered(note.pk) is None
