"""Answers embedded in a text, Moodle's cloze syntax: `{weight:KIND:=right#why~wrong~%50%half}`.

SPEC embedded answers (Moodle documentation): SHORTANSWER (SA, MW), SHORTANSWER_C, NUMERICAL (NM), MULTICHOICE (MC) and its V, H and S
forms; MULTIRESPONSE has no place in a gap here. `\\} \\~ \\# \\" \\/ \\\\` stand for the signs themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

from showground.interchange.questions.contract import Basket, key_of
from showground.interchange.questions.numbers import accepted_number
from showground.interchange.questions.percent import from_percent, to_percent
from showground.rules.questions import GAP, Question, as_credit

GAPPED: Final = re.compile(r"\{([0-9]{0,5}):([A-Z_]{2,20}):((?:\\.|[^\\}]){0,8000})\}", re.DOTALL)
_SHORT: Final = {"SHORTANSWER": False, "SA": False, "MW": False, "SHORTANSWER_C": True, "SAC": True, "MWC": True}
_CHOICE: Final = {
    **dict.fromkeys(("MULTICHOICE", "MC"), ""),
    **dict.fromkeys(("MULTICHOICE_S", "MCS"), ""),
    **dict.fromkeys(("MULTICHOICE_V", "MCV", "MULTICHOICE_VS", "MCVS"), "one below the other"),
    **dict.fromkeys(("MULTICHOICE_H", "MCH", "MULTICHOICE_HS", "MCHS"), "side by side"),
}
_WEIGHT: Final = re.compile(r"\s*(?:(=)\s*|%([^%]{1,20})%)?")
Say = Callable[[str, str], str]  # (part, raw words) -> words


def _parted(text: str, sign: str) -> list[str]:
    """Splits at a sign that has no backslash before it."""
    return re.findall(rf"(?:\\.|[^\\{sign}])+|(?<={sign})(?={sign})", text, re.DOTALL)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def read_gaps(basket: Basket, item: str, text: str, language: str, say: Say) -> tuple[str, list[dict[str, Any]]] | None:
    """Returns the text with {{g1}}, {{g2}}, ... in place of the answers, and the gaps; None if one of them has no place here."""
    gaps: list[dict[str, Any]] = []
    pieces: list[str] = []
    at = 0
    for found in GAPPED.finditer(text):
        key = f"g{len(gaps) + 1}"
        gap = _gap(basket, item, key, found, language, say)
        if gap is None:
            return None
        gaps.append(gap)
        pieces += [text[at : found.start()], "{{" + key + "}}"]
        at = found.end()
    return "".join([*pieces, text[at:]]), gaps


def _gap(basket: Basket, item: str, key: str, found: re.Match[str], language: str, say: Say) -> dict[str, Any] | None:
    kind, weight = found[2], int(found[1] or 1)
    gap: dict[str, Any] = {"key": key, "weight": weight or 1}
    if not weight:
        basket.leave(item, f"gaps.{key}.weight", "scoring", "0")
    answers = [_answer(basket, item, f"gaps.{key}.{n + 1}", raw, language, say) for n, raw in enumerate(_parted(found[3], "~"))]
    if kind in _CHOICE:
        if _CHOICE[kind]:
            basket.leave(item, f"gaps.{key}", "style", _CHOICE[kind])
        options = [{"key": key_of(n), **answer, "text": {language: answer["text"]}} for n, answer in enumerate(answers)]
        return gap | {"kind": "single", "options": options}
    if kind in _SHORT:
        return gap | {"kind": "short", "accepted": answers} | ({"case": True} if _SHORT[kind] else {})
    if kind in {"NUMERICAL", "NM"}:
        return gap | {"kind": "numeric", "accepted": _numbers(basket, item, key, answers)}
    basket.leave(item, f"gaps.{key}", "kind", kind)
    return None


def _answer(basket: Basket, item: str, part: str, raw: str, language: str, say: Say) -> dict[str, Any]:
    head = _WEIGHT.match(raw)
    worth = Fraction(int(bool(head and head[1])))
    if head and head[2]:
        given = from_percent(head[2])
        if given is None:
            basket.leave(item, f"{part}.credit", "credit", head[2])
        worth = given or Fraction(0)
    words, *why = _parted(raw[head.end() :] if head else raw, "#") or [""]
    if raw[head.end() : head.end() + 1] == "#" if head else False:
        words, why = "", [words, *why]
    answer = {"text": say(part, _plain(words)), "credit": as_credit(worth)}
    told = say(f"{part}.why", _plain("#".join(why)))
    return answer | ({"why": {language: told}} if told else {})


def _numbers(basket: Basket, item: str, key: str, answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    accepted = []
    for number, answer in enumerate(answers):
        value = accepted_number(answer.pop("text"))
        if value is None:
            basket.leave(item, f"gaps.{key}.{number + 1}", "syntax")
        else:
            accepted.append({**value, **answer})
    return accepted


# ---- writing ----


def embedded(question: Question, language: str, say: Callable[[str], str]) -> str:
    """Returns a cloze question's text with its answers in it; `say` turns words into the markup around them."""
    gaps = {gap["key"]: gap for gap in question["gaps"]}
    text = question["text"][language]
    pieces, at = list[str](), 0
    for found in GAP.finditer(text):
        pieces += [say(text[at : found.start()]), _written(gaps[found[1]], language, say)]
        at = found.end()
    return "".join([*pieces, say(text[at:])])


def _escape(words: str) -> str:
    return re.sub(r'[}~#"/\\]', lambda found: "\\" + found[0], words)


def _written(gap: Mapping[str, Any], language: str, say: Callable[[str], str]) -> str:
    kind = {"single": "MULTICHOICE", "numeric": "NUMERICAL"}.get(gap["kind"], "SHORTANSWER_C" if gap.get("case") else "SHORTANSWER")
    answers = []
    for item in gap.get("options") or gap["accepted"]:
        worth = Fraction(*item["credit"])
        sign = "=" if worth == 1 else f"%{to_percent(worth)}%"
        if "low" in item:
            words = f"{item['low']}..{item['high']}"
        elif "value" in item:
            words = f"{item['value']}:{item['tolerance']}"
        else:
            words = _escape(say(item["text"] if isinstance(item["text"], str) else item["text"][language]))
        told = f"#{_escape(say(item['why'][language]))}" if "why" in item else ""
        answers.append(f"{sign}{words}{told}")
    return f"{{{gap['weight']}:{kind}:{'~'.join(answers)}}}"
