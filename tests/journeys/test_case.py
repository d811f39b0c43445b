"""The whole life of a case in a real browser, on a site whose every process runs: from a frightened person's phone to the public log.

One journey: report, a second one of the same thing, a shift, the cluster, a question and its answer, a decision by two, a notice by
two, the partner's answer, the outcome, an appeal heard by a third, the correction, the figures, the batch and the proof of filing.
axe looks at every page on the way that stands as no other test has it, and the first officer's hands never leave the keyboard.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from showground.commands._rehearse import Play
from showground.commands._site import Site
from showground.reports.actions.hold import HOLD
from showground.rules.records import canonical
from showground.tlog import proof
from showground.verify.__main__ import main as verify
from tests.harness.browser import axe, complaints, tab
from tests.harness.browser import browser as browser
from tests.harness.little_week import a_site
from tests.harness.screenshots import DESK as PICTURED

pytestmark = pytest.mark.browser
WEEK, DAY = "spring", 86400
PASSPHRASE = "violet anchor sparse kettle moon"
FIRST = "They say my account at Harbour Bank is frozen. The link was https://harbour-bank-login.example/verify?id=8841"
SECOND = "They say my account at Harbour Bank is frozen! The link was https://harbour-bank-login.example/verify?id=8842"
OTHER = "My own bank wrote that my account is frozen, at https://harbour-bank-login.example/verify?id=1"
PEOPLE = {"ada": ("officer", "A"), "ben": ("officer", "A"), "cyd": ("officer", "B")}
# Pages that tests/reports/test_desk_browser.py has under axe as they stand here, in both widths; here only their width is looked at.
ELSEWHERE = {
    "report": "report", "tell": "tell", "code": "code", "look": "look", "status, decided": "status-decided", "shift with keys": "desk-shift",
    "queue": "desk-queue", "queue, to read": "desk-queue", "case": "desk-case", "case, one apart": "desk-cluster",
    "case, second reader": "desk-read", "case, decided": "desk-decided", "notice": "desk-notice", "answer": "answer", "appeals": "desk-appeals",
}  # fmt: skip
DESK = "\n".join(
    f'[[people]]\nemail = "{name}@desk.example"\nname = "{name.title()}"\nduty = "{duty}"' for name, (duty, _) in PEOPLE.items()
)
DESK += """
[[laws]]
jurisdiction = "Example"
kind = "statute"
citation = { en = "Fraud Act, section 2", zh = "《反诈骗法》第二条" }
categories = ["phishing", "scam"]
since = 2020-01-01
[[partners]]
code = "host"
kind = "host"
name = { en = "Northline Hosting", zh = "北线主机" }
mail = "abuse@northline.example"
hosts = ["northline.example"]
"""


@dataclass
class Life:
    """The site, its browser, and what axe and the consoles complained of on the pages so far."""

    site: Site
    play: Play
    browser: Browser
    found: dict[str, list[str]] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)

    def at(self, path: str) -> str:
        return f"{self.site.url}/en/{WEEK}/{path}"

    @contextlib.contextmanager
    def person(self, *, phone: bool = False) -> Iterator[Page]:
        """Somebody's own browser."""
        with tab(self.browser, width=390 if phone else 1280, height=844 if phone else 800) as page:
            heard = complaints(page)
            yield page
            said = [one for one in heard if "422" not in one]
            if said:
                self.found["console"] = said

    def seen(self, page: Page, name: str) -> Page:
        """axe has looked at a page (once at each, here or elsewhere), and nothing on it is wider than the screen."""
        if name not in self.pages:
            self.pages.append(name)
            wrong = [] if name in ELSEWHERE else axe(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append("wider than the screen")
            self.found |= {name: wrong} if wrong else {}
        return page

    def letters(self, to: str) -> list[str]:
        """The letters to an address, oldest first."""
        return [path.read_text(encoding="utf-8") for path in sorted((self.site.data / "letters").glob(f"*-{to}.txt"))]

    def later(self, seconds: int) -> int:
        """The site's clock has moved on; returns what it shows."""
        self.play.stage.clock.move_to(self.play.stage.clock() + seconds)
        return self.play.stage.clock()


@pytest.fixture
def life(tmp_path: Path, browser: Browser) -> Iterator[Life]:
    # A busy machine is slow with the browser's work for a report, and with what a person does between two acts.
    with a_site(tmp_path / "site", SHOWGROUND_DESK_IDLE="60") as (site, play):
        play.stage.clock.move_to(play.calendar["call_opens"] + 3600)
        (tmp_path / "desk.toml").write_text(DESK, encoding="utf-8")
        site.command("desk_setup", WEEK, str(tmp_path / "desk.toml"))
        yield Life(site, play, browser)


def until(page: Page, true: Callable[[], Any], what: str, seconds: float = 90) -> Any:
    """Loads a page again and again until something is true of it, and returns that."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        page.reload()
        found = true()
        if found:
            return found
        time.sleep(0.4)
    raise AssertionError(f"waited {seconds} s for {what}")


# ---- the one who reports, on a phone ----


def report(life: Life, page: Page, words: str) -> str:
    """A report is sent with three taps; returns its code."""
    life.seen(page, "report") if page.goto(life.at("report/")) else None
    page.click("button[value=phishing]")
    page.wait_for_selector("#tell")
    life.seen(page, "tell")
    page.fill("#words", words)
    page.click("[data-send]")
    page.wait_for_selector(".groups")
    life.seen(page, "code")
    code = " ".join(page.locator(".groups span").all_inner_texts())
    assert len(re.findall(r"\d", code)) == 18
    page.check("[name=kept]")
    page.click(".gate button")
    page.wait_for_selector(".closing")
    page.click(".closing button")
    page.wait_for_selector("#code")
    return code


def look(life: Life, page: Page, code: str, when: str) -> Page:
    """The page of the report that a code opens; one that stands open is closed first."""
    page.goto(life.at("report/look/"))
    if page.locator(".closing button").count():
        page.click(".closing button")
        page.wait_for_selector("#code")
    life.seen(page, "look")
    page.fill("#code", code)
    page.click("[data-send]")
    page.wait_for_selector(".closing")
    return life.seen(page, f"status, {when}")


# ---- officers ----


def sign_in(life: Life, page: Page, name: str) -> None:
    """A person of the desk signs in with a code from a letter, and has a key and an open shift."""
    address = f"{name}@desk.example"
    page.goto(life.at("sign-in/"))
    page.fill("[name=email]", address)
    page.click("main .form-end button")
    page.wait_for_selector("[name=code]")
    page.fill("[name=code]", life.play.stage.letter_code(address))
    page.click("main .form-end button")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto(life.at("reports/shift/"))
    life.seen(page, "shift")
    page.fill("[name=passphrase]", PASSPHRASE)
    page.fill("[name=again]", PASSPHRASE)
    page.fill("[name=unit]", PEOPLE[name][1])
    page.click("form[action$='/shift/key/'] button")
    page.wait_for_selector("text=shift open until" if name == "ada" else "text=Your key is made")


def admit(life: Life, ada: Page) -> None:
    """Ada admits whoever has made a key."""
    ada.goto(life.at("reports/shift/"))
    waiting = ada.get_by_role("button", name="Admit")
    for left in reversed(range(waiting.count())):
        waiting.first.click()
        expect(waiting).to_have_count(left)
    life.seen(ada, "shift with keys")


def tab_to(page: Page, selector: str, most: int = 90) -> None:
    """The Tab key, until the focus is there."""
    for _ in range(most):
        if page.evaluate("one => !!document.activeElement && document.activeElement.matches(one)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def write(page: Page, selector: str, words: str) -> None:
    tab_to(page, selector)
    page.keyboard.insert_text(words)


def press(page: Page, selector: str, key: str = "Enter") -> None:
    """The focus is led there, and the key is pressed; the page that follows is there."""
    tab_to(page, selector)
    page.keyboard.press(key)


def take_in(life: Life, ada: Page) -> str:
    """With keys alone: what waits is taken in, the first case opened and taken; returns its address."""
    ada.goto(life.at("reports/"))
    ada.keyboard.press("s")
    ada.wait_for_url("**read=**")
    life.seen(ada, "queue")
    ada.keyboard.press("j")
    ada.keyboard.press("Enter")
    ada.wait_for_url("**/case/**")
    ada.keyboard.press("a")
    ada.keyboard.press("Enter")
    ada.wait_for_selector("text=Save the draft")
    life.seen(ada, "case")
    return ada.url.split("#")[0]


def put_apart(life: Life, ada: Page) -> str:
    """With keys alone: the link of one report is undone; returns the number of the first report of the case."""
    said = ada.inner_text("#cluster")
    assert "3 reports" in said and "the same" in said, said
    first = ada.locator("#cluster tr:not(:has(button)) [data-row]").inner_text().strip()
    press(ada, "#cluster td button")
    ada.wait_for_function("() => document.querySelector('#cluster').innerText.includes('2 reports')")
    life.seen(ada, "case, one apart")
    return first


def ask(life: Life, ada: Page, reporter: str) -> None:
    """With keys alone: a message to the reporter, and the case waits."""
    press(ada, f"#cluster a[href='?report={reporter}']")
    ada.wait_for_url(f"**report={reporter}**")
    ada.keyboard.press("m")
    ada.keyboard.insert_text("Did you type anything on that page?")
    press(ada, "[name=do][value=ask]")
    ada.wait_for_selector("text=waits for the reporter")
    life.seen(ada, "case, waiting")


def decide(life: Life, ada: Page) -> None:
    """With keys alone: outcome, facts, law, five questions, six texts, partner and place; then it is before the second reader."""
    ada.keyboard.press("d")
    press(ada, "#outcome-refer", "Space")
    write(ada, "#facts", "The page copies Harbour Bank and asks for the PIN.")
    tab_to(ada, "#legal_basis")
    ada.keyboard.press("ArrowDown")
    for question in ("opinion", "satire", "reporting", "public_interest", "public_figure"):
        press(ada, f"#l-{question}-no", "Space")
    for audience in ("reporter", "affected", "public"):
        if not ada.is_visible(f"#r-{audience}-en"):
            press(ada, f".rd-aud:has(#r-{audience}-en) > summary")
        write(ada, f"#r-{audience}-en", f"The page copies a bank. ({audience})")
        write(ada, f"#r-{audience}-zh", f"该页面仿冒银行。（{audience}）")
    if not ada.is_visible("#p-host"):
        press(ada, "details:has(#p-host) > summary")
    press(ada, "#p-host", "Space")
    if not ada.is_checked("[name=places] >> nth=0"):
        press(ada, "[name=places]", "Space")
    life.seen(ada, "decision, filled")
    press(ada, "[name=do][value=decide]")
    ada.wait_for_selector("text=before the second reader")
    life.seen(ada, "decision, proposed")


def second(life: Life, cyd: Page, case: str) -> None:
    """Another officer of another unit reads and agrees."""
    cyd.goto(life.at("reports/?view=read"))
    life.seen(cyd, "queue, to read")
    cyd.click("[data-row]")
    cyd.wait_for_url("**/case/**")
    assert cyd.url.split("?")[0] == case.split("?")[0]
    life.seen(cyd, "case, second reader")
    cyd.get_by_role("button", name="Agree, it holds").click()
    cyd.wait_for_selector(".rd-decided")
    life.seen(cyd, "case, decided")


def send(life: Life, cyd: Page) -> str:
    """The notice is read by a second person and sent; returns the reply link of the partner's letter."""
    cyd.click(".rd-decided a[href*='/notices/']")
    cyd.wait_for_url("**/notices/**")
    assert "harbour-bank-login[.]example" in life.seen(cyd, "notice").inner_text("main")
    cyd.get_by_role("button", name="I have read it, it may go").click()
    cyd.get_by_role("button", name="Send it now").click()
    cyd.wait_for_selector("text=Sent")
    life.seen(cyd, "notice, sent")
    [letter] = life.letters("abuse@northline.example")
    return re.search(rf"{life.site.url}\S*/partner/\S+", letter)[0]  # type: ignore[index]


def answer(life: Life, partner: Page, link: str) -> None:
    """The partner says that it acted, without an account."""
    partner.goto(link)
    life.seen(partner, "answer")
    partner.check("[name=choice][value=acted]")
    partner.fill("#reference", "NL-2211")
    partner.click("main .form-end button")
    partner.wait_for_selector("text=It is recorded.")
    life.seen(partner, "answered")


def hear(life: Life, ben: Page) -> None:
    """A third officer, who had no part in the decision, hears the appeal and turns it round."""
    ben.goto(life.at("reports/appeals/"))
    life.seen(ben, "appeals")
    ben.click("[data-row]")
    ben.wait_for_url("**/appeals/*/")
    ben.get_by_role("button", name="Take it on").click()
    ben.wait_for_selector("text=It was the bank")
    life.seen(ben, "appeal")
    ben.check("#o-reversed")
    ben.select_option("#instead", "unfounded")
    ben.fill("#r-en", "The page belongs to the bank, which told us so.")
    ben.fill("#r-zh", "该页面属于银行，银行已向我们确认。")
    ben.get_by_role("button", name="Decide the appeal").click()
    ben.wait_for_selector("text=Reversed")
    life.seen(ben, "appeal, decided")


# ---- the log ----


def proof_verifies(life: Life, phone: Page, code: str, folder: Path) -> None:
    """The batch of the report is in the log; the file that proves the filing holds for a stranger with the notary's policy alone."""
    life.later(2 * 3600)
    look(life, phone, code, "reversed")  # who typed the code stays at the desk for twenty minutes
    there = phone.get_by_role("button", name="Proof that it was filed")
    until(phone, there.count, "the batch to be witnessed", 180)  # heads are cosigned once a minute
    files = {}
    for name in ("Proof that it was filed", "My own copy"):
        with phone.expect_download() as coming:
            phone.get_by_role("button", name=name).click()
        files[name] = Path(coming.value.path()).read_bytes()
    (folder / "filed.tlog-proof").write_bytes(files["Proof that it was filed"])
    with life.site.fetch(f"/log/{WEEK}/policy") as told:
        (folder / "policy").write_bytes(told.read())
    assert verify(["--receipt", str(folder / "filed.tlog-proof"), "--policy", str(folder / "policy")]) == 0
    week = life.play.reader.read()
    assert week.batches and any(one["count"] for _, one in week.batches)
    told = json.loads(proof.parse(files["Proof that it was filed"]).extra or b"{}")
    assert told["opening"]["report_sha256"] == hashlib.sha256(files["My own copy"]).hexdigest()


def figures_are_published(life: Life, page: Page) -> None:
    """The week is over: its figures stand on a page, and their hash in the log."""
    life.later(8 * DAY)
    page.goto(life.at("figures/"))
    week = page.get_by_role("link", name="A single week")
    until(page, week.count, "the figures", 180)
    week.click()
    page.wait_for_selector(".hash")
    life.seen(page, "figures")
    with life.site.fetch(page.get_attribute("a[download]", "href") or "") as told:
        data = json.load(told)
    digest = "".join(page.locator(".hash span").all_inner_texts())
    assert hashlib.sha256(canonical(data)).hexdigest() == digest
    life.play.reader.wait("the figures' record", lambda week: next((i for i, one in week.figures if one["sha256"] == digest), None))


def test_what_is_looked_at_elsewhere_is_pictured_there() -> None:
    assert set(ELSEWHERE.values()) <= {shot.name for shot in PICTURED}


def test_the_whole_life_of_a_case(life: Life, tmp_path: Path) -> None:
    with contextlib.ExitStack() as people:
        ada, ben, cyd = (people.enter_context(life.person()) for _ in range(3))
        phone, other, partner = (people.enter_context(life.person(phone=True)) for _ in range(3))
        for name, page in (("ada", ada), ("ben", ben), ("cyd", cyd)):
            sign_in(life, page, name)
        admit(life, ada)
        code = report(life, phone, FIRST)
        report(life, other, SECOND)
        report(life, other, OTHER)
        life.later(HOLD + 60)  # a report that was sent before its work was done is before officers now too
        case = take_in(life, ada)
        ask(life, ada, put_apart(life, ada))
        assert "Did you type anything" in look(life, phone, code, "asked").inner_text("main")
        phone.fill("[name=words]", "No, I closed it.")
        phone.get_by_role("button", name="Send message").click()
        phone.wait_for_selector("text=No, I closed it.")
        ada.goto(case)
        assert "No, I closed it." in ada.inner_text("#thread")
        decide(life, ada)
        second(life, cyd, case)
        answer(life, partner, send(life, cyd))
        assert "The page copies a bank. (reporter)" in look(life, phone, code, "decided").inner_text("main")
        phone.get_by_text("I do not agree").click()
        phone.fill("[name=grounds]", "It was the bank, they called me back.")
        phone.get_by_role("button", name="Appeal").click()
        expect(phone.locator("[name=grounds]")).to_have_count(0)
        life.seen(phone, "status, appealed")
        hear(life, ben)
        assert "belongs to the bank" in look(life, phone, code, "reversed").inner_text("main")
        partner.reload()
        assert "Withdrawn." in life.seen(partner, "answer, withdrawn").inner_text("h1")
        until(partner, lambda: len(life.letters("abuse@northline.example")) == 2, "the correction")
        proof_verifies(life, phone, code, tmp_path)
        figures_are_published(life, partner)
        assert life.found == {} and len(life.pages) == 28, life.found
