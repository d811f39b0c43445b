"""The interactions of a QTI item, each as what a question of ours asks; `NotTaken` says why one is none."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any, Final

from showground.interchange.questions.contract import MOST_OPTIONS, key_of
from showground.interchange.questions.hardened import Element
from showground.interchange.questions.qti_areas import area_of
from showground.interchange.questions.qti_body import Reading
from showground.interchange.questions.qti_declared import Declared, plain_number
from showground.interchange.questions.qti_rules import Scoring
from showground.rules.questions import Text, as_credit

_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,15}")
BLOCK: Final = frozenset("choiceInteraction orderInteraction matchInteraction hotspotInteraction hottextInteraction".split())
INLINE: Final = frozenset("textEntryInteraction inlineChoiceInteraction".split())
# How it looks or how many may be chosen: a question has no place for it.
_LOOKS: Final = ("expectedLength", "placeholderText", "orientation", "minChoices", "format")


class NotTaken(Exception):
    """An interaction or an item that makes no question: the part, a reason of REASONS, and a detail."""

    def __init__(self, part: str, reason: str, detail: str = "") -> None:
        self.part, self.reason, self.detail = part, reason, detail
        super().__init__(reason)


class Asked:
    """Reads interactions with what the item declares and how it scores."""

    def __init__(self, reading: Reading, declared: dict[str, Declared], scoring: Scoring) -> None:
        self.reading, self.declared, self.scoring = reading, declared, scoring
        self.named: dict[str, dict[str, dict[str, Any]]] = {}  # response -> identifier in the file -> option or accepted answer

    def response(self, element: Element) -> Declared:
        name = str(element.get("responseIdentifier", ""))
        if name not in self.declared:
            raise NotTaken(str(element.tag), "no_answer", name)
        for attribute in _LOOKS:
            if attribute in element.attrib:
                self.reading.note(attribute, "style", element.get(attribute, ""))
        return self.declared[name]

    def _how(self, declared: Declared) -> str:
        how = self.scoring.how.get(declared.identifier, "")
        if how == "map" and not declared.entries:
            how = ""
        if how == "match" and not declared.correct:
            how = ""
        return how or ("map" if declared.entries else "match")

    # ---- options ----

    def keys(self, names: list[str]) -> dict[str, str]:
        """Returns a key for each identifier: itself in small letters if that is one, else a, b, c, ... for all."""
        if not names:
            raise NotTaken("options", "no_answer")
        if len(names) > MOST_OPTIONS:
            raise NotTaken("options", "too_many", str(len(names)))
        if len(set(names)) != len(names):
            raise NotTaken("options", "twice", ", ".join(names))
        small = [re.sub(r"[^a-z0-9_]", "_", name.lower()) for name in names]
        if len(set(small)) == len(names) and all(_KEY.fullmatch(key) for key in small):
            return dict(zip(names, small, strict=True))
        self.reading.note("keys", "keys", ", ".join(names))
        return {name: key_of(n) for n, name in enumerate(names)}

    def worths(self, declared: Declared, names: list[str]) -> dict[str, Fraction]:
        """Returns the credit of each option: points are made parts of one point, which is noted if they were others."""
        several = declared.cardinality == "multiple"
        if self._how(declared) == "match":
            right = [name for name in names if name in declared.correct]
            if not right:
                raise NotTaken("options", "no_right", ", ".join(declared.correct))
            if several and len(right) > 1:
                self.reading.note("score", "scoring", "all or nothing there; here each right option has its share")
            self._points(self.scoring.points.get(declared.identifier, Fraction(1)))
            share = Fraction(1, len(right)) if several else Fraction(1)
            return {name: share if name in right else Fraction(0) for name in names}
        points = {name: declared.default for name in names} | {name: worth for name, worth, _ in declared.entries if name in names}
        best = sum((p for p in points.values() if p > 0), Fraction(0)) if several else max(points.values())
        whole = min(best, declared.high) if declared.high and declared.high > 0 else best
        if whole <= 0:
            raise NotTaken("options", "no_right", "no points for any option")
        self._points(whole)
        return {name: max(Fraction(-1), min(Fraction(1), worth / whole)) for name, worth in points.items()}

    def _points(self, points: Fraction) -> None:
        if self.scoring.together:
            self.reading.note("score", "scoring", "several answers count only together there, each by itself here")
        elif points != 1:
            self.reading.note("score", "credit", f"{float(points):g} points there, one here")

    def _options(self, declared: Declared, elements: list[Element]) -> list[dict[str, Any]]:
        names = [str(element.get("identifier", "")) for element in elements]
        keys, worths = self.keys(names), self.worths(declared, names)
        options = []
        for name, element in zip(names, elements, strict=True):
            option = {"key": keys[name], "text": self._words(element), "credit": as_credit(worths[name])}
            self.named.setdefault(declared.identifier, {})[name] = option
            options.append(option)
        return options

    def _words(self, element: Element) -> Text:
        """Returns the words of an option; a picture in it is shown with the question, and its words are the option's."""
        shown = len(self.reading.media)
        words = self.reading.text(element)
        if not words:
            alts = [item["alt"] for item in self.reading.media[shown:] if "alt" in item]
            alts += [
                {self.reading.language: str(one.get("alt"))} for one in element.iter("img") if str(one.get("alt") or "").strip()
            ]
            words = alts[0] if alts else {}
            self.reading.note("options", "picture", "the words of the picture stand for it")
        if not words:
            raise NotTaken("options", "no_words", str(element.get("identifier", "")))
        return words

    def _kept_order(self, element: Element, options: list[Element]) -> dict[str, Any]:
        """An order that is not shuffled is the author's; a place kept for some options only is noted."""
        if str(element.get("shuffle", "false")) not in {"true", "1"}:
            return {"fixed": True}
        if any(str(option.get("fixed", "false")) in {"true", "1"} for option in options):
            self.reading.note("options", "order", "some options keep their place there, all of them here")
            return {"fixed": True}
        return {}

    # ---- kinds ----

    def choice(self, element: Element) -> dict[str, Any]:
        declared, choices = self.response(element), list(element.iter("simpleChoice"))
        most = str(element.get("maxChoices", "1"))
        options = self._options(declared, choices)
        if declared.cardinality == "multiple":
            if most not in {"0", str(len(choices))}:
                self.reading.note("maxChoices", "unused", most)
            return {"kind": "multiple", "options": options, **self._kept_order(element, choices)}
        names = {str(choice.get("identifier", "")).lower(): option for choice, option in zip(choices, options, strict=True)}
        if set(names) == {"true", "false"} and self.reading.own != "single":
            for key, option in names.items():
                option["key"] = key
            return {"kind": "true_false", "options": [names["true"], names["false"]]}
        return {"kind": "single", "options": options, **self._kept_order(element, choices)}

    def order(self, element: Element) -> dict[str, Any]:
        declared, choices = self.response(element), list(element.iter("simpleChoice"))
        names = [str(choice.get("identifier", "")) for choice in choices]
        if sorted(declared.correct) != sorted(names):
            raise NotTaken("options", "no_right", "the right order does not name every option once")
        keys = self.keys(names)
        words = {name: self._words(choice) for name, choice in zip(names, choices, strict=True)}
        return {"kind": "ordering", "options": [{"key": keys[name], "text": words[name]} for name in declared.correct]}

    def match(self, element: Element) -> dict[str, Any]:
        declared = self.response(element)
        sides = [list(side.iter("simpleAssociableChoice")) for side in element.iter("simpleMatchSet")]
        if len(sides) != 2:
            raise NotTaken("matchInteraction", "syntax", f"{len(sides)} sets")
        pairs = [pair.split() for pair in declared.correct]
        pairs = pairs or [name.split() for name, worth, _ in declared.entries if worth > 0]
        names = [[str(choice.get("identifier", "")) for choice in side] for side in sides]
        flip = self._flipped(names, pairs)
        left, right = (sides[1], sides[0]) if flip else (sides[0], sides[1])
        keys = [self._side_keys(side, mark) for side, mark in ((left, "L."), (right, "R."))]
        shown = [
            [{"key": known[str(one.get("identifier", ""))], "text": self._words(one)} for one in side]
            for known, side in zip(keys, (left, right), strict=True)
        ]
        found = [(keys[0].get(p[flip]), keys[1].get(p[1 - flip])) for p in pairs]
        self._even(declared)
        return {"kind": "matching", "left": shown[0], "right": shown[1], "pairs": [list(pair) for pair in found]}

    def _flipped(self, names: list[list[str]], pairs: list[list[str]]) -> int:
        """Returns 0 if each of the first set has one partner, 1 if each of the second has; else there is no such question here."""
        for place in (0, 1):
            if all(len(pair) == 2 for pair in pairs) and sorted(pair[place] for pair in pairs) == sorted(names[place]):
                return place
        raise NotTaken("pairs", "kind", "not one partner for each of one side")

    def _side_keys(self, side: list[Element], mark: str) -> dict[str, str]:
        names = [str(choice.get("identifier", "")) for choice in side]
        bare = [name.removeprefix(mark) for name in names]
        if all(name.startswith(mark) for name in names) and all(_KEY.fullmatch(key) for key in bare):
            return dict(zip(names, bare, strict=True))
        return self.keys(names)

    def _even(self, declared: Declared) -> None:
        """Notes points that are not the same for each pair: here every pair has the same part of the point."""
        given = {worth for _, worth, _ in declared.entries if worth > 0}
        if len(given) > 1:
            self.reading.note("score", "credit", "pairs of different worth")
        if any(worth < 0 for _, worth, _ in declared.entries):
            self.reading.note("score", "scoring", "wrong pairs take points off there")
        if self._how(declared) == "match" and len(declared.correct) > 1:
            self.reading.note("score", "scoring", "all or nothing there; here each pair has its share")

    def hottext(self, element: Element) -> dict[str, Any]:
        declared, texts = self.response(element), list(element.iter("hottext"))
        kind = "multiple" if declared.cardinality == "multiple" else "single"
        return {"kind": kind, "options": self._options(declared, texts), "fixed": True}

    def hotspot(self, element: Element) -> dict[str, Any]:
        """The areas of a picture as options, each with its words; areas without words are no question for those who cannot see."""
        declared, spots = self.response(element), list(element.iter("hotspotChoice"))
        names = [str(spot.get("identifier", "")) for spot in spots]
        labels = [str(spot.get("hotspotLabel") or "") for spot in spots]
        if not all(label.strip() for label in labels):
            raise NotTaken("hotspotLabel", "no_words", ", ".join(names))
        shown = next((one for one in element if one.tag in {"object", "img", "picture"}), None)
        if shown is None:
            raise NotTaken("hotspotInteraction", "picture")
        keys, worths = self.keys(names), self.worths(declared, names)
        options = []
        for name, spot, label in zip(names, spots, labels, strict=True):
            words = label if self.reading.own else " ".join(label.split())
            option = {"key": keys[name], "text": {self.reading.code_of(spot): words}, "credit": as_credit(worths[name])}
            if area := area_of(self.reading, spot, shown):
                option["area"] = area
            self.named.setdefault(declared.identifier, {})[name] = option
            options.append(option)
        alone = "true_false" if self.reading.own == "true_false" else "single"
        return {"kind": "multiple" if declared.cardinality == "multiple" else alone, "options": options}

    # ---- gaps ----

    def inline(self, element: Element) -> dict[str, Any]:
        """Returns what a gap in a text asks, with its points as `points`."""
        declared = self.response(element)
        if element.tag == "inlineChoiceInteraction":
            made = {"kind": "single", "options": self._options(declared, list(element.iter("inlineChoice")))}
            return {**made, "points": self._most(declared)}
        if "patternMask" in element.attrib:
            self.reading.note("patternMask", "pattern", element.get("patternMask", ""))
        return self.typed(declared)

    def _most(self, declared: Declared) -> Fraction:
        if self._how(declared) == "match":
            return self.scoring.points.get(declared.identifier, Fraction(1))
        best = max((worth for _, worth, _ in declared.entries), default=Fraction(1))
        return min(best, declared.high) if declared.high and declared.high > 0 else best

    def typed(self, declared: Declared) -> dict[str, Any]:
        """Returns {kind, accepted, case?, points} of a typed answer: a number if the file says so or compares it as one."""
        rows = self._rows(declared)
        if any("pattern" in row for row in rows):
            for row in rows:
                if "pattern" in row:
                    self.reading.note("accepted", "pattern", row["pattern"])
            rows = [row for row in rows if "pattern" not in row]
        most = max((row["points"] for row in rows), default=Fraction(0))
        if most <= 0:
            raise NotTaken("accepted", "no_right", ", ".join(declared.correct))
        kind = "numeric" if all("text" not in row for row in rows) else "short"
        cases = {row.get("case", False) for row in rows if "text" in row}
        if len(cases) > 1:
            self.reading.note("case", "unused", "capitals count for some answers only there, for none here")
        accepted = []
        for n, row in enumerate(rows, 1):
            item = {name: value for name, value in row.items() if name not in {"points", "case"}}
            item["credit"] = as_credit(max(Fraction(-1), min(Fraction(1), row["points"] / most)))
            self.named.setdefault(declared.identifier, {})[str(n)] = item
            accepted.append(item)
        return {"kind": kind, "accepted": accepted, "points": most, **({"case": True} if cases == {True} else {})}

    def _rows(self, declared: Declared) -> list[dict[str, Any]]:
        in_turn = self.scoring.accepted.get(declared.identifier)
        if in_turn and not (declared.entries and (self.reading.own or any("pattern" in row for row in in_turn))):
            return in_turn
        numeric = declared.base in {"float", "integer"}
        by_map = self._how(declared) == "map"
        given = [(name, worth, case) for name, worth, case in declared.entries] if by_map or in_turn else []
        point = self.scoring.points.get(declared.identifier, Fraction(1))
        given = given or [(name, point, True) for name in declared.correct]
        if numeric and all(plain_number(name) for name, _, _ in given):
            return [{"value": plain_number(name), "tolerance": "0", "points": worth} for name, worth, _ in given]
        return [{"text": name, "points": worth, "case": case} for name, worth, case in given if name.strip()]


def weights(points: list[Fraction]) -> list[int]:
    """Returns whole weights of 1 to 100 in the ratio of some points; all one if there are none such."""
    if not points or min(points) <= 0:
        return [1] * len(points)
    common = math.lcm(*(point.denominator for point in points))
    whole = [int(point * common) for point in points]
    most = math.gcd(*whole)
    parts = [n // most for n in whole]
    return parts if max(parts) <= 100 else [1] * len(points)
