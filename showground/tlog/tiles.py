"""The log as static files. SPEC tlog-tiles: which tile, which path, which bytes.

A tile holds up to 256 hashes. Hash i of tile n at level l covers 256**l leaves, so above level 0 every hash covers a
full tile below. An entry bundle holds the entries whose leaf hashes are the level-0 tile of the same number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from showground.tlog import merkle
from showground.tlog.malformed import Malformed

WIDTH = 256
MAX_ENTRY = 65_535
MAX_LEVEL = 63

_NUMBER = r"(?P<number>(?:x\d{3}/)*\d{3})(?:\.p/(?P<width>[1-9]\d{0,2}))?"
_TILE_PATH = re.compile(rf"tile/(?P<level>0|[1-9]\d?)/{_NUMBER}", re.ASCII)
_ENTRIES_PATH = re.compile(rf"tile/entries/{_NUMBER}", re.ASCII)


@dataclass(frozen=True, order=True)
class Tile:
    """One tile: `level` 0..63, number `n` from 0, `width` 1..256 hashes (256 = full)."""

    level: int
    n: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where the tile lies below the log's prefix."""
        return tile_path(self.level, self.n, self.width)

    @property
    def entries_path(self) -> str:
        """Where the bundle of the same entries lies; only level 0 has one."""
        return entries_path(self.n, self.width)


def tile_path(level: int, n: int, width: int = WIDTH) -> str:
    """Returns the path of a hash tile: tile/0/x001/x234/067, or tile/0/001.p/5 when partial."""
    return f"tile/{level}/{_number(n)}{_partial(width)}"


def entries_path(n: int, width: int = WIDTH) -> str:
    """Returns the path of an entry bundle: tile/entries/000, or tile/entries/001.p/5 when partial."""
    return f"tile/entries/{_number(n)}{_partial(width)}"


def _number(n: int) -> str:
    text = f"{n % 1000:03d}"
    while n >= 1000:
        n //= 1000
        text = f"x{n % 1000:03d}/{text}"
    return text


def _partial(width: int) -> str:
    return "" if width == WIDTH else f".p/{width}"


def parse_path(path: str) -> Tile:
    """Returns the hash tile that a path names; any other spelling is Malformed."""
    match = _TILE_PATH.fullmatch(path)
    tile = match and Tile(int(match["level"]), _read_number(match["number"]), int(match["width"] or WIDTH))
    if not tile or tile.level > MAX_LEVEL or tile.path != path:
        raise Malformed(f"not the path of a tile: {path[:100]}")
    return tile


def parse_entries_path(path: str) -> Tile:
    """Returns the level-0 tile whose entry bundle a path names; any other spelling is Malformed."""
    match = _ENTRIES_PATH.fullmatch(path)
    tile = match and Tile(0, _read_number(match["number"]), int(match["width"] or WIDTH))
    if not tile or tile.entries_path != path:
        raise Malformed(f"not the path of an entry bundle: {path[:100]}")
    return tile


def _read_number(text: str) -> int:
    return int(text.replace("x", "").replace("/", "")[-30:])


def new_tiles(old_size: int, new_size: int) -> list[Tile]:
    """Returns the tiles of a tree of `new_size` that the tree of `old_size` had not, lowest level first."""
    if not 0 <= old_size <= new_size:
        raise ValueError(f"a tree of {new_size} cannot continue one of {old_size}")
    tiles, level = [], 0
    while new_size > 0:
        if new_size > old_size:
            tiles += [Tile(level, n) for n in range(old_size // WIDTH, new_size // WIDTH)]
            if new_size % WIDTH:
                tiles.append(Tile(level, new_size // WIDTH, new_size % WIDTH))
        old_size, new_size, level = old_size // WIDTH, new_size // WIDTH, level + 1
    return tiles


def tiles_for(size: int) -> list[Tile]:
    """Returns every tile of a tree of `size`: all full ones and one partial one per level where the size needs it."""
    return new_tiles(0, size)


def levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Returns the hashes of every tile level over all leaf hashes, level 0 first."""
    result = [list(leaves)]
    while len(below := result[-1]) >= WIDTH:
        result.append([merkle.root(below[i : i + WIDTH]) for i in range(0, len(below) - WIDTH + 1, WIDTH)])
    return result


def tile_bytes(tile: Tile, level_hashes: Sequence[bytes]) -> bytes:
    """Returns the bytes of a tile, given all hashes of its level (see `levels`)."""
    chosen = level_hashes[tile.n * WIDTH : tile.n * WIDTH + tile.width]
    if len(chosen) != tile.width:
        raise ValueError(f"{tile.path} needs {tile.width} hashes, there are {len(chosen)}")
    return b"".join(chosen)


def split_tile(data: bytes, width: int = WIDTH) -> list[bytes]:
    """Returns the `width` hashes of a tile's bytes."""
    if len(data) != width * merkle.HASH_SIZE:
        raise Malformed(f"a tile of {width} hashes has {width * merkle.HASH_SIZE} bytes, not {len(data)}")
    return [data[i : i + merkle.HASH_SIZE] for i in range(0, len(data), merkle.HASH_SIZE)]


def encode_entries(entries: Iterable[bytes]) -> bytes:
    """Returns the bytes of an entry bundle: each entry behind its length as two big-endian bytes."""
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY:
            raise ValueError(f"an entry has at most {MAX_ENTRY} bytes, not {len(entry)}")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def decode_entries(data: bytes, width: int = WIDTH) -> list[bytes]:
    """Returns the `width` entries of a bundle; bytes that are missing or left over are Malformed."""
    entries: list[bytes] = []
    place = 0
    while place < len(data) and len(entries) < width:
        end = place + 2 + int.from_bytes(data[place : place + 2], "big")
        if place + 2 > len(data) or end > len(data):
            raise Malformed(f"entry {len(entries)} of the bundle is cut off")
        entries.append(data[place + 2 : end])
        place = end
    if len(entries) != width:
        raise Malformed(f"the bundle holds {len(entries)} entries instead of {width}")
    if place != len(data):
        raise Malformed(f"{len(data) - place} bytes follow the last entry of the bundle")
    return entries


class Builder:
    """A growing log that keeps only the right edge: at most 255 hashes per level."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[list[bytes]] = []

    @classmethod
    def load(cls, size: int, read: Callable[[str], bytes]) -> Builder:
        """Returns the builder of a log of `size` whose partial tiles `read(path)` gives; compare `root()` before use."""
        builder = cls()
        builder.size = size
        while size > 0:
            number, width = divmod(size, WIDTH)
            path = tile_path(len(builder._edge), number, width)
            builder._edge.append(split_tile(read(path), width) if width else [])
            size = number
        return builder

    def extend(self, leaves: Iterable[bytes]) -> list[tuple[Tile, bytes]]:
        """The log is longer by the leaf hashes; returns each tile that now exists and did not before, with its bytes."""
        old_size = self.size
        full: dict[Tile, bytes] = {}
        for leaf in leaves:
            self._append(leaf, full)
            self.size += 1
        return [(tile, full.get(tile) or b"".join(self._edge[tile.level])) for tile in new_tiles(old_size, self.size)]

    def _append(self, value: bytes, full: dict[Tile, bytes]) -> None:
        below, level = self.size, 0
        while True:
            if level == len(self._edge):
                self._edge.append([])
            edge = self._edge[level]
            edge.append(value)
            if len(edge) < WIDTH:
                return
            full[Tile(level, below // WIDTH)] = b"".join(edge)
            value = merkle.root(edge)
            edge.clear()
            below, level = below // WIDTH, level + 1

    def root(self) -> bytes:
        """Returns the root of the log as it is now."""
        peaks = []
        for edge in reversed(self._edge):
            start, width = 0, len(edge)
            while width > start:
                step = 1 << ((width - start).bit_length() - 1)
                peaks.append(merkle.root(edge[start : start + step]))
                start += step
        return merkle.fold(peaks)


class Reader:
    """Reads hashes of a log of `size` out of its tiles; `read(path)` gives a tile's bytes.

    Nothing read here is trusted until a path made of it has been checked against a signed root.
    """

    def __init__(self, size: int, read: Callable[[str], bytes]) -> None:
        self.size = size
        self._read = read
        self._tiles: dict[Tile, list[bytes]] = {}

    def inclusion_path(self, index: int) -> list[bytes]:
        """Returns the path that proves leaf `index` in the log."""
        return [self.subtree(low, high) for low, high in merkle.inclusion_ranges(index, self.size)]

    def consistency_path(self, old_size: int) -> list[bytes]:
        """Returns the path that proves the log to continue its first `old_size` leaves."""
        return [self.subtree(low, high) for low, high in merkle.consistency_ranges(old_size, self.size)]

    def root(self) -> bytes:
        """Returns the root that the tiles give."""
        return self.subtree(0, self.size)

    def subtree(self, low: int, high: int) -> bytes:
        """Returns the hash over leaves [low, high), where `low` is a multiple of a power of two >= high - low."""
        count = high - low
        if count == 0:
            return merkle.EMPTY_ROOT
        if count & (count - 1):
            middle = low + merkle.split(count)
            return merkle.node_hash(self.subtree(low, middle), self.subtree(middle, high))
        level = (count.bit_length() - 1) // 8
        first, last = low >> 8 * level, high >> 8 * level
        hashes = self._tile(level, first // WIDTH)
        return merkle.root(hashes[first % WIDTH : first % WIDTH + last - first])

    def _tile(self, level: int, n: int) -> list[bytes]:
        tile = Tile(level, n, min(WIDTH, (self.size >> 8 * level) - n * WIDTH))
        if tile not in self._tiles:
            self._tiles[tile] = split_tile(self._read(tile.path), tile.width)
        return self._tiles[tile]
