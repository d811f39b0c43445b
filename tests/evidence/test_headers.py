from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.evidence import headers, hops

BANK = "样例银行"


def _word(text: str, charset: str, how: str = "b") -> str:
    raw = text.encode("gb18030" if charset in {"gb2312", "gbk"} else charset)
    coded = base64.b64encode(raw).decode() if how in "bB" else "".join(f"={byte:02X}" for byte in raw)
    return f"=?{charset}?{how}?{coded}?="


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("plain", "plain"),
        (_word(BANK, "utf-8"), BANK),
        (_word(BANK, "gb2312", "Q"), BANK),
        (_word("銀行", "big5"), "銀行"),
        (f"{_word('a', 'utf-8')} {_word('b', 'utf-8')}", "ab"),
        (f"{_word('a', 'utf-8')} c {_word('b', 'latin-1')}", "a c b"),
        ("=?utf-8*en?q?a_b?=", "a b"),
        ("=?x-unknown?b?5qC35L6L?=", "样例"),
        ("=?zlib?b?5qC35L6L?=", "样例"),
        ("=?punycode?q?bcher-kva?=", "bcher-kva"),
        ("=?utf-8?b?!!!?=", ""),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("one\r\n\ttwo\0three", "one   two three"),
        ("=?utf-8?q?=0D=0ABcc:_x?=", "Bcc: x"),
    ],
)
def test_header_is_told_in_words(raw: str, words: str) -> None:
    assert headers.words(raw) == words


def test_character_cut_in_two_by_encoded_words_is_whole_again() -> None:
    raw = BANK.encode("gb18030")
    halves = " ".join(f"=?gb2312?B?{base64.b64encode(half).decode()}?=" for half in (raw[:3], raw[3:]))
    assert headers.words(halves) == BANK


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_eight_bit_header_is_told_in_words(charset: str) -> None:
    lines, _, _ = headers.split(b"Subject: " + BANK.encode(charset) + b"\n\nx")
    assert headers.words(headers.first(lines, "subject")) == BANK


@pytest.mark.parametrize(
    "charset", ["zlib", "rot13", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "hex", "", "\0", "a" * 99]
)
def test_charset_that_is_none_for_text_is_guessed(charset: str) -> None:
    assert headers.decoded(BANK.encode(), charset) == BANK


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_are_text_in_some_way(raw: bytes, charset: str) -> None:
    headers.decoded(raw, charset)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("a@b.example", [("", "a@b.example", "b.example")]),
        ('"Example, Bank" <A@B.example>', [("Example, Bank", "a@b.example", "b.example")]),
        ("Example Bank <a@b.example>, c@d.test", [("Example Bank", "a@b.example", "b.example"), ("", "c@d.test", "d.test")]),
        ('"service@bank.test" <x@evil.example>', [("service@bank.test", "x@evil.example", "evil.example")]),
        ("x@evil.example (Example Bank)", [("Example Bank", "x@evil.example", "evil.example")]),
        (f"{_word('服务', 'utf-8')} <x@evil.example>", [("服务", "x@evil.example", "evil.example")]),
        ("<>", [("", "", "")]),
        ("undisclosed-recipients:;", []),
        ("", []),
    ],
)
def test_addresses_are_told_with_the_name_that_clients_show(raw: str, found: list[tuple[str, str, str]]) -> None:
    assert [(one["name"], one["mail"], one["host"]) for one in headers.addresses(raw)] == found


@pytest.mark.parametrize(
    ("value", "by", "results"),
    [
        ("mx.example; spf=pass smtp.mailfrom=bank.test; dkim=fail (bad) header.d=bank.test; dmarc=none", "mx.example",
         [("spf", "pass"), ("dkim", "fail"), ("dmarc", "none")]),
        ("spf=softfail (sender IP is 192.0.2.1) smtp.mailfrom=evil.example; dkim=none; compauth=fail reason=001", "",
         [("spf", "softfail"), ("dkim", "none"), ("compauth", "fail")]),
        ("mx.example 1; none", "mx.example", []),
        ("i=1; mx.example; arc=none", "", [("arc", "none")]),
        (";;;==", "", []),
    ],
)  # fmt: skip
def test_claims_of_servers_are_read_also_without_their_name(value: str, by: str, results: list[tuple[str, str]]) -> None:
    found = headers.claims([("Authentication-Results", value)])
    assert [(one["method"], one["result"]) for one in found] == results
    assert {one["by"] for one in found} <= {by}


def test_claim_carries_what_it_is_about() -> None:
    [spf, dkim] = headers.claims(
        [("Authentication-Results", "mx.example; spf=pass smtp.mailfrom=bank.test; dkim=pass header.d=other.test")]
    )
    assert spf["properties"] == {"smtp.mailfrom": "bank.test"} and dkim["properties"] == {"header.d": "other.test"}


def test_received_spf_is_a_claim_too() -> None:
    assert headers.claims([("Received-SPF", "Fail (mx.example: ...)")])[0]["result"] == "fail"


def test_head_that_never_ends_is_read_to_its_limit() -> None:
    lines, _, limits = headers.split(b"From: a@b.example\n" + b"X: y\n" * 100_000 + b"\nbody")
    assert limits == [{"code": "limit.head", "bytes": 500_017, "read": headers.HEAD}]
    assert headers.first(lines, "from") == "a@b.example"


def test_line_that_is_no_header_begins_the_body() -> None:
    lines, body, _ = headers.split(b"Subject: x\nthis is text\nFrom: no\n\nmore")
    assert [name for name, _ in lines] == ["Subject"]
    assert body == b"this is text\nFrom: no\n\nmore"


@pytest.mark.parametrize(("end", "count"), [(b"\r\n", 2), (b"\n", 2), (b"\r", 2)])
def test_line_ends_of_all_kinds(end: bytes, count: int) -> None:
    lines, body, _ = headers.split(b"From: a@b.example" + end + b"Subject: x" + end + end + b"body")
    assert (len(lines), body) == (count, b"body")


# ---- hops ----


def _table(*received: str) -> list[dict[str, object]]:
    return hops.table([("Received", line) for line in received])


def test_hops_are_told_oldest_first_with_times_between() -> None:
    found = _table(
        "from relay.test (relay.test [203.0.113.9]) by mx.example with ESMTPS id 1; Mon, 2 Mar 2026 10:00:30 +0000",
        "from [192.168.1.5] (unknown [192.168.1.5]) by relay.test (Postfix) with ESMTPA id 2; Mon, 2 Mar 2026 11:00:00 +0100 (CET)",
    )
    assert [(hop["from"], hop["ip"], hop["where"], hop["by"], hop["with"]) for hop in found] == [
        ("192.168.1.5", "192.168.1.5", "private", "relay.test", "ESMTPA"),
        ("relay.test", "203.0.113.9", "documentation", "mx.example", "ESMTPS"),
    ]
    assert [hop["seconds"] for hop in found] == [None, 30]


def test_clock_that_runs_backwards_and_long_waits_are_flagged() -> None:
    found = _table(
        "from c by d; Mon, 2 Mar 2026 20:00:00 +0000", "from b by c; Mon, 2 Mar 2026 09:50:00 +0000", "from a by b; Mon, 2 Mar 2026 10:00:00 +0000"
    )  # fmt: skip
    assert [flag for hop in found for flag in hop["flags"]] == [  # type: ignore[attr-defined]
        {"code": "hop.backwards", "seconds": 600}, {"code": "hop.long_wait", "seconds": 36600},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ip", "where"),
    [
        ("8.8.8.8", "public"),
        ("10.1.2.3", "private"),
        ("127.0.0.1", "private"),
        ("100.64.0.1", "private"),
        ("2001:4860::1", "public"),
        ("fe80::1", "private"),
        ("192.0.2.255", "documentation"),
        ("192.0.3.0", "public"),
        ("198.51.100.7", "documentation"),
        ("203.0.113.9", "documentation"),
        ("2001:db8:ffff::1", "documentation"),
        ("2001:db9::1", "public"),
        ("3fff:fff::1", "documentation"),
        ("", ""),
    ],
)
def test_an_address_is_of_the_network_of_nobody_or_of_examples(ip: str, where: str) -> None:
    assert hops.where(ip) == where


@pytest.mark.parametrize(
    ("line", "ip"),
    [("from x (y [IPv6:2001:db8::1]) by z; d", "2001:db8::1"), ("from x ([999.1.1.1]) by z; d", ""),
     ("from x [1.2.3.4] (helo 5.6.7.8) by z; d", "5.6.7.8"),
     ("by z with HTTP; d", ""), ("", "")],
)  # fmt: skip
def test_address_of_a_hop_is_the_one_the_server_saw(line: str, ip: str) -> None:
    assert _table(line)[0]["ip"] == ip


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Foo 2026 25:61:99 +9999", "9" * 500, "1 Jan 99999 1:1:1"])
def test_date_that_cannot_be_is_none(date: str) -> None:
    assert hops.seconds(date) is None
