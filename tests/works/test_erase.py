"""Erasing: bytes go when the decision stands and not before, and they go in the end whatever process died on the way."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from showground.works import jobs
from showground.works.actions import make_safe
from showground.works.actions.erase import erase_work, remove_bytes, remove_erased
from showground.works.actions.receive import original, quarantine, scratch
from showground.works.models import Work
from tests.entries.sample import Desks
from tests.harness.between import meanwhile

NOW = 1_787_000_000
Made = Callable[..., Work]


def written(file: Path, data: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def rendition(data: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(data).hexdigest()
    return {"use": "picture", "type": "image/webp", "name": "a.webp", "sha256": digest, "file": f"{digest}.webp"}


@pytest.fixture
def made(room: Desks, settings: Any) -> Made:
    """made(b"original", b"rendition") is a work whose files lie in their places."""

    def work(data: bytes, *shown: bytes, state: str = "safe") -> Work:
        told = [rendition(one) for one in shown]
        kept = room.work(room.maker, state, sha256=hashlib.sha256(data).hexdigest(), media={"renditions": told} if shown else {})
        written(original(kept) if state == "safe" else quarantine(kept), data)
        for one, bits in zip(told, shown, strict=True):
            written(settings.MEDIA_STORE / one["file"][:2] / one["file"], bits)
        return kept

    return work


@pytest.fixture
def left(settings: Any) -> Callable[[], list[bytes]]:
    """left() is the content of every file of uploads that is there."""

    def files() -> list[bytes]:
        homes = (Path(settings.WORKS), Path(settings.MEDIA_STORE), Path(settings.H5_STORE))
        return sorted(file.read_bytes() for home in homes for file in home.rglob("*") if file.is_file())

    return files


def state(work: Work) -> str:
    work.refresh_from_db()
    return str(work.state)


def test_a_decision_that_is_rolled_back_has_lost_no_byte(
    made: Made, left: Callable[[], list[bytes]], django_capture_on_commit_callbacks: Any
) -> None:
    work = made(b"sent", b"shown")
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        erase_work(work)
        transaction.set_rollback(True)
    assert state(work) == "safe" and left() == [b"sent", b"shown"]
    with django_capture_on_commit_callbacks(execute=True):
        erase_work(work)
    assert state(work) == "refused" and (work.sha256, work.media, work.filename) == ("", {}, "") and left() == []


def test_what_a_crash_left_goes_with_the_next_turn_of_the_jobs(made: Made, left: Callable[[], list[bytes]], settings: Any) -> None:
    work, game = made(b"sent", b"shown"), made(b"zip", state="safe")
    Work.objects.filter(pk=game.pk).update(media={"hash32": "g" * 32})
    written(settings.H5_STORE / ("g" * 32) / "index.html", b"game")
    written(scratch() / f"{work.code}-x1y2" / "a.webp", b"half made")
    for one in (work, game):
        erase_work(one)  # the transaction of the test never commits, as if the process had died right after its own
    assert len(left()) == 5 and state(work) == "erasing" and work.refusal == {"code": "work.erased"}
    jobs.make_waiting_safe(lambda: NOW, lane=1, lanes=2)
    assert len(left()) == 5, "one lane sees to it"
    jobs.make_waiting_safe(lambda: NOW, lane=0, lanes=2)
    assert left() == [] and {state(work), state(game)} == {"refused"} and work.sha256 == game.sha256 == ""


def test_a_disk_that_says_no_keeps_the_work_in_the_line_and_the_others_going(made: Made, left: Callable[[], list[bytes]]) -> None:
    stuck, other = made(b"sent", state="refused"), made(b"another", b"shown")
    quarantine(stuck).unlink()
    (quarantine(stuck) / "in the way").mkdir(parents=True)
    for work in (stuck, other):
        erase_work(work)
    assert remove_erased() == 1 and (state(stuck), state(other)) == ("erasing", "refused") and left() == []
    (quarantine(stuck) / "in the way").rmdir()
    quarantine(stuck).rmdir()
    assert remove_erased() == 1 and state(stuck) == "refused"


def test_a_picture_that_two_uploads_became_stays_as_long_as_one_of_them(made: Made, left: Callable[[], list[bytes]]) -> None:
    mine, theirs = made(b"one date", b"the same pixels"), made(b"another date", b"the same pixels")
    erase_work(mine)
    assert remove_erased() == 1 and left() == [b"another date", b"the same pixels"]
    erase_work(theirs)
    assert remove_erased() == 1 and left() == []


def test_what_a_waiting_upload_of_the_same_bytes_may_need_goes_after_it(made: Made, left: Callable[[], list[bytes]]) -> None:
    mine, theirs = made(b"the same", b"shown"), made(b"the same", state="waiting")
    erase_work(mine)
    assert remove_erased() == 0 and left() == [b"shown", b"the same", b"the same"]
    Work.objects.filter(pk=theirs.pk).update(state="refused")
    assert remove_erased() == 1 and left() == []


# ---- erased while the jail has it ----


def jailed(work: Work, folder: Path) -> None:
    """The jail has made the rendition b"shown" of the work, which is taken out now."""
    written(folder / "a.webp", b"shown")
    make_safe._take_out(work, make_safe._named({"renditions": [rendition(b"shown")]}), folder)


def test_nothing_is_taken_out_of_the_jail_for_a_work_that_was_erased(
    made: Made, left: Callable[[], list[bytes]], tmp_path: Path
) -> None:
    work = made(b"sent", state="waiting")

    def erased() -> None:
        erase_work(work)
        remove_bytes(work.pk)

    with meanwhile('UPDATE "works_work" SET "media"', erased):
        jailed(work, tmp_path / "out")
    assert left() == [] and state(work) == "refused" and work.media == {}


def test_what_came_out_of_the_jail_after_the_erasing_is_erased_too(
    made: Made, left: Callable[[], list[bytes]], tmp_path: Path, settings: Any
) -> None:
    work = made(b"sent", state="waiting")
    sha256, name = work.sha256, rendition(b"shown")["file"]

    def erased() -> None:
        erase_work(work)
        remove_bytes(work.pk)
        written(settings.MEDIA_STORE / name[:2] / name, b"shown")  # the process of the jobs was slower
        written(Path(settings.WORKS) / "original" / sha256, b"sent")

    with meanwhile('UPDATE "works_work" SET "state"', erased):
        jailed(work, tmp_path / "out")
    assert left() == [] and state(work) == "refused" and (work.sha256, work.media) == ("", {})


def test_a_try_that_died_leaves_nothing_that_the_next_one_did_not_make(
    made: Made, left: Callable[[], list[bytes]], tmp_path: Path, settings: Any
) -> None:
    work = made(b"sent", state="waiting")
    name = rendition(b"shown, by another release")["file"]
    written(settings.MEDIA_STORE / name[:2] / name, b"shown, by another release")
    work.media = {"renditions": [rendition(b"shown, by another release")]}
    work.save()
    jailed(work, tmp_path / "out")
    assert state(work) == "safe" and left() == [b"sent", b"shown"]


def test_a_piece_that_came_after_the_erasing_does_not_stay(made: Made, left: Callable[[], list[bytes]]) -> None:
    gone, here = made(b"sent", state="refused"), made(b"on its way", state="receiving")
    erase_work(gone)
    remove_erased()
    written(quarantine(gone), b"late")
    remove_erased()
    assert left() == [b"on its way"] and os.listdir(quarantine(here).parent) == [here.code]
