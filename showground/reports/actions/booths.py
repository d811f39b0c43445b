"""A device at a booth: an address of its own, shown once, that can be recalled at once. What was filed there is counted, not which."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction

from showground.people.models import Person
from showground.reports.actions.note import note
from showground.reports.models import Booth
from showground.rules.refused import Refused

LIVES = 40 * 86400
SEEN_EVERY = 60  # seconds between two times that it is written down that a booth was seen


def token_hash(token: str) -> str:
    """Returns what the site keeps of a booth's token."""
    return hashlib.sha256(b"booth" + token.encode("utf-8", "replace")).hexdigest()


@transaction.atomic
def make(name: str, *, by: Person | None, at: int, log: str, instead: Booth | None = None) -> str:
    """The booth has an address for forty days; returns its token, once. `instead`: the one before is recalled in the same step.

    Refuses (`booth.name`) a booth without a name.
    """
    text = " ".join(name.split())[:40]
    if not text:
        raise Refused("booth.name")
    if instead is not None:
        end(instead, at=at, log=log)
    token = secrets.token_hex(16)
    made = Booth.objects.create(name=text, token_sha256=token_hash(token), made_by=by, made_at=at, expires_at=at + LIVES)
    note("booth", made.pk, "made", role="officer" if by else "desk", at=at, log=log)
    return token


def end(booth: Booth, *, at: int, log: str) -> bool:
    """The booth's address is recalled: its device says so with its next page. Tells whether it was in use; twice is as once."""
    ended = bool(Booth.objects.filter(pk=booth.pk, ended_at=None).update(ended_at=at))
    if ended:
        note("booth", booth.pk, "ended", role="officer", at=at, log=log)
    return ended


def found(token: str) -> Booth | None:
    """Returns the booth of a token, recalled ones too."""
    return Booth.objects.filter(token_sha256=token_hash(token)).first()


def in_use(booth: Booth, *, at: int) -> bool:
    """Tells whether a booth's address is good: not recalled, and not forty days old."""
    return booth.ended_at is None and at < booth.expires_at


def seen(booth: Booth, *, at: int) -> None:
    """The booth's device asked for a page."""
    if booth.seen_at is None or at - booth.seen_at >= SEEN_EVERY:
        Booth.objects.filter(pk=booth.pk).update(seen_at=at)


@transaction.atomic
def filed(token: str, *, at: int) -> None:
    """One more report came from the booth today; which one is kept nowhere."""
    booth = Booth.objects.select_for_update().filter(token_sha256=token_hash(token)).first()
    if booth is not None:
        booth.filed, booth.day = (booth.filed + 1 if booth.day == at // 86400 else 1), at // 86400
        booth.seen_at = max(at, booth.seen_at or 0)
        booth.save(update_fields=["filed", "day", "seen_at"])
