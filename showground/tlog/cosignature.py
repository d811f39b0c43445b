"""What a witness adds to a checkpoint. SPEC tlog-cosignature: cosignature/v1, Ed25519, signature type 0x04.

It says: at that time this was the largest consistent tree the witness had seen for this origin.
"""

from __future__ import annotations

from showground.tlog import ed25519
from showground.tlog.malformed import MAX_NUMBER, Malformed

SIZE = 8 + 64


def message(body: str, time: int) -> bytes:
    """Returns the bytes that are signed for a checkpoint body at a time in Unix seconds."""
    return f"cosignature/v1\ntime {time}\n{body}".encode()


def encode(time: int, signature: bytes) -> bytes:
    """Returns the 72 bytes that follow the key id: the time as 8 big-endian bytes, then 64 bytes of Ed25519."""
    return time.to_bytes(8, "big") + signature


def decode(payload: bytes) -> tuple[int, bytes]:
    """Returns the time in Unix seconds and the 64-byte Ed25519 signature; nothing is verified yet."""
    if len(payload) != SIZE:
        raise Malformed(f"a cosignature has {SIZE} bytes, not {len(payload)}")
    time = int.from_bytes(payload[:8], "big")
    if time > MAX_NUMBER:
        raise Malformed("the time of the cosignature is beyond 2^63 - 1")
    return time, payload[8:]


def verify(public: bytes, body: str, payload: bytes) -> int | None:
    """Returns the time of a good cosignature, None if the form or the signature is bad."""
    try:
        time, signature = decode(payload)
    except Malformed:
        return None
    return time if ed25519.verify(public, message(body, time), signature) else None
