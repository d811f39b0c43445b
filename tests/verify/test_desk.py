"""The report desk in a log: batches at full hours and in order, figures week after week; each lie is caught by name."""

from __future__ import annotations

import hashlib

import pytest

from showground.rules import records
from showground.rules.refused import Refused
from showground.verify import verdict
from showground.verify.case import FAIL, GAP, PASS
from tests.harness.week import DAY, Week
from tests.verify.test_checks import verified

EMPTY = records.sha256_hex(b"")


def week_with(*rows: tuple[str, dict[str, object]], seen: int = 0) -> Week:
    """A whole week with records of the desk after its end, all witnessed at one time."""
    week = Week(voters=2, days=0).run()
    for kind, fields in rows:
        week.append(kind, **fields)
    week.witness("desk", seen or hour(week) + 20 * DAY)
    return week


def hour(week: Week | None = None) -> int:
    at = (week or Week(voters=2, days=0).run()).jury_at
    return at - at % 3600 + 3600


def batch(at: int, count: int = 0) -> tuple[str, dict[str, object]]:
    root = EMPTY if count == 0 else hashlib.sha256(str(at).encode()).hexdigest()
    return "desk.batch", {"at": at, "count": count, "root": root}


def figures(since: int, until: int) -> tuple[str, dict[str, object]]:
    return "figures.published", {"from": since, "to": until, "sha256": EMPTY}


def told(week: Week, name: str = "desk") -> tuple[str, str]:
    outcome = verified(week.files())
    found = next(step for step in outcome.steps if step.name == name)
    assert outcome.unreadable is None, verdict.as_text(outcome)
    return found.word, " | ".join(finding.text for finding in found.findings)


def test_a_log_without_the_desk_says_so_in_one_line() -> None:
    assert told(Week(voters=2, days=0).run("announced")) == (PASS, "the report desk wrote nothing into this log")


def test_boards_are_told_with_those_that_are_taken_down() -> None:
    assert told(Week(voters=2, days=0).run("announced"), "boards") == (PASS, "no board was published in this log")
    published = [("board.published", {"board": board, "version": 1, "sha256": EMPTY}) for board in ("b7", "b8")]
    week = week_with(*published, ("board.withdrawn", {"board": "b7", "version": 1}))
    assert told(week, "boards") == (PASS, "2 texts of 2 boards, numbered without a gap; taken down now: b7")


def test_batches_and_figures_in_order_pass() -> None:
    at = hour()
    rows = [
        batch(at),
        batch(at + 3600, 7),
        batch(at + 5 * 3600, 1),
        figures(at - 14 * DAY, at - 7 * DAY),
        figures(at - 7 * DAY, at),
    ]
    word, said = told(week_with(*rows, seen=at + 6 * 3600))
    assert "3 batches of the desk at full hours, 8 steps; the longest pause was 4 hours" in said
    assert "2 sets of figures" in said and word in {PASS, GAP}


@pytest.mark.parametrize(
    ("rows", "seen", "word", "text"),
    [
        ([("batch", 61, 1)], 0, FAIL, "not of a full hour"),
        ([("batch", 3600, 1)], -1800, FAIL, "s before its hour"),
        ([("figures", 0, 7 * DAY)], DAY, FAIL, "before their period was over"),
        ([("figures", -7 * DAY, 0), ("figures", -8 * DAY, -DAY)], DAY, FAIL, "published already"),
        ([("figures", -7 * DAY, 0), ("figures", DAY, 2 * DAY)], 3 * DAY, GAP, "leave out a period"),
        ([("figures", -7 * DAY, 0)], 12 * DAY, GAP, "figures came 12 days after their period"),
    ],
)
def test_a_lie_is_caught_by_name(rows: list[tuple[str, int, int]], seen: int, word: str, text: str) -> None:
    at = hour()
    made = [batch(at + a, b) if kind == "batch" else figures(at + a, at + b) for kind, a, b in rows]
    got, said = told(week_with(*made, seen=at + (seen or 20 * DAY)))
    assert got == word and text in said, said


def test_a_batch_out_of_order_is_no_record_of_a_log() -> None:
    at = hour()
    with pytest.raises(Refused) as no:
        week_with(batch(at + 3600, 1), batch(at, 1))
    assert no.value.code == "desk.batch_order"
