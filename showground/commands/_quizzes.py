"""Plays quizzes and a prize draw over HTTP, beside the week of _rehearse.py: composed, sat, drawn, claimed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from showground.commands._answers import Knowing, starter_bank
from showground.commands._rehearse import Play
from showground.commands._visitor import Stuck, Visitor
from showground.commands.demo_week import ZONE
from showground.rules.chronicle import Chronicle
from showground.rules.quizzes import DrawState

HOUR, DAY = 3600, 86400
PRIZE, PRACTICE, CLASSROOM = "week-quiz", "practice", "classroom"
CODES = [question["code"] for question in starter_bank()]
PRIZES = (
    {"prize": "key", "count": "5", "name.en": "A hardware security key", "name.zh": "硬件安全密钥一枚", "worth": "199.00"},
    {"prize": "bag", "count": "20", "name.en": "A shielded card wallet", "name.zh": "防盗刷卡包一个", "worth": "39.00"},
)
THINKING = 150  # seconds on the clock for each question: nobody here is flagged for being quick but those who are meant to be


def fields_of(page: str) -> dict[str, Any]:
    """Returns what a browser would send with the longest form of a page as it stands."""
    form = max(re.findall(r"<form.*?</form>", page, re.S), key=len)
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if "name" in said and (said.get("type") not in {"checkbox", "radio"} or " checked" in tag):
            found[said["name"]] = unescape(said.get("value", ""))
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = unescape(value).strip("\n")
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)"[^>]* selected', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


class QuizPlay:
    """The quizzes of one week of a play."""

    def __init__(self, play: Play) -> None:
        self.play, self.stage, self.home, self.code = play, play.stage, play.home, play.code
        self.rng = random.Random(f"quiz {play.code}")
        self.passed: list[tuple[Visitor, str, int]] = []  # browser, quiz, entry number
        self.numbers: dict[str, int] = {}

    # ---- the organiser ----

    def announce_prize(self, opens: int, closes: int, draws_at: int, codes: list[str]) -> None:
        """A prize quiz is composed, its rules are whole, it is announced and witnessed before it opens."""
        self.organiser = self.play.sign_in(self.play.staff["organiser"])
        name = ("Would you have noticed?", "你能看出来吗？")
        self._compose("prize", PRIZE, name, opens, closes, codes)
        address = f"{self.home}/desk/quizzes/{PRIZE}/rules/"
        told = fields_of(self.organiser.get(address)) | {
            "contact": "quiz@harbour.example, 96110", "alternates": "5", "beacon": "dice", "throws": "24",
            "freezes": _local(closes + HOUR // 2), "commit_by": _local(closes + HOUR), "open_by": _local(draws_at - HOUR // 2),
            "draws_at": _local(draws_at),
        }  # fmt: skip
        for row, prize in enumerate(PRIZES):
            told |= {f"prizes.{row}.{key}": value for key, value in {**prize, "currency": "CNY"}.items()}
        self.organiser.post(address, {**told, "do": "fill"}, expect=200)
        self.organiser.post(address, {**fields_of(self.organiser.get(address)), "do": "keep"})
        self._act(f"{PRIZE}/announce/")
        self.play.reader.wait("the rules of the quiz", self._announced)

    def announce_practice(self, opens: int, closes: int, codes: list[str]) -> None:
        """A practice quiz over its own questions is open."""
        self.organiser = self.play.sign_in(self.play.staff["organiser"])
        self._compose("practice", PRACTICE, ("Practice round", "练习一下"), opens, closes, codes)
        self._act(f"{PRACTICE}/announce/")

    def announce_classroom(self, opens: int, closes: int, codes: list[str]) -> None:
        """A quiz that a teacher or a booth can host is there."""
        self._compose("classroom", CLASSROOM, ("In the classroom", "课堂答题"), opens, closes, codes)
        self._act(f"{CLASSROOM}/announce/")

    def _compose(self, kind: str, code: str, name: tuple[str, str], opens: int, closes: int, codes: list[str]) -> None:
        pages = f"{self.home}/desk/quizzes"
        told = fields_of(self.organiser.get(f"{pages}/new/")) | {
            "kind": kind, "code": code, "name_en": name[0], "name_zh": name[1], "items": "5", "opens": _local(opens), "closes": _local(closes),
            "about_en": "Five questions from everyday life. No timer.", "about_zh": "五道生活里的小题，不计时。",
        }  # fmt: skip
        self.organiser.post(f"{pages}/new/", told)
        self.organiser.post(f"{pages}/{code}/pool/", {"among": codes, "chosen": codes})

    def _act(self, path: str, told: dict[str, Any] | None = None) -> None:
        self.organiser.post(f"{self.home}/desk/quizzes/{path}", told or {})

    def _announced(self, week: Chronicle) -> int | None:
        quiz = week.quizzes.get(PRIZE)
        return week.size - 1 if quiz is not None and quiz.key is not None else None

    # ---- entrants ----

    def sit(self, count: int, *, quick: int = 0, code: str = PRIZE) -> None:
        """People answer side by side, a question at a time on the clock; `quick` of them answer faster than anybody can read."""
        entrants = [self._entrant(number, code) for number in range(count)]
        self.stage.each(self._begin, entrants)
        for number in range(1, 6):
            self.stage.clock.move_to(self.stage.clock() + THINKING)
            self.stage.each(lambda entrant, n=number: self._answer(*entrant, n), entrants)
        self.stage.each(self._send, entrants)
        for entrant in [self._entrant(count + number, code) for number in range(quick)]:
            self._begin(entrant)
            for number in range(1, 6):
                self._answer(*entrant, number)
            self._send(entrant)
        self.numbers["entrants"] = self.numbers.get("entrants", 0) + count + quick

    def _entrant(self, number: int, code: str) -> tuple[Visitor, Knowing, str]:
        rng = random.Random(f"{self.code} {code} {number}")
        return Visitor(self.stage.site, rng), Knowing(rng, slips=0.08 if number % 3 else 0.35), code

    def _begin(self, entrant: tuple[Visitor, Knowing, str]) -> None:
        visitor, _, code = entrant
        visitor.get(f"{self.home}/quiz/{code}/")
        if visitor.cookies:
            raise Stuck(f"the start page set {sorted(visitor.cookies)}")
        visitor.post(f"{self.home}/quiz/{code}/begin/", {})

    def _answer(self, visitor: Visitor, knowing: Knowing, code: str, number: int) -> None:
        page = visitor.get(f"{self.home}/quiz/{code}/{number}/")
        visitor.post(f"{self.home}/quiz/{code}/{number}/", knowing.fields(page))

    def _send(self, entrant: tuple[Visitor, Knowing, str]) -> None:
        visitor, _, code = entrant
        visitor.post(f"{self.home}/quiz/{code}/send/", {})
        visitor.post(f"{self.home}/quiz/{code}/send/", {})  # the nervous double click
        told = visitor.get(f"{self.home}/quiz/{code}/done/")
        if 'class="secret"' in told:
            self.passed.append((visitor, code, -1))

    # ---- flags, close, draw ----

    def decide_flags(self) -> None:
        """The organiser strikes the first entry that was too fast; the entrant appeals; another person answers."""
        found = re.findall(rf'action="{self.home}/desk/flags/(\d+)/"', self.organiser.get(f"{self.home}/desk/flags/"))
        for place, number in enumerate(dict.fromkeys(found)):
            verb = "strike" if place == 0 else "clear"
            why = "Five answers in no time at all." if verb == "strike" else "A second browser of the same person, read before."
            self.organiser.post(f"{self.home}/desk/flags/{number}/", {"do": verb, "reason": why})
        self.numbers["flags"] = len(dict.fromkeys(found))

    def close_and_draw(self, closes: int, draws_at: int) -> None:
        """The quiz closes, the list is frozen, seeds are sealed and opened, two people read the die, winners are drawn."""
        steps: tuple[tuple[str, int, Callable[[Chronicle, DrawState | None], Any]], ...] = (
            ("the quiz to close", closes + 5, lambda week, draw: week.quizzes[PRIZE].closed),
            ("the list to be frozen", closes + HOUR // 2 + 5, lambda week, draw: draw and draw.frozen and draw.frozen[0]),
            ("both seeds to be sealed", 0, lambda week, draw: draw and len(draw.commits) == 2 and _last(draw.commits)),
            ("both seeds to be opened", 0, lambda week, draw: draw and len(draw.opened) == 2 and _last(draw.opened)),
        )
        for what, at, found in steps:
            if at:
                self.stage.clock.move_to(at)
            self.play.reader.wait(what, self._when(found))
        self.stage.clock.move_to(draws_at + 60)
        throws = "".join(self.rng.choice("123456") for _ in range(24))
        for address in (self.play.staff["organiser"], self.play.staff["deputy"]):
            reader = self.play.sign_in(address)
            reader.post(f"{self.home}/desk/draws/{PRIZE}-draw/throws/", {"throws": throws, "notary": "yes"})
        self.play.reader.wait("the winners", self._when(lambda week, draw: draw and draw.result and draw.result[0]))
        self.play.reader.wait(
            "the key to be public", self._when(lambda week, draw: (found := week.quizzes[PRIZE].revealed) and found[0])
        )

    def _when(self, found: Callable[[Chronicle, DrawState | None], Any]) -> Callable[[Chronicle], int | None]:
        def index(week: Chronicle) -> int | None:
            got = found(week, week.draws.get(f"{PRIZE}-draw"))
            return got if isinstance(got, int) and not isinstance(got, bool) else None

        return index

    def claim(self, count: int) -> None:
        """Some winners claim with the secret of their receipt; the organiser checks and hands over; others let it lie."""
        week = self.play.reader.read()
        draw = week.draws[f"{PRIZE}-draw"]
        self.play.reader.wait("winners to be told", self._when(lambda w, d: d and d.claims and w.size - 1), witnessed=False)
        winners = set(draw.result[1]["winners"]) if draw.result else set()
        done = 0
        for visitor, code, _ in self.passed:
            if done == count:
                break
            page = visitor.get(f"{self.home}/quiz/{code}/receipt/")
            entry = re.search(r'<p class="bigcode">(\d+)</p>', page)
            secret = re.search(r'<p class="secret">(.*?)</p>', page, re.S)
            if not entry or not secret or int(entry[1]) not in draw.tickets:
                continue
            if draw.tickets.index(int(entry[1])) + 1 in winners:
                self._claim_one(visitor, unescape(secret[1]).strip())
                done += 1
        self.numbers["claims"] = done
        self._settle()

    def _claim_one(self, visitor: Visitor, secret: str) -> None:
        address = f"{self.home}/draw/{PRIZE}-draw/claim/"
        visitor.post(address, {"secret": secret}, expect=200)
        told = {
            "secret": secret,
            "do": "claim",
            "name": "A winner",
            "reach": "winner@home.example",
            "address": "At the library desk",
        }
        visitor.post(address, told, expect=200)

    def _settle(self) -> None:
        """Every claim that waits is checked, and all but one are handed over."""
        claimed = self._waiting("good")
        for rank in claimed:
            self.organiser.post(f"{self.home}/desk/draws/{PRIZE}-draw/claims/{rank}/", {"do": "good"})
        for rank in self._waiting("hand")[1:]:
            self.organiser.post(f"{self.home}/desk/draws/{PRIZE}-draw/claims/{rank}/", {"do": "hand"})

    def _waiting(self, deed: str) -> list[str]:
        page = self.organiser.get(f"{self.home}/desk/draws/{PRIZE}-draw/")
        forms = re.findall(r"<form[^>]*/claims/(\d+)/.*?</form>", page, re.S)
        return [rank for rank in dict.fromkeys(forms) if re.search(rf'/claims/{rank}/"(?:(?!</form>).)*value="{deed}"', page, re.S)]

    def lines(self, week: Chronicle) -> list[str]:
        """Returns the lines of the report on the quiz and its draw."""
        quiz, draw = week.quizzes[PRIZE], week.draws[f"{PRIZE}-draw"]
        said, counts = (draw.result[1] if draw.result else {}), self.numbers
        return [
            f"quiz        {counts['entrants']} entrants, {quiz.attempts} attempts, {sum(1 for _ in quiz.tickets())} tickets, "
            f"{counts['flags']} looked at, {len(quiz.struck)} struck",
            f"draw        {len(draw.tickets)} tickets, winners {said.get('winners')}, alternates {said.get('alternates')}, {counts['claims']} claimed",
        ]


def _last(found: dict[str, Any]) -> int:
    return max(int(index) for index, _ in found.values())


def _local(at: int) -> str:
    return f"{datetime.fromtimestamp(at, ZoneInfo(ZONE)):%Y-%m-%dT%H:%M}"


def halves() -> tuple[list[str], list[str]]:
    """Returns the bank's codes in two halves, each with some of every kind: one for a prize, one to practise on."""
    return CODES[0::2], CODES[1::2]
