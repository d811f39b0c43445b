"""Ed25519 verification in plain Python. SPEC RFC 8032 5.1.7, cofactorless, with S < L and canonical encodings demanded.

It only reads public values, so it need not run in constant time; signing is never done here.
"""

from __future__ import annotations

from hashlib import sha512

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, P) % P
_ROOT = pow(2, (P - 1) // 4, P)  # a square root of -1

Point = tuple[int, int, int, int]  # extended coordinates X, Y, Z, T: x = X/Z, y = Y/Z, xy = T/Z
_ZERO: Point = (0, 1, 1, 0)


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * _D % P, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _double(p: Point) -> Point:
    x, y, z, _ = p
    a, b, c = x * x % P, y * y % P, 2 * z * z
    h, g = a + b, a - b
    e, f = h - (x + y) * (x + y), c + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _decode(data: bytes) -> Point | None:
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if len(data) != 32 or y >= P:
        return None
    u, v = (y * y - 1) % P, (_D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * _ROOT % P
    if (v * x * x - u) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _encode(p: Point) -> bytes:
    inverse = pow(p[2], -1, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _multiples(p: Point) -> list[Point]:
    table = [_ZERO]
    for _ in range(15):
        table.append(_add(table[-1], p))
    return table


def _base() -> Point:
    point = _decode((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    assert point
    return point


_BASE_MULTIPLES = _multiples(_base())


def _small_order(p: Point) -> bool:
    x, _, z, _ = _double(_double(_double(p)))
    return x == 0 and z != 0


def is_public_key(public: bytes) -> bool:
    """Tells whether 32 bytes are a key worth trusting: a point in canonical form, not of small order."""
    point = _decode(public)
    return point is not None and not _small_order(point)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tells whether the 64-byte signature is the key's over the message; a key of small order signs nothing."""
    point = _decode(public)
    s = int.from_bytes(signature[32:], "little")
    if point is None or _small_order(point) or len(signature) != 64 or s >= L:
        return False
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % L
    minus = _multiples((P - point[0], point[1], 1, P - point[3]))
    result = _ZERO
    for shift in range(252, -4, -4):  # s * base - k * key, four bits of both at a time
        if shift < 252:
            result = _double(_double(_double(_double(result))))
        result = _add(_add(result, _BASE_MULTIPLES[s >> shift & 15]), minus[k >> shift & 15])
    return _encode(result) == signature[:32]
