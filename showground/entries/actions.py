"""What entrants and screeners do with an entry."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from django.db import transaction
from django.db.models import Max

from showground.entries.models import Entry
from showground.ledger.actions.append import append
from showground.people.actions import keyed
from showground.people.models import Person
from showground.rules import records
from showground.rules.refused import Refused
from showground.weeks import queries as weeks
from showground.weeks.models import Week
from showground.works.actions.erase import erase_work
from showground.works.actions.hold import hold_files, release_files
from showground.works.models import Work

LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
OPEN_SUBMISSIONS = 5
WITHHELD_FOR = ("deception", "persons", "rights")  # the log says no more: which harm exactly is between the desk and the maker
RESTORED_FOR = ("appeal", "reconsidered")
FIELDS = (
    "category", "genre", "title_en", "title_zh", "statement_en", "statement_zh", "alt_en", "alt_zh", "maker_name", "maker_kind", "credit",
)  # fmt: skip


def _salt() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def _locked(entry: Entry) -> Entry:
    return Entry.objects.select_for_update(of=("self",)).select_related("week", "work", "person").get(pk=entry.pk)


def _call_open(week: Week, at: int) -> None:
    if at < week.call_opens:
        raise Refused("entry.early", opens=week.call_opens)
    if at >= week.call_closes:
        raise Refused("entry.late", deadline=week.call_closes)


def _may_mend(entry: Entry, at: int) -> None:
    if entry.state == Entry.State.RETURNED:
        # RULE entries 3: a returned work may be mended until the vote opens, even after the call has closed.
        if at >= entry.week.vote_opens:
            raise Refused("entry.late", deadline=entry.week.vote_opens)
    elif entry.state == Entry.State.DRAFT:
        _call_open(entry.week, at)
    else:
        raise Refused("entry.not_open", state=entry.state)


@transaction.atomic
def start_entry(week: Week, *, by: Person, at: int, **fields: Any) -> Entry:
    """A draft of an entry exists; nothing of it is public yet."""
    _call_open(week, at)
    if Entry.objects.filter(week=week, person=by, state=Entry.State.DRAFT).count() >= OPEN_SUBMISSIONS:
        raise Refused("entry.too_many_drafts", most=OPEN_SUBMISSIONS)
    code = "".join(secrets.choice(LETTERS) for _ in range(6))
    known = {name: fields[name] for name in FIELDS if name in fields}
    return Entry.objects.create(week=week, person=by, code=code, started_at=at, **known)


@transaction.atomic
def mend_entry(entry: Entry, *, at: int, **fields: Any) -> Entry:
    """The draft or returned entry says what its maker says now."""
    entry = _locked(entry)
    _may_mend(entry, at)
    before = entry.work
    if fields.get("category", entry.category) != entry.category:
        entry.work = None
    for name in FIELDS:
        if name in fields:
            setattr(entry, name, fields[name])
    entry.save()
    _let_go(before)
    return entry


def _let_go(work: Work | None) -> None:
    """A file that no entry carries any more is erased: nobody could ask for that later, for nothing would lead to it."""
    if work is not None and not Entry.objects.filter(work=work).exists():
        erase_work(work)


@transaction.atomic
def attach_work(entry: Entry, *, work: Work, at: int) -> Entry:
    """The entry carries this uploaded work; what it had is erased."""
    entry = _locked(entry)
    _may_mend(entry, at)
    if work.category != weeks.kind_of(entry.week, entry.category):
        raise Refused("work.category", wanted=entry.category)
    before, entry.work = entry.work, work
    entry.save(update_fields=["work"])
    _let_go(before)
    return entry


def openings(entry: Entry) -> dict[str, dict[str, Any]]:
    """Returns the opening objects behind an entry's three commitments; empty when its salts are gone."""
    if not entry.salts or entry.work is None:
        return {}
    origin = entry.week.origin
    title = {"en": entry.title_en, "zh": entry.title_zh, "maker": entry.maker_name}
    return {
        "title_commit": records.salted("entry.title", origin, entry.code, title, entry.salts["title"]),
        "files_commit": records.salted("entry.files", origin, entry.code, [entry.work.sha256], entry.salts["files"]),
        "submitter": records.salted(
            "entry.submitter", origin, entry.code, keyed("submitter", entry.person.email), entry.salts["submitter"]
        ),
    }


def _record(entry: Entry) -> dict[str, Any]:
    commits = {name: records.commitment(opening) for name, opening in openings(entry).items()}
    pledge = records.sha256_hex(entry.pledge.encode())
    return {"entry": entry.code, "category": entry.category, "genre": entry.genre, "pledge_sha256": pledge, **commits}


@transaction.atomic
def submit_entry(entry: Entry, *, pledge: str, at: int) -> Entry:
    """The entry is handed in: a record with salted commitments is on its way to the log. Handing in twice is the same as once."""
    entry = _locked(entry)
    if entry.state == Entry.State.SUBMITTED:
        return entry
    _may_mend(entry, at)
    if entry.work is None:
        raise Refused("entry.no_work")
    if entry.work.state != Work.State.SAFE:
        raise Refused("entry.work_not_safe", state=entry.work.state)
    if not (entry.title_en or entry.title_zh):
        raise Refused("entry.no_title")
    entry.pledge, entry.pledged_at, entry.submitted_at = pledge, at, at
    entry.salts = {name: _salt() for name in ("title", "files", "submitter")}
    entry.state, entry.reason_code, entry.reason_text = Entry.State.SUBMITTED, "", ""
    entry.save()
    if entry.withheld_at is not None:
        hold_files(entry.work)
    append(entry.week.origin, "entry.submitted", written_at=at, **_record(entry))
    return entry


def _to_screen(entry: Entry, by: Person, at: int) -> Entry:
    entry = _locked(entry)
    if entry.state != Entry.State.SUBMITTED:
        raise Refused("entry.not_submitted", state=entry.state)
    if at >= entry.week.vote_opens:
        raise Refused("entry.late", deadline=entry.week.vote_opens)
    if entry.person_id == by.pk:
        raise Refused("entry.own")
    entry.decided_at, entry.decided_by = at, by
    return entry


@transaction.atomic
def admit_entry(entry: Entry, *, by: Person, at: int) -> Entry:
    """The entry has a number and will be shown and voted on; the log says so."""
    entry = _to_screen(entry, by, at)
    entry.state = Entry.State.ACCEPTED
    entry.number = (Entry.objects.filter(week=entry.week).aggregate(most=Max("number"))["most"] or 100) + 1
    entry.save()
    append(entry.week.origin, "entry.accepted", written_at=at, **_record(entry))
    return entry


@transaction.atomic
def return_entry(entry: Entry, *, by: Person, at: int, reason: str, text: str) -> Entry:
    """The entry is back with its maker, with the reason; the log says so, so there is no silent drawer."""
    entry = _to_screen(entry, by, at)
    entry.state, entry.reason_code, entry.reason_text = Entry.State.RETURNED, reason, text
    entry.save()
    append(entry.week.origin, "entry.returned", written_at=at, entry=entry.code, reason_code=reason)
    return entry


@transaction.atomic
def withdraw_entry(entry: Entry, *, at: int) -> Entry:
    """The entry is withdrawn by its maker; a record says so if the log knew the entry."""
    entry = _locked(entry)
    if entry.state == Entry.State.WITHDRAWN:
        return entry
    if at >= entry.week.vote_closes:
        raise Refused("entry.late", deadline=entry.week.vote_closes)
    known = entry.submitted_at is not None
    entry.state = Entry.State.WITHDRAWN
    entry.save(update_fields=["state"])
    if known:
        append(entry.week.origin, "entry.withdrawn", written_at=at, entry=entry.code, reason_code="maker")
    return entry


@transaction.atomic
def withhold_entry(entry: Entry, *, reason_code: str, by: Person, at: int, words: dict[str, str] | None = None) -> Entry:
    """Nobody is shown the work any more but its maker, screeners and the jury; the log says so and why in one word.

    RULE entries 5: it stays in the list of the vote, votes for it are counted, and it may win; only showing it ends, until it is
    restored. `words` are public reasons by language, naming nobody. Refuses a work that nobody handed in (`entry.not_shown`), one that
    is withheld already (`entry.withheld_twice`), a reason that is none (`entry.reason`).
    """
    entry = _locked(entry)
    if entry.state not in {Entry.State.SUBMITTED, Entry.State.ACCEPTED}:
        raise Refused("entry.not_shown", state=entry.state)
    if entry.withheld_at is not None:
        raise Refused("entry.withheld_twice", entry=entry.code)
    if reason_code not in WITHHELD_FOR:
        raise Refused("entry.reason", reason=reason_code[:40])
    entry.withheld_at, entry.withheld_for, entry.withheld_by, entry.withheld_words = at, reason_code, by, words or {}
    entry.save(update_fields=["withheld_at", "withheld_for", "withheld_by", "withheld_words"])
    assert entry.work is not None, "the table refuses a submitted entry without a work"
    hold_files(entry.work)
    append(entry.week.origin, "entry.withheld", written_at=at, entry=entry.code, reason_code=reason_code)
    return entry


@transaction.atomic
def restore_entry(entry: Entry, *, reason_code: str, by: Person, at: int) -> Entry:
    """The work is shown again as if nothing had been; the log says so and why. `by` is who turned the decision.

    Refuses a work that is not withheld (`entry.not_withheld`), a reason that is none (`entry.reason`).
    """
    entry = _locked(entry)
    if entry.withheld_at is None:
        raise Refused("entry.not_withheld", entry=entry.code)
    if reason_code not in RESTORED_FOR:
        raise Refused("entry.reason", reason=reason_code[:40])
    entry.withheld_at, entry.withheld_for, entry.withheld_by, entry.withheld_words = None, "", by, {}
    entry.save(update_fields=["withheld_at", "withheld_for", "withheld_by", "withheld_words"])
    if entry.work is not None:
        release_files(entry.work)
    append(entry.week.origin, "entry.restored", written_at=at, entry=entry.code, reason_code=reason_code)
    return entry


@transaction.atomic
def erase_entry(entry: Entry) -> Entry:
    """Of a withdrawn entry nothing is left here but its code: no file, no word of its maker, no salt to its commitments.

    The log keeps hashes that nobody can connect to a person without the salts.
    """
    entry = _locked(entry)
    if entry.state != Entry.State.WITHDRAWN:
        raise Refused("entry.not_withdrawn", state=entry.state)
    before, entry.work = entry.work, None
    for name in FIELDS[2:]:
        setattr(entry, name, "" if name != "maker_kind" else "person")
    entry.salts, entry.pledge, entry.reason_text = {}, "", ""
    entry.save()
    _let_go(before)
    return entry


def to_list(week: Week) -> list[str]:
    """Returns the codes of the entries that go into the vote, sorted; refuses while one waits for a decision, and if there is none."""
    if waiting := Entry.objects.filter(week=week, state=Entry.State.SUBMITTED).count():
        raise Refused("entries.undecided", waiting=waiting)
    listed = sorted(Entry.objects.filter(week=week, state=Entry.State.ACCEPTED).values_list("code", flat=True))
    if not listed:
        raise Refused("entries.none")
    return listed


@transaction.atomic
def close_entries(week: Week, *, at: int) -> list[str]:
    """The list of entries is closed: count and hash are in the log; returns the listed codes. Refuses what `to_list` refuses."""
    listed = to_list(week)
    append(week.origin, "entries.closed", written_at=at, count=len(listed), list_sha256=records.list_sha256(listed))
    return listed
