"""QTI interactions that stand in sentences, as one question with gaps; and the words around interactions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from showground.interchange.questions.hardened import Element
from showground.interchange.questions.qti_ask import INLINE, Asked, NotTaken, weights
from showground.interchange.questions.qti_body import Reading
from showground.interchange.questions.qti_xml import mine
from showground.rules.questions import Question, Text

_ASKS: Final = "\4"  # a gap of another question; XML has no such character


def around(reading: Reading, body: Element) -> Text:
    """Returns what stands outside of all interactions; a line that asks something itself is of another question."""
    lines = next(iter(reading.text(body, lambda one: _ASKS if one.tag in INLINE else "").values()), "").split("\n")
    said = "\n".join(line for line in lines if _ASKS not in line)
    return {reading.language: said} if said else {}


def joined(reading: Reading, texts: list[Text]) -> Text:
    """Returns several texts as one of as many lines, {} if they say nothing."""
    words = "\n".join(words for text in texts for words in text.values())
    return {reading.language: words} if words else {}


class Gaps:
    """Reads what stands in sentences; `media` keeps the media of an item of ours."""

    def __init__(self, asked: Asked, media: Callable[[Element], None]) -> None:
        self.asked, self.reading, self.scoring, self.declared, self.media = (
            asked,
            asked.reading,
            asked.scoring,
            asked.declared,
            media,
        )

    def inline(self, body: Element, elements: list[Element]) -> Question:
        """Returns a question with gaps, or one with a single typed answer if its gap is the end of the text."""
        keys = self._gap_keys(elements)
        own = next((one for one in body if mine(one, "text")), None) if self.reading.own else None
        if own is not None:
            self.media(body)
        text = self.reading.text(own if own is not None else body, lambda one: "{{" + keys[one] + "}}" if one in keys else "")
        asked = [(keys[one], str(one.get("responseIdentifier", "")), self.asked.inline(one)) for one in elements]
        alone = len(elements) == 1 and elements[0].tag == "textEntryInteraction"
        words = next(iter(text.values()), "")
        if self.reading.own in {"short", "numeric"} or (alone and self.reading.own != "cloze" and words.endswith("{{g1}}")):
            [(_, _, made)] = asked
            self._one_point(made.pop("points"))
            return {"text": text if own is not None else {code: _before(said) for code, said in text.items()}, **made}
        return {"kind": "cloze", "text": text, "gaps": self._weighed(asked)}

    def _one_point(self, points: Fraction) -> None:
        if points != 1 and not self.scoring.together:
            self.reading.note("score", "credit", f"{float(points):g} points there, one here")

    def _gap_keys(self, elements: list[Element]) -> dict[Element, str]:
        """Names the gaps by place; those of our own items keep their names."""
        names = [str(one.get("responseIdentifier", "")) for one in elements]
        if self.reading.own == "cloze":
            return dict(zip(elements, names, strict=True))
        return {one: f"g{n}" for n, one in enumerate(elements, 1)}

    def _weighed(self, asked: list[tuple[str, str, dict[str, Any]]]) -> list[dict[str, Any]]:
        if self.scoring.together:
            self.reading.note("score", "scoring", "several answers count only together there, each by itself here")
        parts = weights([made.pop("points") for _, _, made in asked])
        gaps = {}
        for (key, name, made), weight in zip(asked, parts, strict=True):
            gaps[name] = {
                "key": key,
                "weight": self.scoring.weights.get(f"SCORE.{key}", weight) if self.reading.own else weight,
                **made,
            }
        if not self.reading.own:
            return list(gaps.values())
        return [gaps[name] for name in self.declared if name in gaps]

    def match(self, body: Element, elements: list[Element]) -> Question:
        """Returns gaps that each offer all the words; that a word is used up there is noted."""
        [element] = elements
        declared, words = self.asked.response(element), list(element.iter("gapText"))
        if element.find("gapImg") is not None:
            raise NotTaken("gapImg", "picture")
        gaps = [one for one in element.iter("gap")]
        names = [str(one.get("identifier", "")) for one in gaps]
        right = {pair.split()[1]: pair.split()[0] for pair in declared.correct if len(pair.split()) == 2}
        if sorted(right) != sorted(names):
            raise NotTaken("gaps", "no_right", "not one right word for each gap")
        keys, known = (
            {one: f"g{n}" for n, one in enumerate(gaps, 1)},
            self.asked.keys([str(w.get("identifier", "")) for w in words]),
        )
        texts = {str(word.get("identifier", "")): self.reading.text(word) for word in words}
        text = joined(
            self.reading,
            [around(self.reading, body)]
            + [
                self.reading.text(one, lambda gap: "{{" + keys[gap] + "}}" if gap in keys else "")
                for one in element
                if one not in words
            ],
        )
        if any(str(word.get("matchMax", "1")) != "0" for word in words):
            self.reading.note("matchMax", "unused", "a word is used up there")
        made = []
        for one, name in zip(gaps, names, strict=True):
            options = [{"key": known[w], "text": t, "credit": [int(right[name] == w), 1]} for w, t in texts.items()]
            made.append({"key": keys[one], "kind": "single", "weight": 1, "options": options})
        return {"kind": "cloze", "text": text, "gaps": made}


def _before(words: str) -> str:
    """Returns what stands before a gap at the end; a text that is nothing but its gap asks only that it be filled."""
    return words.removesuffix("{{g1}}").rstrip(" \n_:") or "____"
