"""The pairing, the hash to the curve and drand's beacons, against published vectors and against another implementation."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py_ecc.bls import g2_primitives, hash_to_curve, point_compression
from py_ecc.optimized_bls12_381 import G1 as THEIR_G1
from py_ecc.optimized_bls12_381 import G2 as THEIR_G2
from py_ecc.optimized_bls12_381 import multiply as their_multiply
from py_ecc.optimized_bls12_381 import normalize

from showground.tlog import bls

DRAND = json.loads((Path(__file__).parent.parent / "vectors" / "drand.json").read_text(encoding="utf-8"))
QUICKNET = bytes.fromhex(DRAND["quicknet"]["public_key"])
BEACON = DRAND["quicknet"]["beacon"]
SIGNATURE = bytes.fromhex(BEACON["signature"])
MAINNET_KEY = bytes.fromhex("868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31")
MAINNET = DRAND["mainnet"]["beacon"]
SUITE = b"QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_"
DST_G1, DST_G2 = (f"BLS_SIG_BLS12381G{n}_XMD:SHA-256_SSWU_RO_NUL_".encode() for n in (1, 2))
# SPEC RFC 9380 J.9.1: message -> x
RFC_9380 = {
    b"": "052926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4e8cf62d9c09db0fac349612b759e79a1",
    b"abc": "03567bc5ef9c690c2ab2ecdf6a96ef1c139cc0b2f284dca0a9a7943388a49a3aee664ba5379a7655d3c68900be2f6903",
}


def numbers(point: bls.Point) -> list[list[int]]:
    assert point is not None
    return [[c.re, c.im] for c in point]


def theirs(point: object) -> list[list[int]]:
    """A point of the other implementation, in the same spelling."""
    return [[int(c) for c in getattr(value, "coeffs", (value, 0))] for value in normalize(point)]


# ---- drand ----


def test_quicknet_takes_the_published_beacon() -> None:
    assert bls.quicknet(QUICKNET, BEACON["round"], SIGNATURE)
    assert hashlib.sha256(SIGNATURE).hexdigest() == BEACON["randomness"]


def test_chained_takes_the_published_beacon() -> None:
    previous, signature = (bytes.fromhex(MAINNET[name]) for name in ("previous_signature", "signature"))
    assert bls.chained(MAINNET_KEY, MAINNET["round"], previous, signature)
    assert not bls.chained(MAINNET_KEY, MAINNET["round"] - 1, previous, signature)
    assert not bls.chained(MAINNET_KEY, MAINNET["round"], previous[:-1], signature)
    assert hashlib.sha256(signature).hexdigest() == MAINNET["randomness"]


@pytest.mark.parametrize("round", [BEACON["round"] - 1, BEACON["round"] + 1, 0, -1, 2**64])
def test_quicknet_refuses_another_round(round: int) -> None:
    assert not bls.quicknet(QUICKNET, round, SIGNATURE)


def test_quicknet_refuses_the_signature_of_another_key() -> None:
    other = their_multiply(hash_to_curve.hash_to_G1(hashlib.sha256(bytes(7) + b"\1").digest(), DST_G1, hashlib.sha256), 7)
    made = g2_primitives.G1_to_pubkey(other)
    assert bls.quicknet(g2_primitives.G2_to_signature(their_multiply(THEIR_G2, 7)), 1, made)
    assert not bls.quicknet(QUICKNET, 1, made)


@pytest.mark.parametrize(
    "change",
    [
        lambda s: bytes([s[0] ^ 0x20]) + s[1:],  # the negative point
        lambda s: bytes([s[0] ^ 0x80]) + s[1:],  # says it is not compressed
        lambda s: s[:-1],
        lambda s: s + b"\0",
        lambda s: bytes([0xC0]) + bytes(47),  # infinity
        lambda s: bytes([0x9F]) + b"\xff" * 47,  # not below P
        lambda s: s[:-1] + bytes([s[-1] ^ 1]),
        lambda s: b"",
    ],
    ids=["negative", "uncompressed", "short", "long", "infinity", "large", "one-bit", "empty"],
)
def test_quicknet_refuses_a_changed_signature(change: object) -> None:
    assert not bls.quicknet(QUICKNET, BEACON["round"], change(SIGNATURE))  # type: ignore[operator]


@pytest.mark.parametrize("key", [b"", bytes([0xC0]) + bytes(95), SIGNATURE, QUICKNET[48:] + QUICKNET[:48]])
def test_quicknet_refuses_what_is_no_key(key: bytes) -> None:
    assert not bls.quicknet(key, BEACON["round"], SIGNATURE)


def test_the_chain_hash_of_the_vector_is_that_of_its_public_key() -> None:
    """SPEC drand common/chain: SHA-256 of period, genesis time, key, genesis seed and name."""
    told = DRAND["quicknet"]
    seed = bytes.fromhex("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e")
    head = told["period_s"].to_bytes(4, "big") + told["genesis_time"].to_bytes(8, "big")
    assert hashlib.sha256(head + QUICKNET + seed + b"quicknet").hexdigest() == told["chain_hash"]


# ---- points ----


@pytest.mark.parametrize(("group", "base"), [(bls.G1, THEIR_G1), (bls.G2, THEIR_G2)], ids=["G1", "G2"])
@pytest.mark.parametrize("number", [1, 2, 3, 12345678901234567890, bls.R - 1])
def test_multiples_and_their_bytes_are_those_of_another_implementation(group: bls.Group, base: object, number: int) -> None:
    told = their_multiply(base, number)
    squeeze = g2_primitives.G1_to_pubkey if group is bls.G1 else g2_primitives.G2_to_signature
    point = bls.decode(group, squeeze(told))
    assert numbers(point) == theirs(told) == numbers(bls.multiply(bls.decode(group, squeeze(base)), number))


def test_sum_of_opposite_points_is_infinity() -> None:
    point = bls.decode(bls.G1, SIGNATURE)
    assert point is not None
    assert bls.add(point, (point[0], -point[1])) is None
    assert bls.add(point, None) == point == bls.add(None, point)


def test_decode_refuses_a_point_outside_the_subgroup() -> None:
    """x = 4 is on the curve but of another order: the cofactor of G1 is large."""
    on_curve = next(x for x in range(1, 50) if bls.G1.root(bls.F(x**3 + 4)) is not None)
    data = bytearray(on_curve.to_bytes(48, "big"))
    data[0] |= 0x80
    assert point_compression.decompress_G1(int.from_bytes(data, "big")) is not None
    assert bls.decode(bls.G1, bytes(data)) is None


def test_decode_refuses_an_x_that_is_on_no_point() -> None:
    off = next(x for x in range(1, 50) if bls.G1.root(bls.F(x**3 + 4)) is None)
    assert bls.decode(bls.G1, bytes([0x80]) + off.to_bytes(47, "big")) is None


# ---- hash to curve ----


@pytest.mark.parametrize("message", RFC_9380)
def test_hash_to_g1_gives_the_vectors_of_the_rfc(message: bytes) -> None:
    assert numbers(bls.hash_to(bls.G1, message, SUITE))[0] == [int(RFC_9380[message], 16), 0]


@settings(max_examples=8, deadline=None)
@given(st.binary(max_size=200))
def test_hash_is_that_of_another_implementation(message: bytes) -> None:
    assert numbers(bls.hash_to(bls.G1, message, DST_G1)) == theirs(hash_to_curve.hash_to_G1(message, DST_G1, hashlib.sha256))
    assert numbers(bls.hash_to(bls.G2, message, DST_G2)) == theirs(hash_to_curve.hash_to_G2(message, DST_G2, hashlib.sha256))


@given(st.integers(0, bls.P - 1), st.integers(0, bls.P - 1))
def test_a_root_squares_to_what_it_is_the_root_of(re: int, im: int) -> None:
    square = bls.F(re, im) * bls.F(re, im)
    root = bls.G2.root(square)
    assert root is not None and root * root == square


def test_no_root_where_there_is_none() -> None:
    assert bls.G1.root(bls.F(-1)) is None and bls.G2.root(bls.F(-1)) == bls.F(0, 1)
    assert bls.G2.root(bls.F(1, 1)) is None


# ---- the pairing ----


def test_pairing_is_bilinear_and_not_trivial() -> None:
    p = bls.decode(bls.G1, g2_primitives.G1_to_pubkey(THEIR_G1))
    q = bls.decode(bls.G2, g2_primitives.G2_to_signature(THEIR_G2))
    assert bls.same_pairing(bls.multiply(p, 6), q, bls.multiply(p, 2), bls.multiply(q, 3))
    assert not bls.same_pairing(bls.multiply(p, 6), q, bls.multiply(p, 2), bls.multiply(q, 4))
    assert not bls.same_pairing(None, q, None, q)
