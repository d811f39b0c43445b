from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from showground.tlog import Malformed, Unverified, note
from showground.witness.escrow import open_escrow, seal_escrow
from showground.witness.keys import ESCROW_PREFIX

PRIVATE = X25519PrivateKey.from_private_bytes(bytes(range(32)))
VKEY = note.Key("notary.example/escrow", note.PRIVATE, ESCROW_PREFIX + PRIVATE.public_key().public_bytes_raw()).vkey
PLACE = ("vote.example.org/2026", 3, "final")
OPENING = b'{"salt":"..."}'
FIXED = bytes.fromhex(  # made once by another program from the layout in words: ephemeral secret 32 x 07, nonce 12 x 01
    "13be4feaeaf204c7fd3358fc9c00721881d174278128227ec674f37f7fe97b6d0101010101010101010101014a62a6a2"
    "3e4a7517a2bdee6835f269ddcf93bf52a53f576258745d4a2b37"
)


def test_blob_opens_for_its_key_and_place():
    blob = seal_escrow(OPENING, VKEY, *PLACE)
    assert len(blob) == 32 + 12 + len(OPENING) + 16
    assert open_escrow(blob, PRIVATE, *PLACE) == OPENING
    assert seal_escrow(OPENING, VKEY, *PLACE) != blob


def test_fixed_blob_still_opens():
    assert open_escrow(FIXED, PRIVATE, *PLACE) == OPENING


@pytest.mark.parametrize(
    "place", [("vote.example.org/2027", 3, "final"), (PLACE[0], 4, "final"), (PLACE[0], 3, "first"), (PLACE[0], 3, "final\n")]
)
def test_blob_opens_at_no_other_place(place):
    with pytest.raises(Unverified):
        open_escrow(seal_escrow(OPENING, VKEY, *PLACE), PRIVATE, *place)


def test_blob_opens_for_no_other_key():
    with pytest.raises(Unverified):
        open_escrow(seal_escrow(OPENING, VKEY, *PLACE), X25519PrivateKey.generate(), *PLACE)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(FIXED) - 1), st.integers(1, 255))
def test_changed_blob_does_not_open(place, change):
    changed = FIXED[:place] + bytes([FIXED[place] ^ change]) + FIXED[place + 1 :]
    with pytest.raises(Unverified):
        open_escrow(changed, PRIVATE, *PLACE)


@pytest.mark.parametrize("blob", [b"", FIXED[:59], bytes(100)])
def test_short_blob_or_weak_key_is_refused(blob):
    with pytest.raises(Malformed):
        open_escrow(blob, PRIVATE, *PLACE)


@pytest.mark.parametrize(
    "vkey",
    [
        note.Key("a", note.PRIVATE, b"showground-x25519-v2" + bytes(32)).vkey,
        note.Key("a", note.PRIVATE, ESCROW_PREFIX + bytes(31)).vkey,
        "a+00000000+AAAA",
    ],
)
def test_other_vkey_seals_nothing(vkey):
    with pytest.raises(Malformed):
        seal_escrow(OPENING, vkey, *PLACE)
