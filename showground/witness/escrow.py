"""A juror's opening, sealed to the notary: X25519, HKDF-SHA256 and AES-256-GCM, bound to log, juror and sheet.

Blob: ephemeral public key (32 bytes) || nonce (12) || ciphertext and tag of the opening's canonical bytes.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from showground.tlog import Malformed, Unverified, note
from showground.witness.keys import ESCROW_PREFIX

_KEY, _NONCE, _TAG = 32, 12, 16


def seal_escrow(opening: bytes, escrow_vkey: str, origin: str, juror: int, sheet: str) -> bytes:
    """Returns the blob that only the holder of the escrow key can open."""
    public = escrow_public(escrow_vkey)
    once = X25519PrivateKey.generate()
    ephemeral, nonce, info = once.public_key().public_bytes_raw(), os.urandom(_NONCE), _info(origin, juror, sheet)
    key = _derive(once.exchange(X25519PublicKey.from_public_bytes(public)), ephemeral + public, info)
    return ephemeral + nonce + AESGCM(key).encrypt(nonce, opening, info)


def open_escrow(blob: bytes, escrow_private: X25519PrivateKey, origin: str, juror: int, sheet: str) -> bytes:
    """Returns the opening bytes; a blob for another key, log, juror or sheet, or a changed one, is Unverified."""
    if len(blob) < _KEY + _NONCE + _TAG:
        raise Malformed("the escrow blob is too short")
    ephemeral, nonce, sealed = blob[:_KEY], blob[_KEY : _KEY + _NONCE], blob[_KEY + _NONCE :]
    salt, info = ephemeral + escrow_private.public_key().public_bytes_raw(), _info(origin, juror, sheet)
    try:
        shared = escrow_private.exchange(X25519PublicKey.from_public_bytes(ephemeral))
        return AESGCM(_derive(shared, salt, info)).decrypt(nonce, sealed, info)
    except (InvalidTag, ValueError):  # ValueError: the ephemeral key is of small order
        raise Unverified(f"the escrow blob of juror {juror}, sheet {sheet} does not open") from None


def escrow_public(vkey: str) -> bytes:
    """Returns the 32-byte X25519 public key of an escrow vkey."""
    key = note.parse_vkey(vkey)
    if key.type != note.PRIVATE or not key.public.startswith(ESCROW_PREFIX) or len(key.public) != len(ESCROW_PREFIX) + 32:
        raise Malformed("the vkey is not an escrow key")
    return key.public[len(ESCROW_PREFIX) :]


def _info(origin: str, juror: int, sheet: str) -> bytes:
    return f"showground jury escrow v1\n{origin}\n{juror}\n{sheet}\n".encode()


def _derive(shared: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(shared)
