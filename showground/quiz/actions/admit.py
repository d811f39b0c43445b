"""Who may begin now: a proof of work or a place in the line. Nobody is refused for the address they share; at worst they are held."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import altcha
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction

from showground.people.actions import keyed, network_of
from showground.quiz.models import Bucket, Spent
from showground.rules.refused import Refused

WORK = 250_000  # tries at most, half of them on average: under a second on an old phone
LIVES = 30 * 60
PROVED = (200, 300)  # so many at once from one network, and one more every so many milliseconds
PLAIN = (60, 2_000)
LONGEST = 15 * 60  # seconds in the line; a flood beyond it is told to come later


@dataclass(frozen=True)
class Place:
    """A place in the line: the signed ticket that lets its holder begin from `at` on."""

    ticket: str
    at: int


def network_key(address: str, quiz: str) -> str:
    """Returns the keyed hash by which neighbours in one network are counted together within one quiz."""
    return keyed("quiz.network", f"{quiz}\n{network_of(address)}")


def challenge(quiz: str, *, at: int) -> dict[str, Any]:
    """Returns a fresh task for a browser with scripts: find the number behind a hash. SPEC ALTCHA v1, SHA-256."""
    options = altcha.ChallengeOptionsV1(
        max_number=WORK, hmac_key=keyed("quiz.proof", quiz), params={"until": str(at + LIVES)}, salt_length=16
    )
    return dict(altcha.create_challenge_v1(options).to_dict())


def proves(payload: str, quiz: str, *, at: int) -> bool:
    """Tells whether a solved task is right, in time and not used before; it is used now."""
    if not payload or len(payload) > 2000:
        return False
    try:
        good, _ = altcha.verify_solution_v1(payload, keyed("quiz.proof", quiz), check_expires=False)
        given = altcha.PayloadV1.from_base64(payload)
        until = int(given.parse_salt()[2]["until"][0])
    except (ValueError, KeyError, TypeError, AttributeError, UnicodeError):
        return False
    return good and at <= until and _spend(f"proof\n{given.challenge}", until)


def _spend(what: str, until: int) -> bool:
    """Tells whether this is the first use."""
    try:
        with transaction.atomic():
            Spent.objects.create(key=hashlib.sha256(what.encode()).hexdigest(), until=until)
    except IntegrityError:
        return False
    return True


def _take(key: str, burst: int, pause: int, at: int) -> int:
    """Takes one from the bucket, now or as the next in the line; returns the seconds to wait. SPEC GCRA."""
    now = at * 1000
    with transaction.atomic():
        Bucket.objects.get_or_create(key=key, defaults={"full_at": now})
        row = Bucket.objects.select_for_update().get(key=key)
        full_at = max(row.full_at, now) + pause
        wait = max(0, -(-(full_at - burst * pause - now) // 1000))
        if wait > LONGEST:
            raise Refused("quiz.crowded", retry_after=wait - LONGEST)
        Bucket.objects.filter(pk=row.pk).update(full_at=full_at)
    return wait


def _signer() -> Signer:
    return Signer(salt="showground quiz place v1")


def _held(ticket: str, quiz: str) -> dict[str, Any] | None:
    try:
        told = _signer().unsign_object(ticket)
    except (BadSignature, ValueError):
        return None
    return dict(told) if isinstance(told, dict) and told.get("q") == quiz else None


def admit(quiz: str, *, address: str, proved: bool, ticket: str, at: int) -> Place | None:
    """Returns None if a visitor may begin now, else the place in the line that was given or is already held."""
    held = _held(ticket, quiz) if ticket else None
    if held:
        if at < held["t"]:
            return Place(ticket, held["t"])
        over = held["t"] + LIVES
        if at <= over and _spend(f"place\n{held['n']}", over):  # what was spent is remembered as long as the place is good
            return None
    burst, pause = PROVED if proved else PLAIN
    wait = _take(keyed("quiz.bucket", f"{network_key(address, quiz)}\n{proved}"), burst, pause, at)
    if not wait:
        return None
    return Place(_signer().sign_object({"q": quiz, "t": at + wait, "n": secrets.token_hex(8)}), at + wait)


def sweep(at: int) -> None:
    """What has run out is gone. The jobs look often: one that finds nothing does not stand in the line of those who write."""
    for out in (Spent.objects.filter(until__lt=at), Bucket.objects.filter(full_at__lt=(at - 3600) * 1000)):
        if out.exists():
            out.delete()
