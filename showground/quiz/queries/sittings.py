"""What can be known about quizzes and sittings while they run."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from showground.ledger import queries as ledger
from showground.ledger.queries import published_size
from showground.quiz.models import Draw, Flag, Medium, PoolItem, Quiz, Sitting
from showground.rules import answers, records
from showground.rules.questions import Question
from showground.rules.records import Record
from showground.weeks.models import Week

SECRET_LENGTH = 20


@dataclass(frozen=True)
class Tally:
    """How a sitting went: questions right, and over its messages the cues found, those there were, and false alarms."""

    right: int
    items: int
    hits: int
    cues: int
    false: int


def public_quizzes(week: Week) -> list[Quiz]:
    """Returns the quizzes of a week that visitors may know of, those that end first first."""
    found = Quiz.objects.filter(week=week).exclude(state=Quiz.State.DRAFT).exclude(kind=Quiz.Kind.CLASSROOM)
    return list(found.select_related("draw").order_by("closes", "code"))


def has_quizzes(week: Week) -> bool:
    """Tells whether a week has a quiz that visitors may know of."""
    return Quiz.objects.filter(week=week).exclude(state=Quiz.State.DRAFT).exclude(kind=Quiz.Kind.CLASSROOM).exists()


def quiz_or_404(week: Week, code: str) -> Quiz:
    """Returns the announced quiz with this code."""
    found = Quiz.objects.filter(week=week, code=code).exclude(state=Quiz.State.DRAFT).exclude(kind=Quiz.Kind.CLASSROOM)
    quiz = found.order_by().first()
    if quiz is None:
        raise Http404(code)
    quiz.week = week
    return quiz


def stage(quiz: Quiz, now: int) -> str:
    """Returns where a quiz stands: soon, open, closed or revealed. What was closed stays so, whatever a clock does."""
    if quiz.state == Quiz.State.REVEALED:
        return "revealed"
    if quiz.state == Quiz.State.CLOSED or now >= quiz.closes:
        return "closed"
    return "open" if now >= quiz.opens and quiz.state == Quiz.State.ANNOUNCED else "soon"


def prize(quiz: Quiz) -> bool:
    """Tells whether the key of a quiz is a secret until it is revealed."""
    return quiz.kind == Quiz.Kind.PRIZE


def draw_of(quiz: Quiz) -> Draw | None:
    """Returns the draw of a quiz, if it ends in one."""
    return Draw.objects.filter(quiz=quiz).first()


# ---- a sitting ----


def token_hash(token: str) -> str:
    """Returns what the site keeps of a sitting's token."""
    return hashlib.sha256(b"showground sitting v1\n" + token.encode()).hexdigest()


def sitting_of(quiz: Quiz, token: str) -> Sitting | None:
    """Returns the newest go of the browser that holds this token."""
    if not token:
        return None
    return Sitting.objects.filter(quiz=quiz, token_sha256=token_hash(token)).order_by("-go").first()


def secret_of(token: str, origin: str, quiz: str, go: int) -> str:
    """Returns the claim secret of a go, 20 letters and digits: it follows from the browser's token and is kept nowhere."""
    made = hmac.digest(token.encode(), f"showground claim v1\n{origin}\n{quiz}\n{go}".encode(), "sha256")
    return base64.b32encode(made).decode()[:SECRET_LENGTH]


def grouped(secret: str) -> str:
    """Returns a secret as people read it: ABCD-EFGH-...."""
    return "-".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def typed(secret: str) -> str:
    """Returns what somebody typed as a secret: capitals, no hyphens; 0, 1 and 8 are not in it and stand for O, I and B."""
    plain = "".join(c for c in secret.upper() if c.isalnum())
    return plain.translate(str.maketrans("018", "OIB"))


def secret_sha256(secret: str) -> str:
    """Returns the `claim` of an opening."""
    return hashlib.sha256(secret.encode("ascii", "replace")).hexdigest()


def question_at(sitting: Sitting, place: int) -> Question:
    """Returns the question at a place (from 1) of a sitting, in the wording of its quiz."""
    if not 1 <= place <= len(sitting.items):
        raise Http404(place)
    found = PoolItem.objects.filter(quiz_id=sitting.quiz_id, code=sitting.items[place - 1]).order_by()
    return dict(found.values_list("version__document", flat=True)[0])


def questions_of(sitting: Sitting) -> list[Question]:
    """Returns the questions of a sitting in their order."""
    found = PoolItem.objects.filter(quiz_id=sitting.quiz_id, code__in=sitting.items).select_related("version")
    by_code = {item.code: item.version.document for item in found}
    return [dict(by_code[code]) for code in sitting.items]


def pool_of(quiz: Quiz) -> list[Question]:
    """Returns the questions of a quiz's pool, sorted by code."""
    return [dict(item.version.document) for item in quiz.pool.select_related("version").order_by("code")]


def files_of(question: Question) -> dict[str, str]:
    """Returns the names in the media store of a question's media, by hash."""
    wanted = [item["sha256"] for item in question.get("media", [])]
    return dict(Medium.objects.filter(sha256__in=wanted).values_list("sha256", "name")) if wanted else {}


def opening_of(sitting: Sitting) -> Record:
    """Returns the opening object behind a submitted attempt."""
    return records.quiz_attempt(
        sitting.quiz.week.origin,
        sitting.quiz.code,
        sitting.seed,
        list(sitting.items),
        [sitting.answers.get(code, {}) for code in sitting.items],
        sitting.claim_sha256,
        sitting.salt,
    )


def entry_number(sitting: Sitting) -> int | None:
    """Returns the index of a submitted attempt in the log once it is published there."""
    index = sitting.minute.index if sitting.minute else None
    return index if index is not None and index < published_size(sitting.quiz.week.origin) else None


def flag_of(sitting: Sitting) -> Flag | None:
    """Returns what a person was asked to look at in a sitting."""
    return Flag.objects.filter(sitting=sitting).first()


def struck(week: Week, quiz: str) -> dict[int, str]:
    """Returns the struck entries of a quiz by number, with the reason code, as the published log says."""
    state = ledger.chronicle(week.origin).quizzes.get(quiz)
    return dict(state.struck) if state else {}


def tally(sitting: Sitting) -> Tally:
    """Returns how a sitting went, for a quiz whose key is no secret."""
    right = hits = all_cues = false = 0
    for question in questions_of(sitting):
        answer = sitting.answers.get(question["code"], {})
        right += answers.score(question, answer, sitting.seed) == 1
        if question["kind"] == "phish":
            one_hits, one_false = answers.found(question, answer)
            hits, false = hits + one_hits, false + one_false
            all_cues += sum(bool(line.get("cue")) for line in question["lines"])
    return Tally(right, len(sitting.items), hits, all_cues, false)


def practice_for(week: Week, now: int) -> Quiz | None:
    """Returns a practice quiz that is open now, if there is one."""
    found = Quiz.objects.filter(week=week, kind=Quiz.Kind.PRACTICE, state=Quiz.State.ANNOUNCED, opens__lte=now, closes__gt=now)
    return found.first()


def told_of(quiz: Quiz) -> dict[str, Any]:
    """Returns the rules of a quiz as they stand in the log; empty for practice."""
    return dict(quiz.rules)
