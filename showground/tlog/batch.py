"""Many commitments under one root: a Merkle tree (RFC 6962) over a sorted list, for logs that publish a root instead of each.

root(values) -> 32 bytes    path(values, value) -> (place, hashes)    holds(value, place, count, hashes, root) -> bool
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from showground.tlog import merkle


def leaves(values: Iterable[bytes]) -> list[bytes]:
    """Returns the leaf hashes of a batch: its values in ascending order; a value that is there twice raises ValueError."""
    ordered = sorted(values)
    if any(a == b for a, b in itertools.pairwise(ordered)):
        raise ValueError("a value stands twice in the batch")
    return [merkle.leaf_hash(value) for value in ordered]


def root(values: Iterable[bytes]) -> bytes:
    """Returns the root of a batch; of an empty one the SHA-256 of nothing."""
    return merkle.root(leaves(values))


def path(values: Sequence[bytes], value: bytes) -> tuple[int, list[bytes]]:
    """Returns a value's place in its batch and the path that proves it, its sibling first; one that is not there raises ValueError."""
    place = sorted(values).index(value)
    return place, merkle.inclusion_path(place, leaves(values))


def holds(value: bytes, place: int, count: int, hashes: Sequence[bytes], top: bytes) -> bool:
    """Tells whether a batch of `count` values with root `top` holds `value` at `place`."""
    return merkle.check_inclusion(merkle.leaf_hash(value), place, count, hashes, top)
