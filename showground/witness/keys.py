"""The notary's three keys: one duty each, one name each, made on the notary's own machine.

A key file holds one line, `PRIVATE+KEY+<name>+<hex key id>+<base64(type || secret)>`: the form of Go's note package, where
the secret is 32 bytes (behind `showground-x25519-v1` for the escrow key). `public.txt` holds one line per key, `<duty> <vkey>`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from showground.tlog import Malformed, note
from showground.tlog.malformed import from_base64, to_base64

ESCROW_PREFIX = b"showground-x25519-v1"
_MARK = "PRIVATE+KEY+"
_DUTIES = (("witness", "witness-1"), ("statements", "statements"), ("escrow", "escrow"))


@dataclass(frozen=True)
class Signer:
    """A signing key: its public side and what makes 64 bytes of Ed25519 over the bytes it gets."""

    key: note.Key
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True)
class Keys:
    """The notary's keys as read from the folder: cosigner (type 04), statements (type 01), escrow (type ff)."""

    witness: Signer
    statements: Signer
    escrow: X25519PrivateKey


def generate(folder: Path, name: str) -> dict[str, str]:
    """Makes the three keys under the notary's name (a host, such as notary.example); returns the vkey of each duty.

    Files are readable by their owner only; a key that is there already is never overwritten (FileExistsError).
    """
    note.check_name(name)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    vkeys = {}
    for duty, suffix in _DUTIES:
        key, secret = _make(duty, f"{name}/{suffix}")
        _write_new(folder / f"{duty}.key", f"{_MARK}{key.name}+{key.id.hex()}+{to_base64(secret)}\n", 0o600)
        vkeys[duty] = key.vkey
    _write_new(folder / "public.txt", "".join(f"{duty} {vkey}\n" for duty, vkey in vkeys.items()), 0o644)
    return vkeys


def read(folder: Path) -> Keys:
    """Returns the three keys of the folder."""
    _, escrow = _read_secret(folder / "escrow.key", note.PRIVATE)
    return Keys(
        witness=read_signer(folder / "witness.key", note.COSIGNATURE),
        statements=read_signer(folder / "statements.key", note.ED25519),
        escrow=X25519PrivateKey.from_private_bytes(escrow),
    )


def read_public(folder: Path) -> dict[str, str]:
    """Returns the vkey of each duty ("witness", "statements", "escrow") as `public.txt` tells them."""
    lines = (folder / "public.txt").read_text(encoding="utf-8").splitlines()
    return {duty: vkey for duty, _, vkey in (line.partition(" ") for line in lines)}


def read_signer(path: Path, type: int) -> Signer:
    """Returns the Ed25519 key of a file; `type` 01 signs texts, 04 cosigns checkpoints."""
    name, secret = _read_secret(path, type)
    private = Ed25519PrivateKey.from_private_bytes(secret)
    return Signer(note.Key(name, type, private.public_key().public_bytes_raw()), private.sign)


def signature(text: str, signer: Signer) -> str:
    """Returns base64(key id || signature) over a text, as records carry it in `sig`."""
    line = note.sign(text, signer.key.name, signer.key.type, signer.key.public, signer.sign)
    return line.rstrip("\n").rpartition(" ")[2]


def _make(duty: str, name: str) -> tuple[note.Key, bytes]:
    if duty == "escrow":
        exchange = X25519PrivateKey.generate()
        public = ESCROW_PREFIX + exchange.public_key().public_bytes_raw()
        return note.Key(name, note.PRIVATE, public), bytes([note.PRIVATE]) + ESCROW_PREFIX + exchange.private_bytes_raw()
    type = note.COSIGNATURE if duty == "witness" else note.ED25519
    private = Ed25519PrivateKey.generate()
    return note.Key(name, type, private.public_key().public_bytes_raw()), bytes([type]) + private.private_bytes_raw()


def _write_new(path: Path, text: str, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _read_secret(path: Path, type: int) -> tuple[str, bytes]:
    text = path.read_text(encoding="utf-8").strip()
    parts = text.removeprefix(_MARK).split("+", 2)
    if not text.startswith(_MARK) or len(parts) != 3:
        raise Malformed(f"{path.name} holds no private key")
    raw = from_base64(parts[2], path.name)
    prefix = bytes([type]) + (ESCROW_PREFIX if type == note.PRIVATE else b"")
    if not raw.startswith(prefix) or len(raw) != len(prefix) + 32:
        raise Malformed(f"{path.name} holds no private key of type {type:02x}")
    _check_id(path, parts, type, raw[len(prefix) :])
    return note.check_name(parts[0]), raw[len(prefix) :]


def _check_id(path: Path, parts: list[str], type: int, secret: bytes) -> None:
    if type == note.PRIVATE:
        public = ESCROW_PREFIX + X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    else:
        public = Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    if note.key_id(parts[0], type, public).hex() != parts[1]:
        raise Malformed(f"the key id in {path.name} is not that of its key")
