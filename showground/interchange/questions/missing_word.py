"""Missing word: a sentence with its answers where the word is missing, `... {=right#why ~wrong ~75%half right} ...`.

SPEC missing word (Moodle documentation): the best answer has `=`, others `~` and maybe a percentage; one answer alone makes a short
answer question; nothing is escaped. The gap is `_____` in the question's text. An answer that begins with a digit or `_` has a `_`
before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from showground.interchange.questions.carried import Carries, Media, carried, fitted, texts_of
from showground.interchange.questions.contract import Basket, Left, Question, Taken, key_of
from showground.interchange.questions.percent import from_percent, to_percent
from showground.interchange.questions.words import decode_noted
from showground.rules.questions import as_credit

CARRIES: Final = Carries(
    kinds=frozenset({"single", "short"}),
    fields=frozenset(),
    details=frozenset({"why", "credit"}),
    becomes={"true_false": "single"},
    words=lambda text: " ".join(text.split()),
)
BLANK: Final = "_____"
_WEIGHT: Final = re.compile(r"%?(-?[0-9]{1,3}(?:\.[0-9]{1,9})?)%")


def read(data: bytes, *, language: str, name: str = "") -> Taken:
    """Returns the questions of a missing word file; items are parted by empty lines."""
    basket = Basket("missing_word")
    for number, block in enumerate(re.split(r"\n[ \t]*\n", decode_noted(data, basket))):
        text = " ".join(block.split())
        if text and not basket.full():
            _read_item(basket, f"#{number + 1} {text[:40]}", text, language)
    return basket.taken()


def _read_item(basket: Basket, item: str, text: str, language: str) -> None:
    start, end = text.find("{"), text.find("}")
    if start < 0 or end < start:
        basket.leave(item, "", "syntax", "{ }")
        return
    asked = {language: text[:start] + BLANK + text[end + 1 :]}
    answers = [piece.strip() for piece in re.split(r"~|(?==)", text[start + 1 : end]) if piece.strip()]
    if len(answers) == 1:
        words = answers[0].removeprefix("=").partition("#")
        if words[2].strip():
            basket.leave(item, "accepted.1.why", "feedback", words[2])
        basket.take({"kind": "short", "text": asked, "accepted": [{"text": _plain(words[0]), "credit": [1, 1]}]}, item)
    else:
        options = [_option(piece, place, language) for place, piece in enumerate(answers)]
        basket.take({"kind": "single", "text": asked, "options": options}, item)


def _plain(words: str) -> str:
    return words.strip().removeprefix("_")


def _option(piece: str, place: int, language: str) -> dict[str, Any]:
    worth, piece = (Fraction(1), piece[1:].strip()) if piece.startswith("=") else (Fraction(0), piece)
    if (found := _WEIGHT.match(piece)) and (given := from_percent(found[1])) is not None:
        worth, piece = given, piece[found.end() :]
    words, _, why = piece.partition("#")
    option = {"key": key_of(place), "text": {language: _plain(words)}, "credit": as_credit(worth)}
    return option | ({"why": {language: why.strip()}} if why.strip() else {})


def write(questions: Sequence[Question], *, language: str, media: Media | None = None) -> tuple[bytes, list[Left]]:
    """Returns a missing word file in one language, and what of the questions it cannot carry."""
    kept, left = fitted(questions, fit, language, media)
    return "\n".join(
        question["text"][language].replace(BLANK, "{" + _written(question, language) + "}") + "\n" for question in kept
    ).encode(), left


def fit(question: Question, language: str, media: Media) -> tuple[Question | None, list[Left]]:
    """Returns what a missing word file can carry of a question."""
    kept, left = carried(question, CARRIES, language)
    if kept is not None and (no := _unsayable(kept, language)):
        return None, [Left(question["code"], "", *no)]
    return kept, left


def _unsayable(question: Question, language: str) -> tuple[str, str] | None:
    """Returns why a question has no form here: no one gap, or signs that cannot be escaped."""
    said = [text[language] for _, text in texts_of(question)]
    said += [item["text"] for item in question.get("accepted", [])]
    if question["text"][language].count("_" * 5) != 1 or "_" * 6 in question["text"][language]:
        return "not_carried", "no one gap in the text"
    if question["kind"] == "short" and (len(question["accepted"]) != 1 or "why" in question["accepted"][0] or question.get("case")):
        return "not_carried", "one answer only"
    found = next((words for words in said if re.search(r"[{}~=#]", words)), "")
    return ("syntax", found) if found else None


def _written(question: Question, language: str) -> str:
    if question["kind"] == "short":
        return f"={_guarded(question['accepted'][0]['text'])}"
    return " ".join(_write_option(option, language) for option in question["options"])


def _guarded(words: str) -> str:
    return f"_{words}" if re.match(r"[0-9_%-]", words) else words


def _write_option(option: Mapping[str, Any], language: str) -> str:
    worth = Fraction(*option["credit"])
    sign = "=" if worth == 1 else "~" if not worth else f"~{to_percent(worth)}%"
    told = f"#{option['why'][language]}" if "why" in option else ""
    return f"{sign}{_guarded(option['text'][language])}{told}"
