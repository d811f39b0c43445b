"""The archive in which a file leaves the desk: only the password of all such archives opens it, any tool can, and no name misleads."""

from __future__ import annotations

import hashlib
import hmac
import io
import struct
import zipfile

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from showground.evidence.archive import infected, plain_name

MAIL = b"From: a@b.example\r\n\r\nX5O!P%@AP[4 not a virus, only looks it" * 40


def opened(data: bytes, number: int, password: str) -> bytes:
    """Reads one file of the archive from the specification, block by block: WinZip AE-2."""
    info = zipfile.ZipFile(io.BytesIO(data)).infolist()[number]
    name, extra = struct.unpack_from("<HH", data, info.header_offset + 26)
    at = info.header_offset + 30 + name + extra
    sealed = data[at : at + info.compress_size]
    salt, check, body, mac = sealed[:16], sealed[16:18], sealed[18:-10], sealed[-10:]
    keys = hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 1000, 66)
    if keys[64:] != check or hmac.digest(keys[32:64], body, "sha1")[:10] != mac:
        raise ValueError("the password is wrong")
    pen, plain = Cipher(algorithms.AES(keys[:32]), modes.ECB()).encryptor(), bytearray()
    for first in range(0, len(body), 16):
        stream = pen.update((first // 16 + 1).to_bytes(16, "little"))
        plain += bytes(a ^ b for a, b in zip(body[first : first + 16], stream, strict=False))
    return bytes(plain)


def test_the_custom_s_password_opens_every_file_and_no_other_does() -> None:
    files = [("mail.eml", MAIL), ("empty", b""), ("one.bin", b"\x00"), ("seventeen", bytes(range(17)))]
    made = infected(files)
    assert [opened(made, number, "infected") for number in range(4)] == [data for _name, data in files]
    with pytest.raises(ValueError, match="password"):
        opened(made, 0, "Infected")


def test_nothing_of_a_file_stands_in_the_archive_in_clear() -> None:
    made = infected([("mail.eml", MAIL)])
    assert b"X5O!P" not in made and b"a@b.example" not in made
    [info] = zipfile.ZipFile(io.BytesIO(made)).infolist()
    assert info.flag_bits & 1 and info.CRC == 0 and info.compress_type == 99 and info.date_time[0] == 1980
    with pytest.raises((RuntimeError, NotImplementedError)):
        zipfile.ZipFile(io.BytesIO(made)).read(info)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ("C:\\run.exe", "C_run.exe"),
        ("\u202egpj.exe", "gpj.exe"),
        ("", "file"),
        ("...", "file"),
        ("截图 1.png", "截图_1.png"),
        ("a" * 300 + ".pdf", "a" * 76 + ".pdf"),
    ],
)
def test_a_name_is_no_path_and_runs_one_way(name: str, plain: str) -> None:
    assert plain_name(name) == plain
