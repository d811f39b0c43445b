"""How invented entrants answer a quiz: they read the page as a person does, and know the starter bank by its English words."""

from __future__ import annotations

import json
import random
import re
from html import unescape
from pathlib import Path
from typing import Any

from showground.rules.questions import GAP

BANK = Path(__file__).resolve().parent.parent / "quiz" / "bank"
Question = dict[str, Any]


def starter_bank() -> list[Question]:
    """Returns the questions of the starter bank, by code."""
    files = [file for file in sorted(BANK.glob("*.json")) if file.name != "categories.json"]
    return sorted((q for file in files for q in json.loads(file.read_text(encoding="utf-8"))), key=lambda q: str(q["code"]))


def _plain(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def _same(text: str) -> str:
    return re.sub(r"\s+", "", text)


class Knowing:
    """Somebody who knows the bank and answers right, but for a share of slips."""

    def __init__(self, rng: random.Random, *, slips: float) -> None:
        self.rng, self.slips = rng, slips
        self.by_text = {_same(q["text"]["en"]): q for q in starter_bank() if q["kind"] != "cloze"}
        self.cloze = [q for q in starter_bank() if q["kind"] == "cloze"]

    def fields(self, page: str) -> dict[str, Any]:
        """Returns what this person sends for the question on a page, all of its form's fields."""
        form = page[page.index('<form class="ask"') : page.index("</form>", page.index('<form class="ask"'))]
        question = self._question(form)
        right = self.rng.random() >= self.slips
        return {"go": "next", **_ANSWERS[question["kind"]](question, form, right)}

    def _question(self, form: str) -> Question:
        head = re.search(r"<h1[^>]*>(.*?)</h1>", form, re.S)
        words = _same(_plain(head[1])) if head else ""
        if words in self.by_text:
            return self.by_text[words]
        body = _same(_plain(form))
        return next(q for q in self.cloze if _same(GAP.split(q["text"]["en"])[0]) in body)


def _options(form: str) -> dict[str, str]:
    """Returns the slot of every option on the page by its words."""
    rows = re.findall(r'<input class="i-\d+"[^>]*value="(\d+)"[^>]*>(.*?)</label>', form, re.S)
    return {_same(_plain(words)): slot for slot, words in rows}


def _choice(question: Question, form: str, right: bool) -> dict[str, Any]:
    slots = _options(form)
    good = [slots[_same(o["text"]["en"])] for o in question["options"] if o["credit"][0] > 0]
    bad = [slot for slot in slots.values() if slot not in good]
    if question["kind"] == "multiple":
        return {"choice": good if right else [*good, *bad]}
    whole = next(slots[_same(o["text"]["en"])] for o in question["options"] if o["credit"] == [1, 1])
    return {"choice": whole if right else bad[0]}


def _words(question: Question, form: str, right: bool) -> dict[str, Any]:
    best = next(item for item in question["accepted"] if item["credit"] == [1, 1])
    return {"text": (best.get("text") or best.get("value") or best.get("low")).replace("*", "") if right else "7"}


def _selects(form: str) -> dict[str, dict[str, str]]:
    found = {}
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        rows = re.findall(r'<option value="(\d+)"[^>]*>(.*?)</option>', inside, re.S)
        found[name] = {_same(_plain(words)): slot for slot, words in rows}
    return found


def _matching(question: Question, form: str, right: bool) -> dict[str, Any]:
    selects, texts = _selects(form), {item["key"]: _same(item["text"]["en"]) for item in question["right"]}
    wanted = dict(question["pairs"])
    first = next(iter(texts.values()))
    return {
        f"pair-{place}": selects[f"pair-{place}"][texts[wanted[item["key"]]] if right else first]
        for place, item in enumerate(question["left"])
    }


def _ordering(question: Question, form: str, right: bool) -> dict[str, Any]:
    rows = re.findall(r'<span id="line-(\d+)">(.*?)</span><input type="hidden"', form, re.S)
    slots = {_same(_plain(words)): slot for slot, words in rows}
    order = [slots[_same(o["text"]["en"])] for o in question["options"]]
    return {"order": order if right else order[::-1]}


def _cloze(question: Question, form: str, right: bool) -> dict[str, Any]:
    selects, fields = _selects(form), {}
    for gap in question["gaps"]:
        name = f"gap-{gap['key']}"
        if gap["kind"] == "single":
            best = next(o for o in gap["options"] if (o["credit"] == [1, 1]) == right)
            fields[name] = selects[name][_same(best["text"]["en"])]
        else:
            fields[name] = _words(gap, form, right)["text"]
    return fields


def _phish(question: Question, form: str, right: bool) -> dict[str, Any]:
    marks = [place for place, line in enumerate(question["lines"]) if line.get("cue")]
    if not right:
        return {"verdict": "genuine" if question["trick"] else "trick", "nothing": "yes"} if question["trick"] else {
            "verdict": "trick", "mark": [len(question["lines"]) - 1]}  # fmt: skip
    return {"verdict": "trick", "mark": marks} if question["trick"] else {"verdict": "genuine", "nothing": "yes"}


_ANSWERS = {
    "single": _choice, "true_false": _choice, "multiple": _choice, "short": _words, "numeric": _words,
    "matching": _matching, "ordering": _ordering, "cloze": _cloze, "phish": _phish,
}  # fmt: skip
