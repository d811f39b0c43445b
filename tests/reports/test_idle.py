"""Nobody's hand for a quarter of an hour, and the key is gone from the site; no word is, and the passphrase leads back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from playwright.sync_api import Browser

from showground.reports import jobs
from showground.reports.models import Case, Holder, Shift, StaffNote
from showground.reports.queries.keys import shift_locks, unlocked
from tests.harness.browser import axe, tab
from tests.harness.browser import browser as browser
from tests.reports.office import an_office
from tests.reports.test_desk_browser import sign_in
from tests.reports.test_officer import HOME, Room, text

pytestmark = pytest.mark.django_db
PASSPHRASE = "a long passphrase of ada"
# What the page says, with its own clock; the page looks every second, and words for people stand longer than that.
HEAR = """() => {
  const place = document.querySelector('[data-says][role=status]')
  window.said = []
  new MutationObserver(() => said.push([place.textContent, performance.now()])).observe(place, {childList: true})
}"""
STOOD = """() => {
  const at = said.findIndex(one => one[0].startsWith('You are back'))
  return at >= 0 && (said[at + 1] || [0, performance.now()])[1] - said[at][1] > 1200
}"""
WORDS = "The host was seen last week as well, with another bank’s name."


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Room:
    office = an_office(tmp_path / "desk", settings)
    settings.CLOCK = lambda: office.now
    return Room(office)


def work(room: Room, name: str = "ada") -> Client:
    """Returns a browser whose shift has just been opened."""
    client = room.enter(name)
    Shift.objects.update(seen_at=None)
    return client


def test_an_idle_shift_is_locked_and_its_key_destroyed(room: Room) -> None:
    ada, token = work(room), "a token of ada"
    room.office.now += site.DESK_IDLE - 1
    assert unlocked(token, at=room.office.now) is not None
    room.office.now += 1
    assert unlocked(token, at=room.office.now) is None, "before any program has had its second"
    jobs.follow(room.office.now)
    assert bytes(Shift.objects.get().sealed_key) == b""
    went = ada.get(f"{HOME}?view=mine")
    assert went.status_code == 302
    page = text(ada.get(went["Location"]))
    assert "Locked, because nobody touched it for 15 minutes. Nothing is lost" in page and "Unlock" in page
    back = ada.post(f"{HOME}shift/start/", {"duty": "officer", "passphrase": PASSPHRASE, "next": f"{HOME}?view=mine"})
    assert back["Location"] == f"{HOME}?view=mine" and ada.get(back["Location"]).status_code == 200
    assert Shift.objects.count() == 1, "the locked one is gone"


def test_a_hand_keeps_a_shift_open_and_a_page_that_asks_by_itself_does_not(room: Room) -> None:
    ada = work(room)
    for act in (lambda: ada.get(HOME), lambda: ada.post(f"{HOME}shift/awake/")):
        room.office.now += site.DESK_IDLE - 1
        assert act().status_code == 200
    assert ada.get(f"{HOME}shift/awake/").json() == {"left": site.DESK_IDLE}
    room.office.now += site.DESK_IDLE - 1
    ada.post(f"{HOME}take-in/go-on/", headers={"hx-request": "true"})
    assert ada.get(f"{HOME}shift/awake/").json() == {"left": 1}
    room.office.now += 1
    assert ada.get(f"{HOME}shift/awake/").json() == {"left": 0}
    assert ada.post(f"{HOME}shift/awake/").json() == {"left": 0} and ada.get(HOME).status_code == 302, "nothing wakes a locked one"


def test_words_sent_after_the_lock_come_back_and_are_sent_with_the_passphrase(room: Room) -> None:
    case, ada = room.office.case(), work(room)
    room.office.now += site.DESK_IDLE
    where, told = f"{HOME}case/{case.number}/note/", {"note": WORDS}
    page = ada.post(where, told)
    assert page.status_code == 422 and "Locked while you wrote" in text(page) and WORDS in text(page)
    unlock = {**told, "shift_duty": "officer"}
    wrong = ada.post(where, {**unlock, "shift_passphrase": "a wrong passphrase"})
    assert wrong.status_code == 422 and WORDS in text(wrong) and "does not open your key" in text(wrong)
    assert "a wrong passphrase" not in wrong.content.decode() and not StaffNote.objects.exists()
    done = ada.post(where, {**unlock, "shift_passphrase": PASSPHRASE})
    assert done.status_code == 302 and StaffNote.objects.count() == 1
    assert done.cookies["desk-officer-en"]["httponly"] and WORDS in text(ada.get(done["Location"]))


def test_a_click_after_the_lock_leads_back_to_the_page_it_was_on(room: Room) -> None:
    case, ada = room.office.case(), work(room)
    room.office.now += site.DESK_IDLE
    here = f"{HOME}case/{case.number}/"
    went = ada.post(f"{here}begin/", {"do": "look"}, headers={"referer": f"http://localhost{here}?report=R1"})
    assert f'name="next" value="{here}?report=R1"' in ada.get(went["Location"]).content.decode()
    for stranger in ("http://elsewhere.example/en/sample/reports/x/", "http://localhost/en/sample/", "http://[broken"):
        went = ada.post(f"{here}begin/", {"do": "look"}, headers={"referer": stranger})
        assert f'name="next" value="{HOME}"' in ada.get(went["Location"]).content.decode()


def test_the_passphrase_of_another_duty_or_of_a_revoked_key_unlocks_nothing(room: Room) -> None:
    case, ada = room.office.case(), work(room)
    room.office.now += site.DESK_IDLE
    told = {"note": WORDS, "shift_passphrase": PASSPHRASE}
    where = f"{HOME}case/{case.number}/note/"
    assert ada.post(where, {**told, "shift_duty": "custodian"}).status_code == 422
    room.enter("cyd").post(f"{HOME}shift/{room.office.holders['ada'].pk}/revoke/")
    page = ada.post(where, {**told, "shift_duty": "officer"})
    assert page.status_code == 422 and WORDS in text(page) and not StaffNote.objects.exists()


def test_a_cookie_of_a_locked_shift_is_worth_nothing(room: Room) -> None:
    """What a thief has of the laptop is the cookie; with the row of the database it opens no key any more."""
    work(room)
    room.office.now += site.DESK_IDLE
    jobs.follow(room.office.now)
    shift = Shift.objects.get(token_sha256=shift_locks("a token of ada")[0])
    Shift.objects.filter(pk=shift.pk).update(seen_at=room.office.now)
    assert unlocked("a token of ada", at=room.office.now) is None


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_open_page_is_covered_and_uncovered_with_every_unsaved_word(
    room: Room, live_server: Any, browser: Browser, settings: Any
) -> None:
    case: Case = room.office.case()
    with tab(browser, width=1280) as page:
        sign_in(page, room, "ada", f"{live_server.url}{HOME}")
        page.context.clear_cookies(name="desk-officer-en")
        here = {"domain": "localhost", "path": HOME}  # where the site itself puts it
        page.context.add_cookies([{"name": "desk-officer-en", "value": "a token of ada", **here}])
        settings.DESK_IDLE = 5
        Shift.objects.update(seen_at=room.office.now)
        page.goto(f"{live_server.url}{HOME}case/{case.number}/")
        says = page.locator("[data-says][role=status]")
        says.filter(has_text="Locks in a minute").wait_for()
        page.fill("#note", WORDS)
        room.office.now += settings.DESK_IDLE
        page.wait_for_selector(".rd-lock")
        assert WORDS not in page.content() and case.number not in page.inner_text("main") and page.title() == "Locked"
        assert axe(page) == []
        page.fill("#unlock", "a wrong passphrase")
        page.click(".rd-lock button")
        page.wait_for_selector(".rd-lock .errors:not([hidden])")
        settings.DESK_IDLE = 900
        page.evaluate(HEAR)
        page.fill("#unlock", PASSPHRASE)
        page.click(".rd-lock button")
        page.wait_for_selector("#note")
        assert page.input_value("#note") == WORDS
        page.wait_for_function(STOOD)
        page.click("#notes button")
        page.wait_for_selector("text=Officers of the desk read it")
    assert StaffNote.objects.count() == 1 and Holder.objects.filter(revoked_at=None).count() == 5
