"""A question as a QTI item, one item for each of its languages; what QTI has no word for travels as classes and notes to the author.

The words of a language that a question lacks stand in the other one, marked so. What cannot be carried is noted by `Writer.left`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from showground.interchange.questions.contract import Left
from showground.interchange.questions.hardened import Element
from showground.interchange.questions.qti_media import Medium, size
from showground.interchange.questions.qti_processing import processing
from showground.interchange.questions.qti_scoring import declarations, feedback, worth
from showground.interchange.questions.qti_xml import EXACT, LANG, MINE, TEMPLATES, fraction, node, number
from showground.rules.questions import GAP, LANGUAGES, Question, Text, texts
from showground.rules.records import canonical, sha256_hex

NOTES: Final = ("source", "category", "channel", "premise", "enough")
VERDICT: Final[dict[str, dict[str, str]]] = {
    "trick": {"en": "This is a trick.", "zh": "这是骗局。"},
    "genuine": {"en": "This is genuine.", "zh": "这是真的。"},
}
MARK: Final = {"en": "Mark every line that gives it away.", "zh": "标出所有露出破绽的地方。"}
_UNFIT: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ODD: Final = re.compile(r"\A[ \n]|[ \n]\Z|  |[\t\r]| \n|\n ")


def languages(question: Question) -> list[str]:
    """Returns the languages in which any text of a question is written."""
    said = {language for _, text in texts(question) for language in text}
    said |= {language for _, text in feedback(question) for language in text if language}
    return [language for language in LANGUAGES if language in said]


def fit(value: Any) -> Any:
    """Returns a value without the few characters that XML cannot write."""
    if isinstance(value, str):
        return _UNFIT.sub("", value)
    if isinstance(value, list):
        return [fit(one) for one in value]
    return {name: fit(one) for name, one in value.items()} if isinstance(value, dict) else value


def fill(element: Element, words: str, gaps: Mapping[str, Element] | None = None, *, breaks: bool = True) -> Element:
    """Puts words into an element: line breaks as <br/>, gaps in their places; odd spaces are kept by the class `exact`."""
    exact = bool(_ODD.search(words)) or (not breaks and "\n" in words)
    if exact:
        element.set("class", " ".join(part for part in (element.get("class", ""), EXACT) if part))
    for part in re.split(r"(\{\{g[0-9]{1,3}\}\}|\n)", words):
        gap = GAP.fullmatch(part)
        if gaps and gap:
            element.append(gaps[gap[1]])
        elif part == "\n" and not exact:
            element.append(node("br"))
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + part
        else:
            element.text = (element.text or "") + part
    return element


class Writer:
    """Writes one question in one language: `item()` is the tree, `left` what it does not say."""

    def __init__(self, question: Question, language: str, version: str, media: Mapping[str, Medium]) -> None:
        self.question, self.language, self.version = question, language, version
        self.media, self.left = media, list[Left]()

    def _leave(self, part: str, reason: str, detail: str = "") -> None:
        self.left.append(Left(self.question["code"], part, reason, detail))

    def item(self) -> Element:
        """Returns the whole item under plain QTI 2.x names."""
        question = self.question
        rules = processing(question)
        if template := rules.get("template"):
            rules.set("template", f"{TEMPLATES[self.version]}{template}{'.xml' if self.version == '3.0' else ''}")
        self._check_credits()
        title = question.get("title", {}).get(self.language, question["code"])
        return node(
            "assessmentItem",
            *declarations(question),
            self._body(),
            rules,
            *(self._modal(name, text) for name, text in feedback(question)),
            identifier=f"{question['code']}.{self.language}",
            title=title,
            label=question["code"],
            lang=self.language,
            adaptive=False,
            timeDependent=False,
            toolName="Showground",
        )

    def _check_credits(self) -> None:
        holders = [("", self.question), *((f"gaps.{gap['key']}.", gap) for gap in self.question.get("gaps", []))]
        for before, holder in holders:
            for field in ("options", "accepted"):
                for n, option in enumerate(holder.get(field, []), 1):
                    if "credit" in option and fraction(number(worth(option))) != worth(option):
                        self._leave(f"{before}{field}.{option.get('key', n)}.credit", "credit", "rounded")

    # ---- words ----

    def _text(
        self, tag: str, text: Text, gaps: Mapping[str, Element] | None = None, *, breaks: bool = True, **more: Any
    ) -> Element:
        language = self.language if self.language in text else next(iter(text))
        element = fill(node(tag, **more), text[language], gaps, breaks=breaks)
        if language and language != self.language:
            element.set(LANG, language)
        return element

    def _modal(self, name: str, text: Text) -> Element:
        return node("modalFeedback", self._text("p", text), outcomeIdentifier="FEEDBACK", identifier=name, showHide="show")

    # ---- the body ----

    def _body(self) -> Element:
        kind = self.question["kind"]
        shown = {
            "short": self._typed, "numeric": self._typed, "cloze": self._cloze,
            "matching": self._matching, "ordering": self._ordering, "phish": self._phish,
        }.get(kind, self._choice)  # fmt: skip
        before, picture, after = self._media()
        hot = self._areas() and picture is not None
        if picture is not None and not hot:
            before = [*before, self._medium(*picture)]
        content = self._hotspots(picture) if hot and picture is not None else shown()
        return node("itemBody", *self._notes(), *before, *content, *after, class_=MINE + kind)

    def _notes(self) -> list[Element]:
        """What only authors need, as a rubric for authors."""
        question = self.question
        said = [(name, str(question[name])) for name in NOTES if question.get(name)]
        said += [("tag", tag) for tag in question.get("tags", [])]
        if question.get("fixed"):
            said.append(("fixed", "yes"))
        title = question.get("title", {})
        if title.get(self.language) == question["code"]:
            said.append(("title", title[self.language]))
        paragraphs = [fill(node("p", class_=MINE + name), words) for name, words in said]
        return [node("rubricBlock", *paragraphs, view="author", use="ext:notes")] if paragraphs else []

    def _prompt(self) -> Element:
        return self._text("prompt", self.question["text"])

    def _shuffled(self) -> bool:
        return not self.question.get("fixed") and self.question["kind"] != "true_false"

    def _choices(self) -> int:
        return 0 if self.question["kind"] == "multiple" else 1

    def _choice(self) -> list[Element]:
        shown = [self._text("simpleChoice", option["text"], identifier=option["key"]) for option in self.question["options"]]
        about = {"responseIdentifier": "RESPONSE", "shuffle": self._shuffled(), "maxChoices": self._choices()}
        return [node("choiceInteraction", self._prompt(), *shown, **about)]

    def _ordering(self) -> list[Element]:
        """The options stand in an order that depends on their words only."""
        options = sorted(self.question["options"], key=lambda option: sha256_hex(canonical(option["text"])))
        shown = [self._text("simpleChoice", option["text"], identifier=option["key"]) for option in options]
        return [node("orderInteraction", self._prompt(), *shown, responseIdentifier="RESPONSE", shuffle=True)]

    def _matching(self) -> list[Element]:
        sides = []
        for side, most in (("left", 1), ("right", 0)):
            named = [(side[0].upper() + "." + item["key"], item["text"]) for item in self.question[side]]
            shown = [self._text("simpleAssociableChoice", text, identifier=name, matchMax=most) for name, text in named]
            sides.append(node("simpleMatchSet", *shown))
        about = {"responseIdentifier": "RESPONSE", "shuffle": self._shuffled(), "maxAssociations": len(self.question["left"])}
        return [node("matchInteraction", self._prompt(), *sides, **about)]

    def _typed(self) -> list[Element]:
        return [
            self._text("p", self.question["text"], class_=MINE + "text"),
            node("p", node("textEntryInteraction", responseIdentifier="RESPONSE")),
        ]

    def _cloze(self) -> list[Element]:
        gaps = {gap["key"]: self._gap(gap) for gap in self.question["gaps"]}
        return [self._text("p", self.question["text"], gaps, class_=MINE + "text")]

    def _gap(self, gap: dict[str, Any]) -> Element:
        if gap["kind"] != "single":
            return node("textEntryInteraction", responseIdentifier=gap["key"])
        shown = [self._text("inlineChoice", option["text"], breaks=False, identifier=option["key"]) for option in gap["options"]]
        return node("inlineChoiceInteraction", *shown, responseIdentifier=gap["key"], shuffle=self._shuffled())

    def _phish(self) -> list[Element]:
        verdicts = [node("simpleChoice", words[self.language], identifier=name) for name, words in VERDICT.items()]
        asked = node("choiceInteraction", self._prompt(), *verdicts, responseIdentifier="VERDICT", shuffle=False, maxChoices=1)
        lines = [
            node("p", self._text("hottext", line["text"], identifier=line["key"]), class_=f"{MINE}line {MINE}{line['role']}")
            for line in self.question["lines"]
        ]
        marked = node("hottextInteraction", node("prompt", MARK[self.language]), *lines, responseIdentifier="MARKS", maxChoices=0)
        return [asked, marked]

    # ---- media ----

    def _areas(self) -> bool:
        """Tells whether every option has its area; areas of some options only have no place."""
        options = self.question.get("options", [])
        areas = [option for option in options if "area" in option]
        if areas and len(areas) < len(options):
            for option in areas:
                self._leave(f"options.{option['key']}.area", "not_carried", "only some options have an area")
        return bool(areas) and len(areas) == len(options)

    def _media(self) -> tuple[list[Element], tuple[dict[str, Any], Medium] | None, list[Element]]:
        """Returns the media before the first picture, that picture, and those after it; those without a file are noted."""
        before, first, after = list[Element](), None, list[Element]()
        lost = False
        for n, item in enumerate(self.question.get("media", [])):
            medium = self.media.get(item["sha256"])
            if medium is None:
                lost = lost or item["kind"] == "picture"
                self._leave(f"media.{n}", "picture" if item["kind"] == "picture" else "medium", "no file was given")
            elif item["kind"] == "picture" and first is None and not lost:
                first = (item, medium)
            else:
                (after if first else before).append(self._medium(item, medium))
        if lost and first is None:
            for option in self.question.get("options", []):
                if "area" in option:
                    self._leave(f"options.{option['key']}.area", "picture", "no file was given")
        return before, first, after

    def _medium(self, item: dict[str, Any], medium: Medium) -> Element:
        words = item["alt" if item["kind"] == "picture" else "transcript"]
        about = {"label": item.get("name"), "class_": None}
        if item["kind"] == "picture":
            language = self.language if self.language in words else next(iter(words))
            lang = None if language == self.language else language
            shown = node("img", src=f"../{medium.path}", alt=words[language], lang=lang, **about)
            return node("div", shown, class_=MINE + "picture")
        if self.version == "3.0":
            source = node("source", src=f"../{medium.path}", type=medium.mime)
            shown = node(item["kind"], source, controls=True, **about)
        else:
            shown = node("object", data=f"../{medium.path}", type=medium.mime, **about)
        transcript = self._text("p", words, class_=MINE + "transcript")
        return node("div", shown, transcript, class_=MINE + item["kind"])

    def _hotspots(self, picture: tuple[dict[str, Any], Medium]) -> list[Element]:
        """The picture with its areas, each with the words that say the same; the shorter side is 1000 pixels, so nothing is rounded."""
        item, medium = picture
        wide, high = size(medium.data) or (1000, 1000)
        scale = 1000 / min(wide, high)
        wide, high = round(wide * scale), round(high * scale)
        shown = self._text("object", item["alt"], data=f"../{medium.path}", type=medium.mime, width=wide, height=high)
        if "name" in item:
            shown.set("label", item["name"])
        spots = [self._spot(option, wide, high) for option in self.question["options"]]
        about = {"responseIdentifier": "RESPONSE", "maxChoices": self._choices()}
        return [node("hotspotInteraction", self._prompt(), shown, *spots, **about)]

    def _spot(self, option: dict[str, Any], wide: int, high: int) -> Element:
        left, top, width, height = option["area"]
        edges = (left * wide, top * high, (left + width) * wide, (top + height) * high)
        coords = ",".join(str(round(edge / 1000)) for edge in edges)
        language = self.language if self.language in option["text"] else next(iter(option["text"]))
        lang = None if language == self.language else language
        label = option["text"][language]
        return node("hotspotChoice", identifier=option["key"], shape="rect", coords=coords, hotspotLabel=label, lang=lang)
