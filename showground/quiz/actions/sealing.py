"""What only this site may read (voucher codes, contacts of winners), sealed with a key that never enters the database."""

from __future__ import annotations

from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from showground.rules.refused import Refused
from showground.vault.kept import kept


def _key() -> bytes:
    place: Path = settings.KEYS / "quiz.seal"
    return kept(place, Fernet.generate_key)


def seal(text: str) -> bytes:
    """Returns the text sealed: who has the database but not the keys folder cannot read it."""
    return Fernet(_key()).encrypt(text.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """Returns what was sealed here; refuses (`seal.broken`) what was not, or was changed."""
    try:
        return Fernet(_key()).decrypt(bytes(sealed)).decode()
    except InvalidToken:
        raise Refused("seal.broken") from None
