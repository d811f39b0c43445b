"""A zip that nothing opens by accident: AES-256 under the password "infected", the custom of those who pass such files on.

The password is no secret. It keeps a double click, a preview and a virus filter from what lies inside. SPEC WinZip AE-2: AES in counter
mode, HMAC-SHA-1 behind it, no CRC; files are stored as they are.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import struct
from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PASSWORD = "infected"  # noqa: S105  everybody's
ROUNDS, SALT, MAC, BLOCK = 1000, 16, 10, 16
STRENGTH, METHOD, STORED, VERSION = 3, 99, 0, 51
FLAGS = 1 | 1 << 11  # encrypted, names in UTF-8
DAY = 0x0021  # 1980-01-01: the archive tells no time


def infected(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Returns the files as one zip; names lose what a path or a terminal could mean by them."""
    out, directory, count = bytearray(), bytearray(), 0
    for name, data in files:
        count += 1
        plain, sealed = f"{count}-{plain_name(name)}".encode(), _sealed(data)
        extra = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", STRENGTH, STORED)
        head = struct.pack("<HHHHHIIIHH", VERSION, FLAGS, METHOD, 0, DAY, 0, len(sealed), len(data), len(plain), len(extra))
        at = len(out)
        out += b"PK\x03\x04" + head + plain + extra + sealed
        directory += b"PK\x01\x02" + struct.pack("<H", VERSION) + head + struct.pack("<HHHII", 0, 0, 0, 0, at) + plain + extra
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(out), 0)
    return bytes(out + directory + b"PK\x05\x06" + end)


def plain_name(name: str) -> str:
    """Returns a file's name in letters, digits, dots and hyphens, at most 80 of them."""
    return re.sub(r"[^\w.-]+", "_", name).strip("._")[-80:] or "file"


def _sealed(data: bytes) -> bytes:
    salt = secrets.token_bytes(SALT)
    keys = hashlib.pbkdf2_hmac("sha1", PASSWORD.encode(), salt, ROUNDS, 66)
    body = _counted(keys[:32], data)
    return salt + keys[64:] + body + hmac.digest(keys[32:64], body, hashlib.sha1)[:MAC]


def _counted(key: bytes, data: bytes) -> bytes:
    """AES in counter mode as WinZip counts: from one, the lowest byte first."""
    blocks = -(-len(data) // BLOCK)
    counters = b"".join(number.to_bytes(BLOCK, "little") for number in range(1, blocks + 1))
    pen = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305  the stream of a counter mode, block by block
    stream = pen.update(counters)[: len(data)]
    return (int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(data), "big")
