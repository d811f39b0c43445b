"""A hall kept on a phone: read with the network gone, brought up to date, removed; and nothing else is ever kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.harness.browser import PATIENCE, axe, complaints, tab
from tests.harness.browser import browser as browser
from tests.harness.hall import HallSite
from tests.harness.wire import Wire, wire

pytestmark = pytest.mark.browser
HOME = "/kept/sample/street/"
CHANGE = """
from showground.exhibition.actions import write
from showground.exhibition.models import Board
from showground.people.models import Person
from django.conf import settings
board, by, now = Board.objects.get(code="{code}"), Person.objects.get(email="curator@sample.example"), settings.CLOCK()
write.say(board, title={{"en": "{title}", "zh": "换了"}}, alt={{"en": "A board.", "zh": "展板"}}, notes={{}}, by=by, at=now)
write.publish(board, excuse="", by=by, at=now)
"""


@pytest.fixture
def line(running: HallSite) -> Iterator[Wire]:
    with wire(int(running.url.rpartition(":")[2])) as made:
        yield made


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, reduced_motion="reduce", locale="en")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def keep(phone: BrowserContext, line: Wire) -> Page:
    page = phone.new_page()
    page.goto(f"{line.url}{HOME}en/")
    expect(page.locator("[data-size]")).to_have_text(re.compile(r"^[\d.]+ [kM]B$"))
    page.get_by_role("button", name="Keep this hall").tap()
    expect(page.locator("[data-said]")).to_have_text("Kept. This hall now opens without a network.")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def kept(page: Page) -> dict[str, list[str]]:
    """Returns every address in every store of the browser for this site."""
    names = "async n => [n, (await (await caches.open(n)).keys()).map(r => r.url)]"
    return dict(page.evaluate(f"async () => Object.fromEntries(await Promise.all((await caches.keys()).map({names})))"))


def test_a_kept_hall_is_read_in_both_languages_with_the_network_gone(running: HallSite, phone: BrowserContext, line: Wire) -> None:
    page = keep(phone, line)
    line.cut()
    phone.set_offline(True)
    heard = complaints(page)
    page.goto(f"{line.url}{HOME}en/")
    assert page.locator("h1").inner_text() == "The street"
    page.get_by_role("link", name="2. A call from the bank").tap()
    expect(page.locator("h1")).to_have_text("A call from the bank")
    assert page.locator(".kept-picture").evaluate("one => one.complete && one.naturalWidth") >= 600
    assert "挂断后拨打96110核实" in page.locator("main").inner_text()
    page.get_by_role("link", name="中文").tap()
    expect(page.locator("h1")).to_have_text("银行来电")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily.includes('Besley')")
    page.goto(f"{line.url}{HOME}en/b999/")
    assert page.locator("h1").inner_text() == "This page is not in your copy."
    assert page.locator("[lang=zh-Hans] a").first.get_attribute("href") == f"{HOME}zh-hans/"
    assert (
        axe(page) == [] and phone.cookies() == [] and [one for one in heard if "404" not in one and "DISCONNECTED" not in one] == []
    )


def test_nothing_but_the_copy_is_kept_and_no_form_is_in_it(running: HallSite, phone: BrowserContext, line: Wire) -> None:
    page = keep(phone, line)
    for path in ("/en/sample/report/", "/en/sample/halls/street/", f"/en/sample/boards/{running.boards[0]}/", "/en/sample/quiz/"):
        page.goto(line.url + path)
        assert page.evaluate("navigator.serviceWorker.controller === null"), path
    stores = kept(page)
    assert len(stores) == 1
    paths = {urlsplit(url).path for url in next(iter(stores.values()))}
    assert all(path.startswith((HOME, "/static/", "/media/")) for path in paths)
    pages = {path for path in paths if path.startswith(HOME) and path.endswith("/")}
    hanging = running.hanging()
    assert pages == {f"{HOME}{lang}/{one}" for lang in ("en", "zh-hans") for one in ("", *(f"{code}/" for code in hanging))} | {
        f"{HOME}away/"
    }
    for path in pages:
        html = page.request.get(line.url + path).text()
        assert not re.search(r"<form|csrf|<textarea|type=.hidden", html), path
    scope = page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.map(one => one.scope))")
    assert scope == [line.url + HOME]


def test_a_copy_is_brought_up_to_date_when_a_board_changed_and_can_be_removed(
    running: HallSite, phone: BrowserContext, line: Wire
) -> None:
    page, code = keep(phone, line), running.boards[2]
    before = next(iter(kept(page)))
    running.site.shell(CHANGE.format(code=code, title="Changed since"))
    page.goto(f"{line.url}{HOME}en/")
    expect(page.locator("[data-said]")).to_have_text("The boards had changed. Your copy was brought up to date.")
    assert len(kept(page)) == 1 and next(iter(kept(page))) != before
    line.cut()
    page.goto(f"{line.url}{HOME}en/{code}/")
    expect(page.locator("h1")).to_have_text("Changed since")
    page.goto(f"{line.url}{HOME}en/")
    page.get_by_role("button", name="Remove it from this phone").tap()
    expect(page.locator("[data-said]")).to_have_text("Removed. Nothing of it is on this phone any more.")
    assert kept(page) == {} and page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0


# Playwright's wait takes the promise of an asynchronous condition for its answer, so the page itself waits.
GONE = """async () => {
  for (let turn = 0; turn < 600; turn++) {
    if (!(await caches.keys()).length && !(await navigator.serviceWorker.getRegistrations()).length) return;
    await new Promise((done) => setTimeout(done, 50));
  }
}"""


def test_a_hall_that_was_taken_down_is_kept_on_no_phone(running: HallSite, phone: BrowserContext, line: Wire) -> None:
    page = keep(phone, line)
    hang = "from showground.exhibition.models import Board; Board.objects.update(withdrawn={gone})"
    running.site.shell(hang.format(gone=True))
    try:
        page.goto(f"{line.url}{HOME}en/")
        page.evaluate(GONE)
        answer = page.goto(f"{line.url}{HOME}en/")
        assert answer is not None and answer.status == 404
    finally:
        running.site.shell(hang.format(gone=False))


def test_a_copy_that_breaks_off_leaves_nothing_behind(running: HallSite, phone: BrowserContext, line: Wire) -> None:
    page = phone.new_page()
    page.goto(f"{line.url}{HOME}en/")
    page.route("**/media/**", lambda route: route.abort())
    page.get_by_role("button", name="Keep this hall").tap()
    expect(page.locator("[data-said]")).to_contain_text("It could not be kept")
    assert kept(page) == {} and page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0


def test_a_phone_takes_it_as_an_application(running: HallSite, phone: BrowserContext, line: Wire) -> None:
    page = keep(phone, line)
    page.reload()
    client = phone.new_cdp_session(page)
    told: Any = client.send("Page.getAppManifest")
    assert told["errors"] == [] and '"scope": "/kept/sample/street/"' in told["data"]
    wrong = [one["errorId"] for one in client.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert [one for one in wrong if one != "in-incognito"] == []


@pytest.mark.parametrize(("lang", "dark", "width"), [("en", True, 320), ("zh-hans", False, 1280)])
def test_its_pages_are_clean_and_narrow_also_without_scripts(
    lang: str, dark: bool, width: int, running: HallSite, browser: Browser
) -> None:
    for path in (f"{lang}/", f"{lang}/{running.boards[0]}/", "away/"):
        with tab(browser, width=width, dark=dark) as page:
            heard = complaints(page)
            page.goto(running.url + HOME + path)
            assert axe(page) == [] and heard == []
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    with tab(browser, width=width, javascript=False) as page:
        page.goto(running.url + HOME + f"{lang}/")
        assert page.locator("noscript, .notice").count() and page.locator("[data-keep]").is_hidden()
        assert page.locator(".kept-rows a").count() == len(running.hanging())
