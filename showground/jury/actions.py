"""What organisers, jurors and the notary do about the jury."""

from __future__ import annotations

import base64
from typing import Any

from django.db import transaction

from showground.jury.models import Juror, Sheet
from showground.ledger.actions.append import append
from showground.ledger.actions.publish import write_whole
from showground.ledger.queries import asset_path, chronicle, witnessed_size, written
from showground.people.models import Person
from showground.rules import records, scores
from showground.rules.refused import Refused
from showground.tlog import note
from showground.tlog.malformed import Malformed
from showground.weeks.actions import give_duty
from showground.weeks.models import Role, Week

SHEET = "final"
ESCROW_MOST = 65_536
DAY = 86_400


@transaction.atomic
def appoint_juror(week: Week, *, person: Person, categories: list[str], at: int) -> Juror:
    """The person sits on the jury under a number; the log knows the number only."""
    if known := Juror.objects.filter(week=week, person=person).first():
        return known
    if at >= week.vote_opens:
        raise Refused("jury.late", deadline=week.vote_opens)
    give_duty(week, person=person, duty=Role.Duty.JUROR)
    number = Juror.objects.filter(week=week).count() + 1
    juror = Juror.objects.create(week=week, person=person, number=number, categories=categories)
    append(week.origin, "jury.appointed", written_at=at, juror=number, categories=categories)
    return juror


@transaction.atomic
def declare_key(juror: Juror, *, vkey: str, wrapped: dict[str, Any], at: int) -> Juror:
    """The juror's public key is on its way to the log; the private key is here only as ciphertext."""
    juror = Juror.objects.select_for_update(of=("self",)).select_related("week").get(pk=juror.pk)
    if juror.vkey:
        if juror.vkey == vkey:
            return juror
        raise Refused("jury.key_declared")
    try:
        key = note.parse_vkey(vkey)
    except Malformed as error:
        raise Refused("jury.key", detail=str(error))
    if key.type != note.ED25519 or key.name != f"{juror.week.origin}/jury/{juror.number}":
        raise Refused("jury.key", detail="name")
    juror.vkey, juror.wrapped_key = vkey, wrapped
    juror.save(update_fields=["vkey", "wrapped_key"])
    append(juror.week.origin, "key.declared", written_at=at, role="juror", juror=juror.number, vkey=vkey)
    return juror


def keep_draft(juror: Juror, *, draft: dict[str, Any]) -> None:
    """The draft of a sheet is kept as ciphertext, so that any device of the juror can go on."""
    if len(str(draft)) > ESCROW_MOST:
        raise Refused("jury.draft_too_long", most=ESCROW_MOST)
    Juror.objects.filter(pk=juror.pk).update(draft=draft)


def _open_for_sheets(week: Week, at: int) -> None:
    log = chronicle(week.origin)
    if log.shortlist is None:
        raise Refused("jury.no_shortlist")
    if log.jury_closed is not None or at >= week.jury_closes:
        raise Refused("jury.late_sheet", deadline=week.jury_closes)


def _signed(juror: Juror, commit: str, sig: str) -> bool:
    text = records.jury_note(juror.week.origin, juror.number, SHEET, commit)
    try:
        key = note.parse_vkey(juror.vkey)
        signed = note.parse(f"{text}\n— {key.name} {sig}\n")
        return note.open_note(signed, [key]).text == text
    except (Malformed, ValueError):
        return False


def seal_sheet(juror: Juror, *, commit: str, sig: str, escrow: bytes, at: int) -> Sheet:
    """The sheet is sealed: commitment and signature are on their way to the log, the escrow blob is public ciphertext.

    Sealing again before the deadline replaces the sheet; a repeated click is the same sheet.
    """
    chronicle(juror.week.origin)  # a first reading of the log takes as long as the log is: before the database is held
    return _seal(juror, commit, sig, escrow, at)


@transaction.atomic
def _seal(juror: Juror, commit: str, sig: str, escrow: bytes, at: int) -> Sheet:
    juror = Juror.objects.select_for_update(of=("self",)).select_related("week").get(pk=juror.pk)
    if known := Sheet.objects.filter(juror=juror, commit=commit).first():
        return known
    _open_for_sheets(juror.week, at)
    if not juror.vkey:
        raise Refused("jury.no_key")
    if not records.HEX64(commit) or not _signed(juror, commit, sig):
        raise Refused("jury.signature")
    if not 60 < len(escrow) <= ESCROW_MOST:
        raise Refused("jury.escrow")
    digest = records.sha256_hex(escrow)
    write_whole(asset_path(juror.week.origin, digest), escrow)
    sheet = Sheet.objects.create(juror=juror, name=SHEET, commit=commit, escrow_sha256=digest, committed_at=at)
    append(
        juror.week.origin, "jury.committed", written_at=at,
        juror=juror.number, sheet=SHEET, commit=commit, escrow_sha256=digest, sig=sig,
    )  # fmt: skip
    return sheet


@transaction.atomic
def close_jury(week: Week, *, at: int) -> None:
    """The jury's gate: later sheets do not count. Does nothing before the deadline or a second time."""
    if at < week.jury_closes or written(week.origin, "jury.closed"):
        return
    if chronicle(week.origin).shortlist is None:
        return
    sheets = len({(s.juror_id, s.name) for s in Sheet.objects.filter(juror__week=week)})
    append(week.origin, "jury.closed", written_at=at, sheets=sheets, at=at)


def open_sheets(week: Week, *, openings: list[dict[str, Any]], at: int) -> int:
    """Sheets whose openings match their commitments are opened in the log; returns how many were new.

    Needs no login: an opening proves itself. Before `jury.closed` stands under a cosigned checkpoint it is refused.
    """
    log = chronicle(week.origin)
    if log.jury_closed is None or witnessed_size(week.origin) <= log.jury_closed:
        raise Refused("jury.gate_shut")
    with transaction.atomic():  # from here on only: the log is read
        return sum(_open_one(week, opening, at) for opening in openings)


def _open_one(week: Week, opening: dict[str, Any], at: int) -> int:
    log = chronicle(week.origin)
    try:
        commit = records.commitment(opening)
        key = (int(opening["juror"]), str(opening["sheet"]))
    except (KeyError, TypeError, ValueError):
        raise Refused("jury.opening")
    if key not in log.sheets or log.sheets[key][1]["commit"] != commit:
        raise Refused("jury.opening_differs", juror=key[0])
    taken = Sheet.objects.filter(juror__week=week, juror__number=key[0], name=key[1], commit=commit, opening={})
    if not taken.update(opening=opening):
        return 0
    append(week.origin, "jury.opened", written_at=at, juror=key[0], sheet=key[1], scores=opening["scores"], salt=opening["salt"])
    return 1


def give_up_sheet(week: Week, *, number: int, at: int) -> None:
    """A sheet that nobody can open is named in the log and does not count; the result no longer waits for it."""
    log = chronicle(week.origin)
    if log.jury_closed is None or (number, SHEET) not in log.sheets or (number, SHEET) in log.opened:
        raise Refused("jury.sheet_open")
    if at < week.jury_closes + DAY:
        raise Refused("jury.wait", until=week.jury_closes + DAY)
    with transaction.atomic():  # from here on only: the log is read
        if Sheet.objects.filter(juror__week=week, juror__number=number, opening={}).update(opening={"given_up": True}):
            append(week.origin, "jury.unopened", written_at=at, juror=number, sheet=SHEET, reason="escrow_unreadable")


def check_sheet(week: Week, juror: Juror, rows: list[list[Any]]) -> None:
    """Refuses rows that the rule would not take, so that a juror learns it before sealing."""
    log = chronicle(week.origin)
    assert log.ruleset is not None
    scores.check_scores(log.ruleset, log.category_of(), log.shortlist or [], juror.categories, rows)


def decoded(text: str) -> bytes:
    """Returns the bytes of base64 text, refused if it is not."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused("jury.escrow")
