"""A case as its officer sees it: the reports, what the jail read of their evidence, the links between them, the thread."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404

from showground.entries.queries import made_by
from showground.people.models import Person
from showground.reports.models import Case, CaseLink, Decision, Evidence, Holder, Message, Report
from showground.reports.queries import reading
from showground.reports.queries.keys import Unlocked
from showground.reports.queries.left import in_office
from showground.reports.queries.queue import seen_by
from showground.reports.queries.reading import Held
from showground.rules.refused import Refused
from showground.vault import boxes

Told = dict[str, Any]


def case_or_404(code: str) -> Case:
    """Returns the case of a number."""
    found = case_or_none(code)
    if found is None:
        raise Http404(code)
    return found


def case_or_none(code: str) -> Case | None:
    """Returns the case of a number, None without one."""
    return Case.objects.select_related("assignee", "second_reader").filter(number=code).first() if code else None


def shut_to(case: Case, person: Person) -> bool:
    """True for a person who stays out of the case: recused, or the maker of the work that it is about."""
    if case.recusals.filter(person=person).exists():
        return True
    return bool(case.work) and made_by(case.work, person)


@dataclass
class File:
    """A piece of evidence as it is shown: what was read of it, how many pixel copies it has, its place in the report."""

    evidence: Evidence
    name: str
    told: Told
    place: int

    @property
    def opened(self) -> bool:
        """True if the jail could read it."""
        return bool(self.told.get("opened"))

    @property
    def copies(self) -> range:
        """The places of its pixel copies."""
        return range(len(self.told.get("copies", [])))


@dataclass
class Opened:
    """A report open on an officer's desk."""

    report: Report
    words: str
    standing: str
    told: Told
    files: list[File] = field(default_factory=list)
    thread: list[tuple[bool, str, int]] = field(default_factory=list)
    shut: bool = False


STANDING = (Report.State.CLUSTERED, Report.State.SCREENED)


def reports(case: Case) -> list[Report]:
    """Returns the case's reports that were not withdrawn or rejected, oldest first."""
    return list(case.reports.filter(state__in=STANDING).select_related("identity").order_by("pk"))


def opened(report: Report, who: Unlocked) -> Opened:
    """Returns a report open: words, files as the jail read them, thread; `shut` if this officer's keys do not open it."""
    try:
        held = reading.by_officer(report, who)
        body = reading.body(held)
    except Refused:
        return Opened(report, "", "", {}, shut=True)
    rows = sorted(report.evidence.all(), key=lambda row: row.pk)
    words = next((row for row in rows if row.kind == "words"), None)
    found = Opened(report, str(body.get("words", "")), str(body.get("standing", "")), read_of(held, words) if words else {})
    named = [str(one.get("name", "")) for one in body.get("files", [])]
    for place, row in enumerate(row for row in rows if row.kind == "file"):
        told = read_of(held, row)
        found.files.append(File(row, named[place] if place < len(named) else str(told.get("name", "")), told, place))
    found.thread = [
        (row.way == Message.Way.TO_DESK, boxes.unseal(held.lock, bytes(row.sealed), f"message.{row.way}").decode(), row.at)
        for row in report.messages.all()
    ]
    return found


def read_of(held: Held, evidence: Evidence) -> Told:
    """Returns what the jail read of a piece of evidence, {} before."""
    if not evidence.read_sealed:
        return {}
    return dict(json.loads(boxes.unseal(held.lock, bytes(evidence.read_sealed), "evidence.read")))


def pixels(report: Report, evidence: Evidence, number: int, who: Unlocked) -> bytes:
    """Returns one pixel copy as PNG; refuses (`vault.shut`) whom the report does not open to, 404 where there is none."""
    held = reading.by_officer(report, who)
    if not evidence.copy or evidence.state == Evidence.State.SEALED_UNSEEN:
        raise Http404
    parts = unframed(boxes.unseal(held.lock, reading.stored(evidence.copy), "evidence.copy"))
    if number >= len(parts):
        raise Http404
    return parts[number]


def unframed(data: bytes) -> list[bytes]:
    """Returns the pictures that were framed as one (actions/take_in.py: framed)."""
    parts, at = [], 0
    while at + 4 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        parts.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    return parts


def all_links(told: Told) -> list[Told]:
    """Returns every link that one reading has: of texts, mails, codes."""
    mails = [mail for one in told.get("inside", [told]) for mail in one.get("mails", [])]
    found = [link for mail in mails for link in mail.get("links", [])] if mails else list(told.get("links", []))
    return found + [code["link"] for one in [told, *mails] for code in one.get("codes", []) if code.get("link")]


def links_of(case: Case, who: Unlocked, *, most: int = 40) -> list[Told]:
    """Returns the links that the case's reports lead to, each address once: {url, defanged, host, ...}; pictures' sources are left out.

    How many questions the database is asked does not grow with the reports.
    """
    found: dict[str, Told] = {}
    rows = case.reports.filter(state__in=STANDING).order_by("pk").prefetch_related("wraps", "evidence")
    for told in (told for report in rows[:200] for told in _readings(report, who)):
        for link in all_links(told):
            if link.get("url") and link.get("via") not in {"picture", "style", "resource", "script", "base", "header"}:
                found.setdefault(str(link["url"]), link)
    return list(found.values())[:most]


def _readings(report: Report, who: Unlocked) -> list[Told]:
    """Returns what the jail read of a report's evidence, [] where this officer's keys do not open it."""
    try:
        held = reading.by_officer(report, who)
    except Refused:
        return []
    return [read_of(held, row) for row in sorted(report.evidence.all(), key=lambda row: (row.kind != "words", row.pk))]


def facts(decision: Decision, who: Unlocked) -> str:
    """Returns the facts of a decision, "" once they were shredded."""
    if not decision.facts_sealed or who.desk is None:
        return ""
    return boxes.unseal(boxes.unwrap(bytes(decision.wrapped), who.desk), bytes(decision.facts_sealed), "decision.facts").decode()


def notes(case: Case, who: Unlocked) -> list[tuple[Person, str, int]]:
    """Returns the staff's own notes, oldest first, open."""
    if who.desk is None:
        return []
    rows = case.notes.select_related("by").order_by("pk")
    return [
        (row.by, boxes.unseal(boxes.unwrap(bytes(row.wrapped), who.desk), bytes(row.sealed), "note").decode(), row.at)
        for row in rows
    ]


def suggestions(case: Case, person: Person) -> list[CaseLink]:
    """Returns what may belong together with this case, one line for a case, the surest first; nothing that the person stays out of."""
    rows = (
        CaseLink.objects.filter(report__case=case, suggested=True, undone_at=None)
        .filter(case__in=seen_by(person).values("pk"))
        .exclude(case=case)
        .select_related("case", "report")
    )
    found: dict[int, CaseLink] = {}
    for row in rows.order_by("-score", "pk"):
        found.setdefault(row.case_id, row)
    return list(found.values())


def officers(case: Case | None = None) -> list[Holder]:
    """Returns those who hold the desk's key, work there still and do not stay out of the case."""
    rows = in_office(Holder.Duty.OFFICER).exclude(desk_wrapped=b"").select_related("person")
    if case is not None:
        rows = rows.exclude(person__in=case.recusals.values("person"))
    return [row for row in rows.order_by("pk") if case is None or not case.work or not made_by(case.work, row.person)]
