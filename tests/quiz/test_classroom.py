"""A hosted round in real browsers: one host's screen, three phones (one in Chinese, one without scripts), one that comes late."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from showground.quiz.models import Player, Round
from showground.quiz.queries import rounds
from tests.harness.browser import axe, complaints, tab
from tests.harness.browser import browser as browser
from tests.quiz.played import as_form, right_answer, wrong_answer
from tests.quiz.sample import Bank
from tests.quiz.test_desk_browser import enter_as
from tests.quiz.test_desk_browser import room as room
from tests.quiz.test_rounds import classroom

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def site(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The address of a site on a database file, as it runs in earnest: phones that ask at the same instant would otherwise share the
    one connection to a database in memory, where nobody can wait for anybody."""
    connection.ensure_connection()
    held, name = connection.connection, connection.settings_dict["NAME"]
    file = tmp_path / "app.sqlite3"
    copy = sqlite3.connect(file)
    held.backup(copy)
    copy.close()
    connection.connection, connection.settings_dict["NAME"] = None, str(file)
    server = LiveServer("localhost")
    server._live_server_modified_settings.enable()
    try:
        yield server.url
    finally:
        server.stop()
        server._live_server_modified_settings.disable()
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = held, name


def join(page: Page, site: str, code: str) -> None:
    """Joins as a phone does that types the address and the code."""
    page.goto(f"{site}/join")
    assert page.context.cookies() == []
    page.fill("#code", code.lower())
    page.locator("main button.btn").click()
    page.wait_for_url(f"**/join/{code}/")


def choose(page: Page, answer: dict[str, Any]) -> None:
    """Gives an answer (rules/answers.py) by what one sees."""
    for name, value in as_form(answer).items():
        for one in value if isinstance(value, list) else [value]:
            field = page.locator(f"[name={name}]")
            if field.first.get_attribute("type") in {"radio", "checkbox"}:
                page.locator(f"[name={name}][value='{one}']").check()
            else:
                field.fill(str(one))


def asked() -> Round:
    return Round.objects.get()


def right() -> dict[str, Any]:
    return right_answer(rounds.question(asked()), asked().seed)


def wrong() -> dict[str, Any]:
    return wrong_answer(rounds.question(asked()), asked().seed)


@contextlib.contextmanager
def host_screen(browser: Browser, site: str, room: Bank, **more: Any) -> Iterator[Page]:
    with tab(browser, width=1280, height=720, **more) as page:
        enter_as(page, site, room, "organiser")
        page.goto(f"{site}/en/{room.week.code}/desk/quizzes/class/")
        page.get_by_role("button", name="Host a round").click()
        page.wait_for_url("**/desk/hosting/*/")
        Round.objects.update(items=sorted(asked().items))  # not by lot, so that this test knows what is asked first
        yield page


def fits(page: Page) -> None:
    page.wait_for_load_state("load")
    assert axe(page) == [] and page.evaluate(WIDE) <= 0


def test_one_host_and_three_phones_play_a_round(browser: Browser, site: str, room: Bank) -> None:
    classroom(room, ("single", "phish"))
    with (
        host_screen(browser, site, room) as host,
        tab(browser, width=390, height=780) as one,
        tab(browser, width=390, height=780, lang="zh-CN", dark=True) as two,
        tab(browser, width=390, height=780, javascript=False) as three,
    ):
        heard = [complaints(page) for page in (host, one, two, three)]
        code = asked().join
        expect(host.locator(".h-big")).to_have_text(re.compile(rf"{code[:3]}\s*{code[3:]}"))
        for page in (one, two, three):
            join(page, site, code)
        assert "/zh-hans/" in two.url and all(c["path"].endswith(f"/join/{code}/") for c in one.context.cookies())
        expect(host.locator("[data-joined]")).to_have_text("3")
        for page in (host, one, two):
            fits(page)

        host.keyboard.press("ArrowRight")  # the first question is asked; phones with scripts go on by themselves
        expect(host.locator("[data-answered]")).to_have_text("0")
        expect(one.locator("form.ask")).to_be_visible()
        expect(two.locator("form.ask")).to_be_visible()
        choose(one, wrong())
        expect(one.locator("[data-status]")).to_contain_text("Kept.")
        with one.expect_response(lambda answer: answer.request.method == "POST"):
            choose(one, right())  # changed while it is open
        choose(two, wrong())
        three.locator("[data-again]").click()
        choose(three, right())
        three.locator("form.ask button").click()
        expect(three.get_by_text("Kept.")).to_be_visible()
        expect(host.locator("[data-answered]")).to_have_text("3")
        assert host.locator(".h-fill").count() == 0
        for page in (host, one, two):
            fits(page)

        host.reload()  # the state is the site's, not the browser's
        host.keyboard.press("Space")
        expect(host.locator(".h-options .right .h-n b")).to_have_text("2")
        expect(host.get_by_text("2 of 3 had it wholly right.")).to_be_visible()
        expect(one.get_by_text("KEYWORD because 2")).to_be_visible()
        expect(two.get_by_text("KEYWORD 因为 2")).to_be_visible()
        three.locator("[data-again]").click()
        expect(three.get_by_text("KEYWORD because 2")).to_be_visible()
        for page in (host, one, two):
            fits(page)

        host.keyboard.press("PageDown")  # a presenter's clicker
        expect(one.locator("[name=verdict]").first).to_be_visible()
        with tab(browser, width=390) as late:
            join(late, site, code)
            choose(late, right())
            late.locator("form.ask button").click()
            expect(late.locator("[data-status]")).to_contain_text("Kept.")
            one.context.set_offline(True)
            host.wait_for_timeout(100)
            host.keyboard.press("n")  # no key of ours
            host.get_by_role("button", name="Close and show").click()
            expect(late.get_by_text("Right.", exact=True)).to_be_visible()
            expect(one.get_by_text("The line is broken.")).to_be_visible()
            one.context.set_offline(False)
            expect(one.get_by_text("You gave no answer to this one.")).to_be_visible()
            assert axe(late) == []
        fits(host)
        host.keyboard.press("b")
        expect(host.get_by_text("2 of 3 had it wholly right.")).to_be_visible()
        host.keyboard.press("ArrowRight")
        expect(host.locator(".h-msg")).to_be_visible()
        host.keyboard.press("ArrowRight")
        expect(host.get_by_text("How the room did")).to_be_visible()
        expect(one.get_by_text("You had 1 of 2 right.")).to_be_visible()
        fits(host)
        fits(one)
        assert Player.objects.count() == 4
        assert [line for lines in heard for line in lines if "ERR_INTERNET_DISCONNECTED" not in line] == []


@pytest.mark.parametrize(
    "kind",
    ["multiple", "phish", "numeric", *(pytest.param(kind, marks=pytest.mark.drill) for kind in ("single", "true_false", "short"))],
)
def test_every_kind_is_clean_on_the_wall_and_on_a_phone(kind: str, browser: Browser, site: str, room: Bank) -> None:
    classroom(room, (kind,))
    with host_screen(browser, site, room, dark=True) as host, tab(browser, width=320, height=640, lang="zh-CN") as phone:
        code = asked().join
        join(phone, site, code)
        host.goto(host.url + "?both")
        host.keyboard.press("ArrowRight")
        expect(phone.locator("form.ask")).to_be_visible()
        fits(host)
        fits(phone)
        choose(phone, right())
        phone.locator("form.ask button").click()
        expect(host.locator("[data-answered]")).to_have_text("1")
        host.keyboard.press("ArrowRight")
        expect(host.get_by_text("1 of 1 had it wholly right.")).to_be_visible()
        expect(phone.locator(".because")).to_be_visible()
        fits(host)
        fits(phone)
        host.set_viewport_size({"width": 390, "height": 780})
        fits(host)


def test_the_host_works_without_scripts(browser: Browser, site: str, room: Bank) -> None:
    classroom(room, ("true_false",))
    with host_screen(browser, site, room, javascript=False) as host, tab(browser, width=390) as phone:
        join(phone, site, asked().join)
        host.get_by_role("link", name="Count again").click()
        expect(host.locator("[data-joined]")).to_have_text("1")
        for name in ("Begin", "Close and show", "To the end"):
            host.get_by_role("button", name=name, exact=True).click()
        expect(host.get_by_text("How the room did")).to_be_visible()
