"""Questions to GIFT: every sign of a text gets its backslash, every text its format."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from showground.interchange.questions.carried import Carries, Media, carried, fitted
from showground.interchange.questions.contract import Left, Question
from showground.interchange.questions.gift_read import NONCHARACTERS, plain_category
from showground.interchange.questions.percent import to_percent

CARRIES: Final = Carries(
    kinds=frozenset({"single", "multiple", "true_false", "short", "numeric", "matching", "ordering"}),
    fields=frozenset({"code", "title", "explanation", "category", "tags"}),
    details=frozenset({"why", "credit"}),
    words=lambda text: NONCHARACTERS.sub("", text).strip(),
)


def write(questions: Sequence[Question], *, language: str, media: Media | None = None) -> tuple[bytes, list[Left]]:
    """Returns a GIFT file in one language, and what of the questions it cannot carry."""
    kept, left = fitted(questions, fit, language, media)
    parts, category = list[str](), ""
    for question in kept:
        if question.get("category", "") != category:
            category = question.get("category", "")
            parts.append(f"$CATEGORY: {category}\n")
        parts.append(_written(question, language))
    return "\n".join(parts).encode(), left


def fit(question: Question, language: str, media: Media) -> tuple[Question | None, list[Left]]:
    """Returns what GIFT can carry of a question."""
    kept, left = carried(question, CARRIES, language)
    if kept is None:
        return None, left
    kept, more = _utter(kept)
    return kept, more if kept is None else [*left, *more]


def _utter(question: Question) -> tuple[Question | None, list[Left]]:
    """Takes off what GIFT's signs cannot say: arrows in pairs, brackets in tags, a category that reads as another."""
    code, left = question["code"], list[Left]()
    arrows = [item["text"] for item in question.get("accepted", []) if "text" in item]
    arrows += [words for item in question.get("left", []) for words in item["text"].values()]
    if any("->" in words for words in arrows):
        return None, [Left(code, "", "syntax", "->")]
    if any("\\*" in words for words in arrows if question["kind"] == "short"):
        return None, [Left(code, "", "pattern", "\\*")]
    if "category" in question and ("\n" in question["category"] or plain_category(question["category"]) != question["category"]):
        left.append(Left(code, "category", "syntax", question.pop("category")))
    tags = [tag for tag in question.get("tags", []) if "\n" in tag or tag.endswith("\\") or "\\]" in tag or len(tag) > 300]
    if tags:
        left += [Left(code, "tags", "syntax", tag) for tag in tags]
        question["tags"] = [tag for tag in question["tags"] if tag not in tags]
        if not question["tags"]:
            del question["tags"]
    return question, left


def _escape(text: str) -> str:
    return re.sub(r"[~=#{}:\\]", lambda found: "\\" + found[0], text).replace("\n", "\\n")


def _safe(text: str) -> str:
    """Returns an escaped text that is not read as a format, a comment, or a weight."""
    plain = _escape(text)
    return f"[plain]{plain}" if plain.startswith(("[", "//", "%", ">", "$")) else plain


def _told(item: Mapping[str, Any], language: str) -> str:
    return f"#{_safe(item['why'][language])}" if "why" in item else ""


def _written(question: Question, language: str) -> str:
    tags = "".join(f" [tag:{tag.replace(']', chr(92) + ']')}]" for tag in question.get("tags", []))
    title = f"::{_escape(question['title'][language])}::" if "title" in question else ""
    explained = f"\t####{_safe(question['explanation'][language])}\n" if "explanation" in question else ""
    body = _OF_KIND[question["kind"]](question, language)
    return f"// [id:{question['code']}]{tags}\n{title}[plain]{_escape(question['text'][language])}{{{body}{explained}}}\n"


def _write_choice(question: Question, language: str) -> str:
    """Writes "=" before the first right option of a single choice only: without any "~" it would be a short answer."""
    lines, equal = [], question["kind"] == "single"
    for option in question["options"]:
        worth = Fraction(*option["credit"])
        sign = "=" if worth == 1 and equal else "~" if not worth else f"~%{to_percent(worth)}%"
        equal = equal and sign != "="
        lines.append(f"\t{sign}{_safe(option['text'][language])}{_told(option, language)}\n")
    return "\n" + "".join(lines)


def _write_true_false(question: Question, language: str) -> str:
    right = next(option for option in question["options"] if option["credit"] == [1, 1])
    wrong = next(option for option in question["options"] if option is not right)
    told = _told(wrong, language) or ("#" if "why" in right else "")
    return str(right["key"]).upper() + told + _told(right, language)


def _write_short(question: Question, language: str) -> str:
    return "\n" + "".join(
        f"\t=%{to_percent(Fraction(*item['credit']))}%{_safe(item['text'])}{_told(item, language)}\n"
        for item in question["accepted"]
    )


def _write_numeric(question: Question, language: str) -> str:
    lines = []
    for item in question["accepted"]:
        value = f"{item['low']}..{item['high']}" if "low" in item else f"{item['value']}:{item['tolerance']}"
        lines.append(f"\t=%{to_percent(Fraction(*item['credit']))}%{value}{_told(item, language)}\n")
    return "#\n" + "".join(lines)


def _write_matching(question: Question, language: str) -> str:
    goals = {item["key"]: _safe(item["text"][language]) for item in question["right"]}
    asked = {item["key"]: _safe(item["text"][language]) for item in question["left"]}
    lines = [f"\t={asked[one]} -> {goals[other]}\n" for one, other in question["pairs"]]
    needed = {other for _, other in question["pairs"]}
    return "\n" + "".join([*lines, *(f"\t= -> {goal}\n" for key, goal in goals.items() if key not in needed)])


def _write_ordering(question: Question, language: str) -> str:
    return ">\n" + "".join(f"\t{_safe(option['text'][language])}\n" for option in question["options"])


_OF_KIND: Final[dict[str, Callable[[Question, str], str]]] = {
    "single": _write_choice,
    "multiple": _write_choice,
    "true_false": _write_true_false,
    "short": _write_short,
    "numeric": _write_numeric,
    "matching": _write_matching,
    "ordering": _write_ordering,
}
