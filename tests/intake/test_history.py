"""The history checker finds what it is there to find."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.harness.history import History, judge, read

ENTRIES = [b'{"type":"log.opened"}', *(b'{"n":%d,"type":"ballot.cast"}' % n for n in range(4))]


def events() -> list[dict[str, Any]]:
    """Clients a to d, all acknowledged, one of them twice for the same call."""
    found = []
    for index, call in enumerate("abcd", start=1):
        entry = ENTRIES[index]
        told = {"index": index, "leaf_hash": sha256(b"\0" + entry).hexdigest(), "entry": entry.decode()}
        found += [{"event": "sent", "client": call, "call": call}, {"event": "acked", "client": call, "call": call, **told}]
    return [*found, found[-1]]


def test_whole_history_is_good() -> None:
    verdict = judge(events(), ENTRIES)
    assert verdict.good and verdict.acked == 5


def test_planted_losses_are_found() -> None:
    for place in range(1, 5):
        lost = ENTRIES[:place] + ENTRIES[place + 1 :]
        assert not judge(events(), lost).good
    assert judge(events(), ENTRIES[:-1]).lost == ["d", "d"]
    assert judge(events(), [*ENTRIES[:4], b'{"n":9,"type":"ballot.cast"}']).lost == ["d", "d"]


def test_ballot_that_stands_twice_is_found() -> None:
    assert judge(events(), [*ENTRIES, ENTRIES[2]]).duplicated == ["index 2", "index 5"]


@pytest.mark.parametrize(("field", "value", "fault"), [("leaf_hash", "0" * 64, "mismatched"), ("index", 1, "duplicated")])
def test_answer_that_contradicts_the_log_or_another_answer_is_found(field: str, value: Any, fault: str) -> None:
    told = events()
    told[-1] = told[-1] | {field: value}
    assert getattr(judge(told, ENTRIES), fault) == ["d"]


def test_ballot_that_nobody_sent_is_found_and_an_unanswered_one_is_no_fault() -> None:
    more = [*ENTRIES, b'{"n":7,"type":"ballot.cast"}']
    assert judge(events(), more).unasked == [5]
    assert judge([*events(), {"event": "sent", "client": "e", "call": "e"}], more).good


def test_history_file_gives_back_what_was_written(tmp_path: Path) -> None:
    seen = History(tmp_path / "h.jsonl")
    for event in events():
        seen.write(**event)
    seen.close()
    assert read(tmp_path / "h.jsonl") == events()
    assert json.loads((tmp_path / "h.jsonl").read_text().splitlines()[0])["event"] == "sent"
