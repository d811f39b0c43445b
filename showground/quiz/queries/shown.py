"""A question as one sitting sees it: only what may be seen is copied, so that a page cannot give away what it never had.

shown(question, seed, answer, language)    the question before the key is public: no credit, cue, why, pair, order or explanation
told(question, seed, answer, language)     the same with what was right and why: practice, and prize quizzes after the reveal
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from showground.rules import answers
from showground.rules.answers import Answer
from showground.rules.questions import GAP, Question, Text, cues

Shown = dict[str, Any]
SAYS_WHERE = {"address", "link", "button", "qr", "from", "payee", "text"}
# A host in running text; Chinese characters end it, for they stand beside addresses without a space.
_LETTER = r"[^\W_\u3400-\u9fff]"
_LABEL = rf"{_LETTER}(?:(?:{_LETTER}|-)*{_LETTER})?"
HOST = re.compile(rf"(?<![a-z0-9._-])(?:[\w.+-]+@)?((?:{_LABEL}\.)+[^\W\d_\u3400-\u9fff]{{2,}})(?![\w-]*@)", re.I)
LEADS = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/@]*@)?([^/:?#]+)", re.I)
LONG = {"en": 90, "zh": 34}  # a question longer than so many characters is set smaller


class Said(str):
    """A text in the reader's language; `lang` is its tag where the page's own language had to give way, else empty."""

    lang = ""


@dataclass(frozen=True)
class Letter:
    """One character of an address, and what a reader should know of it."""

    sign: str
    note: str


def said(text: Mapping[str, str] | None, language: str) -> Said:
    """Returns a text of the bank in the reader's language, or in the other one with its tag."""
    if not text:
        return Said("")
    own, other = ("zh", "en") if language.startswith("zh") else ("en", "zh")
    found = Said(text.get(own) or text.get(other) or "")
    if own not in text:
        found.lang = "zh-Hans" if other == "zh" else "en"
    return found


# ---- addresses, spelled ----


def host_in(text: str) -> str:
    """Returns the host of the first address in a text, of a link or of mail; empty if there is none."""
    found = LEADS.match(text) or HOST.search(text)
    return found[1] if found else ""


def spell(address: str) -> list[Letter]:
    """Returns an address letter by letter; digits, signs and letters of another script carry their names."""
    return [Letter(sign, _note(sign)) for sign in address]


def _note(sign: str) -> str:
    if "a" <= sign.lower() <= "z":
        return ""
    if sign.isdigit():
        return _("digit")
    plain = {".": _("dot"), "-": _("hyphen"), "@": _("at sign"), "_": _("underscore")}
    if sign in plain:
        return plain[sign]
    name = unicodedata.name(sign, "")
    scripts = {"CYRILLIC": _("Cyrillic letter"), "GREEK": _("Greek letter"), "CJK": "", "LATIN": _("Latin letter with a mark")}
    return scripts.get(name.split(" ", 1)[0], name.lower())


# ---- the question ----


def _option(option: dict[str, Any], slot: int, language: str, on: bool) -> Shown:
    found: Shown = {"slot": slot, "text": said(option["text"], language), "on": on}
    if area := option.get("area"):
        found["area"] = [f"{side}-{round(value / 10)}" for side, value in zip("xywh", area, strict=True)]
    return found


def _options(question: Question, seed: str, answer: Answer, language: str) -> Shown:
    chosen = {answer["choice"]} if "choice" in answer else set(answer.get("choices", []))
    listed = [_option(o, slot, language, slot in chosen) for slot, o in enumerate(answers.slots(question, seed))]
    return {"options": listed, "spots": any("area" in option for option in listed)}


def _matching(question: Question, seed: str, answer: Answer, language: str) -> Shown:
    right, given = answers.slots(question, seed), dict(answer.get("pairs", []))
    rows = []
    for place, left in enumerate(question["left"]):
        choices = [_option(option, slot, language, given.get(place) == slot) for slot, option in enumerate(right)]
        rows.append({"place": place, "text": said(left["text"], language), "choices": choices})
    return {"rows": rows}


def _ordering(question: Question, seed: str, answer: Answer, language: str) -> Shown:
    options = answers.slots(question, seed)
    order = answer.get("order") or list(range(len(options)))
    return {"steps": [_option(options[slot], slot, language, False) for slot in order], "answered": bool(answer)}


def _gap(question: Question, seed: str, answer: Answer, language: str, key: str) -> Shown:
    gap = next(g for g in question["gaps"] if g["key"] == key)
    given = answer.get("gaps", {}).get(key, {})
    found: Shown = {"gap": key, "kind": gap["kind"], "number": question["gaps"].index(gap) + 1, "given": given.get("text", "")}
    if gap["kind"] == "single":
        listed = answers.slots(question, seed, key)
        found["options"] = [_option(o, slot, language, given.get("choice") == slot) for slot, o in enumerate(listed)]
    return found


def _cloze(question: Question, seed: str, answer: Answer, language: str) -> Shown:
    whole = said(question["text"], language)
    pieces: list[Shown] = []
    for at, part in enumerate(GAP.split(whole)):
        pieces.append(_gap(question, seed, answer, language, part) if at % 2 else {"text": part})
    return {"pieces": pieces}


def _line(line: dict[str, Any], place: int, language: str, on: bool) -> Shown:
    text = said(line["text"], language)
    leads = line.get("leads", "")
    host = host_in(leads) if leads else host_in(text) if line["role"] in SAYS_WHERE else ""
    return {"place": place, "role": line["role"], "text": text, "on": on, "leads": leads, "spelled": spell(host), "host": host}


def _phish(question: Question, answer: Answer, language: str) -> Shown:
    marks = set(answer.get("marks", []))
    lines = [_line(line, place, language, place in marks) for place, line in enumerate(question["lines"])]
    verdict = answer.get("verdict", "")
    return {"channel": question["channel"], "verdict": verdict, "lines": lines, "nothing": bool(verdict) and not marks}


def _most(language: str) -> int:
    return LONG["zh" if language.startswith("zh") else "en"]


def media(question: Question, files: Mapping[str, str], language: str) -> list[Shown]:
    """Returns the media of a question with their words; `files` gives the name in the media store by hash."""
    found = []
    for item in question.get("media", []):
        words = said(item.get("alt") or item.get("transcript"), language)
        found.append({"kind": item["kind"], "url": f"/media/{files.get(item['sha256'], '')}", "words": words})
    return found


def shown(question: Question, seed: str, answer: Answer, language: str) -> Shown:
    """Returns what the page of a question may show before the key is public."""
    kind = question["kind"]
    text = said(question["text"], language)
    base: Shown = {"kind": kind, "text": text, "answered": bool(answer), "long": len(text) > _most(language)}
    if kind in {"single", "multiple", "true_false"}:
        return base | _options(question, seed, answer, language)
    if kind == "matching":
        return base | _matching(question, seed, answer, language)
    if kind == "ordering":
        return base | _ordering(question, seed, answer, language)
    if kind == "cloze":
        return base | _cloze(question, seed, answer, language)
    if kind == "phish":
        return base | _phish(question, answer, language)
    return base | {"given": answer.get("text", "")}


def reading_seconds(question: Question, language: str) -> float:
    """Returns in how many seconds nobody has read a question: 12 words a second, or 25 Chinese characters, thrice a fast reader's."""
    count = sum(_length(text, language) for text in _texts(question))
    return count / (25 if language.startswith("zh") else 12)


def _texts(question: Question) -> list[Text]:
    parts = [question["text"]]
    for holder in ("options", "left", "right", "lines"):
        parts += [item["text"] for item in question.get(holder, [])]
    return parts


def _length(text: Text, language: str) -> int:
    words = said(text, language)
    return len(words) if language.startswith("zh") else len(words.split())


# ---- with what was right ----


def _word(credit: Fraction) -> str:
    return "right" if credit == 1 else "part" if credit > 0 else "wrong"


def _told_options(found: list[Shown], options: list[dict[str, Any]], language: str) -> None:
    for option, source in zip(found, options, strict=True):
        option["word"] = _word(Fraction(*source["credit"]))
        option["why"] = said(source.get("why"), language)


def _told_lines(found: list[Shown], question: Question, language: str) -> None:
    real = set(cues(question))
    for line, source in zip(found, question["lines"], strict=True):
        cue = source["key"] in real
        line["word"] = {(True, True): "hit", (True, False): "missed", (False, True): "false"}.get((cue, line["on"]), "")
        line["why"] = said(source.get("why"), language)


def _accepted(item: dict[str, Any]) -> str:
    if "low" in item:
        return f"{item['low']} – {item['high']}"
    return str(item.get("text") or item.get("value"))


def _solution(question: Question, language: str) -> list[Said]:
    """The right answer in words, for kinds whose options do not carry it."""
    kind = question["kind"]
    if kind in {"short", "numeric"}:
        return [Said(_accepted(item)) for item in question["accepted"] if item["credit"] == [1, 1]]
    if kind == "matching":
        left, right = ({item["key"]: said(item["text"], language) for item in question[side]} for side in ("left", "right"))
        return [Said(f"{left[a]} → {right[b]}") for a, b in question["pairs"]]
    if kind == "ordering":
        return [said(option["text"], language) for option in question["options"]]
    if kind == "cloze":
        return [_gap_solution(gap, language) for gap in question["gaps"]]
    return []


def _gap_solution(gap: dict[str, Any], language: str) -> Said:
    if gap["kind"] == "single":
        return next(said(o["text"], language) for o in gap["options"] if o["credit"] == [1, 1])
    return Said(_accepted(gap["accepted"][0]))


def told(question: Question, seed: str, answer: Answer, language: str) -> Shown:
    """Returns a question with what was right, why, and what the answer was worth; only where the key is no secret."""
    found = shown(question, seed, answer, language)
    worth = answers.score(question, answer, seed)
    found |= {
        "told": True,
        "worth": _word(worth),
        "explanation": said(question.get("explanation") or question.get("feedback"), language),
        "source": question.get("source", ""),
        "solution": _solution(question, language),
    }
    if "options" in found:
        _told_options(found["options"], answers.slots(question, seed), language)
    if question["kind"] == "phish":
        _told_lines(found["lines"], question, language)
        hits, false = answers.found(question, answer)
        found |= {"trick": question["trick"], "cues": len(cues(question)), "hits": hits, "false": false}
    return found
