"""Walks one report through the desk over HTTP: filed, asked, decided by two, referred, answered, appealed, reversed, proven.

Everybody here is a browser and nothing else; what is known of the case is what its pages say.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

from showground.commands._rehearse import Play
from showground.commands._visitor import Stuck, Visitor
from showground.rules.chronicle import Chronicle

SAMPLES = Path(__file__).parent / "desk_samples"
HOUR, DAY, HELD = 3600, 86400, 16 * 60  # HELD: a report without a proof of work is shown to officers after 15 minutes
OFFICERS = {"officer@demo.example": "Fraud", "officer2@demo.example": "Fraud", "officer3@demo.example": "Rights"}
SEALERS = {"custodian@demo.example": "custodian", "approver@demo.example": "approver"}
PARTNER, PARTNER_MAIL = "cloud-nine", "abuse@cloudnine.example"
TOLD = "This mail says that my card is paused. I did not type anything. Is it from my bank?"
ANSWER = "I looked again: it came to the address that I use for the bank only."
GROUNDS = "I was wrong. My bank told me on the telephone that the page is a test of its own."
FACTS = "The mail shows the bank's address and leads to another one, where card data are asked for."
REASONS = {
    "reporter.en": "The page asks for card data under the name of a bank that does not run it. We asked its host to take it down.",
    "reporter.zh": "该页面冒用银行名义索取卡片信息，而银行并未运营该页面。我们已请托管商将其下线。",
    "affected.en": "The page named in our notice asks for card data under the name of a bank that does not run it.",
    "affected.zh": "通知所列页面冒用银行名义索取卡片信息，而该银行并未运营该页面。",
}
REVERSED = {
    "en": "The bank confirms that the page is its own. Our notice is withdrawn.",
    "zh": "银行已确认该页面为其自有页面。我们撤回通知。",
}
LAWFUL = ("opinion", "satire", "reporting", "public_interest", "public_figure")


class DeskWalk:
    """The desk of one week of a play. `begin`, `decide`, `appeal` and `prove` come in this order, each on a later day."""

    def __init__(self, play: Play) -> None:
        self.play, self.stage, self.home = play, play.stage, play.home
        self.desk = f"{self.home}/reports"
        self.passphrase = secrets.token_urlsafe(18)
        self.staff: dict[str, Visitor] = {}
        self.done: dict[str, int] = {}
        self.code = self.case = self.report = ""
        self.copy = self.proof = b""

    def days(self) -> dict[int, Callable[[], None]]:
        """Returns what is walked on which day of the vote, after its ballots."""
        steps = {1: self.begin, 2: self.decide, 3: self.appeal, 4: self.prove}
        return {day: lambda step=step: self.stage.timed("the desk", step) for day, step in steps.items()}  # type: ignore[misc]

    def dawn(self) -> None:
        """Nothing at the desk begins before the ballots."""

    def end(self) -> None:
        """The figures of the weeks that are over are public and those of the log."""
        self.figures()

    def _count(self, what: str, by: int = 1) -> None:
        self.done[what] = self.done.get(what, 0) + by

    # ---- staff ----

    def open(self) -> None:
        """Everybody at the desk has a key; the first officer opened it and let the others in."""
        for address, unit in OFFICERS.items():
            self._key(address, "officer", unit)
        first = self.staff["officer@demo.example"]
        for number in dict.fromkeys(re.findall(rf'action="{self.desk}/shift/(\d+)/admit/"', first.get(f"{self.desk}/shift/"))):
            first.post(f"{self.desk}/shift/{number}/admit/", {})
            self._count("officers let in")
        for address, duty in SEALERS.items():
            self._key(address, duty, "")

    def _key(self, address: str, duty: str, unit: str) -> None:
        visitor = self.staff[address] = self.play.sign_in(address)
        visitor.get(f"{self.desk}/shift/")
        told = {"duty": duty, "passphrase": self.passphrase, "again": self.passphrase, "unit": unit}
        visitor.post(f"{self.desk}/shift/key/", told)
        self._count("keys made")

    def _shift(self, address: str) -> Visitor:
        """Returns the browser of an officer whose shift is open; a new day wants the passphrase again."""
        visitor = self.staff[address]
        visitor.get(f"{self.desk}/shift/")
        told, _ = visitor.post(f"{self.desk}/shift/start/", {"duty": "officer", "passphrase": self.passphrase})
        if not told["location"].startswith(f"{self.desk}/"):
            raise Stuck(f"the shift of {address} leads to {told['location']}")
        return visitor

    # ---- the report ----

    def begin(self) -> None:
        """The desk is open; somebody without an account reports; an officer takes it in and asks a question."""
        self.open()
        reporter = self.stage.visitor()
        self._file(reporter)
        self.stage.move_to(self.stage.clock() + HELD)
        officer = self._shift("officer@demo.example")
        told, _ = officer.post(f"{self.desk}/take-in/", {})
        queue = officer.get(told["location"])
        found = re.findall(rf'href="{self.desk}/case/(K[2-9A-Z]{{6}})/"', queue)
        if not found:
            raise Stuck("the report that was filed is no case")
        self.case = found[0]
        officer.post(f"{self.desk}/case/{self.case}/assign/", {})
        self.report = _values(self._page(officer), "report")[0]
        asked = {"report": self.report, "message": "Which address of yours did it come to?", "do": "ask"}
        officer.post(f"{self.desk}/case/{self.case}/say/", asked)
        self._count("questions")

    def _file(self, visitor: Visitor) -> None:
        """Two pages, no cookie, one mail as a file: and then a code."""
        visitor.get(f"{self.home}/report/")
        visitor.post(f"{self.home}/report/", {"category": "phishing"}, expect=200)
        if visitor.cookies:
            raise Stuck(f"before anything was sent there are cookies: {sorted(visitor.cookies)}")
        mail = ("message.eml", "message/rfc822", (SAMPLES / "mails" / "bank_en.eml").read_bytes())
        page = visitor.send(f"{self.home}/report/send/", {"category": "phishing", "words": TOLD}, {"files": mail})
        parts = re.findall(r"<span>(\d{2,4})</span>", page)
        if len(parts) != 5:
            raise Stuck("the code page shows no code")
        self.code = " ".join(parts)
        self._count("reports")

    def _page(self, visitor: Visitor) -> str:
        return visitor.get(f"{self.desk}/case/{self.case}/")

    def _with_code(self) -> tuple[Visitor, str]:
        """Returns another browser of the reporter's, and the page that the code opens."""
        visitor = self.stage.visitor()
        visitor.get(f"{self.home}/report/look/")
        _, page = visitor.post(f"{self.home}/report/look/", {"code": self.code}, expect=200)
        self._count("visits with the code")
        return visitor, page

    # ---- the decision ----

    def decide(self) -> None:
        """The reporter answers; one officer decides, another reads it; a notice is read by two and sent; the partner acts."""
        visitor, page = self._with_code()
        _must("Which address of yours did it come to?", page, "the question on the reporter's page")
        visitor.post(f"{self.home}/report/look/say/", {"words": ANSWER})
        self._count("answers")
        first, second = self._shift("officer@demo.example"), self._shift("officer2@demo.example")
        page = self._page(first)
        _must(ANSWER, page, "the answer on the officer's page")
        first.post(f"{self.desk}/case/{self.case}/decision/", self._written(page))
        seal = _first(r'name="seal" value="(\w+)"', self._page(second), "the second reader's form")
        second.post(f"{self.desk}/case/{self.case}/second/", {"do": "confirm", "seal": seal})
        self._count("decisions by two")
        number = _first(rf"{self.desk}/notices/(\d+)/", self._page(first), "the notice that was drafted")
        second.post(f"{self.desk}/notices/{number}/", {"do": "read"})
        first.post(f"{self.desk}/notices/{number}/", {"do": "send"})
        self._count("notices sent")
        self._partner(_first(r"(/en/\S+/partner/\w+/)", self._letter(PARTNER_MAIL), "the partner's link in the letter"))

    def _written(self, page: str) -> dict[str, Any]:
        laws = _first(r'<select[^>]*name="legal_basis".*?</select>', page, "the laws one may cite")
        places = _values(page, "places")
        if not any("harbourbank-card-check.example" in place for place in places):
            raise Stuck(f"the places of the case are {places}")
        return {
            "do": "decide", "outcome": "refer", "facts": FACTS, "legal_basis": re.findall(r'value="(\d+)"', laws)[0],
            **{f"lawful.{name}": "no" for name in LAWFUL}, **{f"reasons.{name}": text for name, text in REASONS.items()},
            "partners": [PARTNER], "ask": "remove", "places": [place for place in places if "card-check" in place],
        }  # fmt: skip

    def _letter(self, address: str) -> str:
        """Returns the newest letter to an address."""
        found = sorted((self.stage.data / "letters").glob(f"*-{address}.txt"))
        if not found:
            raise Stuck(f"no letter came to {address}")
        return found[-1].read_text(encoding="utf-8")

    def _partner(self, path: str) -> None:
        """One link, no account, no cookie; a second final answer is refused."""
        visitor = self.stage.visitor()
        _must('value="acted"', visitor.get(path), "the partner's choices")
        visitor.post(path, {"choice": "received", "reference": "CN-20417"}, expect=200)
        visitor.post(path, {"choice": "acted", "words": "Taken down.", "reference": "CN-20417"}, expect=200)
        visitor.post(path, {"choice": "refused", "words": "No."}, expect=422)
        if visitor.cookies:
            raise Stuck(f"the partner's page set {sorted(visitor.cookies)}")
        self._count("answers of the partner", 2)

    # ---- the appeal ----

    def appeal(self) -> None:
        """The reporter reads the outcome and appeals; an officer who had no part turns it round; the partner has a correction."""
        visitor, page = self._with_code()
        _must(REASONS["reporter.en"], page, "the reasons on the reporter's page")
        _must("acted on it", page, "what the partner did, on the reporter's page")
        visitor.post(f"{self.home}/report/look/appeal/", {"grounds": GROUNDS})
        self._count("appeals")
        for address in ("officer@demo.example", "officer2@demo.example"):
            if re.search(rf"{self.desk}/appeals/\d+/", self._shift(address).get(f"{self.desk}/appeals/")):
                raise Stuck(f"{address} decided and is offered the appeal")
        third = self._shift("officer3@demo.example")
        path = _first(rf"({self.desk}/appeals/\d+/)", third.get(f"{self.desk}/appeals/"), "the appeal")
        third.post(path, {"do": "take"})
        _must(GROUNDS, third.get(path), "the grounds of the appeal")
        texts = {f"reasons.{language}": text for language, text in REVERSED.items()}
        third.post(path, {"do": "decide", "outcome": "reversed", "instead": "unfounded", **texts})
        self._count("reversals by a third officer")
        _must("withdraw the notice", self._letter(PARTNER_MAIL), "the correction to the partner")
        self._count("corrections")

    # ---- what anybody can check ----

    def prove(self) -> None:
        """The reporter reads what holds now, and takes the proof of filing and the own copy along."""
        visitor, page = self._with_code()
        _must(REVERSED["en"], page, "the new reasons on the reporter's page")
        ready = f'action="{self.home}/report/look/proof/"'
        self._until(lambda: ready in self._with_code()[1], "the proof of filing")
        for name, of in (("proof", "proof"), ("copy", "copy")):
            status, _, data = visitor.ask("POST", f"{self.home}/report/look/{of}/", b"", Origin=self.stage.site)
            if status != 200:
                raise Stuck(f"the reporter's {of} answered {status}")
            setattr(self, name, data)
        visitor.post(f"{self.home}/report/look/close/", {})
        if TOLD not in json.loads(self.copy)["words"]:
            raise Stuck("the reporter's copy is not what was told")

    def _until(self, true: Callable[[], bool], what: str, seconds: float = 60) -> None:
        ends = time.monotonic() + seconds
        while not true():
            if time.monotonic() > ends:
                raise Stuck(f"waited {seconds:.0f} s for: {what}")
            time.sleep(0.5)

    def figures(self) -> None:
        """Every week that is over has its figures: the bytes that the page offers are those whose hash is in the log."""
        self.play.reader.wait("the desk's figures", lambda week: week.figures[0][0] if week.figures else None)
        told = self.play.reader.read().figures
        visitor = self.stage.visitor()
        for _, record in told:
            day = time.strftime("%Y-%m-%d", time.gmtime(record["from"]))
            data = visitor.get(f"{self.home}/figures/{day}/figures.json").encode()
            if hashlib.sha256(data).hexdigest() != record["sha256"]:
                raise Stuck(f"the figures of {day} are not those in the log")
            self._count("figures published")

    def check_proof(self, pyz: Path, policy: Path, folder: Path) -> str:
        """Returns what the verifier says of the proof, run by a stranger: a file, a policy, no network, nothing of ours."""
        file = folder / "filed.tlog-proof"
        file.write_bytes(self.proof)
        line = [sys.executable, "-I", str(pyz), "--receipt", str(file), "--policy", str(policy)]
        done = subprocess.run(line, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
        if done.returncode or hashlib.sha256(self.copy).hexdigest() not in done.stdout:
            raise Stuck(f"the proof of filing does not hold:\n{done.stdout}{done.stderr}")
        return done.stdout

    def lines(self, week: Chronicle) -> list[str]:
        """Returns the lines of the report on the desk."""
        steps = sum(record["count"] for _, record in week.batches)
        return [
            "desk        " + ", ".join(f"{what} {count}" for what, count in self.done.items()),
            f"desk's log  {len(week.batches)} batches, {steps} steps, {len(week.figures)} sets of figures; "
            "the proof of filing holds offline, and the reporter's copy has the hash that it names",
        ]


def _first(pattern: str, text: str, what: str) -> str:
    found = re.search(pattern, text, re.S)
    if found is None:
        raise Stuck(f"nowhere: {what}")
    return found[1] if found.groups() else found[0]


def _values(page: str, name: str) -> list[str]:
    """Returns the values of all fields of one name, in the order of the page."""
    tags = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    return [unescape(found[1]) for tag in tags if (found := re.search(r'value="([^"]*)"', tag))]


def _must(words: str, page: str, what: str) -> None:
    if words not in unescape(page):
        raise Stuck(f"missing: {what}")
