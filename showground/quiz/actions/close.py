"""After the close: the quiz is shut, the list of tickets is frozen, and in the end the key is shown."""

from __future__ import annotations

from django.db import transaction

from showground.ledger.actions.append import append
from showground.ledger.actions.publish import write_whole
from showground.ledger.queries import asset_path
from showground.quiz.actions.flag import settle
from showground.quiz.models import Draw, Quiz, Sitting
from showground.quiz.queries.draws import said, states, waiting
from showground.quiz.queries.sittings import opening_of, pool_of
from showground.rules import quizzes, records

BATCH = 500


def _locked(quiz: Quiz) -> Quiz:
    return Quiz.objects.select_for_update().select_related("week").get(pk=quiz.pk)


@transaction.atomic
def close_quiz(quiz: Quiz, *, at: int) -> Quiz:
    """Nobody can take part any more, and where there is a log it says how many did: every attempt before it, none after."""
    quiz = _locked(quiz)
    if quiz.state != Quiz.State.ANNOUNCED or at < quiz.closes:
        return quiz
    if quiz.rules:
        sent_in = Sitting.objects.filter(quiz=quiz, minute__isnull=False)
        counts = {"attempts": sent_in.count(), "passed": sent_in.filter(passed=True).count()}
        append(quiz.week.origin, "quiz.closed", written_at=at, quiz=quiz.code, at=quiz.rules["closes"], **counts)
    quiz.state, quiz.closed_at = Quiz.State.CLOSED, at
    quiz.save(update_fields=["state", "closed_at"])
    return quiz


def freeze_pool(draw: Draw, *, at: int) -> bool:
    """The list of tickets is fixed in the log; tells whether it is. False while a record of the quiz is on its way.

    What nobody decided about flags is settled first (actions/flag.py: settle). The hash of everybody's network is forgotten, and that
    before: nothing is decided by it any more, and a hundred thousand rows at once would hold the database for seconds.
    """
    draw = Draw.objects.select_related("quiz__week").get(pk=draw.pk)
    if not _to_freeze(draw, draw.quiz, at):
        return bool(draw.pool_sha256)
    _forget_networks(draw.quiz)
    states(draw)  # the log is read on before the database is held
    return _freeze(draw, at)


def _to_freeze(draw: Draw, quiz: Quiz, at: int) -> bool:
    return not draw.pool_sha256 and quiz.state == Quiz.State.CLOSED and at >= quiz.rules["freezes"]


def _forget_networks(quiz: Quiz) -> None:
    last, known = 0, Sitting.objects.filter(quiz=quiz).exclude(network="").order_by("pk")
    while some := list(known.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        Sitting.objects.filter(pk__in=some).update(network="")
        last = some[-1]


@transaction.atomic
def _freeze(draw: Draw, at: int) -> bool:
    quiz = _locked(draw.quiz)
    draw = Draw.objects.get(pk=draw.pk)
    if not _to_freeze(draw, quiz, at):
        return bool(draw.pool_sha256)
    if settle(quiz, at=at) or waiting(quiz):
        return False
    state, _ = states(draw)
    if state is None or state.closed is None:
        return False
    fields = quizzes.pool_frozen(state)
    append(quiz.week.origin, "draw.pool_frozen", written_at=at, **fields)
    draw.pool_sha256, draw.count = fields["pool_sha256"], fields["count"]
    draw.save(update_fields=["pool_sha256", "count"])
    Sitting.objects.filter(quiz=quiz).exclude(network="").update(network="")
    return True


def key_lines(quiz: Quiz) -> bytes:
    """Returns the asset that shows a quiz's key: the opening of the commitment, then every question of the pool, one a line."""
    pool = pool_of(quiz)
    opening = records.quiz_key(quiz.week.origin, quiz.code, pool, quiz.key_salt)
    return b"".join(records.canonical(value) + b"\n" for value in (opening, *pool))


def opening_lines(quiz: Quiz) -> bytes:
    """Returns the asset with the openings of all attempts in the order of the log, without the secrets of claims."""
    found = Sitting.objects.filter(quiz=quiz, minute__isnull=False).select_related("minute", "quiz__week").order_by("minute__index")
    return b"".join(records.canonical(opening_of(sitting)) + b"\n" for sitting in found.iterator(chunk_size=1000))


def reveal_key(quiz: Quiz, *, at: int) -> bool:
    """Anybody can score every attempt again: the key and the openings are public assets, their hashes stand in the log.

    A hundred thousand openings take seconds: they are read, hashed and on disk before the database is held. Nobody takes part in a
    quiz that is closed, so they are still all there is; that is counted again.
    """
    quiz = Quiz.objects.select_related("week").get(pk=quiz.pk)
    if not _hidden(quiz):
        return False
    assets = {"key_sha256": key_lines(quiz), "openings_sha256": opening_lines(quiz)}
    hashes = {name: records.sha256_hex(data) for name, data in assets.items()}
    for name, data in assets.items():
        write_whole(asset_path(quiz.week.origin, hashes[name]), data)
    return _reveal(quiz, hashes, assets["openings_sha256"].count(b"\n"), at)


def _hidden(quiz: Quiz) -> bool:
    return quiz.state == Quiz.State.CLOSED and not said(quiz.week.origin, "quiz.key_revealed", "quiz", quiz.code)


@transaction.atomic
def _reveal(quiz: Quiz, hashes: dict[str, str], count: int, at: int) -> bool:
    quiz = _locked(quiz)
    if not _hidden(quiz) or Sitting.objects.filter(quiz=quiz, minute__isnull=False).count() != count:
        return False
    append(quiz.week.origin, "quiz.key_revealed", written_at=at, quiz=quiz.code, count=count, **hashes)
    quiz.state = Quiz.State.REVEALED
    quiz.save(update_fields=["state"])
    return True
