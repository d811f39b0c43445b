"""Ballot papers: minted and checked by the door alone, without a database.

A paper is `base64url(canonical JSON).base64url(HMAC-SHA256)`: it names one log, one scope, one channel and the voter's pseudonym
there. Whoever holds it may cast for that voter in that scope; it says nothing about who the voter is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from typing import Final

from showground.rules import records
from showground.rules.refused import Refused

MOST_TEXT: Final = 1024


@dataclass(frozen=True, slots=True)
class Paper:
    """The right to cast in one scope of one log; `expires` is a Unix second, from which on it is void."""

    log: str
    scope: str
    channel: str
    voter: str
    expires: int


def cookie_name(origin: str) -> str:
    """Returns the name of the cookie that carries papers of the log `origin`."""
    return "paper-" + hashlib.sha256(origin.encode()).hexdigest()[:8]


def _coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class PaperPress:
    """Mints papers with one secret key and knows its own again."""

    def __init__(self, key: bytes) -> None:
        self._keyed = hmac.new(key, b"showground paper v1\n", hashlib.sha256)

    def _seal(self, payload: bytes) -> str:
        state = self._keyed.copy()
        state.update(payload)
        return _coded(state.digest())

    def mint(self, paper: Paper) -> str:
        """Returns the paper as text, fit for a cookie."""
        payload = _coded(records.canonical(asdict(paper)))
        return f"{payload}.{self._seal(payload.encode())}"

    def read(self, text: str) -> Paper:
        """Returns the paper in `text`; refuses one that this door did not mint."""
        if not text:
            raise Refused("paper.missing")
        payload, _, seal = text.partition(".")
        if len(text) > MOST_TEXT or not text.isascii() or not hmac.compare_digest(self._seal(payload.encode()), seal):
            raise Refused("paper.forged")
        value = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return Paper(**value)
