"""The ballot paper in a real browser, with a real door: marks, the full ballot, a broken line, another device, keys alone, axe."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from showground.voting import queries
from tests.harness.browser import axe, complaints, tab
from tests.harness.browser import browser as browser
from tests.intake.conftest import ORIGIN
from tests.voting.conftest import VOTE, Booth, form

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def to_the_door(booth: Booth, sent: list[dict[str, Any]]) -> Callable[[Route], None]:
    """Hands /cast on to the door's public socket, as the front door does, and keeps what was sent."""

    def hand_on(route: Route) -> None:
        asked = route.request
        headers = {
            "Content-Type": asked.headers.get("content-type", ""),
            "Origin": ORIGIN,
            "Cookie": asked.header_value("cookie") or "",
        }
        body = asked.post_data_buffer
        if body:
            sent.append(json.loads(body))
        target = "/cast" + asked.url.partition("/cast")[2]
        status, _, answer = booth.running.pool.ask(asked.method, target, body, {k: v for k, v in headers.items() if v})
        route.fulfill(status=status, content_type="application/json", body=answer)

    return hand_on


@pytest.fixture
def at_the_booth(browser: Browser, live_server: Any, booth: Booth) -> Any:
    """at_the_booth(address) yields the page of a voter with a paper; `page.sent` is what the door was sent."""
    opened = []

    def enter(address: str, **how: Any) -> tuple[Page, list[dict[str, Any]]]:
        client = booth.voter(address)
        context = tab(browser, **how)
        page = context.__enter__()
        opened.append(context)
        kept = {"sid", queries.cookie_name(booth.row)}
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url} for name in client.cookies if name in kept]
        )
        sent: list[dict[str, Any]] = []
        page.route("**/cast", to_the_door(booth, sent))
        page.route("**/cast?*", to_the_door(booth, sent))
        page.goto(live_server.url + VOTE)
        expect(page.locator("#used")).to_contain_text("of 3 used")
        return page, sent

    yield enter
    for context in opened:
        context.__exit__(None, None, None)


def mark(page: Page, *codes: str) -> None:
    for code in codes:
        page.locator(f"input[value='{code}']").check()


def test_three_marks_fill_the_ballot_and_the_fourth_is_refused_in_words(at_the_booth: Any, booth: Booth) -> None:
    page, _ = at_the_booth("ada@example.org", width=390)
    heard, codes = complaints(page), booth.codes()
    mark(page, *codes[:3])
    expect(page.locator("#used")).to_have_text("3 of 3 used")
    expect(page.locator("#live")).to_contain_text("is on your ballot.")
    page.locator(f"input[value='{codes[3]}']").click()
    expect(page.locator("#why")).to_have_text("Three used. Take one off to add this one.")
    expect(page.locator(f"input[value='{codes[3]}']")).not_to_be_checked()
    expect(page.locator("#slots li:not(.free)")).to_have_count(3)
    page.locator(f"input[value='{codes[0]}']").uncheck()
    expect(page.locator("#why")).to_be_hidden()
    assert heard == [] and axe(page) == []


def test_a_ballot_is_cast_by_keys_alone_and_comes_back_marked(at_the_booth: Any, booth: Booth) -> None:
    page, sent = at_the_booth("ada@example.org")
    page.locator("input[name=choice]").first.focus()
    page.keyboard.press("Space")
    page.locator("#cast").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt/*/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your ballot is in the log.")
    assert axe(page) == [] and len(sent) == 1 and "replaces" not in sent[0] and len(sent[0]["salt"]) == 43
    page.goto(page.url.partition("/en/")[0] + VOTE)
    expect(page.locator("#state")).to_have_text("Cast and counted in the log")
    expect(page.locator("#cast")).to_have_attribute("aria-disabled", "true")


def test_a_broken_line_keeps_the_choice_and_sends_the_same_ballot_again(at_the_booth: Any, booth: Booth) -> None:
    page, sent = at_the_booth("ada@example.org")
    kept: list[dict[str, Any]] = []

    def break_off(route: Route) -> None:
        kept.append(json.loads(route.request.post_data_buffer or b"{}"))
        route.abort()

    page.route("**/cast", break_off)
    mark(page, *booth.codes()[:2])
    page.locator("#cast").click()
    expect(page.locator("#why")).to_have_text("Not sent. The line broke; your choice is kept here.")
    page.unroute("**/cast", break_off)
    page.reload()
    expect(page.locator("#why")).to_have_text("Your choice from before is kept here. It has not been cast.")
    expect(page.locator("input[name=choice]:checked")).to_have_count(2)
    page.locator("#cast").click()
    page.wait_for_url("**/receipt/*/")
    assert sent == kept


def test_another_device_was_first_and_the_voter_chooses(at_the_booth: Any, booth: Booth) -> None:
    codes = booth.codes()
    page, sent = at_the_booth("ada@example.org", width=390)
    phone = booth.voter("ada@example.org")
    phone.post(f"{VOTE}cast/", {**form(phone.get(VOTE)), "choice": [codes[0]]})
    mark(page, codes[1])
    page.locator("#cast").click()
    conflict = page.locator("#conflict")
    expect(conflict).to_be_visible()
    expect(conflict).to_be_focused()
    expect(conflict.locator("[data-other]")).to_have_text(f"Work {codes[0]}")
    expect(conflict.locator("[data-mine]")).to_have_text(f"Work {codes[1]}")
    assert axe(page) == []
    conflict.get_by_role("button", name="Cast this one instead").click()
    page.wait_for_url("**/receipt/*/")
    assert sent[0].get("replaces") is None and isinstance(sent[1]["replaces"], int)
    assert form(phone.get(VOTE))["choice"] == [codes[1]]


def test_keeping_the_other_ballot_casts_nothing(at_the_booth: Any, booth: Booth) -> None:
    codes = booth.codes()
    page, sent = at_the_booth("ada@example.org")
    phone = booth.voter("ada@example.org")
    phone.post(f"{VOTE}cast/", {**form(phone.get(VOTE)), "choice": [codes[0]]})
    mark(page, codes[1])
    page.locator("#cast").click()
    page.get_by_role("button", name="Keep that one").click()
    page.wait_for_url("**/receipt/*/")
    assert len(sent) == 1 and form(phone.get(VOTE))["choice"] == [codes[0]]


def test_without_scripts_the_same_paper_is_a_form(at_the_booth: Any, booth: Booth) -> None:
    page, sent = at_the_booth("ada@example.org", javascript=False)
    mark(page, booth.codes()[0])
    page.get_by_role("button", name="Cast ballot").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your ballot is in the log.")
    assert sent == []
