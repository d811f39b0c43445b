"""Sitting a quiz: begin, answer, go back and change, as often as one likes until it is sent in."""

from __future__ import annotations

import secrets

from django.db import transaction

from showground.quiz.actions.admit import Place, admit, network_key, proves
from showground.quiz.models import Quiz, Sitting
from showground.quiz.queries.sittings import prize, sitting_of, stage, token_hash
from showground.rules import draws
from showground.rules.answers import Answer, check_answer
from showground.rules.questions import Question
from showground.rules.refused import Refused

MOST_GOES = 30


def check_open(quiz: Quiz, at: int) -> None:
    """Refuses (quiz.early, quiz.closed) when nobody may take part; answers that were saved stay."""
    where = stage(quiz, at)
    if where == "soon":
        raise Refused("quiz.early", opens=quiz.opens)
    if where != "open":
        raise Refused("quiz.closed", closes=quiz.closes)


def fresh_token() -> str:
    """Returns a token for a browser: 24 random bytes."""
    return secrets.token_urlsafe(24)


def goes_on(quiz: Quiz, token: str) -> Sitting | None:
    """Returns the sitting that a browser comes back to: one not sent in yet, or the pass that a prize quiz has one of."""
    last = sitting_of(quiz, token)
    if last is None or (last.submitted_at is not None and not (prize(quiz) and last.passed)):
        return None
    return last


@transaction.atomic
def begin_sitting(quiz: Quiz, *, token: str, language: str, network: str = "", proved: bool = False, at: int) -> Sitting:
    """The browser with this token sits the quiz: with questions drawn for it now, or where it left off."""
    quiz = Quiz.objects.select_for_update().get(pk=quiz.pk)
    if going := goes_on(quiz, token):
        return going
    check_open(quiz, at)
    last = sitting_of(quiz, token)
    go = last.go + 1 if last else 1
    if prize(quiz) and go > MOST_GOES:
        raise Refused("quiz.too_many_goes", most=MOST_GOES)
    seed = secrets.token_hex(32)
    codes = quiz.pool.values_list("code", flat=True)
    return Sitting.objects.create(
        quiz=quiz,
        token_sha256=token_hash(token),
        go=go,
        language=language,
        seed=seed,
        items=draws.chosen(seed, codes, quiz.items),
        started_at=at,
        proved=proved,
        network=network if prize(quiz) else "",
    )


@transaction.atomic
def come_in(quiz: Quiz, *, token: str, address: str, proof: str, ticket: str, language: str, at: int) -> Sitting | Place:
    """A visitor's sitting has begun, or goes on; or, in a flood, the visitor has a place in the line."""
    if going := goes_on(quiz, token):
        return going
    check_open(quiz, at)
    proved = proves(proof, quiz.code, at=at)
    place = admit(quiz.code, address=address, proved=proved, ticket=ticket, at=at)
    if place is not None:
        return place
    network = network_key(address, quiz.code)
    return begin_sitting(quiz, token=token, language=language, network=network, proved=proved, at=at)


@transaction.atomic
def save_answer(sitting: Sitting, question: Question, answer: Answer, *, at: int) -> Sitting:
    """The answer to one question is kept; the last one wins, whichever tab it came from. {} takes it back."""
    check_answer(question, answer)
    kept = Sitting.objects.select_for_update().select_related("quiz").get(pk=sitting.pk)
    if kept.submitted_at is not None:
        raise Refused("quiz.sent_in")
    check_open(kept.quiz, at)
    code = question["code"]
    if code in kept.answers and not prize(kept.quiz) and kept.answers[code] != answer:
        raise Refused("quiz.explained")
    if kept.answers.get(code, {}) != answer or code not in kept.seconds:
        kept.answers = {**kept.answers, code: answer}
        kept.seconds = {**kept.seconds, code: kept.seconds.get(code, 0) + _since(kept, at)}
        kept.save(update_fields=["answers", "seconds"])
    return kept


def _since(sitting: Sitting, at: int) -> int:
    """Seconds since the last answer, by the server's clock; a clock that went back counts as none."""
    return max(0, at - sitting.started_at - sum(sitting.seconds.values()))
