"""A file that waits for its report to be sent: sealed at once, under a key that only the page in the reporter's browser holds."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from showground.reports.actions.file import Upload, check_room
from showground.rules.records import canonical
from showground.rules.refused import Refused
from showground.vault import boxes

LIVES = 3600
_ID, _LOCK = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")


def _folder() -> Path:
    return Path(settings.DESK_STORE) / "stash"


def put_all(files: Iterable[Upload], *, at: int) -> tuple[list[str], Refused | None]:
    """Every file that the disk has room for is stashed; returns what the page sends back, and why a file was not taken."""
    texts: list[str] = []
    for file in files:
        try:
            texts.append(put(file, at=at))
        except Refused as refused:
            return texts, refused
    return texts, None


def put(file: Upload, *, at: int) -> str:
    """The file lies sealed in the stash for an hour; returns what the page must send back to have it again.

    Refuses (`report.no_room`) what would take the disk's reserve.
    """
    check_room(len(file.data))
    lock, name = boxes.new_lock(), secrets.token_hex(16)
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    place = _folder() / name
    place.touch(mode=0o600)
    place.write_bytes(boxes.seal(lock, file.data, "stash"))
    os.utime(place, (at, at))
    told = {"id": name, "lock": lock.hex(), "name": file.name[:200], "kind": file.kind[:80], "size": len(file.data)}
    return canonical(told).hex()


def _told(text: str) -> dict[str, str]:
    try:
        told = json.loads(bytes.fromhex(text[:2000]))
        if not isinstance(told, dict) or set(told) != {"id", "lock", "name", "kind", "size"}:
            raise ValueError("not a stash")
        if not all(isinstance(told[name], str) for name in ("id", "lock", "name", "kind")):
            raise ValueError("not a stash")
        if not _ID.fullmatch(told["id"]) or not _LOCK.fullmatch(told["lock"]):
            raise ValueError("not a stash")
    except (ValueError, RecursionError):
        raise Refused("report.stash")
    return dict(told)


def name_of(text: str) -> str:
    """Returns the name of a stashed file."""
    return str(_told(text)["name"])


def is_there(text: str) -> bool:
    """True while a stashed file lies there."""
    return (_folder() / _told(text)["id"]).is_file()


def take(text: str) -> Upload:
    """Returns a stashed file; refuses (`report.stash`) one that is gone or that this page never had."""
    told = _told(text)
    try:
        sealed = (_folder() / told["id"]).read_bytes()
    except OSError:
        raise Refused("report.stash")
    return Upload(told["name"], told["kind"], boxes.unseal(bytes.fromhex(told["lock"]), sealed, "stash"))


def drop(text: str) -> None:
    """The stashed file is gone: its report is filed."""
    (_folder() / _told(text)["id"]).unlink(missing_ok=True)


def sweep(at: int) -> None:
    """Files whose report was never sent are gone after an hour."""
    if not _folder().is_dir():
        return
    for place in _folder().iterdir():
        if place.stat().st_mtime < at - LIVES:
            place.unlink(missing_ok=True)
