"""Zip files read by hand: everything that can be checked is checked before a byte is inflated, and inflating has a budget.

The standard library's reader is not used: it opens overlapping entries (CVE-2024-0450) and believes the directory.
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from showground.media import names
from showground.rules.refused import Refused

# RULE uploads (security 1.6): files, bytes unpacked, bytes per file, ratio of files above 1 MB.
FILES, UNPACKED, LARGEST, RATIO, RATIO_FROM = 2000, 300 << 20, 100 << 20, 200, 1 << 20
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_END64, _FINDER64 = b"PK\x06\x06", b"PK\x06\x07"
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_DESCRIBED, _UTF8 = 0x0008, 0x0800
_STORED, _DEFLATED = 0, 8
_FULL = 0xFFFFFFFF
_PIECE = 1 << 20


class Bytes(Protocol):
    """Bytes in memory or in a mapped file."""

    def __getitem__(self, part: slice, /) -> bytes: ...
    def __len__(self) -> int: ...
    def rfind(self, sub: bytes, start: int, /) -> int: ...


@dataclass(frozen=True)
class Member:
    """One entry of the directory; `data` is where its packed bytes begin, `ends` the first byte after it."""

    name: str
    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int
    data: int = 0
    ends: int = 0

    @property
    def is_folder(self) -> bool:
        return self.raw.endswith(b"/")


def members(zipped: Bytes) -> list[Member]:
    """Returns the files and folders of a zip in directory order, or refuses it; nothing is inflated."""
    count, start, end = _directory(zipped)
    if not count:
        raise Refused("package.empty")
    if count > FILES:
        raise Refused("package.too_many_files", files=count, limit=FILES)
    listed = _listed(zipped, count, start, end)
    for member in listed:
        _check(member)
    _check_sum(listed)
    placed = [_placed(zipped, member, start) for member in listed]
    _check_spans(placed)
    return placed


def _damaged(reason: str, name: str = "") -> Refused:
    return Refused("package.damaged", name=names.shown(name), reason=reason)


def _cut(zipped: Bytes, at: int, size: int, reason: str = "directory") -> bytes:
    """Returns exactly `size` bytes at `at`, or refuses."""
    if at < 0 or at + size > len(zipped):
        raise _damaged(reason)
    return zipped[at : at + size]


def _directory(zipped: Bytes) -> tuple[int, int, int]:
    """Returns the number of entries, and where the central directory begins and ends; it must lie right before the end record."""
    at = zipped.rfind(_END, max(0, len(zipped) - 65557))
    if at < 0:
        raise Refused("work.cut_off", found="zip")
    _, disk, first, here, count, size, start, comment = struct.unpack("<4sHHHHIIH", _cut(zipped, at, 22))
    if at + 22 + comment != len(zipped):
        raise _damaged("trailing")
    end = at
    if at >= 76 and zipped[at - 20 : at - 16] == _FINDER64 and zipped[at - 76 : at - 72] == _END64:
        end = at - 76
        disk, first, here, count, size, start = struct.unpack("<IIQQQQ", zipped[end + 16 : end + 56])
    if disk or first or here != count:
        raise _damaged("disks")
    if start + size != end:
        raise _damaged("directory")
    return count, start, end


def _listed(zipped: Bytes, count: int, start: int, end: int) -> list[Member]:
    """Reads the central directory, which must fill its place to the byte."""
    found, at = [], start
    for _ in range(count):
        entry = _cut(zipped, at, 46)
        sign, made, _, flags, method, _, _, crc, packed, size, named, more, comment, disk, _, outside, offset = struct.unpack(
            "<4sHHHHHHIIIHHHHHII", entry
        )
        if sign != _CENTRAL or disk:
            raise _damaged("directory")
        raw = _cut(zipped, at + 46, named)
        size, packed, offset = _long(_cut(zipped, at + 46 + named, more), size, packed, offset)
        at += 46 + named + more + comment
        mode = outside >> 16 if made >> 8 in {3, 19} else 0
        found.append(Member("", raw, flags, method, crc, packed, size, offset, mode))
    if at != end:
        raise _damaged("directory")
    texts = names.decoded([(member.raw, bool(member.flags & _UTF8)) for member in found])
    return [replace(member, name=text) for text, member in zip(texts, found, strict=True)]


def _long(extra: bytes, *values: int) -> tuple[int, ...]:
    """Returns the values, those that are full taken from the ZIP64 extra field in their order."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack("<HH", extra[at : at + 4])
        if kind == 1:
            body = extra[at + 4 : at + 4 + size]
            wide = iter(struct.unpack(f"<{len(body) // 8}Q", body[: len(body) // 8 * 8]))
            return tuple(next(wide, value) if value == _FULL else value for value in values)
        at += 4 + size
    return values


def _check(member: Member) -> None:
    """Refuses an entry for what its directory line says."""
    name = names.shown(member.name)
    if member.flags & _ENCRYPTED:
        raise Refused("package.encrypted", name=name)
    if member.method not in {_STORED, _DEFLATED}:
        raise Refused("package.method", name=name, method=member.method)
    if stat.S_IFMT(member.mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise Refused("package.special", name=name)
    names.safe(member.name)
    if member.size > LARGEST:
        raise Refused("package.file_too_large", name=name, bytes=member.size, limit=LARGEST)
    if member.size > RATIO_FROM and member.size > RATIO * member.packed:
        raise Refused("package.bomb", name=name, ratio=member.size // max(1, member.packed), limit=RATIO)
    if (member.method == _STORED and member.size != member.packed) or (member.is_folder and member.size):
        raise _damaged("size", member.name)


def _check_sum(listed: Sequence[Member]) -> None:
    """Refuses a zip that unpacks to too much, or whose names would meet on some file system."""
    total = sum(member.size for member in listed)
    if total > UNPACKED:
        raise Refused("package.too_large", bytes=total, limit=UNPACKED)
    seen: dict[str, str] = {}
    for member in listed:
        path = names.safe(member.name).casefold()
        if path in seen:
            raise Refused("package.duplicate", name=names.shown(member.name), other=names.shown(seen[path]))
        seen[path] = member.name
    for member in listed:
        parts = names.safe(member.name).casefold().split("/")
        for depth in range(1, len(parts)):
            above = seen.get("/".join(parts[:depth]), "/")
            if not above.endswith("/"):
                raise Refused("package.duplicate", name=names.shown(member.name), other=names.shown(above))


def _placed(zipped: Bytes, member: Member, limit: int) -> Member:
    """Returns the entry with its place in the file; its local header must say what the directory says."""
    head = _cut(zipped, member.offset, 30, "local")
    sign, _, flags, method, _, _, crc, packed, size, named, more = struct.unpack("<4sHHHHHIIIHH", head)
    raw = _cut(zipped, member.offset + 30, named, "local")
    size, packed = _long(_cut(zipped, member.offset + 30 + named, more, "local"), size, packed)
    same = (crc, packed, size) == (member.crc, member.packed, member.size)
    if member.flags & _DESCRIBED:
        same = same or (crc, packed, size) == (0, 0, 0) or (crc, packed) == (0, 0)
    if sign != _LOCAL or raw != member.raw or method != member.method or flags != member.flags or not same:
        raise _damaged("local", member.name)
    data = member.offset + 30 + named + more
    ends = data + member.packed + (12 if member.flags & _DESCRIBED else 0)
    if ends > limit:
        raise _damaged("span", member.name)
    return replace(member, data=data, ends=ends)


def _check_spans(placed: Sequence[Member]) -> None:
    """Refuses entries that share bytes: that is how a small zip inflates to anything."""
    ends = 0
    for member in sorted(placed, key=lambda one: one.offset):
        if member.offset < ends:
            raise _damaged("overlap", member.name)
        ends = member.ends
    if min(member.offset for member in placed):
        raise _damaged("leading")


def inflated(zipped: Bytes, member: Member) -> Iterator[bytes]:
    """Yields a file's bytes in pieces of at most 1 MB; refuses once they are more, fewer or other than declared."""
    crc = total = 0
    for piece in _pieces(zipped, member):
        total += len(piece)
        if total > member.size:
            raise _damaged("size", member.name)
        crc = zlib.crc32(piece, crc)
        yield piece
    if total != member.size or crc != member.crc:
        raise _damaged("content", member.name)


def _pieces(zipped: Bytes, member: Member) -> Iterator[bytes]:
    """Yields stored bytes as they are, deflated ones inflated, never more than 1 MB at once."""
    inflate = zlib.decompressobj(-15)
    for at in range(member.data, member.data + member.packed, _PIECE):
        packed = zipped[at : min(at + _PIECE, member.data + member.packed)]
        if member.method == _STORED:
            yield packed
            continue
        try:
            while packed:
                yield inflate.decompress(packed, _PIECE)
                packed = inflate.unconsumed_tail
        except zlib.error:
            raise _damaged("content", member.name)
    yield inflate.flush()  # what was inflated but did not fit into the last piece
    if member.method == _DEFLATED and (not inflate.eof or inflate.unused_data):
        raise _damaged("content", member.name)
