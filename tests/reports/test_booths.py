"""A booth's address is recalled at once, says so in words on the device, and nobody's words are lost by it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from showground.commands import desk_token
from showground.reports.actions import booths
from showground.reports.models import Booth, Event, Report
from tests.reports.office import LOG, an_office
from tests.reports.test_officer import HOME, Room, text

pytestmark = pytest.mark.django_db
LIST, DOOR = f"{HOME}booths/", "/en/sample/report/"


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Room:
    office = an_office(tmp_path / "desk", settings)
    settings.CLOCK = lambda: office.now
    return Room(office)


def device() -> Client:
    return Client(SERVER_NAME="localhost", SERVER_PORT="8300", headers={"origin": "http://localhost:8300"})


def made(room: Room, name: str = "Hall 3", **more: Any) -> str:
    page = room.enter("ada").post(LIST, {"booth": name, **more})
    assert page.status_code == 200, text(page)
    return str(page.context["address"].rstrip("/").split("/")[-1])


def tell(client: Client, token: str, words: str = "They took my money.") -> Any:
    return client.post(f"{DOOR}send/", {"category": "scam", "words": words, "kiosk": token})


def test_a_booth_has_an_address_that_is_shown_once(room: Room) -> None:
    token, ada = made(room), room.enter("ada")
    assert token not in ada.get(LIST).content.decode() and Booth.objects.get().token_sha256 != token
    assert device().get(f"{DOOR}kiosk/{token}/").status_code == 200
    assert device().get(f"{DOOR}kiosk/{'0' * 32}/").status_code == 404
    assert ada.post(LIST, {"booth": "  "}).status_code == 422 and Booth.objects.count() == 1


def test_the_list_says_since_when_last_seen_and_how_many_today(room: Room) -> None:
    token, ada, stand = made(room), room.enter("ada"), device()
    assert "never seen yet" in text(ada.get(LIST))
    for _ in range(2):
        assert tell(stand, token).status_code == 200
    assert Report.objects.filter(channel="kiosk").count() == 2
    assert re.search(r"Hall 3 .* 2 reports today End this booth", text(ada.get(LIST)))
    room.office.now += 86400
    room.token("ada")
    assert re.search(r" 0 reports today End this booth", text(ada.get(LIST)))
    stand.get(f"{DOOR}kiosk/{token}/")
    assert Booth.objects.get().seen_at == room.office.now


def test_a_recalled_booth_sends_for_staff_in_both_languages_at_once(room: Room) -> None:
    token, stand = made(room), device()
    booth = Booth.objects.get()
    assert room.enter("ben").post(f"{LIST}{booth.pk}/end/").status_code == 302
    for language in ("en", "zh-hans"):
        page = stand.get(f"/{language}/sample/report/kiosk/{token}/")
        said = text(page)
        assert page.status_code == 410 and "Please tell somebody of the staff" in said and "请告诉现场工作人员" in said
        assert not page.cookies and page["Cache-Control"] == "no-store" and "data-kiosk" in page.content.decode()
    assert "End this booth" not in text(room.enter("ada").get(LIST)) and "ended" in text(room.enter("ada").get(LIST))
    room.enter("ben").post(f"{LIST}{booth.pk}/end/")
    assert Event.objects.filter(thing="booth", verb="ended").count() == 1, "twice is as once"


def test_what_is_being_written_when_it_is_recalled_is_taken_all_the_same(room: Room) -> None:
    token, stand = made(room), device()
    booths.end(Booth.objects.get(), at=room.office.now, log=LOG)
    page = stand.post(DOOR, {"category": "scam", "words": "Half a sentence", "kiosk": token})
    assert "Half a sentence" in page.content.decode(), "another kind of harm, another language: the words stay"
    done = tell(stand, token)
    assert done.status_code == 200 and "It has arrived" in text(done) and not done.cookies
    assert Report.objects.get().channel == "web" and f"kiosk/{token}/" in done.content.decode(), "it leads to the page for staff"
    assert Booth.objects.get().filed == 0, "an address that was stolen counts for nobody"


def test_a_new_address_ends_the_one_before_in_the_same_step(room: Room) -> None:
    before = made(room)
    after = made(room, "", instead=Booth.objects.get().pk)
    assert after != before and [one.name for one in Booth.objects.filter(ended_at=None)] == ["Hall 3"]
    assert device().get(f"{DOOR}kiosk/{before}/").status_code == 410
    assert device().get(f"{DOOR}kiosk/{after}/").status_code == 200


def test_two_who_renew_the_same_booth_leave_one_address_of_each(room: Room) -> None:
    """Back and sent again: the one before is ended already, and then a name is wanted."""
    made(room)
    first = Booth.objects.get().pk
    made(room, "", instead=first)
    assert room.enter("ben").post(LIST, {"booth": "", "instead": first}).status_code == 422
    assert Booth.objects.filter(ended_at=None).count() == 1


def test_only_officers_see_and_end_booths(room: Room) -> None:
    made(room)
    for name in ("custodian", "approver"):
        assert room.enter(name).get(LIST).status_code == 403
        assert room.enter(name).post(f"{LIST}{Booth.objects.get().pk}/end/").status_code == 403
    assert Booth.objects.get().ended_at is None


def test_the_command_makes_lists_and_ends(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk_token.main(["--booth", "Hall 4", "--week", "sample"]) == 0
    address = capsys.readouterr().out.strip()
    assert device().get(address[address.index("/en/") :]).status_code == 200
    assert desk_token.main(["--booths"]) == 0
    number, name, *_rest = capsys.readouterr().out.split("\t")
    assert name == "Hall 4" and desk_token.main(["--booth", number, "--end"]) == 0
    assert device().get(address[address.index("/en/") :]).status_code == 410
    assert desk_token.main(["--booth", "999", "--end"]) == 2 and desk_token.main(["--booth", "x", "--week", "none"]) == 2
    assert desk_token.main(["nobody"]) == 2
