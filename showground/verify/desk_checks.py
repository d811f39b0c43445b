"""Did the report desk keep its hours? Batches at full hours and in order, never ahead of their time; figures week after week."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from showground.verify.case import FAIL, GAP, PASS, SKEW, Case, Finding, many

HOUR: Final = 3600
LATE: Final = 8 * 86400  # figures that came later than a day and a week after their period


def desk(case: Case) -> Iterator[Finding]:
    """Every batch and every set of figures of the log (their order is one of `records`); what is in them a proof of filing shows."""
    if not case.week.batches and not case.week.figures:
        yield Finding(PASS, "the report desk wrote nothing into this log")
        return
    yield from _batches(case)
    yield from _figures(case)
    steps = sum(record["count"] for _, record in case.week.batches)
    case.numbers["desk"] = {"batches": len(case.week.batches), "steps": steps, "figures": len(case.week.figures)}


def _batches(case: Case) -> Iterator[Finding]:
    found = case.week.batches
    for index, record in found:
        if record["at"] % HOUR:
            yield Finding(FAIL, f"record {index}: a batch that is not of a full hour", case.file_of(index))
        if early := _before(case, index, record["at"]):
            yield Finding(FAIL, f"record {index}: a batch witnessed {early} s before its hour", case.file_of(index))
    hours = [record["at"] for _, record in found]
    if found:
        steps = many(sum(record["count"] for _, record in found), "step")
        longest = max((later - before for before, later in itertools.pairwise(hours)), default=0) // HOUR
        pause = f"; the longest pause was {many(longest, 'hour')}" if longest > 1 else ""
        yield Finding(PASS, f"{many(len(found), 'batch').replace('batchs', 'batches')} of the desk at full hours, {steps}{pause}")


def _figures(case: Case) -> Iterator[Finding]:
    found = case.week.figures
    for index, record in found:
        if early := _before(case, index, record["to"]):
            yield Finding(FAIL, f"record {index}: figures published {early} s before their period was over", case.file_of(index))
        seen = case.witnessed_at(index)
        if seen is not None and seen > record["to"] + LATE:
            days = (seen - record["to"]) // 86400
            yield Finding(GAP, f"record {index}: figures came {many(days, 'day')} after their period", case.file_of(index))
    for (_, before), (index, record) in itertools.pairwise(found):
        if record["from"] < before["to"]:
            yield Finding(FAIL, f"record {index}: figures of a period that was published already", case.file_of(index))
        elif record["from"] > before["to"]:
            yield Finding(GAP, f"record {index}: figures that leave out a period before them", case.file_of(index))
    if found:
        yield Finding(PASS, f"{many(len(found), 'set')} of figures, each after its period")


def _before(case: Case, index: int, at: int) -> int:
    """By how many seconds a witness saw a record before the instant it speaks of; 0 if none did."""
    times = [time for head in case.having(index) for time in head.times.values()]
    return max(0, at - min(times)) if times and min(times) + SKEW < at else 0
