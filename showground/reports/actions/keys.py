"""Keys of the desk: made by those who hold them, unlocked for a shift, never stored as they are."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from nacl.public import PrivateKey, PublicKey

from showground.people.models import Person
from showground.reports.actions.leave import leave
from showground.reports.models import DeskKey, Holder, IdentityAccess, IdentityHalf, Shift
from showground.reports.queries.keys import Unlocked, shift_locks
from showground.reports.queries.left import in_office
from showground.rules.refused import Refused
from showground.vault import boxes

SHIFT_SECONDS = 12 * 3600
TOUCH = 20
LEAST_PASSPHRASE = 12


def make_key(person: Person, duty: str, passphrase: str, *, at: int, unit: str = "") -> Holder:
    """The person holds a key for this duty, sealed behind the passphrase; an officer still has to be admitted to the desk."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise Refused("desk.passphrase_short", least=LEAST_PASSPHRASE)
    held = set(Holder.objects.filter(person=person, revoked_at=None).values_list("duty", flat=True))
    other = {"custodian": "approver", "approver": "custodian"}.get(duty)
    if duty in held or other in held:
        raise Refused("desk.key_held", duty=duty)
    key = PrivateKey.generate()
    kept = boxes.keep_key(key, passphrase)
    try:
        with transaction.atomic():
            return Holder.objects.create(person=person, duty=duty, public=bytes(key.public_key), kept=kept, unit=unit, added_at=at)
    except IntegrityError:  # in another tab, at the same moment
        raise Refused("desk.key_held", duty=duty) from None


@transaction.atomic
def open_desk(first: Holder, *, at: int) -> DeskKey:
    """The desk has its key, and the first officer holds it; from now on reports can be sealed.

    Refuses (`desk.open_already`), also whoever makes a key at the same moment: a desk with two keys would shut each out of half of it.
    """
    list(_officers().order_by("pk"))
    if DeskKey.objects.filter(retired_at=None).exists():
        raise Refused("desk.open_already")
    desk = PrivateKey.generate()
    first.desk_wrapped = boxes.wrap(bytes(desk), PublicKey(bytes(first.public)))
    first.save(update_fields=["desk_wrapped"])
    return DeskKey.objects.create(public=bytes(desk.public_key), code_salt=secrets.token_bytes(boxes.SALT_BYTES), made_at=at)


def _officers() -> QuerySet[Holder]:
    """The officers' keys in use, which nobody takes away or gives the desk to before this transaction ends."""
    return Holder.objects.select_for_update().filter(duty=Holder.Duty.OFFICER, revoked_at=None)


@transaction.atomic
def admit_officer(officer: Holder, *, by: Unlocked) -> Holder:
    """Another officer holds the desk's key as well; only one who holds it can give it on. A revoked key never gets it back."""
    both = {officer.pk, by.holder.pk}
    if by.desk is None or {one.pk for one in _officers().filter(pk__in=both).order_by("pk")} != both:
        raise Refused("desk.cannot_admit")
    officer.desk_wrapped = boxes.wrap(bytes(by.desk), PublicKey(bytes(officer.public)))
    officer.save(update_fields=["desk_wrapped"])
    return officer


@transaction.atomic
def revoke_key(holder: Holder, *, at: int, log: str) -> None:
    """The holder's shifts are over and the key opens nothing new; wraps made for it stay shut to a laptop that was stolen.

    Halves of identities go with it, also one that an approver just gave: who takes the other duty later has one half, not both. An
    officer's open cases wait in the queue. Refuses (`desk.last_key`) the last key with which anybody at work opens the desk, also when
    two are revoked at once.
    """
    with_desk = {one.pk for one in _officers().exclude(desk_wrapped=b"").order_by("pk")}
    others = in_office(Holder.Duty.OFFICER).filter(pk__in=with_desk - {holder.pk})
    if holder.pk in with_desk and not others.exists():  # who left has a key still, but comes in no more
        raise Refused("desk.last_key")
    holder.shifts.all().delete()
    if holder.duty == Holder.Duty.OFFICER:
        leave(holder.person, at=at, log=log)
    if holder.duty == Holder.Duty.CUSTODIAN:
        IdentityAccess.objects.filter(asked_by=holder.person, opened_at=None).update(half_sealed=b"")
    IdentityHalf.objects.filter(holder=holder).delete()
    holder.revoked_at, holder.desk_wrapped = at, b""
    holder.save(update_fields=["revoked_at", "desk_wrapped"])


# ---- shifts ----


def start_shift(holder: Holder, passphrase: str, *, at: int) -> str:
    """The holder's key is unlocked for one browser; returns the token for its cookie. Refuses (`vault.shut`) a wrong passphrase."""
    if holder.revoked_at is not None:
        raise Refused("desk.key_revoked")
    key = boxes.take_key(bytes(holder.kept), passphrase)
    token = secrets.token_urlsafe(32)
    stored, lock = shift_locks(token)
    Shift.objects.filter(expires_at__lte=at).delete()
    Shift.objects.create(
        holder=holder,
        token_sha256=stored,
        sealed_key=boxes.seal(lock, bytes(key), "shift"),
        opened_at=at,
        expires_at=at + SHIFT_SECONDS,
    )
    return token


def touch(shift: Shift, *, at: int) -> None:
    """Somebody did something in the shift: it is locked that much later. Written down every 20 seconds at most."""
    if at - (shift.opened_at if shift.seen_at is None else shift.seen_at) >= TOUCH:
        Shift.objects.filter(pk=shift.pk).exclude(sealed_key=b"").update(seen_at=at)
        shift.seen_at = at


def lock_idle(at: int) -> int:
    """Shifts that nobody touched for `DESK_IDLE` seconds hold no key any more; only the passphrase opens it. Returns how many."""
    idle = (
        Shift.objects.exclude(sealed_key=b"").alias(seen=Coalesce("seen_at", "opened_at")).filter(seen__lte=at - settings.DESK_IDLE)
    )
    return idle.update(sealed_key=b"") if idle.exists() else 0


def end_shift(token: str) -> None:
    """The browser's shift is over; what it could read is shut again."""
    Shift.objects.filter(token_sha256=shift_locks(token)[0]).delete()
