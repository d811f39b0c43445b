"""How winners and orders are drawn from a public seed, and what that seed is made of. docs/formats/draw.md says it for people.

    numbers(seed, total) -> endless iterator of 1..total    SPEC Rivest sampler, 14 November 2011, with replacement
    sample(seed, total, count) -> [position, ...]           without replacement: repeats are skipped, the counter goes on
    chosen(seed, codes, count) -> [code, ...]               what one sitting asks: a sample of the sorted codes
    pool(indexes) -> bytes, pool_sha256(indexes) -> hex     the tickets of a draw, one a line
    round_at(rules) -> round, time_of_round(beacon, round)  which beacon round decides, and when it can exist at the earliest
    beacon_value(record) -> text                            what chance said: randomness of a round, or the throws
    seed_text(draw, pool_sha256, seeds, value) -> hex       the one string everything is drawn from
    picks(seed_text, count, prizes, alternates)             -> (winners, alternates), positions 1..count
    order(seed, entries, k) -> [entry, ...]                 order k of `ORDERS`; the seed is the frozen ruleset's SHA-256
    rfc3797(sources, total, count) -> [position, ...]       for a lottery as public source; no draw of the house uses it yet

Positions count from 1; a seed is text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import count as counting
from typing import Any, Final

from showground.rules.refused import Refused

ORDERS: Final = 64
SAMPLER: Final = "rivest-2011"
LEAST_THROWS: Final = 24  # 62 bits; a fallback to dice has exactly so many

# A rule names its chain by hash, but whoever may choose the key owns the beacon: only chains listed here are taken.
QUICKNET: Final[dict[str, Any]] = {
    "kind": "drand",
    "chain": "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    "period": 3,
    "genesis": 1692803367,
    "public_key": "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
}
CHAINS: Final = {QUICKNET["chain"]: QUICKNET}


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


# ---- drawing ----


def numbers(seed: str, total: int) -> Iterator[int]:
    """Yields positions 1..total for ever: 1 + SHA-256(seed "," counter) mod total, counter from 1."""
    return (1 + _number(f"{seed},{at}") % total for at in counting(1))


def sample(seed: str, total: int, count: int) -> list[int]:
    """Returns `count` different positions of 1..total in the order drawn."""
    if not 0 <= count <= total:
        raise Refused("draw.count", count=count, total=total)
    found: dict[int, None] = {}
    for position in numbers(seed, max(total, 1)):
        if len(found) == count:
            break
        found.setdefault(position)
    return list(found)


def chosen(seed: str, codes: Iterable[str], count: int) -> list[str]:
    """Returns the codes of the questions that a sitting with this seed is asked, in order."""
    listed = sorted(codes)
    return [listed[position - 1] for position in sample(seed, len(listed), count)]


def picks(seed: str, count: int, prizes: int, alternates: int) -> tuple[list[int], list[int]]:
    """Returns (winners, alternates) of `count` tickets in the order drawn; with more prizes than tickets every ticket wins."""
    drawn = sample(seed, count, min(count, prizes + alternates))
    return drawn[:prizes], drawn[prizes:]


def order(seed: str, entries: Iterable[str], k: int) -> list[str]:
    """Returns the entries in gallery order `k` (0..ORDERS-1), by the SHA-256 of seed, k and entry; it favours nobody."""
    if not 0 <= k < ORDERS:
        raise Refused("draw.order", order=k, orders=ORDERS)
    return sorted(entries, key=lambda entry: _number(f"showground order v1\n{seed}\n{k}\n{entry}"))


# ---- what is drawn from ----


def pool(indexes: Iterable[int]) -> bytes:
    """Returns the tickets of a draw as bytes: ascending decimal indexes of passed attempts, joined by newlines, none at the end."""
    return "\n".join(map(str, sorted(indexes))).encode()


def pool_sha256(indexes: Iterable[int]) -> str:
    """Returns the hash of a pool of tickets in hex."""
    return hashlib.sha256(pool(indexes)).hexdigest()


def round_at(rules: Mapping[str, Any]) -> int:
    """Returns the beacon round that decides a draw by drand: the first at or after `draws_at` of the quiz's rules."""
    beacon = rules["draw"]["beacon"]
    waited = rules["draw"]["draws_at"] - beacon["genesis"]
    return max(0, -int(-waited // beacon["period"])) + 1


def time_of_round(beacon: Mapping[str, Any], number: int) -> int:
    """Returns the second in which round `number` of a drand chain is made: genesis + (number - 1) x period."""
    return int(beacon["genesis"] + (number - 1) * beacon["period"])


def named_beacon(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what a frozen pool says of its beacon: chain and round, or dice and how many throws."""
    beacon = rules["draw"]["beacon"]
    if beacon["kind"] == "dice":
        return {"kind": "dice", "digits": beacon["digits"]}
    return {"kind": "drand", "chain": beacon["chain"], "round": round_at(rules)}


def beacon_value(record: Mapping[str, Any] | None) -> str:
    """Returns what chance said in a draw.beacon: the randomness in hex, or the throws; "" where an empty pool needed none."""
    if record is None:
        return ""
    return str(record["throws"] if record["kind"] == "dice" else record["randomness"])


def seed_text(draw: str, pool_sha256: str, seeds: Mapping[str, str], value: str) -> str:
    """Returns the string a draw is drawn from, in hex; `seeds` are the opened ones by party."""
    parts = ["showground draw v1", draw, pool_sha256, *(seeds[party] for party in sorted(seeds)), value]
    return hashlib.sha256("".join(f"{part}\n" for part in parts).encode()).hexdigest()


# ---- the alternative of the IETF ----


def _plain(number: str) -> str:
    """SPEC RFC 3797 4.1: no leading zeros, no trailing zeros of a fraction, and a point after every number."""
    whole, _, part = format(Decimal(number), "f").partition(".")
    return f"{whole}.{part.rstrip('0')}"


def rfc3797_key(sources: Iterable[Sequence[str]]) -> str:
    """Returns the key string of sources of numbers in their announced order: SPEC RFC 3797 4.1."""
    return "".join("".join(_plain(n) for n in sorted(source, key=Decimal)) + "/" for source in sources)


def rfc3797(sources: Iterable[Sequence[str]], total: int, count: int) -> list[int]:
    """Returns `count` different positions of 1..total in the order drawn: SPEC RFC 3797 4.2."""
    if not 0 <= count <= min(total, 65_536):  # the counter has two bytes
        raise Refused("draw.count", count=count, total=total)
    key, left, found = rfc3797_key(sources).encode(), list(range(1, total + 1)), []
    for at in range(count):
        turn = at.to_bytes(2, "big")
        value = hashlib.md5(turn + key + turn, usedforsecurity=False).digest()
        found.append(left.pop(int.from_bytes(value, "big") % len(left)))
    return found
