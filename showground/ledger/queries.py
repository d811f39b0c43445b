"""What can be known about the published log."""

from __future__ import annotations

import json
import re
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from showground.intake.client import Door
from showground.ledger.models import Checkpoint, Log, Minute
from showground.rules import records
from showground.rules.chronicle import Chronicle
from showground.tlog import proof, tiles


@dataclass(frozen=True)
class LogState:
    """A log as pages show it: records published, records witnessed and when, root of the witnessed head in hex."""

    origin: str
    size: int
    witnessed_size: int
    witnessed_at: int | None
    root: str


@cache
def door() -> Door:
    """Returns this process's line to the door's private socket; safe to share between threads."""
    return Door(settings.DOOR_PRIVATE)


def slug(origin: str) -> str:
    """Returns the folder name of an origin."""
    return re.sub(r"[^a-z0-9.-]", "_", origin)


def log_folder(origin: str) -> Path:
    """Returns where a log's static files are published."""
    return Path(settings.LOG_ROOT) / slug(origin)


def asset_path(origin: str, sha256: str) -> Path:
    """Returns where a public asset of a log lies."""
    return log_folder(origin) / "assets" / sha256


def find_log(origin: str) -> Log | None:
    """Returns the log with this origin, if the site knows it."""
    return Log.objects.filter(origin=origin).first()


def log_state(origin: str) -> LogState | None:
    """Returns the newest state of a log, None before its first checkpoint."""
    newest = Checkpoint.objects.filter(log__origin=origin).first()
    if newest is None:
        return None
    witnessed = Checkpoint.objects.filter(log__origin=origin, witnessed_at__isnull=False).first()
    if witnessed is None:
        return LogState(origin, newest.size, 0, None, newest.root)
    return LogState(origin, newest.size, witnessed.size, witnessed.witnessed_at, witnessed.root)


def witnessed_size(origin: str) -> int:
    """Returns how many records stand under a cosigned checkpoint."""
    state = log_state(origin)
    return state.witnessed_size if state else 0


def covering(origin: str, index: int) -> Checkpoint | None:
    """Returns the smallest cosigned checkpoint that holds the record at `index`."""
    found = Checkpoint.objects.filter(log__origin=origin, size__gt=index, witnessed_at__isnull=False)
    return found.order_by("size").first()


def checkpoints(origin: str, *, most: int = 20) -> list[Checkpoint]:
    """Returns the newest cosigned checkpoints of a log."""
    return list(Checkpoint.objects.filter(log__origin=origin, witnessed_at__isnull=False)[:most])


def minutes(origin: str, *, kinds: tuple[str, ...] = ()) -> list[Minute]:
    """Returns the records that the site wrote, in order; those of the given types if any are given."""
    found = Minute.objects.filter(log__origin=origin)
    return list(found.filter(kind__in=kinds) if kinds else found)


def written(origin: str, kind: str) -> bool:
    """Tells whether the site has written a record of this type, be it in the log already or on its way."""
    return Minute.objects.filter(log__origin=origin, kind=kind).exists()


def written_of(origin: str, kind: str, field: str, word: str) -> bool:
    """Tells whether the site has written a record of this type whose `field` is this word."""
    return Minute.objects.filter(log__origin=origin, kind=kind, entry__contains=f'"{field}":"{word}"').exists()


def on_its_way(origin: str, kinds: str, field: str, word: str) -> bool:
    """Tells whether a record that the site wrote, of a type beginning with `kinds` and about this word, is not published yet."""
    found = Minute.objects.filter(log__origin=origin, kind__startswith=kinds, entry__contains=f'"{field}":"{word}"')
    return found.filter(index=None).exists() or found.filter(index__gte=published_size(origin)).exists()


def stuck(origin: str) -> Minute | None:
    """Returns the record that the door refused and that holds up the line, if there is one."""
    return Minute.objects.filter(log__origin=origin).exclude(refused="").first()


def published_entries(origin: str, first: int, after: int) -> list[bytes]:
    """Returns the published records [first, after) as bytes, read from the entry bundles on disk."""
    home, found = log_folder(origin), []
    size = published_size(origin)
    for n in range(first // 256, (min(after, size) + 255) // 256):
        width = min(256, size - n * 256)
        bundle = tiles.decode_entries((home / tiles.entries_path(n, width)).read_bytes(), width)
        found += bundle[max(0, first - n * 256) : after - n * 256]
    return found


def published_size(origin: str) -> int:
    """Returns how many records the published checkpoint covers."""
    newest = Checkpoint.objects.filter(log__origin=origin).first()
    return newest.size if newest else 0


_kept: dict[str, Chronicle] = {}
_reading: dict[str, AbstractContextManager[object]] = {}  # by origin: one thread reads on, others wait; each record is taken once


def chronicle(origin: str) -> Chronicle:
    """Returns what the published log of a week says so far; read on from where this process stood, never changed by callers.

    The first reading of a process takes as long as the log is: who decides by it in a transaction reads it before that as well.
    """
    with _reading.setdefault(origin, threading.RLock()):
        week = _kept.get(origin)
        size = published_size(origin)
        if week is None or week.size > size:
            week = _kept[origin] = Chronicle()
        for entry in published_entries(origin, week.size, size):
            week.read(records.parse(entry))
        return week


def record_at(origin: str, index: int) -> dict[str, Any] | None:
    """Returns the published record at `index`, None if it is not published yet."""
    found = published_entries(origin, index, index + 1) if 0 <= index < published_size(origin) else []
    return dict(json.loads(found[0])) if found else None


def receipt(origin: str, index: int, extra: bytes) -> proof.Proof | None:
    """Returns the receipt of the record at `index` under the smallest cosigned checkpoint, None while none covers it."""
    head = covering(origin, index)
    if head is None:
        return None
    home = log_folder(origin)
    reader = tiles.Reader(head.size, lambda path: (home / path).read_bytes())
    return proof.Proof(index, tuple(reader.inclusion_path(index)), head.note, extra)
