"""The receipt code of a report: 16 random digits and two check digits, and the two secrets that come out of it.

The code is all a reporter has and the site keeps none of it. Argon2id makes each guess cost 64 MiB and about a quarter of a second;
the pepper lies outside the database and its backups, so that a stolen database alone cannot be guessed at all.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Final

from nacl import pwhash
from nacl.public import PrivateKey

from showground.rules.refused import Refused

DIGITS: Final = 16
SALT_BYTES: Final = pwhash.argon2id.SALTBYTES
MEMORY: Final = 64 * 2**20
PASSES: Final = 2


def check_digits(digits: str) -> str:
    """Returns the two check digits of ISO 7064 MOD 97-10: with them, the whole number leaves 1 when divided by 97."""
    return f"{98 - int(digits) * 100 % 97:02d}"


def new_code() -> str:
    """Returns a fresh code: 18 digits, 53 bits of chance."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    return digits + check_digits(digits)


def shown(code: str) -> str:
    """Returns a code as people read it: 1234 5678 9012 3456 78."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def read_code(typed: str) -> str:
    """Returns the code that a person typed, with any spaces, dashes or full-width digits; refuses one that was mistyped.

    Every single wrong digit and every swap of two neighbours is caught (`code.check`) before any costly work is done.
    """
    digits = re.sub(r"[\s\-\u2010-\u2015.]", "", unicodedata.normalize("NFKC", typed))
    if not digits.isascii() or not digits.isdigit():
        raise Refused("code.digits")
    if len(digits) != DIGITS + 2:
        raise Refused("code.length", digits=len(digits), wanted=DIGITS + 2)
    if check_digits(digits[:DIGITS]) != digits[DIGITS:]:
        raise Refused("code.check")
    return digits


@dataclass(frozen=True)
class Opened:
    """What a code opens: the name under which the site finds the report, and the reporter's private key."""

    lookup: str  # 64 hex digits; the site stores this hash, never the code
    key: PrivateKey


def _part(seed: bytes, label: bytes) -> bytes:
    return hmac.digest(seed, b"showground report code v1\n" + label, hashlib.sha256)


def open_code(code: str, *, salt: bytes, pepper: bytes) -> Opened:
    """Returns what a checked code opens; `salt` is the site's 16 bytes, `pepper` 32 bytes kept outside the database."""
    password = hmac.digest(pepper, code.encode("ascii"), hashlib.sha256)
    seed = pwhash.argon2id.kdf(32, password, salt, opslimit=PASSES, memlimit=MEMORY)
    return Opened(hashlib.sha256(_part(seed, b"id")).hexdigest(), PrivateKey(_part(seed, b"x25519")))
