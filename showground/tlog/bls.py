"""BLS12-381 verification of drand beacons in plain Python; nothing is signed here and no value is secret.

    quicknet(public_key, round, signature) -> bool                 SPEC drand scheme bls-unchained-g1-rfc9380
    chained(public_key, round, previous, signature) -> bool        SPEC drand scheme pedersen-bls-chained

SPEC RFC 9380 (hash to curve, 8.8.1 and 8.8.2), ZCash compressed points, IETF BLS signatures draft 5 (CoreVerify). Points that are not
canonical, at infinity, off the curve or outside the subgroup of order R sign nothing.

One field serves both groups: G1 lives in the elements of GF(p^2) without an imaginary part. The isogenies of RFC 9380 are not tables
here: each follows from its kernel polynomial by Kohel's formula, and a test compares it with another implementation.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Final, NamedTuple

P: Final = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
R: Final = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
X: Final = 0xD201000000010000  # the curve's parameter is -X


# ---- the field GF(p^2) ----


class F:
    """re + im i with i^2 = -1, both below P."""

    __slots__ = ("im", "re")

    def __init__(self, re: int, im: int = 0) -> None:
        self.re, self.im = re % P, im % P

    def __eq__(self, other: object) -> bool:
        return isinstance(other, F) and (self.re, self.im) == (other.re, other.im)

    def __hash__(self) -> int:
        return hash((self.re, self.im))

    def __bool__(self) -> bool:
        return bool(self.re or self.im)

    def __add__(self, other: F) -> F:
        return F(self.re + other.re, self.im + other.im)

    def __sub__(self, other: F) -> F:
        return F(self.re - other.re, self.im - other.im)

    def __neg__(self) -> F:
        return F(-self.re, -self.im)

    def __mul__(self, other: F) -> F:
        return F(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)

    def times(self, number: int) -> F:
        """Returns a multiple by a whole number."""
        return F(self.re * number, self.im * number)

    def inverse(self) -> F:
        """Returns 1/self; ValueError for nought, so ask first."""
        below = pow(self.re * self.re + self.im * self.im, -1, P)
        return F(self.re * below, -self.im * below)

    def sign(self) -> int:
        """SPEC RFC 9380 4.1: sgn0."""
        return self.re & 1 if self.re else self.im & 1

    def large(self) -> bool:
        """Tells whether it is the greater of itself and its negative, imaginary part first: SPEC ZCash serialization."""
        return (self.im or self.re) > P // 2


_ZERO, _ONE = F(0), F(1)


def _root(number: int) -> int | None:
    found = pow(number, (P + 1) // 4, P)
    return found if found * found % P == number % P else None


def _root1(x: F) -> F | None:
    """A square root among the elements without an imaginary part."""
    found = _root(x.re)
    return F(found) if found is not None and not x.im else None


def _root2(x: F) -> F | None:
    """A square root: of re + im i by that of its norm."""
    if not x.im:
        real = _root(x.re)
        return F(real) if real is not None else F(0, _root(-x.re) or 0)
    norm = _root(x.re * x.re + x.im * x.im)
    if norm is None:
        return None
    half = pow(2, -1, P)
    real = _root((x.re + norm) * half) or _root((x.re - norm) * half)
    return F(real, x.im * half * pow(real, -1, P)) if real else None


# ---- the two groups ----

Point = tuple[F, F] | None  # None is the point at infinity


class Group(NamedTuple):
    """A curve y^2 = x^3 + b with a subgroup of order R, and how RFC 9380 hashes to it by y^2 = x^3 + iso_a x + iso_b."""

    parts: int  # of a field element, 48 bytes each
    b: F
    root: Callable[[F], F | None]
    iso_a: F
    iso_b: F
    z: F
    kernel: tuple[F, ...]  # of the isogeny: coefficients from the highest, which is 1
    scale: int  # the isogeny is the normalised one divided by it
    cofactor: int


def _hex(*numbers: str) -> tuple[F, ...]:
    return tuple(F(int(number, 16)) for number in numbers)


G1: Final = Group(
    1, F(4), _root1, z=F(11), scale=11, cofactor=X + 1,
    iso_a=F(0x144698A3B8E9433D693A02C96D4982B0EA985383EE66A8D8E8981AEFD881AC98936F8DA0E0F97F5CF428082D584C1D),
    iso_b=F(0x12E2908D11688030018B12E8753EEE3B2016C1F0F24F4070A0B9C14FCEF35EF55A23215A316CEAA5D1CC48E98E172BE0),
    kernel=_hex(
        "1",
        "04afe09d5cf4956a23b6b71f59d2b3407b415a774b7be81bbb6fa99cbc798e0ac98ba725a5bc328016b1c268b4766e85",
        "094440f65f408a6e930e16e3e92dd17bf60d6e9679a8d3d58593de55ac23703042d609537eb3549aac234d896ca82944",
        "1335c502c1f54c49aceea65e87fd7203ba0f626f305fc0cfd606a5dae9f3c8e81a4b3b69600129fabd307c69bf319d39",
        "0264908af037bcede00d054cf5d4775e83eb6cf63c76b969f8ed174fb59fcff78d201f46f6cfc4ed6552e59ce75177b0",
        "133341fb0962a34cb0504a9c4fada0a5090d38679b4c040d5d1c3afb023a3409fcc0815fea66d8b02bbef9c8b5a66e07",
    ),
)  # fmt: skip
G2: Final = Group(
    2, F(4, 4), _root2, iso_a=F(0, 240), iso_b=F(1012, 1012), z=F(-2, -1), kernel=(_ONE, F(6, -6)), scale=-3,
    cofactor=int(
        "bc69f08f2ee75b3584c6a0ea91b352888e2a8e9145ad7689986ff031508ffe1329c2f178731db956d82bf015d1212b02"
        "ec0ec69d7477c1ae954cbc06689f6a359894c0adebbf6b4e8020005aaa95551", 16
    ),
)  # fmt: skip
_G1_BASE: Final = "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
_G2_BASE: Final = (
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)


def _slope(p: tuple[F, F], q: tuple[F, F]) -> F | None:
    """Of the line through two points (or the tangent at one); None if it is vertical."""
    if p[0] != q[0]:
        return (q[1] - p[1]) * (q[0] - p[0]).inverse()
    return (p[0] * p[0]).times(3) * (p[1] + p[1]).inverse() if p[1] == q[1] and p[1] else None


def add(p: Point, q: Point) -> Point:
    """Returns the sum of two points of one group."""
    if p is None or q is None:
        return q if p is None else p
    if (slope := _slope(p, q)) is None:
        return None
    x = slope * slope - p[0] - q[0]
    return x, slope * (p[0] - x) - p[1]


def multiply(p: Point, number: int) -> Point:
    """Returns p taken `number` times."""
    found: Point = None
    for bit in bin(number)[2:]:
        found = add(found, found)
        if bit == "1":
            found = add(found, p)
    return found


def decode(group: Group, data: bytes) -> tuple[F, F] | None:
    """Returns the point of the group's subgroup that `data` compresses; None for any other bytes, infinity included."""
    if len(data) != 48 * group.parts or data[0] & 0xC0 != 0x80:
        return None
    numbers = [int.from_bytes(data[at : at + 48], "big") for at in range(0, len(data), 48)]
    numbers[0] &= (1 << 381) - 1
    if max(numbers) >= P:
        return None
    x = F(*reversed(numbers))
    y = group.root(x * x * x + group.b)
    if y is None:
        return None
    point = x, -y if y.large() != bool(data[0] & 0x20) else y
    return point if multiply(point, R) is None else None


# ---- hash to curve ----


def expand(message: bytes, dst: bytes, length: int) -> bytes:
    """Returns `length` bytes from a message: SPEC RFC 9380 5.3.1, expand_message_xmd with SHA-256."""
    tag = dst + bytes([len(dst)])
    first = sha256(bytes(64) + message + length.to_bytes(2, "big") + b"\0" + tag).digest()
    found, last = b"", bytes(32)
    for number in range(1, -(-length // 32) + 1):
        last = sha256(bytes(a ^ b for a, b in zip(first, last, strict=True)) + bytes([number]) + tag).digest()
        found += last
    return found[:length]


def _map(group: Group, u: F) -> tuple[F, F]:
    """SPEC RFC 9380 6.6.2: simplified SWU, a point of the group's isogenous curve."""
    a, b, tv = group.iso_a, group.iso_b, group.z * u * u
    below = tv * tv + tv
    x = -b * a.inverse() * (_ONE + below.inverse()) if below else b * (group.z * a).inverse()
    y = group.root((x * x + a) * x + b)
    if y is None:
        x = tv * x
        y = group.root((x * x + a) * x + b)
        assert y is not None  # one of the two is always a square
    return x, -y if y.sign() != u.sign() else y


def _derivative(poly: tuple[F, ...]) -> tuple[F, ...]:
    degree = len(poly) - 1
    return tuple(c.times(degree - at) for at, c in enumerate(poly[:-1]))


def _value(poly: tuple[F, ...], x: F) -> F:
    found = _ZERO
    for coefficient in poly:
        found = found * x + coefficient
    return found


def _isogeny(group: Group, point: tuple[F, F]) -> Point:
    """The point's image on y^2 = x^3 + b: Kohel's formula for the kernel polynomial k, with L = k'/k.

    X = n x - 2 s - 2 f' L - 4 f L' with f = x^3 + a x + b, n the degree, s the sum of k's roots; Y = y dX/dx.
    """
    (x, y), polys = point, [group.kernel]
    while len(polys) < 4:
        polys.append(_derivative(polys[-1]))
    k, k1, k2, k3 = (_value(poly, x) for poly in polys)
    if not k:
        return None
    below, degree, roots = k.inverse(), 2 * len(group.kernel) - 1, -group.kernel[1]
    f, f1, f2 = (x * x + group.iso_a) * x + group.iso_b, (x * x).times(3) + group.iso_a, x.times(6)
    m1, m2 = k1 * below, k2 * below  # L = m1, L' = m2 - m1^2
    l2 = m2 - m1 * m1
    l3 = k3 * below - (m1 * m2).times(3) + (m1 * m1 * m1).times(2)
    image = x.times(degree) - roots.times(2) - (f1 * m1).times(2) - (f * l2).times(4)
    rate = F(degree) - (f2 * m1).times(2) - (f1 * l2).times(6) - (f * l3).times(4)
    shrink = F(group.scale).inverse()
    return image * shrink * shrink, y * rate * shrink * shrink * shrink


def hash_to(group: Group, message: bytes, dst: bytes) -> Point:
    """Returns the point that a message hashes to: SPEC RFC 9380 8.8, BLS12381G1/G2_XMD:SHA-256_SSWU_RO_."""
    width = 64 * group.parts
    data = expand(message, dst, 2 * width)
    numbers = [int.from_bytes(data[at : at + 64], "big") for at in range(0, len(data), 64)]
    first, second = (F(*numbers[at : at + group.parts]) for at in (0, group.parts))
    both = add(_isogeny(group, _map(group, first)), _isogeny(group, _map(group, second)))
    return multiply(both, group.cofactor)


# ---- the pairing ----

# GF(p^12) as 12 coefficients of 1, w, ..., w^11 with w^12 = 2 w^6 - 2, so that i = w^6 - 1.
Wide = list[int]
_UNIT: Final[Wide] = [1] + [0] * 11


def _wide(f: Wide, g: Wide) -> Wide:
    found = [0] * 23
    for at, a in enumerate(f):
        if a:
            for place, b in enumerate(g, at):
                found[place] += a * b
    for at in range(22, 11, -1):
        found[at - 6] += 2 * found[at]
        found[at - 12] -= 2 * found[at]
    return [number % P for number in found[:12]]


def _line(t: tuple[F, F], slope: F, p: tuple[F, F]) -> Wide:
    """The line through `t` on the twist, at the point `p` of G1, times w^3 (which the last power makes 1)."""
    at0, at2 = slope * t[0] - t[1], slope * -p[0]
    found = [0] * 12
    found[0], found[6] = at0.re - at0.im, at0.im
    found[2], found[8] = at2.re - at2.im, at2.im
    found[3] = p[1].re
    return found


def _miller(pairs: list[tuple[tuple[F, F], tuple[F, F]]]) -> Wide:
    """The product of the Miller loops of (point of G1, point of G2)."""
    found, running = _UNIT, [q for _, q in pairs]
    for bit in bin(X)[3:]:
        found = _wide(found, found)
        for turn in ("0", "1") if bit == "1" else ("0",):
            for at, (p, q) in enumerate(pairs):
                t = running[at]
                other = q if turn == "1" else t
                slope, following = _slope(t, other), add(t, other)
                assert slope is not None and following is not None  # a point of order R meets neither on the way
                found, running[at] = _wide(_line(t, slope, p), found), following
    return found


@cache
def _sixth() -> int:
    """The power (p^2 - 1)/6 of 1 + i: raising to p^2 takes w to this times w."""
    found, base = _ONE, F(1, 1)
    for bit in bin((P * P - 1) // 6)[2:]:
        found = found * found * base if bit == "1" else found * found
    return found.re


def _turned(f: Wide, times: int) -> Wide:
    """f to the power p^(2 times)."""
    root = pow(_sixth(), times, P)
    return [c * pow(root, at, P) % P for at, c in enumerate(f)]


def _is_one(f: Wide) -> bool:
    """Tells whether f to the power (p^12 - 1)/R is 1: by p^6 - 1, p^2 + 1 and the rest."""
    others = _UNIT
    for times in range(1, 6):
        others = _wide(others, _turned(f, times))
    norm = _wide(f, others)  # in GF(p^2): what all six turns share
    below = F(norm[0] + norm[6], norm[6]).inverse()
    f = _wide(_wide(others, [below.re - below.im, 0, 0, 0, 0, 0, below.im, 0, 0, 0, 0, 0]), _turned(f, 3))
    f = _wide(_turned(f, 1), f)
    found = _UNIT
    for bit in bin((P**4 - P**2 + 1) // R)[2:]:
        found = _wide(found, found)
        if bit == "1":
            found = _wide(found, f)
    return found == _UNIT


def same_pairing(p: Point, q: Point, other_p: Point, other_q: Point) -> bool:
    """Tells whether e(p, q) = e(other_p, other_q), p in G1 and q in G2; a point at infinity makes it False."""
    if p is None or q is None or other_p is None or other_q is None:
        return False
    return _is_one(_miller([((p[0], -p[1]), q), (other_p, other_q)]))


# ---- beacons ----


def quicknet(public_key: bytes, round: int, signature: bytes) -> bool:
    """Tells whether the 48-byte signature is that of the chain with this 96-byte key on a round; its SHA-256 is the randomness."""
    if not 0 < round < 2**64:
        return False
    key, signed = decode(G2, public_key), decode(G1, signature)
    message = sha256(round.to_bytes(8, "big")).digest()
    hashed = hash_to(G1, message, b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_")
    return same_pairing(signed, decode(G2, bytes.fromhex(_G2_BASE)), hashed, key)


def chained(public_key: bytes, round: int, previous: bytes, signature: bytes) -> bool:
    """Tells whether the 96-byte signature is that of the chain with this 48-byte key on a round after the signature `previous`."""
    if not 0 < round < 2**64:
        return False
    key, signed = decode(G1, public_key), decode(G2, signature)
    message = sha256(previous + round.to_bytes(8, "big")).digest()
    hashed = hash_to(G2, message, b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_")
    return same_pairing(decode(G1, bytes.fromhex(_G1_BASE)), signed, key, hashed)
