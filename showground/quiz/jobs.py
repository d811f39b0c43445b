"""What happens by itself after a quiz opens: each step when its gate is witnessed; every step is safe to run twice."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from django.conf import settings

from showground.ledger.queries import find_log, witnessed_size
from showground.quiz.actions import host
from showground.quiz.actions.admit import sweep
from showground.quiz.actions.claim import expire_due, notify
from showground.quiz.actions.close import close_quiz, freeze_pool, reveal_key
from showground.quiz.actions.draw import ORGANISER, commit_seed, declare_winners, open_seed, sealed_by_all, take_beacon
from showground.quiz.models import Claim, Draw, Quiz
from showground.quiz.queries.draws import states
from showground.rules import draws
from showground.rules.quizzes import DrawState
from showground.rules.refused import Refused

told = logging.getLogger(__name__)


def follow(now: int) -> None:
    """Every quiz and every draw has taken the next step for which the log is ready."""
    sweep(now)
    host.sweep(now)
    for quiz in Quiz.objects.filter(state__in=(Quiz.State.ANNOUNCED, Quiz.State.CLOSED), closes__lte=now).select_related("week"):
        _guarded(quiz.code, _quiz_step, quiz, now)
    drawn = Draw.objects.filter(drawn_at__isnull=False, claims__state__in=(Claim.State.ALTERNATE, Claim.State.NOTIFIED)).distinct()
    for draw in drawn.select_related("quiz__week"):
        _guarded(draw.code, _claim_step, draw, now)


def _guarded(code: str, step: Any, subject: Any, now: int) -> None:
    try:
        step(subject, now)
    except Refused as refused:
        if refused.code != "draw.gate_shut":
            told.warning("%s: %s", code, refused)


def _claim_step(draw: Draw, now: int) -> None:
    expire_due(now)
    _, state = states(draw)
    if state is not None and state.result is not None and witnessed_size(draw.quiz.week.origin) > state.result[0]:
        notify(draw, at=now)


def _quiz_step(quiz: Quiz, now: int) -> None:
    if quiz.state == Quiz.State.ANNOUNCED:
        close_quiz(quiz, at=now)
        return
    if not quiz.rules or find_log(quiz.week.origin) is None:
        return
    draw = Draw.objects.filter(quiz=quiz).select_related("quiz__week").first()
    if draw is None:
        _reveal_plain(quiz, now)
    else:
        _draw_step(draw, now)


def _reveal_plain(quiz: Quiz, now: int) -> None:
    from showground.ledger.queries import chronicle

    state = chronicle(quiz.week.origin).quizzes.get(quiz.code)
    if state is not None and state.closed is not None and witnessed_size(quiz.week.origin) > state.closed:
        reveal_key(quiz, at=now)


def _draw_step(draw: Draw, now: int) -> None:
    _, state = states(draw)
    seen = witnessed_size(draw.quiz.week.origin)
    if state is None:
        return
    if state.frozen is None:
        freeze_pool(draw, at=now)
    elif seen <= state.frozen[0]:
        return
    elif state.result is not None:
        if seen > state.result[0]:
            reveal_key(draw.quiz, at=now)
    elif state.beacon is not None or not state.frozen[1]["count"]:
        declare_winners(draw, at=now)
    else:
        _seed_step(draw, state, now)


def _seed_step(draw: Draw, state: DrawState, now: int) -> None:
    rules = state.rules["draw"]
    if ORGANISER in rules["parties"] and ORGANISER not in state.commits and now <= rules["commit_by"]:
        commit_seed(draw, at=now)
    elif ORGANISER in state.commits and ORGANISER not in state.opened and now <= rules["open_by"]:
        if sealed_by_all(state, now):
            open_seed(draw, at=now)
    elif rules["beacon"]["kind"] == "drand" and now >= rules["draws_at"]:
        _imported(draw, state, now)


# ---- beacons that were handed in as a file ----


def beacon_file(chain: str, number: int) -> Path:
    """Returns where the value of a beacon round waits for its draw."""
    return Path(settings.DATA) / "beacons" / f"{chain[:16]}-{number}.json"


def _imported(draw: Draw, state: DrawState, now: int) -> None:
    number = draws.round_at(state.rules)
    kept = beacon_file(state.rules["draw"]["beacon"]["chain"], number)
    if kept.exists():
        value = json.loads(kept.read_text(encoding="utf-8"))
        take_beacon(draw, number=number, signature=str(value["signature"]), at=now)
