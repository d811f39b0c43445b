"""Moodle XML to questions: every element of every question is taken, or left by name."""

from __future__ import annotations

import base64
import binascii
import re
from fractions import Fraction
from typing import Any, Final
from urllib.parse import quote, unquote

from showground.interchange.questions import tongues
from showground.interchange.questions.carried import TRUE_FALSE
from showground.interchange.questions.cloze import read_cloze
from showground.interchange.questions.contract import MOST_MEDIA_BYTES, Basket, Question, Taken, Unreadable, key_of
from showground.interchange.questions.gift_read import plain_category
from showground.interchange.questions.hardened import Element, parse_xml
from showground.interchange.questions.numbers import as_decimal
from showground.interchange.questions.percent import from_percent
from showground.interchange.questions.words import decode, moodle_words, plain
from showground.rules.questions import as_credit

Text = dict[str, str]
PLUGIN: Final = "@@PLUGINFILE@@"
_MAGIC: Final = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"RIFF", "webp"))
_DATA: Final = re.compile(r"data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]+)")
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


class _Item:
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
        files = {_path(file): file for file in holder.findall("file")}
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


def _path(file: Element) -> str:
    return f"{file.get('path', '/')}/{file.get('name', '')}".replace("//", "/").lstrip("/")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def is_picture(data: bytes) -> bool:
    """Tells whether bytes begin as a picture that the bank can take."""
    return any(data.startswith(magic) for magic, _ in _MAGIC)


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
            _read_question(_Item(basket, element, number, language), category)
    return basket.taken()


def _read_question(item: _Item, category: str) -> None:
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


def _leave_rest(item: _Item) -> None:
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


def _answers(item: _Item, *, words: bool = True) -> list[tuple[Element, dict[str, Any]]]:
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


def _multichoice(item: _Item) -> Question:
    options = [
        {"key": key_of(n), "text": item.said(f"options.{key_of(n)}", answer), **kept}
        for n, (answer, kept) in enumerate(_answers(item))
    ]
    several = (item.element.findtext("single") or "true").strip().lower() in {"false", "0"}
    return {"kind": "multiple" if several else "single", "options": options}


def _true_false(item: _Item) -> Question:
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


def _short(item: _Item) -> Question:
    accepted = []
    for number, (answer, kept) in enumerate(_answers(item, words=False)):
        text = (answer.findtext("text") or "").strip()
        if "\\*" in text:
            item.leave(f"accepted.{number + 1}", "pattern", text)
        else:
            accepted.append({"text": text, **kept})
    return {"kind": "short", "accepted": accepted, "case": (item.element.findtext("usecase") or "0").strip() == "1"}


def _numerical(item: _Item) -> Question:
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


def _matching(item: _Item) -> Question:
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


def _ordering(item: _Item) -> Question:
    options = []
    for number, answer in enumerate(item.element.findall("answer")):
        options.append({"key": key_of(number), "text": item.said(f"options.{key_of(number)}", answer)})
        if (answer.findtext("feedback/text") or "").strip():
            item.leave(f"options.{key_of(number)}.why", "feedback", answer.findtext("feedback/text"))
    return {"kind": "ordering", "options": options}


def _cloze(item: _Item, question: Question) -> None:
    """Takes a question with embedded answers; pictures are found in its markup before the answers are."""
    holder = item.element.find("questiontext")
    raw = "" if holder is None else holder.findtext("text") or ""
    format = "plain_text" if holder is None else holder.get("format") or "moodle_auto_format"
    if holder is not None and format == "html":
        files = {_path(file): file for file in holder.findall("file")}
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
