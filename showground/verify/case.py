"""What the checks know of one week while they go through it, and what they find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from showground.rules.awards import Result
from showground.rules.chronicle import Chronicle
from showground.rules.records import Record
from showground.rules.tally import Count
from showground.tlog import tiles
from showground.tlog.note import Key
from showground.tlog.policy import NONE, Policy
from showground.verify.bundle import Bundle

PASS: Final = "PASS"  # noqa: S105
NOT_YET: Final = "NOT YET"  # the week has not come so far; what is there holds
NOT_CHECKED: Final = "NOT CHECKED"
GAP: Final = "GAP"
FAIL: Final = "FAIL"
SKEW: Final = 5  # seconds by which the clocks of a site and of a witness may differ
WORST_LAST: Final = (PASS, NOT_YET, NOT_CHECKED, GAP, FAIL)


def many(count: int, one: str) -> str:
    """Returns "1 tile" or "4 tiles"."""
    return f"{count} {one}{'' if count == 1 else 's'}"


@dataclass(frozen=True)
class Finding:
    """One sentence of a step: its word, the text, and the file it is about."""

    word: str
    text: str
    file: str = ""


@dataclass(frozen=True)
class Head:
    """A checkpoint of the bundle: size, root, its file, and each witness's earliest time on it in Unix seconds."""

    size: int
    root: bytes
    file: str
    times: Mapping[Key, int]

    def quorum_at(self, policy: Policy) -> int | None:
        """Returns the earliest time at which enough witnesses had signed; None if never, or if the policy asks for none."""
        if policy.quorum == NONE:
            return None
        for time in sorted(self.times.values()):
            if policy.satisfied(key for key, signed in self.times.items() if signed <= time):
                return time
        return None


@dataclass
class Case:
    """One week under check; each step fills in what later steps need."""

    bundle: Bundle
    policy_bytes: bytes = b""
    policy_from: str = ""  # "" = the bundle's own
    policy: Policy = field(default_factory=Policy)
    heads: list[Head] = field(default_factory=list)  # by size; the last is the file "checkpoint"
    log: Key | None = None
    entries: list[bytes] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    week: Chronicle = field(default_factory=Chronicle)
    openings: dict[int, Record] = field(default_factory=dict)
    count: Count | None = None
    result: Result | None = None
    numbers: dict[str, Any] = field(default_factory=dict)

    @property
    def head(self) -> Head:
        """The newest checkpoint: what the whole bundle stands on."""
        return self.heads[-1]

    @property
    def newest(self) -> int:
        """The latest time that a quorum of witnesses vouches for; 0 if they never did."""
        return self.head.quorum_at(self.policy) or 0

    def file_of(self, index: int) -> str:
        """Returns the file that holds record `index`."""
        n = index // tiles.WIDTH
        return tiles.entries_path(n, min(tiles.WIDTH, self.head.size - n * tiles.WIDTH))

    def having(self, index: int) -> list[Head]:
        """Returns the checkpoints that contain record `index`, smallest first."""
        return [head for head in self.heads if head.size > index]

    def witnessed_at(self, index: int) -> int | None:
        """Returns when a quorum of witnesses first had record `index` before them."""
        times = [time for head in self.having(index) if (time := head.quorum_at(self.policy)) is not None]
        return min(times, default=None)

    def of_type(self, kind: str) -> list[tuple[int, Record]]:
        """Returns the records of one type with their indexes."""
        return [(index, record) for index, record in enumerate(self.records) if record["type"] == kind]
