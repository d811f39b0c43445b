"""From a drawn ticket to a prize handed over, each step a record: notified, claimed, checked, handed over; or expired, refused."""

from __future__ import annotations

import json

from django.db import transaction

from showground.ledger.actions.append import append
from showground.people.models import Person
from showground.quiz.actions.sealing import seal, unseal
from showground.quiz.models import Claim, Draw, Voucher
from showground.quiz.queries.draws import claim_of_secret, states
from showground.rules.quizzes import CLAIMS
from showground.rules.refused import Refused

DAY = 86400
SETTLED = (Claim.State.HANDED_OVER, Claim.State.EXPIRED, Claim.State.REFUSED)


def _locked(claim: Claim) -> Claim:
    Draw.objects.select_for_update().get(pk=claim.draw_id)
    return Claim.objects.select_related("draw__quiz__week").get(pk=claim.pk)


def _move(claim: Claim, state: str, at: int) -> None:
    """The claim has a new state, here and in the log; where it is settled the contact is gone."""
    before = "" if claim.state == Claim.State.ALTERNATE else claim.state
    if before not in CLAIMS[state]:
        raise Refused("claim.order", state=claim.state)
    claim.state, claim.changed_at = state, at
    if state in SETTLED:
        claim.contact = b""
    claim.save()
    origin = claim.draw.quiz.week.origin
    append(
        origin, "draw.claim", written_at=at, draw=claim.draw.code, position=claim.position, prize=claim.prize, state=state
    )  # fmt: skip


@transaction.atomic
def notify(draw: Draw, *, at: int) -> int:
    """Every winner not told yet, and the next alternate of a vacant prize, is named on the draw's page; returns how many."""
    draw = Draw.objects.select_for_update().select_related("quiz__week").get(pk=draw.pk)
    _, state = states(draw)
    told = 0
    for position, prizes in (state.due() if state else {}).items():
        claim = Claim.objects.select_related("draw__quiz__week").get(draw=draw, position=position)
        if claim.state != Claim.State.ALTERNATE:
            continue
        claim.prize, claim.due_at = prizes[0], at + draw.quiz.rules["draw"]["claim_days"] * DAY
        _move(claim, Claim.State.NOTIFIED, at)
        told += 1
    return told


def of_secret(draw: Draw, secret: str) -> Claim:
    """Returns the claim that a receipt's secret opens; refuses (claim.secret) any other words in the same way."""
    claim = claim_of_secret(draw, secret)
    if claim is None or claim.state == Claim.State.ALTERNATE:
        raise Refused("claim.secret")
    return claim


@transaction.atomic
def claim_prize(draw: Draw, *, secret: str, contact: dict[str, str], at: int) -> Claim:
    """The holder of the secret claims the prize; how to reach them is sealed and goes when the claim is settled."""
    claim = _locked(of_secret(draw, secret))
    if claim.due_at is not None and at > claim.due_at and claim.state == Claim.State.NOTIFIED:
        raise Refused("claim.late", deadline=claim.due_at)
    claim.contact = seal(json.dumps(contact, ensure_ascii=False))
    _move(claim, Claim.State.CLAIMED, at)
    return claim


def contact_of(claim: Claim) -> dict[str, str]:
    """Returns how a winner is reached; empty once the claim is settled."""
    return dict(json.loads(unseal(claim.contact))) if claim.contact else {}


@transaction.atomic
def check_claim(claim: Claim, *, good: bool, note: str = "", by: Person, at: int) -> Claim:
    """A person saw that the winner may have the prize, or that not (a second prize for one person, not eligible)."""
    claim = _locked(claim)
    if not good and not note.strip():
        raise Refused("flag.no_reason")
    claim.note = note.strip()
    _move(claim, Claim.State.CHECKED if good else Claim.State.REFUSED, at)
    if good:
        _set_voucher_aside(claim)
    return claim


def _set_voucher_aside(claim: Claim) -> None:
    free = Voucher.objects.select_for_update().filter(draw=claim.draw, prize=claim.prize, claim=None).first()
    if free is not None:
        free.claim = claim
        free.save(update_fields=["claim"])


@transaction.atomic
def hand_over(claim: Claim, *, by: Person | None, at: int) -> Claim:
    """The prize is with the winner."""
    claim = _locked(claim)
    _move(claim, Claim.State.HANDED_OVER, at)
    return claim


@transaction.atomic
def show_voucher(draw: Draw, *, secret: str, at: int) -> str:
    """Returns the winner's voucher code, once; with that the prize is handed over."""
    claim = _locked(of_secret(draw, secret))
    voucher = Voucher.objects.filter(claim=claim).first()
    if voucher is None or claim.state not in {Claim.State.CHECKED, Claim.State.HANDED_OVER}:
        raise Refused("claim.no_voucher")
    if voucher.shown_at is not None:
        raise Refused("claim.voucher_shown", at=voucher.shown_at)
    voucher.shown_at = at
    code = unseal(voucher.sealed)
    voucher.sealed = b""
    voucher.save(update_fields=["shown_at", "sealed"])
    _move(claim, Claim.State.HANDED_OVER, at)
    return code


def expire_due(at: int) -> int:
    """Prizes that nobody claimed in time are free for the next alternate; returns how many."""
    due = Claim.objects.filter(state=Claim.State.NOTIFIED, due_at__lt=at)
    return sum(_expire(claim, at) for claim in due)


@transaction.atomic
def _expire(claim: Claim, at: int) -> int:
    claim = _locked(claim)
    if claim.state != Claim.State.NOTIFIED:
        return 0
    _move(claim, Claim.State.EXPIRED, at)
    return 1
