"""Floods are delayed and held, never refused; a booth behind one address is not a flood; guessing is slow and shuts nobody out."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from showground.reports.actions import file, hold, spool
from showground.reports.models import Event, Report
from showground.reports.queries import reading
from showground.vault import codes
from tests.reports.visitor import HOME, Desk, code_in, open_desk, report, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Any, tmp_path: Path) -> Desk:
    hold.buckets.full_at.clear()
    return open_desk(settings, tmp_path)


def solved(page: str) -> str:
    """Does the work that a page asks for, as the browser does it."""
    told = dict(re.findall(r'data-(algorithm|challenge|salt|signature|most)="([^"]*)"', page))
    salt = told["salt"].replace("&amp;", "&")
    number = next(n for n in range(int(told["most"]) + 1) if hashlib.sha256(f"{salt}{n}".encode()).hexdigest() == told["challenge"])
    answer = {
        "algorithm": told["algorithm"],
        "challenge": told["challenge"],
        "number": number,
        "salt": salt,
        "signature": told["signature"],
    }
    return base64.b64encode(json.dumps(answer).encode()).decode()


def _tickets(page: HttpResponse) -> list[str]:
    return re.findall(r'name="ticket" value="([0-9a-f]+)"', page.content.decode())


def _told(number: int) -> file.Told:
    return file.Told("scam", "en", f"report {number}")


def _crowd(desk: Desk, network: str = "198.51.100.9", times: int = hold.NETWORK[0]) -> None:
    for _ in range(times):
        hold.lane(address=network, proof="", at=desk.now)


def test_with_the_work_done_a_report_is_before_officers_at_once_without_it_a_little_later(desk: Desk) -> None:
    client = Client()
    send(client)
    assert report().held_until == desk.now + hold.HOLD and not report().proved
    page = client.post(HOME, {"category": "phishing"}).content.decode()
    proof = solved(page)
    send(Client(), altcha=proof)
    assert report().held_until is None and report().proved
    send(Client(), altcha=proof)
    assert report().held_until is not None, "a proof is good once"


def test_in_a_flood_the_report_is_kept_and_its_code_comes_when_it_is_its_turn(desk: Desk) -> None:
    _crowd(desk)
    client = Client(REMOTE_ADDR="198.51.100.20")
    page = send(client, words="in the middle of a flood")
    assert page.status_code == 202 and int(page["Retry-After"]) > 0 and not page.cookies
    (ticket,) = _tickets(page)
    assert spool.drain() == 1
    kept = report()
    assert kept.lookup is None and not kept.wraps.filter(to="reporter").exists()
    desk.move(desk.now + int(page["Retry-After"]))
    code = code_in(client.post(f"{HOME}code/", {"ticket": ticket}))
    assert reading.body(reading.by_code(code))["words"] == "in the middle of a flood"
    second = code_in(client.post(f"{HOME}code/", {"ticket": ticket}))
    assert reading.by_code(second).report == kept, "the first answer may have been lost"
    assert Report.objects.count() == 1


def test_a_code_comes_before_its_time_to_those_who_come_back_for_it_and_to_all_at_the_latest_then(desk: Desk) -> None:
    _crowd(desk, times=10_000)
    client = Client(REMOTE_ADDR="198.51.100.20")
    (ticket,) = _tickets(send(client))
    spool.drain()
    while hold.early(address="192.0.2.77", at=desk.now):  # others came back before
        pass
    page = client.post(f"{HOME}code/", {"ticket": ticket})
    assert page.status_code == 202 and int(page["Retry-After"]) == hold.AGAIN and "10 minutes at most" in page.content.decode()
    assert _tickets(page) == [ticket], "the place in the line is kept"
    desk.move(desk.now + hold.LONGEST)
    while hold.early(address="192.0.2.77", at=desk.now):
        pass
    assert code_in(client.post(f"{HOME}code/", {"ticket": ticket}))


def test_one_network_takes_its_share_of_early_codes_and_no_more(desk: Desk) -> None:
    now, taken = desk.now, 0
    for second in range(600):
        for _ in range(3):
            taken += hold.early(address="198.51.100.20", at=now + second)
        assert second < 60 or second % 2 or hold.early(address=f"10.{second % 250}.{second // 250}.1", at=now + second), (
            "there is room for others"
        )
    assert taken <= hold.NETWORK[0] + 600_000 // hold.NETWORK[1] + 1


def test_what_waits_on_the_spool_is_sealed_and_durable_and_filed_once(desk: Desk) -> None:
    _crowd(desk)
    client = Client(REMOTE_ADDR="198.51.100.20")
    page = send(client, words="words that nobody reads here", files=SimpleUploadedFile("shot.png", b"the bytes", "image/png"))
    place = desk.settings.DESK_STORE / "spool" / "lines"
    held = place.read_bytes()
    assert b"words that" not in held and b"the bytes" not in held and b"shot.png" not in held and b"198.51" not in held
    assert place.stat().st_mode & 0o777 == 0o600 and not Report.objects.exists()
    assert spool.drain() == 1 and spool.drain() == 0
    place.write_bytes(held)  # as if the jobs had ended between filing and forgetting
    assert spool.drain() == 0 and Report.objects.count() == 1 and not list(place.parent.iterdir())
    code = code_in(client.post(f"{HOME}code/", {"ticket": _tickets(page)[0]}))
    opened = reading.by_code(code)
    assert reading.original(opened, report().evidence.get(), 0) == b"the bytes"
    assert report().held_until and [event.verb for event in Event.objects.filter(thing_id=report().pk)] == ["filed", "received"]


def test_who_comes_back_is_filed_before_the_flood_that_came_first_and_once(desk: Desk) -> None:
    _crowd(desk)
    bots = [_tickets(send(Client(REMOTE_ADDR="198.51.100.20"), words=f"bot {n}"))[0] for n in range(3)]
    client = Client(REMOTE_ADDR="198.51.100.20")
    (ticket,) = _tickets(send(client, words="a person"))
    folder = desk.settings.DESK_STORE / "spool"
    (folder / "lines").rename(folder / "0.taken")  # the jobs have begun, and are at its head
    _tickets(send(Client(REMOTE_ADDR="198.51.100.20"), words="a bot, after that"))
    code = code_in(client.post(f"{HOME}code/", {"ticket": ticket}))
    assert reading.body(reading.by_code(code))["words"] == "a person" and Report.objects.count() == 1
    while hold.early(address="192.0.2.77", at=desk.now):
        pass
    page = client.post(f"{HOME}code/", {"ticket": bots[0]})
    assert page.status_code == 202 and int(page["Retry-After"]) == hold.SOON, "beyond the share of those who come back: in its turn"
    assert Report.objects.count() == 1 and spool.drain() == 4 and Report.objects.count() == 5
    desk.move(desk.now + 60)
    assert code_in(client.post(f"{HOME}code/", {"ticket": ticket})), "the first answer may have been lost"


def test_a_line_that_was_torn_costs_no_other_line(desk: Desk) -> None:
    _crowd(desk)
    place = desk.settings.DESK_STORE / "spool" / "lines"
    send(Client(REMOTE_ADDR="198.51.100.20"), words="the first")
    with place.open("ab") as file:
        file.write(b'\n{"facts": {"number": "R23')
    send(Client(REMOTE_ADDR="198.51.100.20"), words="the second")
    assert spool.drain() == 2 and Report.objects.count() == 2


def test_a_report_that_is_refused_is_refused_in_a_flood_as_well(desk: Desk) -> None:
    _crowd(desk)
    client = Client(REMOTE_ADDR="198.51.100.20")
    assert send(client, words=" ").status_code == 422
    assert send(client, category="harassment").status_code == 422, "only whom it happened to may say it"
    assert spool.drain() == 0


def test_many_write_while_the_jobs_file_and_nothing_is_lost_or_doubled(desk: Desk) -> None:
    lines = [
        spool._line(file.sealed_row(_told(n), log="x", at=desk.now, channel="web", proved=False, held_until=1)[0])
        for n in range(120)
    ]
    threads = [
        threading.Thread(target=lambda part=part: [spool._append(line) for line in part])
        for part in (lines[::3], lines[1::3], lines[2::3])
    ]
    done = 0
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        done += spool.drain()
    assert done + spool.drain() == 120 == Report.objects.values("number").distinct().count()


def test_in_a_flood_the_second_post_asks_the_database_nothing_and_its_page_is_the_first_one_s(desk: Desk) -> None:
    _crowd(desk)
    client = Client(REMOTE_ADDR="198.51.100.20")
    first = send(client)
    with CaptureQueriesContext(connection) as asked:
        second = send(client, words="the second", shared="1")
    assert not len(asked) and second.status_code == 202 and _tickets(first) != _tickets(second)
    strip = [page.content.replace(_tickets(page)[0].encode(), b"") for page in (first, second)]
    assert strip[0] == strip[1] and dict(first.items()) == dict(second.items())
    assert spool.drain() == 2 and {one.channel for one in Report.objects.all()} == {"web", "share"}
    desk.move(desk.now + hold.SOON)
    code = code_in(client.post(f"{HOME}code/", {"ticket": _tickets(second)[0]}))
    assert reading.body(reading.by_code(code))["words"] == "the second"


def test_what_memory_answers_is_checked_like_everything_else(desk: Desk) -> None:
    _crowd(desk)
    client = Client(REMOTE_ADDR="198.51.100.20")
    proof = solved(client.post(HOME, {"category": "phishing"}).content.decode())
    assert send(client).status_code == 202
    told = {"category": "phishing", "words": "x"}
    assert client.post(f"{HOME}send/", told, HTTP_ORIGIN="https://elsewhere.example").status_code == 422
    assert client.post(f"{HOME}send/", told, HTTP_HOST="evil.example").status_code == 404
    assert send(client, words="").status_code == 422 and send(client, category="defamation").status_code == 422
    assert client.post(f"{HOME}send/", told, REMOTE_ADDR="192.0.2.4").status_code == 200, "another network is served at once"
    client.cookies.clear()
    chinese = send(client, home="/zh-hans/sample/report/")
    assert chinese.status_code == 202 and "现在举报很多" in chinese.content.decode()
    desk.move(desk.now + 11)
    with CaptureQueriesContext(connection) as asked:
        assert send(client).status_code == 202
    assert len(asked), "the page is drawn anew every ten seconds"
    assert send(client, altcha=proof).status_code == 200, "with the work done it is served at once"


def test_of_three_threads_one_makes_a_code_one_waits_a_moment_and_one_is_free(desk: Desk) -> None:
    found: list[bool] = []

    def come() -> None:
        with hold.code_room(proved=False) as room:
            found.append(room)

    with hold.code_room(proved=False):
        waits = threading.Thread(target=come)
        waits.start()
        while not hold._next.locked():  # looked at, never taken: a thread that comes while it is taken would be the third
            time.sleep(0.001)
        with hold.code_room(proved=False) as room:
            assert not room and not found, "the third has its answer at once, while the second still waits"
        waits.join()
    assert found == [False]


def test_without_the_work_codes_are_made_one_at_a_time_and_with_it_at_once(desk: Desk) -> None:
    proof = solved(Client().post(HOME, {"category": "phishing"}).content.decode())
    with hold.code_room(proved=False) as room:
        assert room
        page = send(Client())
        assert page.status_code == 202 and int(page["Retry-After"]) == hold.SOON
        assert send(Client(), altcha=proof).status_code == 200
    (ticket,) = _tickets(page)
    desk.move(desk.now + hold.SOON)
    assert spool.drain() == 1
    assert code_in(Client().post(f"{HOME}code/", {"ticket": ticket}))


@pytest.mark.parametrize("ticket", ["", "00", "zz", "ab" * 200])
def test_a_ticket_made_up_gives_no_code(desk: Desk, ticket: str) -> None:
    page = Client().post(f"{HOME}code/", {"ticket": ticket})
    assert page.status_code == 422 and "too old to get a code" in page.content.decode()


def test_a_flood_from_one_network_does_not_lengthen_the_line_of_others(desk: Desk) -> None:
    _crowd(desk, times=5_000)
    assert hold.lane(address="198.51.100.77", proof="", at=desk.now).wait > 60
    assert hold.lane(address="203.0.113.5", proof="", at=desk.now).wait == 0


def test_thirty_people_behind_one_address_are_no_flood(desk: Desk) -> None:
    waits = [hold.lane(address="192.0.2.1", proof="", at=desk.now + second).wait for second in range(0, 300, 10)]
    assert waits == [0] * 30
    assert [hold.lane(address="192.0.2.1", proof="", at=desk.now + 400).wait for _ in range(30)] == [0] * 30, "all at once, too"


def test_nobody_waits_longer_than_ten_minutes_for_a_code(desk: Desk) -> None:
    _crowd(desk, times=20_000)
    assert hold.lane(address="198.51.100.9", proof="", at=desk.now).wait <= hold.LONGEST


def test_counters_forget_addresses_every_day_and_never_hold_them(desk: Desk) -> None:
    _crowd(desk)
    assert not any(b"198.51.100" in name for name in hold.buckets.full_at)
    before, key = set(hold.buckets.full_at), hold.buckets.key
    hold.lane(address="198.51.100.9", proof="", at=desk.now + 86400)
    assert hold.buckets.key != key and not before & set(hold.buckets.full_at)


def test_a_kiosk_has_its_own_line(desk: Desk) -> None:
    from showground.reports.actions.booths import make

    _crowd(desk, "127.0.0.1", 500)
    token = make("hall 3", by=None, at=desk.now, log="sample")
    client = Client()
    assert "data-kiosk" in client.get(f"{HOME}kiosk/{token}/").content.decode()
    page = send(client, kiosk=token)
    assert page.status_code == 200 and not page.cookies and report().channel == "kiosk" and report().held_until is None
    assert client.get(f"{HOME}kiosk/{'0' * len(token)}/").status_code == 404
    desk.move(desk.now + 41 * 86400)
    assert client.get(f"{HOME}kiosk/{token}/").status_code == 410


# ---- guessing ----


def test_guesses_without_the_work_wait_and_whoever_waited_comes_in(desk: Desk) -> None:
    code = code_in(send(Client()))
    for _ in range(hold.GUESSES[0]):
        assert hold.look_wait(proof="", place="", at=desk.now) == (0, "")
    page = Client().post(f"{HOME}look/", {"code": code})
    assert (
        page.status_code == 429
        and "has not been judged" in page.content.decode()
        and "What you told us" not in page.content.decode()
    )
    (place,) = re.findall(r'name="place" value="([0-9a-f]+)"', page.content.decode())
    assert Client().post(f"{HOME}look/", {"code": code, "place": place}).status_code == 429, "too early"
    desk.move(desk.now + int(page["Retry-After"]))
    assert "What you told us" in Client().post(f"{HOME}look/", {"code": code, "place": place}).content.decode()
    assert hold.look_wait(proof="", place=place, at=desk.now)[0] > 0, "a place is good once"


def test_wrong_codes_make_the_line_longer_and_mistyped_ones_cost_nothing(desk: Desk) -> None:
    for _ in range(3):
        Client().post(f"{HOME}look/", {"code": "1234 5678 9012 3456 00"})
    assert hold.look_wait(proof="", place="", at=desk.now) == (0, "")
    page = Client().post(f"{HOME}look/", {"code": codes.new_code()})
    assert "opens nothing here" in page.content.decode()
    for _ in range(hold.WRONG[0] + 2):
        hold.count_wrong(at=desk.now)
    assert hold.look_wait(proof="", place="", at=desk.now)[0] > 0
    assert hold.look_wait(proof="", place="", at=desk.now + 120) == (0, "")
