"""Questions to Moodle XML: two languages as {mlang}, pictures inside the file."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final
from urllib.parse import quote

from lxml import etree

from showground.interchange.questions.carried import TRUE_FALSE, Carries, Media, carried, fitted, texts_of
from showground.interchange.questions.cloze import unsayable
from showground.interchange.questions.contract import Left, Question
from showground.interchange.questions.embedded import embedded
from showground.interchange.questions.gift_read import plain_category
from showground.interchange.questions.hardened import Element
from showground.interchange.questions.moodle_item import PLUGIN, is_picture
from showground.interchange.questions.percent import to_percent
from showground.interchange.questions.tongues import joined
from showground.interchange.questions.words import as_html, plain

_FILE_NAME: Final = re.compile(r"[^/\\\s][^/\\]{0,100}(?<!\s)")
_NO_XML: Final = re.compile("[\ufffe\uffff]")
CARRIES: Final = Carries(
    kinds=frozenset({"single", "multiple", "true_false", "short", "numeric", "matching", "ordering", "cloze"}),
    languages=2,
    fields=frozenset({"code", "title", "explanation", "media", "category", "tags", "fixed"}),
    details=frozenset({"why", "credit", "case"}),
    words=lambda text: _NO_XML.sub("", text).strip(),
    one_language=frozenset({"cloze"}),
)
_TYPES: Final = {
    "single": "multichoice", "multiple": "multichoice", "true_false": "truefalse", "short": "shortanswer", "numeric": "numerical",
    "matching": "matching", "ordering": "ordering", "cloze": "cloze",
}  # fmt: skip


def write(questions: Sequence[Question], *, language: str, media: Media | None = None) -> tuple[bytes, list[Left]]:
    """Returns a Moodle XML file, and what of the questions it cannot carry."""
    kept, left = fitted(questions, fit, language, media)
    root, category = etree.Element("quiz"), ""
    for question in kept:
        if question.get("category", "") != category:
            category = question.get("category", "")
            _text(_sub(root, "question", type="category"), "category", category)
        _Writer(root, question, media or {}, language).write()
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True), left


def fit(question: Question, language: str, media: Media) -> tuple[Question | None, list[Left]]:
    """Returns what Moodle XML can carry of a question."""
    kept, left = carried(question, CARRIES, language)
    if kept is None:
        return None, left
    kept, more = _fitted(kept, media, language)
    return kept, more if kept is None else [*left, *more]


def _fitted(question: Question, media: Media, language: str) -> tuple[Question | None, list[Left]]:
    """Takes off what Moodle's own rules make unreadable: names that read as the code, foreign media, marks of languages in words."""
    code, left = question["code"], list[Left]()
    if any(re.search(r"\{mlang|multilang", words, re.IGNORECASE) for _, text in texts_of(question) for words in text.values()):
        return None, [Left(code, "", "syntax", "{mlang}")]
    if any("\\*" in item.get("text", "") for item in question.get("accepted", [])):
        return None, [Left(code, "", "pattern", "\\*")]
    if question["kind"] == "numeric":
        _as_tolerance(question, left)
    for option in question["options"] if question["kind"] == "true_false" else ():
        if set(option["text"]) != set(question["text"]):
            left.append(Left(code, f"options.{option['key']}", "not_carried"))
            option["text"] = {language: TRUE_FALSE[option["key"]][language] for language in question["text"]}
    if "fixed" in question and question["kind"] not in {"single", "multiple"}:
        left.append(Left(code, "fixed", "unused"))
        del question["fixed"]
    if question.get("title") == {language: code}:
        left.append(Left(code, "title", "unused"))
        del question["title"]
    if "category" in question and plain_category(question["category"]) != question["category"]:
        left.append(Left(code, "category", "syntax", question.pop("category")))
    _pictures(question, media, left)
    if question["kind"] == "cloze" and (no := unsayable(question, language)):
        return None, [Left(code, "", *no)]
    return question, left


def _as_tolerance(question: Question, left: list[Left]) -> None:
    """Moodle knows no ranges: the same numbers are said as a middle and a tolerance."""
    for number, item in enumerate(question["accepted"]):
        if "low" in item:
            low, high = Fraction(item.pop("low")), Fraction(item.pop("high"))
            item |= {"value": _decimal((low + high) / 2), "tolerance": _decimal((high - low) / 2)}
            left.append(Left(question["code"], f"accepted.{number + 1}", "range", f"{item['value']} +- {item['tolerance']}"))


def _decimal(value: Fraction) -> str:
    """Returns a fraction whose denominator divides a power of ten as digits."""
    places = next(n for n in range(40) if (value * 10**n).denominator == 1)
    digits = str(abs(value.numerator * 10**places // value.denominator)).rjust(places + 1, "0")
    return ("-" if value < 0 else "") + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def _pictures(question: Question, media: Media, left: list[Left]) -> None:
    """Keeps pictures whose bytes are there; the words around them become HTML, which keeps no runs of spaces."""
    kept = list[dict[str, Any]]()
    for number, item in enumerate(question.get("media", [])):
        data = media.get(item["sha256"], ("", b""))[1]
        fields = {"kind", "sha256", "alt", "name"}
        if item["kind"] != "picture" or not is_picture(data) or any(one["sha256"] == item["sha256"] for one in kept):
            left.append(Left(question["code"], f"media.{number}", "picture" if item["kind"] == "picture" else "medium"))
            continue
        if set(item) - fields or not _FILE_NAME.fullmatch(item.get("name", "")):
            left.append(Left(question["code"], f"media.{number}", "unused", item.get("name", "")))
        name = item.get("name", "")
        kept.append({**{n: v for n, v in item.items() if n in fields}, "name": name if _FILE_NAME.fullmatch(name) else "picture"})
    if "media" in question:
        question["media"] = kept
    if not kept:
        question.pop("media", None)
        return
    for language, words in question["text"].items():
        flat = plain(as_html(words)).text
        if flat != words:
            left.append(Left(question["code"], f"text.{language}", "spaces"))
            question["text"][language] = flat


def _sub(parent: Element, tag: str, said: str = "", **attributes: str) -> Element:
    element = etree.SubElement(parent, tag, attributes)
    if said:
        element.text = said
    return element


def _text(parent: Element, tag: str, words: str, **attributes: str) -> Element:
    element = _sub(parent, tag, **attributes)
    _sub(element, "text").text = words
    return element


class _Writer:
    """Writes one question that Moodle XML can carry."""

    def __init__(self, root: Element, question: Question, media: Media, language: str) -> None:
        self.question, self.media, self.language = question, media, language
        self.element = _sub(root, "question", type=_TYPES[question["kind"]])

    def write(self) -> None:
        question, element = self.question, self.element
        _text(element, "name", self.said(question["title"]) if "title" in question else question["code"])
        self._asked()
        _text(
            element, "generalfeedback", self.said(question["explanation"]) if "explanation" in question else "", format="plain_text"
        )
        _sub(element, "defaultgrade", "1.0000000")
        _sub(element, "penalty", "0.0000000")
        _sub(element, "hidden", "0")
        _sub(element, "idnumber", question["code"])
        if write_kind := _OF_KIND.get(question["kind"]):
            write_kind(self)
        if question.get("tags"):
            tags = _sub(element, "tags")
            for tag in question["tags"]:
                _text(tags, "tag", tag)

    def said(self, text: Mapping[str, str], *, marked: bool = False) -> str:
        return joined(text, self.language, marked=marked)

    def _asked(self) -> None:
        question, pictures = self.question, self.question.get("media", [])
        if not pictures:
            words = embedded(question, self.language, str) if question["kind"] == "cloze" else self.said(question["text"])
            _text(self.element, "questiontext", words, format="moodle_auto_format" if question["kind"] == "cloze" else "plain_text")
            return
        marked = len({language for item in pictures for language in item["alt"]} | set(question["text"])) > 1
        if question["kind"] == "cloze":
            words = embedded(question, self.language, as_html)
        else:
            words = self.said({language: as_html(said) for language, said in question["text"].items()}, marked=marked)
        tags = []
        for number, item in enumerate(pictures):
            alt = as_html(self.said(item["alt"], marked=marked)).replace("<br>\n", "\n").replace('"', "&quot;")
            tags.append(f'<p><img src="{PLUGIN}/{number}/{quote(item["name"])}" alt="{alt}"></p>')
        holder = _text(self.element, "questiontext", f"<div>{words}</div>" + "".join(tags), format="html")
        for number, item in enumerate(pictures):
            file = _sub(holder, "file", name=item["name"], path=f"/{number}/", encoding="base64")
            file.text = base64.b64encode(self.media[item["sha256"]][1]).decode()

    def answers(self, items: Sequence[Mapping[str, Any]], words: Callable[[Mapping[str, Any]], str]) -> list[Element]:
        """Writes the answers with their fractions and reasons."""
        made = []
        for item in items:
            answer = _text(
                self.element, "answer", words(item), fraction=to_percent(Fraction(*item.get("credit", [1, 1]))), format="plain_text"
            )
            _text(answer, "feedback", self.said(item["why"]) if "why" in item else "", format="plain_text")
            made.append(answer)
        return made

    def choice(self) -> None:
        _sub(self.element, "single", str(self.question["kind"] == "single").lower())
        _sub(self.element, "shuffleanswers", "false" if self.question.get("fixed") else "true")
        _sub(self.element, "answernumbering", "none")
        self.answers(self.question["options"], lambda item: self.said(item["text"]))

    def true_false(self) -> None:
        self.answers(self.question["options"], lambda item: str(item["key"]))

    def short(self) -> None:
        _sub(self.element, "usecase", str(int(bool(self.question.get("case")))))
        self.answers(self.question["accepted"], lambda item: str(item["text"]))

    def numeric(self) -> None:
        for item, answer in zip(
            self.question["accepted"], self.answers(self.question["accepted"], lambda item: str(item["value"])), strict=True
        ):
            _sub(answer, "tolerance", item["tolerance"])

    def matching(self) -> None:
        goals = {item["key"]: self.said(item["text"]) for item in self.question["right"]}
        asked = {item["key"]: self.said(item["text"]) for item in self.question["left"]}
        needed = {other for _, other in self.question["pairs"]}
        rows = [(asked[one], goals[other]) for one, other in self.question["pairs"]]
        for one, other in [*rows, *(("", goal) for key, goal in goals.items() if key not in needed)]:
            sub = _text(self.element, "subquestion", one, format="plain_text")
            _text(sub, "answer", other)

    def ordering(self) -> None:
        for option in self.question["options"]:
            _text(self.element, "answer", self.said(option["text"]), fraction="100", format="plain_text")


_OF_KIND: Final[dict[str, Callable[[_Writer], None]]] = {
    "single": _Writer.choice,
    "multiple": _Writer.choice,
    "true_false": _Writer.true_false,
    "short": _Writer.short,
    "numeric": _Writer.numeric,
    "matching": _Writer.matching,
    "ordering": _Writer.ordering,
}
