"""A letter and a database: what is known is written before it goes and after; while it goes nobody waits, and nothing is lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import transaction

from showground.reports.actions import correct, decide, refer
from showground.reports.models import Clock, Event, Referral
from showground.reports.queries import answers
from showground.rules.refused import Refused
from showground.ui import letters
from tests.harness.mail_server import MailServer, mail_server
from tests.harness.prepared import blank_site
from tests.house.sample_week import a_week
from tests.reports.office import LOG, NOW, Office, an_office, written

ROOT = Path(__file__).resolve().parents[2]
WEEK = "sample"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as found:
        yield found


@pytest.fixture
def office(db: None, tmp_path: Path, settings: Any) -> Office:
    settings.CLOCK = lambda: NOW
    a_week(WEEK)
    return an_office(tmp_path / "desk", settings)


@pytest.fixture
def posts(office: Office, server: MailServer, settings: Any) -> Office:
    """The office, with the server for its mail."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = server.port, 60
    return office


def ready(office: Office) -> Referral:
    case = office.case()
    decide.propose(case, written("refer"), who=office.who("ada"), at=NOW, log=LOG)
    decide.confirm(case, who=office.who("ben"), at=NOW, log=LOG)
    return refer.read_referral(Referral.objects.get(), who=office.who("ben"), at=NOW, log=LOG)


def post(office: Office, act: Any, *, at: int = NOW) -> str:
    """Returns the code of the refusal, "" if it was done."""
    try:
        act(Referral.objects.get(), who=office.who("ben"), week=WEEK, at=at, log=LOG)
    except Refused as refused:
        return refused.code
    return ""


def now() -> tuple[str, int | None, int]:
    row = Referral.objects.get()
    return str(row.state), row.sent_at, Event.objects.filter(thing="referral", verb="sent").count()


def test_a_letter_inside_a_transaction_is_a_fault(db: None) -> None:
    letter = EmailMessage(subject="x", body="y", to=["a@b.example"])
    with transaction.atomic(), pytest.raises(RuntimeError, match="after the commit"):
        letters.post(letter)
    letters.post(letter)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("which", ["said", "to"])
def test_a_letter_that_is_refused_is_where_it_was(posts: Office, server: MailServer, which: str) -> None:
    ready(posts)
    setattr(server, which, "550 5.7.1 not you")
    assert post(posts, refer.send_referral) == "referral.mail_away"
    assert now() == ("second_read", None, 0) and Referral.objects.get().token_sha256 is None
    setattr(server, which, "250 ok")
    assert post(posts, refer.send_referral) == "" and now() == ("sent", NOW, 1)


@pytest.mark.parametrize(("said", "seconds"), [(".", 60), ("", 1)])
def test_a_mail_server_that_goes_silent_leaves_a_question_and_the_same_letter_answers_it(
    posts: Office, server: MailServer, settings: Any, said: str, seconds: int
) -> None:
    ready(posts)
    server.said, settings.EMAIL_TIMEOUT = said, seconds
    assert post(posts, refer.send_referral) == "referral.mail_unsure" and now() == ("posting", None, 0)
    assert post(posts, refer.send_referral) == "referral.state", "a second press posts nothing"
    settings.EMAIL_TIMEOUT = 60
    server.said = "550 5.7.1 not now"
    assert post(posts, refer.post_again, at=NOW + 60) == "referral.mail_unsure", "the first one may have left all the same"
    server.said = "250 ok"
    assert now()[0] == "posting" and post(posts, refer.post_again, at=NOW + 120) == "" and now() == ("sent", NOW + 120, 1)
    assert len(server.letters) == 3 and len({letter["Message-ID"] for letter in server.letters}) == 1
    assert list(Event.objects.filter(verb="posted_again").values_list("facts", flat=True)) == [{"turn": 2}, {"turn": 3}]
    assert Clock.objects.filter(thing="referral").count() == 1


def test_a_partner_who_answers_has_the_letter(posts: Office, server: MailServer) -> None:
    referral, server.said = ready(posts), "."
    post(posts, refer.send_referral)
    refer.answer_referral(answers.token_of(referral), "acted", words="", reference="", at=NOW + 90, log=LOG)
    assert now() == ("acted", NOW, 1)


def test_a_notice_that_may_have_left_is_corrected_too(posts: Office, server: MailServer) -> None:
    referral, server.said = ready(posts), "."
    post(posts, refer.send_referral)
    correct.correct(referral.decision, who=posts.who("cyd"), at=NOW + 60, log=LOG)
    assert correct.send_corrections(at=NOW + 60, log=LOG) == 0, "silent still"
    server.said = "250 ok"
    assert [correct.send_corrections(at=NOW + 99, log=LOG) for _ in range(2)] == [1, 0]
    first, *corrections = server.letters
    assert len({letter["Message-ID"] for letter in corrections}) == 1 and corrections[0]["References"] == first["Message-ID"]


@pytest.mark.drill
def test_a_hanging_mail_server_holds_no_writer_and_a_kill_loses_nothing(tmp_path: Path, server: MailServer) -> None:
    blank_site(tmp_path)
    env = {name: value for name, value in os.environ.items() if not name.startswith("SHOWGROUND_")}
    env |= {"SHOWGROUND_DATA": str(tmp_path), "SHOWGROUND_CLOCK": "rehearsal", "PYTHONPATH": str(ROOT)}
    env |= {"SHOWGROUND_MAIL_URL": f"smtp://127.0.0.1:{server.port}"}

    def shell(word: str) -> subprocess.Popen[bytes]:
        line = f"from tests.reports.posting import {word}; {word}()"
        return subprocess.Popen([sys.executable, "-m", "showground", "manage", "shell", "-v", "0", "-c", line], cwd=ROOT, env=env)

    server.said = ""
    officer = shell("begin")
    assert server.has_one.acquire(timeout=120)
    with closing(sqlite3.connect(tmp_path / "app.sqlite3", timeout=0, isolation_level=None)) as other:
        other.execute("begin immediate")  # "database is locked" if the officer's process held it
        assert other.execute("select state, posts, sent_at from reports_referral").fetchall() == [("posting", 1, None)]
        other.execute("rollback")
        officer.kill()
        officer.wait()
        server.said = "250 ok"
        assert shell("again").wait() == 0
        assert other.execute("select state, posts, sent_at from reports_referral").fetchall() == [("sent", 2, NOW + 600)]
        assert other.execute("select count(*) from reports_event where thing = 'referral' and verb = 'sent'").fetchone() == (1,)
    assert len(server.letters) == 2 and len({letter["Message-ID"] for letter in server.letters}) == 1
