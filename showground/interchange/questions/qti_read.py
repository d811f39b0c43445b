"""A QTI item as questions of ours: of 2.0 to 3.0, of other systems and our own, and what of it was not taken.

An item with several interactions gives several questions, or one with gaps if they stand in a sentence. The rules for scoring are
compared with what the question would have been written as: if they say the same, nothing is noted; else what was not understood is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from showground.interchange.questions.hardened import Element
from showground.interchange.questions.qti_after import place_words
from showground.interchange.questions.qti_ask import BLOCK, INLINE, Asked, NotTaken
from showground.interchange.questions.qti_body import Reading, keep_feedback, language_of, show
from showground.interchange.questions.qti_declared import Declared
from showground.interchange.questions.qti_gaps import Gaps, around, joined
from showground.interchange.questions.qti_processing import processing
from showground.interchange.questions.qti_rules import scoring_of
from showground.interchange.questions.qti_write import NOTES
from showground.interchange.questions.qti_xml import LANG, MINE, classes, fraction, mine, same
from showground.rules.questions import KINDS, ROLES, Question, Text

_PARTS: Final = frozenset("responseDeclaration outcomeDeclaration itemBody responseProcessing modalFeedback".split())
_OTHER: Final = {
    "stylesheet": "style", "assessmentStimulusRef": "reference", "companionMaterialsInfo": "reference", "templateDeclaration": "template",
    "templateProcessing": "template",
}  # fmt: skip


@dataclass
class Item:
    """What one item file gave: questions without media hashes kept apart, notes, media as (name, bytes), and who it is."""

    name: str
    code: str
    language: str
    questions: list[Question] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    blobs: list[tuple[str, bytes]] = field(default_factory=list)


def read_item(root: Element, language: str, path: str = "", files: Mapping[str, bytes] | None = None) -> Item:
    """Returns what an assessmentItem gives; `language` is for items that do not say theirs."""
    name = str(root.get("identifier") or root.get("title") or path)
    tag = str(root.get(LANG) or "")
    reading = Reading(language_of(tag) or language, path, _own(root), files or {})
    if tag and not language_of(tag):
        reading.note("text", "language", tag)
    item = Item(name, name, reading.language)
    if reading.own:
        item.code = str(root.get("label") or name)
    try:
        item.questions = _Reader(root, reading, item.code).questions()
    except NotTaken as no:
        reading.note(no.part, no.reason, no.detail)
    except Exception as crash:  # one item that we did not foresee does not stop the others of its package
        reading.note("", "crashed", type(crash).__name__)
    item.notes, item.blobs = list(reading.notes), reading.blobs
    return item


def _own(root: Element) -> str:
    """Returns the kind that an item of ours names; "" for items of others."""
    body = root.find("itemBody")
    if body is None or root.get("toolName") != "Showground":
        return ""
    return next((kind for kind in KINDS if mine(body, kind)), "")


class _Reader:
    def __init__(self, root: Element, reading: Reading, code: str) -> None:
        self.root, self.reading, self.code = root, reading, code
        self.declared = {d.identifier: d for d in (Declared.of(one) for one in root.iter("responseDeclaration"))}
        self.rules = root.find("responseProcessing")
        self.scoring = scoring_of(self.rules, self.declared, _defaults(root))
        self.asked = Asked(reading, self.declared, self.scoring)
        self.gaps = Gaps(self.asked, self._body_media)
        self.shown = False  # whether the picture under the areas of our own item could be had

    def questions(self) -> list[Question]:
        self._head()
        body = self.root.find("itemBody")
        if body is None:
            raise NotTaken("", "no_answer")
        for element in self.root.iter("modalFeedback"):
            keep_feedback(self.reading, element)
        if self.reading.own == "phish":
            made = [self._phish(body)]
        else:
            made = self._parts(body)
        for question in made:
            self._about(question, body)
        place_words(made, self.asked)
        self._check(made)
        return made

    def _head(self) -> None:
        if self.root.get("adaptive") in {"true", "1"}:
            raise NotTaken("", "adaptive")
        if self.root.get("timeDependent") in {"true", "1"}:
            self.reading.note("timeDependent", "limit")
        for element in self.root:
            if element.tag not in _PARTS:
                about = str(element.get("href") or element.get("identifier") or "")
                self.reading.note(str(element.tag), _OTHER.get(str(element.tag), "unused"), about)
        if self.root.find("templateDeclaration") is not None:
            raise NotTaken("", "template")
        for outcome in self.root.iter("matchTable", "interpolationTable"):
            self.reading.note(str(outcome.tag), "scoring")

    # ---- interactions ----

    def _parts(self, body: Element) -> list[Question]:
        """Returns a question for each interaction of a block, and one for all that stand in sentences."""
        found = [one for one in body.iter() if str(one.tag).endswith("Interaction") and not _within(one, body)]
        inline = [one for one in found if one.tag in INLINE]
        gapped = [one for one in found if one.tag == "gapMatchInteraction"]
        blocks = [one for one in found if one.tag in BLOCK]
        for one in found:
            self._other(one)
        makers = [(self.gaps.inline, body, inline)] if inline else []
        made = self._made(
            [*((self._block, body, [one]) for one in blocks), *makers, *((self.gaps.match, body, [o]) for o in gapped)]
        )
        if not made:
            raise NotTaken("", "no_answer", "none of its interactions is taken" if found else "no interaction")
        if len(made) > 1:
            self.reading.note("itemBody", "several", f"{len(made)} questions made of it")
        return made

    def _made(self, makers: list[Any]) -> list[Question]:
        made = []
        for maker, body, elements in makers:
            try:
                made.append(maker(body, elements))
            except NotTaken as no:
                self.reading.note(f"{elements[0].tag} {no.part}".strip(), no.reason, no.detail)
        return made

    def _other(self, element: Element) -> None:
        tag = str(element.tag)
        if tag == "mediaInteraction":
            for one in element:
                if one.tag in {"object", "audio", "video"}:
                    show(self.reading, one)
            self.reading.note(tag, "limit", "how often it is played")
        elif tag == "endAttemptInteraction":
            self.reading.note(tag, "hint", element.get("title", ""))
        elif tag not in BLOCK | INLINE | {"gapMatchInteraction"}:
            kind = str(
                element.get("class") or element.get("customInteractionTypeIdentifier") or element.get("responseIdentifier") or ""
            )
            self.reading.note(tag, "kind", kind)

    def _block(self, body: Element, elements: list[Element]) -> Question:
        [element] = elements
        read = {
            "choiceInteraction": self.asked.choice, "orderInteraction": self.asked.order, "matchInteraction": self.asked.match,
            "hotspotInteraction": self.asked.hotspot, "hottextInteraction": self.asked.hottext,
        }[str(element.tag)]  # fmt: skip
        text = self._text(body, element)
        made = read(element)
        if element.tag == "hotspotInteraction":
            if not (self.shown if self.reading.own else self._picture(element)):
                for option in made["options"]:
                    if option.pop("area", None):
                        self.reading.note(f"options.{option['key']}.area", "picture")
        return {"text": text, **made}

    def _picture(self, element: Element) -> bool:
        shown = next((one for one in element if one.tag in {"object", "img", "picture"}), None)
        return shown is not None and show(self.reading, shown) is not None

    def _text(self, body: Element, element: Element) -> Text:
        """Returns the words around all interactions, then those of this one."""
        prompt = element.find("prompt")
        asked = self.reading.text(prompt) if prompt is not None else {}
        passage: Text = {}
        if element.tag == "hottextInteraction":
            whole = [self.reading.text(one) for one in element if one.tag != "prompt"]
            passage = joined(self.reading, whole)
        if self.reading.own and asked:
            self._body_media(body)
            return asked
        return joined(self.reading, [around(self.reading, body), asked, passage])

    def _body_media(self, body: Element) -> None:
        """Keeps the media of an item of ours in their order: they stand in blocks of their own, or under areas."""
        for block in body:
            if block.tag == "hotspotInteraction":
                self.shown = self._picture(block)
            if any(mine(block, kind) for kind in ("picture", "audio", "video")):
                for one in block:
                    if one.tag in {"img", "object", "audio", "video"}:
                        show(self.reading, one)

    def _phish(self, body: Element) -> Question:
        """Returns the message of an item of ours: the verdict, and each line with its part in the message."""
        verdict, marks = self.declared.get("VERDICT"), self.declared.get("MARKS")
        asked = next((one for one in body.iter("choiceInteraction")), None)
        prompt = asked.find("prompt") if asked is not None else None
        if verdict is None or marks is None or prompt is None:
            raise NotTaken("", "syntax", "a message without its verdict or its marks")
        self._body_media(body)
        cues = {name for name, worth, _ in marks.entries if worth > 0}
        lines = list[dict[str, Any]]()
        for place in body.iter("p"):
            text = place.find("hottext")
            role = next((role for role in ROLES if mine(place, role)), "")
            if text is not None and mine(place, "line"):
                key = str(text.get("identifier", ""))
                lines.append({"key": key, "role": role, "text": self.reading.text(text), **({"cue": True} if key in cues else {})})
        self.asked.named["MARKS"] = {str(line["key"]): line for line in lines}
        return {"kind": "phish", "text": self.reading.text(prompt), "trick": verdict.correct == ["trick"], "lines": lines}

    # ---- what a question may have besides ----

    def _about(self, question: Question, body: Element) -> None:
        title = str(self.root.get("title") or "")
        title = title if self.reading.own else " ".join(title.split())
        if self.reading.own:
            question.pop("fixed", None)
            self._notes(question, body)
        if title and title not in (self.code, self.root.get("identifier")) and "title" not in question:
            question["title"] = {self.reading.language: title}
        if self.reading.media:
            question["media"] = self.reading.media

    def _notes(self, question: Question, body: Element) -> None:
        for block in body.iterfind("rubricBlock"):
            for one in block:
                name = next((c.removeprefix(MINE) for c in sorted(classes(one)) if c.startswith(MINE) and c != MINE + "exact"), "")
                words = next(iter(self.reading.text(one).values()), "")
                if name == "tag":
                    question.setdefault("tags", []).append(words)
                elif name == "fixed":
                    question["fixed"] = True
                elif name == "title":
                    question["title"] = {self.reading.language: words}
                elif name in NOTES:
                    question[name] = int(words) if name == "enough" and words.isascii() and words.isdigit() else words

    def _check(self, made: list[Question]) -> None:
        """Notes rules for scoring that say something else than the questions do."""
        if len(made) == 1 and self.reading.own:
            try:
                wanted = processing(made[0])
            except (KeyError, StopIteration, IndexError, TypeError, ValueError, ZeroDivisionError):
                return  # it is no question; check_question will say why
            if self.rules is not None and same(_short(self.rules), wanted):
                return
            self.reading.note("responseProcessing", "scoring", "not as the question says it")
        for strange in self.scoring.strange:
            self.reading.note("responseProcessing", "scoring", strange)


def _within(element: Element, body: Element) -> bool:
    """Tells whether an interaction stands inside another one, which then answers for it."""
    above = element.getparent()
    while above is not None and above is not body:
        if str(above.tag).endswith("Interaction"):
            return True
        above = above.getparent()
    return False


def _defaults(root: Element) -> dict[str, Fraction]:
    """Returns the outcomes that start as a number, and that number."""
    found = {
        str(one.get("identifier", "")): fraction(one.findtext("defaultValue/value")) for one in root.iter("outcomeDeclaration")
    }
    return {name: number for name, number in found.items() if number is not None}


def _short(rules: Element) -> Element:
    if template := rules.get("template"):
        rules.set("template", str(template).rpartition("/")[2].removesuffix(".xml"))
    return rules
