"""What only this site may read (voucher codes, contacts of winners), sealed with a key that never enters the database."""

from __future__ import annotations

import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from showground.rules.refused import Refused


def _key() -> bytes:
    """Returns the key, made on first use; two processes that make it at once end up with the same one."""
    kept: Path = settings.KEYS / "quiz.seal"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = kept.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(Fernet.generate_key())
        try:
            kept.hardlink_to(fresh)
        except FileExistsError:
            pass
        fresh.unlink()
    return kept.read_bytes()


def seal(text: str) -> bytes:
    """Returns the text sealed: who has the database but not the keys folder cannot read it."""
    return Fernet(_key()).encrypt(text.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """Returns what was sealed here; refuses (`seal.broken`) what was not, or was changed."""
    try:
        return Fernet(_key()).decrypt(bytes(sealed)).decode()
    except InvalidToken:
        raise Refused("seal.broken") from None
