"""The history checker: what clients saw, held against what the log holds in the end.

A history is JSONL, one object per event, written by the clients themselves and flushed before they go on:

    {"event": "sent",  "client": str, "call": str}                                   before a cast leaves
    {"event": "acked", "client": str, "call": str, "index": int, "leaf_hash": hex, "entry": str}
    {"event": "failed", ...}                                                         no answer, or not yes: nothing is promised

    judge(events, entries) -> Verdict        entries: the final log, as bytes in index order
"""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any


@dataclass
class Verdict:
    """What is wrong with a log, seen from its clients: calls by kind of fault; `good` when there is none."""

    acked: int = 0
    lost: list[str] = field(default_factory=list)  # acknowledged, and not in the log at its index
    mismatched: list[str] = field(default_factory=list)  # the receipt's entry and leaf hash do not belong together
    duplicated: list[str] = field(default_factory=list)  # two indexes for one call, or one ballot in the log twice
    unasked: list[int] = field(default_factory=list)  # ballots in the log that no client says it sent

    @property
    def good(self) -> bool:
        """True when every acknowledged ballot is in the log exactly once."""
        return not (self.lost or self.mismatched or self.duplicated or self.unasked)


class History:
    """A history file that many client threads write to; `acked` counts what was promised so far."""

    def __init__(self, path: Path) -> None:
        self.acked = 0
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def write(self, event: str, client: str, call: str, **facts: Any) -> None:
        """One line is in the file, safe from a crash of the process that writes it."""
        line = json.dumps({"event": event, "client": client, "call": call, **facts}) + "\n"
        with self._lock:
            self._file.write(line)
            self._file.flush()
            self.acked += event == "acked"

    def close(self) -> None:
        """The file is on disk and closed."""
        os.fsync(self._file.fileno())
        self._file.close()


def read(path: Path) -> list[dict[str, Any]]:
    """Returns the events of a history file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def judge(events: Iterable[dict[str, Any]], entries: Sequence[bytes], sent_by_us: bool = True) -> Verdict:
    """Holds what clients saw against the final entries; with `sent_by_us`, the log may hold no more ballots than were sent."""
    verdict, index_of, open_calls = Verdict(), dict[str, int](), set[str]()
    for event in events:
        call = event["call"]
        if event["event"] == "sent":
            open_calls.add(call)
        elif event["event"] == "acked":
            verdict.acked += 1
            _judge_ack(event, entries, index_of, verdict)
    _judge_ballots(entries, index_of, len(open_calls), verdict, sent_by_us)
    return verdict


def _judge_ack(event: dict[str, Any], entries: Sequence[bytes], index_of: dict[str, int], verdict: Verdict) -> None:
    call, index, entry = event["call"], event["index"], event["entry"].encode()
    if sha256(b"\0" + entry).hexdigest() != event["leaf_hash"]:
        verdict.mismatched.append(call)
    if index_of.setdefault(call, index) != index:
        verdict.duplicated.append(call)
    if not 0 <= index < len(entries) or entries[index] != entry:
        verdict.lost.append(call)


def _judge_ballots(entries: Sequence[bytes], index_of: dict[str, int], sent: int, verdict: Verdict, sent_by_us: bool) -> None:
    found = [(index, entry) for index, entry in enumerate(entries) if json.loads(entry)["type"] == "ballot.cast"]
    twice = {entry for entry, times in Counter(entry for _, entry in found).items() if times > 1}
    verdict.duplicated += [f"index {index}" for index, entry in found if entry in twice]
    if len(set(index_of.values())) != len(index_of):
        verdict.duplicated.append("two calls share an index")
    if sent_by_us and len(found) > sent:
        known = set(index_of.values())
        verdict.unasked += [index for index, _ in found if index not in known]
