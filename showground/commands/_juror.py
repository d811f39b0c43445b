"""A juror without a browser, for rehearsals and tests: the same key, note and sealed copy that jury/static/jury/sealing.js makes."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from showground.rules import records
from showground.tlog import note
from showground.witness.escrow import seal_escrow
from showground.witness.keys import Signer, signature


def make_key(origin: str, number: int) -> tuple[Ed25519PrivateKey, str]:
    """Returns a fresh private key and the vkey that the juror declares."""
    private = Ed25519PrivateKey.generate()
    return private, _signer(private, origin, number).key.vkey


def opening(origin: str, number: int, sheet: str, rows: Sequence[Sequence[Any]]) -> records.Record:
    """Returns the opening object of a sheet, with a fresh salt."""
    salt = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    return records.jury_opening(origin, number, sheet, [list(row) for row in rows], salt)


def sealed(
    private: Ed25519PrivateKey,
    vkey: str,
    origin: str,
    number: int,
    sheet: str,
    rows: Sequence[Sequence[Any]],
    escrow_vkey: str,
) -> dict[str, str]:
    """Returns what jury:seal takes, {"commit", "sig", "escrow"}, for rows [entry, criterion, points] under the declared vkey."""
    signer = _signer(private, origin, number)
    if signer.key.vkey != vkey:
        raise ValueError("the private key is not that of the vkey")
    opened = opening(origin, number, sheet, rows)
    commit = records.commitment(opened)
    blob = seal_escrow(records.canonical(opened), escrow_vkey, origin, number, sheet)
    sig = signature(records.jury_note(origin, number, sheet, commit), signer)
    return {"commit": commit, "sig": sig, "escrow": base64.b64encode(blob).decode()}


def _signer(private: Ed25519PrivateKey, origin: str, number: int) -> Signer:
    return Signer(note.Key(f"{origin}/jury/{number}", note.ED25519, private.public_key().public_bytes_raw()), private.sign)
