"""How a QTI item of another system scores: the standard templates, the common rules that say the same, and a list of the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from showground.interchange.questions.hardened import Element
from showground.interchange.questions.qti_declared import Declared, around, plain_number
from showground.interchange.questions.qti_xml import fraction

_TEMPLATES: Final = {
    "match_correct": "match", "map_response": "map", "CC2_match": "match", "CC2_match_basic": "match", "CC2_map_response": "map",
}  # fmt: skip
_SUMS: Final = frozenset("sum product divide mapResponse variable baseValue max min".split())
_Branch = tuple[Element | None, list[Element]]
RIGHT, WRONG, ALWAYS = "right!", "wrong!", "always!"


@dataclass
class Scoring:
    """What was understood of the rules: by response how it scores, accepted answers compared in turn, and what brings up which word.

    `how` is match, map or turn; `points` what a match gives; `words` maps (outcome, identifier) to (response, choice, RIGHT, WRONG or
    ALWAYS, or the number of an accepted answer); `follows` an outcome to the response whose choice names its word.
    """

    how: dict[str, str] = field(default_factory=dict)
    points: dict[str, Fraction] = field(default_factory=dict)
    accepted: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    words: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    follows: dict[str, str] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    together: bool = False  # several responses score only all together


def scoring_of(rules: Element | None, declared: dict[str, Declared], defaults: dict[str, Fraction]) -> Scoring:
    """Returns what the response processing of an item says; what is not understood is in `strange`, by the names of its parts.

    `defaults` are the outcomes that have a number from the start: some items give MAXSCORE as their points.
    """
    made = Scoring()
    if rules is None:
        made.strange.append("no response processing")
        return made
    if template := rules.get("template") or rules.get("templateLocation"):
        name = str(template).rpartition("/")[2].removesuffix(".xml")
        for identifier in declared if name in _TEMPLATES else ():
            if identifier == "RESPONSE" or len(declared) == 1:
                made.how[identifier] = _TEMPLATES[name]
        if name not in _TEMPLATES:
            made.strange.append(name)
    for rule in rules:
        if not _Rule(made, declared, defaults).understood(rule):
            made.strange.append(describe(rule))
    return made


def describe(rule: Element) -> str:
    """Returns the names of the parts of a rule, each once."""
    return " ".join(dict.fromkeys(str(part.tag) for part in rule.iter()))[:120]


class _Rule:
    """Understands one rule, or leaves the scoring as it was."""

    def __init__(self, scoring: Scoring, declared: dict[str, Declared], defaults: dict[str, Fraction]) -> None:
        self.scoring, self.declared, self.defaults = scoring, declared, defaults

    def understood(self, rule: Element) -> bool:
        if rule.tag == "setOutcomeValue":
            return self._set(rule)
        return rule.tag == "responseCondition" and self._condition(rule)

    def _response(self, element: Element) -> str:
        """Returns the response that a variable names, "" for any other expression."""
        name = str(element.get("identifier", ""))
        return name if element.tag == "variable" and name in self.declared else ""

    # ---- outcomes set always ----

    def _set(self, rule: Element) -> bool:
        outcome, parts = str(rule.get("identifier", "")), list(rule)
        if len(parts) != 1:
            return False
        expression = parts[0]
        if name := self._response(expression):
            self.scoring.follows[outcome] = name
            return True
        if said := _identifiers(expression):
            for identifier in said:
                self.scoring.words[outcome, identifier] = ("", ALWAYS)
            for part in expression.iter("variable"):
                if name := self._response(part):
                    self.scoring.follows[outcome] = name
            return True
        return self._summed(outcome, expression)

    def _summed(self, outcome: str, expression: Element) -> bool:
        if {str(part.tag) for part in expression.iter()} - _SUMS:
            return False
        for part in expression.iter("mapResponse"):
            self.scoring.how[str(part.get("identifier"))] = "map"
        for part in expression.iter("product"):
            self._weight(part)
        return True

    def _weight(self, product: Element) -> None:
        name, times = product.find("variable"), product.find("baseValue")
        worth = fraction(times.text) if times is not None else None
        if name is not None and worth is not None and worth.denominator == 1:
            self.scoring.weights[str(name.get("identifier"))] = int(worth)

    # ---- conditions ----

    def _condition(self, rule: Element) -> bool:
        branches: list[_Branch] = []
        for part in rule:
            bare = part.tag == "responseElse" or not len(part)
            branches.append((None, list(part)) if bare else (part[0], list(part)[1:]))
        if branches and branches[0][0] is not None and branches[0][0].tag == "isNull" and _constants(branches[0][1]):
            branches = branches[1:]
            if not branches:
                return True
        test, rules = branches[0]
        if test is None:
            return all(self._set(one) if one.tag == "setOutcomeValue" else False for one in rules)
        if test.tag == "lt" and _constants(rules):
            return True
        rights = self._rights(test)
        if rights and self._matched(rights, branches):
            return True
        return self._chosen(branches) or self._in_turn(branches)

    def _rights(self, test: Element) -> list[str]:
        """Returns the responses that a test wants to be right: match with correct, or several of them in an and."""
        tests = list(test) if test.tag == "and" else [test]
        names = []
        for one in tests:
            given = [self._response(part) for part in one if self._response(part)]
            right = [part.get("identifier") for part in one if part.tag == "correct"]
            if one.tag != "match" or len(given) != 1 or right != given:
                return []
            names += given
        return names

    def _matched(self, names: list[str], branches: list[_Branch]) -> bool:
        if len(branches) > 2 or (len(branches) == 2 and branches[1][0] is not None):
            return False
        if not all(_constants(rules) for _, rules in branches):
            return False
        points = self._points(branches[0][1])
        for name in names:
            if points is not None:
                self.scoring.how.setdefault(name, "match")
                self.scoring.points[name] = points / len(names)
                self.scoring.together = self.scoring.together or len(names) > 1
        for (_, rules), when in zip(branches, (RIGHT, WRONG), strict=False):
            self._say(rules, names[0], when)
        return True

    def _say(self, rules: Iterable[Element], name: str, when: str) -> None:
        for rule in rules:
            for identifier in _identifiers(rule):
                self.scoring.words.setdefault((str(rule.get("identifier")), identifier), (name, when))

    def _chosen(self, branches: list[_Branch]) -> bool:
        """A word for each choice: match or member of a choice and nothing but words."""
        found = []
        for test, rules in branches:
            if test is None or test.tag not in {"match", "member"} or not _constants(rules) or self._points(rules) is not None:
                return False
            names = [self._response(part) for part in test if self._response(part)]
            wanted = [part.text or "" for part in test if part.tag == "baseValue" and part.get("baseType") == "identifier"]
            if len(names) != 1 or len(wanted) != 1:
                return False
            found.append((rules, names[0], wanted[0]))
        for rules, name, choice in found:
            self._say(rules, name, choice)
        return True

    def _in_turn(self, branches: list[_Branch]) -> bool:
        """Typed answers compared one after another, the first that fits gives its points."""
        name, accepted, said = "", list[dict[str, Any]](), list[list[Element]]()
        for test, rules in branches:
            if test is None:
                if not _constants(rules) or self._points(rules):
                    return False
                continue
            points = self._points(rules)
            for part in test if test.tag == "or" else [test]:
                given, items = self._fits(part)
                if not items or points is None or name not in ("", given) or not _constants(rules):
                    return False
                name = given
                accepted += [{**item, "points": points} for item in items]
                said += [rules] * len(items)
        if not name or name in self.scoring.accepted:
            return False
        self.scoring.how[name] = "turn"
        self.scoring.accepted[name] = accepted
        for n, rules in enumerate(said, 1):
            self._say(rules, name, str(n))
        return True

    def _fits(self, test: Element) -> tuple[str, list[dict[str, Any]]]:
        """Returns the response that a test compares and what it accepts; nothing if the comparison has no place here."""
        names = {self._response(part) for part in test.iter("variable")} - {""}
        if len(names) != 1:
            return "", []
        name = names.pop()
        if test.tag == "patternMatch":
            return name, [{"pattern": str(test.get("pattern", ""))}]
        found = self._number(name, test) if self.declared[name].base in {"float", "integer"} else None
        return name, [found] if found else self._words(name, test)

    def _number(self, name: str, test: Element) -> dict[str, Any] | None:
        if test.tag == "and" and sorted(part.tag for part in test) == ["gte", "lte"]:
            edges = {part.tag: _value(part) for part in test if self._response(part[0])}
            low, high = edges.get("gte"), edges.get("lte")
            return {"low": low, "high": high} if low and high else None
        if test.tag == "equal":
            return self._equal(name, test)
        number = _value(test) if test.find("correct") is None else plain_number((self.declared[name].correct or [""])[0])
        return {"value": number, "tolerance": "0"} if number and test.tag == "match" else None

    def _words(self, name: str, test: Element) -> list[dict[str, Any]]:
        """Returns the words that a comparison of texts accepts; "contains" is our "*" on both sides."""
        if self.declared[name].base != "string" or test.tag not in {"match", "stringMatch", "substring"}:
            return []
        texts = [part.text or "" for part in test if part.tag == "baseValue"]
        texts += [text for part in test if part.tag == "correct" for text in self.declared[name].correct]
        inside = test.tag == "substring" or test.get("substring", "false") in {"true", "1"}
        if test.tag == "substring" and (len(test) != 2 or self._response(test[1]) != name):
            return []
        case = test.tag == "match" or test.get("caseSensitive", "true") in {"true", "1"}
        return [{"text": f"*{text}*" if inside else text, "case": case} for text in texts]

    def _points(self, rules: Iterable[Element]) -> Fraction | None:
        """Returns the points that rules give, None if they give none."""
        for rule in rules:
            numbers = [part for part in rule.iter("baseValue") if part.get("baseType") in {"float", "integer"}]
            if rule.tag == "setOutcomeValue" and len(numbers) == 1:
                return fraction(numbers[0].text)
            only = rule[0].get("identifier", "") if len(rule) == 1 and rule[0].tag == "variable" else ""
            if only in self.defaults:
                return self.defaults[str(only)]
        return None

    def _equal(self, name: str, test: Element) -> dict[str, Any] | None:
        mode = str(test.get("toleranceMode", "exact"))
        bounds = str(test.get("tolerance", "0")).split()
        bounds = bounds * 2 if len(bounds) == 1 else bounds
        right = plain_number((self.declared[name].correct or [""])[0]) if test.find("correct") is not None else _value(test)
        open_ended = {str(test.get(part, "true")) for part in ("includeLowerBound", "includeUpperBound")} & {"false", "0"}
        if not right or open_ended or (mode != "exact" and len(bounds) != 2):
            return None
        if mode == "exact":
            return {"value": right, "tolerance": "0"}
        return around(right, [plain_number(bound) for bound in bounds], mode == "relative")


def _value(test: Element) -> str:
    """Returns the one number in a comparison, "" if there is none."""
    found = [plain_number(part.text) for part in test if part.tag == "baseValue"]
    return found[0] if len(found) == 1 else ""


def _identifiers(element: Element) -> list[str]:
    return [part.text or "" for part in element.iter("baseValue") if part.get("baseType") == "identifier"]


def _constants(rules: Iterable[Element]) -> bool:
    """Tells whether rules only set outcomes to constants, or add constants to them."""
    known = {"setOutcomeValue", "baseValue", "variable", "sum", "multiple", "subtract"}
    return all(rule.tag == "setOutcomeValue" and {str(part.tag) for part in rule.iter()} <= known for rule in rules)
