"""Moodle XML to questions: every element of every question is taken, or left by name."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Final

from showground.interchange.questions.carried import TRUE_FALSE
from showground.interchange.questions.cloze import read_cloze
from showground.interchange.questions.contract import Basket, Question, Taken, Unreadable, key_of
from showground.interchange.questions.gift_read import plain_category
from showground.interchange.questions.hardened import Element, parse_xml
from showground.interchange.questions.moodle_item import Item, path_of
from showground.interchange.questions.numbers import as_decimal
from showground.interchange.questions.percent import from_percent
from showground.interchange.questions.words import decode, plain
from showground.rules.questions import as_credit

# What every question has and what is said elsewhere or says nothing: its number of penalty points, how its options are numbered.
_COMMON: Final = frozenset("name questiontext generalfeedback idnumber tags answer defaultgrade penalty hidden hint".split())
_FEEDBACK: Final = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
_QUIET: Final[dict[str, frozenset[str]]] = {
    "multichoice": frozenset({"single", "shuffleanswers", *_FEEDBACK}),
    "truefalse": frozenset(),
    "shortanswer": frozenset({"usecase"}),
    "numerical": frozenset({"units", "tolerance"}),
    "matching": frozenset({"subquestion", "shuffleanswers", *_FEEDBACK}),
    "cloze": frozenset(),
    "multianswer": frozenset(),
    "ordering": frozenset(_FEEDBACK),
}
# Settings at which Moodle leaves them: they say nothing, so nothing is lost.
_USUAL: Final = {
    "answernumbering": {"abc", "none", ""}, "showstandardinstruction": {"0", "1"}, "shownumcorrect": {""}, "unitgradingtype": {"0"},
    "unitpenalty": {"0", "0.1", "0.1000000"}, "showunits": {"3"}, "unitsleft": {"0"}, "layouttype": {"VERTICAL", "0"},
    "selecttype": {"ALL", "0"}, "selectcount": {"0"}, "gradingtype": {"ABSOLUTE_POSITION", "0"}, "showgrading": {"SHOW", "1", "HIDE", "0"},
    "numberingstyle": {"none", "abc"},
}  # fmt: skip


def read(data: bytes, *, language: str, name: str = "") -> Taken:
    """Returns the questions of a Moodle XML file."""
    basket, root, category, number = Basket("moodle_xml"), parse_xml(data), "", 0
    if guessed := decode(data)[1]:
        basket.leave("", "file", "encoding_guessed", guessed)
    if root.tag != "quiz":
        raise Unreadable("unknown_format", str(root.tag))
    for element in root:
        if element.tag != "question":
            basket.leave("", str(element.tag), "unused")
        elif element.get("type") == "category":
            category = plain_category(element.findtext("category/text") or "")
            if info := (element.findtext("info/text") or "").strip():
                basket.leave(category, "category", "not_carried", info)
        elif not basket.full():
            number += 1
            _read_question(Item(basket, element, number, language), category)
    return basket.taken()


def _read_question(item: Item, category: str) -> None:
    element, kind = item.element, item.kind
    if kind not in _QUIET:
        item.leave("", "kind", kind)
        return
    code = (element.findtext("idnumber") or "").strip()
    question: Question = {"code": code, "category": category, "tags": _tags(element)}
    question["title"] = item.said("title", element.find("name"), format="plain_text")
    if code and question["title"] == {item.language: code}:
        question["title"] = {}
    question["explanation"] = item.said("explanation", element.find("generalfeedback"))
    _leave_rest(item)
    if kind not in _OF_TYPE:
        _cloze(item, question)
        return
    question["text"] = item.said("text", element.find("questiontext"), pictures=True)
    question["media"], item.spoken = item.shown(), set(question["text"])
    own = _OF_TYPE[kind](item)
    if (element.findtext("shuffleanswers") or "1").strip() in {"0", "false"} and kind == "multichoice":
        question["fixed"] = True
    item.basket.take({name: value for name, value in {**question, **own}.items() if value or name == "code"}, item.name)


def _tags(element: Element) -> list[str]:
    return [tag for found in element.findall("tags/tag") if (tag := (found.findtext("text") or "").strip())]


def _leave_rest(item: Item) -> None:
    """Notes every element that no reader looks at, and settings that are not the usual ones."""
    element = item.element
    for child in element:
        tag, value = str(child.tag), " ".join("".join(map(str, child.itertext())).split())
        if tag in _FEEDBACK:
            if value:
                item.leave(tag, "feedback", value)
        elif tag == "hint":
            item.leave("hint", "hint", value)
        elif tag not in _COMMON | _QUIET[item.kind] and value not in _USUAL.get(tag, {""}):
            item.leave(tag, "unused", value)
    if (grade := as_decimal(element.findtext("defaultgrade") or "1")) and float(grade) != 1:
        item.leave("defaultgrade", "scoring", grade)
    if (element.findtext("hidden") or "0").strip() == "1":
        item.leave("hidden", "draft")


def _answers(item: Item, *, words: bool = True) -> list[tuple[Element, dict[str, Any]]]:
    """Returns each answer with its credit and reason; a fraction that is none is noted and worth nothing."""
    found = []
    for number, answer in enumerate(item.element.findall("answer")):
        part = f"options.{key_of(number)}" if words else f"accepted.{number + 1}"
        worth = from_percent(answer.get("fraction", "0"))
        if worth is None:
            item.leave(f"{part}.credit", "credit", answer.get("fraction"))
        kept: dict[str, Any] = {"credit": as_credit(worth or Fraction(0))}
        if why := item.said(f"{part}.why", answer.find("feedback")):
            kept["why"] = why
        found.append((answer, kept))
    return found


def _multichoice(item: Item) -> Question:
    options = [
        {"key": key_of(n), "text": item.said(f"options.{key_of(n)}", answer), **kept}
        for n, (answer, kept) in enumerate(_answers(item))
    ]
    several = (item.element.findtext("single") or "true").strip().lower() in {"false", "0"}
    return {"kind": "multiple" if several else "single", "options": options}


def _true_false(item: Item) -> Question:
    options: dict[str, dict[str, Any]] = {
        key: {"key": key, "text": {item.language: words[item.language]}, "credit": [0, 1]} for key, words in TRUE_FALSE.items()
    }
    for answer, kept in _answers(item):
        said = (answer.findtext("text") or "").strip().lower()
        if said in options:
            options[said] |= kept
        else:
            item.leave("options", "unused", said)
    for key, option in options.items():
        option["text"] = {language: TRUE_FALSE[key][language] for language in item.spoken or {item.language}}
    return {"kind": "true_false", "options": list(options.values())}


def _short(item: Item) -> Question:
    accepted = []
    for number, (answer, kept) in enumerate(_answers(item, words=False)):
        text = (answer.findtext("text") or "").strip()
        if "\\*" in text:
            item.leave(f"accepted.{number + 1}", "pattern", text)
        else:
            accepted.append({"text": text, **kept})
    return {"kind": "short", "accepted": accepted, "case": (item.element.findtext("usecase") or "0").strip() == "1"}


def _numerical(item: Item) -> Question:
    accepted = []
    for number, (answer, kept) in enumerate(_answers(item, words=False)):
        text = (answer.findtext("text") or "").strip()
        value, tolerance = as_decimal(text), as_decimal((answer.findtext("tolerance") or "0").strip() or "0")
        if value is not None and tolerance is not None:
            accepted.append({"value": value, "tolerance": tolerance, **kept})
        else:
            item.leave(f"accepted.{number + 1}", "feedback" if text == "*" else "syntax", text)
    for unit in item.element.findall("units/unit"):
        item.leave("units", "units", unit.findtext("unit_name") or "")
    return {"kind": "numeric", "accepted": accepted}


def _matching(item: Item) -> Question:
    left, right, pairs = list[dict[str, Any]](), list[dict[str, Any]](), list[list[str]]()
    for number, sub in enumerate(item.element.findall("subquestion")):
        goal = item.said(f"right.{number + 1}", sub.find("answer"), format="plain_text")
        side = next((one for one in right if one["text"] == goal), None)
        if side is None:
            side = {"key": key_of(len(right)), "text": goal}
            right.append(side)
        if asked := item.said(f"left.{number + 1}", sub):
            left.append({"key": key_of(len(left)), "text": asked})
            pairs.append([left[-1]["key"], side["key"]])
    return {"kind": "matching", "left": left, "right": right, "pairs": pairs}


def _ordering(item: Item) -> Question:
    options = []
    for number, answer in enumerate(item.element.findall("answer")):
        options.append({"key": key_of(number), "text": item.said(f"options.{key_of(number)}", answer)})
        if (answer.findtext("feedback/text") or "").strip():
            item.leave(f"options.{key_of(number)}.why", "feedback", answer.findtext("feedback/text"))
    return {"kind": "ordering", "options": options}


def _cloze(item: Item, question: Question) -> None:
    """Takes a question with embedded answers; pictures are found in its markup before the answers are."""
    holder = item.element.find("questiontext")
    raw = "" if holder is None else holder.findtext("text") or ""
    format = "plain_text" if holder is None else holder.get("format") or "moodle_auto_format"
    if holder is not None and format == "html":
        files = {path_of(file): file for file in holder.findall("file")}
        for address, alt in plain(raw).pictures:
            item.picture("text", address, alt, item.language, files)
        for name in files:
            item.leave("text", "medium", name)
        raw = re.sub(r"<img\b[^>]*>", "", raw, flags=re.IGNORECASE)
    known = {**question, "media": item.shown()}
    read_cloze(
        item.basket,
        item.name,
        raw,
        item.language,
        format,
        {name: value for name, value in known.items() if value or name == "code"},
    )


_OF_TYPE: Final = {
    "multichoice": _multichoice,
    "truefalse": _true_false,
    "shortanswer": _short,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
}
