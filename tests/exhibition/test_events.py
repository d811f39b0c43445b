"""The programme at the desk: announced, changed, cancelled; calendars hear of each change and halls say what is on."""

from __future__ import annotations

import re
from typing import Any

import pytest

from showground.exhibition.models import Event
from showground.exhibition.queries import events
from showground.weeks.queries import local
from tests.exhibition.hung import Hung, a_hall

pytestmark = pytest.mark.django_db
DESK = "/en/2026/desk/programme/"


def told(stood: Hung, begins: int = 600, lasts: int = 3600, **more: str) -> dict[str, str]:
    starts, ends = (f"{local(stood.week, stood.now + at):%Y-%m-%dT%H:%M}" for at in (begins, begins + lasts))
    return {
        "kind": "talk", "code": "first", "title_zh": "先挂断；再核实", "title_en": "Hang up, then check; it works", "about_zh": "", "about_en": "",
        "place_zh": "一号厅", "place_en": "Room 1", "link": "", "quiz": "", "starts": starts, "ends": ends, **more,
    }  # fmt: skip


def calendar(stood: Hung) -> list[str]:
    text = stood.client().get("/en/2026/programme.ics").content.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


def test_an_event_is_announced_and_stands_in_programme_hall_and_calendar(stood: Hung) -> None:
    assert (
        stood.client("curator").post(f"{DESK}new/", told(stood, kind="stream", link="https://live.example/a.m3u8")).status_code
        == 302
    )
    page = stood.client().get("/en/2026/programme/").content.decode()
    assert "Hang up, then check; it works" in page and "Room 1" in page and "Live stream" in page
    assert 'href="https://live.example/a.m3u8" rel="noreferrer"' in page and "Watch" in page
    lines = calendar(stood)
    assert "SUMMARY:Hang up\\, then check\\; it works" in lines and "URL:https://live.example/a.m3u8" in lines
    assert (
        "SEQUENCE:0" in lines
        and "STATUS:CONFIRMED" in lines
        and lines[0] == "BEGIN:VCALENDAR"
        and lines[-2:] == ["END:VCALENDAR", ""]
    )
    assert [line for line in lines if line.startswith("UID:")] == ["UID:2026-first@localhost:8300"]
    assert events.headline(events.told(stood.week), stood.now).startswith("Next: Hang up")
    assert "Next: Hang up" in stood.client().get("/en/2026/halls/street/").content.decode()


def test_a_change_and_a_cancellation_reach_calendars(stood: Hung, settings: Any) -> None:
    desk = stood.client("curator")
    desk.post(f"{DESK}new/", told(stood))
    event = Event.objects.get()
    settings.CLOCK = lambda: stood.now + 120
    assert desk.post(f"{DESK}{event.pk}/", told(stood, begins=1200, title_en="Later")).status_code == 302
    lines = calendar(stood)
    stamp = re.sub(r"\D", "", next(line for line in lines if line.startswith("DTSTAMP:")))
    assert "SEQUENCE:1" in lines and "SUMMARY:Later" in lines and stamp.endswith(f"{(stood.now + 120) % 60:02}")
    desk.post(f"{DESK}{event.pk}/cancel/", {"do": "cancel"})
    desk.post(f"{DESK}{event.pk}/cancel/", {"do": "cancel"})
    lines = calendar(stood)
    assert "STATUS:CANCELLED" in lines and "SEQUENCE:2" in lines
    assert "Cancelled." in stood.client().get("/en/2026/programme/").content.decode()
    assert events.headline(events.told(stood.week), stood.now) == ""
    desk.post(f"{DESK}{event.pk}/cancel/", {"do": "hold"})
    assert "STATUS:CONFIRMED" in calendar(stood)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"ends": "2026-01-01T00:00", "starts": "2026-01-01T00:00"}, "It must end after it begins."),
        ({"ends": "2036-01-01T00:00", "starts": "2026-01-01T00:00"}, "seven days at most"),
        ({"starts": "soon"}, "Write a day and a time."),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"link": "ftp://live.example/a"}, "begins with https://"),
        ({"title_zh": ""}, "This field is required."),
        ({"quiz": "nowhere"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(stood: Hung, more: dict[str, str], said: str) -> None:
    answer = stood.client("curator").post(f"{DESK}new/", told(stood, **more))
    assert answer.status_code == 422 and said in answer.content.decode() and not Event.objects.exists()


def test_two_events_may_not_share_a_name_and_another_week_s_are_not_there(stood: Hung) -> None:
    desk = stood.client("curator")
    desk.post(f"{DESK}new/", told(stood))
    again = desk.post(f"{DESK}new/", told(stood))
    assert again.status_code == 422 and "of this short name already" in again.content.decode()
    other = a_hall("2027")
    theirs = Event.objects.create(week=other.week, code="x", kind="talk", title={"en": "X"}, starts=1, ends=2)
    assert desk.get(f"{DESK}{theirs.pk}/").status_code == 404
    assert desk.post(f"{DESK}{theirs.pk}/cancel/", {"do": "cancel"}).status_code == 404


def test_now_and_next_are_told_from_the_clock(stood: Hung) -> None:
    desk = stood.client("curator")
    desk.post(f"{DESK}new/", told(stood, begins=-600, lasts=1200, code="now", title_en="The first"))
    desk.post(f"{DESK}new/", told(stood, begins=1800, code="next", title_en="The second"))
    on, following = events.now_and_next(events.told(stood.week), stood.now)
    assert [one.code for one in on] == ["now"] and following is not None and following.code == "next"
    assert events.headline(events.told(stood.week), stood.now).startswith("Now: The first, until ")
