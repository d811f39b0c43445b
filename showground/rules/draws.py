"""How winners and orders are drawn from a public seed.

numbers(seed, total) -> endless iterator of 1..total    SPEC Rivest sampler, 14 November 2011, with replacement
sample(seed, total, count) -> [position, ...]           without replacement: repeats are skipped, the counter goes on
order(seed, entries, k) -> [entry, ...]                 order k of `ORDERS`; the seed is the frozen ruleset's SHA-256
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import count as counting
from typing import Final

from showground.rules.refused import Refused

ORDERS: Final = 64


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def numbers(seed: str, total: int) -> Iterator[int]:
    """Yields positions 1..total for ever: 1 + SHA-256(seed "," counter) mod total, counter from 1."""
    return (1 + _number(f"{seed},{at}") % total for at in counting(1))


def sample(seed: str, total: int, count: int) -> list[int]:
    """Returns `count` different positions of 1..total in the order drawn."""
    if not 0 <= count <= total:
        raise Refused("draw.count", count=count, total=total)
    found: dict[int, None] = {}
    for position in numbers(seed, total):
        if len(found) == count:
            break
        found.setdefault(position)
    return list(found)


def order(seed: str, entries: Iterable[str], k: int) -> list[str]:
    """Returns the entries in gallery order `k` (0..ORDERS-1), by the SHA-256 of seed, k and entry; it favours nobody."""
    if not 0 <= k < ORDERS:
        raise Refused("draw.order", order=k, orders=ORDERS)
    return sorted(entries, key=lambda entry: _number(f"showground order v1\n{seed}\n{k}\n{entry}"))
