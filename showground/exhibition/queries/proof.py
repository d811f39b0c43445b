"""What the log says about a text: its record, and when it was witnessed."""

from __future__ import annotations

from dataclasses import dataclass

from showground.exhibition.models import Board, Text
from showground.ledger.queries import covering


@dataclass(frozen=True)
class Proof:
    """A published text with its record's index (None while it is on its way) and the checkpoint that was cosigned over it."""

    text: Text
    until: int | None
    index: int | None
    witnessed_at: int | None
    root: str


def proofs(board: Board, published: list[Text]) -> list[Proof]:
    """Returns what is known of each published text, the newest first; `until` is when the next one took its place."""
    ends: list[int | None] = [None, *(text.published_at for text in published)]
    return [proof(board, text, until) for text, until in zip(published, ends, strict=False)]


def proof(board: Board, text: Text, until: int | None = None) -> Proof:
    """Returns what is known of one published text."""
    index = text.minute.index if text.minute else None
    head = covering(board.hall.week.origin, index) if index is not None else None
    return Proof(text, until, index, head.witnessed_at if head else None, head.root if head else "")
