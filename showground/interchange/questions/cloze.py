"""A cloze text: words with answers embedded in them (embedded.py). A file is one question; a line of `---` begins another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from showground.interchange.questions.carried import Carries, Media, carried, fitted
from showground.interchange.questions.contract import Basket, Left, Question, Taken
from showground.interchange.questions.embedded import GAPPED, embedded, read_gaps
from showground.interchange.questions.words import MOST_MARKUP, decode_noted, moodle_words
from showground.rules.questions import GAP

CARRIES: Final = Carries(kinds=frozenset({"cloze"}), fields=frozenset(), details=frozenset({"why", "credit", "case"}))
_PARTED: Final = re.compile(r"^-{3,}[ \t]*$", re.MULTILINE)


def read(data: bytes, *, language: str, name: str = "") -> Taken:
    """Returns the questions of a cloze text."""
    basket = Basket("cloze")
    for number, text in enumerate(_PARTED.split(decode_noted(data, basket))):
        if text.strip() and not basket.full():
            read_cloze(basket, f"#{number + 1}", text, language)
    return basket.taken()


def read_cloze(
    basket: Basket, item: str, text: str, language: str, format: str = "moodle", question: Question | None = None
) -> None:
    """Takes one text with embedded answers as a question; `question` holds what is known of it beside its text."""
    if len(text) > MOST_MARKUP:
        basket.leave(item, "", "too_large", f"{len(text)} characters")
        return
    found = read_gaps(basket, item, text, language, lambda part, raw: moodle_words(basket, item, part, raw, format))
    if found is None:
        return
    words, gaps = found
    if not gaps:
        basket.leave(item, "", "kind", "no embedded answer")
        return
    asked = moodle_words(basket, item, "text", words, format)
    basket.take({"code": "", **(question or {}), "kind": "cloze", "text": {language: asked}, "gaps": gaps}, item)


def write(questions: Sequence[Question], *, language: str, media: Media | None = None) -> tuple[bytes, list[Left]]:
    """Returns a cloze text in one language, and what of the questions it cannot carry."""
    kept, left = fitted(questions, fit, language, media)
    return "---\n".join(embedded(question, language, str) + "\n" for question in kept).encode(), left


def fit(question: Question, language: str, media: Media) -> tuple[Question | None, list[Left]]:
    """Returns what a cloze text can carry of a question."""
    kept, left = carried(question, CARRIES, language)
    if kept is not None and (no := unsayable(kept, language) or _dashes(kept, language)):
        return None, [Left(question["code"], "", *no)]
    return kept, left


def _dashes(question: Question, language: str) -> tuple[str, str] | None:
    return ("syntax", "---") if _PARTED.search(embedded(question, language, str)) else None


def unsayable(question: Question, language: str) -> tuple[str, str] | None:
    """Returns why a cloze text would not be read as it was written: words that look like answers, gaps or markup."""
    text = question["text"][language]
    outside = GAP.sub("\ufffd", text)
    if GAPPED.search(embedded({**question, "text": {language: outside}}, language, str)) or "{{" in outside:
        return "syntax", "{"
    basket = Basket("cloze")
    read_cloze(basket, "", embedded(question, language, str), language)
    got = basket.taken().questions
    return None if len(got) == 1 and got[0]["text"] == question["text"] and got[0]["gaps"] == question["gaps"] else ("syntax", text)
