from __future__ import annotations

from typing import Any

import pytest

from showground.evidence import mail, observables, text
from showground.evidence.lookalike import Names

RAW = (
    b"From: x+tag@Evil.example\r\nTo: someone@reporter.invalid\r\nReply-To: y@other.test\r\nDelivered-To: someone@reporter.invalid\r\n"
    b"Received: from a (a [8.8.8.8]) by mx.reporter.invalid; Mon, 2 Mar 2026 10:00:00 +0000\r\nX-Originating-IP: 8.8.4.4\r\n"
    b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: text/html\r\n\r\n"
    b"<a href='https://www.evil.example/a?id=1&email=someone@reporter.invalid#top'>https://www.examplebank.test</a>"
    b"<img src=https://pixel.example/x.gif><a href=https://forms.example/f/abc>form</a><a href=https://examplebank.test/>real</a>\r\n"
    b"--q\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n" + b"x" * 300 + b"\r\n--q--"
)


def _values(told: dict[str, Any], names: Names, *, weak: bool) -> set[tuple[str, str]]:
    return {(one["type"], one["value"]) for one in observables.flat(told, names) if one["weak"] is weak}


def test_mail_gives_the_keys_of_whoever_is_behind_it(names: Names) -> None:
    strong = _values(mail.read(RAW), names, weak=False)
    assert {
        ("url", "http://evil.example/a?id=1"),
        ("site", "evil.example"),
        ("mail", "x@evil.example"),
        ("mail", "y@other.test"),
    } <= strong
    assert len([one for one in strong if one[0] == "attachment"]) == 1
    weak = _values(mail.read(RAW), names, weak=True)
    assert {("url", "http://forms.example/f/abc"), ("host", "pixel.example"), ("ip", "8.8.8.8"), ("ip", "8.8.4.4")} <= weak


def test_neither_receivers_nor_protected_names_nor_decoration_are_keys(names: Names) -> None:
    every = observables.flat(mail.read(RAW), names)
    said = " ".join(one["value"] for one in every)
    assert "reporter.invalid" not in said and "examplebank" not in said
    assert ("site", "pixel.example") not in {(one["type"], one["value"]) for one in every}
    assert ("site", "forms.example") not in {(one["type"], one["value"]) for one in every}


def test_each_key_is_there_once_and_of_a_known_type(names: Names) -> None:
    every = observables.flat(mail.read(RAW + RAW), names)
    keys = [(one["type"], one["value"]) for one in every]
    assert len(keys) == len(set(keys)) and {kind for kind, _ in keys} <= set(observables.TYPES)
    assert all(set(one) == {"type", "value", "via", "weak"} for one in every)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.evil.example/a#x", "http://evil.example/a"),
        ("https://evil.example/a?utm_source=x&id=1", "https://evil.example/a?id=1"),
        ("https://evil.example/a?id=1&email=z", "https://evil.example/a?id=1"),
        ("https://EVIL.example:443/a", "https://evil.example/a"),
    ],
)
def test_two_ways_to_write_a_link_are_one_key(one: str, other: str) -> None:
    assert observables.plain_url(one) == observables.plain_url(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("https://evil.example/a", "https://evil.example/b"), ("https://evil.example:81/", "https://evil.example/")]
)
def test_two_links_are_two_keys(one: str, other: str) -> None:
    assert observables.plain_url(one) != observables.plain_url(other)


def test_message_gives_phones_wallets_and_accounts(names: Names) -> None:
    said = "【样例银行】call +44 20 7946 0018, 0x" + "AB" * 20 + ", QQ：123456789, text 60777"
    told = {"kind": "text", "sha256": "0" * 64, "text": said, "text_sha256": "1" * 64} | text.read(said, names=names)
    strong = _values(told, names, weak=False)
    assert {
        ("phone", "+442079460018"),
        ("wallet", "ethereum:0x" + "ab" * 20),
        ("account", "qq:123456789"),
        ("file", "0" * 64),
    } <= strong
    assert {("sender", "样例银行"), ("short", "60777")} <= _values(told, names, weak=True)


def test_whoever_forwards_a_mail_leaves_no_key(names: Names) -> None:
    head = b"From: me@reporter.invalid\r\nReturn-Path: <me@reporter.invalid>\r\nSubject: mine\r\nContent-Type: multipart/mixed; boundary=w\r\n\r\n"
    words = b"please look at this, yours, someone, +44 20 7946 0018, me@reporter.invalid, and https://second.example/x too"
    raw = head + b"--w\r\n\r\n" + words + b"\r\n--w\r\nContent-Type: message/rfc822\r\n\r\n" + RAW + b"\r\n--w--"
    told = mail.read(raw)
    every = {(one["type"], one["value"]) for one in observables.flat(told, names)}
    assert not [value for _, value in every if "reporter.invalid" in value] and ("phone", "+442079460018") not in every
    assert {("mail", "x@evil.example"), ("site", "evil.example"), ("site", "second.example")} <= every
    assert "mine" not in observables.words(told) and "yours" not in observables.words(told)
