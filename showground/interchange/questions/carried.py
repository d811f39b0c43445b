"""What a format can carry: the rest is taken off a question before it is written, and each thing taken off is said.

So the writer of a format never meets what it cannot say, and export -> import gives back exactly what `carried` returned.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from showground.interchange.questions.contract import Left, key_of, tidy
from showground.interchange.questions.percent import nearest
from showground.rules.questions import GAP, LANGUAGES, Question, as_credit, check_question
from showground.rules.refused import Refused

ALL: Final = frozenset({"code", "title", "explanation", "source", "media", "category", "tags", "fixed", "feedback"})
TRUE_FALSE: Final = {"true": {"en": "True", "zh": "对"}, "false": {"en": "False", "zh": "错"}}


@dataclass(frozen=True)
class Carries:
    """What one format has a place for.

    `fields`: of ALL. `details`: "why", "credit" (other than all or nothing), "case", "area", "true_false" (own words for true and
    false), "keys". `becomes`: kinds written as another. `words`: how a text comes back, if not letter by letter.
    """

    kinds: frozenset[str]
    languages: int = 1
    fields: frozenset[str] = ALL
    details: frozenset[str] = frozenset()
    becomes: dict[str, str] = field(default_factory=dict)
    words: Callable[[str], str] = str.strip
    one_language: frozenset[str] = frozenset()  # kinds that carry one even where the format carries two


def bare(question: Question) -> Question:
    """Returns the question without what says nothing: empty lists and words, switches that are off."""
    bared = {
        name: value
        for name, value in copy.deepcopy(question).items()
        if value not in ([], "") and (value is not False or name == "trick")
    }
    for gap in bared.get("gaps", []):
        if gap.get("case") is False:
            del gap["case"]
    for line in bared.get("lines", []):
        if line.get("cue") is False:
            del line["cue"]
    return bared


def texts_of(value: Any, place: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Yields every text ({language: words}) inside a question with its place, deepest last."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            if isinstance(one, dict):
                yield from texts_of(one, f"{place}.{one.get('key', number)}")
    elif isinstance(value, dict):
        for name, one in value.items():
            here = f"{place}.{name}" if place else name
            if isinstance(one, dict) and one and set(one) <= set(LANGUAGES):
                yield here, one
            elif isinstance(one, (dict, list)):
                yield from texts_of(one, here)


class _Shed:
    """Takes off a question, one after the other, what a format cannot carry."""

    def __init__(self, question: Question, carries: Carries, language: str) -> None:
        self.code, self.carries, self.language = str(question.get("code", "")), carries, language
        self.question, self.left = bare(question), list[Left]()

    def leave(self, part: str, reason: str, detail: object = "") -> None:
        self.left.append(Left(self.code, part, reason, str(detail)[:160]))

    def items(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yields (place, item) of everything that may have a credit, a reason or an area."""
        holders = [("", self.question), *((f"gaps.{gap['key']}.", gap) for gap in self.question.get("gaps", []))]
        for before, holder in holders:
            for name in ("options", "accepted", "lines"):
                for number, item in enumerate(holder.get(name, [])):
                    yield f"{before}{name}.{item.get('key', number + 1)}", item

    def kind(self) -> bool:
        kind = self.question["kind"]
        if other := self.carries.becomes.get(kind):
            self.question["kind"] = other
            self.leave("kind", "kind", other)
        elif kind not in self.carries.kinds:
            self.leave("", "kind", kind)
            return False
        return True

    def fields(self) -> None:
        for name in sorted(ALL - self.carries.fields):
            if name == "code":
                self.leave("code", "code")
            elif name in self.question:
                if name == "media":
                    for number, item in enumerate(self.question["media"]):
                        self.leave(f"media.{number}", "picture" if item["kind"] == "picture" else "medium", item.get("name", ""))
                else:
                    self.leave(name, "not_carried")
                del self.question[name]
        if "case" in self.question and "case" not in self.carries.details:
            self.leave("case", "not_carried")
            del self.question["case"]

    def details(self) -> None:
        for place, item in self.items():
            for name in ("why", "area"):
                if name in item and name not in self.carries.details:
                    self.leave(f"{place}.{name}", "feedback" if name == "why" else "not_carried")
                    del item[name]
            if "credit" in item:
                self._credit(place, item)
        if self.question["kind"] == "true_false":
            self._true_false()

    def _credit(self, place: str, item: dict[str, Any]) -> None:
        worth = Fraction(*item["credit"])
        kept = nearest(worth) if "credit" in self.carries.details else Fraction(int(worth == 1))
        if "exact" not in self.carries.details and kept != worth:
            self.leave(f"{place}.credit", "credit", worth)
            item["credit"] = as_credit(kept)

    def _true_false(self) -> None:
        right = next(o["key"] for o in self.question["options"] if o["credit"] == [1, 1])
        for option in self.question["options"]:
            worth = [1, 1] if option["key"] == right else [0, 1]
            if "true_false" not in self.carries.details and option["credit"] != worth:
                self.leave(f"options.{option['key']}.credit", "credit", Fraction(*option["credit"]))
                option["credit"] = worth
            usual = {language: TRUE_FALSE[option["key"]][language] for language in option["text"]}
            if "true_false" not in self.carries.details and option["text"] != usual:
                self.leave(f"options.{option['key']}", "not_carried", option["text"])
                option["text"] = usual

    def languages(self) -> bool:
        """Keeps the format's one language; false if a text that the question needs is not in it."""
        if self.carries.languages > 1 and self.question["kind"] not in self.carries.one_language:
            return True
        others: set[str] = set()
        for place, text in list(texts_of(self.question)):
            others |= set(text) - {self.language}
            if self.language not in text and place.rpartition(".")[2] not in {"title", "explanation", "feedback", "why"}:
                self.leave("", "language", place)
                return False
        for other in sorted(others):
            self.leave(other, "language")
        self._keep(self.question)
        return True

    def _keep(self, value: Any) -> None:
        for one in value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else ():
            self._keep(one)
        if isinstance(value, dict):
            for name, text in list(value.items()):
                if isinstance(text, dict) and text and set(text) <= set(LANGUAGES):
                    if self.language in text:
                        value[name] = {self.language: text[self.language]}
                    else:
                        del value[name]

    def words(self) -> None:
        for place, text in texts_of(self.question):
            for language, said in text.items():
                text[language] = self._said(f"{place}.{language}", said)
        for place, item in self.items():
            if isinstance(item.get("text"), str):
                item["text"] = self._said(place, item["text"])
        for name in ("source", "category"):
            self._line(self.question, name, name)
        for line in self.question.get("lines", []):
            self._line(line, "leads", f"lines.{line['key']}.leads")
        for number, item in enumerate(self.question.get("media", [])):
            self._line(item, "name", f"media.{number}.name")
        if "tags" in self.question:
            self.question["tags"] = [kept for tag in self.question["tags"] if (kept := self._said("tags", tag)).strip()]
            if not self.question["tags"]:
                del self.question["tags"]

    def _line(self, holder: dict[str, Any], name: str, place: str) -> None:
        """Keeps a word that is no text of languages; one with nothing to see goes, which is said."""
        said = holder.get(name)
        if said is None:
            return
        holder[name] = self._said(place, said)
        if not holder[name].strip():
            if said and holder[name] == said:
                self.leave(place, "spaces")
            del holder[name]

    def _said(self, place: str, said: str) -> str:
        kept = self.carries.words(tidy(said))
        if kept != said:
            self.leave(place, "spaces")
        return kept

    def keys(self) -> None:
        if "keys" in self.carries.details:
            return
        before = repr(self.question)
        question = self.question
        if question["kind"] == "matching":
            _match_anew(question)
        for holder in (question, *question.get("gaps", [])):
            for name in ("options", "lines"):
                if question["kind"] != "true_false":
                    for place, item in enumerate(holder.get(name, [])):
                        item["key"] = key_of(place)
        if question["kind"] == "cloze":
            _gaps_anew(question, self.language)
        if repr(question) != before:
            self.leave("keys", "keys")


def _match_anew(question: Question) -> None:
    """Names both sides by place; the right side stands in the order in which the left side needs it, what is too many last."""
    right = dict(question["pairs"])
    wanted = list(dict.fromkeys(right[item["key"]] for item in question["left"]))
    order = wanted + [item["key"] for item in question["right"] if item["key"] not in wanted]
    sides = {item["key"]: item for item in question["right"]}
    pairs = [[key_of(place), key_of(order.index(right[item["key"]]))] for place, item in enumerate(question["left"])]
    question["left"] = [{**item, "key": key_of(place)} for place, item in enumerate(question["left"])]
    question["right"] = [{**sides[key], "key": key_of(place)} for place, key in enumerate(order)]
    question["pairs"] = pairs


def _gaps_anew(question: Question, language: str) -> None:
    """Names the gaps g1, g2, ... in the order in which they stand in the text."""
    text = question["text"].get(language) or next(iter(question["text"].values()))
    anew = {key: f"g{place + 1}" for place, key in enumerate(GAP.findall(text))}
    question["gaps"] = sorted(({**gap, "key": anew[gap["key"]]} for gap in question["gaps"]), key=lambda gap: int(gap["key"][1:]))
    question["text"] = {lang: GAP.sub(lambda m: "{{" + anew[m[1]] + "}}", words) for lang, words in question["text"].items()}


Media = Mapping[str, tuple[str, bytes]]
Fit = Callable[[Question, str, Media], tuple[Question | None, list[Left]]]


def fitted(questions: Sequence[Question], fit: Fit, language: str, media: Media | None) -> tuple[list[Question], list[Left]]:
    """Returns what a format's `fit` keeps of each question, and all that it left."""
    kept, left = list[Question](), list[Left]()
    for question in questions:
        one, lost = fit(question, language, media or {})
        left += lost
        if one is not None:
            kept.append(one)
    return kept, left


def carried(question: Question, carries: Carries, language: str) -> tuple[Question | None, list[Left]]:
    """Returns what of a question a format can carry (None: nothing of it) and what is left behind; the question is unchanged."""
    shed = _Shed(question, carries, language)
    if not shed.kind() or not shed.languages():
        return None, shed.left[-1:]
    for step in (shed.fields, shed.details, shed.words, shed.keys):
        step()
    try:
        check_question(shed.question)
    except Refused as no:
        return None, [Left(shed.code, "", "refused", f"{no.facts.get('field')}: {no.facts.get('why')}")]
    return shed.question, shed.left
