"""An upload in pieces: each has an address of its own, and goes on from another's bytes only if the page proves that it has the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from showground.people.models import Person
from showground.works.actions.receive import PIECE, quarantine, receive_piece, start_work
from showground.works.models import Work


def whole(work: Work | None) -> int:
    """Returns how many bytes of a file that is on its way are here in whole pieces."""
    return work.received // PIECE * PIECE if work is not None and work.state == Work.State.RECEIVING else 0


def begin(
    before: Work | None, *, owner: Person, category: str, filename: str, size: int, at: int, have: int = 0, same: str = ""
) -> Work:
    """A new upload may begin; it has the first `have` bytes of the one before if `same` is their mark, else none.

    They are copied, not moved: whoever still sends to the one before cannot write into this one.
    """
    work = start_work(owner, category=category, filename=filename, size=size, at=at)
    if before is not None and 0 < have <= min(whole(before), size) and have % PIECE == 0:
        _begun(work, quarantine(before), have, same)
    return work


def _begun(work: Work, source: Path, have: int, same: str) -> None:
    mark = b""

    def pieces() -> Iterator[bytes]:
        nonlocal mark
        with source.open("rb") as read:
            for _number in range(have // PIECE):
                piece = read.read(PIECE)
                mark = hashlib.sha256(mark + piece).digest()
                yield piece

    try:
        receive_piece(work, offset=0, pieces=pieces())
    except FileNotFoundError:  # another one has taken its place meanwhile
        mark = b""
    if mark.hex() != same:
        receive_piece(work, offset=0, pieces=[])
