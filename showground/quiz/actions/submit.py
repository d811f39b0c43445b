"""Sending a sitting in: scored on the server and, in a quiz with a log, recorded in the same transaction."""

from __future__ import annotations

from fractions import Fraction

from django.db import transaction

from showground.ledger.actions.append import append
from showground.quiz.actions.announce import salt
from showground.quiz.actions.flag import raise_flag
from showground.quiz.actions.sit import check_open
from showground.quiz.models import Quiz, Sitting
from showground.quiz.queries.sittings import opening_of, prize, questions_of, secret_of, secret_sha256
from showground.rules import records
from showground.rules.answers import score
from showground.rules.questions import as_credit


@transaction.atomic
def submit(sitting: Sitting, *, token: str, at: int) -> Sitting:
    """The sitting is scored once and for all; sent again, it is what it was.

    The quiz's row is locked first: an attempt stands in the log before quiz.closed or not at all.
    """
    quiz = Quiz.objects.select_for_update().select_related("week").get(pk=sitting.quiz_id)
    kept = Sitting.objects.select_for_update().get(pk=sitting.pk)
    kept.quiz = quiz
    if kept.submitted_at is not None:
        return kept
    check_open(quiz, at)
    worths = [score(q, kept.answers.get(q["code"], {}), kept.seed) for q in questions_of(kept)]
    kept.scores = {code: as_credit(worth) for code, worth in zip(kept.items, worths, strict=True)}
    kept.right = sum(worth == Fraction(1) for worth in worths)
    kept.passed = kept.right >= quiz.rules["pass"] if quiz.rules else None
    kept.submitted_at = at
    if prize(quiz):
        _record(kept, token, at)
    kept.save()
    if kept.passed:
        raise_flag(kept, at=at)
    return kept


def _record(sitting: Sitting, token: str, at: int) -> None:
    quiz = sitting.quiz
    sitting.claim_sha256 = secret_sha256(secret_of(token, quiz.week.origin, quiz.code, sitting.go))
    sitting.salt = salt()
    commit = records.commitment(opening_of(sitting))
    sitting.minute = append(quiz.week.origin, "quiz.attempt", written_at=at, quiz=quiz.code, passed=sitting.passed, commit=commit)
