"""Announcing a quiz: its rules and the commitment to its key stand in the log before anybody can take part."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from django.db import transaction

from showground.ledger.actions.append import append
from showground.people.models import Person
from showground.quiz.models import Draw, PoolItem, Quiz, Version
from showground.quiz.queries.sittings import pool_of
from showground.rules import records
from showground.rules.questions import check_question
from showground.rules.quizzes import check_rules
from showground.rules.refused import Refused

TOLD = (Quiz.State.ANNOUNCED, Quiz.State.CLOSED)


def salt() -> str:
    """Returns 32 random bytes as records write them."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


@transaction.atomic
def announce_quiz(quiz: Quiz, *, rules: dict[str, Any] | None, by: Person | None, at: int) -> Quiz:
    """The quiz is announced: its pool is frozen in the wording that is approved now.

    With `rules` (rules/quiz_rules.py) the log says them and the commitment to the key; a practice or classroom quiz has none.
    """
    quiz = Quiz.objects.select_for_update().select_related("week").get(pk=quiz.pk)
    if quiz.state != Quiz.State.DRAFT:
        raise Refused("quiz.announced_twice", quiz=quiz.code)
    if quiz.kind == Quiz.Kind.PRIZE and rules is None:
        raise Refused("quiz.no_rules", quiz=quiz.code)
    _freeze_pool(quiz)
    if rules is not None and quiz.kind == Quiz.Kind.PRIZE:
        _write(quiz, rules, at)
    elif at >= quiz.closes:
        raise Refused("quiz.opened_late", opens=quiz.opens)
    quiz.state = Quiz.State.ANNOUNCED
    quiz.save()
    return quiz


def _freeze_pool(quiz: Quiz) -> None:
    """Every question of the pool in the version that is approved now; nothing practised elsewhere, nothing still secret there."""
    items = list(quiz.pool.select_related("version__question__current"))
    if len(items) < quiz.items:
        raise Refused("quiz.pool_small", pool=len(items), items=quiz.items)
    _keep_apart(quiz, [item.code for item in items])
    for item in items:
        version = item.version.question.current
        if version is None or version.state != Version.State.APPROVED or item.version.question.retired:
            raise Refused("quiz.not_approved", question=item.code)
        document = version.document
        check_question(document)
        if document["code"] != item.code:
            raise Refused("quiz.not_approved", question=item.code)
        PoolItem.objects.filter(pk=item.pk).update(version=version)


def _keep_apart(quiz: Quiz, codes: list[str]) -> None:
    """A question whose key is a secret in one quiz is never explained in another that runs beside it."""
    secret = quiz.kind == Quiz.Kind.PRIZE
    others = PoolItem.objects.filter(code__in=codes, quiz__state__in=TOLD).exclude(quiz=quiz)
    clash = (others.exclude(quiz__kind=Quiz.Kind.PRIZE) if secret else others.filter(quiz__kind=Quiz.Kind.PRIZE)).first()
    if clash is not None:
        raise Refused("quiz.pool_shared", question=clash.code, quiz=clash.quiz.code)


def _write(quiz: Quiz, rules: dict[str, Any], at: int) -> None:
    check_rules(rules)
    pool = pool_of(quiz)
    if rules["quiz"] != quiz.code:
        raise Refused("rules.word", path="quiz")
    if rules["pool"] != len(pool):
        raise Refused("rules.number", path="pool", low=len(pool), high=len(pool))
    if at >= rules["opens"]:
        raise Refused("quiz.opened_late", opens=rules["opens"])
    if "draw" in rules:
        _begin_draw(quiz, rules["draw"]["draw"])
    quiz.rules, quiz.key_salt = rules, salt()
    quiz.opens, quiz.closes, quiz.items, quiz.name = rules["opens"], rules["closes"], rules["items"], rules["name"]
    origin = quiz.week.origin
    digest = records.commitment(rules)
    append(origin, "quiz.rules", written_at=at, quiz=quiz.code, rules=rules, rules_sha256=digest)
    opening = records.quiz_key(origin, quiz.code, pool, quiz.key_salt)
    commit = records.commitment(opening)
    append(origin, "quiz.key_committed", written_at=at, quiz=quiz.code, commit=commit, questions=len(pool))


def _begin_draw(quiz: Quiz, code: str) -> None:
    if Draw.objects.filter(quiz__week=quiz.week, code=code).exists():
        raise Refused("draw.code_taken", draw=code)
    Draw.objects.create(quiz=quiz, code=code)
