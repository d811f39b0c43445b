"""Hosting a round: open it with a code, step through its questions, join with a phone, answer until the host closes the question."""

from __future__ import annotations

import secrets

from django.db import transaction

from showground.people.models import Person
from showground.quiz.actions.sit import fresh_token
from showground.quiz.models import Player, Quiz, Round
from showground.quiz.queries import rounds as queries
from showground.quiz.queries.sittings import token_hash
from showground.rules import draws
from showground.rules.answers import Answer, check_answer
from showground.rules.questions import Question
from showground.rules.refused import Refused

MOST_PHONES = 500
State = tuple[str, int, int]  # stage, place from 0, how many questions are closed
LOBBY, ASKING, SHOWING, OVER = Round.Stage.LOBBY, Round.Stage.ASKING, Round.Stage.SHOWING, Round.Stage.OVER


# ---- the host ----


@transaction.atomic
def start_round(quiz: Quiz, *, host: Person, at: int) -> Round:
    """A round of an announced classroom quiz waits for phones; its questions are drawn from those that suit a room.

    Refuses (round.kind, round.draft, quiz.closed, round.nothing). What rounds that have run out held is gone.
    """
    sweep(at)
    if quiz.kind != Quiz.Kind.CLASSROOM:
        raise Refused("round.kind")
    if quiz.state == Quiz.State.DRAFT:
        raise Refused("round.draft")
    if quiz.state != Quiz.State.ANNOUNCED or at >= quiz.closes:
        raise Refused("quiz.closed", closes=quiz.closes)
    fit = queries.fitting(quiz)
    if not fit:
        raise Refused("round.nothing")
    seed = secrets.token_hex(32)
    items = draws.chosen(seed, fit, min(quiz.items, len(fit)))
    return Round.objects.create(quiz=quiz, join=_free_code(), host=host, seed=seed, items=items, started_at=at)


def _free_code() -> str:
    while True:
        code = "".join(secrets.choice(queries.SIGNS) for _ in range(queries.LENGTH))
        if not Round.objects.filter(join=code).exists():
            return code


def after(state: State, count: int) -> State:
    """Returns the state that follows: a question is asked, closed and shown; one that was closed is only shown again."""
    stage, place, closed = state
    if stage == ASKING:
        return SHOWING, place, place + 1
    if stage == OVER:
        return state
    to = 0 if stage == LOBBY else place + 1
    if to < closed:
        return SHOWING, to, closed
    return (ASKING, to, closed) if to < count else (OVER, place, closed)


def before(state: State) -> State:
    """Returns the state to go back to: what was shown is shown again, and no closed question is opened."""
    stage, place, closed = state
    to = closed - 1 if stage == OVER else place - 1
    return (LOBBY, 0, closed) if stage == LOBBY or to < 0 else (SHOWING, to, closed)


@transaction.atomic
def step(round_: Round, *, way: str, seen: str, at: int) -> Round:
    """The round is one step further ("next"), one back ("back") or over ("end"); a step from a state that is past changes nothing.

    `seen` is the state that the host's screen showed (queries.rounds.where), so that two screens or a double press step once.
    """
    kept = Round.objects.select_for_update().get(pk=round_.pk)
    if queries.run_out(kept, at):
        raise Refused("round.over")
    if seen != queries.where(kept, at):
        return kept
    state = kept.stage, kept.place, kept.closed
    if way == "end":
        state = OVER, kept.place, kept.closed
    elif way in {"next", "back"}:
        state = after(state, len(kept.items)) if way == "next" else before(state)
    kept.stage, kept.place, kept.closed = state
    kept.save(update_fields=["stage", "place", "closed"])
    return kept


def sweep(at: int) -> int:
    """Rounds that have run out are gone with every answer in them; returns how many."""
    gone = Round.objects.filter(started_at__lte=at - queries.LASTS)
    count = gone.count()
    if count:  # deleting nothing stands in the line of those who write all the same
        gone.delete()
    return count


# ---- the phones ----


@transaction.atomic
def join_round(round_: Round, *, token: str, at: int) -> str:
    """The phone with this token is in the round, late or not; returns its token, a fresh one if it had none.

    Refuses (round.over, round.full).
    """
    kept = Round.objects.select_for_update().get(pk=round_.pk)
    if queries.over(kept, at):
        raise Refused("round.over")
    if token and queries.player_of(kept, token):
        return token
    if queries.joined(kept) >= MOST_PHONES:
        raise Refused("round.full", most=MOST_PHONES)
    token = fresh_token()
    Player.objects.create(round=kept, token_sha256=token_hash(token))
    return token


@transaction.atomic
def answer_round(player: Player, question: Question, answer: Answer, *, place: int, at: int) -> Player:
    """The phone's answer to the question that is asked is kept, the last one wins; {} takes it back.

    Refuses (round.question_closed) when the host has closed the question at `place` (from 0), and (answer.shape).
    """
    check_answer(question, answer)
    round_ = Round.objects.select_for_update().get(pk=player.round_id)
    asked = round_.stage == ASKING and not queries.run_out(round_, at) and round_.place == place
    if not asked or round_.items[place] != question["code"]:
        raise Refused("round.question_closed")
    kept = Player.objects.select_for_update().get(pk=player.pk)
    kept.answers = {**kept.answers, question["code"]: answer}
    if not answer:
        del kept.answers[question["code"]]
    kept.save(update_fields=["answers"])
    return kept
