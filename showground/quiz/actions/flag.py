"""Sittings that a person must look at: raised by rules that anybody may read, decided by a person, answered to the entrant."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from showground.ledger.actions.append import append
from showground.people.models import Person
from showground.quiz.models import Flag, Quiz, Sitting
from showground.quiz.queries.shown import reading_seconds
from showground.quiz.queries.sittings import pool_of, questions_of
from showground.rules.answers import score, slots
from showground.rules.questions import Question
from showground.rules.refused import Refused

# RULE flags: a burst is more than so many passes from one network within so many seconds. A school class is none.
BURST, BURST_SECONDS = 60, 600
ALIKE, ALIKE_SECONDS = 3, 3600
RULES = {
    "too_fast": "faster than the questions can be read",
    "identical": "the same wrong answers as several others from the same network within an hour",
    "burst": "more than sixty passes from one network within ten minutes",
}


# ---- raising ----


def raise_flag(sitting: Sitting, *, at: int) -> Flag | None:
    """A passed sitting that looks made by a machine waits for a person; the ticket stands until a person decides."""
    found = _too_fast(sitting, at) or _burst(sitting, at) or _identical(sitting, at)
    if found is None or Flag.objects.filter(sitting=sitting).exists():
        return None
    return Flag.objects.create(sitting=sitting, reason_code=found[0], facts=found[1], raised_at=at)


def _too_fast(sitting: Sitting, at: int) -> tuple[str, dict[str, int]] | None:
    floor = int(sum(reading_seconds(question, sitting.language) for question in questions_of(sitting)))
    took = max(0, at - sitting.started_at)
    return ("too_fast", {"took": took, "floor": floor}) if took < floor else None


def _burst(sitting: Sitting, at: int) -> tuple[str, dict[str, int]] | None:
    count = _neighbours(sitting, at - BURST_SECONDS).count()
    return ("burst", {"passes": count, "seconds": BURST_SECONDS}) if sitting.network and count >= BURST else None


def _identical(sitting: Sitting, at: int) -> tuple[str, dict[str, int]] | None:
    if not sitting.network:
        return None
    mine = _wrong(sitting, {question["code"]: question for question in questions_of(sitting)})
    if not mine:
        return None
    asked = {question["code"]: question for question in pool_of(sitting.quiz)}  # at once: each sending waits for the one before
    others = _neighbours(sitting, at - ALIKE_SECONDS).order_by("-pk")[:200]
    alike = sum(_alike(mine, _wrong(other, asked)) for other in others)
    return ("identical", {"others": alike, "seconds": ALIKE_SECONDS}) if alike >= ALIKE else None


def _neighbours(sitting: Sitting, since: int):  # type: ignore[no-untyped-def]
    found = Sitting.objects.filter(quiz_id=sitting.quiz_id, network=sitting.network, passed=True, submitted_at__gte=since)
    return found.exclude(pk=sitting.pk)


def _wrong(sitting: Sitting, asked: Mapping[str, Question]) -> dict[str, str]:
    """The answers that were not right, by question, told by what was chosen and not by where it stood."""
    found = {}
    for code in sitting.items:
        answer = sitting.answers.get(code, {})
        if answer and score(asked[code], answer, sitting.seed) != 1:
            found[code] = _content(asked[code], answer, sitting.seed)
    return found


def _content(question: Question, answer: dict[str, object], seed: str) -> str:
    if "text" in answer:
        return str(answer["text"]).casefold()
    chosen = [answer["choice"]] if "choice" in answer else answer.get("choices") or answer.get("order")
    if isinstance(chosen, list):
        shown = slots(question, seed)
        return " ".join(shown[slot]["key"] for slot in chosen)
    return str(sorted(answer.items()))


def _alike(mine: dict[str, str], theirs: dict[str, str]) -> bool:
    return len(set(mine.items()) & set(theirs.items())) >= 1 and mine == theirs


# ---- deciding ----


def _at_work(flag: Flag, at: int) -> Flag:
    """The flag with its quiz locked, as long as the list of tickets is not frozen."""
    quiz = Quiz.objects.select_for_update().select_related("week").get(pk=flag.sitting.quiz_id)
    if at >= quiz.rules.get("freezes", quiz.closes) or (hasattr(quiz, "draw") and quiz.draw.pool_sha256):
        raise Refused("draw.struck_late", closes=quiz.rules.get("freezes", quiz.closes))
    kept = Flag.objects.select_related("sitting__minute").get(pk=flag.pk)
    kept.sitting.quiz = quiz
    return kept


def strike(flag: Flag, *, at: int) -> None:
    """The entry is struck in the log with its reason."""
    sitting = flag.sitting
    if sitting.minute is None or sitting.minute.index is None:
        raise Refused("flag.not_in_log")
    append(
        sitting.quiz.week.origin, "quiz.entry_struck", written_at=at, quiz=sitting.quiz.code, index=sitting.minute.index,
        reason_code=flag.reason_code, rule=RULES.get(flag.reason_code, flag.reason_code),
    )  # fmt: skip


def restore(flag: Flag, *, at: int, reason_code: str = "appeal_upheld") -> None:
    """The struck entry stands again in the log, with the reason."""
    sitting = flag.sitting
    assert sitting.minute is not None
    append(
        sitting.quiz.week.origin, "quiz.entry_restored", written_at=at, quiz=sitting.quiz.code, index=sitting.minute.index,
        reason_code=reason_code,
    )  # fmt: skip


@transaction.atomic
def decide_flag(flag: Flag, *, struck: bool, reason: str, by: Person, at: int) -> Flag:
    """A person decided: the entry stands, or it is struck in the log; the entrant reads the reason on the result page."""
    kept = _at_work(flag, at)
    if kept.state != Flag.State.WAITING:
        raise Refused("flag.decided")
    if not reason.strip():
        raise Refused("flag.no_reason")
    if struck:
        strike(kept, at=at)
    kept.state = Flag.State.STRUCK if struck else Flag.State.CLEARED
    kept.reason, kept.decided_by, kept.decided_at = reason.strip(), by, at
    kept.save()
    return kept


@transaction.atomic
def appeal(flag: Flag, *, words: str, at: int) -> Flag:
    """The entrant objects to a strike; if nobody answers before the list is frozen, the entry stands again."""
    kept = _at_work(flag, at)
    if kept.state != Flag.State.STRUCK or kept.appeal:
        raise Refused("flag.no_appeal")
    if not words.strip():
        raise Refused("flag.no_words")
    kept.appeal, kept.appealed_at = words.strip()[:2000], at
    kept.save()
    return kept


@transaction.atomic
def answer_appeal(flag: Flag, *, upheld: bool, answer: str, by: Person, at: int) -> Flag:
    """Another person than the one who struck answered the appeal; an appeal that is upheld restores the entry in the log."""
    kept = _at_work(flag, at)
    if kept.state != Flag.State.STRUCK or not kept.appeal or kept.answer:
        raise Refused("flag.no_appeal")
    if kept.decided_by_id == by.pk:
        raise Refused("flag.own")
    if not answer.strip():
        raise Refused("flag.no_reason")
    if upheld:
        restore(kept, at=at)
        kept.state = Flag.State.RESTORED
    kept.answer, kept.answered_by = answer.strip(), by
    kept.save()
    return kept


def settle(quiz: Quiz, *, at: int) -> int:
    """Before the freeze, in the caller's transaction: what nobody decided is cleared, an appeal nobody answered is upheld.

    RULE flags: in doubt for the entrant. Returns how many records were written.
    """
    flags = Flag.objects.filter(sitting__quiz=quiz).select_related("sitting__minute", "sitting__quiz__week")
    flags.filter(state=Flag.State.WAITING).update(state=Flag.State.CLEARED, decided_at=at)
    unanswered = list(flags.filter(state=Flag.State.STRUCK, answer="").exclude(appeal=""))
    for flag in unanswered:
        restore(flag, at=at, reason_code="appeal_unanswered")
        Flag.objects.filter(pk=flag.pk).update(state=Flag.State.RESTORED)
    return len(unanswered)
