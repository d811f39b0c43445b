"""The order in which the pieces of a page are read: columns one after the other, what spans them between.

Cut and cut again: a strip from edge to edge that holds nothing parts what is above from what is below; strips that share a gutter are
columns. Text that runs down, or from right to left, turns the columns' order around.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from typing import Protocol

    from showground.media.glyphs import Edges

    class Placed(Protocol):
        """Something with a place on the page; `size` is the size of its type in the same unit, 0 if it has none."""

        @property
        def box(self) -> Edges: ...
        @property
        def size(self) -> float: ...
        @property
        def text(self) -> str: ...
        @property
        def vertical(self) -> bool: ...
        @property
        def rtl(self) -> bool: ...


T = TypeVar("T", bound="Placed")
DEEPEST = 12
_GUTTER = 0.8  # em: text columns stand at least this far apart


def ordered(pieces: Sequence[T], depth: int = 0) -> list[T]:
    """Returns the pieces in reading order."""
    return [piece for region in regions(pieces, depth) for piece in _simple(region)]


def regions(pieces: Sequence[T], depth: int = 0) -> list[list[T]]:
    """Returns the pieces in groups that are each read from top to bottom, the groups in reading order."""
    if len(pieces) < 2 or depth > DEEPEST:
        return [list(pieces)]
    strips = _cut(pieces, 1)
    above = _above(strips)
    if above:
        cut = [[piece for strip in strips[:above] for piece in strip], [piece for strip in strips[above:] for piece in strip]]
        return [region for part in cut for region in regions(part, depth + 1)]
    columns = _cut(pieces, 0)
    if len(columns) > 1:
        return [region for column in _turned(columns) for region in regions(column, depth + 1)]
    found: list[list[T]] = []
    plain = False
    for group in _grouped(strips):
        inner = regions(group, depth + 1) if len(_cut(group, 0)) > 1 else [group]
        if plain and len(inner) == 1:
            found[-1] += inner[0]
        else:
            found += inner
        plain = len(inner) == 1
    return found


def _above(strips: Sequence[Sequence[T]]) -> int:
    """Returns how many strips stand across the page above (or below) text that runs down; 0 if none, or if nothing runs down."""
    runs = [any(piece.vertical for piece in strip) for strip in strips]
    if not any(runs) or all(runs):
        return 0
    return runs.index(not runs[0])


def _simple(pieces: Sequence[T]) -> list[T]:
    """Returns pieces that no straight cut parts: from top to bottom, or from the right where text runs down."""
    if _mostly(pieces, "vertical"):
        return sorted(pieces, key=lambda one: (-one.box[2], one.box[1]))
    return sorted(pieces, key=lambda one: (one.box[1], one.box[0]))


def _turned(columns: list[list[T]]) -> list[list[T]]:
    pieces = [piece for column in columns for piece in column]
    return columns[::-1] if _mostly(pieces, "vertical") or _mostly(pieces, "rtl") else columns


def _mostly(pieces: Sequence[T], what: str) -> bool:
    """Tells whether most characters are in pieces of which something is true."""
    weight = sum(max(1, len(piece.text)) for piece in pieces)
    return 2 * sum(max(1, len(piece.text)) for piece in pieces if getattr(piece, what)) > weight


def _cut(pieces: Sequence[T], side: int) -> list[list[T]]:
    """Returns pieces in groups with nothing between them along one side (0: across, 1: down)."""
    parts: list[list[T]] = []
    end = float("-inf")
    em = min((one.size for one in pieces if one.size), default=0.0)
    for piece in sorted(pieces, key=lambda one: one.box[side]):
        least = _GUTTER * em if side == 0 else -0.25 * (piece.size or em)
        if parts and piece.box[side] - end <= least:
            parts[-1].append(piece)
        else:
            parts.append([piece])
        end = max(end, piece.box[side + 2])
    return parts


def _grouped(strips: list[list[T]]) -> list[list[T]]:
    """Puts strips together while one gutter runs through all of them: paragraphs of two columns that begin side by side.

    A strip that lies on one side of the gutter joins; one that spans it ends the group and takes the headings right above it along.
    """
    groups: list[list[list[T]]] = []
    for strip in strips:
        if groups and _one_gutter(groups[-1], strip):
            groups[-1].append(strip)
        else:
            groups.append([*_heads(groups), strip])
    return [[piece for strip in group for piece in strip] for group in groups if group]


def _one_gutter(group: list[list[T]], strip: list[T]) -> bool:
    """Tells whether a gutter of the group stays free when a strip is added, or begins with it."""
    pieces = [piece for one in group for piece in one]
    if len(_cut(pieces, 0)) < 2 and len(_cut(strip, 0)) < 2:
        return False
    return len(_cut([*pieces, *strip], 0)) > 1


def _heads(groups: list[list[list[T]]]) -> list[list[T]]:
    """Takes the last strips out of the last group that are headings on one side of its gutter: they belong to what follows."""
    taken: list[list[T]] = []
    if not groups or len(_cut([piece for strip in groups[-1] for piece in strip], 0)) < 2:
        return taken
    sizes = sorted(piece.size for strip in groups[-1] for piece in strip if piece.size)
    while len(groups[-1]) > 1 and sizes and all(piece.size > 1.12 * sizes[len(sizes) // 2] for piece in groups[-1][-1]):
        if len(_cut(groups[-1][-1], 0)) > 1:
            break
        taken.insert(0, groups[-1].pop())
    return taken
