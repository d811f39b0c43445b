"""What the report desk lets the public log say: batches of commitments.

Every step of the desk is one commitment: the SHA-256 of a canonical opening {type, log, ..., salt}. At fixed hours the commitments
since the last batch become a tree (tlog/batch.py) whose root stands in one record `desk.batch {at, count, root}`, even when there
are none. A filing proof is the report's opening, its path in the batch, and the receipt of the batch's record.
"""

from __future__ import annotations

from typing import Final

from showground.rules.records import Record

OPENINGS: Final = ("desk.report", "desk.event")


def report_opening(log: str, report_sha256: str, salt: str) -> Record:
    """Returns the opening of a filed report: what was handed in, as a hash, and 32 random bytes."""
    return {"type": "desk.report", "log": log, "report_sha256": report_sha256, "salt": salt}


def event_opening(log: str, event_sha256: str, salt: str) -> Record:
    """Returns the opening of a step in a case: its canonical bytes, as a hash, and 32 random bytes."""
    return {"type": "desk.event", "log": log, "event_sha256": event_sha256, "salt": salt}
