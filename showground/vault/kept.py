"""Secrets that a site makes once and keeps in a folder of its own, outside the database and its backups."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path


def kept(place: Path, make: Callable[[], bytes]) -> bytes:
    """Returns the secret at `place`, made on first use, readable by its owner only; two processes that make it at once share one."""
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = place.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(make())
        try:
            place.hardlink_to(fresh)
        except FileExistsError:
            pass
        fresh.unlink()
    return place.read_bytes()
