"""Two curators, one recording: each upload is its own, whoever has the same file goes on with it, and files are never mixed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from playwright.sync_api import Browser, Page, expect

from showground.exhibition.actions import upload
from showground.exhibition.models import Medium
from showground.exhibition.staff import bringing
from showground.works.actions.receive import quarantine
from showground.works.models import Work
from tests.exhibition.hung import Hung, a_board
from tests.harness.browser import browser as browser
from tests.harness.browser import tab
from tests.media.test_sound import recorded

pytestmark = pytest.mark.django_db
PIECE = 20_000
MARK = {"content_type": "application/octet-stream"}


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seconds of sound are a large file here."""
    monkeypatch.setattr(upload, "PIECE", PIECE)
    monkeypatch.setattr(bringing, "PIECE", PIECE)


@pytest.fixture
def medium(stood: Hung) -> Medium:
    return Medium.objects.create(board=a_board(stood), kind="audio", language="zh")


@pytest.fixture
def ours(tmp_path: Path) -> bytes:
    return recorded(tmp_path, "wav").read_bytes()


def other(data: bytes) -> bytes:
    """A file of the same size and the same first piece."""
    return data[:PIECE] + bytes(byte ^ 1 for byte in data[PIECE:])


def home(medium: Medium, step: str = "") -> str:
    return f"/en/2026/desk/boards/{medium.board.code}/recordings/{medium.pk}/{step}"


def mark(data: bytes) -> str:
    told = b""
    for at in range(0, len(data), PIECE):
        told = hashlib.sha256(told + data[at : at + PIECE]).digest()
    return told.hex()


def start(stood: Hung, medium: Medium, who: str, size: int, **more: object) -> dict[str, Any]:
    told = {"filename": "guide.wav", "size": size, **more}
    answer = stood.client(who).post(home(medium, "start/"), told)
    assert answer.status_code == 200
    return dict(answer.json())


def send(stood: Hung, who: str, told: dict[str, Any], data: bytes, offset: int = 0) -> Any:
    return stood.client(who).post(f"{told['pieces']}?offset={offset}", data, **MARK)


def brought(medium: Medium) -> Work:
    medium.refresh_from_db()
    assert medium.work is not None
    return medium.work


def test_two_files_of_one_name_and_size_are_never_mixed(stood: Hung, medium: Medium, ours: bytes) -> None:
    theirs = other(ours)
    mine = start(stood, medium, "curator", len(ours))
    assert send(stood, "curator", mine, ours[:PIECE]).json()["received"] == PIECE
    his = start(stood, medium, "organiser", len(theirs), going=brought(medium).code, have=PIECE * 2, same=mark(theirs[: PIECE * 2]))
    assert his["sent"] == 0 and his["pieces"] != mine["pieces"]
    assert send(stood, "organiser", his, theirs[:PIECE]).json()["received"] == PIECE
    late = send(stood, "curator", mine, ours[PIECE:], PIECE)
    assert late.status_code == 409 and late.json()["error"] == "work.replaced" and "another file" in late.json()["said"]
    assert send(stood, "organiser", his, theirs[PIECE:], PIECE).json()["state"] == "waiting"
    assert brought(medium).sha256 == hashlib.sha256(theirs).hexdigest()


def test_whoever_has_the_same_file_goes_on_from_its_whole_pieces(
    stood: Hung, medium: Medium, ours: bytes, django_capture_on_commit_callbacks: Any
) -> None:
    mine = start(stood, medium, "curator", len(ours))
    send(stood, "curator", mine, ours[: PIECE * 2 + 77])
    before, shown = brought(medium), stood.client("organiser").get(home(medium)).content.decode()
    assert f'data-going="{before.code}"' in shown and f'data-have="{PIECE * 2}"' in shown
    with django_capture_on_commit_callbacks(execute=True):
        his = start(stood, medium, "organiser", len(ours), going=before.code, have=PIECE * 2, same=mark(ours[: PIECE * 2]))
    assert his["sent"] == PIECE * 2
    assert not quarantine(before).exists(), "the one before is gone, with its bytes"
    assert send(stood, "organiser", his, ours[PIECE * 2 :], PIECE * 2).json()["state"] == "waiting"
    assert brought(medium).sha256 == hashlib.sha256(ours).hexdigest()
    again = send(stood, "organiser", his, b"more", PIECE * 2)
    assert (again.status_code, again.json()["error"]) == (409, "work.received")


def test_a_file_that_differs_in_what_is_here_begins_anew(stood: Hung, medium: Medium, ours: bytes) -> None:
    send(stood, "curator", start(stood, medium, "curator", len(ours)), ours[: PIECE * 2])
    proof = mark(other(ours)[: PIECE * 2])
    his = start(stood, medium, "organiser", len(ours), going=brought(medium).code, have=PIECE * 2, same=proof)
    assert his["sent"] == 0 and quarantine(brought(medium)).read_bytes() == b""


def test_nobody_but_the_hall_s_curators_sends_to_an_upload_s_address(stood: Hung, medium: Medium, ours: bytes) -> None:
    told = start(stood, medium, "curator", len(ours))
    for who in ("", "author"):
        answer = send(stood, who, told, ours)
        assert (answer.status_code, answer.json()["error"][:7]) == (403, "people."), who
    assert brought(medium).received == 0


def choose(page: Page, data: bytes) -> None:
    page.locator("#id_upload").set_input_files({"name": "guide.wav", "mimeType": "audio/wav", "buffer": data})
    page.get_by_role("button", name="Upload").click()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_two_browsers_send_two_files_and_one_goes_on_with_its_own(
    stood: Hung, medium: Medium, ours: bytes, browser: Browser, live_server: Any
) -> None:
    def signed(page: Page, who: str) -> None:
        session = stood.client(who).cookies[site.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": site.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.goto(live_server.url + home(medium))

    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    with tab(browser) as mine, tab(browser) as his:
        signed(mine, "curator")
        mine.route(f"**offset={PIECE * 2}", hold)  # a slow line
        with mine.expect_request(f"**offset={PIECE * 2}"):
            choose(mine, ours)
        signed(his, "organiser")
        expect(his.locator(".note.pencil")).to_contain_text("guide.wav")
        with his.expect_request("**offset=0") as began:
            choose(his, other(ours))
        expect(his.locator("[data-work=waiting]")).to_be_visible()
        assert brought(medium).sha256 == hashlib.sha256(other(ours)).hexdigest() and began.value
        held.pop().continue_()
        expect(mine.locator(".sending [role=alert]")).to_contain_text("another file")
    Work.objects.filter(pk=brought(medium).pk).update(state="receiving", received=0)
    with tab(browser) as mine, tab(browser) as again:
        signed(mine, "curator")
        mine.route(f"**offset={PIECE * 2}", hold)
        with mine.expect_request(f"**offset={PIECE * 2}"):
            choose(mine, ours)
        signed(again, "curator")
        with again.expect_request("**/piece/**") as went_on:
            choose(again, ours)
        assert went_on.value.url.endswith(f"offset={PIECE * 2}")
        expect(again.locator("[data-work=waiting]")).to_be_visible()
        assert brought(medium).sha256 == hashlib.sha256(ours).hexdigest()
