"""A week whose bank has authors and whole questions of every kind; no door runs beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from showground.people.actions import welcome
from showground.people.models import Person
from showground.quiz.actions import bank
from showground.quiz.models import Question, Version
from showground.weeks.actions import give_duty
from tests.entries.sample import desks

Document = dict[str, Any]


def both(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


def option(key: str, en: str, zh: str, *credit: int, **more: Any) -> Document:
    return {"key": key, "text": both(en, zh), "credit": list(credit or (0, 1)), **more}


CALL = {
    "text": both("A caller reads out four digits of your card. What do you do first?", "来电者报出您银行卡的四位数字。您首先应当怎么做？"),
    "title": both("The bank calls back", "银行来电"),
    "options": [
        option("a", "Trust her.", "相信对方。", why=both("Digits leak.", "数字会泄露。")),
        option("b", "Hang up and dial.", "挂断后回拨。", 1, 1),
        option("c", "Ask for a number.", "询问工号。"),
        option("d", "Give a wrong PIN.", "报错密码。"),
    ],
    "explanation": both("Leaked data holds card digits too.", "泄露的数据中也有卡号。"),
    "source": "Banking association, advice 12/2025",
    "category": "phone",
    "tags": ["calls", "money"],
}  # fmt: skip
OF_KIND: dict[str, Document] = {
    "single": CALL,
    "multiple": {
        "text": both("Which are signs?", "哪些是迹象？"),
        "options": [
            option("a", "Haste", "催促", 1, 2), option("b", "Fear", "恐吓", 1, 2), option("c", "A logo", "标志", -1, 3),
            option("d", "A date", "日期"),
        ],
    },
    "true_false": {
        "text": both("A lock means it is safe.", "有锁就安全。"),
        "options": [option("true", "True", "正确"), option("false", "False", "错误", 1, 1)],
    },
    "short": {
        "text": both("Which number?", "什么号码？"),
        "accepted": [{"text": "96110", "credit": [1, 1], "why": both("Yes", "对")}, {"text": "*110", "credit": [1, 2]}],
        "case": True,
    },
    "numeric": {
        "text": both("How many?", "多少？"),
        "accepted": [{"value": "12", "tolerance": "0.5", "credit": [1, 1]}, {"low": "10", "high": "14", "credit": [1, 2]}],
    },
    "matching": {
        "text": both("What belongs together?", "如何对应？"),
        "left": [{"key": "a", "text": both("SMS", "短信")}, {"key": "b", "text": both("Call", "电话")}],
        "right": [{"key": "a", "text": both("voice", "语音")}, {"key": "b", "text": both("text", "文字")},
            {"key": "c", "text": both("post", "邮政")}],
        "pairs": [["a", "b"], ["b", "a"]],
    },
    "ordering": {
        "text": both("In which order?", "按什么顺序？"),
        "options": [{"key": k, "text": both(t, z)} for k, t, z in (("a", "Stop", "停"), ("b", "Check", "查"), ("c", "Report", "报"))],
    },
    "cloze": {
        "text": both("Call {{g1}} within {{g2}} minutes.", "在 {{g2}} 分钟内拨打 {{g1}}。"),
        "gaps": [
            {"key": "g1", "kind": "single", "weight": 2, "options": [option("a", "96110", "九六一一零", 1, 1), option("b", "12345", "一二三四五")]},
            {"key": "g2", "kind": "numeric", "weight": 1, "accepted": [{"value": "30", "tolerance": "5", "credit": [1, 1]}]},
        ],
    },
    "phish": {
        "text": both("Is it a trick?", "这是骗局吗？"), "channel": "sms", "trick": True, "enough": 1, "premise": "strong",
        "lines": [
            {"key": "a", "role": "from", "text": both("Parcel", "快递")},
            {"key": "b", "role": "text", "text": both("Pay 2.99 now", "请支付 2.99 元"), "cue": True, "why": both("Haste", "催促")},
            {"key": "c", "role": "link", "text": both("shunda.example", "shunda.example"),
                "leads": "https://pay.example/", "cue": True, "why": both("Elsewhere", "另一处")},
        ],
    },
}  # fmt: skip


def document(kind: str = "single", code: str = "") -> Document:
    """A whole question of a kind."""
    return {"v": 1, "code": code or f"one-{kind.replace('_', '-')}", "kind": kind, **OF_KIND[kind]}


@dataclass(frozen=True)
class Bank:
    """A week with two authors, an organiser, a notary, a screener and an entrant ("maker")."""

    week: Any
    people: dict[str, Person]
    now: int

    def draft(self, kind: str = "single", code: str = "", by: str = "author", **more: Any) -> Question:
        made = bank.bring_in([{**document(kind, code), **more}], by=self.people[by], at=self.now)
        return made[0].question

    def approved(self, kind: str = "single", code: str = "", **more: Any) -> Question:
        question = self.draft(kind, code, **more)
        bank.ask_reader(question, by=self.people["author"], at=self.now)
        bank.approve_question(question, 1, by=self.people["reader"], at=self.now)
        return Question.objects.get(pk=question.pk)

    def newest(self, question: Question) -> Version:
        return question.versions.order_by("-number")[0]


def a_bank() -> Bank:
    """Returns an empty bank and those who work on it."""
    room = desks()
    people = dict(room.people)
    for name in ("author", "reader"):
        people[name] = welcome(f"{name}@example.org", language="en", at=0, name=name.title())
        give_duty(room.week, person=people[name], duty="author")
    return Bank(room.week, people, room.week.vote_opens + 3600)


Enter = Callable[..., Any]
