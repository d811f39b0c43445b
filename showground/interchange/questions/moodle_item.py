"""One question of a Moodle XML file while it is read: its words by language, its pictures, and where notes on it go."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any, Final
from urllib.parse import quote, unquote

from showground.interchange.questions import tongues
from showground.interchange.questions.contract import MOST_MEDIA_BYTES, Basket
from showground.interchange.questions.hardened import Element
from showground.interchange.questions.words import moodle_words, plain

Text = dict[str, str]
PLUGIN: Final = "@@PLUGINFILE@@"
_MAGIC: Final = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"RIFF", "webp"))
_DATA: Final = re.compile(r"data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]+)")


class Item:
    """One question of the file while it is read."""

    def __init__(self, basket: Basket, element: Element, number: int, language: str) -> None:
        self.basket, self.element, self.language = basket, element, language
        self.kind = element.get("type", "")
        self.name = " ".join((element.findtext("name/text") or "").split())[:80] or f"#{number}"
        self.media: list[dict[str, Any]] = []
        self.spoken: set[str] = set()  # the languages of its text

    def leave(self, part: str, reason: str, detail: object = "") -> None:
        self.basket.leave(self.name, part, reason, detail)

    def said(self, part: str, holder: Element | None, *, format: str = "", pictures: bool = False) -> Text:
        """Returns the words of an element's text by language; {} if it has none."""
        raw = "" if holder is None else holder.findtext("text") or ""
        if holder is None or not raw.strip():
            return {}
        files = {path_of(file): file for file in holder.findall("file")}
        texts, foreign = tongues.split(raw, self.language)
        for code in foreign:
            self.leave(part, "language", code)
        format = format or holder.get("format") or "moodle_auto_format"
        spoken = {language: self._words(part, text, format, language, files, pictures) for language, text in texts.items()}
        for name in files:
            if not any(
                one in raw for one in (name, quote(name), name.rpartition("/")[2])
            ):  # what is shown is noted where it is shown
                self.leave(part, "medium", name)
        return {language: words for language, words in spoken.items() if words}

    def _words(self, part: str, text: str, format: str, language: str, files: dict[str, Element], pictures: bool) -> str:
        if not pictures or "<img" not in text.lower() or format in {"plain_text", "markdown"}:
            return moodle_words(self.basket, self.name, part, text, format)
        found = plain(text)
        for reason, lost in found.lost.items():
            self.leave(part, reason, lost)
        for address, alt in found.pictures:
            self.picture(part, address, alt, language, files)
        return found.text

    def picture(self, part: str, address: str, alt: str, language: str, files: dict[str, Element]) -> None:
        """Keeps a picture that is in the file, once, with its words in this language; notes any other."""
        name, data = unquote(address.removeprefix(PLUGIN)).lstrip("/"), b""
        known = next((item for item in self.media if item["address"] == address), None)
        if known is not None:
            if alt.strip():
                known["alt"][language] = alt.strip()
            return
        inline = _DATA.fullmatch(address)
        if inline or (address.startswith(PLUGIN) and name in files):
            data = _decoded(inline[1] if inline else files.pop(name).text or "")
            name = "picture" if inline else name.rpartition("/")[2]
        if not data or len(data) > MOST_MEDIA_BYTES or not is_picture(data):
            self.leave(part, "picture" if not data else "too_large" if len(data) > MOST_MEDIA_BYTES else "medium", name)
            return
        item: dict[str, Any] = {
            "address": address,
            "kind": "picture",
            "sha256": self.basket.medium(name, data),
            "alt": {},
            "name": name,
        }
        if alt.strip():
            item["alt"][language] = alt.strip()
        self.media.append(item)

    def shown(self) -> list[dict[str, Any]]:
        """Returns the question's media; one without words gets its file's name as a stand-in, which is noted."""
        for item in self.media:
            del item["address"]
            if not item["alt"]:
                item["alt"] = {self.language: item["name"]}
                self.leave("media", "no_words", item["name"])
        return self.media


def path_of(file: Element) -> str:
    return f"{file.get('path', '/')}/{file.get('name', '')}".replace("//", "/").lstrip("/")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def is_picture(data: bytes) -> bool:
    """Tells whether bytes begin as a picture that the bank can take."""
    return any(data.startswith(magic) for magic, _ in _MAGIC)
