"""Small numbers are hidden before figures are published: nobody is found in a table. RULE reports 3.8.

A cell of 1 to 4 is hidden, and where the total or the other cells would give it away, others are hidden with it. Hidden is None; a
reader cannot tell which cell was small. A zero names nobody and is shown unless it is needed to hide another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LEAST: Final = 5
ROOM: Final = 2  # how much play the hidden cells of a line must leave for each other

Cells = dict[str, int | None]
TOTAL: Final = ""


def small(value: int) -> bool:
    """True for a number that could point at a person."""
    return 0 < value < LEAST


def number(value: int) -> int | None:
    """Returns a single number as it is published."""
    return None if small(value) else value


def row(cells: Mapping[str, int]) -> tuple[Cells, int | None]:
    """Returns the cells and their total as they are published."""
    total = sum(cells.values())
    if small(total):
        return dict.fromkeys(cells), None
    hidden = {name for name, value in cells.items() if small(value)}
    while hidden and not _safe([cells[name] for name in hidden]):
        more = _next(cells, hidden)
        if not more:
            break
        hidden |= more
    return {name: None if name in hidden else value for name, value in cells.items()}, total


def _safe(values: list[int]) -> bool:
    """True if several cells share so much that none of them can be told from their sum."""
    return len(values) > 1 and sum(values) >= LEAST and (0 in values or sum(values) - len(values) >= ROOM)


def _next(cells: Mapping[str, int], hidden: set[str]) -> set[str]:
    """The smallest cell that is still shown and not zero; where there is none, every zero at once: then none of them says anything."""
    shown = [name for name in cells if name not in hidden]
    counted = [name for name in shown if cells[name]]
    return {min(counted, key=lambda name: (cells[name], name))} if counted else set(shown)


def grid(cells: Mapping[str, Mapping[str, int]]) -> dict[str, Cells]:
    """Returns a table of rows and columns as it is published, with totals under the name "" both ways: each line keeps its secret."""
    full = {name: {**values, TOTAL: sum(values.values())} for name, values in cells.items()}
    columns = list(next(iter(full.values()), {TOTAL: 0}))
    full[TOTAL] = {column: sum(full[name][column] for name in cells) for column in columns}
    hidden = {(name, column) for name, values in full.items() for column, value in values.items() if small(value)}
    lines = [[(name, column) for column in columns] for name in full] + [[(name, column) for name in full] for column in columns]
    while True:
        before = len(hidden)
        for line in lines:
            _close(full, line, hidden)
        if len(hidden) == before:
            break
    return {n: {c: None if (n, c) in hidden else value for c, value in values.items()} for n, values in full.items()}


def _close(full: Mapping[str, Mapping[str, int]], line: list[tuple[str, str]], hidden: set[tuple[str, str]]) -> None:
    """More cells of one line are hidden until they hide each other; its total is one of them only where nothing else is left."""
    here = [cell for cell in line if cell in hidden]
    total = line[-1]
    while here and total not in hidden and not _safe([full[n][c] for n, c in here]):
        shown = [cell for cell in line[:-1] if cell not in hidden]
        counted = [cell for cell in shown if full[cell[0]][cell[1]]]
        hidden.update([min(counted, key=lambda cell: (full[cell[0]][cell[1]], cell))] if counted else shown or [total])
        here = [cell for cell in line if cell in hidden]
    if here == [total] and line[:-1]:
        hidden.update(line[:-1])
