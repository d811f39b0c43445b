"""Sealed bytes: what is locked under a key of its own, and that key wrapped to each of those who may read.

A `Lock` is a fresh 32-byte key for one report, message or identity. Bytes under it are XChaCha20-Poly1305 with the purpose bound in;
the key itself is wrapped to public keys (X25519 sealed boxes). Destroying every wrap destroys the bytes wherever their copies lie.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from nacl import bindings, pwhash
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from showground.rules.refused import Refused

KEY_BYTES: Final = 32
_NONCE: Final = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
SALT_BYTES: Final = pwhash.argon2id.SALTBYTES


def new_lock() -> bytes:
    """Returns a fresh key for one thing."""
    return secrets.token_bytes(KEY_BYTES)


def seal(lock: bytes, plain: bytes, purpose: str) -> bytes:
    """Returns `plain` locked for one purpose ("report.body", ...): nonce, then ciphertext and tag."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, purpose.encode(), nonce, lock)


def unseal(lock: bytes, sealed: bytes, purpose: str) -> bytes:
    """Returns what was sealed; refuses (`vault.shut`) bytes that another key, another purpose or another hand made."""
    try:
        nonce, body = sealed[:_NONCE], sealed[_NONCE:]
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(body, purpose.encode(), nonce, lock)
    except (CryptoError, ValueError, TypeError):
        raise Refused("vault.shut", purpose=purpose)


def wrap(lock: bytes, to: PublicKey) -> bytes:
    """Returns a key as only the holder of the private half of `to` can unwrap it."""
    return bytes(SealedBox(to).encrypt(lock))


def unwrap(wrapped: bytes, key: PrivateKey) -> bytes:
    """Returns a wrapped key; refuses (`vault.shut`) one that was not wrapped to this key."""
    try:
        return bytes(SealedBox(key).decrypt(wrapped))
    except (CryptoError, ValueError, TypeError):
        raise Refused("vault.shut", purpose="key")


# ---- a person's own key, behind a passphrase ----


def lock_with(passphrase: str, salt: bytes) -> bytes:
    """Returns the key behind a passphrase: Argon2id, 64 MiB, 3 passes."""
    return bytes(pwhash.argon2id.kdf(KEY_BYTES, passphrase.encode(), salt, opslimit=3, memlimit=64 * 2**20))


def keep_key(key: PrivateKey, passphrase: str) -> bytes:
    """Returns a private key as it may lie in a database: a salt, then the key sealed behind the passphrase."""
    salt = secrets.token_bytes(SALT_BYTES)
    return salt + seal(lock_with(passphrase, salt), bytes(key), "person.key")


def take_key(kept: bytes, passphrase: str) -> PrivateKey:
    """Returns a kept private key; refuses (`vault.shut`) a wrong passphrase."""
    return PrivateKey(unseal(lock_with(passphrase, kept[:SALT_BYTES]), kept[SALT_BYTES:], "person.key"))


# ---- two persons for one lock ----


def halves(lock: bytes) -> tuple[bytes, bytes]:
    """Returns two halves of a key, of which either alone says nothing; `join` gives the key back."""
    first = secrets.token_bytes(len(lock))
    return first, bytes(a ^ b for a, b in zip(first, lock, strict=True))


def join(first: bytes, second: bytes) -> bytes:
    """Returns the key of which these are the halves."""
    return bytes(a ^ b for a, b in zip(first, second, strict=True))


# ---- matching without reading ----


def mark(desk: PrivateKey, kind: str, value: str) -> str:
    """Returns an observable as the desk matches it: an HMAC that nobody without the desk's key can make or try out."""
    key = hmac.digest(bytes(desk), b"showground observables v1", hashlib.sha256)
    return hmac.digest(key, f"{kind}\n{value}".encode(), hashlib.sha256).hex()
