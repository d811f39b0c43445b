"""The figures of a quiz or a question, counted from its sittings as they stream out of the database.

book_of(sittings) -> Counted        questions, options, times, verdicts; memory does not grow with the number of people
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from showground.quiz.models import PoolItem, Question, Quiz, Sitting
from showground.quiz.queries import statistics
from showground.rules.answers import Answer, score, slots
from showground.rules.questions import Question as Document

READ = ("items", "answers", "scores", "seconds", "seed", "language")
MOST_KEPT = 8
BY_OPTION = ("single", "multiple", "true_false")


@dataclass
class Counted:
    """What sittings gave: the book of marks, the wordings asked, and how tricks were told from genuine messages."""

    documents: dict[str, Document]
    book: statistics.Book = field(default_factory=statistics.Book)
    verdicts: Counter[tuple[bool, bool]] = field(default_factory=Counter)  # (a trick, called one) -> how often

    def detection(self) -> statistics.Detection:
        """Returns how tricks were told from genuine messages over all questions."""
        tricks = self.verdicts[True, True] + self.verdicts[True, False]
        genuine = self.verdicts[False, True] + self.verdicts[False, False]
        return statistics.detection(tricks, self.verdicts[True, True], genuine, self.verdicts[False, True])


@lru_cache(maxsize=4096)
def _fraction(numerator: int, denominator: int) -> Fraction | int:
    """A credit as a number; whole ones as whole numbers, which are counted ten times faster."""
    return numerator if denominator == 1 else Fraction(numerator, denominator)


def submitted(quiz: Quiz, *, first: bool = False) -> QuerySet[Sitting]:
    """Returns the sittings of a quiz that were sent in; with `first` only each browser's first."""
    found = Sitting.objects.filter(quiz=quiz, submitted_at__isnull=False).order_by("pk")
    return found.filter(go=1) if first else found


def chosen(question: Document, answer: Answer, seed: str) -> list[str]:
    """Returns what an answer chose, by the author's keys: options, a message's verdict and lines, the answer taken (#1) or none."""
    if not answer:
        return ["-"]
    kind = question["kind"]
    if kind in BY_OPTION:
        shown = slots(question, seed)
        return [shown[slot]["key"] for slot in ([answer["choice"]] if "choice" in answer else answer["choices"])] or ["-"]
    if kind == "phish":
        return [answer["verdict"], *(question["lines"][place]["key"] for place in answer["marks"])]
    if kind in {"short", "numeric"}:
        return [_taken(question, answer)]
    return []


def _taken(question: Document, answer: Answer) -> str:
    """Which accepted answer a typed one is, "#1" the first; "other" for none of them."""
    for place, item in enumerate(question["accepted"]):
        if score({**question, "accepted": [{**item, "credit": [1, 1]}]}, answer, "") == 1:
            return f"#{place + 1}"
    return "other"


def listed(question: Document) -> list[tuple[str, dict[str, str]]]:
    """Returns what can be chosen in a question, each with its words: the rows of its table."""
    kind = question["kind"]
    nothing: list[tuple[str, dict[str, str]]] = [("-", {"en": "not answered", "zh": "未作答"})]
    if kind in BY_OPTION:
        return [(option["key"], option["text"]) for option in question["options"]] + nothing
    if kind == "phish":
        verdicts = [("trick", {"en": "“a trick”", "zh": "“骗局”"}), ("genuine", {"en": "“genuine”", "zh": "“真实”"})]
        return verdicts + [(line["key"], line["text"]) for line in question["lines"]] + nothing
    if kind in {"short", "numeric"}:
        taken = [(f"#{at + 1}", {"en": _said(item)}) for at, item in enumerate(question["accepted"])]
        return [*taken, ("other", {"en": "anything else", "zh": "其他"}), *nothing]
    return []


def _said(item: dict[str, Any]) -> str:
    if "low" in item:
        return f"{item['low']} – {item['high']}"
    return str(item["text"]) if "text" in item else f"{item['value']} ± {item['tolerance']}"


def right_ones(question: Document) -> set[str]:
    """Returns which of `listed` are right."""
    kind = question["kind"]
    if kind in BY_OPTION:
        return {option["key"] for option in question["options"] if option["credit"][0] > 0}
    if kind == "phish":
        return {"trick" if question["trick"] else "genuine", *(line["key"] for line in question["lines"] if line.get("cue"))}
    return {f"#{at + 1}" for at, item in enumerate(question.get("accepted", [])) if item["credit"] == [1, 1]}


def count(documents: dict[str, Document], rows: Iterable[tuple[Any, ...]]) -> Counted:
    """Returns the figures of rows of (items, answers, scores, seconds, seed, language)."""
    counted = Counted(documents)
    for items, answers, scores, seconds, seed, language in rows:
        marks = [(code, _fraction(*scores[code])) for code in items if code in scores and code in documents]
        choices = {code: chosen(documents[code], answers.get(code, {}), seed) for code, _ in marks}
        counted.book.attempt(marks, language=language[:2], choices=choices, seconds=seconds)
        for code, _ in marks:
            verdict = answers.get(code, {}).get("verdict")
            if verdict and documents[code]["kind"] == "phish":
                counted.verdicts[documents[code]["trick"], verdict == "trick"] += 1
    return counted


def _rows(sittings: QuerySet[Sitting]) -> Iterator[tuple[Any, ...]]:
    return sittings.values_list(*READ).iterator(chunk_size=1000)


_kept: dict[tuple[int, bool], tuple[object, Counted]] = {}


def of_quiz(quiz: Quiz, *, first: bool = False) -> Counted:
    """Returns the figures of a quiz as far as it has come; counted again only when another sitting has been sent in."""
    sittings = submitted(quiz, first=first)
    mark = (sittings.aggregate(n=Count("pk"), newest=Max("submitted_at")), quiz.state)
    kept = _kept.get((quiz.pk, first))
    if kept is None or kept[0] != mark:
        documents = {item.code: dict(item.version.document) for item in quiz.pool.select_related("version")}
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[quiz.pk, first] = (mark, count(documents, _rows(sittings)))
    return kept[1]


def is_kept(quiz: Quiz) -> bool:
    """Tells whether a quiz has been counted not long ago, so that asking again costs little."""
    return (quiz.pk, False) in _kept


def newest_use(question: Question) -> PoolItem | None:
    """Returns the place of a question in the newest quiz that asked it and that somebody has answered; its wording is that quiz's."""
    used = PoolItem.objects.filter(code=question.code, version__question=question).exclude(quiz__state=Quiz.State.DRAFT)
    answered = Sitting.objects.filter(quiz=OuterRef("quiz"), submitted_at__isnull=False)
    return used.filter(Exists(answered)).select_related("quiz", "version").order_by("-quiz__opens").first()
