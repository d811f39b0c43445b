"""Files that a reporter adds later, with the code: sealed like the first ones, and read when an officer opens the case."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

from showground.evidence import lookalike, opening
from showground.reports.actions.answer import write
from showground.reports.actions.file import Upload, check_files, one_form, put_sealed
from showground.reports.actions.note import note
from showground.reports.actions.take_in import SHM, keep_reading, marks_of
from showground.reports.models import Evidence, Mark, Message, Report
from showground.reports.queries import matching, reading
from showground.reports.queries.case import STANDING
from showground.reports.queries.keys import Unlocked
from showground.reports.queries.reading import Held
from showground.rules.harms import BY_CODE
from showground.rules.refused import Refused
from showground.vault import boxes

MOST_OF_A_REPORT = 20
UNREAD = {"opened": False, "why": {"code": "evidence.empty"}}


def _check(report: Report, files: Sequence[Upload], there: int) -> None:
    if report.erased_at is not None:
        raise Refused("report.erased")
    if report.state == Report.State.WITHDRAWN:
        raise Refused("report.withdrawn")
    if not BY_CODE[report.category].uploads:
        raise Refused("report.no_files_here", category=report.category)
    if there + len(files) > MOST_OF_A_REPORT:
        raise Refused("report.files_full", most=MOST_OF_A_REPORT)
    check_files(files)


def answer_with(held: Held, words: str, files: Sequence[Upload], *, at: int, log: str) -> Message:
    """What the reporter says and adds is with the desk: the files sealed under the report's key, their names in the message.

    Refuses, each by name, what a report does not take, more than 20 files in all (`report.files_full`), and nothing at all.
    """
    while True:
        there = held.report.evidence.filter(kind="file").count()
        if files:
            _check(Report.objects.get(pk=held.report.pk), files, there)
        rows = [_sealed(held, file, number) for number, file in enumerate(files, there)]
        message = _answered(held, words, files, rows, there, at=at, log=log)
        if message is not None:
            return message


def _sealed(held: Held, file: Upload, number: int) -> Evidence:
    """A file is in the store, sealed for its place among the report's; not in the database yet, which is not held meanwhile."""
    named = {"opened": False, "name": one_form(file.name[:200])}
    return Evidence(
        report=held.report,
        kind="file",
        size=len(file.data),
        original=put_sealed(boxes.seal(held.lock, file.data, f"evidence.original.{number}")),
        read_sealed=boxes.seal(held.lock, json.dumps(named).encode(), "evidence.read"),
    )


@transaction.atomic
def _answered(
    held: Held, words: str, files: Sequence[Upload], rows: list[Evidence], there: int, *, at: int, log: str
) -> Message | None:
    """Keeps the answer; None if files came from another page meanwhile, so that these have other places."""
    report = Report.objects.select_for_update().get(pk=held.report.pk)
    if files:
        _check(report, files, there)
        if report.evidence.filter(kind="file").count() != there:
            return None
        Evidence.objects.bulk_create(rows)
        note("report", report.pk, "files_added", role="reporter", at=at, log=log, facts={"files": len(files)})
    names = [f"+ {one_form(file.name[:200])}" for file in files]
    return write(held, "\n".join([*([words.strip()] if words.strip() else []), *names]), way="to_desk", at=at, log=log)


def read_added(report: Report, who: Unlocked, *, at: int, log: str) -> int:
    """Files that came after the report was taken in are read in the jail; returns how many. One that cannot be read says why.

    Without the desk's key, or for a report that does not open to this officer, nothing happens.
    """
    waiting = Evidence.State.WAITING
    if who.desk is None or report.state not in STANDING or not report.evidence.filter(kind="file", state=waiting).exists():
        return 0
    try:
        held = reading.by_officer(report, who)
    except Refused:
        return 0
    rows = list(report.evidence.filter(kind="file").order_by("pk"))
    late = {number: row for number, row in enumerate(rows) if row.state == waiting}
    told = _read(held, late, matching.protected_names())
    with transaction.atomic():
        still = set(
            Evidence.objects.select_for_update()
            .filter(pk__in=[row.pk for row in late.values()], state=waiting)
            .values_list("pk", flat=True)
        )
        done = [(row, *told[number]) for number, row in late.items() if row.pk in still]
        for row, said, pixels in done:
            keep_reading(row, said, pixels, held.lock, who.desk)
        _add_marks(report, [said for _row, said, _pixels in done], who)
        if done:
            note("report", report.pk, "files_read", role="officer", at=at, log=log, facts={"files": len(done)})
    return len(done)


def _read(held: Held, late: dict[int, Evidence], names: str) -> dict[int, tuple[dict[str, Any], list[bytes]]]:
    """Reads the originals in one run of the jail; they lie in memory meanwhile. One that is gone counts as unreadable."""
    found: dict[int, tuple[dict[str, Any], list[bytes]]] = {}
    with tempfile.TemporaryDirectory(dir=SHM if SHM.is_dir() else None) as place:
        files: dict[int, Path] = {}
        for number, row in late.items():
            try:
                (file := Path(place) / f"added-{number}").write_bytes(reading.original(held, row, number))
            except (OSError, Refused):
                found[number] = (dict(UNREAD), [])
            else:
                files[number] = file
        (copies := Path(place) / "copies").mkdir()
        told = (
            opening.open_files(list(files.values()), names=names, kinds=[""] * len(files), keep=copies, folder=Path(place))
            if files
            else []
        )
        for number, said in zip(files, told, strict=True):
            found[number] = (said, [(copies / str(copy["name"])).read_bytes() for copy in said.get("copies", [])])
    return found


def _add_marks(report: Report, told: list[dict[str, Any]], who: Unlocked) -> None:
    """What the files name can be searched for, and later reports of the same thing meet it."""
    if who.desk is None:
        return
    there = set(report.marks.values_list("kind", "mark"))
    fresh = marks_of(report, told, who.desk, lookalike.read_names(matching.protected_names()))
    Mark.objects.bulk_create(mark for mark in fresh if (mark.kind, mark.mark) not in there)
