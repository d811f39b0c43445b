"""The desk's public key, and what an open shift unlocks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

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
    """Returns the keys that a shift's token opens, None if the shift is over or was never one."""
    stored, lock = shift_locks(token)
    shift = Shift.objects.select_related("holder").filter(token_sha256=stored, expires_at__gt=at).first()
    if shift is None or shift.holder.revoked_at is not None:
        return None
    key = PrivateKey(boxes.unseal(lock, bytes(shift.sealed_key), "shift"))
    desk = PrivateKey(boxes.unwrap(bytes(shift.holder.desk_wrapped), key)) if shift.holder.desk_wrapped else None
    return Unlocked(shift.holder, key, desk)
