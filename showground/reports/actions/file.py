"""A report is filed: its words and files are sealed before anything looks at them, and the reporter leaves with a code."""

from __future__ import annotations

import os
import secrets
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from nacl.public import PublicKey

from showground.reports.actions.note import fresh_salt, note, prepared
from showground.reports.models import Clock, Event, Evidence, Holder, Identity, IdentityHalf, Report, Wrap
from showground.reports.queries.keys import desk_key
from showground.rules import desk, records
from showground.rules.harms import BY_CODE
from showground.rules.refused import Refused
from showground.vault import boxes, codes

MOST_WORDS = 20_000
MOST_FILE = 10 * 2**20
MOST_FILES = 5
MOST_BYTES = 25 * 2**20


@dataclass(frozen=True)
class Upload:
    """A file as it came: its name, its declared kind, its bytes."""

    name: str
    kind: str
    data: bytes


@dataclass(frozen=True)
class Told:
    """What a reporter says: words, files, and if they wish a mail address for contentless pings and who they are."""

    category: str
    language: str
    words: str
    files: Sequence[Upload] = ()
    contact: str = ""
    identity: dict[str, str] = field(default_factory=dict)
    standing: str = ""  # "target", "guardian" or "holder" where only they may complain
    subject: str = ""  # a work of the week's own site, by its public code
    by_mail: bool = False  # nobody was asked who may complain; what this kind of report does not take is sealed and never opened


@dataclass(frozen=True)
class Kept:
    """A report that is kept and has no code yet; `lock` opens it and is nowhere else in clear."""

    report: Report
    lock: bytes


def check_told(told: Told) -> None:
    """Refuses, each by name, what the desk does not take."""
    harm = BY_CODE.get(told.category)
    if harm is None:
        raise Refused("report.category", category=told.category[:40])
    if not told.words.strip() and not told.files:
        raise Refused("report.empty")
    if len(told.words) > MOST_WORDS:
        raise Refused("report.too_long", most=MOST_WORDS, length=len(told.words))
    if told.files and not harm.uploads and not told.by_mail:
        raise Refused("report.no_files_here", category=told.category)
    check_files(told.files, room=not told.by_mail)  # a mail lies on the disk already, as it came
    if harm.target_only and not told.by_mail and told.standing not in {"target", "guardian", "holder"}:
        raise Refused("report.standing", category=told.category)


def check_files(files: Sequence[Upload], *, room: bool = True) -> None:
    """Refuses, each by name, more files or bytes than one sending takes, and (`room`) what the disk has no room for."""
    size = sum(len(file.data) for file in files)
    if len(files) > MOST_FILES or size > MOST_BYTES:
        raise Refused("report.too_many_files", files=MOST_FILES, megabytes=MOST_BYTES // 2**20)
    for file in files:
        if len(file.data) > MOST_FILE:
            raise Refused("report.file_too_big", file=file.name[:80], megabytes=MOST_FILE // 2**20)
    if files and room:
        check_room(size)


def check_room(size: int) -> None:
    """Refuses (`report.no_room`) files that would take the disk's reserve: a flood of files never costs anybody's words or votes."""
    place = Path(settings.DESK_STORE)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    if shutil.disk_usage(place).free - size < settings.DESK_RESERVE:
        raise Refused("report.no_room")


def one_form(text: str) -> str:
    """Returns text as canonical bytes allow it: one line ending, one normal form, nothing that is no character."""
    whole = text.replace("\r\n", "\n").encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFC", whole)


def put_sealed(sealed: bytes) -> str:
    """The sealed bytes lie in the desk's store, under their own hash; returns it."""
    name = records.sha256_hex(sealed)
    place = Path(settings.DESK_STORE) / name[:2] / name
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not place.exists():
        fresh = place.with_name(f"{name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        with fresh.open("wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(place)
        sync_folder(place.parent)
    return name


def sync_folder(folder: Path) -> None:
    """What was put into the folder is there after a power failure, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _body(told: Told) -> dict[str, Any]:
    """The report as it is sealed and as its filing proof names it; the nonce keeps short reports from being guessed by hash."""
    files = [
        {"name": one_form(f.name[:200]), "kind": one_form(f.kind[:80]), "sha256": records.sha256_hex(f.data)} for f in told.files
    ]
    return {
        "v": 1,
        "category": told.category,
        "language": told.language,
        "words": one_form(told.words),
        "standing": told.standing,
        "files": files,
        "nonce": fresh_salt(),
    }


def file_report(
    told: Told, *, log: str, at: int, channel: str = "web", proved: bool = False, held_until: int | None = None
) -> tuple[Report, str]:
    """The report is kept, sealed to the desk and to its reporter; returns it with the code, which the site does not keep.

    `proved`: a proof of work came with it. A report on hold (`held_until`) is kept and answered like any other; officers see it
    later. Its filing stands in the log's next batch. Refuses what the desk does not take, each by name.
    """
    kept, code = file_open(told, log=log, at=at, channel=channel, proved=proved, held_until=held_until)
    return kept.report, code


def file_open(
    told: Told, *, log: str, at: int, channel: str = "web", proved: bool = False, held_until: int | None = None
) -> tuple[Kept, str]:
    """Does what `file_report` does; returns the report with the key that opens it, for the page of the one who just wrote it."""
    check_told(told)
    code, opened = _fresh_code()  # costly, like sealing, so before the transaction: the database is not held meanwhile
    row, lock = sealed_row(told, log=log, at=at, channel=channel, proved=proved, held_until=held_until)
    with transaction.atomic():
        kept = _keep(row, lock, told.identity)
        _give(kept, opened)
    return kept, code


def file_without_code(
    told: Told, *, log: str, at: int, channel: str = "web", proved: bool = False, held_until: int | None = None
) -> Kept:
    """The report is kept and sealed to the desk at once; `give_code` follows when it is its turn."""
    check_told(told)
    row, lock = sealed_row(told, log=log, at=at, channel=channel, proved=proved, held_until=held_until)
    return _keep(row, lock, told.identity)


def give_code(report: Report, lock: bytes) -> str:
    """The report has a code; returns it. A second call replaces the first code: the answer that carried it may have been lost."""
    code, opened = _fresh_code()
    with transaction.atomic():
        report.wraps.filter(to="reporter").delete()
        _give(Kept(report, lock), opened)
    return code


def _fresh_code() -> tuple[str, codes.Opened]:
    code = codes.new_code()
    return code, codes.open_code(code, salt=bytes(desk_key().code_salt), pepper=settings.DESK_PEPPER)


def _give(kept: Kept, opened: codes.Opened) -> None:
    kept.report.lookup, kept.report.reader = opened.lookup, bytes(opened.key.public_key)
    kept.report.save(update_fields=["lookup", "reader"])
    Wrap.objects.create(report=kept.report, to="reporter", wrapped=boxes.wrap(kept.lock, opened.key.public_key))


@transaction.atomic
def _keep(row: Row, lock: bytes, identity: dict[str, str]) -> Kept:
    [report] = keep_rows([row])
    if identity:
        _identity(report, identity)
    return Kept(report, lock)


# ---- what a report is before the database has it ----


@dataclass(frozen=True)
class Row:
    """A report as it will be kept: sealed, without a number of the database's own. Nothing in it opens it."""

    facts: dict[str, Any]  # columns of Report that are no bytes
    body: bytes
    contact: bytes
    wrap: bytes
    log: str
    files: tuple[tuple[int, str], ...] = ()  # (bytes, name in the desk's store) of each sealed file


def sealed_row(
    told: Told, *, log: str, at: int, channel: str, proved: bool, held_until: int | None, desk: PublicKey | None = None
) -> tuple[Row, bytes]:
    """Returns the report sealed to the desk (`desk`: its key, if the caller knows it), its files in the store, and what opens it.

    Nothing is checked here.
    """
    lock = boxes.new_lock()
    plain = records.canonical(_body(told))
    facts = {
        "number": new_number(), "category": told.category, "channel": channel, "language": told.language, "received_at": at,
        "proved": proved, "held_until": held_until, "subject": told.subject, "filed_salt": fresh_salt(),
        "report_sha256": records.sha256_hex(plain),
    }  # fmt: skip
    files = [
        (len(file.data), put_sealed(boxes.seal(lock, file.data, f"evidence.original.{number}")))
        for number, file in enumerate(told.files)
    ]
    contact = boxes.seal(lock, told.contact.encode(), "report.contact") if told.contact else b""
    wrapped = boxes.wrap(lock, desk or PublicKey(bytes(desk_key().public)))
    return Row(facts, boxes.seal(lock, plain, "report.body"), contact, wrapped, log, tuple(files)), lock


@transaction.atomic
def keep_rows(rows: Sequence[Row]) -> list[Report]:
    """The sealed reports are in the database, each with its key, files, first clock and the two steps that the log will count."""
    reports = Report.objects.bulk_create(Report(**row.facts, body_sealed=row.body, contact_sealed=row.contact) for row in rows)
    pairs = list(zip(reports, rows, strict=True))
    Wrap.objects.bulk_create(Wrap(report=report, to="desk", wrapped=row.wrap) for report, row in pairs)
    Evidence.objects.bulk_create(
        Evidence(report=report, kind="file", size=size, original=name, state=_first_state(report))
        for report, row in pairs
        for size, name in row.files
    )
    Event.objects.bulk_create(event for report, row in pairs for event in _first_steps(report, row.log))
    Clock.objects.bulk_create(_first_clock(report) for report in reports)
    return reports


def _first_state(report: Report) -> str:
    return Evidence.State.WAITING if BY_CODE[report.category].uploads else Evidence.State.SEALED_UNSEEN


def _first_clock(report: Report) -> Clock:
    at = report.received_at
    due = at + BY_CODE[report.category].look_hours * 3600
    return Clock(thing="report", thing_id=report.pk, kind="first_look", started_at=at, due_at=due)


def _first_steps(report: Report, log: str) -> list[Event]:
    """The filing's own commitment (for the reporter's proof) and the step of the desk (for the count of its events)."""
    opening = desk.report_opening(log, report.report_sha256, report.filed_salt)
    filed = Event(
        thing="filing", thing_id=report.pk, verb="filed", role="reporter", at=report.received_at, log=log,
        salt="", commit=records.commitment(opening),
    )  # fmt: skip
    step = prepared(
        "report", report.pk, "received", role="reporter", at=report.received_at, log=log, facts={"channel": report.channel}
    )
    return [filed, step]


def new_number() -> str:
    """Returns a number for a report, hard to confuse by telephone."""
    letters = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
    return "R" + "".join(secrets.choice(letters) for _ in range(7))


@transaction.atomic
def leave_name(report: Report, identity: dict[str, str], *, at: int, log: str) -> None:
    """Who the reporter is lies apart, for two persons together; refuses (`identity.kept`) a second one."""
    if Identity.objects.filter(report=report).exists():
        raise Refused("identity.kept")
    _identity(report, identity)
    note("identity", report.identity.pk, "left", role="reporter", at=at, log=log)


def _identity(report: Report, identity: dict[str, str]) -> None:
    """Who it was lies apart, under a key in two halves: one for the custodians, one for the approvers."""
    first_half, second_half = boxes.halves(lock := boxes.new_lock())
    plain = records.canonical({name: one_form(value) for name, value in sorted(identity.items())})
    kept = Identity.objects.create(report=report, purpose="complainant", sealed=boxes.seal(lock, plain, "identity"))
    halves = {Holder.Duty.CUSTODIAN: first_half, Holder.Duty.APPROVER: second_half}
    holders = list(Holder.objects.filter(duty__in=list(halves), revoked_at=None))
    if {holder.duty for holder in holders} != set(halves):
        raise Refused("desk.no_custodians")
    for holder in holders:
        half = halves[Holder.Duty(holder.duty)]
        IdentityHalf.objects.create(identity=kept, holder=holder, wrapped=boxes.wrap(half, PublicKey(bytes(holder.public))))
