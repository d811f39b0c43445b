"""Bringing print files: every file gets its answer, nothing is hung twice, what is read is seen without losing what is typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser, expect

from showground.exhibition.actions import intake as taking
from showground.exhibition.models import Board, Intake
from showground.exhibition.queries import store
from showground.exhibition.staff.brought import brought as brought_files
from showground.rules.refused import Refused
from showground.works.queries import jail
from tests.exhibition.hung import Hung, a_board, brought, published, sheet
from tests.harness.browser import axe, complaints, tab
from tests.harness.browser import browser as browser
from tests.media import bad_boards

pytestmark = pytest.mark.django_db
HOME = "/en/2026/desk/halls/street/"


def upload(name: str, body: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


def test_a_file_that_is_refused_keeps_no_other_out(stood: Hung) -> None:
    files = [upload("old.ppt", bad_boards.old_office(False)), upload("boards.pdf", sheet()), upload("empty.pdf", b"")]
    answer = stood.client("curator").post(f"{HOME}bring/", {"file": files, "language": "zh", "pages": "1-1"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "old.ppt: This is a presentation" in page and "empty.pdf: The file is empty" in page
    assert Intake.objects.get().filename == "boards.pdf" and 'value="1-1"' in page and "Every other file was taken" in page
    alone = stood.client("curator").post(f"{HOME}bring/", {"file": upload("empty.pdf", b""), "language": "zh", "pages": ""})
    assert "The file is empty" in alone.content.decode() and "Every other file" not in alone.content.decode()


def test_a_script_is_told_what_was_refused(stood: Hung) -> None:
    files = [upload("boards.pdf", sheet()), upload("empty.pdf", b"")]
    asked = {"file": files, "language": "zh", "pages": ""}
    answer = stood.client("curator").post(f"{HOME}bring/", asked, HTTP_ACCEPT="application/json")
    assert (answer.status_code, len(answer.json()["refused"])) == (422, 1) and Intake.objects.count() == 1
    wrong = stood.client("curator").post(f"{HOME}bring/", {"pages": "all", "language": "zh"}, HTTP_ACCEPT="application/json")
    assert wrong.json() == {"refused": ["Pages are written as 7 or as 1-60."]}


def test_the_same_pages_are_hung_once_until_their_boards_are_taken_away(
    stood: Hung, django_capture_on_commit_callbacks: Any
) -> None:
    brought(stood, sheet())
    board, kept = Board.objects.get(), store.drawn(Board.objects.get().picture["key"])
    with pytest.raises(Refused, match=r"board\.brought"):
        brought(stood, sheet(), "again.pdf")
    again = stood.client("curator").post(f"{HOME}bring/", {"file": upload("a.pdf", sheet()), "language": "zh", "pages": ""})
    assert f"hang here already: {board.code}." in again.content.decode()
    assert brought(stood, sheet(size=8), "other.pdf").state == Intake.State.READ
    with django_capture_on_commit_callbacks(execute=True):
        assert taken_away(stood, board).status_code == 302
    assert [one.place for one in stood.hall.boards.order_by("place")] == [1] and kept.exists() is False
    assert [row.state for row in brought_files(stood.hall)] == ["1 board", "its boards were taken away"]
    assert brought(stood, sheet()).state == Intake.State.READ


def taken_away(stood: Hung, board: Board) -> Any:
    return stood.client("curator").post(f"/en/2026/desk/boards/{board.code}/away/")


def test_a_board_that_visitors_saw_is_never_taken_away(stood: Hung) -> None:
    board = published(stood, a_board(stood))
    answer = taken_away(stood, board)
    assert answer.status_code == 422 and "Take it down instead" in answer.content.decode()
    assert Board.objects.filter(pk=board.pk).exists()
    assert (
        f"/desk/boards/{board.code}/away/"
        not in stood.client("curator").get(f"/en/2026/desk/boards/{board.code}/").content.decode()
    )


def test_a_file_that_waits_is_not_brought_again(stood: Hung) -> None:
    told: Any = {"filename": "a.pdf", "size": len(sheet()), "language": "zh", "by": None, "at": stood.now}
    taking.receive(stood.hall, pieces=[sheet()], pages=(2, 3), **told)
    for pages in ((2, 3), (1, None), (1, 2), (3, 9)):
        with pytest.raises(Refused, match=r"board\.brought_now"):
            taking.receive(stood.hall, pieces=[sheet()], pages=pages, **told)
    taking.receive(stood.hall, pieces=[sheet()], pages=(4, None), **told)
    taking.receive(stood.hall, pieces=[sheet()], pages=(1, 1), **told)
    assert len(list(store.original("0").parent.iterdir())) == 1, "nothing of what was refused stays"


def test_a_hall_s_page_asks_as_often_for_many_boards_as_for_one(stood: Hung) -> None:
    desk, asked = stood.client("curator"), []
    for count in (1, 3):
        while Board.objects.count() < count:
            published(stood, a_board(stood)) if count == 1 else a_board(stood)
        with CaptureQueriesContext(connection) as seen:
            page = desk.get(HOME).content.decode()
        asked.append(len(seen))
    assert asked[0] == asked[1]
    assert "3 boards, 1 on show" in page and page.count(" missing<span") == 2


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_files_are_dropped_and_seen_through_without_a_reload(
    stood: Hung, browser: Browser, live_server: Any, tmp_path: Path
) -> None:
    session = stood.client("curator").cookies[site.SESSION_COOKIE_NAME].value
    body, old = sheet(), bad_boards.old_office(False)
    with tab(browser) as page:
        heard = complaints(page)
        page.context.add_cookies([{"name": site.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.goto(live_server.url + HOME)
        page.evaluate(
            """([pdf, ppt]) => {
                const told = new DataTransfer();
                told.items.add(new File([new Uint8Array(pdf)], "boards.pdf"));
                told.items.add(new File([new Uint8Array(ppt)], "old.ppt"));
                const form = document.querySelector("[data-bring]");
                form.dispatchEvent(new DragEvent("dragover", { dataTransfer: told, bubbles: true, cancelable: true }));
                form.dispatchEvent(new DragEvent("drop", { dataTransfer: told, bubbles: true, cancelable: true }));
            }""",
            [list(body), list(old)],
        )
        expect(page.locator(".ex-chosen li")).to_have_text([f"boards.pdf, {-(-len(body) // 1000)} kB", "old.ppt, 4 kB"])
        page.get_by_role("button", name="Bring", exact=True).click()
        expect(page.locator(".ex-chosen li").nth(0)).to_have_text("boards.pdf: taken")
        expect(page.locator(".ex-chosen li.wrong")).to_contain_text("before 2007")
        expect(page.locator("#files")).to_contain_text("being read")
        page.get_by_label("Pages").fill("2-9")
        assert axe(page) == []
        one = Intake.objects.get()
        taking.read(one, jail=jail(), at=stood.now, ours=frozenset({one.sha256}))
        expect(page.locator("#boards li")).to_have_count(1)
        expect(page.locator("#files .st")).to_contain_text("1 board")
        assert page.get_by_label("Pages").input_value() == "2-9"
        assert [line for line in heard if "422" not in line] == []


def test_a_board_is_hung_at_a_place_and_the_arrow_that_was_pressed_keeps_the_focus(stood: Hung) -> None:
    desk = stood.client("curator")
    codes = [a_board(stood).code for _ in range(4)]
    home = f"/en/2026/desk/boards/{codes[3]}/rehang/"
    assert desk.post(home, {"place": "2"})["Location"] == f"/en/2026/desk/boards/{codes[3]}/"

    def route() -> list[str]:
        return list(stood.hall.boards.order_by("place").values_list("code", flat=True))

    assert route() == [codes[0], codes[3], codes[1], codes[2]]
    back = desk.post(home, {"do": "down"})["Location"]
    assert back == f"{HOME}?moved={codes[3]}&way=down#{codes[3]}" and route() == [codes[0], codes[1], codes[3], codes[2]]
    assert desk.get(back).content.decode().count(" autofocus>↓") == 1
    assert desk.post(home, {"place": "9999"}).status_code == 302 and route()[-1] == codes[3]
