from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client

from showground.media import sniff
from showground.rules.refused import Refused
from showground.works.actions import receive
from showground.works.actions.erase import erase_work
from showground.works.models import Work
from tests.entries.conftest import Enter
from tests.entries.sample import Desks
from tests.entries.test_pages import png
from tests.harness.between import meanwhile

NOW = 1_787_000_000


def refused(do: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as no:
        do()
    return no.value


def begun(room: Desks, data: bytes, category: str = "picture") -> Work:
    return receive.start_work(room.maker, category=category, filename="../../etc/bait.png", size=len(data), at=NOW)


# ---- pieces ----


def test_pieces_in_order_make_the_file(room: Desks) -> None:
    data = png(120)
    work = begun(room, data)
    for at in range(0, len(data), 1000):
        assert receive.receive_piece(work, offset=at, pieces=[data[at : at + 1000]]) == min(len(data), at + 1000)
    work = receive.finish_work(work)
    assert (work.state, work.filename) == ("waiting", "bait.png")
    assert work.sha256 == hashlib.sha256(data).hexdigest()
    assert receive.quarantine(work).read_bytes() == data


def test_a_piece_sent_again_after_a_broken_line_changes_nothing(room: Desks) -> None:
    data = png(120)
    work = begun(room, data)
    receive.receive_piece(work, offset=0, pieces=[data[:2000]])
    receive.receive_piece(work, offset=1000, pieces=[data[1000:1500]])  # the answer to the first was lost
    assert work.received == 1500
    receive.receive_piece(work, offset=1500, pieces=[data[1500:]])
    assert receive.finish_work(work).state == "waiting"
    assert receive.quarantine(work).read_bytes() == data


def test_a_gap_is_refused_with_the_place_to_go_on(room: Desks) -> None:
    data = png(120)
    work = begun(room, data)
    receive.receive_piece(work, offset=0, pieces=[data[:700]])
    no = refused(lambda: receive.receive_piece(work, offset=900, pieces=[data[900:]]))
    assert (no.code, no.facts) == ("work.gap", {"have": 700})


def test_more_bytes_than_said_are_refused(room: Desks) -> None:
    data = png()
    work = begun(room, data)
    assert refused(lambda: receive.receive_piece(work, offset=0, pieces=[data, b"x"])).code == "work.longer_than_said"


def test_nothing_and_too_much_are_refused_before_a_byte_is_sent(room: Desks) -> None:
    def begin(category: str, size: int) -> Work:
        return receive.start_work(room.maker, category=category, filename="a", size=size, at=NOW)

    for category, most in sniff.LARGEST.items():
        too_large = refused(partial(begin, category, most + 1))
        assert (too_large.code, too_large.facts["limit"]) == ("work.too_large", most)
        assert begin(category, most).pk
    assert refused(partial(begin, "picture", 0)).code == "work.empty"


def test_a_file_that_is_not_whole_does_not_finish(room: Desks) -> None:
    data = png(120)
    work = begun(room, data)
    assert refused(lambda: receive.finish_work(work)).code == "work.incomplete"
    receive.receive_piece(work, offset=0, pieces=[data[:-1]])
    assert refused(lambda: receive.finish_work(work)).code == "work.incomplete"
    assert Work.objects.get(pk=work.pk).state == "receiving"


def test_a_wrong_kind_is_refused_by_its_bytes_and_erased(room: Desks, django_capture_on_commit_callbacks: Any) -> None:
    data = b"MZ" + b"\0" * 900
    work = begun(room, data)
    receive.receive_piece(work, offset=0, pieces=[data])
    with django_capture_on_commit_callbacks(execute=True):
        work = receive.finish_work(work)
    assert (work.state, work.refusal["code"], work.refusal["found"]) == ("refused", "work.kind", "program")
    assert not receive.quarantine(work).exists()


def test_after_the_last_byte_no_more_is_taken(room: Desks) -> None:
    data = png()
    work = receive.receive_whole(room.maker, category="picture", filename="a.png", size=len(data), pieces=[data], at=NOW)
    assert refused(lambda: receive.receive_piece(work, offset=0, pieces=[data])).code == "work.received"
    assert receive.finish_work(work).state == "waiting"


def test_a_file_is_hashed_before_the_database_is_held(room: Desks) -> None:
    data = png(120)
    work = begun(room, data)
    receive.receive_piece(work, offset=0, pieces=[data])
    file, when = receive.quarantine(work), receive.quarantine(work).stat()

    def other_bytes() -> None:
        file.write_bytes(bytes(len(data)))
        os.utime(file, ns=(when.st_atime_ns, when.st_mtime_ns))  # so that nothing but the time of hashing can tell

    with meanwhile("SAVEPOINT", other_bytes):
        work = receive.finish_work(work)
    assert work.sha256 == hashlib.sha256(data).hexdigest()


def test_a_file_that_changes_while_it_is_hashed_is_not_whole(room: Desks) -> None:
    data = png(120)
    work = begun(room, data)
    receive.receive_piece(work, offset=0, pieces=[data])

    def same_piece_again() -> None:
        receive.receive_piece(Work.objects.get(pk=work.pk), offset=0, pieces=[data[:700]])

    with meanwhile("SAVEPOINT", same_piece_again):
        no = refused(lambda: receive.finish_work(work))
    assert (no.code, no.facts["have"], Work.objects.get(pk=work.pk).state) == ("work.incomplete", 700, "receiving")


def test_a_work_that_is_erased_while_it_is_hashed_stays_erased(room: Desks) -> None:
    data = png(120)
    work = begun(room, data)
    receive.receive_piece(work, offset=0, pieces=[data])
    with meanwhile("SAVEPOINT", lambda: Work.objects.filter(pk=work.pk).update(state="erasing")):
        assert receive.finish_work(work).state == "erasing"
    assert Work.objects.get(pk=work.pk).sha256 == ""


def test_erasing_leaves_no_byte_but_spares_the_same_file_of_another(room: Desks, django_capture_on_commit_callbacks: Any) -> None:
    data = png()
    mine, theirs = (
        receive.receive_whole(p, category="picture", filename="a.png", size=len(data), pieces=[data], at=NOW)
        for p in (room.maker, room.other)
    )
    for work in (mine, theirs):
        receive.original(work).parent.mkdir(parents=True, exist_ok=True)
        receive.original(work).write_bytes(data)
    with django_capture_on_commit_callbacks(execute=True):
        erase_work(mine)
    assert receive.original(theirs).exists() and not receive.quarantine(mine).exists()
    with django_capture_on_commit_callbacks(execute=True):
        erase_work(theirs)
    theirs.refresh_from_db()
    assert (theirs.sha256, theirs.filename, theirs.refusal) == ("", "", {"code": "work.erased"})
    assert [p for p in receive.quarantine(mine).parents[1].rglob("*") if p.is_file()] == []


# ---- over HTTP, as upload.js sends them ----


def start(browser: Client, room: Desks, size: int) -> dict[str, object]:
    entry = room.draft(work=None)
    answer = browser.post(f"/en/2026/enter/{entry.code}/pieces/", {"filename": "bait.png", "size": size})
    assert answer.status_code == 200
    return dict(answer.json())


def piece(browser: Client, address: object, offset: int, data: bytes) -> tuple[int, dict[str, object]]:
    answer = browser.post(f"{address}?offset={offset}", data, content_type="application/octet-stream")
    return answer.status_code, dict(answer.json())


def test_pieces_over_http_go_on_where_a_broken_upload_stopped(room: Desks, enter: Enter) -> None:
    data, browser = png(150), enter("maker")
    told = start(browser, room, len(data))
    assert piece(browser, told["pieces"], 0, data[:5000]) == (200, {"received": 5000, "state": "receiving"})
    assert piece(browser, told["pieces"], 9000, data[9000:])[1]["have"] == 5000
    status, last = piece(enter("maker"), told["pieces"], 5000, data[5000:])
    assert (status, last) == (200, {"received": len(data), "state": "waiting"})


def test_a_cut_off_upload_says_what_the_bytes_are_worth(room: Desks, enter: Enter) -> None:
    browser = enter("maker")
    told = start(browser, room, 400)
    status, last = piece(browser, told["pieces"], 0, b"%PDF" + b"x" * 396)
    assert (status, last["state"]) == (200, "refused")


def test_pieces_are_taken_from_the_owner_only(room: Desks, enter: Enter) -> None:
    told = start(enter("maker"), room, 400)
    assert enter("other").post(f"{told['pieces']}?offset=0", b"x", content_type="application/octet-stream").status_code == 404
    assert enter().post(f"{told['pieces']}?offset=0", b"x", content_type="application/octet-stream").status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(room.maker)
    assert strict.post(f"{told['pieces']}?offset=0", b"x", content_type="application/octet-stream").status_code == 403
    assert Work.objects.get().received == 0


@pytest.mark.parametrize("size", ["0", "-5", "many", str(31 << 20)])
def test_an_upload_of_an_impossible_size_is_refused_in_words(room: Desks, enter: Enter, size: str) -> None:
    entry = room.draft(work=None)
    answer = enter("maker").post(f"/en/2026/enter/{entry.code}/pieces/", {"filename": "a.png", "size": size})
    assert answer.status_code == 422 and answer.json()["said"].startswith("The file is ")
    assert not Work.objects.exists()


# ---- renditions ----


def test_a_rendition_is_sent_whole_or_in_part_and_for_ever(room: Desks, enter: Enter, settings: object) -> None:
    name = "ab" + "0" * 62 + ".mp4"
    home = settings.MEDIA_STORE / "ab"  # type: ignore[attr-defined]
    home.mkdir(parents=True)
    (home / name).write_bytes(bytes(range(200)))
    browser = enter()
    whole = browser.get(f"/media/{name}")
    assert whole.status_code == 200 and "immutable" in whole["Cache-Control"] and whole["Content-Type"] == "video/mp4"
    assert b"".join(whole.streaming_content) == bytes(range(200))
    part = browser.get(f"/media/{name}", HTTP_RANGE="bytes=190-")
    assert (part.status_code, part["Content-Range"], b"".join(part.streaming_content)) == (
        206,
        "bytes 190-199/200",
        bytes(range(190, 200)),
    )
    assert browser.get("/media/" + "cd" + name[2:]).status_code == 404
    assert browser.get("/media/..%2F..%2Fapp.sqlite3").status_code == 404
