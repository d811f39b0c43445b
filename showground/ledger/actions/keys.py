"""The log's private key: made once, readable by the publisher only."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from showground.ledger.queries import slug
from showground.tlog import note

PREFIX = "PRIVATE+KEY+"


def key_path(origin: str) -> Path:
    """Returns where the private key of a log lies."""
    return Path(settings.KEYS) / f"log-{slug(origin)}.key"


def public_of(key: Ed25519PrivateKey) -> bytes:
    """Returns the 32 public bytes of a key."""
    return key.public_key().public_bytes_raw()


def make_log_key(origin: str) -> str:
    """The log has a key, made now if there is none; returns its vkey."""
    path = key_path(origin)
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        vkey = note.format_vkey(origin, note.ED25519, public_of(key))
        hex_id = vkey.removeprefix(f"{origin}+").split("+", 1)[0]
        seed = base64.b64encode(bytes([note.ED25519]) + key.private_bytes_raw()).decode()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(f"{PREFIX}{origin}+{hex_id}+{seed}\n")
            out.flush()
            os.fsync(out.fileno())
    return note.format_vkey(origin, note.ED25519, public_of(read_log_key(origin)))


def read_log_key(origin: str) -> Ed25519PrivateKey:
    """Returns the private key of a log."""
    text = key_path(origin).read_text(encoding="ascii").strip()
    seed = base64.b64decode(text.removeprefix(PREFIX).split("+", 2)[2])
    return Ed25519PrivateKey.from_private_bytes(seed[1:])
