from __future__ import annotations

import pytest

from showground.tlog import Malformed, note
from showground.witness import escrow, keys


def test_keys_are_private_and_public_txt_tells_their_vkeys(tmp_path):
    folder = tmp_path / "notary"
    vkeys = keys.generate(folder, "notary.example")
    assert keys.read_public(folder) == vkeys
    held = keys.read(folder)
    assert held.witness.key == note.parse_vkey(vkeys["witness"])
    assert held.statements.key == note.parse_vkey(vkeys["statements"])
    assert held.escrow.public_key().public_bytes_raw() == escrow.escrow_public(vkeys["escrow"])
    names = {duty: note.parse_vkey(vkey).name for duty, vkey in vkeys.items()}
    assert names == {
        "witness": "notary.example/witness-1",
        "statements": "notary.example/statements",
        "escrow": "notary.example/escrow",
    }
    assert {path.stat().st_mode & 0o777 for path in folder.glob("*.key")} == {0o600}


def test_keys_are_never_overwritten(tmp_path):
    keys.generate(tmp_path, "notary.example")
    before = (tmp_path / "witness.key").read_bytes()
    with pytest.raises(FileExistsError):
        keys.generate(tmp_path, "notary.example")
    assert (tmp_path / "witness.key").read_bytes() == before


def test_private_form_is_that_of_go(tmp_path):
    (tmp_path / "log.key").write_text("PRIVATE+KEY+EnochRoot+af0cfe78+AQ" + "A" * 42 + "\n", encoding="utf-8")
    signer = keys.read_signer(tmp_path / "log.key", note.ED25519)
    assert signer.key.vkey == "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "EnochRoot+af0cfe78+AQ" + "A" * 42,
        "PRIVATE+KEY+EnochRoot+af0cfe79+AQ" + "A" * 42,
        "PRIVATE+KEY+Enoch+af0cfe78+AQ" + "A" * 42,
        "PRIVATE+KEY+EnochRoot+af0cfe78+BA" + "A" * 42,
        "PRIVATE+KEY+EnochRoot+af0cfe78+AQ" + "A" * 38,
    ],
)
def test_bad_key_file_is_refused(tmp_path, text):
    (tmp_path / "log.key").write_text(text, encoding="utf-8")
    with pytest.raises(Malformed):
        keys.read_signer(tmp_path / "log.key", note.ED25519)


def test_signature_of_a_text_is_that_of_a_note(tmp_path):
    keys.generate(tmp_path, "notary.example")
    signer = keys.read(tmp_path).statements
    text = "seen\n"
    line = f"— {signer.key.name} {keys.signature(text, signer)}\n"
    assert note.open_note(note.join(text, [line]), [signer.key]).text == text
