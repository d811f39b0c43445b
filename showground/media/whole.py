"""Is a file all there? Asked of the file's own structure, so that "cut off" can be told from "broken"."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from showground.rules.refused import Refused

_ENDS = {"jpeg": b"\xff\xd9", "png": b"IEND", "zip": b"PK\x05\x06"}
_TAIL = 1024
_SEGMENT = 0x18538067


def cut_off(path: Path, kind: str) -> bool:
    """Tells whether a file ends before its own structure says that it does."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if kind in {"mp4", "mov", "avif"}:
            return _boxes_run_over(file, size, needed=b"meta" if kind == "avif" else b"moov")
        if kind in {"webm", "mkv"}:
            return _segment_runs_over(file, size)
        if kind == "webp":
            return int.from_bytes(file.read(8)[4:], "little") + 8 > size
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    if kind == "gif":  # its last byte is a common one, so only the last place counts
        return not tail.rstrip(b"\0").endswith(b";")
    return kind in _ENDS and _ENDS[kind] not in tail


def undecodable(path: Path, kind: str, tool: str) -> Refused:
    """Returns why a decoder gave up on a file of a known kind: it was cut off, or it is broken in some other way."""
    if cut_off(path, kind):
        return Refused("work.cut_off", found=kind)
    return Refused("media.unreadable", tool=tool, ended="decoder")


def _boxes_run_over(file: BinaryIO, size: int, needed: bytes) -> bool:
    """Tells whether a top-level box of an ISO file passes its end, or the box that everything needs never came."""
    at, seen = 0, False
    while at < size:
        file.seek(at)
        head = file.read(16)
        seen = seen or head[4:8] == needed
        step = int.from_bytes(head[:4], "big")
        if step == 1:
            step = int.from_bytes(head[8:16], "big")
        if step < 8:  # 0 means "to the end"; less than a box's own head is rubbish after the last box
            break
        at += step
    return at > size or not seen


def _segment_runs_over(file: BinaryIO, size: int) -> bool:
    """Tells whether a Matroska segment of declared length passes the end of the file."""
    file.seek(4)
    file.seek(_vint(file)[0], 1)
    if int.from_bytes(file.read(4), "big") != _SEGMENT:
        return False
    length, unknown = _vint(file)
    return not unknown and file.tell() + length > size


def _vint(file: BinaryIO) -> tuple[int, bool]:
    """Reads a Matroska number of 1 to 8 bytes; the second value is true if all its bits are ones ("unknown")."""
    first = file.read(1) or b"\x01"
    width = 9 - first[0].bit_length()
    raw = int.from_bytes(first + file.read(min(width, 8) - 1), "big")
    value = raw & ((1 << (7 * width)) - 1)
    return value, value == (1 << (7 * width)) - 1
