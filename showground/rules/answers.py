"""HOW ANSWERS ARE SCORED, and in which order a person saw the options.

An answer names what a person saw by its place on the page (a slot, from 0), never by the author's key: the author's order may give
the key away, and an entrant holds their own answer before the key is public. `slots` gives the order a sitting saw from the sitting's
seed and the visible words alone, so that whoever has the seed and the revealed question finds the same order. Answers:

    single, true_false   {"choice": slot}                 matching   {"pairs": [[left place, slot], ...]}
    multiple             {"choices": [slot, ...]}         ordering   {"order": [slot, ...]}
    short, numeric       {"text": "..."}                  cloze      {"gaps": {"g1": {"choice": slot} or {"text": "..."}}}
    phish                {"verdict": "trick" or "genuine", "marks": [line place, ...]}        not answered   {}
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from showground.rules.questions import Question, cues, decimal, enough
from showground.rules.records import canonical, sha256_hex
from showground.rules.refused import Refused

Answer = dict[str, Any]
MOST_WORDS: Final = 200
_ZERO, _ONE = Fraction(0), Fraction(1)


# ---- what a person sees ----


@lru_cache(maxsize=4096)
def _visible(words: tuple[tuple[str, str], ...]) -> bytes:
    return canonical(dict(words))  # the same few thousand texts, for each of a hundred thousand sittings


def _by_lot(items: list[dict[str, Any]], seed: str, code: str) -> list[dict[str, Any]]:
    begin = b"showground slots v1\n" + f"{seed}\n{code}\n".encode()

    def lot(item: dict[str, Any]) -> str:
        return sha256_hex(begin + _visible(tuple(item["text"].items())))

    return sorted(items, key=lot)


def slots(question: Question, seed: str, gap: str = "") -> list[dict[str, Any]]:
    """Returns the options (of a cloze gap: that gap's) in the order in which the sitting with this seed sees them.

    The order depends on the seed and on the visible words only, so it tells nothing of the author's order. Options of a `fixed`
    or true/false question stay as they are; those of an ordering question never do.
    """
    if gap:
        found = next(g for g in question["gaps"] if g["key"] == gap)
        return _by_lot(found["options"], seed, f"{question['code']}/{gap}")
    if question["kind"] == "matching":
        return _by_lot(question["right"], seed, question["code"])
    options: list[dict[str, Any]] = question["options"]
    if question["kind"] != "ordering" and (question.get("fixed") or question["kind"] == "true_false"):
        return options
    return _by_lot(options, seed, question["code"])


# ---- is it an answer at all? ----


def _slot(value: object, count: int) -> bool:
    return type(value) is int and 0 <= value < count


def _slots(value: object, count: int) -> bool:
    return isinstance(value, list) and all(_slot(v, count) for v in value) and len(set(value)) == len(value)


def _words(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MOST_WORDS


def _fits(question: Question, answer: Answer) -> bool:
    kind = question["kind"]
    if kind in {"single", "true_false"}:
        return set(answer) == {"choice"} and _slot(answer["choice"], len(question["options"]))
    if kind == "multiple":
        return (
            set(answer) == {"choices"}
            and _slots(answer["choices"], len(question["options"]))
            and answer["choices"] == sorted(answer["choices"])
        )
    if kind == "ordering":
        return set(answer) == {"order"} and _slots(answer["order"], len(question["options"]))
    if kind in {"short", "numeric"}:
        return set(answer) == {"text"} and _words(answer["text"])
    if kind == "matching":
        return set(answer) == {"pairs"} and _pairs(answer["pairs"], len(question["left"]), len(question["right"]))
    if kind == "cloze":
        gaps = {gap["key"]: gap for gap in question["gaps"]}
        given = answer.get("gaps")
        return (
            set(answer) == {"gaps"}
            and isinstance(given, dict)
            and set(given) <= set(gaps)
            and all(_fills(gaps[k], v) for k, v in given.items())
        )
    return (
        set(answer) == {"verdict", "marks"}
        and answer["verdict"] in ("trick", "genuine")
        and _slots(answer["marks"], len(question["lines"]))
        and answer["marks"] == sorted(answer["marks"])
    )


def _pairs(value: object, left: int, right: int) -> bool:
    if not isinstance(value, list) or not all(
        isinstance(p, list) and len(p) == 2 and _slot(p[0], left) and _slot(p[1], right) for p in value
    ):
        return False
    places = [p[0] for p in value]
    return places == sorted(set(places))


def _fills(gap: dict[str, Any], value: object) -> bool:
    if not isinstance(value, dict):
        return False
    if gap["kind"] == "single":
        return set(value) == {"choice"} and _slot(value["choice"], len(gap["options"]))
    return set(value) == {"text"} and _words(value["text"])


def check_answer(question: Question, answer: Answer) -> None:
    """Refuses (`answer.shape`) what cannot be an answer to this question; {} says that it was not answered."""
    if not isinstance(answer, dict) or (answer and not _fits(question, answer)):
        raise Refused("answer.shape", question=question["code"])


# ---- scores ----


def _credit(item: dict[str, Any]) -> Fraction:
    return Fraction(*item["credit"])


def _plain(text: str, case: bool) -> str:
    """Full-width letters as narrow ones, one space for many, none at the ends; capitals as small ones unless they count."""
    narrow = " ".join(unicodedata.normalize("NFKC", text).split())
    return narrow if case else narrow.casefold()


def _matches(pattern: str, text: str) -> bool:
    """Tells whether text fits a pattern in which each "*" stands for any run of characters; time is linear in their product."""
    parts = pattern.split("*")
    if len(parts) == 1:
        return pattern == text
    if not text.startswith(parts[0]) or not text.endswith(parts[-1]) or len(text) < len(parts[0]) + len(parts[-1]):
        return False
    at, end = len(parts[0]), len(text) - len(parts[-1])
    for part in parts[1:-1]:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _short(accepted: list[dict[str, Any]], text: str, case: bool) -> Fraction:
    given = _plain(text, case)
    return next((_credit(item) for item in accepted if _matches(_plain(item["text"], case), given)), _ZERO)


def number(text: str) -> Decimal | None:
    """Returns the number a person typed: full-width digits, spaces and a decimal comma are understood."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").replace("\u2212", "-")
    return decimal(plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain.replace(",", ""))


def _within(item: dict[str, Any], value: Decimal) -> bool:
    if "low" in item:
        return Decimal(item["low"]) <= value <= Decimal(item["high"])
    return abs(value - Decimal(item["value"])) <= Decimal(item["tolerance"])


def _numeric(accepted: list[dict[str, Any]], text: str) -> Fraction:
    value = number(text)
    return _ZERO if value is None else next((_credit(item) for item in accepted if _within(item, value)), _ZERO)


def _bounded(worth: Fraction) -> Fraction:
    return min(_ONE, max(_ZERO, worth))


def _several(question: Question, answer: Answer, seed: str) -> Fraction:
    """Credits add up; with one wrong option among them the point is never whole, whatever the author gave that option."""
    shown = slots(question, seed)
    worths = [_credit(shown[slot]) for slot in answer["choices"]]
    most = _ONE if all(worth > 0 for worth in worths) else 1 - Fraction(1, len(shown))
    return min(most, _bounded(sum(worths, _ZERO)))


def _cloze(question: Question, answer: Answer, seed: str) -> Fraction:
    worth, weights = _ZERO, 0
    for gap in question["gaps"]:
        weights += int(gap["weight"])
        given = answer["gaps"].get(gap["key"])
        if given is None:
            continue
        if gap["kind"] == "single":
            got = _credit(slots(question, seed, gap["key"])[given["choice"]])
        elif gap["kind"] == "short":
            got = _short(gap["accepted"], given["text"], gap.get("case", False))
        else:
            got = _numeric(gap["accepted"], given["text"])
        worth += gap["weight"] * _bounded(got)
    return worth / weights


def _matching(question: Question, answer: Answer, seed: str) -> Fraction:
    places, right = [item["key"] for item in question["left"]], [item["key"] for item in slots(question, seed)]
    wanted = dict(question["pairs"])
    hits = sum(wanted[places[place]] == right[slot] for place, slot in answer["pairs"])
    return Fraction(hits, len(places))


def _ordering(question: Question, answer: Answer, seed: str) -> Fraction:
    shown, wanted = slots(question, seed), [option["key"] for option in question["options"]]
    given = [shown[slot]["key"] for slot in answer["order"]]
    return Fraction(sum(a == b for a, b in zip(given, wanted, strict=False)), len(wanted))


def found(question: Question, answer: Answer) -> tuple[int, int]:
    """Returns (hits, false alarms) of the marks in an answer to a phish question."""
    marked = {question["lines"][place]["key"] for place in answer.get("marks", [])}
    real = set(cues(question))
    return len(marked & real), len(marked - real)


def _phish(question: Question, answer: Answer) -> Fraction:
    """A wrong verdict is worth nothing; a right one half, and all of it with enough cues found (each false one takes one off)."""
    if (answer["verdict"] == "trick") != question["trick"]:
        return _ZERO
    hits, false = found(question, answer)
    if not question["trick"]:
        return _ONE if not false else Fraction(1, 2)
    return Fraction(1, 2) + Fraction(min(max(0, hits - false), enough(question)), 2 * enough(question))


def score(question: Question, answer: Answer, seed: str) -> Fraction:
    """Returns the worth of an answer, 0 to 1 point, exactly; RULE quiz: 1 is right, anything less is not.

    `seed` is the sitting's: it says which option stood in which slot. An answer that is none is refused (`answer.shape`).
    """
    check_answer(question, answer)
    if not answer:
        return _ZERO
    kind = question["kind"]
    if kind in {"single", "true_false"}:
        return _bounded(_credit(slots(question, seed)[answer["choice"]]))
    if kind == "multiple":
        return _several(question, answer, seed)
    if kind == "short":
        return _bounded(_short(question["accepted"], answer["text"], question.get("case", False)))
    if kind == "numeric":
        return _bounded(_numeric(question["accepted"], answer["text"]))
    if kind == "matching":
        return _matching(question, answer, seed)
    if kind == "ordering":
        return _ordering(question, answer, seed)
    if kind == "cloze":
        return _cloze(question, answer, seed)
    return _phish(question, answer)
