"""A desk with people, keys and reports for the tests of the officers' side."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nacl.public import PrivateKey
from PIL import Image, ImageDraw

from showground.people.models import Person
from showground.reports.actions import file, keys
from showground.reports.actions.take_in import TakenIn, take_in
from showground.reports.actions.written import LAWFUL, Written
from showground.reports.models import Case, Channel, Holder, LegalBasis, Partner, Report
from showground.reports.queries.keys import Unlocked
from showground.vault import boxes
from showground.weeks.models import Role, Week

LOG, NOW = "2026.week.example", 1_790_000_000
DUTIES = "duties"  # the code of the week that only gives them
WORDS = "They said my account at Harbour Bank is frozen; the link was https://harbour-bank-login.example/verify?id=8841"
MAIL = b"""\
Return-Path: <bounce@cheap-mailer.example>
Received: from mail.victim.example (mail.victim.example [192.0.2.9]) by in.home.example with ESMTP; Thu, 19 Nov 2026 10:02:11 +0000
Received: from box (unknown [203.0.113.77]) by mail.victim.example with SMTP; Thu, 19 Nov 2026 10:02:01 +0000
From: "Harbour Bank" <security@harb0ur-bank.example>
Reply-To: agent77@other-place.example
To: somebody@home.example
Subject: Your account is frozen
Date: Thu, 19 Nov 2026 10:01:55 +0000
Message-ID: <1@cheap-mailer.example>
Content-Type: text/html; charset=utf-8

<p>Dear customer, confirm at once: <a href="https://harb0ur-bank.example/login?u=1">https://harbour-bank.example</a></p>
"""


def picture(text: str = "FROZEN") -> bytes:
    """Returns a PNG with a few shapes on it."""
    made = Image.new("RGB", (320, 240), "#dde4ea")
    pen = ImageDraw.Draw(made)
    pen.rectangle((20, 30, 300, 90), fill="#20507a")
    pen.text((60, 50), text, fill="white")
    pen.ellipse((110, 120, 210, 220), fill="#c0552b")
    out = io.BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


@cache
def _key(name: str) -> tuple[PrivateKey, bytes]:
    """A person's key and how it lies in the database: made once for all tests, for a passphrase is costly."""
    key = PrivateKey.generate()
    return key, boxes.keep_key(key, f"a long passphrase of {name}")


def a_duty(person: Person, duty: str = "officer") -> None:
    """The person has the duty in the newest week, or in one that has nothing but duties: whoever has none does nothing at a desk."""
    times = ("call_opens", "call_closes", "vote_opens", "vote_closes", "jury_closes", "results_at")
    week = Week.objects.first() or Week.objects.create(
        code=DUTIES,
        origin="duties.example",
        document={"name": {"en": "Duties", "zh": "职责"}},
        **dict(zip(times, range(1, 7), strict=True)),
    )
    Role.objects.get_or_create(week=week, person=person, duty=duty)


def no_duty(person: Person) -> None:
    """The person has no duty any more, and no program of the desk has had its second yet."""
    Role.objects.filter(person=person).delete()


@dataclass
class Office:
    """The desk, its people by name, and the key of whoever has a shift."""

    now: int = NOW
    people: dict[str, Person] = field(default_factory=dict)
    holders: dict[str, Holder] = field(default_factory=dict)

    def who(self, name: str = "ada") -> Unlocked:
        """Returns the person's unlocked keys, as an open shift has them."""
        holder = Holder.objects.get(pk=self.holders[name].pk)
        key = _key(name)[0]
        desk = PrivateKey(boxes.unwrap(bytes(holder.desk_wrapped), key)) if holder.desk_wrapped else None
        return Unlocked(holder, key, desk)

    def file(
        self, words: str = WORDS, category: str = "phishing", *, at: int | None = None, channel: str = "web", **more: Any
    ) -> tuple[Report, str]:
        """A report is filed; returns it with its code, or "" without one, which is cheaper."""
        coded = more.pop("code", False)
        told = file.Told(category=category, language=more.pop("language", "en"), words=words, **more)
        if coded:
            return file.file_report(told, log=LOG, at=at or self.now, channel=channel, proved=True)
        return file.file_without_code(told, log=LOG, at=at or self.now, channel=channel).report, ""

    def take_in(self, name: str = "ada") -> TakenIn:
        """Everything that waits is taken in."""
        return take_in(self.who(name), at=self.now, log=LOG, seconds=60)

    def case(self, words: str = WORDS, category: str = "phishing", **more: Any) -> Case:
        """A report is filed, taken in and assigned to ada; returns its case."""
        from showground.reports.actions.triage import assign

        report, _ = self.file(words, category, **more)
        self.take_in()
        report.refresh_from_db()
        assert report.case is not None
        return assign(report.case, self.holders["ada"], who=self.who(), at=self.now, log=LOG)


def an_office(store: Path, settings: Any) -> Office:
    """Returns an open desk: officers ada and ben (unit A), cyd (unit B), custodian, approver; a law and two partners."""
    settings.DESK_STORE = store
    made = Office()
    for name, duty, unit in (
        ("ada", "officer", "A"), ("ben", "officer", "A"), ("cyd", "officer", "B"), ("custodian", "custodian", ""), ("approver", "approver", ""),
    ):  # fmt: skip
        made.people[name] = Person.objects.create(email=f"{name}@desk.example")
        a_duty(made.people[name], duty)
        key, kept = _key(name)
        made.holders[name] = Holder.objects.create(
            person=made.people[name], duty=duty, unit=unit, public=bytes(key.public_key), kept=kept, added_at=NOW
        )
    keys.open_desk(made.holders["ada"], at=NOW)
    for name in ("ben", "cyd"):
        keys.admit_officer(made.holders[name], by=made.who())
    a_law_and_partners()
    return made


def a_law_and_partners() -> LegalBasis:
    """Returns the provision; there are a platform, a hotline and a channel to send people to."""
    Partner.objects.create(
        code="harbour",
        kind="platform",
        name={"en": "Harbour Bank"},
        mail="abuse@harbour-bank.example",
        legitimate_hosts=["harbour-bank.example"],
    )
    Partner.objects.create(code="hotline", kind="hotline", name={"en": "Child Line"}, mail="line@hotline.example")
    Channel.objects.create(
        code="consumer", kind="body", name={"en": "Consumer office", "zh": "消费者协会"}, about={"en": "x"}, reach={}
    )
    return LegalBasis.objects.create(
        jurisdiction="Example", kind="statute", citation={"en": "Fraud Act s. 2", "zh": "反诈骗法第二条"}, valid_from=0,
        categories=["phishing", "scam", "malware", "impersonation", "harassment", "child"],
    )  # fmt: skip


def written(outcome: str = "unfounded", **more: Any) -> Written:
    """Returns a decision with everything its outcome needs."""
    audiences = ("reporter", "affected", "public")
    plain: dict[str, Any] = {
        "outcome": outcome,
        "facts": "The page copies a bank and asks for card data.",
        "lawful": dict.fromkeys(LAWFUL, False),
        "reasons": {f"{who}.{lang}": f"Because of this, {who}, {lang}." for who in audiences for lang in ("en", "zh")},
    }
    if outcome == "refer":
        basis = LegalBasis.objects.get()
        plain |= {"legal_basis": basis.pk, "partners": ["harbour"], "places": ["https://harbour-bank-login.example/verify?id=8841"]}
    return Written(**{**plain, **more})
