"""What an attacker tries so that a mail shows one thing to its reader and another, or nothing, to the officer."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from showground.evidence import headers, hypertext, links, lookalike, mail, text, tool

NAMES = lookalike.read_names("harbour-bank.example = Harbour Bank\nclearpay.example = Clearpay\n")
EVIL = "https://evil.example/x"


def targets(source: str) -> list[str]:
    return [links.read(raw, via=via)["url"] for via, raw, _ in hypertext.read(source).links]


# ---- HTML that a browser reads otherwise ----


@pytest.mark.parametrize(
    "source",
    [
        f"<!--><a href='{EVIL}'>x</a>-->", f"<!---><a href='{EVIL}'>x</a>-->", f"<!-- a --!><a href='{EVIL}'>x</a>",
        f"<a =x href='{EVIL}'>x</a>", f"<a = href='{EVIL}'>x</a>", f"<a href=\x0b{EVIL}>x</a>", f"<a href='&#1;&#27; {EVIL}'>x</a>",
        f"<a href='\x00\x01{EVIL}'>x</a>", f"<noscript><a href='{EVIL}'>x</a></noscript>", f"<svg><a xlink:href='{EVIL}'>x</a></svg>",
        "<a href='/x'>x</a><base href='https://evil.example/'>", "<base href='https://evil.example/a/b'><a href='/x'>x</a>",
        "<base href='https://evil.example/x'><a href=''>x</a>", "<base href='https://bank.example/'><a href='\\\\evil.example\\x'>x</a>",
        "<base href='https://bank.example/'><a href='/\\evil.example/x'>x</a>", "<base><base href='https://evil.example/'><a href='x'>x</a>",
        "<a href='ht\ntps://evil\t.example/x'>x</a>", "<A\x0cHREF='https:evil.example/x'>x</a>", "<a href='https:/\\/\\evil.example/x'>x</a>",
    ],
)  # fmt: skip
def test_no_link_hides_in_broken_html(source: str) -> None:
    assert EVIL in targets(source)


def test_a_base_makes_links_of_what_seems_to_stay_in_the_mail() -> None:
    assert targets("<base href='https://evil.example/x'><a href='#top'>x</a>") == [EVIL, f"{EVIL}#top"]
    assert targets("<a href='#top'>x</a><a href=''>y</a>") == []


def test_words_shown_where_no_script_runs_are_read() -> None:
    assert "call 0571" in hypertext.read("<noscript>call 0571 8888 1234</noscript><template>not shown</template>").text


def test_parameters_of_a_link_are_not_taken_for_signs() -> None:
    assert targets("<a href='https://a.example/?x=1&copy=2&reg=3&lt=4&notit=5&amp;y=6&#38;z=7&copy;'>x</a>") == [
        "https://a.example/?x=1&copy=2&reg=3&lt=4&notit=5&y=6&z=7%C2%A9"
    ]


# ---- mails that a client shows and a reader of parts does not ----


def told(raw: bytes) -> dict[str, Any]:
    return mail.read(raw, NAMES)["mails"][-1]


def one_part(head: str, body: bytes = b"<a href='https://evil.example/x'>Harbour Bank</a>") -> bytes:
    return f"From: a@b.example\r\n{head}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    "raw",
    [
        one_part('Content-Type: text/html; name="letter.html"'),
        one_part("Content-Type: text/html\r\nContent-Disposition: inline; filename=letter.html"),
        one_part(
            f'Content-Type: multipart/mixed; boundary="{"b" * 300}"',
            b"--" + b"b" * 300 + b"\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + base64.b64encode(b"<a href='https://evil.example/x'>x</a>") + b"\r\n--" + b"b" * 300 + b"--",
        ),
        one_part(
            f"Content-Type: multipart/mixed; x={'a' * 3000}; boundary=q",
            b"--q\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + base64.b64encode(b"<a href='https://evil.example/x'>x</a>") + b"\r\n--q--",
        ),
        one_part("Content-Type: text/html\r\nContent-Transfer-Encoding: (as usual) \"base64\"", base64.b64encode(b"<a href='https://evil.example/x'>x</a>")),
        one_part("Content-Type: text/html; charset=utf-16", "<a href='https://evil.example/x'>x</a>".encode("utf-16")),
    ],
)  # fmt: skip
def test_no_part_that_is_shown_goes_unread(raw: bytes) -> None:
    found = told(raw)
    assert EVIL in [one["url"] for one in found["links"] if one["via"] == "link"], found["links"]


@pytest.mark.parametrize(
    ("name", "kind"), [("letter.html", "application/octet-stream"), ("a.htm", "text/html"), ("b.shtml", "text/plain")]
)
def test_a_page_that_hangs_on_a_mail_is_read_for_its_links(name: str, kind: str) -> None:
    raw = one_part(
        f"Content-Type: {kind}\r\nContent-Disposition: attachment; filename={name}",
        f"<form action='{EVIL}'><input type=password>".encode(),
    )
    found = told(raw)
    assert [(one["url"], one["via"]) for one in found["links"]] == [(EVIL, "attachment")]
    assert found["attachments"][0]["name"] == name and "password" not in found["text"]


def test_a_text_file_of_a_windows_editor_is_opened(tmp_path: Any) -> None:
    for number, coding in enumerate(("utf-16", "utf-8-sig")):
        file = tmp_path / f"{number}.txt"
        file.write_bytes(f"see {EVIL} 你好".encode(coding))
        assert tool.kind_of(file.read_bytes()[:65536]) == "text"
        read = tool.read(file, tmp_path, NAMES)
        assert [one["url"] for one in read["links"]] == [EVIL] and "你好" in read["text"] and "\ufeff" not in read["text"]
    assert headers.decoded("\ufeffa".encode("utf-16-be")) == "a"


# ---- links that are written so that nobody sees what they are ----


@pytest.mark.parametrize(
    "shown", ["Click here: https://www.harbour-bank.example", "→ www.harbour-bank.example/login", "\u3164harbour-bank.example"]
)
def test_another_address_anywhere_in_the_words_is_flagged(shown: str) -> None:
    assert "link.shown_other" in [one["code"] for one in links.read(EVIL, via="link", visible=shown)["flags"]]
    assert links.read("https://www.harbour-bank.example/", via="link", visible=shown)["flags"] == []


def test_a_file_s_name_in_the_words_is_no_address() -> None:
    assert links.read(EVIL, via="link", visible="Download your invoice.zip here")["flags"] == []


@pytest.mark.parametrize(
    "written",
    [
        "https://\U0001d41e\U0001d42f\U0001d422\U0001d425.example/x",
        "https://ⓔⓥⓘⓛ.example/x",
        "https://evil。example/x",
        "https://ev\u034fil.example/x",
    ],
)
def test_letters_that_only_look_like_letters_are_called_a_disguise(written: str) -> None:
    read = links.read(written, via="link")
    assert read["url"] == EVIL and "link.disguised_host" in [one["code"] for one in read["flags"]]
    assert "link.disguised_host" not in [one["code"] for one in links.read("https://müller.example/ñ", via="link")["flags"]]


@pytest.mark.parametrize("char", ["\u034f", "\ufe0f", "\u2063", "\u180e", "\u3164", "\U000e0041", "\u061c"])
def test_invisible_letters_do_not_hide_a_link_in_a_message(char: str) -> None:
    found = text.read(f"go to harbour-bank-lo{char}gin.example/x now")["links"]
    assert [one["ascii"] for one in found] == ["harbour-bank-login.example"]


@pytest.mark.parametrize(
    "host",
    [
        "harbourbank.evil.example",
        "harbourbanklogin.example",
        "my-harbourbank.example",
        "harbour-bank-login.example",
        "c1earpay.example",
        "dearpay.example",
    ],
)
def test_look_alikes_are_not_missed(host: str) -> None:
    assert [one for one in lookalike.flags(host, NAMES) if one.get("name")], host


@pytest.mark.parametrize("host", ["harbour-view.example", "bankofharbour.example", "clearly.example", "www.harbour-bank.example"])
def test_honest_names_are_left_alone(host: str) -> None:
    assert lookalike.flags(host, NAMES) == []


def test_half_a_letter_does_not_stop_a_link_from_being_read() -> None:
    assert links.read("https://evil.example/\ud800x", via="link")["ascii"] == "evil.example"
