"""What a QTI item declares and how it scores, written from a question: the same in every language.

Standard templates where they say what we mean; else rules, so that another system scores as we do. What a system cannot be told
(that a wrong option beside all the right ones spoils the point) is returned by `unsaid`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from showground.interchange.questions.hardened import Element
from showground.interchange.questions.qti_xml import node, number
from showground.rules.questions import Question, enough

GENERAL: Final = ("EXPLANATION", "GENERAL")  # the two words that every answer gets
_ZERO: Final = Fraction(0)


@dataclass(frozen=True)
class Response:
    """One thing that is answered: its identifier, its outcome variable, its kind and its options or accepted answers."""

    identifier: str
    outcome: str
    why: str  # what the identifiers of its words begin with
    kind: str
    asks: dict[str, Any]


def responses(question: Question) -> list[Response]:
    """Returns what is answered by choosing one or some, or by typing; matching, ordering and phish have rules of their own."""
    if question["kind"] == "cloze":
        return [Response(g["key"], f"SCORE.{g['key']}", f"WHY.{g['key']}.", g["kind"], g) for g in question["gaps"]]
    if question["kind"] in {"matching", "ordering", "phish"}:
        return []
    return [Response("RESPONSE", "SCORE", "WHY.", question["kind"], question)]


def worth(item: dict[str, Any]) -> Fraction:
    """Returns the credit of an option or accepted answer."""
    return Fraction(*item["credit"])


# ---- words after an answer ----


def feedback(question: Question) -> list[tuple[str, dict[str, str]]]:
    """Returns (identifier, text) of every word that an answer may bring up, in order; a link's target is one of them."""
    said = [(name, question[field]) for name, field in zip(GENERAL, ("explanation", "feedback"), strict=True) if field in question]
    for response in responses(question):
        for name, item in _items(response):
            if "why" in item:
                said.append((response.why + name, item["why"]))
    for line in question.get("lines", []):
        if line.get("leads"):
            said.append((f"LEADS.{line['key']}", {"": line["leads"]}))
        if "why" in line:
            said.append((f"WHY.{line['key']}", line["why"]))
    return said


def _items(response: Response) -> list[tuple[str, dict[str, Any]]]:
    if "options" in response.asks:
        return [(option["key"], option) for option in response.asks["options"]]
    return [(str(n), item) for n, item in enumerate(response.asks["accepted"], 1)]


# ---- declarations ----


def declarations(question: Question) -> list[Element]:
    """Returns the response and outcome declarations of an item."""
    special = {"matching": _matching, "ordering": _ordering, "phish": _phish}
    if question["kind"] in special:
        declared = special[question["kind"]](question)
    else:
        declared = [_declared(response) for response in responses(question)]
    outcomes = [_outcome("SCORE", 1), *(_outcome(r.outcome, 1) for r in responses(question) if r.outcome != "SCORE")]
    if feedback(question):
        outcomes.append(node("outcomeDeclaration", identifier="FEEDBACK", cardinality="multiple", baseType="identifier"))
    return [*declared, *outcomes]


def _outcome(name: str, most: int) -> Element:
    zero = node("defaultValue", node("value", "0"))
    return node("outcomeDeclaration", zero, identifier=name, cardinality="single", baseType="float", normalMaximum=most)


def _answer(name: str, cardinality: str, base: str, right: list[str], mapping: Element | None = None) -> Element:
    made = node("responseDeclaration", identifier=name, cardinality=cardinality, baseType=base)
    if right:
        made.append(node("correctResponse", *(node("value", value) for value in right)))
    if mapping is not None:
        made.append(mapping)
    return made


def _mapping(entries: list[Element], low: Fraction = _ZERO, high: Fraction = Fraction(1)) -> Element:
    return node("mapping", *entries, lowerBound=number(low), upperBound=number(high), defaultValue=0)


def _declared(response: Response) -> Element:
    asks, several = response.asks, response.kind == "multiple"
    if response.kind in {"short", "numeric"}:
        return _typed(response)
    options = asks["options"]
    whole = [option["key"] for option in options if worth(option) == 1]
    right = [option["key"] for option in options if worth(option) > 0] if several else whole[:1]
    entries = [node("mapEntry", mapKey=option["key"], mappedValue=number(worth(option))) for option in options]
    mapping = None if plain(response) else _mapping(entries)
    return _answer(response.identifier, "multiple" if several else "single", "identifier", right, mapping)


def plain(response: Response) -> bool:
    """Tells whether one option is right and all others are simply wrong."""
    worths = sorted(worth(item) for item in response.asks.get("options", []))
    return response.kind in {"single", "true_false"} and worths[-1:] == [1] and not any(worths[:-1])


def _typed(response: Response) -> Element:
    accepted = response.asks["accepted"]
    whole = [item for item in accepted if worth(item) == 1]
    if response.kind == "numeric":
        return _answer(response.identifier, "single", "float", [whole[0].get("value", whole[0].get("low"))])
    case = bool(response.asks.get("case"))
    entries = [node("mapEntry", mapKey=i["text"], mappedValue=number(worth(i)), caseSensitive=case) for i in accepted]
    right = [item["text"] for item in whole if "*" not in item["text"]][:1]
    return _answer(response.identifier, "single", "string", right, _mapping(entries))


def _matching(question: Question) -> list[Element]:
    pairs = [f"L.{left} R.{right}" for left, right in question["pairs"]]
    mapping = _mapping([node("mapEntry", mapKey=pair, mappedValue=1) for pair in pairs], high=Fraction(len(pairs)))
    return [_answer("RESPONSE", "multiple", "directedPair", pairs, mapping)]


def _ordering(question: Question) -> list[Element]:
    return [_answer("RESPONSE", "ordered", "identifier", [option["key"] for option in question["options"]])]


def _phish(question: Question) -> list[Element]:
    cue = [line["key"] for line in question["lines"] if line.get("cue")]
    entries = [node("mapEntry", mapKey=i["key"], mappedValue=1 if i.get("cue") else -1) for i in question["lines"]]
    most = Fraction(enough(question)) if cue else _ZERO
    verdict = _answer("VERDICT", "single", "identifier", ["trick" if question["trick"] else "genuine"])
    return [verdict, _answer("MARKS", "multiple", "identifier", cue, _mapping(entries, high=most))]


# ---- rules ----


def variable(name: str) -> Element:
    return node("variable", identifier=name)


def value(base: str, text: str) -> Element:
    return node("baseValue", text, baseType=base)


def put(name: str, expression: Element) -> Element:
    return node("setOutcomeValue", expression, identifier=name)


def condition(*branches: tuple[Element | None, list[Element]]) -> Element:
    """Returns an if, else-if, ..., else; a branch without a test is the else."""
    made = node("responseCondition")
    for n, (test, rules) in enumerate(branches):
        tag = "responseElse" if test is None else "responseElseIf" if n else "responseIf"
        made.append(node(tag, *([] if test is None else [test]), *rules))
    return made


def processing(question: Question) -> Element:
    """Returns the response processing; a template is named by its last word, `template="match_correct"`."""
    rules, template = _rules(question)
    always = [_say(name) for name in GENERAL if name in dict(feedback(question))]
    if template and not feedback(question):
        return node("responseProcessing", template=template)
    return node("responseProcessing", *rules, *always, *_reasons(question))


def _rules(question: Question) -> tuple[list[Element], str]:
    special: dict[str, Callable[[Question], list[Element]]] = {
        "matching": _score_matching, "ordering": _score_ordering, "phish": _score_phish, "cloze": _score_cloze,
    }  # fmt: skip
    if question["kind"] in special:
        return special[question["kind"]](question), ""
    response = responses(question)[0]
    if by_rule(response):
        return _score(response), ""
    return _score(response), "match_correct" if plain(response) else "map_response"


def by_rule(response: Response) -> bool:
    """Tells whether typed answers are compared one after another: numbers, patterns, and words for a certain answer."""
    if response.kind == "numeric":
        return True
    return response.kind == "short" and any("*" in item["text"] or "why" in item for item in response.asks["accepted"])


def _score(response: Response) -> list[Element]:
    name, outcome = response.identifier, response.outcome
    if by_rule(response):
        return _in_turn(response)
    if plain(response):
        right = node("match", variable(name), node("correct", identifier=name))
        return [condition((right, [put(outcome, value("float", "1"))]), (None, [put(outcome, value("float", "0"))]))]
    nothing = (node("isNull", variable(name)), [put(outcome, value("float", "0"))])
    return [condition(nothing, (None, [put(outcome, node("mapResponse", identifier=name))]))]


def _in_turn(response: Response) -> list[Element]:
    """The first accepted answer that fits gives its credit; no outcome is below nothing."""
    branches: list[tuple[Element | None, list[Element]]] = []
    for name, item in _items(response):
        said = [_say(response.why + name)] if "why" in item else []
        branches.append((_fits(response, item), [put(response.outcome, value("float", number(worth(item)))), *said]))
    rules = [condition(*branches)]
    if any(worth(item) < 0 for item in response.asks["accepted"]):
        below = node("lt", variable(response.outcome), value("float", "0"))
        rules.append(condition((below, [put(response.outcome, value("float", "0"))])))
    return rules


def _fits(response: Response, item: dict[str, Any]) -> Element:
    given = variable(response.identifier)
    if "value" in item:
        both = f"{item['tolerance']} {item['tolerance']}"
        return node("equal", given, value("float", item["value"]), toleranceMode="absolute", tolerance=both)
    if "low" in item:
        low = node("gte", given, value("float", item["low"]))
        return node("and", low, node("lte", variable(response.identifier), value("float", item["high"])))
    case = bool(response.asks.get("case"))
    if "*" in item["text"]:
        return node("patternMatch", given, pattern=pattern(item["text"], case))
    return node("stringMatch", given, value("string", item["text"]), caseSensitive=case, substring=False)


def pattern(text: str, case: bool) -> str:
    """Returns an XML Schema pattern for words in which "*" stands for anything."""
    return "".join(".*" if c == "*" else _letter(c, case) for c in text)


def _letter(c: str, case: bool) -> str:
    both = {c} if case else {c, *(o for o in (c.lower(), c.upper()) if len(o) == 1)}
    signs = [re.sub(r"([\\|.?*+(){}\[\]^$-])", r"\\\1", one) for one in sorted(both)]
    return signs[0] if len(signs) == 1 else f"[{''.join(signs)}]"


def _say(identifier: str) -> Element:
    return put("FEEDBACK", node("multiple", variable("FEEDBACK"), value("identifier", identifier)))


def _reasons(question: Question) -> list[Element]:
    """The words for an option or a line: a link's target always, a reason once its option is chosen, a line's reason always."""
    rules = []
    for response in responses(question):
        for name, item in _items(response):
            if "why" in item and "options" in response.asks:
                test = "member" if response.kind == "multiple" else "match"
                chosen = node(test, value("identifier", name), variable(response.identifier))
                rules.append(condition((chosen, [_say(response.why + name)])))
    if question["kind"] == "phish":
        rules += [_say(name) for name, _ in feedback(question) if name not in GENERAL]
    return rules


def _score_cloze(question: Question) -> list[Element]:
    rules = [rule for response in responses(question) for rule in _score(response)]
    parts = [node("product", variable(f"SCORE.{g['key']}"), value("float", str(g["weight"]))) for g in question["gaps"]]
    total = value("float", str(sum(gap["weight"] for gap in question["gaps"])))
    return [*rules, put("SCORE", node("divide", node("sum", *parts), total))]


def _score_matching(question: Question) -> list[Element]:
    count = value("float", str(len(question["pairs"])))
    return [put("SCORE", node("divide", node("mapResponse", identifier="RESPONSE"), count))]


def _score_ordering(question: Question) -> list[Element]:
    rules = []
    for n, option in enumerate(question["options"], 1):
        here = node("match", node("index", variable("RESPONSE"), n=n), value("identifier", option["key"]))
        rules.append(condition((here, [put("SCORE", node("sum", variable("SCORE"), value("float", "1")))])))
    return [*rules, put("SCORE", node("divide", variable("SCORE"), value("float", str(len(question["options"])))))]


def _score_phish(question: Question) -> list[Element]:
    """A wrong verdict is worth nothing; a right one half, all of it with enough cues and no more false ones than that allows."""
    right = node("match", variable("VERDICT"), node("correct", identifier="VERDICT"))
    marks = node("mapResponse", identifier="MARKS")
    if question["trick"]:
        cues = node("divide", marks, value("float", str(2 * enough(question))))
        return [condition((right, [put("SCORE", node("sum", value("float", "0.5"), cues))]))]
    clean = condition((node("isNull", variable("MARKS")), [put("SCORE", value("float", "1"))]))
    return [condition((right, [put("SCORE", value("float", "0.5")), clean]))]


def unsaid(question: Question) -> str:
    """Returns what of our scoring the item does not say, or ""."""
    if question["kind"] != "multiple":
        return ""
    worths = [worth(option) for option in question["options"]]
    most = sum((w for w in worths if w > 0), _ZERO)
    spoils = [w for w in worths if w <= 0]
    return "a wrong option beside all right ones takes nothing off there" if spoils and most + max(spoils) >= 1 else ""
