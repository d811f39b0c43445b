"""What can be known about the quizzes of a week as their organiser sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from showground.quiz.models import Draw, Flag, Question, Quiz, Voucher
from showground.quiz.queries.bank import gaps
from showground.weeks.models import Week


def quizzes(week: Week) -> QuerySet[Quiz]:
    """Returns the quizzes of a week, the newest first, with how many were sent in (`sent`), passed (`won`) and are in the pool."""
    sent = Count("sittings", filter=Q(sittings__submitted_at__isnull=False), distinct=True)
    won = Count("sittings", filter=Q(sittings__passed=True), distinct=True)
    return Quiz.objects.filter(week=week).annotate(sent=sent, won=won, pooled=Count("pool", distinct=True)).select_related("series")


def quiz_or_404(week: Week, code: str) -> Quiz:
    """Returns a quiz of a week, drafts too."""
    found = Quiz.objects.filter(week=week, code=code).select_related("week", "series").first()
    if found is None:
        raise Http404(code)
    return found


@dataclass(frozen=True)
class Candidate:
    """A question that may be in a pool: whether it is, what its approved wording lacks, and which other quiz holds it."""

    question: Question
    document: dict[str, Any]
    chosen: bool
    gaps: list[str]
    elsewhere: str


def candidates(quiz: Quiz, *, category: str = "", tag: str = "", words: str = "") -> list[Candidate]:
    """Returns the approved questions asked for, those in the pool first."""
    found = Question.objects.filter(retired=False, current__isnull=False).select_related("current").order_by("category", "code")
    if category:
        found = found.filter(category=category)
    there = set(quiz.pool.values_list("code", flat=True))
    held = _held_elsewhere(quiz)
    listed = [
        Candidate(one, one.current.document, one.code in there, gaps(one.current.document), held.get(one.code, ""))
        for one in found
        if (not tag or tag in one.tags) and (not words or _says(one, words))
    ]
    return sorted(listed, key=lambda one: not one.chosen)


def _says(question: Question, words: str) -> bool:
    document = question.current.document
    texts = [question.code, *document["text"].values(), *document.get("title", {}).values()]
    return any(words.casefold() in text.casefold() for text in texts)


def _held_elsewhere(quiz: Quiz) -> dict[str, str]:
    """Questions that an announced quiz asks in the other way: explained there while they are secret here, or the reverse."""
    running = Quiz.objects.filter(state__in=(Quiz.State.ANNOUNCED, Quiz.State.CLOSED)).exclude(pk=quiz.pk)
    prize = quiz.kind == Quiz.Kind.PRIZE
    clash = running.exclude(kind=Quiz.Kind.PRIZE) if prize else running.filter(kind=Quiz.Kind.PRIZE)
    return dict(clash.values_list("pool__code", "code"))


@dataclass(frozen=True)
class Odds:
    """With so many tickets: how many prizes go out, and one ticket's chance in per cent."""

    tickets: int
    prizes: int
    chance: float


def odds(prizes: Sequence[dict[str, Any]], tickets: Sequence[int] = (50, 200, 1000, 5000)) -> list[Odds]:
    """Returns the chance of one ticket for several numbers of tickets; more prizes than tickets all go out."""
    count = sum(int(prize.get("count") or 0) for prize in prizes)
    return [Odds(n, min(count, n), 100 * min(count, n) / n) for n in tickets]


def stock(draw: Draw) -> list[dict[str, Any]]:
    """Returns the prizes of a draw with how many voucher codes lie sealed and how many were given out."""
    rows = []
    for prize in draw.quiz.rules["draw"]["prizes"]:
        lying = Voucher.objects.filter(draw=draw, prize=prize["prize"])
        rows.append({**prize, "codes": lying.count(), "given": lying.exclude(claim=None).count()})
    return rows


def flags(week: Week) -> list[Flag]:
    """Returns the entries to look at, those that wait first, then appeals, then what is decided."""
    found = Flag.objects.filter(sitting__quiz__week=week)
    found = found.select_related("sitting__quiz__draw", "sitting__minute", "decided_by", "answered_by").order_by("raised_at", "pk")
    return sorted(found[:1000], key=lambda flag: (flag.state != "waiting", not (flag.appeal and not flag.answer), flag.raised_at))
