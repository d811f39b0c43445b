"""What hung in the halls: how many texts of how many boards the log names, and which boards are taken down."""

from __future__ import annotations

from collections.abc import Iterator

from showground.verify.case import PASS, Case, Finding, many


def boards(case: Case) -> Iterator[Finding]:
    """Every board with its texts (their order is one of `records`); the bytes of a text are compared by hand (records.md)."""
    week = case.week
    if not week.boards:
        yield Finding(PASS, "no board was published in this log")
        return
    texts = sum(record["version"] for _, record in week.boards.values())
    down = sorted(week.taken_down)
    case.numbers["boards"] = {"boards": len(week.boards), "texts": texts, "taken_down": down}
    now = f"; taken down now: {', '.join(down)}" if down else ""
    yield Finding(PASS, f"{many(texts, 'text')} of {many(len(week.boards), 'board')}, numbered without a gap{now}")
