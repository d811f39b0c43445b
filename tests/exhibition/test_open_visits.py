"""The visits as everybody may know them: days that are over, small numbers hidden, nothing to be had from two releases or two tables."""

from __future__ import annotations

import csv
import io
import itertools
import random
from collections import defaultdict
from typing import Any

import pytest

from showground.exhibition.actions import visits
from showground.exhibition.models import Board, Visits
from showground.exhibition.queries import open_visits
from showground.exhibition.queries.halls import day_of
from showground.exhibition.queries.open_visits import LATE, Sum, Told
from showground.weeks.queries import zone
from tests.exhibition.hung import Hung, a_board, published

pytestmark = pytest.mark.django_db
DAY = 86400


@pytest.fixture
def board(stood: Hung) -> Board:
    return published(stood, a_board(stood))


def seen(stood: Hung, board: Board, counts: dict[int, int], *, ago: int = 1, deed: str = "view", **more: str) -> None:
    """So many openings of the board at each hour, so many days ago."""
    day = day_of(stood.now - LATE - ago * DAY, zone(stood.week))[0]  # a night has two hours in which the day before is not told
    for hour, count in counts.items():
        cell = {"thing": board.code, "language": "en", "entry": "qr", "deed": deed, **more}
        Visits.objects.create(week=stood.week, day=day, hour=hour, count=count, **cell)


def numbers(stood: Hung, by: str, *, later: int = 0) -> dict[str, str]:
    return {one.key: one.count for one in open_visits.told(stood.week, stood.now + later) if one.by == by}


def test_a_day_is_told_when_it_is_over_and_not_before(stood: Hung, board: Board) -> None:
    seen(stood, board, {9: 40}, ago=0)
    assert open_visits.told(stood.week, stood.now) == []
    assert open_visits.told(stood.week, stood.now + DAY + LATE)[0] == Told(
        day_of(stood.now - LATE, zone(stood.week))[0], "all", "view", "40"
    )


def test_of_a_day_with_few_openings_only_that_is_told(stood: Hung, board: Board) -> None:
    seen(stood, board, {9: 9})
    seen(stood, board, {9: 3}, deed="zoom")
    assert numbers(stood, "all") == {"view": "<10"} and numbers(stood, "deed")["zoom"] == "<10"
    assert not any(numbers(stood, by) for by in ("hour", "thing", "language", "entry"))


def test_a_small_number_takes_a_larger_one_with_it_so_that_the_sum_of_the_day_tells_nothing(stood: Hung, board: Board) -> None:
    seen(stood, board, {9: 4, 10: 30, 11: 50})
    found = numbers(stood, "hour")
    assert (found["9"], found["10"], found["11"], found["12"]) == ("<10", "*", "50", "0")
    assert numbers(stood, "thing") == {board.code: "84"} and numbers(stood, "all") == {"view": "84"}


def test_no_hidden_number_is_the_rest_of_a_sum_whatever_was_counted(stood: Hung, board: Board) -> None:
    dice = random.Random(5)
    for ago, hour, thing, way in itertools.product(range(1, 5), range(9, 19), ("b1", "hall:street"), ("qr", "web")):
        if count := dice.choice((0, 0, 0, 0, 1, 2, 7, 30)):
            seen(stood, board, {hour: count}, ago=ago, thing=thing, entry=way)
    truth: defaultdict[tuple[str, str], int] = defaultdict(int)
    for row in Visits.objects.all():
        for by, key in (("hour", str(row.hour)), ("thing", row.thing), ("entry", row.entry)):
            truth[(f"{row.day} {by}", key)] += row.count
    tables: defaultdict[str, list[Told]] = defaultdict(list)
    for one in open_visits.told(stood.week, stood.now):
        tables[f"{one.day} {one.by}"].append(one)
    checked = 0
    for name, rows in tables.items():
        if name.endswith((" hour", " thing", " entry")):
            held = [truth[(name, one.key)] for one in rows if not one.count.isdecimal()]
            assert not held or (len(held) > 1 and sum(held) >= 10), name
            assert all(int(one.count) == truth[(name, one.key)] for one in rows if one.count.isdecimal())
            checked += len(held)
    assert checked > 10, "something was hidden, or this shows nothing"


def test_sums_add_what_was_told_and_say_that_there_is_more(stood: Hung, board: Board) -> None:
    seen(stood, board, {9: 4, 10: 30, 11: 50})
    seen(stood, board, {9: 12, 11: 20}, ago=2)
    told = open_visits.told(stood.week, stood.now)
    hours = open_visits.sums(told, "hour")
    assert (hours["9"].text, hours["10"].text, hours["11"].text) == ("≥ 12", "*", "70")
    assert open_visits.sums(told, "all")["view"] == Sum(116, False)


def test_the_page_the_table_and_the_json_tell_the_same_and_set_nothing(stood: Hung, board: Board) -> None:
    seen(stood, board, {9: 4, 10: 30, 11: 50})
    seen(stood, board, {11: 15}, deed="quiz")
    client = stood.client()
    page = client.get("/en/2026/visits/")
    html = page.content.decode()
    assert page.status_code == 200 and not page.cookies
    assert "Opened 84 times" in html and "Went to the quiz" in html and ">15<" in html and "What is hidden, and why" in html
    table = client.get("/en/2026/visits/visits.csv")
    rows = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert table["Access-Control-Allow-Origin"] == "*" and "max-age" in table["Cache-Control"] and not table.cookies
    told: dict[str, Any] = client.get("/en/2026/visits/visits.json").json()
    assert (
        told["numbers"] == rows
        and told["licence"] == "CC0-1.0"
        and {"by": "hour", "key": "9", "count": "<10"}.items() <= rows[10].items()
    )
    assert 'href="/en/2026/visits/"' in client.get("/en/2026/halls/").content.decode()
    assert 'href="/en/2026/visits/"' in client.get("/en/2026/halls/street/").content.decode()


def test_before_the_first_day_is_over_the_page_says_so(stood: Hung, board: Board) -> None:
    seen(stood, board, {9: 40}, ago=0)
    html = stood.client().get("/en/2026/visits/").content.decode()
    assert "The first day is not over yet." in html and ">40<" not in html


def test_what_waited_in_memory_over_a_quiet_night_changes_no_day_that_was_told(stood: Hung, board: Board) -> None:
    """The last visitor of an evening is written down when the next one comes; in the morning that is too late."""
    midnight = stood.now - LATE
    visits.flush(midnight)
    visits.count(stood.week, board.code, "view", language="en", entry="qr", at=midnight + 1)
    assert Visits.objects.count() == 0, "it waits"
    visits.count(stood.week, board.code, "view", language="en", entry="qr", at=midnight + 8 * 3600)
    visits.flush(midnight + 8 * 3600)
    assert [row.count for row in Visits.objects.all()] == [1]
    visits.count(stood.week, board.code, "zoom", language="en", entry="qr", at=midnight + 8 * 3600 + 2)
    visits.flush(midnight + 8 * 3600 + visits.LONGEST)
    assert Visits.objects.filter(deed="zoom").count() == 1, "what waited for an hour at most is counted"
