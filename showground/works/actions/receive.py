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


@transaction.atomic
def finish_work(work: Work) -> Work:
    """The file is whole and of a kind that its category takes; it waits to be made safe."""
    if work.state != Work.State.RECEIVING:
        return work
    file = quarantine(work)
    if not file.exists() or file.stat().st_size != work.declared_size:
        raise Refused("work.incomplete", have=work.received, size=work.declared_size)
    try:
        sniff.check(file, work.category)
    except Refused as refused:
        Work.objects.filter(pk=work.pk).update(state=Work.State.REFUSED, refusal={"code": refused.code, **refused.facts})
        file.unlink()
        work.refresh_from_db()
        return work
    with file.open("rb") as whole:
        work.sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
    work.state = Work.State.WAITING
    work.save(update_fields=["sha256", "state"])
    return work


def receive_whole(owner: Person, *, category: str, filename: str, size: int, pieces: Iterable[bytes], at: int) -> Work:
    """A file that came in one piece (a plain form) is received and waits to be made safe, or is refused by its kind."""
    work = start_work(owner, category=category, filename=filename, size=size, at=at)
    receive_piece(work, offset=0, pieces=pieces)
    return finish_work(work)
