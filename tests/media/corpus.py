"""Hostile and honest uploads, built byte by byte so that every test can see what is wrong with its file."""

from __future__ import annotations

import io
import struct
import subprocess
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from showground.media import video

INDEX = b"<!doctype html><title>Game</title><script src=game.js></script>"


def picture(width: int = 640, height: int = 480, kind: str = "JPEG", **more: object) -> bytes:
    """Returns a picture with a red left half and a blue right half."""
    image = Image.new("RGB", (width, height), "#c01020")
    image.paste("#1020c0", (width // 2, 0, width, height))
    held = io.BytesIO()
    image.save(held, kind, **more)
    return held.getvalue()


def located(width: int = 640, height: int = 480) -> bytes:
    """Returns a JPEG with EXIF (orientation 6, GPS), XMP, an IPTC block and a comment that all say WHEREIWAS."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "WHEREIWAS"
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 14.0, 1.0), 3: "E", 4: (121.0, 28.0, 1.0), 29: "WHEREIWAS"})
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>WHEREIWAS</x:xmpmeta>"
    whole = picture(width, height, exif=exif, xmp=xmp, comment=b"WHEREIWAS")
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0e\x1c\x02\x5a\0\x09WHEREIWAS"
    return whole[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + whole[2:]


def bomb_png(width: int, height: int) -> bytes:
    """Returns a PNG of a few bytes that claims any number of pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def film(
    path: Path,
    *,
    size: str = "320x180",
    seconds: float = 1,
    sound: bool = True,
    extra: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
) -> Path:
    """Writes a film with a test card (and a tone) and a place in its metadata; the ending of the name decides the
    container, `also` are more inputs, `extra` output options."""
    sounds = ("-f", "lavfi", "-i", f"sine=d={seconds}") if sound else ()
    codec = ("-c:v", "libvpx") if path.suffix == ".webm" else ("-c:v", "libx264", "-preset", "ultrafast")
    picture_in = ("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25:d={seconds}")
    told = ("-metadata", "location=+31.2304+121.4737/", "-metadata", "title=WHEREIWAS")
    ffmpeg = video.find_ffmpeg()
    subprocess.run([ffmpeg, "-v", "error", "-y", *picture_in, *sounds, *also, *codec, *told, *extra, str(path)], check=True)
    return path


@dataclass
class Entry:
    """One zip entry; `local` and `central` change header fields by name in one of the two places only."""

    name: bytes | str
    body: bytes = b""
    method: int = 8
    flags: int = 0
    mode: int = 0o100644
    system: int = 3
    local: dict[str, object] = field(default_factory=dict)
    central: dict[str, object] = field(default_factory=dict)

    def fields(self) -> dict[str, object]:
        raw = self.name.encode() if isinstance(self.name, str) else self.name
        flags = self.flags | (0x800 if isinstance(self.name, str) and not self.name.isascii() else 0)
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(self.body) + packer.flush() if self.method == 8 else self.body
        facts = {"raw": raw, "flags": flags, "method": self.method, "crc": zlib.crc32(self.body)}
        return {**facts, "packed": packed, "csize": len(packed), "size": len(self.body), "mode": self.mode}


def zipped(*entries: Entry, before: bytes = b"", after: bytes = b"", comment: bytes = b"", count: int | None = None) -> bytes:
    """Returns a zip written by hand, with whatever lies its entries tell."""
    data, directory = bytearray(before), bytearray()
    for entry in entries:
        true = entry.fields()
        here, there = {**true, **entry.local}, {**true, **entry.central}
        offset = there.get("offset", len(data) - len(before) if entry.central.get("relative") else len(data))
        data += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, *_head(here), len(here["raw"]), 0) + here["raw"] + here["packed"]
        directory += struct.pack("<4sHHHHHHIII", b"PK\1\2", entry.system << 8 | 20, 20, *_head(there))
        directory += struct.pack("<HHHHHII", len(there["raw"]), 0, 0, 0, 0, there["mode"] << 16, offset) + there["raw"]
    number = len(entries) if count is None else count
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, number, number, len(directory), len(data), len(comment))
    return bytes(data + directory + end) + comment + after


def _head(fields: dict[str, object]) -> tuple[object, ...]:
    return fields["flags"], fields["method"], 0, 0x21, fields["crc"], fields["csize"], fields["size"]


def honest(**files: bytes) -> bytes:
    """Returns a package as ordinary tools write it, index.html included."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in {"index.html": INDEX, **files}.items():
            package.writestr(name, body)
    return held.getvalue()


def overlapping(copies: int = 200, size: int = 900_000) -> bytes:
    """Returns a zip whose directory names one deflated block many times over (as zbsm.zip does)."""
    kernel = Entry("index.html", bytes(range(256)) * (size // 256))
    names = [Entry(f"f{number}.bin", kernel.body, central={"offset": 0}) for number in range(copies)]
    lone = zipped(kernel)
    body = lone[: lone.index(b"PK\1\2")]
    directory = b"".join(_line(one) for one in [kernel, *names])
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, copies + 1, copies + 1, len(directory), len(body), 0)
    return body + directory + end


def _line(entry: Entry) -> bytes:
    whole = zipped(entry)
    line = bytearray(whole[whole.index(b"PK\1\2") : whole.index(b"PK\5\6")])
    line[42:46] = bytes(4)
    return bytes(line)
