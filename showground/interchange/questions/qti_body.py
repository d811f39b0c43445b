"""The words of a QTI item: what it says to the person who answers, and a note for everything in it that is not words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from showground.interchange.questions.contract import MOST_MEDIA_BYTES, short
from showground.interchange.questions.hardened import Element
from showground.interchange.questions.qti_media import kind_of, target
from showground.interchange.questions.qti_xml import EXACT, LANG, classes, mine
from showground.rules.questions import Text

_BLOCKS: Final = frozenset(
    "address article aside blockquote caption dd details div dl dt feedbackBlock figcaption figure footer h1 h2 h3 h4 h5 h6 header "
    "hr itemBody li nav ol p pre prompt section simpleChoice summary table tbody td tfoot th thead tr ul".split()
)
_NEUTRAL: Final = frozenset(
    "p div span br itemBody prompt hottext gapText inlineChoice simpleChoice simpleAssociableChoice modalFeedback "
    "feedbackInline feedbackBlock".split()
)
_SET: Final = frozenset(
    "abbr acronym address article aside b bdi bdo big blockquote caption cite code col colgroup dd del details dfn dl dt em figcaption "
    "figure footer h1 h2 h3 h4 h5 h6 header hr i ins kbd label li nav ol pre q rb rp rt rtc ruby s samp section small strong sub "
    "summary sup table tbody td tfoot th thead tr tt u ul var".split()
)
# What is not words, and the reason for it; the words inside are not taken either.
_LEFT: Final = {
    "math": "formula", "printedVariable": "template", "templateInline": "template", "templateBlock": "template",
    "rubricBlock": "rubric", "stylesheet": "style", "style": "style", "script": "script", "iframe": "script", "embed": "script",
    "form": "script", "svg": "medium", "canvas": "script", "include": "reference", "apipAccessibility": "unused",
    "catalogInfo": "unused", "template": "unused", "param": "unused", "track": "medium", "source": "medium",
}  # fmt: skip
SPACE: Final = " \t\r\n\f"
_RUN: Final = re.compile(f"[{SPACE}]+")
_SEAM: Final = "\0"  # the end of a block
_KEPT: Final = str.maketrans(" \n\t", "\1\2\3")  # spaces that stay; XML has none of these characters
_FREED: Final = str.maketrans("\1\2\3", " \n\t")


@dataclass
class Reading:
    """What is known while one item is read: its language, its files, its notes, its media and its words after an answer."""

    language: str
    path: str = ""
    own: str = ""  # the kind of question, if the item is one of our own
    files: Mapping[str, bytes] = field(default_factory=dict)
    notes: dict[tuple[str, str, str], None] = field(default_factory=dict)
    media: list[dict[str, Any]] = field(default_factory=list)
    blobs: list[tuple[str, bytes]] = field(default_factory=list)  # (name, bytes) of `media`, in the same order
    said: dict[tuple[str, str], tuple[Element, Text]] = field(default_factory=dict)
    heard: set[Element] = field(default_factory=set)  # words after an answer that are in `said`, or noted

    def note(self, part: str, reason: str, detail: object = "") -> None:
        """Notes a part that is not taken; the same one only once."""
        self.notes[part, reason, short(detail)] = None

    def code_of(self, element: Element) -> str:
        """Returns "en" or "zh", as the element or what is around it says; another language is noted and taken as the item's."""
        here: Element | None = element
        while here is not None:
            if tag := here.get(LANG):
                code = language_of(tag)
                if not code:
                    self.note("text", "language", tag)
                return code or self.language
            here = here.getparent()
        return self.language

    def text(self, element: Element, gap: Callable[[Element], str] | None = None) -> Text:
        """Returns the words of an element in its language; {} if it has none."""
        only = element
        while len(only) == 1 and LANG in only[0].attrib and not (only.text or "").strip() and not (only[0].tail or "").strip():
            only = only[0]
        found = Words(self, gap).of(only)
        return {self.code_of(only): found} if found else {}

    def medium(self, element: Element, href: str, words: Text, name: str = "") -> dict[str, Any] | None:
        """Keeps the file that an element shows and returns it as a medium of a question; None, with a note, if it cannot be had."""
        place = target(self.path, href)
        if place is None:
            self.note("media", "reference", href or element.tag)
            return None
        data = self.files.get(place)
        kind = kind_of(data)[0] if data else ""
        if data is None or not kind or len(data) > MOST_MEDIA_BYTES:
            pictured = element.tag in {"img", "picture"} or str(element.get("type", "")).startswith("image/")
            reason = "picture" if data is None and pictured else "too_large" if kind else "medium"
            self.note("media", reason, href)
            return None
        base = place.rpartition("/")[2]
        if not words:
            self.note(f"media.{len(self.media)}", "no_words", base)
            words = {self.language: base}
        self.blobs.append((name or base, data))
        made: dict[str, Any] = {"kind": kind, "sha256": hashlib.sha256(data).hexdigest()}
        made["alt" if kind == "picture" else "transcript"] = words
        if name:
            made["name"] = name
        self.media.append(made)
        return made


def language_of(tag: str) -> str:
    """Returns "en" or "zh" for a language tag of either, "" for any other."""
    head = tag.strip().lower().replace("_", "-").partition("-")[0]
    return {"en": "en", "zh": "zh", "cmn": "zh"}.get(head, "")


class Words:
    """Turns an element into words; `gap` gives the words for an interaction inside, without it interactions say nothing."""

    def __init__(self, reading: Reading, gap: Callable[[Element], str] | None = None) -> None:
        self.reading, self.gap, self.parts = reading, gap, list[str]()

    def of(self, element: Element) -> str:
        """Returns the words: a line for each block, <br/> as a line break, runs of spaces as one unless the author kept them."""
        if EXACT in classes(element):
            return self._exact(element)
        self._inside(element)
        blocks = (self._tidy(block) for block in "".join(self.parts).split(_SEAM))
        return "\n".join(block for block in blocks if block).translate(_FREED)

    @staticmethod
    def _tidy(block: str) -> str:
        return "\n".join(re.sub(" +", " ", line).strip(" ") for line in block.split("\n")).strip("\n")

    def _exact(self, element: Element) -> str:
        parts = [element.text or ""]
        for child in element:
            parts += [self.gap(child) if self.gap and child.tag.endswith("Interaction") else "", child.tail or ""]
        return "".join(parts)

    def _inside(self, element: Element) -> None:
        self._say(element.text)
        for child in element:
            if child.tag in _BLOCKS:
                self.parts.append(_SEAM)
            self._child(child)
            if child.tag in _BLOCKS:
                self.parts.append(_SEAM)
            self._say(child.tail)

    def _say(self, words: str | None) -> None:
        if words:
            self.parts.append(_RUN.sub(" ", words))

    def _child(self, element: Element) -> None:
        tag = str(element.tag)
        if mine(element, "transcript"):
            return
        if EXACT in classes(element):
            self.parts.append(self._exact(element).translate(_KEPT))
        elif tag.endswith("Interaction") or tag == "gap":
            self.parts.append(self.gap(element) if self.gap else "")
        elif tag == "br":
            self.parts.append("\n")
        elif tag in {"img", "object", "audio", "video", "picture"}:
            show(self.reading, element)
        elif tag in {"feedbackInline", "feedbackBlock", "modalFeedback"}:
            keep_feedback(self.reading, element)
        elif tag in _LEFT:
            self.reading.note(tag, _LEFT[tag], _about(element))
        elif tag == "a":
            self.reading.note("text", "link", element.get("href", ""))
            self._inside(element)
        elif tag in _NEUTRAL or tag in _SET:
            self._style(element)
            self._inside(element)
        else:
            self.reading.note(tag, "unused", _about(element))

    def _style(self, element: Element) -> None:
        if element.tag not in _NEUTRAL:
            self.reading.note("text", "markup", element.tag)
        if "style" in element.attrib:
            self.reading.note("text", "style", element.tag)
        if any(str(name).startswith("on") for name in element.attrib):
            self.reading.note("text", "script", element.tag)


def _about(element: Element) -> str:
    words = " ".join("".join(map(str, element.itertext())).split())
    return words or str(element.get("href") or element.get("identifier") or element.get("src") or "")


def keep_feedback(reading: Reading, element: Element) -> None:
    """Keeps words that appear after an answer, by their outcome variable and value; a feedback that hides is noted."""
    if element in reading.heard:
        return
    reading.heard.add(element)
    name = (str(element.get("outcomeIdentifier", "")), str(element.get("identifier", "")))
    words = reading.text(element)
    if element.get("showHide", "show") != "show" or not words:
        reading.note(str(element.tag), "feedback", _about(element))
    elif name in reading.said:
        first, known = reading.said[name]
        reading.said[name] = (
            first,
            {language: "\n".join((known.get(language, ""), said)).strip() for language, said in words.items()},
        )
    else:
        reading.said[name] = (element, words)


def show(reading: Reading, element: Element) -> dict[str, Any] | None:
    """Keeps the picture, sound or film that an element shows, with its words."""
    href = element.get("src") or element.get("data") or ""
    source = element if href else next((one for one in element.iter("source", "img") if one.get("src")), None)
    if source is not None and not href:
        href = source.get("src", "")
    holder = element if element.tag != "picture" or source is None else source
    above = element.getparent()
    words = reading.text(next(iter(_transcript(element)), element)) if element.tag != "img" else {}
    if element.tag in {"img", "picture"} and (alt := str(holder.get("alt") or "")).strip():
        own = above is not None and mine(above, "picture")
        words = {reading.code_of(holder): alt if own else " ".join(alt.split())}
    return reading.medium(element, str(href), words, str(element.get("label") or ""))


def _transcript(element: Element) -> list[Element]:
    beside = element.getparent()
    return [one for one in beside if mine(one, "transcript")] if beside is not None and element.tag != "img" else []
