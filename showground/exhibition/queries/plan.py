"""The ground plan of a hall: a room for each board, doors between those that follow one another, the route as a dashed line."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from showground.exhibition.queries.shown import Row

WIDE, HIGH, EDGE = 140, 96, 4


@dataclass(frozen=True)
class Room:
    """One room: its board's row, its upper left corner, its middle."""

    row: Row
    x: int
    y: int

    @property
    def middle(self) -> tuple[int, int]:
        """The middle of the room."""
        return self.x + WIDE // 2, self.y + HIGH // 2


@dataclass(frozen=True)
class Door:
    """A gap in the wall between two rooms."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Plan:
    """The plan: rooms, doors, the route as an SVG path, and its size."""

    rooms: list[Room]
    doors: list[Door]
    route: str
    width: int
    height: int


def plan(rows: list[Row]) -> Plan | None:
    """Returns the plan of a hall with at least two boards; the route goes to and fro, so that every room has its next one beside it."""
    if len(rows) < 2:
        return None
    across = 3 if len(rows) > 4 else 2
    rooms = [_room(row, at, across) for at, row in enumerate(rows)]
    doors = [_door(one, two) for one, two in pairwise(rooms)]
    line = " ".join(f"{'L' if at else 'M'}{x} {y}" for at, (x, y) in enumerate(room.middle for room in rooms))
    down = -(-len(rows) // across)
    return Plan(rooms, doors, line, across * WIDE + 2 * EDGE, down * HIGH + 2 * EDGE)


def _room(row: Row, at: int, across: int) -> Room:
    line, place = divmod(at, across)
    return Room(row, EDGE + (place if line % 2 == 0 else across - 1 - place) * WIDE, EDGE + line * HIGH)


def _door(one: Room, two: Room) -> Door:
    if one.y == two.y:
        return Door(max(one.x, two.x) - 3, one.y + HIGH // 2 - 15, 6, 30)
    return Door(one.x + WIDE // 2 - 17, two.y - 3, 34, 6)
