"""Aiken: a question on a line, options `A) ...` or `A. ...`, and `ANSWER: A`. One right answer, no reasons, one language.

SPEC Aiken (Moodle documentation). Lines of a question before its options are one text; the space after `A)` may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from showground.interchange.questions.carried import Carries, Media, carried, fitted
from showground.interchange.questions.contract import Basket, Left, Question, Taken, key_of
from showground.interchange.questions.words import decode_noted, moodle_words

CARRIES: Final = Carries(
    kinds=frozenset({"single"}),
    fields=frozenset(),
    becomes={"true_false": "single"},
    words=lambda text: " ".join(text.split()),
)
MOST: Final = 26
_OPTION: Final = re.compile(r"([A-Za-z])(?:\)[ \t]?|\.[ \t])\s*(.*)", re.DOTALL)
_ANSWER: Final = re.compile(r"ANSWER\s*:\s*(.*)", re.IGNORECASE)


@dataclass
class _Item:
    number: int
    asked: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return " ".join(self.asked)[:60] or f"#{self.number}"


def read(data: bytes, *, language: str, name: str = "") -> Taken:
    """Returns the questions of an Aiken file."""
    basket, item = Basket("aiken"), _Item(1)
    for line in decode_noted(data, basket).split("\n"):
        line = line.strip()
        if answer := _ANSWER.fullmatch(line):
            if not basket.full():
                _take(basket, item, answer[1].strip(), language)
            item = _Item(item.number + 1)
        elif (option := _OPTION.fullmatch(line)) and item.asked and option[1].upper() == chr(65 + len(item.options) % MOST):
            item.options.append(option[2])
        elif line:
            item = _unfinished(basket, item) if item.options else item
            item.asked.append(line)
    _unfinished(basket, item)
    return basket.taken()


def _unfinished(basket: Basket, item: _Item) -> _Item:
    """Notes an item that another one begins in the midst of; returns the other."""
    if not item.asked:
        return item
    if not basket.full():
        basket.leave(item.name, "", "syntax", "ANSWER:")
    return _Item(item.number + 1)


def _take(basket: Basket, item: _Item, answer: str, language: str) -> None:
    right = ord(answer.upper()) - 65 if len(answer) == 1 else -1
    if not item.asked or len(item.options) < 2 or not 0 <= right < len(item.options):
        basket.leave(item.name, "", "syntax", f"ANSWER: {answer}" if len(item.options) > 1 and item.asked else "A) ... B) ...")
        return
    options = [
        {
            "key": key_of(place),
            "text": {language: moodle_words(basket, item.name, f"options.{key_of(place)}", text, "plain")},
            "credit": [int(place == right), 1],
        }
        for place, text in enumerate(item.options)
    ]
    basket.take({"kind": "single", "text": {language: " ".join(item.asked)}, "options": options}, item.name)


def write(questions: Sequence[Question], *, language: str, media: Media | None = None) -> tuple[bytes, list[Left]]:
    """Returns an Aiken file in one language, and what of the questions it cannot carry."""
    kept, left = fitted(questions, fit, language, media)
    return "\n".join(_written(question, language) for question in kept).encode(), left


def fit(question: Question, language: str, media: Media) -> tuple[Question | None, list[Left]]:
    """Returns what Aiken can carry of a question."""
    kept, left = carried(question, CARRIES, language)
    if kept is not None and (no := _unsayable(kept, language)):
        return None, [Left(question["code"], "", *no)]
    return kept, left


def _unsayable(question: Question, language: str) -> tuple[str, str] | None:
    """Returns why a question has no form in Aiken, if it has none."""
    asked, options = question["text"][language], question["options"]
    if sum(option["credit"] == [1, 1] for option in options) != 1:
        return "credit", "several right"
    if len(options) > MOST:
        return "too_many", "options"
    return ("syntax", asked) if _OPTION.fullmatch(asked) or _ANSWER.fullmatch(asked) else None


def _written(question: Question, language: str) -> str:
    lines = [question["text"][language]]
    lines += [f"{chr(65 + place)}) {option['text'][language]}" for place, option in enumerate(question["options"])]
    right = next(place for place, option in enumerate(question["options"]) if option["credit"] == [1, 1])
    return "\n".join([*lines, f"ANSWER: {chr(65 + right)}\n"])
