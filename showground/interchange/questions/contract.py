"""What every format of questions agrees on: what was taken from a file, what was left behind and why, and how much is too much.

A format is a module beside this one with two functions:

    read(data: bytes, *, language: str, name: str = "") -> Taken
    write(questions, *, language: str, media: Mapping[sha256, (name, bytes)] = {}) -> tuple[bytes, list[Left]]

`language` is the language of a file that carries one ("en" or "zh"). `read` may raise `Unreadable` for a whole file; nothing else
leaves `showground.interchange.questions.read`, whatever the bytes. What a file says and a question cannot hold, and what a question
holds and a format cannot say, is a `Left`: by item, part and reason. A reason is a word of `REASONS`; whoever needs a new one adds it.

`Left.item` is the item's own name in the file (its title, identifier or "#n", the n-th item), or the question's code on the way out;
"" is the whole file. `Left.part` on the way out is the place in the question: "title", "options.a.why", "text.zh", "keys" (the
names of the options, new ones are given on import), "code", "zh" (all texts of a language), "" (the whole question).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from showground.rules.questions import MOST_OPTIONS, MOST_TEXT, Question, check_question
from showground.rules.records import canonical
from showground.rules.refused import Refused

MOST_BYTES: Final = 32 << 20  # of a file, before anything reads it; of all that a package unpacks to
MOST_ITEMS: Final = 5_000
MOST_LEFT: Final = 10_000
MOST_MEDIA_BYTES: Final = 16 << 20  # one picture, sound or film inside a file
MOST_DEPTH: Final = 200  # elements inside each other

_CODE = re.compile(r"[a-z][a-z0-9_.-]{0,63}")

# reason: what it says to a person, in a sentence that begins with the part ("the title: ...").
REASONS: Final[dict[str, str]] = {
    # the whole file
    "empty": "there is nothing in it",
    "unknown_format": "no format that is read here",
    "too_large": "larger than is read",
    "too_many": "more items than one file may have; the rest was not read",
    "too_deep": "nested deeper than is read",
    "damaged": "broken: it does not follow its own format",
    "entities": "it defines entities or a document type, which are never read",
    "encrypted": "it is encrypted",
    "bomb": "it unpacks to far more than it is",
    "bad_name": "a name in the archive leads outside of it or is not a plain name",
    "encoding": "its characters could not be read",
    "encoding_guessed": "it does not say its encoding; this one was guessed",
    "control_characters": "characters that cannot be shown were taken out",
    "old_qti": "QTI 1.2, which is not read here",
    "nested": "an archive inside the archive, which is not opened",
    "crashed": "it could not be read, for a reason we did not foresee",
    # an item
    "kind": "a kind of item that has no place in a question here",
    "refused": "it breaks a rule of questions here",
    "syntax": "it could not be understood",
    "no_right": "no answer to it is fully right",
    "no_answer": "it has no answer that can be scored here",
    "draft": "the file marks it as unfinished",
    "adaptive": "it changes from one try to the next",
    "template": "its words or numbers are drawn anew each time",
    "several": "it asks several things at once; each is a question of its own here",
    # a part of an item
    "markup": "only the words were kept, not how they are set",
    "script": "scripts and active parts are never taken",
    "style": "how it looks is not kept",
    "link": "the words of a link were kept, not where it leads",
    "picture": "the picture was not taken: it is not in the file, or does not stand in the question's own text",
    "medium": "a medium that is not taken",
    "no_words": "a medium without words for those who cannot see or hear it; the words given are a stand-in",
    "credit": "points in a form that is not kept",
    "scoring": "its own way of scoring is not kept",
    "range": "a range is said as its middle and a tolerance",
    "units": "units are not kept",
    "pattern": "a pattern that is not kept",
    "formula": "formulas are never worked out",
    "language": "this format or question holds another language",
    "feedback": "this word to the person who answers has no place",
    "hint": "hints have no place",
    "rubric": "instructions beside the question are not taken",
    "reference": "it leads to something that is not in the file or not taken from there",
    "limit": "limits of time or tries belong to the quiz",
    "order": "the order of options is not kept",
    "keys": "the short names of options are given anew",
    "code": "the short name of the question is given anew",
    "twice": "it is there twice",
    "cut": "longer than is kept",
    "spaces": "spaces and line breaks are not kept as they were",
    "unused": "a part that has no use here",
    "not_carried": "this format has no place for it",
}


@dataclass(frozen=True)
class Left:
    """One part of one item that was not carried over, and why."""

    item: str
    part: str
    reason: str
    detail: str = ""


@dataclass
class Taken:
    """What a file gave: questions that pass `check_question`, media by SHA-256 as (name, bytes), and all that was left behind."""

    format: str
    questions: list[Question] = field(default_factory=list)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)

    def kinds(self) -> dict[str, int]:
        """Returns how many questions of each kind were taken, the most frequent first."""
        return dict(Counter(str(question["kind"]) for question in self.questions).most_common())


class Unreadable(Exception):
    """The whole file is not read: `reason` is one of REASONS."""

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason, self.detail = reason, detail
        super().__init__(reason)


def short(value: object, most: int = 160) -> str:
    """Returns a value as a line that can be shown: no control characters, at most `most` characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(value)[: 4 * most]).split())
    return line if len(line) <= most else line[: most - 1] + "\u2026"


def key_of(place: int) -> str:
    """Returns the key of the option at a place: a, b, ..., z, a1, b1, ..."""
    return chr(97 + place % 26) + (str(place // 26) if place >= 26 else "")


def tidy(text: str) -> str:
    """Returns a text as canonical bytes need it: NFC, plain line breaks, no halves of characters, no control characters but tab."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", text)


def _tidied(value: Any, lost: list[str]) -> Any:
    if isinstance(value, str):
        whole = tidy(value)
        if len(whole) < len(unicodedata.normalize("NFC", value.replace("\r\n", "\n"))):
            lost.append(whole)
        return whole
    if isinstance(value, list):
        return [_tidied(one, lost) for one in value]
    return {name: _tidied(one, lost) for name, one in value.items()} if isinstance(value, dict) else value


def _canonical(question: Question) -> bool:
    try:
        canonical(question)
    except Refused:
        return False
    return True


def code_from(words: str) -> str:
    """Returns a code (letters, digits, "_", ".", "-") made of some words, or "" if they have no such characters."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    code = "".join(c if c.isalnum() or c in "_.-" else "-" for c in plain).strip("-._")
    while "--" in code:
        code = code.replace("--", "-")
    return ("q-" + code if code and not code[0].isalpha() else code)[:56].rstrip("-._")


class Basket:
    """Collects what a reader finds; `taken()` is its Taken."""

    def __init__(self, format: str) -> None:
        self._taken, self._codes, self._twins = Taken(format), set[str](), Counter[str]()
        self.items, self._unsaid = 0, 0

    def leave(self, item: str, part: str, reason: str, detail: object = "") -> None:
        """Notes a part that was not carried over; past MOST_LEFT notes only their number is kept."""
        if reason not in REASONS:
            raise ValueError(reason)
        if len(self._taken.left) >= MOST_LEFT:
            self._unsaid += 1
        else:
            self._taken.left.append(Left(short(item, 80), short(part, 80), reason, short(detail)))

    def full(self) -> bool:
        """Counts one more item of the file; true if it is one too many, which is noted once with the number left in the end."""
        self.items += 1
        return self.items > MOST_ITEMS

    def medium(self, name: str, data: bytes) -> str:
        """Keeps a medium and returns its SHA-256 in hex."""
        digest = hashlib.sha256(data).hexdigest()
        self._taken.media.setdefault(digest, (short(name, 120), data))
        return digest

    def take(self, question: Question, item: str, *, exact: bool = False) -> bool:
        """Takes a question if it is one, with a code of its own ("" asks for one); else notes what `check_question` refused.

        Its texts are made tidy, which is noted if characters are lost; `exact` keeps those that canonical bytes can hold.
        """
        lost: list[str] = []
        try:
            whole: Question = {"v": 1, **question}
            whole = whole if exact and _canonical(whole) else _tidied(whole, lost)
            wish = str(whole.get("code") or "")
            whole["code"] = self._own_code(wish or code_from(item) or f"q{len(self._taken.questions) + 1}")
            check_question(whole)
        except Refused as no:
            self.leave(item, str(no.facts.get("field", "")), "refused", no.facts.get("why", no.code))
            return False
        except (TypeError, ValueError, KeyError, AttributeError, RecursionError):  # a value of a kind that nobody expects there
            self.leave(item, "", "refused", "shape")
            return False
        if lost:
            self.leave(item, "characters", "control_characters", lost[0])
        if wish and whole["code"] != wish:
            self.leave(item, "code", "twice" if wish in self._codes else "code", wish)
        self._codes.add(whole["code"])
        self._taken.questions.append(whole)
        return True

    def _own_code(self, wish: str) -> str:
        base = (wish if _CODE.fullmatch(wish) else code_from(wish)) or "q"
        code = base
        while code in self._codes:
            self._twins[base] += 1
            code = f"{base[:56]}-{self._twins[base] + 1}"
        return code

    def taken(self) -> Taken:
        """Returns all that was collected, media that no question shows left out."""
        if self.items > MOST_ITEMS:
            self._taken.left.append(Left("", "items", "too_many", f"{self.items - MOST_ITEMS} of {self.items}"))
        if self._unsaid:
            self._taken.left.append(Left("", "left", "too_many", f"{self._unsaid} more notes"))
        return self._taken


__all__ = [
    "MOST_BYTES", "MOST_DEPTH", "MOST_ITEMS", "MOST_LEFT", "MOST_MEDIA_BYTES", "MOST_OPTIONS", "MOST_TEXT", "REASONS",
    "Basket", "Left", "Question", "Taken", "Unreadable", "code_from", "key_of", "short", "tidy",
]  # fmt: skip
