"""The words of a QTI item that appear after an answer, put to the option or answer that brings them up."""

from __future__ import annotations

from showground.interchange.questions.qti_ask import Asked
from showground.interchange.questions.qti_rules import ALWAYS, RIGHT, WRONG
from showground.interchange.questions.qti_scoring import GENERAL
from showground.rules.questions import Question, Text


def place_words(made: list[Question], asked: Asked) -> None:
    """Puts the words that appear after an answer to what brings them up, and notes those that find no place."""
    for (outcome, identifier), (element, text) in asked.reading.said.items():
        if not (_general(made, asked, identifier, text) or _reason(made, asked, outcome, identifier, text)):
            asked.reading.note(str(element.tag), "feedback", next(iter(text.values())))


def _general(made: list[Question], asked: Asked, identifier: str, text: Text) -> bool:
    """A word that every answer gets: ours by its name."""
    if not asked.reading.own or not made:
        return False
    if identifier in GENERAL:
        made[0][("explanation", "feedback")[GENERAL.index(identifier)]] = text
        return True
    head, _, name = identifier.partition(".")
    if head == "LEADS" and name in (named := asked.named.get("MARKS", {})):
        named[name]["leads"] = next(iter(text.values()))
        return True
    if head == "WHY":
        response, _, option = name.rpartition(".")
        response = response or ("MARKS" if asked.reading.own == "phish" else "RESPONSE")
        if target := asked.named.get(response, {}).get(option):
            target["why"] = text
            return True
    return False


def _reason(made: list[Question], asked: Asked, outcome: str, identifier: str, text: Text) -> bool:
    """A word for one answer: by the choice that its outcome follows or that brings it up."""
    response, when = asked.scoring.words.get((outcome, identifier), (asked.scoring.follows.get(outcome, ""), identifier))
    named, declared = asked.named.get(response, {}), asked.declared.get(response)
    if when in named:
        targets = [named[when]]
    elif when in {RIGHT, WRONG} and declared is not None and declared.cardinality == "single":
        targets = [one for one in named.values() if (one["credit"] == [1, 1]) == (when == RIGHT)]
        if declared.base != "identifier" and when == WRONG:
            return False
    else:
        return when == ALWAYS and len(made) == 1 and made[0].setdefault("feedback", text) is text
    open_targets = [target for target in targets if "why" not in target]
    for target in open_targets:
        target["why"] = text
    return bool(open_targets)
