"""Receiving an upload: pieces go to quarantine in order, an interrupted upload goes on where it stopped."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from showground.media import sniff
from showground.people.models import Person
from showground.rules.refused import Refused
from showground.works.models import Work

PIECE = 8 << 20


def quarantine(work: Work) -> Path:
    """Returns where the bytes of a work lie until it is safe."""
    return Path(settings.WORKS) / "quarantine" / work.code


def original(work: Work) -> Path:
    """Returns where the untouched original of a safe work is kept, by content hash."""
    return Path(settings.WORKS) / "original" / work.sha256


def scratch() -> Path:
    """Returns where the jail writes; each folder there begins with the code of its work."""
    return Path(settings.WORKS) / "scratch"


def start_work(owner: Person, *, category: str, filename: str, size: int, at: int) -> Work:
    """An upload may begin; too large a file is refused before a byte is sent."""
    most = sniff.LARGEST[category]
    if size <= 0:
        raise Refused("work.empty")
    if size > most:
        raise Refused("work.too_large", bytes=size, limit=most)
    work = Work.objects.create(
        code=secrets.token_hex(6),
        owner=owner,
        category=category,
        filename=Path(filename).name[:255],
        declared_size=size,
        started_at=at,
    )
    quarantine(work).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return work


def receive_piece(work: Work, *, offset: int, pieces: Iterable[bytes]) -> int:
    """The bytes at `offset` are on disk; returns how many bytes there are now. A piece already here is taken again."""
    if work.state != Work.State.RECEIVING:
        raise Refused("work.received")
    file = quarantine(work)
    have = file.stat().st_size if file.exists() else 0
    if offset > have:
        raise Refused("work.gap", have=have)
    with file.open("r+b" if have else "wb") as out:
        out.truncate(offset)
        out.seek(offset)
        for piece in pieces:
            if out.tell() + len(piece) > work.declared_size:
                raise Refused("work.longer_than_said", size=work.declared_size)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
        have = out.tell()
    Work.objects.filter(pk=work.pk).update(received=have)
    work.received = have
    return have


def finish_work(work: Work) -> Work:
    """The file is whole and of a kind that its category takes; it waits to be made safe.

    Hashing takes seconds, so that is done before the database is held; a file that changed meanwhile is refused (`work.incomplete`).
    """
    if work.state != Work.State.RECEIVING:
        return work
    file = quarantine(work)
    seen = _stand(file)
    if seen[0] != work.declared_size:
        raise Refused("work.incomplete", have=work.received, size=work.declared_size)
    try:
        sniff.check(file, work.category)
        with file.open("rb") as whole:
            sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
    except FileNotFoundError:  # erased meanwhile
        raise Refused("work.incomplete", have=0, size=work.declared_size)
    except Refused as refused:
        return _not_taken(work, refused)
    return _taken(work, sha256, seen)


def _stand(file: Path) -> tuple[int, int]:
    """Returns how large a file is (-1: it is not there) and when it was last written to."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return -1, 0
    return found.st_size, found.st_mtime_ns


@transaction.atomic
def _taken(work: Work, sha256: str, seen: tuple[int, int]) -> Work:
    work.refresh_from_db(from_queryset=Work.objects.select_for_update())
    if work.state != Work.State.RECEIVING:
        return work
    if _stand(quarantine(work)) != seen:
        raise Refused("work.incomplete", have=work.received, size=work.declared_size)
    work.sha256, work.state = sha256, Work.State.WAITING
    work.save(update_fields=["sha256", "state"])
    return work


@transaction.atomic
def _not_taken(work: Work, refused: Refused) -> Work:
    told = {"code": refused.code, **refused.facts}
    if Work.objects.filter(pk=work.pk, state=Work.State.RECEIVING).update(state=Work.State.REFUSED, refusal=told):
        transaction.on_commit(lambda: quarantine(work).unlink(missing_ok=True))
    work.refresh_from_db()
    return work


def receive_whole(owner: Person, *, category: str, filename: str, size: int, pieces: Iterable[bytes], at: int) -> Work:
    """A file that came in one piece (a plain form) is received and waits to be made safe, or is refused by its kind."""
    work = start_work(owner, category=category, filename=filename, size=size, at=at)
    receive_piece(work, offset=0, pieces=pieces)
    return finish_work(work)
