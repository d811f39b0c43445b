"""What people do to prove who they are."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import secrets

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from showground.people.models import AddressCode, Attempt, Person
from showground.people.queries import normalised
from showground.rules.refused import Refused
from showground.ui import letters

CODE_LIVES = 10 * 60
TRIES = 5
HOUR = 3600


def keyed(purpose: str, value: str) -> str:
    """Returns a keyed hash of `value` (64 hex digits): the same for the same purpose on this site, useless elsewhere."""
    key = hashlib.sha256(f"{purpose}\n{settings.SECRET_KEY}".encode()).digest()
    return hmac.digest(key, value.encode(), "sha256").hex()


def _box() -> Fernet:
    key = hashlib.sha256(b"address\n" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def network_of(address: str) -> str:
    """Returns the /24 or /56 network of an IP address, the unit of the limits that count neighbours together."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 56), strict=False))


def allow(what: str, who: str, *, most: int, per: int, at: int) -> None:
    """Counts one attempt, or refuses it when `who` did `what` more than `most` times within `per` seconds."""
    window = at // per
    key = keyed("attempt", f"{what}\n{who}")
    with transaction.atomic():
        row, fresh = Attempt.objects.get_or_create(key=key, window=window, defaults={"count": 1})
        if not fresh:
            Attempt.objects.filter(pk=row.pk).update(count=F("count") + 1)
            row.refresh_from_db()
    if row.count > most:
        raise Refused("people.too_often", what=what, retry_after=(window + 1) * per - at)


def send_code(address: str, *, purpose: str, letter: str, context: dict[str, object], language: str, network: str, at: int) -> str:
    """A fresh code is on its way to `address`; returns the nonce that binds it to the asking session.

    Refuses one code too many (`people.too_often`) and a mail server that is away or says no (`people.mail_away`).
    """
    address = normalised(address)
    allow(f"code:{purpose}", address, most=3, per=HOUR, at=at)
    allow("code:net", network_of(network), most=30, per=HOUR, at=at)
    code, nonce = f"{secrets.randbelow(10**6):06d}", secrets.token_urlsafe(24)
    AddressCode.objects.filter(expires_at__lt=at).delete()
    AddressCode.objects.create(
        purpose=purpose,
        nonce=nonce,
        address_sealed=_box().encrypt(address.encode()).decode(),
        code_hash=keyed(f"code:{nonce}", code),
        sent_at=at,
        expires_at=at + CODE_LIVES,
    )
    try:
        letters.send(letter, to=address, context={**context, "code": code}, language=language)
    except letters.Unsure:
        return nonce  # the letter may have left, and whoever has it can use its code: it counts as sent, in the limits too
    except OSError:
        AddressCode.objects.filter(nonce=nonce).delete()
        raise Refused("people.mail_away")
    return nonce


def prove_address(nonce: str, code: str, *, purpose: str, at: int) -> str:
    """Returns the address that the code was sent to; the code cannot be used again. Five tries, ten minutes."""
    row = AddressCode.objects.filter(nonce=nonce, purpose=purpose).first()
    if row is None or row.expires_at < at:
        raise Refused("people.code_expired")
    if not AddressCode.objects.filter(pk=row.pk, tries__lt=TRIES).update(tries=F("tries") + 1):  # counted and asked in one
        raise Refused("people.code_spent")
    if not hmac.compare_digest(row.code_hash, keyed(f"code:{nonce}", "".join(code.split()))):
        raise Refused("people.code_wrong", left=TRIES - row.tries - 1)
    if AddressCode.objects.filter(pk=row.pk).delete()[0] == 0:
        raise Refused("people.code_expired")
    return _box().decrypt(row.address_sealed.encode()).decode()


def welcome(address: str, *, language: str, at: int, name: str = "") -> Person:
    """Returns the person with this proven address, made now if unknown."""
    try:
        with transaction.atomic():
            person, _ = Person.objects.get_or_create(
                email=normalised(address), defaults={"language": language, "since": at, "name": name}
            )
    except IntegrityError:
        person = Person.objects.get(email=normalised(address))
    return person
