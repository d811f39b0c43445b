"""The Merkle tree of RFC 6962 section 2.1: hashes, roots, inclusion and consistency.

Every hash is 32 bytes (SHA-256). A "leaf" in these signatures is a leaf hash; `leaf_hash` makes one from entry bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
HASH_SIZE = 32


def leaf_hash(entry: bytes) -> bytes:
    """Returns the hash of one entry. SPEC RFC 6962 2.1: SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Returns the hash of an inner node. SPEC RFC 6962 2.1: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Returns the root over leaf hashes; no leaves give SHA-256 of nothing."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        above = [sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def fold(peaks: Sequence[bytes]) -> bytes:
    """Returns the root over full subtrees of falling size, left to right."""
    if not peaks:
        return EMPTY_ROOT
    result = peaks[-1]
    for peak in reversed(peaks[:-1]):
        result = node_hash(peak, result)
    return result


class Tree:
    """A tree that only grows and keeps no leaves: its size and one hash per full subtree (at most 63)."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} has {size.bit_count()} full subtrees, not {len(self.peaks)}")

    def append(self, leaf: bytes) -> None:
        """The tree is one leaf larger."""
        size, peaks = self.size, self.peaks
        while size & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """The tree has all the leaves appended, in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """Returns the root of the tree as it is now."""
        return fold(self.peaks)


def split(size: int) -> int:
    """Returns the largest power of two smaller than `size` (size > 1): how many leaves stand on the left."""
    return int(1 << ((size - 1).bit_length() - 1))


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """Returns which subtrees [from, to) an inclusion path holds, the leaf's sibling first. SPEC RFC 6962 2.1.1."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    low, high, ranges = 0, size, []
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    return ranges[::-1]


def consistency_ranges(old_size: int, new_size: int) -> list[tuple[int, int]]:
    """Returns which subtrees [from, to) a consistency path holds, in its order. SPEC RFC 6962 2.1.2."""
    if not 0 <= old_size <= new_size:
        raise ValueError(f"a tree of {new_size} cannot continue one of {old_size}")
    low, high, ranges = 0, new_size, []
    while low < old_size < high:
        middle = low + split(high - low)
        if old_size <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    if low > 0:  # with low == 0 the old tree is this subtree, and its root is known
        ranges.append((low, high))
    return ranges[::-1]


def inclusion_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Returns the path that proves leaf `index` in the tree of all `leaves`."""
    return [root(leaves[low:high]) for low, high in inclusion_ranges(index, len(leaves))]


def consistency_path(old_size: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Returns the path that proves the tree of all `leaves` to continue the tree of its first `old_size`."""
    return [root(leaves[low:high]) for low, high in consistency_ranges(old_size, len(leaves))]


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Tells whether `path` proves leaf hash `leaf` at `index` in the tree of `size` and `root`. SPEC RFC 9162 2.1.3.2."""
    if not 0 <= index < size or any(len(value) != HASH_SIZE for value in (leaf, root, *path)):
        return False
    first, last, result = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if first & 1 or first == last:
            result = node_hash(sibling, result)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and result == root


def check_consistency(old_size: int, new_size: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Tells whether `path` proves the new tree to continue the old one. SPEC RFC 9162 2.1.4.2.

    From an empty tree there is nothing to prove: the path is empty and the empty root is SHA-256 of nothing.
    """
    if not 0 <= old_size <= new_size or any(len(value) != HASH_SIZE for value in (old_root, new_root, *path)):
        return False
    if old_size == new_size:
        return not path and old_root == new_root and (old_size > 0 or old_root == EMPTY_ROOT)
    if old_size == 0:
        return not path and old_root == EMPTY_ROOT
    return _rebuild_both(old_size, new_size, path, old_root, new_root)


def _rebuild_both(old_size: int, new_size: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    steps = list(path)
    if old_size & (old_size - 1) == 0:  # the old tree is one full subtree: its root is the first hash
        steps.insert(0, old_root)
    if not steps:
        return False
    first, last = old_size - 1, new_size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old = new = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root
