"""A flood is delayed and held, never refused, and nobody pays for the address they share.

What is counted is counted in the memory of one process, under keys of that process that change every day; nothing is written down.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from showground.people.actions import keyed, network_of
from showground.quiz.actions import admit
from showground.rules.records import canonical
from showground.rules.refused import Refused
from showground.vault import boxes

PURPOSE = "report desk"  # proofs of work made for the desk are good nowhere else
HOLD = 15 * 60  # seconds until officers see a report that came without a proof of work
SOON = 3  # seconds until a code that found no room is asked for again
AGAIN = 10  # seconds between later tries
LONGEST = 10 * 60  # nobody waits longer for a code
TICKET_LIVES = 24 * 3600
MOST_KEYS = 20_000

# (so many at once, one more every so many milliseconds), per process
NETWORK, EVERYBODY, PROVED, KIOSK = (40, 3_000), (60, 2_000), (90, 250), (60, 3_000)
EARLY = (20, 1_000)  # codes before their time, for those who come back for them: programs mostly do not
GUESSES, PROVED_GUESSES, WRONG = (12, 2_500), (60, 500), (30, 2_000)
TURNS = {False: (6, 1_000), True: (60, 250)}  # those who waited, without and with a proof of work: places cost nothing, a try does
PLACE_LIVES = 10 * 60  # seconds after its time


@dataclass
class Buckets:
    """Counters in memory (GCRA): `take` says how many seconds to wait, 0 if there is room now."""

    day: int = -1
    key: bytes = b""
    full_at: dict[bytes, int] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def take(self, what: str, who: str, rate: tuple[int, int], *, at: int, most: int = LONGEST) -> int:
        """Takes one and returns the seconds to wait for it, at most `most`."""
        burst, pause = rate
        with self.guard:
            name = self._name(f"{what}\n{who}", at)
            full_at = min(max(self.full_at.get(name, 0), at * 1000) + pause, at * 1000 + burst * pause + most * 1000)
            self.full_at[name] = full_at
        return max(0, -(-(full_at - burst * pause - at * 1000) // 1000))

    def wait(self, what: str, who: str, rate: tuple[int, int], *, at: int) -> int:
        """Returns the seconds one would wait, and takes nothing."""
        burst, pause = rate
        with self.guard:
            full_at = self.full_at.get(self._name(f"{what}\n{who}", at), 0)
        return max(0, -(-(full_at - burst * pause - at * 1000) // 1000))

    def room(self, rates: dict[tuple[str, str], tuple[int, int]], *, at: int) -> bool:
        """Takes one of each of these if all have room now, and tells whether they had; asking in vain takes nothing."""
        with self.guard:
            after = {}
            for (what, who), (burst, pause) in rates.items():
                name = self._name(f"{what}\n{who}", at)
                after[name] = max(self.full_at.get(name, 0), at * 1000) + pause
                if after[name] > at * 1000 + burst * pause:
                    return False
            self.full_at.update(after)
        return True

    def _name(self, text: str, at: int) -> bytes:
        """The counter's name: an HMAC under today's key, which nobody has seen; a new day begins empty."""
        if self.day != at // 86400 or len(self.full_at) > MOST_KEYS:
            self.day, self.key, self.full_at = at // 86400, secrets.token_bytes(32), {}
        return hmac.digest(self.key, text.encode(), hashlib.sha256)


buckets = Buckets()


@dataclass(frozen=True)
class Lane:
    """How a report is taken: its code after `wait` seconds at the latest, before officers' eyes at `held_until` (None: at once)."""

    wait: int
    held_until: int | None
    proved: bool


def challenge(at: int) -> dict[str, Any]:
    """Returns a fresh task for a browser with scripts. SPEC ALTCHA v1."""
    return admit.challenge(PURPOSE, at=at)


def proves(payload: str, *, at: int) -> bool:
    """Tells whether a solved task is right, in time and used for the first time."""
    return admit.proves(payload, PURPOSE, at=at)


def lane(*, address: str, proof: str, at: int, kiosk: str = "") -> Lane:
    """Returns how a report is taken that came from this address, with or without a proof of work, or from a booth's kiosk."""
    if kiosk:
        crowded = buckets.take("kiosk", kiosk, KIOSK, at=at) > 0
        return Lane(0, at + HOLD if crowded else None, False)
    if proves(proof, at=at):
        return Lane(buckets.take("proved", "", PROVED, at=at), None, True)
    near = buckets.take("network", network_of(address), NETWORK, at=at)
    if near:  # a flood from one network waits in its own line and does not lengthen everybody's
        return Lane(near, at + HOLD, False)
    return Lane(buckets.take("all", "", EVERYBODY, at=at), at + HOLD, False)


def crowded(*, address: str, at: int) -> bool:
    """Tells whether a report without a proof of work would have to wait for its code; takes nothing."""
    return buckets.wait("network", network_of(address), NETWORK, at=at) > 0 or buckets.wait("all", "", EVERYBODY, at=at) > 0


def minutes(wait: int) -> int:
    """Returns the full minutes that a page speaks of."""
    return -(-wait // 60)


def early(*, address: str, at: int) -> bool:
    """Tells whether a code may be made before its time, and counts it: the line is as long as the flood, those who come back are few.

    One network has no more of these than its share, however many come back.
    """
    return buckets.room({("early", network_of(address)): NETWORK, ("early", ""): EARLY}, at=at)


_one_code, _next = threading.Lock(), threading.Lock()


@contextlib.contextmanager
def code_room(*, proved: bool) -> Iterator[bool]:
    """Yields whether a code may be made now. Without a proof of work one at a time: it costs 64 MiB, and others wait for the process.

    One more waits a moment for its turn, so that two at once are no flood; never more, or all threads of a process would wait here.
    """
    if proved:
        yield True
        return
    got = _one_code.acquire(blocking=False)
    if not got and _next.acquire(blocking=False):
        try:
            got = _one_code.acquire(timeout=0.3)
        finally:
            _next.release()
    try:
        yield got
    finally:
        if got:
            _one_code.release()


# ---- a code that comes later ----


def _key(purpose: str) -> bytes:
    return bytes.fromhex(keyed(purpose, ""))


@dataclass(frozen=True)
class Ticket:
    """What opens a report that has no code yet, and when the code may be made."""

    number: str
    sha256: str
    lock: bytes
    due: int


def ticket(number: str, sha256: str, lock: bytes, *, due: int) -> str:
    """Returns what the page holds until the code is made; the site keeps no copy, so it alone opens nothing."""
    told = {"r": number, "sha256": sha256, "lock": lock.hex(), "due": due}
    return boxes.seal(_key("reports.ticket"), canonical(told), "ticket").hex()


def read_ticket(text: str, *, at: int) -> Ticket:
    """Returns what a ticket says; refuses (`code.ticket`) one that is none or is a day old."""
    try:
        told = json.loads(boxes.unseal(_key("reports.ticket"), bytes.fromhex(text[:2000]), "ticket"))
    except (ValueError, Refused):
        raise Refused("code.ticket")
    if at > told["due"] + TICKET_LIVES:
        raise Refused("code.ticket")
    return Ticket(told["r"], told["sha256"], bytes.fromhex(told["lock"]), int(told["due"]))


# ---- guessing ----


def look_wait(*, proof: str, place: str, at: int) -> tuple[int, str]:
    """Returns (seconds to wait before a code may be tried, the place in the line): (0, "") if it may be tried now.

    Nobody is shut out: who waited comes in with the place, so many in a second. Wrong codes, from wherever, make everybody's line a
    little longer.
    """
    if place and (told := _read_place(place, at=at)) is not None:
        if at < told["due"]:
            return int(told["due"]) - at, place
        proved = bool(told.get("proved"))
        return (0, "") if buckets.room({("turn", str(proved)): TURNS[proved]}, at=at) else (SOON, place)
    wrong = min(buckets.wait("wrong", "", WRONG, at=at), 8)
    proved = proves(proof, at=at)
    rate = PROVED_GUESSES if proved else GUESSES
    wait = max(wrong, buckets.take("guess", str(rate), rate, at=at, most=60))
    if not wait:
        return 0, ""
    given = {"due": at + wait, "n": secrets.token_hex(8), "proved": proved}
    return wait, boxes.seal(_key("reports.place"), canonical(given), "place").hex()


_used: dict[str, int] = {}


def _read_place(text: str, *, at: int) -> dict[str, Any] | None:
    """What a place says: when its holder may come in; None if it was never given, is used up or long over."""
    try:
        told = json.loads(boxes.unseal(_key("reports.place"), bytes.fromhex(text[:1000]), "place"))
    except (ValueError, Refused):
        return None
    return None if told["n"] in _used or at > told["due"] + PLACE_LIVES else dict(told)


def use_place(text: str, *, at: int) -> None:
    """The place is used up."""
    try:
        told = json.loads(boxes.unseal(_key("reports.place"), bytes.fromhex(text[:1000]), "place"))
    except (ValueError, Refused):
        return
    for old in [n for n, used in _used.items() if used < at - 3600]:
        _used.pop(old, None)
    _used[told["n"]] = at


def count_wrong(*, at: int) -> None:
    """A code was tried that opens nothing."""
    buckets.take("wrong", "", WRONG, at=at, most=30)
