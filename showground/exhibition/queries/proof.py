"""What the log says about a board: the record of each text and of each time it was taken down, and when they were witnessed."""

from __future__ import annotations

from dataclasses import dataclass

from showground.exhibition.models import Board, Text
from showground.ledger.models import Checkpoint, Minute
from showground.ledger.queries import covering


@dataclass(frozen=True)
class Turn:
    """The board was taken down (`gone`) or hung again, at this instant, with its record as in Proof; `on_its_way`: it has one."""

    gone: bool
    at: int
    on_its_way: bool
    index: int | None
    witnessed_at: int | None


@dataclass(frozen=True)
class Proof:
    """A published text with its record's index (None while it is on its way) and the checkpoint that was cosigned over it.

    `until` is when it was shown for the last time (None: it is shown), `turns` what happened to the board between.
    """

    text: Text
    until: int | None
    index: int | None
    witnessed_at: int | None
    root: str
    turns: tuple[Turn, ...] = ()

    @property
    def on_its_way(self) -> bool:
        """Tells whether the text has a record."""
        return self.text.minute_id is not None


def proofs(board: Board, published: list[Text]) -> list[Proof]:
    """Returns what is known of each published text, the newest first; it ends when the board is taken down or the next one published."""
    turns = _turns(board)
    found, until = [], None
    for text in published:
        mine = turns.get(text.pk, ())
        found.append(proof(board, text, mine[-1].at if mine and mine[-1].gone else until, mine))
        until = text.published_at
    return found


def _turns(board: Board) -> dict[int, tuple[Turn, ...]]:
    found: dict[int, tuple[Turn, ...]] = {}
    for one in board.hangings.select_related("minute"):
        index, head = _record(board, one.minute)
        turn = Turn(one.gone, one.at, one.minute is not None, index, head.witnessed_at if head else None)
        found[one.text_id] = (*found.get(one.text_id, ()), turn)
    return found


def proof(board: Board, text: Text, until: int | None = None, turns: tuple[Turn, ...] = ()) -> Proof:
    """Returns what is known of one published text."""
    index, head = _record(board, text.minute)
    return Proof(text, until, index, head.witnessed_at if head else None, head.root if head else "", turns)


def _record(board: Board, minute: Minute | None) -> tuple[int | None, Checkpoint | None]:
    """Returns where a record stands in the log, and the first cosigned checkpoint over it."""
    index = minute.index if minute else None
    return index, covering(board.hall.week.origin, index) if index is not None else None
