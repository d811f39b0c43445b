from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from showground.rules import phases
from showground.rules.chronicle import Chronicle
from tests.rules.sample import rule


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def week(closed: bool = False) -> Chronicle:
    return Chronicle(vote={"opens": 1000, "closes": 2000}, vote_closed=7 if closed else None)


@pytest.mark.parametrize(("now", "said"), [(999, "before"), (1000, "open"), (1999, "open"), (2000, "after")])
def test_open_at_is_open_from_opens_to_just_before_closes(now: int, said: str) -> None:
    assert phases.open_at(week(), now) == said


def test_open_at_is_after_once_the_close_is_in_the_log() -> None:
    assert phases.open_at(week(closed=True), 1500) == "after"


def test_open_at_is_before_without_an_announced_vote() -> None:
    assert phases.open_at(Chronicle(), 10**12) == "before"


def test_scope_at_is_the_local_date() -> None:
    assert phases.scope_at(rule(), instant("2026-09-01T15:59:59+00:00")) == "2026-09-01"
    assert phases.scope_at(rule(), instant("2026-09-01T16:00:00+00:00")) == "2026-09-02"


def test_scope_at_is_the_week_when_the_rule_says_so() -> None:
    assert phases.scope_at(rule(scope="week"), 0) == "week"


def test_boundaries_begin_at_opens_and_turn_at_each_local_midnight() -> None:
    found = phases.boundaries(rule(), instant("2026-09-01T09:00+08:00"), instant("2026-09-03T18:00+08:00"))
    assert found == [
        (instant("2026-09-01T09:00+08:00"), "2026-09-01"),
        (instant("2026-09-02T00:00+08:00"), "2026-09-02"),
        (instant("2026-09-03T00:00+08:00"), "2026-09-03"),
    ]


def test_boundaries_leave_out_a_day_that_begins_at_the_close() -> None:
    found = phases.boundaries(rule(), instant("2026-09-01T09:00+08:00"), instant("2026-09-02T00:00+08:00"))
    assert [scope for _, scope in found] == ["2026-09-01"]


@pytest.mark.parametrize(
    ("tz", "opens", "hours"),
    [("Europe/Berlin", "2026-03-28T12:00+00:00", [23, 24]), ("Europe/Berlin", "2026-10-24T12:00+00:00", [25, 24]),
     ("America/Havana", "2026-03-07T12:00+00:00", [23, 24]), ("Asia/Kathmandu", "2026-03-07T12:00+00:00", [24, 24])],
)  # fmt: skip
def test_boundaries_follow_summer_time(tz: str, opens: str, hours: list[int]) -> None:
    start = instant(opens)
    found = phases.boundaries(rule(tz=tz), start, start + 4 * 86400)
    assert [(b - a) // 3600 for (a, _), (b, _) in pairwise(found[1:4])] == hours
    assert all(
        phases.scope_at(rule(tz=tz), at) == scope and phases.scope_at(rule(tz=tz), at - 1) < scope for at, scope in found[1:]
    )


def test_boundaries_of_a_week_scope_is_one() -> None:
    assert phases.boundaries(rule(scope="week"), 5, 10**6) == [(5, "week")]


CALENDAR = {"call_opens": 10, "call_closes": 20, "vote_opens": 30, "vote_closes": 40, "jury_closes": 50, "results_at": 60}


def test_phase_at_passes_through_every_phase_in_order() -> None:
    assert tuple(phases.phase_at(CALENDAR, now) for now in (9, 10, 20, 30, 40, 50, 60)) == phases.PHASES


def test_zone_data_names_utc_like_the_datetime_module() -> None:
    assert phases.scope_at(rule(tz="UTC"), 0) == datetime.fromtimestamp(0, UTC).date().isoformat()
