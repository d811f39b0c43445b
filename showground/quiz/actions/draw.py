"""How chance is made: sealed seeds, opened seeds, a public random value, and the winners that follow from them.

Every step waits for its gate: seeds are sealed after the frozen list is witnessed, opened after all seals are witnessed, and the
throws of a rehearsal count only after the opened seeds are witnessed. Asked twice, a step changes nothing.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.db import transaction

from showground.ledger.actions.append import append
from showground.ledger.actions.statement import check_signature
from showground.ledger.queries import witnessed_size
from showground.people.models import Person
from showground.quiz.actions.announce import salt
from showground.quiz.models import Claim, Draw, Quiz, Seed
from showground.quiz.queries.draws import said, states
from showground.rules import draws, quizzes, records
from showground.rules.quizzes import DrawState
from showground.rules.refused import Refused
from showground.tlog import bls
from showground.weeks.models import Week
from showground.witness.ceremony import seed_note

ORGANISER, NOTARY = "organiser", "notary"


def _running(draw: Draw) -> tuple[Quiz, DrawState]:
    """The locked quiz of a draw and the published state of the draw, which must be frozen and witnessed."""
    quiz = Quiz.objects.select_for_update().select_related("week").get(pk=draw.quiz_id)
    _, state = states(draw)
    if state is None or state.frozen is None or witnessed_size(quiz.week.origin) <= state.frozen[0]:
        raise Refused("draw.gate_shut", draw=draw.code)
    return quiz, state


def _may_commit(quiz: Quiz, draw: Draw, party: str, at: int) -> None:
    rules, origin = quiz.rules["draw"], quiz.week.origin
    if party not in rules["parties"]:
        raise Refused("draw.party_unknown", draw=draw.code, party=party)
    late = at > rules["commit_by"] or any(said(origin, kind, "draw", draw.code) for kind in ("draw.seed_opened", "draw.beacon"))
    if late:
        raise Refused("draw.seed_late", draw=draw.code, party=party)


def sealed_by_all(state: DrawState, at: int) -> bool:
    """Tells whether nobody may seal a seed any more: all parties have, or the time is over."""
    return set(state.commits) == set(state.rules["draw"]["parties"]) or at > state.rules["draw"]["commit_by"]


def _may_open(quiz: Quiz, draw: Draw, state: DrawState, at: int) -> None:
    """RULE ledger 6.4: a witnessed checkpoint lies between the last seal and the first opening."""
    last = max((index for index, _ in state.commits.values()), default=0)
    waits = len(state.commits) != Seed.objects.filter(draw=draw).count()
    if not sealed_by_all(state, at) or waits or witnessed_size(quiz.week.origin) <= last:
        raise Refused("draw.gate_shut", draw=draw.code)
    if at > state.rules["draw"]["open_by"] or said(quiz.week.origin, "draw.beacon", "draw", draw.code):
        raise Refused("draw.seed_late", draw=draw.code)


@transaction.atomic
def commit_seed(draw: Draw, *, at: int) -> bool:
    """The organiser's seed is drawn, kept, and sealed in the log; tells whether that happened now."""
    quiz, _ = _running(draw)
    if ORGANISER not in quiz.rules["draw"]["parties"] or Seed.objects.filter(draw=draw, party=ORGANISER).exists():
        return False
    _may_commit(quiz, draw, ORGANISER, at)
    kept = Seed(draw=draw, party=ORGANISER, seed=secrets.token_hex(32), salt=salt())
    kept.commit = records.commitment(records.draw_seed(quiz.week.origin, draw.code, ORGANISER, kept.seed, kept.salt))
    kept.save()
    append(quiz.week.origin, "draw.seed_committed", written_at=at, draw=draw.code, party=ORGANISER, commit=kept.commit)
    return True


@transaction.atomic
def open_seed(draw: Draw, *, at: int) -> bool:
    """The organiser's seed is open in the log, once every seal is witnessed; tells whether that happened now."""
    quiz, state = _running(draw)
    kept = Seed.objects.filter(draw=draw, party=ORGANISER, opened=False).first()
    if kept is None:
        return False
    _may_open(quiz, draw, state, at)
    _write_opening(quiz, kept, kept.seed, kept.salt, at)
    return True


def _write_opening(quiz: Quiz, kept: Seed, seed: str, salted: str, at: int) -> None:
    kept.seed, kept.salt, kept.opened = seed, salted, True
    kept.save()
    append(quiz.week.origin, "draw.seed_opened", written_at=at, draw=kept.draw.code, party=kept.party, seed=seed, salt=salted)


# ---- the notary's part, which proves itself ----


def _words(told: dict[str, Any], *names: str) -> list[str]:
    return [str(told.get(name, ""))[:200] for name in names]


def take_notary_seed(week: Week, told: dict[str, Any], *, at: int) -> str:
    """The notary's seal or opening is on its way to the log: "commit" or "open", or "known" if it was there before."""
    code, commit, seed, salted, sig = _words(told, "draw", "commit", "seed", "salt", "sig")
    draw = Draw.objects.filter(quiz__week=week, code=code).select_related("quiz__week").first()
    if draw is None:
        raise Refused("draw.unknown", draw=code)
    check_signature(week.origin, seed_note(week.origin, code, commit=commit, seed=seed, salt=salted), sig)
    with transaction.atomic():  # from here on only: the log is read and the signature checked
        quiz, state = _running(draw)
        kept = Seed.objects.filter(draw=draw, party=NOTARY).first()
        if seed:
            return _take_opening(quiz, draw, state, kept, seed, salted, at)
        return _take_commit(quiz, draw, kept, commit, at)


def _take_commit(quiz: Quiz, draw: Draw, kept: Seed | None, commit: str, at: int) -> str:
    if kept is not None:
        if kept.commit != commit:
            raise Refused("draw.seed_twice", draw=draw.code, party=NOTARY)
        return "known"
    _may_commit(quiz, draw, NOTARY, at)
    append(quiz.week.origin, "draw.seed_committed", written_at=at, draw=draw.code, party=NOTARY, commit=commit)
    Seed.objects.create(draw=draw, party=NOTARY, commit=commit)
    return "commit"


def _take_opening(quiz: Quiz, draw: Draw, state: DrawState, kept: Seed | None, seed: str, salted: str, at: int) -> str:
    if kept is None:
        raise Refused("draw.seed_unknown", draw=draw.code, party=NOTARY)
    opening = records.draw_seed(quiz.week.origin, draw.code, NOTARY, seed, salted)
    if records.commitment(opening) != kept.commit:
        raise Refused("draw.seed_differs", draw=draw.code, party=NOTARY)
    if kept.opened:
        return "known"
    _may_open(quiz, draw, state, at)
    _write_opening(quiz, kept, seed, salted, at)
    return "open"


# ---- the public value ----


def _may_speak(draw: Draw, at: int) -> tuple[Quiz, DrawState]:
    """RULE ledger 6.4: chance speaks once, not before its time, and only after every opened seed is witnessed."""
    quiz, state = _running(draw)
    origin, rules = quiz.week.origin, quiz.rules["draw"]
    if said(origin, "draw.beacon", "draw", draw.code) or said(origin, "draw.result", "draw", draw.code):
        raise Refused("draw.twice", draw=draw.code)
    if at < rules["draws_at"]:
        raise Refused("draw.early", opens=rules["draws_at"])
    last = max((index for index, _ in state.opened.values()), default=state.frozen[0] if state.frozen else 0)
    waits = len(state.opened) != Seed.objects.filter(draw=draw, opened=True).count()
    if waits or witnessed_size(origin) <= last:
        raise Refused("draw.gate_shut", draw=draw.code)
    return quiz, state


def throw_dice(draw: Draw, *, throws: str, by: Person, at: int) -> None:
    """The throws of a die, made by a person before witnesses, are the draw's chance; they decide once and for all."""
    states(draw)  # a first reading of the log takes as long as the log is: before the database is held
    _throw(draw, re.sub(r"[\s,.;]", "", throws), at)


@transaction.atomic
def _throw(draw: Draw, thrown: str, at: int) -> None:
    quiz, _ = _may_speak(draw, at)
    ruled = quiz.rules["draw"]["beacon"]
    wanted = int(ruled.get("digits", draws.LEAST_THROWS))
    if ruled["kind"] != "dice" and at < quiz.rules["draw"]["draws_at"] + quiz.rules["draw"]["fallback_hours"] * 3600:
        raise Refused("draw.chain", draw=draw.code)
    if not re.fullmatch(r"[1-6]+", thrown) or len(thrown) != wanted:
        raise Refused("draw.throws", draw=draw.code, wanted=wanted, found=len(thrown))
    append(quiz.week.origin, "draw.beacon", written_at=at, draw=draw.code, kind="dice", throws=thrown)


def check_beacon(chain: dict[str, Any], number: int, signature: str) -> str:
    """Returns the randomness of a round in hex, after its signature is found good for the chain's key."""
    try:
        raw = bytes.fromhex(signature)
    except ValueError:
        raise Refused("draw.signature", round=number)
    if not bls.quicknet(bytes.fromhex(chain["public_key"]), number, raw):
        raise Refused("draw.signature", round=number)
    return records.sha256_hex(raw)


def take_beacon(draw: Draw, *, number: int, signature: str, at: int) -> None:
    """The signed value of the draw's own beacon round is in the log.

    A pairing takes a second or more, so the signature is checked while the database is not held; whether chance may speak is asked
    before, so that a refusal stays the same, and again when it does. The rules of a quiz never change once they are in the log.
    """
    states(draw)
    with transaction.atomic():
        rules = _may_speak(draw, at)[0].rules
    chain = rules["draw"]["beacon"]
    if chain["kind"] != "drand" or number != draws.round_at(rules):
        raise Refused("draw.round", round=number, wanted=0 if chain["kind"] != "drand" else draws.round_at(rules))
    randomness = check_beacon(chain, number, signature)
    with transaction.atomic():
        quiz, _ = _may_speak(draw, at)
        append(
            quiz.week.origin, "draw.beacon", written_at=at, draw=draw.code, kind="drand", chain=chain["chain"], round=number,
            signature=signature, randomness=randomness,
        )  # fmt: skip


# ---- the result ----


@transaction.atomic
def declare_winners(draw: Draw, *, at: int) -> bool:
    """The winners and alternates that follow from list, seeds and chance stand in the log; tells whether that happened now."""
    quiz, state = _running(draw)
    origin = quiz.week.origin
    if state.result is not None or said(origin, "draw.result", "draw", draw.code):
        return False
    fields = quizzes.result(state)
    append(origin, "draw.result", written_at=at, **fields)
    for rank, position in enumerate([*fields["winners"], *fields["alternates"]], 1):
        ticket = state.tickets[position - 1]
        Claim.objects.create(draw=draw, position=position, ticket=ticket, rank=rank, state=Claim.State.ALTERNATE, changed_at=at)
    Draw.objects.filter(pk=draw.pk).update(drawn_at=at)
    return True
