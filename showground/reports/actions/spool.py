"""Where a report waits, sealed and durable, until the jobs file it: during a flood the database is left to those who need it now.
They file in the order of coming; whoever comes back for a code, as programs mostly do not, is filed at once (`file_now`).

One file takes a line a report; it is written to by every process and renamed before it is read, so that a line is in one of them.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import mmap
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from nacl.public import PublicKey

from showground.reports.actions.file import Row, Told, check_told, keep_rows, new_number, sealed_row, sync_folder
from showground.reports.models import Report

PACKED = ("body", "contact", "wrap")
GROUP = 50  # reports in one transaction: a person who writes meanwhile waits no longer than that


@dataclass(frozen=True)
class Waiting:
    """A report that is kept and not filed yet; `lock` opens it and is nowhere else in clear."""

    number: str
    sha256: str
    lock: bytes


def _folder() -> Path:
    return Path(settings.DESK_STORE) / "spool"


def put(
    told: Told, *, log: str, at: int, channel: str = "web", held_until: int | None = None, desk: PublicKey | None = None
) -> Waiting:
    """The report is sealed and on disk: it is filed within seconds, as of now. Refuses what `file_report` refuses."""
    check_told(told)
    row, lock = sealed_row(told, log=log, at=at, channel=channel, proved=False, held_until=held_until, desk=desk)
    _append(_line(row))
    return Waiting(row.facts["number"], row.facts["report_sha256"], lock)


def _line(row: Row) -> bytes:
    packed = {name: base64.b64encode(getattr(row, name)).decode() for name in PACKED}
    told = {"facts": row.facts, "log": row.log, "files": row.files, **packed}
    return b"\n" + json.dumps(told).encode() + b"\n"  # a line that was torn before this one ends here


def _append(line: bytes) -> None:
    """The line is on disk, in a file that nobody has begun to read."""
    place = _folder() / "lines"
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    while True:
        handle = os.open(place, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)
            if not _still(handle, place):
                continue
            fresh = os.fstat(handle).st_size == 0
            if os.write(handle, line) != len(line):
                raise OSError("the disk is full")
            os.fsync(handle)
            if fresh:
                sync_folder(place.parent)
            return
        finally:
            os.close(handle)


def _still(handle: int, place: Path) -> bool:
    """Whether the open file is the one of this name: its reader may have renamed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(handle), os.stat(place))
    except FileNotFoundError:
        return False


def stirred() -> int:
    """Returns a number that is another one once a report waits where none did: the time of the folder's last new name."""
    try:
        return os.stat(_folder()).st_mtime_ns
    except FileNotFoundError:
        return 0


# ---- filing ----


def drain() -> int:
    """Every report that waited is filed; returns how many. Runs again unharmed: a line that is filed already is passed over."""
    place = _folder() / "lines"
    if place.exists():
        place.rename(place.with_name(f"{secrets.token_hex(8)}.taken"))
    return sum(_file(taken) for taken in sorted(_folder().glob("*.taken")))


def _file(taken: Path) -> int:
    with taken.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # whoever is still writing into it has a moment to end
        rows = [row for line in file if (row := _row(line)) is not None]
    done = sum(_group(rows[first : first + GROUP]) for first in range(0, len(rows), GROUP))
    taken.unlink()
    return done


def _group(rows: list[Row]) -> int:
    """Files some reports at once; if the database will not have one of them, the others are filed and that one lies aside."""
    try:
        return _keep(rows)
    except IntegrityError:
        if len(rows) > 1:
            return sum(_group([row]) for row in rows)
        with (_folder() / "refused").open("ab") as aside:
            aside.write(_line(rows[0]))
        return 0


def _row(line: bytes) -> Row | None:
    """The report of a line; None for one that was torn, whose sender has had no answer."""
    try:
        told = json.loads(line)
        packed = {name: base64.b64decode(told[name]) for name in PACKED}
        return Row(told["facts"], **packed, log=told["log"], files=tuple((size, name) for size, name in told["files"]))
    except (ValueError, KeyError, TypeError):
        return None


@transaction.atomic
def _keep(rows: list[Row]) -> int:
    numbers = [row.facts["number"] for row in rows]
    there = dict(Report.objects.filter(number__in=numbers).values_list("number", "report_sha256"))
    fresh = [row for row in rows if there.get(row.facts["number"]) != row.facts["report_sha256"]]
    for row in fresh:
        if row.facts["number"] in there:  # taken by another report meanwhile: once in a few hundred thousand
            row.facts["number"] = new_number()
    return len(keep_rows(fresh)) if fresh else 0


def file_now(number: str, sha256: str) -> Report | None:
    """The report that waits under this number is filed before its turn: somebody came back for it. Returns it, None if it is nowhere.

    Its line stays where it is, and `drain` passes over it.
    """
    line = _waiting(_folder() / "lines", sha256)
    for taken in _folder().glob("*.taken") if line is None else ():
        line = line or _waiting(taken, sha256)
    row = _row(line) if line else None
    if row is not None:
        with contextlib.suppress(IntegrityError):  # the jobs file it at this moment
            _keep([row])
    return find(number, sha256)


def _waiting(place: Path, sha256: str) -> bytes | None:
    """Returns the line of a report if it is in this file."""
    try:
        with place.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
            at = held.find(sha256.encode())
            return held[held.rfind(b"\n", 0, at) + 1 : held.find(b"\n", at)] if at >= 0 else None
    except (FileNotFoundError, ValueError):  # gone, or empty
        return None


def find(number: str, sha256: str) -> Report | None:
    """Returns the report that waited under this number, None until it is filed."""
    found = Report.objects.filter(number=number).first()
    if found is not None and found.report_sha256 != sha256:
        found = Report.objects.filter(report_sha256=sha256).first()
    return found
