"""The rules by which a QTI item of ours is scored, so that another system scores as we do: a template where one says it, else our own."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from showground.interchange.questions.hardened import Element
from showground.interchange.questions.qti_scoring import GENERAL, Response, feedback, items_of, plain, responses, worth
from showground.interchange.questions.qti_xml import node, number
from showground.rules.questions import Question, enough


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
    if by_rule(response) or spoilt(response):
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
    rules = [condition(nothing, (None, [put(outcome, node("mapResponse", identifier=name))]))]
    if wrong := spoilt(response):
        rules.append(_capped(response, wrong))
    return rules


def spoilt(response: Response) -> list[str]:
    """Returns the wrong options of a question with several right ones, if the points alone would let one of them pass for nothing."""
    if response.kind != "multiple":
        return []
    worths = {option["key"]: worth(option) for option in response.asks["options"]}
    wrong = [key for key, credit in worths.items() if credit <= 0]
    whole = sum((credit for credit in worths.values() if credit > 0), Fraction(0))
    return wrong if wrong and whole + max(worths[key] for key in wrong) > _cap(response) else []


def _cap(response: Response) -> Fraction:
    return 1 - Fraction(1, len(response.asks["options"]))


def _capped(response: Response, wrong: list[str]) -> Element:
    """RULE answers: with one wrong option among them the point is never whole."""
    chosen = [node("member", value("identifier", key), variable(response.identifier)) for key in wrong]
    cap = value("float", number(_cap(response)))
    test = node("and", chosen[0] if len(chosen) == 1 else node("or", *chosen), node("gt", variable(response.outcome), cap))
    return condition((test, [put(response.outcome, value("float", number(_cap(response))))]))


def _in_turn(response: Response) -> list[Element]:
    """The first accepted answer that fits gives its credit; no outcome is below nothing."""
    branches: list[tuple[Element | None, list[Element]]] = []
    for name, item in items_of(response):
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
        for name, item in items_of(response):
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
