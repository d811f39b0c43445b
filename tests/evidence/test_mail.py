from __future__ import annotations

import hashlib
import json
import random
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from showground.evidence import lookalike, mail, mime, observables, tool
from showground.evidence.lookalike import Names

from . import letters

HEAD = b"From: Example Bank <service@evil.example>\r\nTo: someone@example.invalid\r\nSubject: x\r\n"


def _only(raw: bytes, names: Names = lookalike.NOBODY) -> dict[str, Any]:
    [told] = mail.read(raw, names)["mails"]
    return dict(told)


def _codes(told: dict[str, Any]) -> set[str]:
    return {flag["code"] for flag in told["flags"]}


def test_mail_is_told_with_everything_that_does_not_fit(names: Names) -> None:
    raw = (
        b'From: "Example Bank service@examplebank.test" <x@evil.example>\r\nReply-To: y@other.test\r\nReturn-Path: <bounce@third.test>\r\n'
        b"Received: from a (a [198.51.100.1]) by mx.example with SMTP; Mon, 2 Mar 2026 10:00:00 +0000\r\nDate: Mon, 23 Feb 2026 10:00:00 +0000\r\n"
        b"Authentication-Results: mx.example; spf=fail smtp.mailfrom=evil.example\r\nX-Originating-IP: [203.0.113.7]\r\n"
        b"Content-Type: text/html\r\n\r\n<a href='https://examp1ebank.test/a'>https://www.examplebank.test</a><input type=password>"
    )
    told = _only(raw, names)
    wanted = {
        "mail.name_other_domain",
        "mail.reply_elsewhere",
        "mail.bounce_elsewhere",
        "mail.check_failed",
        "mail.date_off",
        "mail.password_form",
    }
    assert wanted <= _codes(told)
    [link] = told["links"]
    assert {flag["code"] for flag in link["flags"]} == {"host.look_alike", "link.shown_other"}
    assert told["origin"] == "203.0.113.7"


def test_honest_mail_of_a_protected_name_is_not_flagged(names: Names) -> None:
    told = _only(
        b"From: Example Bank <service@mail.examplebank.test>\r\nReturn-Path: <b@examplebank.test>\r\n\r\nhttps://www.examplebank.test/",
        names,
    )
    assert told["flags"] == [] and told["links"][0]["flags"] == []


def test_name_of_a_protected_sender_is_flagged(names: Names) -> None:
    assert "mail.name_protected" in _codes(_only("From: 样例银行 <x@evil.example>\r\n\r\nx".encode(), names))
    assert "host.look_alike" in _codes(_only(b"From: <x@examp1ebank.test>\r\n\r\nx", names))


def test_mail_without_a_sender_says_so() -> None:
    assert _codes(_only(b"Subject: x\n\ny")) == {"mail.no_sender"}


def test_receivers_are_counted_and_their_lines_marked() -> None:
    told = _only(HEAD + b"Cc: a@b.example, c@d.example\r\n\r\nx")
    assert told["receivers"] == 3
    assert [line["name"] for line in told["headers"] if line["private"]] == ["To", "Cc"]


def test_attachment_is_told_by_name_type_size_and_hash_only() -> None:
    made = EmailMessage()
    made["From"] = "a@b.example"
    made.set_content("see the file")
    data = b"%PDF-1.7 https://evil.example/inside"
    made.add_attachment(data, "application", "pdf", filename="发票.pdf")
    told = _only(made.as_bytes())
    assert told["attachments"] == [
        {"name": "发票.pdf", "type": "application/pdf", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "opened": False, "flags": []}
    ]  # fmt: skip
    assert told["links"] == []


@pytest.mark.parametrize(
    ("name", "code"),
    [("invoice.pdf.exe", "attachment.double_ending"), ("run.js", "attachment.program"), ("login.html", "attachment.page"),
     ("a.zip", "attachment.container"),
     ("photo\u202egpj.exe", "attachment.turned_name"), ("a.docm ", "attachment.container"), ("report.pdf", None)],
)  # fmt: skip
def test_doubtful_attachment_is_flagged(name: str, code: str | None) -> None:
    coded = "".join(f"%{byte:02X}" for byte in name.encode()).encode()
    raw = (
        HEAD
        + b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=utf-8''"
        + coded
        + b"\r\n\r\nx"
    )
    [found] = _only(raw)["attachments"]
    assert found["name"].strip() == name.strip()
    assert [flag["code"] for flag in found["flags"]][:1] == ([code] if code else [])


def test_forwarded_mail_is_unwrapped_and_comes_first() -> None:
    chance = random.Random(5)
    inner = b"From: deceiver@evil.example\r\nSubject: the real one\r\n\r\nhttps://evil.example/\r\n"
    for how in (b"", b"Content-Transfer-Encoding: base64\r\n"):
        import base64

        body = base64.encodebytes(inner) if how else inner
        raw = (
            HEAD
            + b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nlook\r\n--q\r\nContent-Type: message/rfc822\r\n"
            + how
            + b"\r\n"
            + body
            + b"\r\n--q--"
        )
        told = mail.read(raw)["mails"]
        assert [one["subject"] for one in told] == ["the real one", "x"]
        assert [one["depth"] for one in told] == [1, 0]
        assert told[0]["links"][0]["host"] == "evil.example" and told[1]["links"] == []
    assert len(mail.read(letters.forwarded(chance))["mails"]) > 1


def test_mail_attached_as_a_plain_file_is_unwrapped_too() -> None:
    inner = b"From: deceiver@evil.example\r\nSubject: inside\r\n\r\nx"
    raw = (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: application/octet-stream; name=a.EML\r\n\r\n"
        + inner
        + b"\r\n--q--"
    )
    assert [one["subject"] for one in mail.read(raw)["mails"]] == ["inside", "x"]


@pytest.mark.parametrize("seed", range(6))
def test_mail_nested_a_thousand_deep_is_opened_to_its_limit_and_loses_nothing(seed: int) -> None:
    raw = letters.nested(random.Random(seed))
    told = mail.read(raw)
    assert told["sha256"] == hashlib.sha256(raw).hexdigest() and told["bytes"] == len(raw)
    limits = {limit["code"] for one in told["mails"] for limit in one["limits"]}
    assert limits & {"limit.depth", "limit.mails"}
    closed = [one for inside in told["mails"] for one in inside["attachments"] if not one["opened"]]
    assert any(one["bytes"] > len(raw) // 2 for one in closed)


def test_more_parts_than_are_opened_are_named() -> None:
    told = _only(HEAD + b"Content-Type: multipart/mixed; boundary=q\r\n\r\n" + b"--q\r\nContent-Type: image/png\r\n\r\nx\r\n" * 900)
    assert "limit.parts" in {limit["code"] for limit in told["limits"]}
    assert len(told["attachments"]) == mime.PARTS


def test_mail_larger_than_is_read_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "READ", 1000)
    assert mail.read(HEAD + b"\r\n" + b"x" * 2000)["limits"] == [{"code": "limit.bytes", "bytes": len(HEAD) + 2002, "read": 1000}]


def test_plain_and_html_are_both_read() -> None:
    raw = HEAD + (
        b"Content-Type: multipart/alternative; boundary=q\r\n\r\n--q\r\nContent-Type: text/plain\r\n\r\nhttps://one.example/\r\n"
        b"--q\r\nContent-Type: text/html\r\n\r\n<a href=https://two.example/>x</a> or three.example/z<!-- https://four.example/ --><img src=https://five.example/>\r\n--q--"
    )
    assert {link["host"]: link["via"] for link in _only(raw)["links"]} == {
        "one.example": "text", "two.example": "link", "five.example": "picture", "three.example": "words", "four.example": "hidden",
    }  # fmt: skip


def test_more_links_than_are_listed_are_named() -> None:
    told = _only(HEAD + b"\r\n" + b"".join(b"https://evil.example/%d\r\n" % n for n in range(900)))
    assert len(told["links"]) == mail.LINKS and told["limits"][-1] == {"code": "limit.links", "listed": 500}
    told = _only(HEAD + b"\r\n" + b"".join(b"https://evil.example/%d%s\r\n" % (n, b"a" * 4000) for n in range(400)))
    assert told["limits"][-1] == {"code": "limit.links", "listed": 74}


def test_unsubscribe_link_is_listed() -> None:
    told = _only(HEAD + b"List-Unsubscribe: <mailto:u@evil.example>, <https://evil.example/u>\r\n\r\nx")
    assert [(link["via"], link["url"]) for link in told["links"]] == [("header", "https://evil.example/u")]


def test_digest_s_parts_are_mails() -> None:
    raw = HEAD + b"Content-Type: multipart/digest; boundary=q\r\n\r\n--q\r\n\r\nFrom: a@b.example\r\nSubject: one\r\n\r\nx\r\n--q--"
    assert [one["subject"] for one in mail.read(raw)["mails"]] == ["one", "x"]


def test_mailbox_file_is_taken_apart() -> None:
    line = b"From a@b.example Mon Mar  2 10:00:00 2026\n"
    raw = line + b"Subject: one\n\nx\n>From here\n\n" + line + b"Subject: two\n\ny\n"
    assert mail.is_box(raw)
    parts, count = mail.box(raw)
    assert count == 2
    assert [_only(part)["subject"] for part in parts] == ["one", "two"]
    assert b"\nFrom here" in parts[0]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [(HEAD + b"\r\nx", "mail"), (b"\xef\xbb\xbfFrom: a@b.example\n\nx", "mail"), (b"hello there", "text"), ("你好：请点击".encode(), "text"),
     ("你好".encode("gb18030"), "text"), (b"<html><body>", "html"), (b"\x89PNG\r\n\x1a\n", "picture"), (b"%PDF-1.7", "pdf"), (b"PK\x03\x04", "zip"),
     (b"\xd0\xcf\x11\xe0", "office"), (b"From a@b.example Mon Mar  2 10:00:00 2026\nSubject: x\n\n", "mbox"),
     (b"BMW: your car\n\n", "text"), (b"\0\1\2", "unknown")],
)  # fmt: skip
def test_kind_is_told_from_the_first_bytes(raw: bytes, kind: str) -> None:
    assert tool.kind_of(raw) == kind


def test_made_mails_of_every_kind_are_told(names: Names) -> None:
    seen = set()
    for kind, raw in letters.letters(150, seed=7):
        told = mail.read(raw, names)
        assert told["sha256"] == hashlib.sha256(raw).hexdigest() and told["mails"], kind
        json.dumps(told).encode()
        observables.flat(told, names)
        seen.add(kind)
    assert len(seen) == len(letters.KINDS)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_told_as_a_mail(raw: bytes) -> None:
    assert mail.read(raw)["mails"]
    assert mail.read(HEAD + raw)["mails"]


@settings(deadline=None)
@given(st.lists(st.sampled_from([b"--q", b"--q--", b"\r\n", b"\n", b"Content-Type: multipart/mixed; boundary=q", b"Content-Type: message/rfc822",
                                 b"x", b":", b" ",
                                 b"Content-Transfer-Encoding: base64", b"=", b"--", b"\r"]), max_size=40))  # fmt: skip
def test_any_structure_is_told_as_a_mail(pieces: list[bytes]) -> None:
    assert mail.read(HEAD + b"Content-Type: multipart/mixed; boundary=q\r\n" + b"".join(pieces))["mails"]


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(5))
def test_five_thousand_made_mails_are_told(seed: int, names: Names) -> None:
    for _, raw in letters.letters(1000, seed=100 + seed):
        assert mail.read(raw, names)["mails"]
