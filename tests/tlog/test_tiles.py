from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showground.tlog import Malformed, merkle, tiles
from showground.tlog.tiles import Tile

VECTORS = Path(__file__).parent.parent / "vectors"
PATHS = json.loads((VECTORS / "tile_paths.json").read_text(encoding="utf-8"))
MIRROR = json.loads((VECTORS / "mirror_300_tiles.json").read_text(encoding="utf-8"))


def _leaves(count: int, start: int = 0) -> list[bytes]:
    return [merkle.leaf_hash(str(i).encode()) for i in range(start, count)]


def _store(leaves: list[bytes]) -> dict[str, bytes]:
    return {tile.path: data for tile, data in tiles.Builder().extend(leaves)}


@pytest.mark.parametrize("case", PATHS["paths"], ids=lambda case: case["path"])
def test_path_of_a_tile(case):
    assert tiles.tile_path(case["level"], case["n"], case["width"]) == case["path"]
    assert tiles.parse_path(case["path"]) == Tile(case["level"], case["n"], case["width"])


@pytest.mark.parametrize("path", [*PATHS["bad_paths"], "tile/0/000/", "tile/0/000\n", "tile/0/٠٠٠", "tile/entries/000"])
def test_misspelt_path_is_refused(path):
    with pytest.raises(Malformed):
        tiles.parse_path(path)


@pytest.mark.parametrize(("n", "width", "path"), [(0, 256, "000"), (1, 5, "001.p/5"), (1234067, 256, "x001/x234/067")])
def test_path_of_an_entry_bundle(n, width, path):
    assert tiles.entries_path(n, width) == f"tile/entries/{path}"
    assert tiles.parse_entries_path(f"tile/entries/{path}") == Tile(0, n, width)


@pytest.mark.parametrize("path", ["tile/entries/1", "tile/entries/000.p/256", "tile/entries/x000/001", "tile/0/000"])
def test_misspelt_path_of_a_bundle_is_refused(path):
    with pytest.raises(Malformed):
        tiles.parse_entries_path(path)


def test_tiles_of_published_sizes():
    def widths(size: int, level: int) -> list[int]:
        return [tile.width for tile in tiles.tiles_for(size) if tile.level == level]

    assert widths(70_000, 0) == [256] * 273 + [112]
    assert widths(70_000, 1) == [256, 17]
    assert widths(70_000, 2) == [1]
    assert widths(70_000, 3) == []
    assert tiles.tiles_for(256) == [Tile(0, 0, 256), Tile(1, 0, 1)]
    assert tiles.tiles_for(0) == []


def test_tiles_of_another_implementation_are_rebuilt_from_its_records():
    leaves = [merkle.leaf_hash(f"record {i}".encode()) for i in range(300)]
    built = _store(leaves)
    assert built["tile/0/000"] == base64.b64decode(MIRROR["files"]["tile/0/000"])
    assert built["tile/1/000.p/1"] == base64.b64decode(MIRROR["files"]["tile/1/000.p/1"])
    assert set(built) == {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"}
    root = MIRROR["files"]["checkpoint"].split("\n")[2]
    assert base64.b64encode(tiles.Reader(300, built.__getitem__).root()).decode() == root


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 700), min_size=1, max_size=5))
def test_builder_writes_what_each_published_size_needs(steps):
    builder, store, size = tiles.Builder(), {}, 0
    for step in steps:
        leaves = _leaves(size + step, size)
        store |= {tile.path: data for tile, data in builder.extend(leaves)}
        size += step
        everything = _leaves(size)
        above = tiles.levels(everything)
        assert all(store[t.path] == tiles.tile_bytes(t, above[t.level]) for t in tiles.tiles_for(size))
        assert builder.root() == merkle.root(everything)
        builder = tiles.Builder.load(size, store.__getitem__)


def test_builder_over_two_levels_reads_back():
    leaves = _leaves(65_536 + 300)
    store = _store(leaves)
    size = len(leaves)
    reader = tiles.Reader(size, store.__getitem__)
    root = merkle.root(leaves)
    assert reader.root() == root
    assert tiles.Builder.load(size, store.__getitem__).root() == root
    for index in (0, 255, 256, 65_535, 65_536, size - 1):
        assert merkle.check_inclusion(leaves[index], index, size, reader.inclusion_path(index), root)
    for old in (1, 255, 256, 257, 40_000, 65_536, 65_800, size):
        old_root = merkle.root(leaves[:old])
        assert merkle.check_consistency(old, size, reader.consistency_path(old), old_root, root)


def test_paths_from_tiles_are_those_from_leaves():
    leaves = _leaves(523)
    reader = tiles.Reader(523, _store(leaves).__getitem__)
    for place in range(0, 523, 37):
        assert reader.inclusion_path(place) == merkle.inclusion_path(place, leaves)
        assert reader.consistency_path(place) == merkle.consistency_path(place, leaves)


def test_proof_from_a_tampered_tile_does_not_hold():
    leaves = _leaves(523)
    store = _store(leaves)
    store["tile/0/001"] = bytes(32) + store["tile/0/001"][32:]
    path = tiles.Reader(523, store.__getitem__).inclusion_path(257)
    assert not merkle.check_inclusion(leaves[257], 257, 523, path, merkle.root(leaves))


def test_tile_of_the_wrong_length_is_refused():
    with pytest.raises(Malformed, match="8192 bytes"):
        tiles.split_tile(bytes(8191))
    with pytest.raises(ValueError, match="needs 3 hashes"):
        tiles.tile_bytes(Tile(0, 0, 3), _leaves(2))


@given(st.lists(st.binary(max_size=70), min_size=1, max_size=10))
def test_entry_bundle_reads_back(entries):
    data = tiles.encode_entries(entries)
    assert tiles.decode_entries(data, len(entries)) == entries
    for width in (len(entries) - 1, len(entries) + 1):
        with pytest.raises(Malformed):
            tiles.decode_entries(data, width)
    with pytest.raises(Malformed):
        tiles.decode_entries(data[:-1], len(entries))


def test_longest_entry_fits_and_one_byte_more_does_not():
    longest = b"x" * 65_535
    assert tiles.decode_entries(tiles.encode_entries([longest]), 1) == [longest]
    with pytest.raises(ValueError, match="65535"):
        tiles.encode_entries([longest + b"x"])
