"""Mail to the desk: whatever comes is sealed first, one bad mail stops nothing, and a code goes out only where it can harm nobody."""

from __future__ import annotations

import random
import smtplib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from showground.commands import run
from showground.commands.desk_mail import controller, taker, where
from showground.reports.actions import hold, mail_in
from showground.reports.models import Evidence, Report
from showground.reports.queries import reading
from showground.ui import letterbox
from tests.harness.ports import a_port
from tests.reports.visitor import Desk, open_desk, report

GOOD = (
    b"Authentication-Results: mx.city.example; dkim=pass; dmarc=pass header.from=home.example\r\n"
    b"From: Lin <lin@home.example>\r\nTo: report@city.example\r\nSubject: Fwd: your parcel\r\n\r\nPay 40 now: hxxps://x.example\r\n"
)
LOOK = "http://localhost:8300/en/sample/report/look/"


@pytest.fixture
def desk(db: None, settings: Any, tmp_path: Path) -> Desk:
    hold.buckets.full_at.clear()
    return open_desk(settings, tmp_path)


def take(desk: Desk, raw: bytes, to: str = "report@city.example") -> Any:
    return mail_in.take_mail(raw, recipient=to, log=desk.origin, at=desk.now)


def _awkward() -> list[bytes]:
    """Mails that broke parsers elsewhere, and noise."""
    chance = random.Random(7)
    noise = [bytes(chance.randrange(256) for _ in range(size)) for size in (0, 1, 200, 5000)]
    named = [
        b"From: =?utf-8?Q?=FF=FE?= <\xff@x>\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n",
        b"From: a@b\r\nFrom: c@d\r\n\r\nx",
        b"\r\n\r\n\r\n",
        b"Subject: " + b"=?gb2312?B?" + b"A" * 20_000 + b"?=\r\n\r\n",
        b"Received: " * 3000,
        b"From: \x00\x00<\x00@\x00>\r\nDate: 99 Foo 99999 99:99\r\n\r\n\x00",
        b'Content-Type: text/plain; charset="no-such"\r\nContent-Transfer-Encoding: base64\r\n\r\n====',
    ]
    return noise + named


def test_whatever_comes_is_sealed_byte_for_byte(desk: Desk) -> None:
    who = desk.shift()
    for raw in _awkward():
        kept = take(desk, raw)
        held = reading.by_officer(kept.report, who)
        assert reading.original(held, kept.report.evidence.get(), 0) == raw
        assert mail_in.sender_of(raw, "someone@x.example", server="mx.city.example") in {None} or raw
    assert Report.objects.filter(channel="mail").count() == len(_awkward())


def test_a_proven_sender_gets_the_code_and_it_opens_the_report(desk: Desk) -> None:
    kept = take(desk, GOOD)
    sender = mail_in.sender_of(GOOD, "lin@home.example", server="mx.city.example")
    assert sender == mail_in.Sender("lin@home.example", True)
    assert mail_in.answer(kept, sender, look=LOOK, at=desk.now) == "code"
    letter = letterbox.read(desk.settings.LETTERS, to="lin@home.example")[0]
    code = next(line.strip() for line in letter.text.splitlines() if line.startswith("    "))
    assert reading.by_code(code).report == kept.report and "parcel" not in letter.text + letter.subject


@pytest.mark.parametrize(
    ("raw", "proven"),
    [
        (GOOD.replace(b"dmarc=pass", b"dmarc=fail"), False),
        (GOOD.replace(b"mx.city.example", b"mx.evil.example"), False),
        (b"Authentication-Results: mx.evil.example; dmarc=pass\r\n" + GOOD, False),
        (GOOD, True),
    ],
)
def test_only_our_own_server_s_word_counts_and_only_its_topmost_line(desk: Desk, raw: bytes, proven: bool) -> None:
    sender = mail_in.sender_of(raw, "lin@home.example", server="mx.city.example")
    assert sender is not None and sender.proven == proven
    kept = take(desk, raw)
    assert mail_in.answer(kept, sender, look=LOOK, at=desk.now) == ("code" if proven else "bare")
    if not proven:
        letter = letterbox.read(desk.settings.LETTERS, to="lin@home.example")[0]
        assert not any(character.isdigit() for character in letter.text.replace("8300", "")) and report().lookup is None


def test_where_somebody_else_may_read_the_mail_no_code_goes_out(desk: Desk) -> None:
    kept = take(desk, GOOD, "report+harassment@city.example")
    assert kept.report.category == "harassment"
    sender = mail_in.sender_of(GOOD, "lin@home.example", server="mx.city.example")
    assert sender is not None and mail_in.answer(kept, sender, look=LOOK, at=desk.now) == "bare"


@pytest.mark.parametrize(
    ("line", "envelope"),
    [
        (b"", ""),
        (b"Auto-Submitted: auto-replied\r\n", "a@b.example"),
        (b"List-Id: <news.example>\r\n", "a@b.example"),
        (b"Precedence: bulk\r\n", "a@b.example"),
    ],
)
def test_programs_and_lists_are_not_answered(line: bytes, envelope: str) -> None:
    assert mail_in.sender_of(line + GOOD, envelope, server="mx.city.example") is None
    assert mail_in.sender_of(GOOD.replace(b"lin@home", b"MAILER-DAEMON@home"), "a@b.example", server="") is None


def test_one_address_is_not_flooded_with_answers(desk: Desk) -> None:
    sender = mail_in.Sender("lin@home.example", False)
    said = [mail_in.answer(take(desk, GOOD), sender, look=LOOK, at=desk.now) for _ in range(6)]
    assert said == ["bare"] * 3 + [""] * 3


def test_a_picture_in_the_child_category_is_sealed_unseen(desk: Desk) -> None:
    kept = take(desk, GOOD, "report+child@city.example")
    assert kept.report.category == "child" and kept.report.evidence.get().state == Evidence.State.SEALED_UNSEEN
    assert take(desk, GOOD).report.evidence.get().state == Evidence.State.WAITING


def test_what_is_kept_is_answered_and_a_failing_answer_harms_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    take_and_answer = taker("mx.city.example")
    take_and_answer(GOOD, "report@city.example", "lin@home.example")
    assert "/sample/report/look/" in letterbox.read(desk.settings.LETTERS, to="lin@home.example")[0].text
    desk.settings.LETTERS.rename(desk.settings.LETTERS.with_name("moved"))
    desk.settings.LETTERS.write_text("a file where the folder was: no letter can go out")
    take_and_answer(GOOD, "report@city.example", "lin@home.example")
    assert Report.objects.count() == 2 and "could not be answered" in caplog.text and "parcel" not in caplog.text


# ---- the listening part, over a real socket ----


class Desklike:
    """What the door hands a message to: keeps it, or fails as it is told."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.fails = 0
        self.guard = threading.Lock()

    def __call__(self, raw: bytes, recipient: str, envelope: str) -> None:
        with self.guard:
            if self.fails:
                self.fails -= 1
                raise RuntimeError("the database is away")
            self.kept.append(raw)


@pytest.fixture(params=[False, True], ids=["smtp", "lmtp"])
def door(request: pytest.FixtureRequest) -> Iterator[tuple[Desklike, Any]]:
    port = a_port()
    taking = Desklike()
    listening = controller(taking, "127.0.0.1", port, lmtp=request.param)
    listening.start()
    kind = smtplib.LMTP if request.param else smtplib.SMTP
    try:
        yield taking, lambda: kind("127.0.0.1", port)
    finally:
        listening.stop()


def test_while_the_desk_is_away_the_mail_server_keeps_the_mail_and_comes_again(door: tuple[Desklike, Any]) -> None:
    taking, connect = door
    taking.fails = 1
    with connect() as server:
        with pytest.raises(smtplib.SMTPDataError) as no:
            server.sendmail("a@b.example", ["report@city.example"], GOOD)
        assert no.value.smtp_code == 451
        server.sendmail("a@b.example", ["report@city.example"], GOOD)
    assert len(taking.kept) == 1 and taking.kept[0].endswith(b"x.example\r\n")


def test_a_mail_with_endless_lines_is_taken_and_one_beyond_all_size_is_told(door: tuple[Desklike, Any]) -> None:
    taking, connect = door
    with connect() as server:
        server.sendmail("a@b.example", ["report@city.example"], b"Subject: x\r\n\r\n" + b"a" * 300_000 + b"\r\n")
        with pytest.raises(smtplib.SMTPException):
            server.sendmail("a@b.example", ["report@city.example"], b"Subject: x\r\n\r\n" + (b"a" * 900 + b"\r\n") * 12_000)
    with connect() as server:
        server.sendmail("a@b.example", ["report@city.example"], GOOD)
    assert [len(raw) > 300_000 for raw in taking.kept] == [True, False]


# ---- the process ----


def test_mail_is_taken_by_a_process_of_the_site_where_it_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "desk_mail" not in run.commands(witness=False, weeks=[])
    monkeypatch.setenv("SHOWGROUND_DESK_MAIL", "lmtp:127.0.0.1:8325")
    assert run.commands(witness=False, weeks=[])["desk_mail"][1:] == ["-m", "showground", "desk_mail"]
    assert where("lmtp:127.0.0.1:8325") == (True, "127.0.0.1:8325") and where("127.0.0.1:25") == (False, "127.0.0.1:25")


@pytest.mark.parametrize("bind", ["0.0.0.0:8325", "lmtp:mail.example:24", "127.0.0.1", "unix:/run/x"])
def test_no_other_machine_can_hand_mail_to_the_desk(bind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from showground.commands import desk_mail

    monkeypatch.setenv("SHOWGROUND_DESK_MAIL", bind)
    assert desk_mail.main([]) == 2
