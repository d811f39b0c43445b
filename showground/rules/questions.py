"""What a quiz question is: one plain object, the same in the bank, in a file, in the revealed key and in a stranger's check.

A question has `v` 1, `code` (its name in the bank), `kind`, `text` and what its kind asks for. A text is an object of languages:
{"en": "...", "zh": "..."}, at least one. A credit is a fraction [numerator, denominator] of the question's one point. Kinds:

    single, multiple, true_false   options [{key, text, credit, why?, area?}]; true_false has the keys "true" and "false"
    short                          accepted [{text, credit, why?}], case? (capitals count); "*" stands for anything
    numeric                        accepted [{value, tolerance, credit, why?} or {low, high, credit, why?}], decimals as text
    matching                       left [{key, text}], right [{key, text}], pairs [[left key, right key], ...]
    ordering                       options [{key, text}] in the right order
    cloze                          text holds {{g1}}, {{g2}}, ...; gaps [{key, kind, weight, options or accepted, case?}]
    phish                          channel, trick, lines [{key, role, text, leads?, cue?, why?}], enough? (cues to find), premise?

Any kind may have: title, explanation, source, media, category, tags, fixed (options stay in this order), feedback.
Nothing here knows how an answer is scored: that is rules/answers.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from showground.rules.records import canonical
from showground.rules.refused import Refused

Question = dict[str, Any]
Text = dict[str, str]

KINDS: Final = ("single", "multiple", "true_false", "short", "numeric", "matching", "ordering", "cloze", "phish")
CHANNELS: Final = ("sms", "mail", "chat", "payment", "poster")
ROLES: Final = (
    "from", "address", "to", "subject", "time", "text", "link", "button", "attachment", "amount", "payee", "qr", "note",
)  # fmt: skip
MEDIA: Final = ("picture", "audio", "video")
PREMISES: Final = ("weak", "medium", "strong")
LANGUAGES: Final = ("en", "zh")
MOST_OPTIONS: Final = 40
MOST_TEXT: Final = 8000
GAP: Final = re.compile(r"\{\{(g[0-9]{1,3})\}\}")
_CODE = re.compile(r"[a-z][a-z0-9_.-]{0,63}\Z")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,15}\Z")
_COMMON: Final = frozenset(
    {"v", "code", "kind", "text", "title", "explanation", "source", "media", "category", "tags", "fixed", "feedback"}
)


def _no(question: Question, field: str, why: str, **facts: object) -> Refused:
    return Refused("question.field", question=str(question.get("code", "?"))[:64], field=field, why=why, **facts)


def credit(value: object) -> Fraction | None:
    """Returns a credit as a fraction of a point, -1 to 1; None if `value` is no credit."""
    if not (isinstance(value, list) and len(value) == 2 and all(type(n) is int for n in value) and value[1] > 0):
        return None
    worth = Fraction(value[0], value[1])
    return worth if -1 <= worth <= 1 and (worth.numerator, worth.denominator) == tuple(value) else None


def as_credit(worth: Fraction) -> list[int]:
    """Returns a fraction of a point as it is written in a question."""
    return [worth.numerator, worth.denominator]


def decimal(text: object) -> Decimal | None:
    """Returns a number written with digits, a sign and a point; None for anything else, "1e9", "NaN" and "Infinity" included."""
    if not isinstance(text, str) or not re.fullmatch(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern admits only numbers
        return None


# ---- shape ----


def _text(question: Question, field: str, value: object) -> None:
    if not isinstance(value, dict) or not value or not set(value) <= set(LANGUAGES):
        raise _no(question, field, "languages")
    for words in value.values():
        if not isinstance(words, str) or not words.strip() or len(words) > MOST_TEXT:
            raise _no(question, field, "words")


def _named(question: Question, field: str, items: object, known: frozenset[str], *, least: int = 1) -> list[dict[str, Any]]:
    """Checks a list of objects that each have a key of their own and a text."""
    if not isinstance(items, list) or not least <= len(items) <= MOST_OPTIONS:
        raise _no(question, field, "count", least=least, most=MOST_OPTIONS)
    keys: set[str] = set()
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("key"), str) or not _KEY.match(item["key"]):
            raise _no(question, field, "key")
        if item["key"] in keys or not set(item) <= known | {"key", "text"}:
            raise _no(question, field, "twice" if item["key"] in keys else "unknown")
        keys.add(item["key"])
        _text(question, f"{field}.{item['key']}", item.get("text"))
        if "why" in item:
            _text(question, f"{field}.{item['key']}.why", item["why"])
    return items


def _credits(question: Question, field: str, items: list[dict[str, Any]]) -> list[Fraction]:
    worths = [credit(item.get("credit")) for item in items]
    if any(worth is None for worth in worths):
        raise _no(question, field, "credit")
    return [worth for worth in worths if worth is not None]


def _area(question: Question, option: dict[str, Any]) -> None:
    """An area is x, y, width, height in thousandths of the first picture."""
    area = option.get("area")
    if area is None:
        return
    whole = isinstance(area, list) and len(area) == 4 and all(type(n) is int and 0 <= n <= 1000 for n in area)
    if not whole or area[0] + area[2] > 1000 or area[1] + area[3] > 1000 or 0 in area[2:]:
        raise _no(question, f"options.{option['key']}.area", "area")
    if not any(item.get("kind") == "picture" for item in question.get("media", [])):
        raise _no(question, "media", "picture")


def _choice(question: Question, options: object, field: str, *, several: bool) -> None:
    listed = _named(question, field, options, frozenset({"credit", "why", "area"}), least=1 if several else 2)
    worths = _credits(question, field, listed)
    for option in listed:
        _area(question, option)
    best = sum(worth for worth in worths if worth > 0) if several else max(worths)
    if best < 1:
        raise _no(question, field, "no_right")
    shown = [canonical(option["text"]) for option in listed]
    if len(set(shown)) != len(shown):
        raise _no(question, field, "same_text")


def _single(question: Question) -> None:
    _choice(question, question.get("options"), "options", several=False)


def _multiple(question: Question) -> None:
    _choice(question, question.get("options"), "options", several=True)


def _true_false(question: Question) -> None:
    _single(question)
    if [option["key"] for option in question["options"]] != ["true", "false"]:
        raise _no(question, "options", "true_false")


def _accepted(question: Question, accepted: object, field: str, *, numeric: bool) -> None:
    if not isinstance(accepted, list) or not 1 <= len(accepted) <= MOST_OPTIONS:
        raise _no(question, field, "count", least=1, most=MOST_OPTIONS)
    for item in accepted:
        wanted = ({"value", "tolerance"}, {"low", "high"}) if numeric else ({"text"},)
        if not isinstance(item, dict) or set(item) - {"credit", "why"} not in wanted:
            raise _no(question, field, "unknown")
        if numeric and any(decimal(item[name]) is None for name in set(item) - {"credit", "why"}):
            raise _no(question, field, "number")
        if numeric and (
            item.get("tolerance", "").startswith("-") or ("low" in item and Decimal(item["low"]) > Decimal(item["high"]))
        ):
            raise _no(question, field, "range")
        if not numeric and (not isinstance(item["text"], str) or not item["text"].strip() or len(item["text"]) > 400):
            raise _no(question, field, "words")
        if "why" in item:
            _text(question, f"{field}.why", item["why"])
    if max(_credits(question, field, accepted)) != 1:
        raise _no(question, field, "no_right")


def _short(question: Question) -> None:
    _accepted(question, question.get("accepted"), "accepted", numeric=False)
    _switch(question, question, "case")


def _numeric(question: Question) -> None:
    _accepted(question, question.get("accepted"), "accepted", numeric=True)


def _switch(question: Question, holder: dict[str, Any], field: str) -> None:
    if field in holder and not isinstance(holder[field], bool):
        raise _no(question, field, "switch")


def _matching(question: Question) -> None:
    left = {item["key"] for item in _named(question, "left", question.get("left"), frozenset())}
    sides = _named(question, "right", question.get("right"), frozenset(), least=2)
    right, pairs = {item["key"] for item in sides}, question.get("pairs")
    fits = isinstance(pairs, list) and all(
        isinstance(p, list) and len(p) == 2 and all(isinstance(k, str) for k in p) and p[0] in left and p[1] in right for p in pairs
    )
    if not fits or sorted(p[0] for p in pairs or []) != sorted(left):
        raise _no(question, "pairs", "pairs")
    shown = [canonical(item["text"]) for item in sides]
    if len(set(shown)) != len(shown):
        raise _no(question, "right", "same_text")


def _ordering(question: Question) -> None:
    options = _named(question, "options", question.get("options"), frozenset(), least=2)
    if len({canonical(option["text"]) for option in options}) != len(options):
        raise _no(question, "options", "same_text")


def _cloze(question: Question) -> None:
    gaps = question.get("gaps")
    if not isinstance(gaps, list) or not 1 <= len(gaps) <= MOST_OPTIONS or not all(isinstance(gap, dict) for gap in gaps):
        raise _no(question, "gaps", "count", least=1, most=MOST_OPTIONS)
    keys = [str(gap.get("key")) for gap in gaps]
    if any(sorted(GAP.findall(words)) != sorted(keys) for words in question["text"].values()) or len(set(keys)) != len(keys):
        raise _no(question, "gaps", "gaps")
    for gap in gaps:
        if (
            gap.get("kind") not in {"single", "short", "numeric"}
            or type(gap.get("weight")) is not int
            or not 1 <= gap["weight"] <= 100
        ):
            raise _no(question, f"gaps.{gap['key']}", "gap")
        names = {"single": {"options"}, "short": {"accepted", "case"}, "numeric": {"accepted"}}[gap["kind"]]
        if not set(gap) <= names | {"key", "kind", "weight"}:
            raise _no(question, f"gaps.{gap['key']}", "unknown")
        _switch(question, gap, "case")
        if gap["kind"] == "single":
            _choice(question, gap.get("options"), f"gaps.{gap['key']}", several=False)
        else:
            _accepted(question, gap.get("accepted"), f"gaps.{gap['key']}", numeric=gap["kind"] == "numeric")


def cues(question: Question) -> list[str]:
    """Returns the keys of the lines of a message that give it away."""
    return [line["key"] for line in question["lines"] if line.get("cue")]


def enough(question: Question) -> int:
    """Returns how many cues must be found, false ones taken off: what the author asked, else half of them, rounded up."""
    return int(question.get("enough") or (len(cues(question)) + 1) // 2)


def _phish(question: Question) -> None:
    if question.get("channel") not in CHANNELS or not isinstance(question.get("trick"), bool):
        raise _no(question, "channel", "channel")
    for line in _named(question, "lines", question.get("lines"), frozenset({"role", "leads", "cue", "why"}), least=2):
        if line.get("role") not in ROLES or not isinstance(line.get("leads", ""), str) or len(line.get("leads", "")) > 500:
            raise _no(question, f"lines.{line['key']}", "role")
        _switch(question, line, "cue")
    if question["trick"] != bool(cues(question)):
        raise _no(question, "lines", "cues")
    most = len(cues(question))
    if "enough" in question and not (type(question["enough"]) is int and 1 <= question["enough"] <= most):
        raise _no(question, "enough", "count", least=1, most=most)
    if question.get("premise", "medium") not in PREMISES:
        raise _no(question, "premise", "unknown")


_OF_KIND: Final[dict[str, tuple[Callable[[Question], None], frozenset[str]]]] = {
    "single": (_single, frozenset({"options"})),
    "multiple": (_multiple, frozenset({"options"})),
    "true_false": (_true_false, frozenset({"options"})),
    "short": (_short, frozenset({"accepted", "case"})),
    "numeric": (_numeric, frozenset({"accepted"})),
    "matching": (_matching, frozenset({"left", "right", "pairs"})),
    "ordering": (_ordering, frozenset({"options"})),
    "cloze": (_cloze, frozenset({"gaps"})),
    "phish": (_phish, frozenset({"channel", "trick", "lines", "enough", "premise"})),
}


def _media(question: Question) -> None:
    """Each medium has a kind, the SHA-256 of its safe rendition, and words for those who cannot see or hear it."""
    for item in question.get("media", []):
        if (
            not isinstance(item, dict)
            or item.get("kind") not in MEDIA
            or not set(item) <= {"kind", "sha256", "alt", "transcript", "name"}
        ):
            raise _no(question, "media", "unknown")
        if not re.fullmatch(r"[0-9a-f]{64}", str(item.get("sha256", ""))):
            raise _no(question, "media", "sha256")
        words = "alt" if item["kind"] == "picture" else "transcript"
        _text(question, f"media.{words}", item.get(words))


def check_question(question: Question) -> None:
    """Refuses (`question.field` with question, field, why) an object that is no question of its kind."""
    kind = question.get("kind")
    if question.get("v") != 1 or not isinstance(kind, str) or kind not in _OF_KIND:
        raise _no(question, "kind", "unknown")
    check, own = _OF_KIND[kind]
    if extra := sorted(set(question) - _COMMON - own):
        raise _no(question, extra[0], "unknown")
    if not isinstance(question.get("code"), str) or not _CODE.match(question["code"]):
        raise _no(question, "code", "code")
    for field in ("text", "title", "explanation", "feedback"):
        if field in question or field == "text":
            _text(question, field, question.get(field))
    for field in ("source", "category"):
        if not isinstance(question.get(field, ""), str) or len(question.get(field, "")) > 400:
            raise _no(question, field, "words")
    if not isinstance(question.get("tags", []), list) or not all(isinstance(tag, str) and tag for tag in question.get("tags", [])):
        raise _no(question, "tags", "words")
    if not isinstance(question.get("media", []), list):
        raise _no(question, "media", "unknown")
    _switch(question, question, "fixed")
    _media(question)
    check(question)
    canonical(question)


# ---- what an author is told ----


def texts(question: Question) -> Iterator[tuple[str, Text]]:
    """Yields every text of a question with its place, in reading order: ("options.a", {"en": ...})."""
    for field in ("title", "text", "explanation", "feedback"):
        if field in question:
            yield field, question[field]
    for holder in ("options", "left", "right", "lines"):
        for item in question.get(holder, []):
            yield f"{holder}.{item['key']}", item["text"]
            if "why" in item:
                yield f"{holder}.{item['key']}.why", item["why"]
    for gap in question.get("gaps", []):
        for option in gap.get("options", []):
            yield f"gaps.{gap['key']}.{option['key']}", option["text"]
    for item in question.get("media", []):
        for field in ("alt", "transcript"):
            if field in item:
                yield f"media.{field}", item[field]


def untranslated(question: Question, languages: tuple[str, ...] = LANGUAGES) -> list[tuple[str, str]]:
    """Returns (place, language) of every text that a language lacks."""
    return [(place, language) for place, text in texts(question) for language in languages if language not in text]
