"""The two ways in which bytes from outside can be bad, and the small strict readers that every format here needs."""

from __future__ import annotations

import base64
import binascii

MAX_NUMBER = 2**63 - 1


class Malformed(ValueError):
    """Bytes from outside are not in the form that the format demands; the text says which part and why."""


class Unverified(Malformed):
    """The form is right, but a signature or a proof does not hold."""


def to_base64(raw: bytes) -> str:
    """Returns standard base64 with padding."""
    return base64.b64encode(raw).decode("ascii")


def from_base64(text: str, what: str) -> bytes:
    """Returns the bytes of canonical standard base64; any second spelling of the same bytes is Malformed."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise Malformed(f"{what} is not base64") from None
    if to_base64(raw) != text:  # non-zero pad bits would make a receipt malleable
        raise Malformed(f"{what} is not canonical base64")
    return raw


def read_hash(text: str, what: str) -> bytes:
    """Returns the 32 bytes of a base64 SHA-256."""
    raw = from_base64(text, what)
    if len(raw) != 32:
        raise Malformed(f"{what} has {len(raw)} bytes instead of 32")
    return raw


def read_decimal(text: str, what: str, highest: int = MAX_NUMBER) -> int:
    """Returns a number written in ASCII decimal without sign or leading zero, at most `highest`."""
    if not (text.isascii() and text.isdigit()) or (text[0] == "0" and text != "0"):
        raise Malformed(f"{what} is not a plain decimal number")
    if len(text) > 19 or int(text) > highest:
        raise Malformed(f"{what} is larger than {highest}")
    return int(text)


def read_utf8(data: bytes | str, what: str) -> str:
    """Returns the text of valid UTF-8; text that UTF-8 cannot carry is Malformed too."""
    try:
        return data.decode("utf-8") if isinstance(data, bytes) else data.encode("utf-8").decode("utf-8")
    except UnicodeError:
        raise Malformed(f"{what} is not valid UTF-8") from None
