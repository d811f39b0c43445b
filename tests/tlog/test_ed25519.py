from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from showground.tlog import ed25519

RFC_8032 = [  # section 7.1: secret key, public key, message, signature
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
]
SMALL_ORDER = [  # the eight points of the torsion group, then spellings of them with y >= p
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()


def _by_cryptography(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_rfc_8032_signature_is_good(secret, public, message, signature):
    public, message, signature = (bytes.fromhex(text) for text in (public, message, signature))
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(message) == signature
    assert ed25519.verify(public, message, signature)
    assert not ed25519.verify(public, message + b"\x00", signature)


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_agrees_with_cryptography(seed, message, bit):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert ed25519.is_public_key(public)
    assert ed25519.verify(public, message, signature)
    broken = bytearray(signature)
    broken[bit // 8] ^= 1 << bit % 8
    assert ed25519.verify(public, message, bytes(broken)) is _by_cryptography(public, message, bytes(broken)) is False


@pytest.mark.parametrize("public", SMALL_ORDER)
def test_key_of_small_order_is_no_key_and_signs_nothing(public):
    public = bytes.fromhex(public)
    assert not ed25519.is_public_key(public)
    signature = bytes.fromhex(SMALL_ORDER[0]) + bytes(32)  # R = 0, S = 0: holds for any message under such a key
    assert not ed25519.verify(public, b"any message", signature)


def test_forgery_under_a_small_order_key_would_hold_without_the_check(monkeypatch):
    monkeypatch.setattr(ed25519, "_small_order", lambda _: False)
    identity = bytes.fromhex(SMALL_ORDER[0])
    assert ed25519.verify(identity, b"any message", identity + bytes(32))


def test_second_spelling_of_s_is_refused():
    signature = KEY.sign(b"a vote")
    larger = int.from_bytes(signature[32:], "little") + ed25519.L
    assert larger < 2**256
    assert not ed25519.verify(PUBLIC, b"a vote", signature[:32] + larger.to_bytes(32, "little"))


@pytest.mark.parametrize("change", [lambda s: s[:-1], lambda s: s + b"\x00", lambda s: b"", lambda s: s[:32]])
def test_signature_of_another_length_is_refused(change):
    assert not ed25519.verify(PUBLIC, b"a vote", change(KEY.sign(b"a vote")))


@pytest.mark.parametrize("public", [b"", PUBLIC[:31], PUBLIC + b"\x00", (2).to_bytes(32, "little")])
def test_what_is_no_point_is_no_key(public):
    assert not ed25519.is_public_key(public)
    assert not ed25519.verify(public, b"a vote", KEY.sign(b"a vote"))


@pytest.mark.parametrize("sign", [0, 1 << 255])
@pytest.mark.parametrize("y", range(19))
def test_second_spelling_of_a_point_is_no_key(y, sign):
    assert not ed25519.is_public_key((ed25519.P + y | sign).to_bytes(32, "little"))


def test_signature_by_another_key_is_refused():
    assert not ed25519.verify(PUBLIC, b"a vote", Ed25519PrivateKey.generate().sign(b"a vote"))
