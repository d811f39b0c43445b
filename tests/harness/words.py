"""What a page says: its words without mark-up, and English that was left over on a Chinese page."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

SPOKEN = ("alt", "title", "aria-label", "placeholder", "content")
MACHINE = {"script", "style", "code", "pre", "svg"}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in MACHINE:
            self.silent.append(tag)
        if self.silent or tag == "meta":
            return
        self.found += [told[name] or "" for name in SPOKEN if told.get(name)]
        self.found += [value or "" for name, value in attrs if name.startswith("data-said")]

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def spoken(html: str) -> list[str]:
    """The texts that a reader sees or hears, without code, hashes and drawings."""
    words = _Words()
    words.feed(html)
    return [" ".join(unescape(text).split()) for text in words.found if text.strip()]


def text(html: bytes) -> str:
    """The words of a page on one line."""
    return " ".join(spoken(html.decode()))


def english_left(html: bytes, known: tuple[str, ...] = ()) -> list[str]:
    """The texts with an English word of four letters or more that is not in `known` (names, formats)."""
    names = sorted(("English", "Showground", *known), key=len, reverse=True)
    allowed = re.compile("|".join([*(re.escape(name) for name in names), r"\b[0-9a-f]{8}\b", r"\{\w+\}"]))
    return [said for said in spoken(html.decode()) if re.search(r"[A-Za-z]{4,}", allowed.sub("", said))]
