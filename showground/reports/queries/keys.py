"""The desk's public key, and what an open shift unlocks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings
from nacl.public import PrivateKey

from showground.reports.models import DeskKey, Holder, Shift
from showground.rules.refused import Refused
from showground.vault import boxes


@dataclass(frozen=True)
class Unlocked:
    """A holder's keys while a shift lasts: in the memory of one request, nowhere else. `desk` is None but for officers."""

    holder: Holder
    key: PrivateKey
    desk: PrivateKey | None
    shift: Shift | None = None


def desk_key() -> DeskKey:
    """Returns the key reports are sealed to; refuses (`desk.not_open`) while no officer has opened the desk."""
    found = DeskKey.objects.filter(retired_at=None).order_by("-pk").first()
    if found is None:
        raise Refused("desk.not_open")
    return found


def shift_locks(token: str) -> tuple[str, bytes]:
    """Returns (what the site stores, the key that only the cookie gives) of a shift's token."""
    raw = token.encode("ascii", "replace")
    return hashlib.sha256(b"shift id" + raw).hexdigest(), hashlib.sha256(b"shift key" + raw).digest()


def unlocked(token: str, *, at: int) -> Unlocked | None:
    """Returns the keys that a shift's token opens, None if the shift is locked or over or was never one."""
    lock = shift_locks(token)[1]
    shift = found_shift(token, at=at)
    if shift is None or not left(shift, at=at):
        return None
    key = PrivateKey(boxes.unseal(lock, bytes(shift.sealed_key), "shift"))
    desk = PrivateKey(boxes.unwrap(bytes(shift.holder.desk_wrapped), key)) if shift.holder.desk_wrapped else None
    return Unlocked(shift.holder, key, desk, shift)


def found_shift(token: str, *, at: int) -> Shift | None:
    """Returns the shift of a token, open or locked; None if it is over or was never one."""
    rows = Shift.objects.select_related("holder__person").filter(token_sha256=shift_locks(token)[0], expires_at__gt=at)
    return rows.filter(holder__revoked_at=None, holder__person__is_active=True).first()


def left(shift: Shift, *, at: int) -> int:
    """Returns the seconds until a shift is locked if nobody touches it, 0 if it is."""
    seen = shift.opened_at if shift.seen_at is None else shift.seen_at
    return max(0, seen + settings.DESK_IDLE - at) if shift.sealed_key else 0
