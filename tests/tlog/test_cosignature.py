from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from showground.tlog import Malformed, cosignature, note

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "cosignature_v1.json").read_text(encoding="utf-8"))
CASES = VECTORS["cosignatures"]
FIXED = next(case for case in CASES if case.get("deterministic"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_published_cosignatures_are_good(case):
    keys = [note.parse_vkey(vkey) for vkey in case["vkeys"]]
    opened = note.open_note(case["note"], keys)
    assert {key for key, _ in opened.verified} == set(keys)
    times = {key.name: cosignature.decode(signature.payload)[0] for key, signature in opened.verified}
    assert all(times[name] == time for name, time in case.get("timestamps", {}).items())


@pytest.mark.parametrize("case", [c for c in CASES if "log_vkey" in c], ids=lambda case: case["name"])
def test_log_signature_beside_cosignatures_is_good(case):
    log = note.parse_vkey(case["log_vkey"])
    assert [key for key, _ in note.open_note(case["note"], [log]).verified] == [log]


def test_published_witness_keys_of_type_01_do_not_match_the_lines():
    for case in CASES:
        for vkey, published in zip(case["vkeys"], case.get("vkeys_as_published", []), strict=False):
            key = note.parse_vkey(published)
            assert not note.parse(case["note"]).has(key)
            assert note.Key(key.name, note.COSIGNATURE, key.public) == note.parse_vkey(vkey)


def test_vkey_of_another_witness_reads_back():
    for vkey in VECTORS["vkey_only"]:
        assert note.parse_vkey(vkey).vkey == vkey


def test_cosign_makes_the_published_line():
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(FIXED["seed_hex"]))
    parsed = note.parse(FIXED["note"])
    public = key.public_key().public_bytes_raw()
    line = note.cosign(parsed.text, "example.org/witness", public, 1234, key.sign)
    assert line == parsed.signatures[0].line


def test_every_part_is_covered_by_the_signature():
    key = note.parse_vkey(FIXED["vkeys"][0])
    parsed = note.parse(FIXED["note"])
    payload = parsed.signatures[0].payload
    assert cosignature.verify(key.public, parsed.text, payload) == 1234
    assert cosignature.verify(key.public, parsed.text.replace("10", "11"), payload) is None
    assert cosignature.verify(key.public, parsed.text, (1235).to_bytes(8, "big") + payload[8:]) is None
    assert cosignature.verify(key.public, parsed.text, payload[:-1]) is None


def test_time_beyond_63_bits_is_malformed():
    with pytest.raises(Malformed, match="2\\^63"):
        cosignature.decode((2**63).to_bytes(8, "big") + bytes(64))
