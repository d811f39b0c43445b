"""GIFT to questions: signs with a backslash stand apart, then each item is cut at the signs that are left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from showground.interchange.questions.carried import TRUE_FALSE
from showground.interchange.questions.contract import Basket, Question, Taken, key_of
from showground.interchange.questions.numbers import accepted_number
from showground.interchange.questions.percent import from_percent
from showground.interchange.questions.words import decode_noted, moodle_words
from showground.rules.questions import as_credit

BLANK: Final = "_____"
# Escaped signs stand apart as characters that no text may contain while the rest is read.
_SIGNS: Final = "~=#{}:\\"
_HIDDEN: Final = {sign: chr(0xFDD0 + place) for place, sign in enumerate(_SIGNS)} | {"n": "\ufddf"}
_SHOWN: Final = str.maketrans({hidden: "\n" if sign == "n" else sign for sign, hidden in _HIDDEN.items()})
NONCHARACTERS: Final = re.compile("[\ufdd0-\ufddf]")
_FORMAT: Final = re.compile(r"\[(html|moodle|plain|markdown|auto)\]")
_WEIGHT: Final = re.compile(r"%([^%\n]{1,20})%")
_ID: Final = re.compile(r"\[id:((?:\\\]|[^\]]){1,200})\]")
_TAG: Final = re.compile(r"\[tag:((?:\\\]|[^\]]){1,400})\]")


@dataclass
class _Block:
    """One item's lines, with what the comments and categories before it said."""

    text: str
    number: int
    category: str = ""
    code: str = ""
    tags: list[str] = field(default_factory=list)
    item: str = ""
    format: str = "moodle"


def read(data: bytes, *, language: str, name: str = "") -> Taken:
    """Returns the questions of a GIFT file."""
    basket = Basket("gift")
    text = decode_noted(data, basket)
    if NONCHARACTERS.search(text):
        text = NONCHARACTERS.sub("", text)
        basket.leave("", "characters", "control_characters")
    for block in _blocks(text):
        if not basket.full():
            _read_block(basket, block, language)
    return basket.taken()


def _blocks(text: str) -> Iterator[_Block]:
    block, category, number = _Block("", 1), "", 1
    for line in [*text.split("\n"), ""]:
        bare = line.strip()
        if bare.startswith("//"):
            _comment(block, bare)
        elif bare.startswith("$CATEGORY:") and not block.text:
            category = plain_category(bare[10:])
        elif bare:
            block.text += line + "\n"
        elif block.text:
            block.category = category
            yield block
            number += 1
            block = _Block("", number)


def _comment(block: _Block, line: str) -> None:
    if found := _ID.search(line):
        block.code = found[1].replace("\\]", "]").strip()
    block.tags += [tag.replace("\\]", "]").strip() for tag in _TAG.findall(line)]


def plain_category(path: str) -> str:
    """Returns a category's path without the context that Moodle writes before it."""
    return re.sub(r"\A(\$[a-z]+\$/)?(top(/|\Z))?", "", path.strip()).strip()


def _hide(text: str) -> str:
    return re.sub(r"\\([~=#{}:\\n])", lambda found: _HIDDEN[found[1]], text)


def _show(text: str) -> str:
    return text.translate(_SHOWN)


def _read_block(basket: Basket, block: _Block, language: str) -> None:
    text = _hide(block.text).strip()
    question: Question = {"code": block.code, "category": block.category, "tags": block.tags}
    block.item = f"#{block.number}"
    if text.startswith("::") and "::" in text[2:]:
        title, _, text = text[2:].partition("::")
        if title := _show(title).strip():
            question["title"], block.item = {language: title}, title
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        basket.leave(block.item, "", "kind", "description")
        return
    if start < 0 or end < start:
        basket.leave(block.item, "", "syntax", "{ }")
        return
    asked, answers = text[:start].strip() + _after(text[:start], text[end + 1 :]), text[start + 1 : end].strip()
    question["text"] = {language: _words(basket, block, "text", asked, first=True)}
    answers, _, explained = answers.rpartition("####") if "####" in answers else (answers, "", "")
    if explained.strip():
        question["explanation"] = {language: _words(basket, block, "explanation", explained)}
    question |= _answers(basket, block, answers.strip(), language)
    if "kind" in question:
        basket.take({name: value for name, value in question.items() if value or name == "code"}, block.item)


def _after(before: str, rest: str) -> str:
    if not rest.strip():
        return ""
    return f"{' ' if before[-1:].isspace() else ''}{BLANK}{rest.rstrip()}"


def _words(basket: Basket, block: _Block, part: str, text: str, *, first: bool = False) -> str:
    """Returns the words of a text in its own format or the question's; `first` sets the question's."""
    text, format = text.strip(), block.format
    if found := _FORMAT.match(text):
        format, text = found[1], text[found.end() :]
    if first:
        block.format = format
    return moodle_words(basket, block.item, part, _show(text).strip(), format)


def _answers(basket: Basket, block: _Block, answers: str, language: str) -> dict[str, Any]:
    """Returns the kind and its fields, or {} for an item that is left."""
    verdict = answers.partition("#")[0].strip().upper()
    if not answers:
        basket.leave(block.item, "", "kind", "essay")
    elif answers.startswith("#"):
        return _numeric(basket, block, answers[1:], language)
    elif answers.startswith(">"):
        return _ordering(basket, block, answers, language)
    elif verdict in {"T", "TRUE", "F", "FALSE"}:
        return _true_false(basket, block, answers, verdict[0] == "T", language)
    elif "~" in answers:
        return _choice(basket, block, answers, language)
    elif "=" in answers and "->" in answers:
        return _matching(basket, block, answers, language)
    else:
        return _short(basket, block, answers, language)
    return {}


def _weighed(basket: Basket, block: _Block, part: str, text: str, usual: Fraction) -> tuple[Fraction, str]:
    """Returns the credit before an answer, and the answer."""
    found = _WEIGHT.match(text)
    if not found:
        return usual, text
    worth = from_percent(found[1])
    if worth is None:
        basket.leave(block.item, f"{part}.credit", "credit", found[1])
        return usual, text[found.end() :]
    return worth, text[found.end() :]


def _why(basket: Basket, block: _Block, part: str, text: str, language: str) -> dict[str, Any]:
    words = _words(basket, block, f"{part}.why", text)
    return {"why": {language: words}} if words else {}


def _choice(basket: Basket, block: _Block, answers: str, language: str) -> dict[str, Any]:
    pieces = [piece.strip() for piece in re.split(r"~|(?==)", answers)]
    options: list[dict[str, Any]] = []
    for piece in (piece for piece in pieces if piece):
        part = f"options.{key_of(len(options))}"
        usual, piece = (Fraction(1), piece[1:]) if piece.startswith("=") else (Fraction(0), piece)
        worth, piece = _weighed(basket, block, part, piece.strip(), usual)
        words, _, why = piece.partition("#")
        option = {"key": key_of(len(options)), "text": {language: _words(basket, block, part, words)}, "credit": as_credit(worth)}
        options.append(option | _why(basket, block, part, why, language))
    return {"kind": "single" if "=" in answers else "multiple", "options": options}


def _true_false(basket: Basket, block: _Block, answers: str, right: bool, language: str) -> dict[str, Any]:
    _, wrong_why, right_why = [*answers.split("#", 2), "", ""][:3]
    options = []
    for key in ("true", "false"):
        good = (key == "true") == right
        option = {"key": key, "text": {language: TRUE_FALSE[key][language]}, "credit": [int(good), 1]}
        options.append(option | _why(basket, block, f"options.{key}", right_why if good else wrong_why, language))
    return {"kind": "true_false", "options": options}


def _short(basket: Basket, block: _Block, answers: str, language: str) -> dict[str, Any]:
    accepted = []
    for number, piece in enumerate(piece for piece in answers.split("=") if piece.strip()):
        part = f"accepted.{number + 1}"
        worth, piece = _weighed(basket, block, part, piece.strip(), Fraction(1))
        words, _, why = piece.partition("#")
        text = _words(basket, block, part, words)
        if "\\*" in text:
            basket.leave(block.item, part, "pattern", text)
        else:
            accepted.append({"text": text, "credit": as_credit(worth), **_why(basket, block, part, why, language)})
    return {"kind": "short", "accepted": accepted}


def _numeric(basket: Basket, block: _Block, answers: str, language: str) -> dict[str, Any]:
    answers, _, otherwise = answers.partition("~")
    if otherwise.strip():
        basket.leave(block.item, "accepted", "feedback", _show(otherwise).strip(" #\n"))
    accepted = []
    for number, piece in enumerate(piece for piece in answers.split("=") if piece.strip()):
        part = f"accepted.{number + 1}"
        worth, piece = _weighed(basket, block, part, piece.strip(), Fraction(1))
        words, _, why = piece.partition("#")
        value = accepted_number(_show(words))
        if value is None:
            basket.leave(block.item, part, "syntax", _show(words))
        else:
            accepted.append({**value, "credit": as_credit(worth), **_why(basket, block, part, why, language)})
    return {"kind": "numeric", "accepted": accepted}


def _matching(basket: Basket, block: _Block, answers: str, language: str) -> dict[str, Any]:
    left, right, pairs = list[dict[str, Any]](), dict[str, str](), list[list[str]]()
    for number, piece in enumerate(piece for piece in answers.split("=") if piece.strip()):
        one, arrow, other = piece.partition("->")
        if not arrow or not other.strip():
            basket.leave(block.item, f"pairs.{number + 1}", "syntax", _show(piece))
            continue
        goal = _words(basket, block, f"right.{key_of(len(right))}", other)
        key = right.setdefault(goal, key_of(len(right)))
        if one.strip():
            left.append({"key": key_of(len(left)), "text": {language: _words(basket, block, f"left.{key_of(len(left))}", one)}})
            pairs.append([left[-1]["key"], key])
    sides = [{"key": key, "text": {language: words}} for words, key in right.items()]
    return {"kind": "matching", "left": left, "right": sides, "pairs": pairs}


def _ordering(basket: Basket, block: _Block, answers: str, language: str) -> dict[str, Any]:
    head, _, rest = answers.partition("\n")
    if settings := head.strip("> "):  # how many are shown, how each place counts
        basket.leave(block.item, "scoring", "scoring", settings)
    items = [line for line in rest.split("\n") if line.strip()]
    options = [
        {"key": key_of(place), "text": {language: _words(basket, block, f"options.{key_of(place)}", line)}}
        for place, line in enumerate(items)
    ]
    return {"kind": "ordering", "options": options}
