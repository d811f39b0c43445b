"""Every print file that nobody should trust gets a clear answer on the page, and nothing that could be taken is lost."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from showground.exhibition.actions import intake as taking
from showground.exhibition.actions import visits
from showground.exhibition.models import Board, Intake
from showground.exhibition.queries import store
from showground.exhibition.staff.frame import in_words
from showground.media import boards
from tests.exhibition.hung import Hung, a_hall, brought
from tests.media import bad_boards, made

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
Bytes = Callable[[], bytes]


@pytest.fixture
def stood(settings: Any, tmp_path: Path) -> Hung:
    settings.MEDIA_STORE, settings.WORKS = tmp_path / "media", tmp_path / "works"
    visits._waiting.clear()
    stand = a_hall()
    settings.CLOCK = lambda: stand.now
    return stand


def small(body: str) -> bytes:
    return made.pdf(made.head(width=105, height=148, margin=8, size=9) + body)


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (bad_boards.locked, "a.pdf", "locked with a password"),
        (lambda: small("= 一")[:2000], "a.pdf", "breaks off in the middle"),
        (lambda: b"%PDF-1.7\n" + bytes(4000) + b"%%EOF", "a.pdf", "could not be read"),
        (bad_boards.huge_tiff, "a.tif", "50000 × 40000 pixels"),
        (lambda: bad_boards.old_office(True), "a.ppt", "password"),
        (lambda: bad_boards.old_office(False), "a.ppt", "before 2007"),
        (bad_boards.bomb_slides, "a.pptx", ""),
        (bad_boards.entity_slides, "a.pptx", ""),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_reason_and_is_kept(stood: Hung, data: Bytes, name: str, sentence: str) -> None:
    body = data()
    try:
        one = brought(stood, body, name)
    except taking.Refused as at_the_door:
        assert sentence in in_words([{"code": at_the_door.code, "facts": at_the_door.facts}])[0]
        return
    assert one.state == Intake.State.REFUSED and not Board.objects.exists()
    (said,) = in_words(one.told)
    assert sentence in said and "cannot be done" not in said
    with translation.override("zh-hans"):
        assert in_words(one.told) != [said]
    assert store.original(one.sha256).read_bytes() == body
    page = stood.client("curator").get("/en/2026/desk/halls/street/")
    assert said.split("%")[0][:30] in page.content.decode().replace("&#x27;", "'").replace("&quot;", '"')


@pytest.mark.parametrize(
    ("data", "name", "code", "text"),
    [
        (bad_boards.scripted, "a.pdf", "board.javascript", "Report it to the desk"),
        (bad_boards.packed_script, "a.pdf", "board.javascript", "Report it to the desk"),
        (lambda: bad_boards.written(bad_boards.TEXT), "a.pdf", "board.font_missing", "Report it to the desk"),
        (bad_boards.outlined, "a.pdf", "board.outlines", ""),
        (lambda: bad_boards.with_member("ppt/vbaProject.bin", b"x"), "a.pptm", "board.macros", "识别钓鱼短信"),
        (lambda: made.pixels(900, 1200), "a.png", "board.no_text", ""),
    ],
)
def test_what_can_be_taken_hangs_with_a_warning_in_words(stood: Hung, data: Bytes, name: str, code: str, text: str) -> None:
    one = brought(stood, data(), name)
    assert one.state == Intake.State.READ
    document = Board.objects.order_by("pk")[0].texts.get().document
    assert code in {told["code"] for told in document["warnings"]}
    assert text in " ".join(boards.plain(block) for block in document["blocks"])
    page = stood.client("curator").get("/en/2026/desk/halls/street/").content.decode()
    said = in_words([told for told in document["warnings"] if told["code"] == code])[0]
    assert said.split("“")[0].split("'")[0][:40] in page


def test_vertical_and_right_to_left_boards_say_so_in_their_text(stood: Hung) -> None:
    brought(stood, made.vertical()[0], "down.pdf")
    brought(stood, made.backwards()[0], "back.pdf")
    down, back = (board.texts.get().document for board in Board.objects.order_by("pk"))
    assert any(block.get("writing") == "vertical" for block in down["blocks"])
    assert any(block.get("dir") == "rtl" for block in back["blocks"])


def test_a_long_pdf_is_read_in_parts_and_none_of_its_pages_twice(stood: Hung, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "PART", 3)
    body = bad_boards.many_pages(7)
    one = brought(stood, body)
    assert (one.state, one.pages, one.read_to, Board.objects.count()) == (Intake.State.WAITING, 7, 3, 3)
    for _ in range(2):
        one = taking.read(one, jail=taking_jail(), at=stood.now, ours=frozenset({one.sha256}))
    assert (one.state, one.read_to, one.done) == (Intake.State.READ, 7, 7)
    said = [boards.plain(board.texts.get().document["blocks"][0]) for board in Board.objects.order_by("place")]
    assert said == [f"Page {number}" for number in range(1, 8)]


def taking_jail() -> Any:
    from showground.works.queries import jail

    return jail()


@pytest.mark.parametrize(
    ("typed", "pages", "state"),
    [("2-3", [2, 3], "read"), (" 4 ", [4], "read"), ("5–9", [], "refused"), ("3-2", [], "refused")],
)
def test_a_part_of_a_file_is_brought_by_its_page_numbers(stood: Hung, typed: str, pages: list[int], state: str) -> None:
    file = SimpleUploadedFile("a.pdf", bad_boards.many_pages(4), content_type="application/pdf")
    answer = stood.client("curator").post("/en/2026/desk/halls/street/bring/", {"file": file, "language": "en", "pages": typed})
    assert answer.status_code == 302
    one = Intake.objects.get()
    one = taking.read(one, jail=taking_jail(), at=stood.now, ours=frozenset({one.sha256}))
    assert one.state == state
    assert [board.page for board in Board.objects.order_by("place")] == pages
    if state == "refused":
        assert "no page" in in_words(one.told)[0]


def test_pages_that_are_no_numbers_and_too_many_of_them_are_said(stood: Hung, monkeypatch: pytest.MonkeyPatch) -> None:
    file = SimpleUploadedFile("a.pdf", bad_boards.many_pages(2), content_type="application/pdf")
    desk = stood.client("curator")
    answer = desk.post("/en/2026/desk/halls/street/bring/", {"file": file, "language": "en", "pages": "one to two"})
    assert answer.status_code == 422 and "Pages are written as 7 or as 1-60." in answer.content.decode()
    monkeypatch.setattr(taking, "PAGES", 3)
    one = brought(stood, bad_boards.many_pages(4))
    assert in_words(one.told) == ["4 pages were asked for; at most 3 are read at once. Name a part of them."]


@pytest.mark.drill
def test_five_hundred_pages_hang_in_the_end_in_parts_of_bounded_memory(stood: Hung) -> None:
    data, began = bad_boards.many_pages(500), time.monotonic()
    with watched() as peaks:
        one, parts = brought(stood, data), [time.monotonic() - began]
        while one.state == Intake.State.WAITING:
            before = time.monotonic()
            one = taking.read(one, jail=taking_jail(), at=stood.now, ours=frozenset({one.sha256}))
            parts.append(time.monotonic() - before)
    assert (one.state, one.done, Board.objects.count()) == (Intake.State.READ, 500, 500)
    assert len(parts) == 25 and min(peaks) > 0
    _record(parts, peaks, os.getloadavg()[0])


@contextlib.contextmanager
def watched() -> Iterator[list[int]]:
    """Yields the most megabytes that this process and the largest below it held while it was watched, ten looks a second."""
    peaks, over = [0, 0], threading.Event()

    def look() -> None:
        while not over.wait(0.1):
            sizes = {pid: (parent, size) for pid, parent, size in _processes()}
            mine, below = {os.getpid()}, 0
            for _ in range(6):  # bubblewrap puts a process or two between
                mine |= {pid for pid, (parent, _size) in sizes.items() if parent in mine}
            below = max((sizes[pid][1] for pid in mine - {os.getpid()} if pid in sizes), default=0)
            peaks[:] = [max(peaks[0], sizes[os.getpid()][1]), max(peaks[1], below)]

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peaks
    finally:
        over.set()
        thread.join()


def _processes() -> Iterator[tuple[int, int, int]]:
    """Yields each process's number, its parent's, and the megabytes it holds."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, KeyError):
            told = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
            yield int(folder.name), int(told["PPid"]), int(told["VmRSS"].split()[0]) // 1024


def _record(parts: list[float], peaks: list[int], load: float) -> None:
    ran = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    result = {
        "what": "a PDF of 500 pages, 709 x 709 pixels each, from the form to 500 boards with tiles and renditions, in parts of 20 pages",
        "seconds": round(sum(parts), 1),
        "seconds_of_a_part_median_and_longest": [round(statistics.median(parts), 1), round(max(parts), 1)],
        "seconds_of_the_first_and_the_last_five_parts": [round(sum(parts[:5]), 1), round(sum(parts[-5:]), 1)],
        "peak_mb_of_the_site_s_process_and_of_a_jailed_one": peaks,
        "load_at_the_end": round(load, 1),
        "commit": ran.stdout.strip(),
    }
    (ROOT / "bench/results/pages.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
