"""Two people at the desk at once: nobody's words are written over, taken away or published unseen."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from showground.exhibition.actions import handouts, notes, programme, record, visits, write
from showground.exhibition.models import Board, Event, Hall, Handout, Medium, Note
from showground.quiz.models import Quiz
from showground.works.models import Work
from tests.exhibition.hung import Hung, a_board, published

pytestmark = pytest.mark.django_db
DESK = "/en/2026/desk/"
SOMEBODY = "Somebody changed this"


@pytest.fixture
def board(stood: Hung) -> Board:
    return published(stood, a_board(stood))


def seen(page: str, at: str = "") -> str:
    """The mark that the form after `at` carries."""
    return page.split(at, 1)[1].split('name="seen" value="')[1].split('"')[0]


def refused_then_kept(mine: Client, theirs: Client, home: str, told: dict[str, str], part: str) -> None:
    """They change `part` while my page is open: mine is refused with theirs beside it, and kept when it is pressed again."""
    told = {**told, "seen": seen(mine.get(home).content.decode(), "<main")}
    assert theirs.post(home, {**told, part: "Theirs 1"}).status_code == 302
    answer = mine.post(home, {**told, part: "Mine 1"})
    page = answer.content.decode()
    assert answer.status_code == 422 and SOMEBODY in page and "Theirs 1" in page and "Mine 1" in page
    assert mine.post(home, {**told, part: "Mine 1", "seen": seen(page, "<main")}).status_code == 302


def test_a_hall_an_event_and_a_hand_out_are_not_written_over_unseen(stood: Hung) -> None:
    mine, theirs = stood.client("organiser"), stood.client("curator")
    both = {"name_en": "Street", "name_zh": "街上", "opens": "2026-09-14T09:00", "order": "1"}
    refused_then_kept(mine, theirs, f"{DESK}halls/street/edit/", both, "about_en")
    text = {"en": "A", "zh": "一"}
    event = programme.announce(
        stood.week, code="talk", kind="talk", title=text, about=text, place=text, link="", quiz="", at=1,
        starts=stood.now, ends=stood.now + 60,
    )  # fmt: skip
    told = {"kind": "talk", "title_en": "A", "title_zh": "一", "starts": "2026-09-14T09:00", "ends": "2026-09-14T10:00"}
    refused_then_kept(mine, theirs, f"{DESK}programme/{event.pk}/", told, "place_en")
    handouts.lay_out(
        stood.hall, code="map", kind="poster", title=text, about=text, language="", credit="Us", licence="CC BY 4.0", order=1
    )
    told = {
        "kind": "poster",
        "title_en": "A",
        "title_zh": "一",
        "about_en": "A",
        "about_zh": "一",
        "licence": "CC BY 4.0",
        "order": "1",
    }
    refused_then_kept(mine, theirs, f"{DESK}halls/street/hand-outs/map/", told, "credit")
    found = (Hall.objects.get().about["en"], Event.objects.get().place["en"], Handout.objects.get().credit)
    assert found == ("Mine 1", "Mine 1", "Mine 1")


def test_the_words_of_a_recording_are_not_written_over_unseen(stood: Hung, board: Board) -> None:
    medium = record.begin(board, kind="audio", language="zh")
    home = f"{DESK}boards/{board.code}/recordings/{medium.pk}/"
    told = {"seen": seen(stood.client("curator").get(home).content.decode(), "data-guard")}
    assert stood.client("organiser").post(home, {**told, "transcript_en": "Theirs"}).status_code == 302
    answer = stood.client("curator").post(home, {**told, "transcript_en": "Mine"})
    assert answer.status_code == 422 and SOMEBODY in answer.content.decode()
    assert Medium.objects.get().transcript == {"en": "Theirs"}


def test_where_a_board_leads_is_not_written_over_by_a_page_that_did_not_show_it(stood: Hung, board: Board) -> None:
    home, told = f"{DESK}boards/{board.code}/whole/", {"minutes": "2", "harm": "", "quiz": ""}
    texts = {f"{part}_{lang}": said for part in ("title", "alt", "notes") for lang, said in board.shown.document[part].items()}  # type: ignore[union-attr]
    told |= {name: said.replace("\n", "\r\n") for name, said in texts.items()}  # as browsers send lines
    told["seen"] = seen(stood.client("curator").get(home).content.decode(), "data-guard")
    assert stood.client("organiser").post(home, {**told, "harm": "scam"}).status_code == 302
    answer = stood.client("curator").post(home, {**told, "title_en": "Mine"})
    assert answer.status_code == 422 and SOMEBODY in answer.content.decode()
    board.refresh_from_db()
    assert board.harm == "scam" and not board.texts.filter(state="draft").exists(), "no word was new, so no draft began"


def test_nobody_publishes_confirms_or_takes_away_what_they_have_not_read(stood: Hung, board: Board) -> None:
    desk, home = stood.client("curator"), f"{DESK}boards/{board.code}/"
    told: dict[str, Any] = {"by": stood.people["organiser"], "at": stood.now}
    write.mend(board, "b2", kind="paragraph", texts={"zh": "先前的话。", "en": "Before."}, box=None, **told)
    page = desk.get(f"{home}?block=b2").content.decode()
    marks = {"publish": seen(page, f"{home}publish/"), "confirm": seen(page, f"{home}publish/"), "drop": seen(page, f"{home}drop/")}
    write.mend(board, "b2", kind="paragraph", texts={"zh": "没人读过。", "en": "Nobody has read this."}, box=None, **told)
    for do, mark in marks.items():
        answer = desk.post(f"{home}{do}/", {"block": "b2", "seen": mark})
        assert answer.status_code == 422 and "after you opened the page" in answer.content.decode(), do
    fresh = seen(desk.get(home).content.decode(), f"{home}publish/")
    assert desk.post(f"{home}publish/", {"seen": fresh}).status_code == 302
    board.refresh_from_db()
    assert board.shown is not None and board.shown.document["blocks"][1]["text"]["en"] == "Nobody has read this."


def test_an_answer_to_a_visitor_is_not_written_over_unseen(stood: Hung) -> None:
    note = notes.leave(
        stood.hall, kind="question", words="Why?", signed="", language="en", address="192.0.2.7", at=stood.now
    )  # fmt: skip
    home = f"{DESK}guest-book/{note.pk}/"
    mine, theirs = stood.client("curator"), stood.client("organiser")
    mark = seen(mine.get(f"{DESK}guest-book/").content.decode(), home)
    assert theirs.post(home, {"do": "show", "answer": "Theirs.", "seen": mark}).status_code == 302
    answer = mine.post(home, {"do": "show", "answer": "Mine.", "seen": mark})
    page = answer.content.decode()
    assert answer.status_code == 422 and "decided about this line meanwhile" in page and ">Mine.</textarea>" in page
    assert Note.objects.get().answer == "Theirs."
    assert mine.post(home, {"do": "show", "answer": "Mine.", "seen": seen(page, home)}).status_code == 302


def test_lines_that_wait_are_counted_beyond_the_first_page(stood: Hung) -> None:
    told = {"hall": stood.hall, "kind": "guest_book", "words": "Good.", "language": "en", "at": stood.now}
    Note.objects.bulk_create(Note(**told) for _ in range(51))
    page = stood.client("curator").get(f"{DESK}guest-book/").content.decode()
    assert '<span class="quiet">51</span>' in page and page.count("<blockquote") == 50 and "The oldest 50 stand here" in page


# ---- what mending and bringing must not lose ----


def test_mending_a_block_keeps_what_it_says_in_a_language_without_a_field(stood: Hung, board: Board) -> None:
    told: dict[str, Any] = {"by": stood.people["curator"], "at": stood.now}
    text = write.draft_of(board, **told)
    text.document["blocks"][1] |= {"lang": "ar", "text": {"ar": "لا تدفع"}}
    text.save()
    write.mend(board, "b2", kind="paragraph", texts={"en": "Do not pay."}, box=None, **told)
    assert board.texts.get(state="draft").document["blocks"][1]["text"] == {"ar": "لا تدفع", "en": "Do not pay."}


def test_a_table_that_is_kept_as_it_was_shown_stays_as_it_is(stood: Hung, board: Board) -> None:
    told: dict[str, Any] = {"by": stood.people["curator"], "at": stood.now}
    write.mend(board, "b2", kind="table", texts={"en": "Ring | Who\n110 | police"}, box=None, **told)
    rows = [["110|112", "police"], ["96110", "fraud"]]
    text = board.texts.get(state="draft")
    text.document["blocks"][1]["rows"] = {"en": rows}
    text.save()
    write.mend(board, "b2", kind="table", texts={"en": "110|112\tpolice\n96110\tfraud"}, box=None, **told)
    assert board.texts.get(state="draft").document["blocks"][1]["rows"] == {"en": rows}


def test_a_file_that_is_no_sound_leaves_the_one_that_is_there(stood: Hung, board: Board) -> None:
    medium = record.begin(board, kind="audio", language="zh")
    medium.work = Work.objects.create(
        code="sound", owner=stood.people["curator"], category="audio", filename="a.wav", declared_size=1, state="safe", started_at=1
    )
    medium.save()
    home = f"{DESK}boards/{board.code}/recordings/{medium.pk}/"
    answer = stood.client("curator").post(f"{home}file/", {"file": SimpleUploadedFile("a.wav", b"no sound at all")})
    assert answer.status_code == 422 and Medium.objects.get().work == medium.work


def test_a_board_leads_to_no_quiz_that_visitors_cannot_open(stood: Hung, board: Board) -> None:
    for kind, state in (("classroom", "announced"), ("practice", "draft")):
        Quiz.objects.create(
            week=stood.week, code=kind, kind=kind, state=state, name={"en": kind, "zh": kind}, opens=1, closes=2, made_at=1
        )
    page = stood.client("curator").get(f"{DESK}boards/{board.code}/whole/").content.decode()
    assert 'value="practice"' in page and 'value="classroom"' not in page
    write.settle(board, quiz="practice", harm="", minutes=2)
    home = f"/en/2026/boards/{board.code}/quiz/"
    assert stood.client().get(home)["Location"] == "/en/2026/quiz/", "it is still a draft"
    Quiz.objects.filter(code="practice").update(state="announced")
    assert stood.client().get(home)["Location"] == "/en/2026/quiz/practice/"


def test_an_organiser_closes_the_open_page_of_visits_and_opens_it_again(stood: Hung, board: Board) -> None:
    pages = [f"/en/2026/visits/{name}" for name in ("", "visits.csv", "visits.json")]
    halls = ("/en/2026/halls/", "/en/2026/halls/street/")
    visitor, organiser = stood.client(), stood.client("organiser")

    def there() -> tuple[set[int], set[bool]]:
        links = {f'href="{pages[0]}"' in visitor.get(path).content.decode() for path in halls}
        return {visitor.get(path).status_code for path in pages}, links

    assert there() == ({200}, {True})
    assert stood.client("curator").post(f"{DESK}visits/tell/", {"do": "close"}).status_code == 403
    assert organiser.post(f"{DESK}visits/tell/", {"do": "close"}).status_code == 302
    assert there() == ({404}, {False})
    assert "Open it to everybody" in organiser.get(f"{DESK}visits/").content.decode()
    assert "An organiser decides this." in stood.client("curator").get(f"{DESK}visits/").content.decode()
    visits.tell(stood.week, openly=False)
    assert organiser.post(f"{DESK}visits/tell/", {"do": "open"}).status_code == 302 and there() == ({200}, {True})
