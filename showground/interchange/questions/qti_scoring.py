"""What a QTI item declares, written from a question: what is answered, what is right, what it is worth; the same in every language."""

from __future__ import annotations

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
        for name, item in items_of(response):
            if "why" in item:
                said.append((response.why + name, item["why"]))
    for line in question.get("lines", []):
        if line.get("leads"):
            said.append((f"LEADS.{line['key']}", {"": line["leads"]}))
        if "why" in line:
            said.append((f"WHY.{line['key']}", line["why"]))
    return said


def items_of(response: Response) -> list[tuple[str, dict[str, Any]]]:
    """Returns (name, option or accepted answer) in order: an option's key, an accepted answer's number from 1."""
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
