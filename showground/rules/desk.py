"""What the report desk lets the public log say: batches of commitments, and the proof that a report was filed.

Every event of the desk is one commitment: the SHA-256 of a canonical opening {type, log, ..., salt}. At fixed hours the commitments
since the last batch, sorted, become a Merkle tree (RFC 6962) whose root stands in one record `desk.batch {at, count, root}`, even
when there are none. A filing proof is the report's opening, its path in the batch, and the receipt of the batch's record.
"""

from __future__ import annotations

from typing import Any, Final

from showground.rules.records import Record, commitment
from showground.rules.refused import Refused
from showground.tlog import merkle

OPENINGS: Final = ("desk.report", "desk.event")


def report_opening(log: str, report_sha256: str, salt: str) -> Record:
    """Returns the opening of a filed report: what was handed in, as a hash, and 32 random bytes."""
    return {"type": "desk.report", "log": log, "report_sha256": report_sha256, "salt": salt}


def event_opening(log: str, event_sha256: str, salt: str) -> Record:
    """Returns the opening of a step in a case: its canonical bytes, as a hash, and 32 random bytes."""
    return {"type": "desk.event", "log": log, "event_sha256": event_sha256, "salt": salt}


def leaves(commits: list[str]) -> list[bytes]:
    """Returns the leaf hashes of a batch: its commitments (64 hex digits) in ascending order, each once."""
    if len(set(commits)) != len(commits):
        raise Refused("desk.twice")
    return [merkle.leaf_hash(bytes.fromhex(commit)) for commit in sorted(commits)]


def root(commits: list[str]) -> str:
    """Returns the root of a batch in hex; of an empty one the SHA-256 of nothing."""
    return merkle.root(leaves(commits)).hex()


def path(commits: list[str], commit: str) -> tuple[int, list[str]]:
    """Returns (place, hashes from the leaf up, in hex) of one commitment in its batch; refuses one that is not there."""
    place = sorted(commits).index(commit) if commit in commits else -1
    if place < 0:
        raise Refused("desk.not_in_batch")
    return place, [part.hex() for part in merkle.inclusion_path(place, leaves(commits))]


def check_path(opening: Record, place: int, parts: list[str], batch: dict[str, Any]) -> None:
    """Refuses (`desk.path`) an opening that the batch's record does not hold at this place."""
    if opening.get("type") not in OPENINGS or opening.get("log") != batch["log"]:
        raise Refused("desk.opening")
    leaf = merkle.leaf_hash(bytes.fromhex(commitment(opening)))
    try:
        hashes = [bytes.fromhex(part) for part in parts]
    except ValueError:
        hashes = [b""]
    if not merkle.check_inclusion(leaf, place, batch["count"], hashes, bytes.fromhex(batch["root"])):
        raise Refused("desk.path", place=place)
