"""Counts without anybody in them: what is counted, what is hidden, and that nothing hidden can be worked out."""

from __future__ import annotations

import csv
import io
import random
import re
from collections import defaultdict
from typing import Any

import pytest

from showground.exhibition.actions import visits as counting
from showground.exhibition.models import Board, Medium, Visits
from showground.exhibition.queries import visits
from showground.works.models import Work
from tests.exhibition.hung import Hung, a_board, published

pytestmark = pytest.mark.django_db
PAGE = "/en/2026/boards/{}/"


@pytest.fixture
def board(stood: Hung) -> Board:
    return published(stood, a_board(stood))


def cells() -> dict[tuple[str, str, str], int]:
    return {(one.thing, one.entry, one.deed): one.count for one in Visits.objects.all()}


def cell(
    week: Any, count: int, *, day: str = "2026-09-14", hour: int = 9, thing: str = "b1", entry: str = "qr", deed: str = "view"
) -> None:
    Visits.objects.create(week=week, day=day, hour=hour, thing=thing, language="en", entry=entry, deed=deed, count=count)


# ---- what is counted ----


def test_an_opening_is_counted_by_its_way_of_entry_and_nobody_is_in_it(stood: Hung, board: Board) -> None:
    client = stood.client()
    for _ in range(11):
        client.get(PAGE.format(board.code) + "?via=qr")
    client.get(PAGE.format(board.code) + "?via=<script>")
    counting.flush(stood.now)
    assert cells() == {(board.code, "qr", "view"): 11, (board.code, "web", "view"): 1}
    names = {"id", "week", "day", "hour", "thing", "language", "entry", "deed", "count"}
    assert {field.name for field in Visits._meta.get_fields()} == names


def test_programs_and_fetching_ahead_are_no_openings(stood: Hung, board: Board) -> None:
    client, path = stood.client(), PAGE.format(board.code)
    client.head(path)
    client.get(path, HTTP_SEC_PURPOSE="prefetch;prerender")
    client.get(path, HTTP_USER_AGENT="Mozilla/5.0 (compatible; Examplebot/2.1)")
    counting.flush(stood.now)
    assert cells() == {}


def test_a_zoom_is_counted_when_the_picture_s_description_is_asked_for(stood: Hung, board: Board) -> None:
    client = stood.client()
    client.get(f"/iiif/{board.code}/tiles/info.json", HTTP_SEC_FETCH_SITE="same-origin")
    client.get(f"/iiif/{board.code}/tiles/info.json")
    client.get(f"/iiif/{board.code}/tiles/full/max/0/default.jpg")
    counting.flush(stood.now)
    assert cells() == {(board.code, "web", "zoom"): 1, (board.code, "iiif", "zoom"): 1}


def test_a_recording_is_counted_when_somebody_presses_play_and_not_when_the_player_goes_on(stood: Hung, board: Board) -> None:
    made = {"use": "sound", "file": "0" * 64 + ".mp3", "type": "audio/mpeg", "width": 0, "height": 0, "bytes": 9}
    work = Work.objects.create(
        code="sound1", owner=stood.people["curator"], category="sound", filename="a.mp3", declared_size=9, state="safe",
        media={"renditions": [made], "duration_ms": 9000}, started_at=stood.now,
    )  # fmt: skip
    medium = Medium.objects.create(
        board=board, kind="audio", language="en", work=work, transcript={"en": "Welcome.", "zh": "欢迎。"}
    )
    path = f"{PAGE.format(board.code)}play/{medium.pk}/"
    assert path in stood.client().get(PAGE.format(board.code)).content.decode()
    for part in ({}, {"HTTP_RANGE": "bytes=0-"}, {"HTTP_RANGE": "bytes=4096-"}):
        assert stood.client().get(path, **part)["Location"] == f"/media/{made['file']}"
    assert stood.client().get(f"{PAGE.format(board.code)}play/999/", follow=True).status_code == 404
    counting.flush(stood.now)
    assert cells()[(board.code, "web", "audio")] == 2
    manifest = stood.client().get(f"/iiif/{board.code}/manifest.json").json()
    heard = next(page for page in manifest["items"][0]["annotations"] if page["id"].endswith("/sounds"))["items"][0]["body"]
    assert (heard["type"], heard["format"], heard["duration"]) == ("Sound", "audio/mpeg", 9)


def test_two_processes_may_meet_at_a_new_cell(stood: Hung) -> None:
    told = (stood.week.pk, "2026-09-14", 9, "b1", "en", "qr", "view")
    counting._add(told, 3)
    counting._add(told, 4)
    assert Visits.objects.get().count == 7


# ---- what is hidden ----


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([], []),
        ([0, 0], ["0", "0"]),
        ([30, 40], ["30", "40"]),
        ([30, 40, 3], ["*", "40", "<10"]),
        ([30, 40, 3, 4], ["*", "40", "<10", "<10"]),  # 3 and 4 are told apart by nobody, but their sum is below ten
        ([30, 40, 6, 7], ["30", "40", "<10", "<10"]),
        ([30, 0, 9], ["*", "0", "<10"]),
        ([5], ["<10"]),
    ],
)
def test_a_number_whose_sum_is_known_takes_others_with_it(counts: list[int], shown: list[str]) -> None:
    assert visits.together(counts) == shown


def test_no_hidden_number_of_the_open_table_can_be_worked_out_from_the_pages_sums(stood: Hung) -> None:
    chance = random.Random(5)
    for day in range(3):
        for hour in range(9, 13):
            for board in ("b1", "b2", "b3"):
                for way in ("qr", "next", "web"):
                    if count := max(0, int(chance.gauss(12, 9))):
                        cell(stood.week, count, day=f"2026-09-1{day}", hour=hour, thing=board, entry=way)
    truth = {(row.day, row.hour, row.thing, row.entry): row.count for row in Visits.objects.all()}
    rows = list(csv.DictReader(io.StringIO(visits.open_csv(stood.week))))
    assert len(rows) == len(truth) and {row["count"] for row in rows} & {"<10", "*"}
    for margin in (("day",), ("hour",), ("thing",), ("entry",), ("language",)):
        held: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for row in rows:
            known = truth[(row["day"], int(row["hour"]), row["thing"], row["entry"])]
            if row["count"].isdecimal():
                assert int(row["count"]) == known >= visits.SMALL
            else:
                held[tuple(row[name] for name in margin)].append(known)
        assert all(len(group) >= 2 and sum(group) >= visits.SMALL for group in held.values()), margin


def test_an_open_table_of_one_small_cell_says_no_more_than_that(stood: Hung) -> None:
    cell(stood.week, 3)
    assert visits.open_csv(stood.week).splitlines()[1] == "2026-09-14,9,b1,en,qr,view,<10"


# ---- how far people walk ----


def test_the_walk_says_who_went_on_and_where_most_stopped(stood: Hung) -> None:
    listed = [Board(hall=stood.hall, code=f"b{number}", place=number) for number in range(1, 4)]
    for code, way, count in (("b1", "qr", 100), ("b2", "next", 60), ("b2", "back", 20), ("b3", "next", 20), ("b3", "web", 10)):
        cell(stood.week, count, thing=code, entry=way)
    told = visits.table(stood.week, listed)
    assert [(line.deeds["view"], line.onward, line.stopped) for line in told] == [
        ("100", "60", 40),
        ("80", "20", 75),
        ("30", "", None),
    ]


def test_a_small_walk_is_not_told(stood: Hung) -> None:
    listed = [Board(hall=stood.hall, code=f"b{number}", place=number) for number in range(1, 3)]
    cell(stood.week, 100, thing="b1")
    cell(stood.week, 4, thing="b2", entry="next")
    assert [(line.onward, line.stopped) for line in visits.table(stood.week, listed)] == [("<10", None), ("", None)]


def test_the_page_draws_days_hours_ways_and_the_walk_with_tables(stood: Hung, board: Board) -> None:
    for way, count in (("qr", 40), ("web", 25), ("kiosk", 3), ("search", 12)):
        cell(stood.week, count, thing=board.code, entry=way)
    cell(stood.week, 3, thing=board.code, day="2026-09-15")
    page = stood.client("curator").get("/en/2026/desk/visits/").content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert page.count('<svg class="plot plot-wide"') == 1 and page.count("<table") == 5, "both days are hidden, the hour is not"
    assert "&lt;10" in page and "QR sign" in text and "Kiosk" in text
    assert re.search(r"\b83\b", text) and not re.search(
        r"\b80\b", text
    )  # 83 in all is told, so 80 of one day would tell the 3 of the other


def test_of_numbers_that_are_all_hidden_nothing_is_drawn(stood: Hung, board: Board) -> None:
    desk = stood.client("curator")
    for hour in (9, 10):
        cell(stood.week, 6, hour=hour, thing=board.code)
    page = desk.get("/en/2026/desk/visits/").content.decode()
    assert page.count('<svg class="plot plot-wide"') == 1, "the day, of which twelve are told; its hours are both below ten"
    Visits.objects.filter(hour=10).delete()
    page = desk.get("/en/2026/desk/visits/").content.decode()
    assert '<svg class="plot plot-wide"' not in page and page.count("<details open>") == 2
