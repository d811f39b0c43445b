from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from showground.tlog import Malformed, Unverified, note

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "signed_note.json").read_text(encoding="utf-8"))
ZERO = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = ZERO.public_key().public_bytes_raw()
TEXT = "first line\n\nthird line\n"
ENOCH = note.Key("EnochRoot", note.ED25519, PUBLIC)


def _signed(text: str = TEXT) -> str:
    return note.join(text, [note.sign(text, "EnochRoot", note.ED25519, PUBLIC, ZERO.sign)])


@pytest.mark.parametrize("case", VECTORS["notes"], ids=lambda case: case["name"])
def test_published_note(case):
    keys = [note.parse_vkey(vkey) for vkey in case["vkeys"]]
    if not case["valid"]:
        with pytest.raises(Malformed):
            note.open_note(case["note"], keys)
        return
    opened = note.open_note(case["note"], keys)
    assert [key.name for key, _ in opened.verified] == case["verified"]
    assert opened.note.data == case["note"]
    assert note.open_note(case["note"].encode(), keys) == opened


def test_signature_line_of_the_published_key():
    case = VECTORS["signing_key"]
    key = note.parse_vkey(case["vkey"])
    opened = note.open_note(note.join(case["text"], [case["signature_line"]]), [key])
    assert opened.verified[0][1].line == case["signature_line"]


def test_derived_key_signs_the_published_line():
    case = VECTORS["derived_key"]
    assert note.parse_vkey(case["vkey"]) == ENOCH
    assert note.format_vkey("EnochRoot", note.ED25519, PUBLIC) == ENOCH.vkey == case["vkey"]
    both = next(n for n in VECTORS["notes"] if n["name"] == "both known")["note"]
    text = both.rpartition("\n\n")[0] + "\n"
    assert note.sign(text, "EnochRoot", note.ED25519, PUBLIC, ZERO.sign) in both


@pytest.mark.parametrize("vkey", VECTORS["bad_vkeys"])
def test_published_bad_vkey_is_refused(vkey):
    with pytest.raises(Malformed):
        note.parse_vkey(vkey)


@pytest.mark.parametrize("type", [note.ED25519, note.COSIGNATURE])
def test_vkey_of_small_order_is_refused(type):
    vkey = note.format_vkey("weak.example", type, b"\x01" + bytes(31))
    with pytest.raises(Malformed, match="no usable"):
        note.parse_vkey(vkey)


def test_vkey_in_capital_hex_is_refused():
    name, number, key = ENOCH.vkey.split("+", 2)
    with pytest.raises(Malformed, match="8 hex digits"):
        note.parse_vkey(f"{name}+{number.upper()}+{key}")


def test_private_vkey_reads_back_and_signs_no_note():
    key = note.Key("notary.example/escrow", note.PRIVATE, b"showground-x25519-v1" + bytes(range(32)))
    assert note.parse_vkey(key.vkey) == key
    line = note.Signature(key.name, key.id, ZERO.sign(TEXT.encode())).line
    with pytest.raises(Unverified):
        note.open_note(note.join(TEXT, [line]), [key])


def test_key_id_depends_on_name_and_type():
    ids = {note.key_id(name, type, PUBLIC) for name in ("a", "b") for type in (1, 4, 255)}
    assert len(ids) == 6


@pytest.mark.parametrize("name", ["", "a b", "a\u00a0b", "a+b", "a\tb", "a\u2003b", "a\nb"])
def test_bad_key_name_is_refused(name):
    with pytest.raises(Malformed, match="key name"):
        note.check_name(name)


def test_text_with_empty_lines_splits_at_the_last():
    assert note.parse(_signed()).text == TEXT


def test_signature_of_a_foreign_key_is_ignored_beside_a_good_one():
    other = Ed25519PrivateKey.generate()
    public = other.public_key().public_bytes_raw()
    foreign = note.sign("another text\n", "foreign.example", note.ED25519, public, other.sign)
    opened = note.open_note(_signed() + foreign, [ENOCH])
    assert [key for key, _ in opened.verified] == [ENOCH]
    with pytest.raises(Unverified, match=r"bad signature by foreign\.example"):
        note.open_note(_signed() + foreign, [ENOCH, note.Key("foreign.example", note.ED25519, public)])


def test_base64_with_pad_bits_is_refused():
    line = _signed().split("\n")[-2]
    assert line.endswith("=")
    place = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = line[:-2] + place[place.index(line[-2]) ^ 1] + "="
    with pytest.raises(Malformed, match="canonical"):
        note.parse(_signed().replace(line, other))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\n\n\xe2\x80\x94 a AAAAAAA=\n", "UTF-8"),
        ("text\n\n", "empty line or its signatures"),
        ("text\n\n— a\n", "does not read"),
        ("text\n\n— a AAAA\n", "too short"),
        ("te\rxt\n\n— a AAAAAAA=\n", "control"),
        ("x" * 1_000_001, "longer"),
        ("text \ud800\n\n— a AAAAAAA=\n", "UTF-8"),
    ],
)
def test_malformed_note_says_why(data, why):
    with pytest.raises(Malformed, match=why):
        note.parse(data)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_single_changed_byte_verifies(data):
    whole = _signed().encode()
    place = data.draw(st.integers(0, len(whole) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda v: v != whole[place]))
    with pytest.raises(Malformed):
        note.open_note(whole[:place] + bytes([value]) + whole[place + 1 :], [ENOCH])


@settings(max_examples=200)
@given(st.binary(max_size=300) | st.text(max_size=300))
def test_any_bytes_are_read_or_malformed(data):
    try:
        parsed = note.parse(data)
    except Malformed:
        return
    assert parsed.data == (data.decode() if isinstance(data, bytes) else data)


def test_text_that_cannot_be_signed_is_refused():
    with pytest.raises(ValueError, match="ends with a newline"):
        note.sign("no newline", "EnochRoot", note.ED25519, PUBLIC, ZERO.sign)
    with pytest.raises(ValueError, match="type 01"):
        note.sign(TEXT, "EnochRoot", note.COSIGNATURE, PUBLIC, ZERO.sign)
