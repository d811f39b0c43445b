"""A quiz on a site with a real door, publisher and witness, all on one clock that the test moves; browsers are Django's test clients.

stage = ...fixture `stage`                 a week whose log is open
quiz = stage.prize_quiz()                  announced, witnessed; stage.at(...) moves the clock
client = stage.sit(quiz, right=5)          a browser that answered and sent in
stage.turn()                               everything that waits has happened: door, publisher, witness, jobs, notary
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from showground.commands.demo_week import week_file
from showground.commands.init import policy_text
from showground.ledger import queries as ledger
from showground.ledger.actions.append import append, open_log
from showground.ledger.actions.cosign import cosign
from showground.ledger.actions.keys import make_log_key
from showground.ledger.jobs import Rounds, hand_over
from showground.ledger.models import Log
from showground.people.actions import welcome
from showground.people.models import Person
from showground.quiz import jobs
from showground.quiz.actions.announce import announce_quiz
from showground.quiz.models import Draw, PoolItem, Question, Quiz, Sitting, Version
from showground.quiz.queries.sittings import questions_of
from showground.quiz.views import sittings
from showground.rules import answers
from showground.rules.quiz_rules import prize_quiz
from showground.rules.records import sha256_hex
from showground.weeks.actions import give_duty, open_week, read_week_file
from showground.weeks.models import Week
from showground.witness import ceremony, keys
from showground.witness.app import Server, Witness
from showground.witness.state import State
from tests.intake.conftest import Running

HERE = "http://testserver"
HOUR, DAY = 3600, 86400
START = 1_790_000_000
CLOCK_WORD: str | None = "rehearsal"  # what the log says of its times; None in a log of the real world


def both(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


def option(key: str, en: str, credit: list[int] | None = None, **more: Any) -> dict[str, Any]:
    return {"key": key, "text": both(en, f"{en}（中文）"), "credit": credit or [0, 1], **more}


def _kind(kind: str, number: int) -> dict[str, Any]:
    """A question of each kind; what belongs to the key carries the word KEYWORD, so that a crawl can find it."""
    wrong = [option("b", f"Second thing {number}", why=both("KEYWORD no", "KEYWORD 否")), option("c", f"Third thing {number}")]
    right = option("a", f"First thing {number}", [1, 1], why=both("KEYWORD yes", "KEYWORD 是"))
    if kind == "single":
        return {"options": [right, *wrong]}
    if kind == "multiple":
        return {
            "options": [
                option("a", f"One {number}", [1, 2]),
                option("b", f"Two {number}", [1, 2]),
                option("c", f"Three {number}", [-1, 2]),
            ]
        }
    if kind == "true_false":
        return {"options": [option("true", "True", [1, 1]), option("false", "False")]}
    if kind == "short":
        return {"accepted": [{"text": f"KEYWORD{number}", "credit": [1, 1]}]}
    if kind == "numeric":
        return {"accepted": [{"value": f"9174{number}", "tolerance": "0", "credit": [1, 1]}]}
    if kind == "matching":
        return {
            "left": [{"key": "l1", "text": both("Mail", "邮件")}, {"key": "l2", "text": both("Call", "电话")}],
            "right": [
                {"key": key, "text": both(en, zh)}
                for key, en, zh in (("r1", "written", "书面"), ("r2", "spoken", "口头"), ("r3", "drawn", "图画"))
            ],
            "pairs": [["l1", "r1"], ["l2", "r2"]],
        }  # fmt: skip
    if kind == "ordering":
        return {
            "options": [
                {"key": k, "text": both(f"{t} {number}", f"{t}{number}")} for k, t in (("a", "Stop"), ("b", "Look"), ("c", "Tell"))
            ]
        }
    if kind == "cloze":
        return {
            "text": both(f"Case {number}: dial {{{{g1}}}} and wait {{{{g2}}}} minutes.", f"案例 {number}：拨打 {{{{g1}}}}，等 {{{{g2}}}} 分钟。"),
            "gaps": [
                {"key": "g1", "kind": "single", "weight": 2, "options": [option("a", "96110", [1, 1]), option("b", "12345")]},
                {"key": "g2", "kind": "numeric", "weight": 1, "accepted": [{"value": "30", "tolerance": "0", "credit": [1, 1]}]},
            ],
        }  # fmt: skip
    trick = number % 2 == 0
    cue: dict[str, Any] = {"cue": True, "why": both("KEYWORD digit", "KEYWORD 数字")} if trick else {}
    return {
        "channel": ("sms", "mail", "chat", "payment", "poster")[number % 5],
        "trick": trick,
        "lines": [
            {"key": "k1", "role": "from", "text": both("Selden Parking Office", "塞尔登停车处")},
            {"key": "k2", "role": "address", "text": both("fines@se1den-parking.example", "fines@se1den-parking.example"), **cue},
            {"key": "k3", "role": "text", "text": both(f"Pay 12.00 within two hours. Case {number}.", f"请在两小时内付款。编号 {number}。"), **cue},
            {"key": "k4", "role": "button", "text": both("Pay now", "立即支付"), "leads": "https://pay.раrking.example/x"},
            {"key": "k5", "role": "qr", "text": both("Scan to pay", "扫码支付"), "leads": "https://pay.example/qr"},
        ],
    }  # fmt: skip


KINDS = ("phish", "single", "multiple", "true_false", "short", "numeric", "matching", "ordering", "cloze")


def question(number: int, kind: str) -> dict[str, Any]:
    """Returns a whole question; the same number and kind give the same one."""
    base = {
        "v": 1,
        "code": f"q{number:03d}",
        "kind": kind,
        "text": both(f"Question {number}: what is right here?", f"第 {number} 题：哪一项正确？"),
        "title": both(f"KEYWORD title {number}", f"KEYWORD 标题 {number}"),
        "explanation": both(f"KEYWORD because {number}", f"KEYWORD 因为 {number}"),
        "source": f"KEYWORD source {number}",
    }
    return base | _kind(kind, number)


def right_answer(question: dict[str, Any], seed: str) -> dict[str, Any]:
    """Returns an answer worth the whole point, found from the key."""
    kind = question["kind"]
    if kind in {"single", "true_false"}:
        return {"choice": _slot(answers.slots(question, seed), lambda o: o["credit"] == [1, 1])[0]}
    if kind == "multiple":
        return {"choices": _slot(answers.slots(question, seed), lambda o: o["credit"][0] > 0)}
    if kind == "short":
        return {"text": question["accepted"][0]["text"]}
    if kind == "numeric":
        return {"text": question["accepted"][0].get("value") or question["accepted"][0]["low"]}
    if kind == "matching":
        shown, left = [o["key"] for o in answers.slots(question, seed)], [o["key"] for o in question["left"]]
        return {"pairs": sorted([left.index(a), shown.index(b)] for a, b in question["pairs"])}
    if kind == "ordering":
        shown = [o["key"] for o in answers.slots(question, seed)]
        return {"order": [shown.index(o["key"]) for o in question["options"]]}
    if kind == "cloze":
        return {"gaps": {gap["key"]: _right_gap(question, gap, seed) for gap in question["gaps"]}}
    marks = [place for place, line in enumerate(question["lines"]) if line.get("cue")]
    return {"verdict": "trick" if question["trick"] else "genuine", "marks": marks}


def _right_gap(question: dict[str, Any], gap: dict[str, Any], seed: str) -> dict[str, Any]:
    if gap["kind"] == "single":
        return {"choice": _slot(answers.slots(question, seed, gap["key"]), lambda o: o["credit"] == [1, 1])[0]}
    return {"text": gap["accepted"][0].get("text") or gap["accepted"][0]["value"]}


def _slot(options: list[dict[str, Any]], good: Any) -> list[int]:
    return [slot for slot, one in enumerate(options) if good(one)]


def wrong_answer(question: dict[str, Any], seed: str) -> dict[str, Any]:
    """Returns an answer that is worth less than the point."""
    kind = question["kind"]
    if kind in {"single", "true_false"}:
        return {"choice": _slot(answers.slots(question, seed), lambda o: o["credit"] != [1, 1])[0]}
    if kind == "phish":
        return {"verdict": "genuine" if question["trick"] else "trick", "marks": []}
    if kind == "matching":
        return {"pairs": [[0, right_answer(question, seed)["pairs"][1][1]]]}
    if kind == "ordering":
        return {"order": right_answer(question, seed)["order"][::-1]}
    if kind == "multiple":
        return {"choices": _slot(answers.slots(question, seed), lambda o: o["credit"][0] < 0)}
    return {"text": "7"} if kind != "cloze" else {"gaps": {"g2": {"text": "7"}}}


def as_form(answer: dict[str, Any]) -> dict[str, Any]:
    """Returns an answer as the page's form sends it."""
    if "choice" in answer:
        return {"choice": answer["choice"]}
    if "choices" in answer:
        return {"choice": answer["choices"]}
    if "pairs" in answer:
        return {f"pair-{place}": slot for place, slot in answer["pairs"]}
    if "gaps" in answer:
        return {f"gap-{key}": given.get("choice", given.get("text")) for key, given in answer["gaps"].items()}
    if "verdict" in answer:
        nothing = {} if answer["marks"] else {"nothing": "yes"}
        return {"verdict": answer["verdict"], "mark": answer["marks"], **nothing}
    return dict(answer)


class Browser(Client):
    """A browser that says where its forms stood, as all of them do."""

    def __init__(self, address: str = "198.51.100.7", **more: Any) -> None:
        super().__init__(HTTP_ORIGIN=HERE, REMOTE_ADDR=address, **more)


class TestSite(ceremony.Site):
    """The site as the notary's program reads it, through the test client instead of a socket."""

    __test__ = False

    def __init__(self, week: str) -> None:
        super().__init__(HERE, week)
        self.client = Client()

    def log_file(self, path: str) -> bytes:
        answer = self.client.get(f"/log/{self.week}/{path}")
        if answer.status_code != 200:
            raise ceremony.SiteFault(f"{path}: {answer.status_code}")
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    def _post(self, url: str, value: object) -> None:
        answer = self.client.post(url.removeprefix(HERE), value, content_type="application/json")
        if answer.status_code != 200:
            raise ceremony.SiteFault(f"{url}: {answer.status_code}", answer.json().get("error", ""))


class Stage:
    """The site, its people, its clock."""

    def __init__(self, running: Running, folder: Path) -> None:
        self.running, self.folder = running, folder
        text, _ = week_file("2026", anchor=START + 30 * DAY, name=("Second Look", "再看一眼"))
        self.at(START)
        self.week: Week = open_week(read_week_file(text))
        self.people = {duty: self._person(duty) for duty in ("organiser", "author", "notary")}
        self.second = self._person("organiser", "second")
        self.vkeys = keys.generate(folder / "witness", "notary.example")
        self.keys = keys.read(folder / "witness")
        state = State(folder / "witness" / "state.sqlite")
        self.witness = Witness(state, self.keys.witness, lambda: self.now)
        self.server = Server(self.witness, "127.0.0.1", 0)
        site_settings.WITNESS_URL = self.server.url
        self._open_log(state)
        self.rounds = Rounds()
        self.watch = ceremony.Watch(TestSite("2026"), self.week.origin, self.witness, self.keys, patient=True)

    def _person(self, duty: str, name: str = "") -> Person:
        person = welcome(f"{name or duty}@example.org", language="en", at=START)
        give_duty(self.week, person=person, duty=duty)
        return person

    def _open_log(self, state: State) -> None:
        origin = self.week.origin
        vkey = make_log_key(origin)
        state.add_log(vkey)
        policy = policy_text(vkey, self.vkeys, self.server.url)
        with transaction.atomic():
            open_log(origin, vkey=vkey, policy=policy)
            vkeys = [vkey, self.vkeys["witness"]]
            append(
                origin, "log.opened", written_at=START, software="showground", policy_sha256=sha256_hex(policy.encode()),
                operator="City", vkeys=vkeys, clock=CLOCK_WORD,
            )  # fmt: skip
            for role, duty in (("statement", "statements"), ("escrow", "escrow")):
                append(origin, "key.declared", written_at=START, role=role, vkey=self.vkeys[duty])

    # ---- time ----

    @property
    def now(self) -> int:
        return self.running.now

    def at(self, instant: int) -> None:
        self.running.now = instant

    def publish(self) -> None:
        """What waits is in the log, published and cosigned."""
        hand_over()
        self.rounds.go(self.now)
        for log in Log.objects.all():
            cosign(log, url=site_settings.WITNESS_URL)

    def turn(self, times: int = 1, *, notary: bool = True) -> None:
        """Everything that waits has happened, `times` over."""
        for _ in range(times):
            jobs.follow(self.now)
            self.publish()
            if notary:
                self.watch.look()
                self.publish()

    # ---- quizzes ----

    def questions(self, kinds: tuple[str, ...], first: int = 1) -> list[Question]:
        made = []
        for number, kind in enumerate(kinds, first):
            document = question(number, kind)
            row, fresh = Question.objects.get_or_create(code=document["code"], defaults={"kind": kind})
            if fresh:
                row.current = Version.objects.create(
                    question=row, number=1, document=document, state=Version.State.APPROVED,
                    written_by=self.people["author"], written_at=START, read_by=self.second, read_at=START,
                )  # fmt: skip
                row.save()
            made.append(row)
        return made

    def _quiz(self, code: str, kind: str, rows: list[Question], items: int, **times: int) -> Quiz:
        quiz = Quiz.objects.create(
            week=self.week, code=code, kind=kind, name=both("Look twice", "再看一眼"), items=items, made_at=START, **times
        )
        for row in rows:
            PoolItem.objects.create(quiz=quiz, version=row.current, code=row.code)
        return quiz

    def prize_quiz(
        self, code: str = "weekly", kinds: tuple[str, ...] = KINDS + KINDS[:3], *, opens: int = START + HOUR, hours: int = 24,
        change: dict[str, Any] | None = None, draw_change: dict[str, Any] | None = None, first: int = 1,
    ) -> Quiz:  # fmt: skip
        """A prize quiz announced, witnessed and open now: 5 of the pool asked, 4 right needed, 3 prizes, dice."""
        closes = opens + hours * HOUR
        rules = prize_quiz(
            code, f"{code}-draw", opens=opens, closes=closes, freezes=closes + HOUR, commit_by=closes + 2 * HOUR,
            open_by=closes + 3 * HOUR, draws_at=closes + 4 * HOUR, beacon=(draw_change or {}).get("beacon", {"kind": "dice", "digits": 24}),
        )  # fmt: skip
        rules |= {"pool": len(kinds), **(change or {})}
        rules["draw"]["prizes"] = [
            {"prize": "first", "count": 1, "name": both("A key", "密钥"), "worth": 20000, "currency": "CNY"},
            {"prize": "second", "count": 2, "name": both("A book", "图书"), "worth": 5000, "currency": "CNY"},
        ]
        rules["draw"] |= {"alternates": 2, **(draw_change or {})}
        quiz = self._quiz(code, "prize", self.questions(kinds, first), 5, opens=opens, closes=closes)
        self.at(opens - 600)
        quiz = announce_quiz(quiz, rules=rules, by=self.people["organiser"], at=self.now)
        self.publish()
        self.at(opens + 60)
        return quiz

    def practice_quiz(self, code: str = "practice", kinds: tuple[str, ...] = KINDS, first: int = 101) -> Quiz:
        quiz = self._quiz(code, "practice", self.questions(kinds, first), len(kinds), opens=START, closes=START + 60 * DAY)
        quiz = announce_quiz(quiz, rules=None, by=self.people["organiser"], at=self.now)
        self.at(max(self.now, START + 60))
        return quiz

    # ---- people ----

    def begin(self, quiz: Quiz, client: Client | None = None, language: str = "en") -> Client:
        client = client or Browser()
        answer = client.post(f"{home(quiz, language)}begin/")
        assert answer.status_code == 302, text_of(answer)
        return client

    def sitting(self, quiz: Quiz) -> Sitting:
        """The newest sitting."""
        return Sitting.objects.filter(quiz=quiz).latest("pk")

    def answer_all(self, quiz: Quiz, client: Client, right: int, language: str = "en") -> Sitting:
        sitting = self.sitting(quiz)
        for place, document in enumerate(questions_of(sitting), 1):
            made = right_answer if place <= right else wrong_answer
            sent = as_form(made(document, sitting.seed))
            answer = client.post(f"{home(quiz, language)}{place}/", {**sent, "go": "next"})
            assert answer.status_code == 302, (document["kind"], sent, text_of(answer))
        return sitting

    def sit(self, quiz: Quiz, right: int = 5, client: Client | None = None, *, takes: int = 300) -> Client:
        """A browser that has answered, so many right, in so many seconds, and sent in."""
        began = self.now
        client = self.begin(quiz, client)
        self.answer_all(quiz, client, right)
        self.at(began + takes)
        assert client.post(f"{home(quiz)}send/").status_code == 302
        self.at(began + 1)
        return client


def home(quiz: Quiz, language: str = "en") -> str:
    return f"/{language}/2026/quiz/{quiz.code}/"


def draw_home(draw: Draw, language: str = "en") -> str:
    return f"/{language}/2026/draw/{draw.code}/"


def text_of(answer: HttpResponse) -> str:
    """The words of a page without its tags."""
    html = re.sub(r"<(script|style|head)\b.*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.S)
    return " ".join(html.split())


def worth(question: dict[str, Any], answer: dict[str, Any], seed: str) -> Fraction:
    return answers.score(question, answer, seed)


def token(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


@pytest.fixture
def stage(db: None, settings: Any, tmp_path: Path, folder: Path) -> Iterator[Stage]:
    """A site whose week's log is open."""
    import threading

    ledger._kept.clear()
    sittings._drawn.clear()
    for name in ("LOG_ROOT", "MEDIA_STORE", "LETTERS", "KEYS", "DATA"):
        setattr(settings, name, tmp_path / name.lower())
    settings.WITNESS_URL = ""
    running = Running(folder, None)
    running.start(rehearsal=CLOCK_WORD is not None)
    ledger.door.cache_clear()
    settings.DOOR_PRIVATE, settings.CLOCK = running.private, lambda: running.now
    made = Stage(running, tmp_path)
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        made.publish()
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
        thread.join()
        ledger.door.cache_clear()
        running.stop()
