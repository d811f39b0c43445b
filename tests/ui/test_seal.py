from __future__ import annotations

import hashlib
import itertools
import json
import re
from pathlib import Path

import pytest

from showground.ui import seal

PAGE = Path(__file__).parents[2] / "docs" / "formats" / "seal.md"
VECTORS = json.loads(re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[1])


def cells(root: bytes) -> frozenset:
    """The unit pieces that a seal's strokes cover."""
    found = set()
    for (x, y), (u, v) in seal.strokes(root):
        found |= {((i, y), "across") for i in range(x, u)} | {((x, j), "down") for j in range(y, v)}
    return frozenset(found)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["root"][:8])
def test_strokes_and_corners_agree_with_the_published_vectors(vector):
    root = bytes.fromhex(vector["root"])
    assert seal.corners(root) == [tuple(corner) for corner in vector["corners"]]
    assert [[*one, *other] for one, other in seal.strokes(root)] == vector["strokes"]


def test_every_quarter_hangs_together():
    for number in range(50):
        pieces = cells(number.to_bytes(32, "big"))
        points = {}
        for (x, y), way in pieces:
            end = (x + 1, y) if way == "across" else (x, y + 1)
            points.setdefault((x, y), set()).add(end)
            points.setdefault(end, set()).add((x, y))
        quarters = set()
        while points:
            reached, waiting = set(), [next(iter(points))]
            while waiting:
                point = waiting.pop()
                if point not in reached:
                    reached.add(point)
                    waiting.extend(points[point])
            quarters.add(frozenset(reached))
            points = {point: ends for point, ends in points.items() if point not in reached}
        assert len(quarters) == 4


def test_one_changed_bit_gives_another_picture():
    root = hashlib.sha256(b"a tree head").digest()
    for bit in range(256):
        other = (int.from_bytes(root, "big") ^ 1 << bit).to_bytes(32, "big")
        assert len(cells(root) ^ cells(other)) >= 12


def test_six_hundred_seals_differ_by_at_least_twelve_pieces():
    drawn = [cells(hashlib.sha256(number.to_bytes(4, "big")).digest()) for number in range(600)]
    assert min(len(one ^ other) for one, other in itertools.combinations(drawn, 2)) >= 12


def test_drawing_without_a_title_is_hidden_from_readers():
    assert 'aria-hidden="true"' in seal.draw(bytes(32))
    assert "<title>Seal</title>" in seal.draw(bytes(32), title="Seal")


def test_hash_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        seal.strokes(bytes(31))
