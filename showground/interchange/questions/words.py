"""Bytes to text and markup to words: what encoding was meant, and what is left when only words are kept."""

from __future__ import annotations

import codecs
import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from showground.interchange.questions.contract import Basket, Unreadable

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_XML_SAYS: Final = re.compile(rb"\A\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_KNOWN: Final = {
    "utf-8",
    "utf-16",
    "gbk",
    "gb2312",
    "gb18030",
    "big5",
    "iso8859-1",
    "cp1252",
    "ascii",
    "utf-16-le",
    "utf-16-be",
    "iso8859-15",
}
_BLOCKS: Final = frozenset("p div br li tr h1 h2 h3 h4 h5 h6 ul ol table pre blockquote section article dt dd hr".split())
_SILENT: Final = frozenset("script style template noscript head title object iframe embed applet svg math".split())
_ACTIVE: Final = frozenset("script object iframe embed applet form input button".split())
MOST_MARKUP: Final = 100_000  # characters; the parser slows down on broken markup
_MEANS_NOTHING: Final = frozenset("p div span br html body font".split())


# ---- bytes to text ----


def decode(data: bytes) -> tuple[str, str]:
    """Returns the text and "" or the encoding that had to be guessed; Unreadable("encoding") if nothing fits.

    A byte order mark and an XML declaration are believed if the bytes agree; then UTF-8, UTF-16 without a mark, GBK and
    Latin-1 (as Windows has it) are tried in this order. The mark itself is gone.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding).lstrip("\ufeff"), ""
    said = _said(data)
    for encoding in (said, "utf-8") if said else ("utf-8",):
        text = _tried(data, encoding)
        if text is not None and not _wide(data):
            return text, "" if encoding in (said or "utf-8", "utf-8") else encoding
    return _guessed(data)


def _said(data: bytes) -> str:
    found = _XML_SAYS.match(data[:400])
    if not found:
        return ""
    try:
        name = codecs.lookup(found[1].decode()).name
    except LookupError:
        return ""
    return name if name in _KNOWN and not name.startswith("utf-16") else ""


def _wide(data: bytes) -> str:
    """Returns which UTF-16 a file without a mark seems to be: every other byte of plain letters is zero."""
    head = data[:2000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half >= 2 and odd > half * 0.3 and even < odd / 4:
        return "utf-16-le"
    return "utf-16-be" if half >= 2 and even > half * 0.3 and odd < even / 4 else ""


def _guessed(data: bytes) -> tuple[str, str]:
    if wide := _wide(data):
        return _strict(data, wide), wide
    text = _tried(data, "gb18030")
    if text is not None and _chinese(text):
        return text, "gbk"
    if sum(byte < 9 or 13 < byte < 32 for byte in data[:4000]) > len(data[:4000]) // 20:
        raise Unreadable("encoding", "bytes of no text")
    return data.decode("cp1252", "replace"), "latin-1"


def _chinese(text: str) -> bool:
    """Tells whether most of what is not ASCII are everyday Chinese characters and signs: accents read as GBK give rare ones."""
    foreign = [c for c in text if not c.isascii()]
    if not foreign:
        return True
    common = 0
    for c in foreign:
        try:
            raw = c.encode("gb2312")
        except UnicodeEncodeError:
            continue
        common += raw[0] in range(0xB0, 0xD8) or raw[0] in (0xA1, 0xA3)
    return common > 0.8 * len(foreign) and _runs(text) > 0.5


def _runs(text: str) -> float:
    """Returns the share of the foreign characters that stand beside another one; accented letters stand alone."""
    runs = [len(run) for run in re.findall(r"[^\x00-\x7f]+", text)]
    return sum(n for n in runs if n > 1) / max(1, sum(runs))


def _tried(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _strict(data: bytes, encoding: str) -> str:
    text = _tried(data, encoding)
    if text is None:
        raise Unreadable("encoding", encoding)
    return text


# ---- markup to words ----


@dataclass
class Plain:
    """The words of a piece of markup; `pictures` are (address, alt) in order, `lost` maps a reason to what was lost for it."""

    text: str
    pictures: list[tuple[str, str]] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.pictures: list[tuple[str, str]] = []
        self.lost: dict[str, list[str]] = {}
        self.silent: list[str] = []
        self.media = 0

    def lose(self, reason: str, what: str) -> None:
        said = self.lost.setdefault(reason, [])
        if what not in said and len(said) < 12:
            said.append(what)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self.silent.append(tag)
        if tag in _ACTIVE or any(name.startswith("on") for name in given):
            self.lose("script", tag)
        elif tag == "img":
            self.pictures.append((given.get("src", ""), given.get("alt", "")))
        elif tag in {"audio", "video", "source"}:
            self.lose("medium", given.get("src", "") or tag)
        elif tag == "a":
            self.lose("link", given.get("href", ""))
        elif tag not in _MEANS_NOTHING:
            self.lose("markup", tag)
        if (tag != "img" and "style" in given) or "color" in given or "face" in given:
            self.lose("style", tag)
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in {"td", "th"}:
            self.parts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            while self.silent.pop() != tag:
                pass
        if tag in _BLOCKS and tag != "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(" ".join(re.split(r"[ \t\r\n\f\v]+", data)))


def plain(markup: str) -> Plain:
    """Returns the words of HTML: blocks end lines, pictures and what cannot be kept are listed, scripts are never words."""
    words = _Words()
    if len(markup) > MOST_MARKUP:
        words.lose("cut", f"{len(markup)} characters")
    words.feed(markup[:MOST_MARKUP])
    words.close()
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in "".join(words.parts).split("\n"))
    text = re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip()
    return Plain(text, words.pictures, {reason: ", ".join(said) for reason, said in words.lost.items()})


def as_html(text: str) -> str:
    """Returns words as the least HTML that `plain` makes the same words of: signs escaped, line breaks as <br>."""
    return html.escape(text, quote=False).replace("\n", "<br>\n")


# ---- into a basket ----

_TAG_OR_ENTITY: Final = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});|<!--")


def decode_noted(data: bytes, basket: Basket) -> str:
    """Returns the text of a file; a guessed encoding and NUL characters are noted."""
    text, guessed = decode(data)
    if guessed:
        basket.leave("", "file", "encoding_guessed", guessed)
    if "\0" in text:
        basket.leave("", "file", "control_characters", f"{text.count(chr(0))} NUL")
        text = text.replace("\0", "")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def noted(basket: Basket, item: str, part: str, words: Plain) -> str:
    """Returns the words; what else the markup held is noted by reason, pictures too."""
    for reason, lost in words.lost.items():
        basket.leave(item, part, reason, lost)
    for address, alt in words.pictures:
        basket.leave(item, part, "picture", alt or address)
    return words.text


def moodle_words(basket: Basket, item: str, part: str, text: str, format: str) -> str:
    """Returns the words of a text in one of Moodle's formats; "moodle" is HTML only if it has tags, its line breaks stay."""
    if format in {"html", "moodle_auto_format", "moodle", "auto"} and _TAG_OR_ENTITY.search(text):
        return noted(basket, item, part, plain(text if format == "html" else text.replace("\n", "<br>")))
    if format == "html":
        return plain(text).text
    if format == "markdown" and re.search(r"[*_`#>\[\]!-]", text):
        basket.leave(item, part, "markup", "markdown")
    return text.strip()
