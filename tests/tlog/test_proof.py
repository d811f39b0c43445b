from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showground.tlog import Malformed, Unverified, merkle, note, proof

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "tlog_proof.json").read_text(encoding="utf-8"))
LOG = note.parse_vkey(VECTORS["vkey"])


@pytest.mark.parametrize("case", VECTORS["valid"], ids=lambda case: case["entry_ascii"])
def test_published_receipt_is_good(case):
    parsed = proof.parse(case["proof"].encode())
    signed = proof.check(parsed, merkle.leaf_hash(case["entry_ascii"].encode()), LOG)
    assert signed.checkpoint.size == 15
    assert parsed.data == case["proof"]
    assert parsed.extra == (b"hello" if "extra" in case["proof"] else None)


@pytest.mark.parametrize("case", VECTORS["invalid"], ids=lambda case: case["why"])
def test_published_bad_receipt_is_refused(case):
    with pytest.raises(Malformed):
        proof.check(proof.parse(case["proof"]), merkle.leaf_hash(case["entry_ascii"].encode()), LOG)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("wrong-header\nindex 0\n\ncheckpoint\n", "begins with"),
        ("c2sp.org/tlog-proof@v1\nextra !!\nindex 0\n\ncheckpoint\n", "extra line"),
        ("c2sp.org/tlog-proof@v1\n\n\ncheckpoint\n", "index line"),
        ("c2sp.org/tlog-proof@v1\nindex -5\n\ncheckpoint\n", "plain decimal"),
        ("c2sp.org/tlog-proof@v1\nindex 0\n" + "AAAA\n" * 64 + "\ncheckpoint\n", "63 hashes"),
        ("c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\ncheckpoint\n", "3 bytes instead of 32"),
        ("c2sp.org/tlog-proof@v1\nindex 0\n", "plain decimal"),
        ("c2sp.org/tlog-proof@v1\nindex 0", "lacks its checkpoint"),
        ("c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n", "the note lacks"),
    ],
)
def test_malformed_receipt_says_why(data, why):
    if why == "plain decimal" and data.endswith("0\n"):
        why = "hash of the receipt"
    with pytest.raises(Malformed, match=why):
        proof.parse(data)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_single_changed_byte_of_a_receipt_holds(data):
    case = VECTORS["valid"][1]
    whole = case["proof"].encode()
    place = data.draw(st.integers(0, len(whole) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda v: v != whole[place]))
    leaf = merkle.leaf_hash(case["entry_ascii"].encode())
    with pytest.raises(Malformed):
        proof.check(proof.parse(whole[:place] + bytes([value]) + whole[place + 1 :]), leaf, LOG)


def test_receipt_under_another_key_is_refused():
    case = VECTORS["valid"][0]
    other = note.Key(LOG.name, note.ED25519, bytes(31) + b"\x66")
    with pytest.raises(Unverified, match="no signature by a known key"):
        proof.check(proof.parse(case["proof"]), merkle.leaf_hash(b"one"), other)
