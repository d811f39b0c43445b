from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from PIL import Image

from showground.entries.models import Entry
from showground.works.models import Work
from tests.entries.conftest import Enter
from tests.entries.sample import FORM, Desks

HOME = "/en/2026/enter/"


def text(answer: HttpResponse) -> str:
    """The words of a page."""
    page = re.sub(r"<(script|style|head)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def png(width: int = 40) -> bytes:
    from io import BytesIO

    out = BytesIO()
    Image.effect_noise((width, width), 90).save(out, "PNG")
    return out.getvalue()


def sent(name: str, data: bytes) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, data)}


# ---- my entries ----


def test_the_desk_says_each_state_in_words(room: Desks, enter: Enter) -> None:
    (
        room.draft(title_en="First"),
        room.submitted(title_en="Another"),
        room.returned(title_en="Third"),
        room.accepted(title_en="Fourth"),
    )
    said = text(enter("maker").get(HOME))
    for words in ("nothing is on the record", "waits for a decision", "Returned to you with a reason", "Admitted as number 101"):
        assert words in said
    assert said.index("First") < said.index("Another") < said.index("Third") < said.index("Fourth")


@pytest.mark.parametrize(
    ("when", "words", "button"),
    [("call_opens", "Enter a work", True), ("call_closes", "no more works are taken", False), ("early", "not open yet", False)],
)
def test_an_empty_desk_offers_what_the_hour_allows(room: Desks, enter: Enter, when: str, words: str, button: bool) -> None:
    at = room.week.call_opens - 5 if when == "early" else getattr(room.week, when)
    answer = enter("maker", at).get(HOME)
    assert words in text(answer)
    assert (f'href="{HOME}new/"' in answer.content.decode()) == button


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_asks_the_database_as_often_for_one_row_as_for_three(
    room: Desks, enter: Enter, rows: int, django_assert_num_queries: pytest.FixtureDef
) -> None:
    for _ in range(rows):
        room.submitted()
    browser = enter("maker")
    browser.get(HOME)
    with django_assert_num_queries(5):  # session, person, week, log head of the frame, entries
        browser.get(HOME)


def test_the_desk_speaks_chinese(room: Desks, enter: Enter) -> None:
    room.accepted()
    said = text(enter("maker").get("/zh-hans/2026/enter/"))
    assert "我的参赛作品" in said and "已通过，编号 101" in said and "饵" in said


def test_nobody_sees_the_entry_of_another(room: Desks, enter: Enter) -> None:
    entry = room.submitted()
    for path in ("", "upload/", "submit/", "withdraw/", "pieces/"):
        browser = enter("other")
        ask = browser.post if path else browser.get
        assert ask(f"{HOME}{entry.code}/{path}").status_code == 404
    entry.refresh_from_db()
    assert entry.state == "submitted"


# ---- the form ----


def test_a_filled_form_makes_a_draft(room: Desks, enter: Enter) -> None:
    answer = enter("maker").post(HOME + "new/", FORM)
    entry = Entry.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{HOME}{entry.code}/")
    assert (entry.state, entry.maker_name, entry.person) == ("draft", "Lin Zhao", room.maker)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title_en": "", "title_zh": ""}, "Give the work a title in English or in Chinese."),
        ({"genre": "animation"}, "This genre belongs to another category."),
        ({"maker_name": ""}, "Name of the person or group"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(room: Desks, enter: Enter, wrong: dict[str, str], words: str) -> None:
    answer = enter("maker").post(HOME + "new/", {**FORM, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'role="alert"' in page and words in text(answer)
    assert "A phone on a hook." in page
    assert not Entry.objects.exists()


def test_a_form_after_the_call_is_told_the_deadline(room: Desks, enter: Enter) -> None:
    browser = enter("maker", room.week.call_closes)
    assert "The call is closed" in text(browser.get(HOME + "new/"))
    answer = browser.post(HOME + "new/", FORM)
    assert answer.status_code == 422 and "Too late: the deadline was Friday 28 August, 18:00." in text(answer)
    assert not Entry.objects.exists()


# ---- uploading in a plain form ----


def test_a_picture_in_a_plain_form_waits_to_be_opened(room: Desks, enter: Enter) -> None:
    entry = room.draft(work=None)
    assert enter("maker").post(f"{HOME}{entry.code}/upload/", sent("bait.png", png())).status_code == 302
    entry.refresh_from_db()
    assert (entry.work.state, entry.work.filename, entry.work.owner) == ("waiting", "bait.png", room.maker)
    assert "is being opened and checked" in text(enter("maker").get(f"{HOME}{entry.code}/"))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.png", b"", "The file is empty (0 bytes)."),
        ("bait.png", b"MZ" + b"\0" * 500, "The file is really a program, whatever its name says."),
        ("bait.png", b"%PDF-1.7 " + b"x" * 500, "The file is really PDF, whatever its name says."),
    ],
)
def test_a_file_that_cannot_be_taken_is_named(room: Desks, enter: Enter, name: str, data: bytes, words: str) -> None:
    entry = room.draft(work=None)
    answer = enter("maker").post(f"{HOME}{entry.code}/upload/", sent(name, data))
    assert answer.status_code == 422 and words in text(answer)
    assert "Next: upload" in text(answer)
    entry.refresh_from_db()
    assert entry.state == "draft" and (entry.work is None or entry.work.state == "refused")


def test_a_form_without_a_file_says_so(room: Desks, enter: Enter) -> None:
    entry = room.draft(work=None)
    answer = enter("maker").post(f"{HOME}{entry.code}/upload/", {})
    assert answer.status_code == 422 and "Upload the work before you send the entry in." in text(answer)


def test_an_upload_after_the_call_leaves_the_entry_as_it_is(room: Desks, enter: Enter) -> None:
    entry = room.draft(work=None)
    answer = enter("maker", room.week.call_closes).post(f"{HOME}{entry.code}/upload/", sent("bait.png", png()))
    assert answer.status_code == 422 and "Too late" in text(answer)
    entry.refresh_from_db()
    assert entry.work is None


def test_a_broken_upload_shows_where_it_goes_on(room: Desks, enter: Enter) -> None:
    entry = room.draft(work="receiving")
    Work.objects.update(received=1234, declared_size=9999)
    page = enter("maker").get(f"{HOME}{entry.code}/").content.decode()
    assert f'data-pieces="/pieces/{entry.work.code}/"' in page and 'data-received="1234"' in page and 'data-size="9999"' in page


# ---- pledge, sending in, withdrawing ----


def test_sending_in_needs_the_signed_pledge(room: Desks, enter: Enter) -> None:
    entry = room.draft()
    answer = enter("maker").post(f"{HOME}{entry.code}/submit/", {})
    assert answer.status_code == 422 and "Without the pledge the work cannot be sent in." in text(answer)
    assert enter("maker").post(f"{HOME}{entry.code}/submit/", {"pledge": "on"}).status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.pledge) == ("submitted", room.week.document["pledge"]["en"])


def test_the_pledge_that_is_signed_is_the_one_that_was_read(room: Desks, enter: Enter) -> None:
    entry = room.draft()
    enter("maker").post(f"/zh-hans/2026/enter/{entry.code}/submit/", {"pledge": "on"})
    entry.refresh_from_db()
    assert entry.pledge == room.week.document["pledge"]["zh"]


def test_two_presses_send_in_once(room: Desks, enter: Enter) -> None:
    entry, browser = room.draft(), enter("maker")
    for _ in range(2):
        assert browser.post(f"{HOME}{entry.code}/submit/", {"pledge": "on"}).status_code == 302
    assert len(room.records("entry.submitted")) == 1


def test_sending_in_late_is_told_the_deadline(room: Desks, enter: Enter) -> None:
    entry = room.draft()
    answer = enter("maker", room.week.call_closes).post(f"{HOME}{entry.code}/submit/", {"pledge": "on"})
    assert answer.status_code == 422 and "Too late: the deadline was" in text(answer)
    assert "The time for it is over." in text(answer)


def test_a_returned_entry_shows_the_reason_and_the_way_back(room: Desks, enter: Enter) -> None:
    entry = room.returned()
    answer = enter("maker", room.calling + 600).get(f"{HOME}{entry.code}/")
    said = text(answer)
    assert "Rights of others: a credit or permission is missing" in said and "Name the photographer." in said
    assert "Send in again" in said
    over = text(enter("maker", room.week.vote_opens).get(f"{HOME}{entry.code}/"))
    assert "Name the photographer." in over and "Send in again" not in over


def test_withdrawing_asks_once_and_says_what_follows(room: Desks, enter: Enter) -> None:
    entry = room.accepted()
    page = enter("maker").get(f"{HOME}{entry.code}/")
    assert "the log will say that it was withdrawn by its maker" in text(page)
    assert enter("maker").post(f"{HOME}{entry.code}/withdraw/").status_code == 302
    assert "You withdrew it." in text(enter("maker").get(f"{HOME}{entry.code}/"))


# ---- screening ----

DESK = "/en/2026/screening/"


def test_the_queue_is_oldest_first_and_opens_the_oldest(room: Desks, enter: Enter) -> None:
    room.submitted(title_en="Elder"), room.submitted(title_en="Younger")
    Entry.objects.filter(title_en="Younger").update(submitted_at=room.calling + 500)
    said = text(enter("screener", room.calling + 3600).get(DESK))
    assert said.startswith("Skip to the work") and said.index("Elder") < said.index("Younger")
    assert "2 waiting" in said and "Admit" in said


@pytest.mark.parametrize("rows", [1, 3])
def test_screening_asks_the_database_as_often_for_one_row_as_for_three(
    room: Desks, enter: Enter, rows: int, django_assert_num_queries: pytest.FixtureDef
) -> None:
    for _ in range(rows):
        room.submitted()
    browser = enter("screener")
    browser.get(DESK)
    with django_assert_num_queries(7):  # session, person, week, duties, queue, states, log head of the frame
        browser.get(DESK)


def test_admitting_opens_the_next(room: Desks, enter: Enter) -> None:
    first, second = room.submitted(), room.submitted()
    browser = enter("screener")
    assert browser.post(f"{DESK}{first.code}/admit/")["Location"] == DESK
    first.refresh_from_db()
    assert first.state == "accepted"
    assert f'action="{DESK}{second.code}/admit/"' in browser.get(DESK).content.decode()


def test_sending_back_needs_words(room: Desks, enter: Enter) -> None:
    entry, browser = room.submitted(), enter("screener")
    answer = browser.post(f"{DESK}{entry.code}/return/", {"reason": "rights", "text": ""})
    assert answer.status_code == 422 and '<details class="back" open>' in answer.content.decode()
    assert browser.post(f"{DESK}{entry.code}/return/", {"reason": "rights", "text": "Name it."}).status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.reason_text) == ("returned", "Name it.")


def test_an_own_work_offers_no_decision_and_takes_none(room: Desks, enter: Enter) -> None:
    entry = room.submitted(room.screener)
    browser = enter("screener")
    page = browser.get(f"{DESK}{entry.code}/")
    assert "This is your own entry." in text(page) and f"{entry.code}/admit/" not in page.content.decode()
    answer = browser.post(f"{DESK}{entry.code}/admit/")
    assert answer.status_code == 422 and "You cannot screen your own entry." in text(answer)
    entry.refresh_from_db()
    assert entry.state == "submitted"


def test_a_work_decided_meanwhile_says_so(room: Desks, enter: Enter) -> None:
    entry = room.accepted()
    answer = enter("screener").post(f"{DESK}{entry.code}/admit/")
    assert answer.status_code == 422 and "Somebody decided on this entry a moment ago." in text(answer)


def test_notes_of_the_scan_are_sentences_and_the_package_runs_elsewhere(room: Desks, enter: Enter) -> None:
    entry = room.submitted(category="h5", genre="game")
    notes = [{"note": "remote", "file": "js/game.js", "what": "fonts.example.com"}, {"note": "new-kind", "file": "a", "what": ""}]
    Work.objects.update(media={"hash32": "a" * 32, "notes": notes})
    answer = enter("screener").get(f"{DESK}{entry.code}/")
    said = text(answer)
    assert "It names another place on the net js/game.js : fonts.example.com" in said and "new-kind" in said
    assert f'href="http://w{"a" * 32}.h5.localhost:8300/" target="_blank" rel="noopener noreferrer"' in answer.content.decode()
    assert "<iframe" not in answer.content.decode()


def test_an_empty_queue_says_why(room: Desks, enter: Enter) -> None:
    assert "Every work sent in so far is decided." in text(enter("screener").get(DESK))


def test_after_the_vote_has_opened_no_decision_is_offered(room: Desks, enter: Enter) -> None:
    entry = room.submitted()
    page = enter("screener", room.week.vote_opens).get(f"{DESK}{entry.code}/")
    assert "Nothing can be decided any more." in text(page) and "/admit/" not in page.content.decode()


@pytest.mark.parametrize("who", ["maker", "organiser", "notary"])
def test_screening_is_shut_to_others(room: Desks, enter: Enter, who: str) -> None:
    entry = room.submitted()
    browser = enter(who)
    assert browser.get(DESK).status_code == 403
    assert browser.post(f"{DESK}{entry.code}/admit/").status_code == 403
    assert enter().get(DESK)["Location"].startswith("/en/2026/sign-in/")
