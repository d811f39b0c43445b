"""Who a reporter is opens only to two persons: a custodian asks, an approver agrees, the custodian reads once.

The custodian holds one half of the key and the approver the other. Agreeing re-wraps the approver's half to the custodian's key, so
that neither can do it alone, and nobody who has the database can do it at all.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from nacl.public import PublicKey

from showground.reports.actions.at_work import at_work
from showground.reports.actions.file import one_form
from showground.reports.actions.note import note
from showground.reports.actions.recuse import may
from showground.reports.models import Holder, Identity, IdentityAccess, IdentityHalf
from showground.reports.queries.keys import Unlocked
from showground.rules.refused import Refused
from showground.vault import boxes

REASONS = ("danger_to_life", "court_order", "reporter_asked", "legal_claim")
VALID = 7 * 86400  # seconds after agreement within which it must be read


def _duty(who: Unlocked, duty: str) -> None:
    if who.holder.duty != duty:
        raise Refused("identity.duty", duty=duty)
    at_work(who.holder.person, duty)


def _asked(access: IdentityAccess, who: Unlocked) -> IdentityAccess:
    """The request as it is now; refuses (`desk.recused`) who stays out of its case, the maker of what was reported among them."""
    found = IdentityAccess.objects.select_for_update(of=("self",)).select_related("identity__report__case").get(pk=access.pk)
    if found.identity.report.case is not None:
        may(found.identity.report.case, who.holder.person)
    return found


def _half(identity: Identity, who: Unlocked) -> bytes:
    row = identity.halves.filter(holder=who.holder).first()
    if row is None:
        raise Refused("identity.no_half")
    return boxes.unwrap(bytes(row.wrapped), who.key)


@transaction.atomic
def ask(identity: Identity, reason_code: str, words: str, *, who: Unlocked, at: int, log: str) -> IdentityAccess:
    """A custodian asks to open an identity, for a reason of the closed list and in words that approvers can read.

    Refuses (`identity.gone`) one that was erased, (`identity.asked`) while another request is open.
    """
    _duty(who, Holder.Duty.CUSTODIAN)
    identity = Identity.objects.select_for_update().get(pk=identity.pk)
    if identity.report.case is not None:
        may(identity.report.case, who.holder.person)
    if reason_code not in REASONS:
        raise Refused("desk.reason", reason=reason_code[:40])
    if not words.strip():
        raise Refused("identity.words")
    if not identity.sealed:
        raise Refused("identity.gone")
    if identity.accesses.filter(agreed=None).exists():
        raise Refused("identity.asked")
    _half(identity, who)
    access = IdentityAccess.objects.create(
        identity=identity,
        asked_by=who.holder.person,
        reason_code=reason_code,
        reason_sealed=_sealed_words(words, who.holder),
        asked_at=at,
    )
    note("identity", identity.pk, "asked", role="custodian", at=at, log=log, facts={"reason": reason_code})
    return access


def _sealed_words(words: str, asker: Holder) -> bytes:
    """The words, sealed to every approver and to the custodian who wrote them."""
    lock = boxes.new_lock()
    readers = [asker, *Holder.objects.filter(duty=Holder.Duty.APPROVER, revoked_at=None)]
    wraps = {str(holder.pk): boxes.wrap(lock, PublicKey(bytes(holder.public))).hex() for holder in readers}
    sealed = boxes.seal(lock, one_form(words).strip().encode(), "identity.reason")
    return json.dumps({"wraps": wraps, "sealed": sealed.hex()}).encode()


def words(access: IdentityAccess, who: Unlocked) -> str:
    """Returns why it was asked, to those it was sealed to; else "" (their key came later)."""
    told: dict[str, Any] = json.loads(bytes(access.reason_sealed))
    wrapped = told["wraps"].get(str(who.holder.pk))
    if wrapped is None:
        return ""
    lock = boxes.unwrap(bytes.fromhex(wrapped), who.key)
    return boxes.unseal(lock, bytes.fromhex(told["sealed"]), "identity.reason").decode()


@transaction.atomic
def answer(access: IdentityAccess, agreed: bool, *, who: Unlocked, at: int, log: str) -> IdentityAccess:
    """An approver agrees, and the second half is wrapped to the custodian who asked; or says no. It is decided once."""
    _duty(who, Holder.Duty.APPROVER)
    access = _asked(access, who)
    if access.agreed is not None:
        raise Refused("identity.answered")
    if access.asked_by_id == who.holder.person_id:
        raise Refused("identity.same_person")
    if agreed:
        custodian = Holder.objects.filter(person=access.asked_by, duty=Holder.Duty.CUSTODIAN, revoked_at=None).first()
        if custodian is None:
            raise Refused("identity.no_half")
        access.half_sealed = boxes.wrap(_half(access.identity, who), PublicKey(bytes(custodian.public)))
    access.agreed, access.decided_by, access.decided_at = agreed, who.holder.person, at
    access.save(update_fields=["half_sealed", "agreed", "decided_by", "decided_at"])
    verb = "agreed" if agreed else "refused"
    note("identity", access.identity_id, verb, role="approver", at=at, log=log, facts={"reason": access.reason_code})
    return access


@transaction.atomic
def open_identity(access: IdentityAccess, *, who: Unlocked, at: int, log: str) -> dict[str, str]:
    """The custodian reads who it was, once; the half that made it possible is destroyed with the reading."""
    _duty(who, Holder.Duty.CUSTODIAN)
    access = _asked(access, who)
    if access.asked_by_id != who.holder.person_id or not access.agreed:
        raise Refused("identity.not_agreed")
    if access.opened_at is not None:
        raise Refused("identity.read")
    if not access.identity.sealed:
        raise Refused("identity.gone")
    if at > (access.decided_at or 0) + VALID or not access.half_sealed:
        raise Refused("identity.too_late")
    second = boxes.unwrap(bytes(access.half_sealed), who.key)
    lock = boxes.join(_half(access.identity, who), second)
    plain = boxes.unseal(lock, bytes(access.identity.sealed), "identity")
    access.opened_at, access.half_sealed = at, b""
    access.save(update_fields=["opened_at", "half_sealed"])
    note("identity", access.identity_id, "opened", role="custodian", at=at, log=log, facts={"reason": access.reason_code})
    return {str(name): str(value) for name, value in json.loads(plain).items()}


@transaction.atomic
def share_halves(to: Holder, *, who: Unlocked, at: int, log: str) -> int:
    """A new custodian or approver holds the halves that one of the same duty holds; returns how many were handed on."""
    if to.duty != who.holder.duty or to.duty == Holder.Duty.OFFICER or at_work(to.person, to.duty).pk != to.pk:
        raise Refused("desk.cannot_admit")
    had = IdentityHalf.objects.filter(holder=to).values("identity")
    rows = list(IdentityHalf.objects.filter(holder=who.holder).exclude(identity__in=had))
    target = PublicKey(bytes(to.public))
    IdentityHalf.objects.bulk_create(
        IdentityHalf(identity_id=row.identity_id, holder=to, wrapped=boxes.wrap(boxes.unwrap(bytes(row.wrapped), who.key), target))
        for row in rows
    )
    note("desk", to.pk, "halves_shared", role=who.holder.duty, at=at, log=log)
    return len(rows)
