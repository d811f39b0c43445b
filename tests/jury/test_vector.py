"""The published vector of docs/formats/sheet.md, made and opened by Python."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from showground.commands import _juror as sealing
from showground.rules import records
from showground.tlog import note
from showground.witness.escrow import escrow_public, open_escrow

HERE = Path(__file__).resolve().parents[2]
VECTOR: dict[str, Any] = json.loads((HERE / "tests/vectors/jury_sheet.json").read_text(encoding="utf-8"))
FACTS = (VECTOR["origin"], VECTOR["juror"], VECTOR["sheet"])


def test_the_opening_has_the_vectors_bytes_and_commitment() -> None:
    salt = base64.urlsafe_b64encode(bytes.fromhex(VECTOR["salt_hex"])).rstrip(b"=").decode()
    opening = records.jury_opening(*FACTS, VECTOR["rows"], salt)
    assert records.canonical(opening).decode() == VECTOR["opening"]
    assert records.commitment(opening) == VECTOR["commit"]
    assert records.jury_note(*FACTS, VECTOR["commit"]) == VECTOR["note"]


def test_the_key_signs_as_the_vector_says() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTOR["juror_seed_hex"]))
    assert sealing._signer(private, *FACTS[:2]).key.vkey == VECTOR["juror_vkey"]
    key = note.parse_vkey(VECTOR["juror_vkey"])
    signed = note.parse(f"{VECTOR['note']}\n— {key.name} {VECTOR['sig']}\n")
    assert note.open_note(signed, [key]).text == VECTOR["note"]


def test_the_copy_opens_with_the_notarys_key() -> None:
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(VECTOR["escrow_private_hex"]))
    assert escrow_public(VECTOR["escrow_vkey"]) == private.public_key().public_bytes_raw()
    blob = base64.b64decode(VECTOR["escrow"])
    assert records.sha256_hex(blob) == VECTOR["escrow_sha256"]
    assert open_escrow(blob, private, *FACTS).decode() == VECTOR["opening"]


def test_the_page_of_the_format_shows_the_vector() -> None:
    page = (HERE / "docs/formats/sheet.md").read_text(encoding="utf-8")
    for name in ("juror_vkey", "escrow_vkey", "commit", "sig", "aes_key_hex", "escrow_sha256"):
        assert VECTOR[name] in page, name
