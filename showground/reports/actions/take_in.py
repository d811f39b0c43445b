"""Reports are taken in: opened with an officer's key, read in the jail, and put beside those of the same thing.

It runs inside a request of an officer with an open shift and nowhere else: without that key there is nothing to read.
"""

from __future__ import annotations

import json
import struct
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Case as Switch
from django.db.models import IntegerField, Q, QuerySet, When
from nacl.public import PrivateKey

from showground.evidence import cluster, lookalike, observables, opening, sketch
from showground.reports.actions.file import put_sealed
from showground.reports.actions.link import join, new_case, suggest
from showground.reports.actions.note import note
from showground.reports.models import Case, Evidence, Mark, Report
from showground.reports.queries import matching, reading
from showground.reports.queries.keys import Unlocked
from showground.rules.harms import BY_CODE
from showground.rules.records import canonical
from showground.rules.refused import Refused
from showground.vault import boxes

Told = dict[str, Any]
MOST, GROUP, SECONDS, SUGGESTED = 60, 10, 6.0, 3
SHM = Path("/dev/shm")  # noqa: S108  the files lie in memory, in a folder of their own


@dataclass
class TakenIn:
    """What one turn did: reports read, those that joined a case that was there, those that wait still."""

    read: int = 0
    joined: int = 0
    left: int = 0


@dataclass
class _Read:
    """A report with what the jail read of it, before anything is kept."""

    report: Report
    held: reading.Held
    words: Told
    files: list[tuple[Evidence, Told, list[bytes]]] = field(default_factory=list)

    @property
    def all(self) -> list[Told]:
        return [self.words, *(told for _, told, _ in self.files)]


def take_in(who: Unlocked, *, at: int, log: str, most: int = MOST, seconds: float = SECONDS) -> TakenIn:
    """Waiting reports are read and belong to cases, at most `most` or as many as begin within `seconds`, the gravest first.

    A file that cannot be read loses no report; a report that another officer takes in at the same time is taken in once.
    Refuses (`desk.shut`) without the desk's key.
    """
    if who.desk is None:
        raise Refused("desk.shut")
    started, done = time.monotonic(), TakenIn()
    known = matching.index(who.desk, now=at)
    names = matching.protected_names()
    waiting = list(_waiting(at)[:most])
    for first in range(0, len(waiting), GROUP):
        if first and time.monotonic() - started > seconds:
            break
        for one in _opened(waiting[first : first + GROUP], who, names):
            if _kept(one, who.desk, known, lookalike.read_names(names), done, at=at, log=log):
                done.read += 1
    done.left = _waiting(at).count()
    return done


def _waiting(at: int) -> QuerySet[Report]:
    """Reports that nobody has read, those first that want the soonest look."""
    rows = Report.objects.filter(Q(held_until=None) | Q(held_until__lte=at), state=Report.State.RECEIVED, case=None)
    hours = [When(category=code, then=harm.look_hours) for code, harm in BY_CODE.items()]
    return rows.order_by(Switch(*hours, output_field=IntegerField()), "pk")


# ---- reading ----


def _opened(reports: Sequence[Report], who: Unlocked, names: str) -> list[_Read]:
    """Reads the words and files of some reports in one run of the jail; the files lie in memory while they are open."""
    found: list[_Read] = []
    with tempfile.TemporaryDirectory(dir=SHM if SHM.is_dir() else None) as place:
        files: list[Path] = []
        kinds: list[str] = []
        for report in reports:
            try:
                held = reading.by_officer(report, who)
                said = str(reading.body(held).get("words", ""))
            except Refused:
                continue
            one = _Read(report, held, {"opened": False, "why": {"code": "evidence.empty"}})
            found.append(one)
            files.append(_laid(Path(place), report, "words", said.encode()))
            kinds.append("text")
            for number, evidence in enumerate(report.evidence.filter(kind="file").order_by("pk")):
                raw = _original(one, evidence, number)
                one.files.append((evidence, {"opened": False, "why": {"code": "evidence.empty"}}, []))
                if raw is not None:
                    files.append(_laid(Path(place), report, str(number), raw))
                    kinds.append("")
        copies = Path(place) / "copies"
        copies.mkdir()
        told = opening.open_files(files, names=names, kinds=kinds, keep=copies, folder=Path(place))
        by_name = {file.name: one for file, one in zip(files, told, strict=True)}
        for one in found:
            _sorted(one, by_name, copies)
    return found


def _laid(place: Path, report: Report, name: str, raw: bytes) -> Path:
    file = place / f"{report.number}-{name}"
    file.write_bytes(raw)
    return file


def _original(one: _Read, evidence: Evidence, number: int) -> bytes | None:
    """The bytes of a file, None for one that nobody opens (a child may be in it) or that is not there any more."""
    if evidence.state == Evidence.State.SEALED_UNSEEN or not BY_CODE[one.report.category].uploads:
        return None
    try:
        return reading.original(one.held, evidence, number)
    except (OSError, Refused):
        return None


def _sorted(one: _Read, told: dict[str, Told], copies: Path) -> None:
    one.words = told[f"{one.report.number}-words"]
    for number, (evidence, unread, _) in enumerate(one.files):
        answer = told.get(f"{one.report.number}-{number}", unread)
        pixels = [(copies / str(copy["name"])).read_bytes() for copy in answer.get("copies", [])]
        one.files[number] = (evidence, answer, pixels)


# ---- keeping ----


def _kept(one: _Read, desk: PrivateKey, known: cluster.Index, names: lookalike.Names, done: TakenIn, *, at: int, log: str) -> bool:
    """What was read is kept sealed, and the report has a case; False if somebody else was faster."""
    with transaction.atomic():
        report = Report.objects.select_for_update().filter(pk=one.report.pk, state=Report.State.RECEIVED, case=None).first()
        if report is None:
            return False
        if report.erased_at is not None:  # while it was being read
            one = _Read(report, one.held, {"opened": False, "why": {"code": "evidence.empty"}})
        Evidence.objects.filter(report=report, kind="words").delete()
        words = Evidence(report=report, kind="words", size=0)
        for evidence, told, pixels in [(words, one.words, []), *one.files]:
            keep_reading(evidence, told, pixels, one.held.lock, desk)
        report.marks.all().delete()
        Mark.objects.bulk_create(marks_of(report, one.all, desk, names, words=one.words))
        report.state = Report.State.SCREENED
        report.save(update_fields=["state"])
        note("report", report.pk, "taken_in", role="officer", at=at, log=log, facts={"files": len(one.files)})
        [item] = matching.items({report.pk: report.number}, desk)
        links = known.add(item)
        _clustered(report, links, done, at=at, log=log)
        one.report.refresh_from_db()
    return True


def keep_reading(evidence: Evidence, told: Told, pixels: list[bytes], lock: bytes, desk: PrivateKey) -> None:
    """What the jail read of a piece of evidence is kept, sealed under the report's key, with its pixels and the name it came with."""
    if evidence.state == Evidence.State.SEALED_UNSEEN:
        return
    if evidence.read_sealed:  # a file that was added later brought its name (actions/added.py)
        told = {**told, "name": json.loads(boxes.unseal(lock, bytes(evidence.read_sealed), "evidence.read")).get("name", "")}
    evidence.state = Evidence.State.READ if told.get("opened") else Evidence.State.UNREADABLE
    evidence.tries += 1
    evidence.read_sealed = boxes.seal(lock, json.dumps(told).encode(), "evidence.read")
    if pixels:
        evidence.copy = put_sealed(boxes.seal(lock, framed(pixels), "evidence.copy"))
    match = {"sketch": _sketch(told, desk), "picture": str(told.get("fingerprint", ""))}
    if match["sketch"] or match["picture"]:
        evidence.match_sealed = boxes.seal(matching.match_lock(desk), canonical(match), "match")
    evidence.save()


def _sketch(told: Told, desk: PrivateKey) -> list[int]:
    try:
        return list(sketch.of(observables.words(told), matching.sketch_key(desk)))
    except (KeyError, TypeError, AttributeError):  # an answer of the jail is never trusted to have its shape
        return []


def framed(parts: list[bytes]) -> bytes:
    """Returns several pictures as one: each with its length in four bytes before it (queries/case.py: unframed)."""
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def marks_of(
    report: Report, readings: Sequence[Told], desk: PrivateKey, names: lookalike.Names, *, words: Told | None = None
) -> list[Mark]:
    """Returns what several readings of a report name, each thing once; `words` is the reading that is no file."""
    found: dict[tuple[str, str], Mark] = {}
    for told in readings:
        if not told.get("opened"):
            continue
        try:
            seen = observables.flat(told, names)
        except (KeyError, TypeError, AttributeError, ValueError):
            continue
        for each in seen:
            if each["type"] == "file" and told is words:
                continue  # the hash of the words is the hash of the text
            value = boxes.mark(desk, each["type"], each["value"])
            found.setdefault(
                (each["type"], value),
                Mark(report=report, kind=each["type"][:20], mark=value, via=str(each["via"])[:12], strong=not each["weak"]),
            )
    return list(found.values())


def _may_join(report: Report, case: Case) -> bool:
    """A report about one thing of this site never joins a case about another by itself: a decision acts on one thing."""
    return not report.subject or case.work == report.subject


def _clustered(report: Report, links: list[cluster.Link], done: TakenIn, *, at: int, log: str) -> None:
    """The report joins the case that a strong key names, or has one of its own; others that may be the same are suggested."""
    cases = {
        old.number: old.case
        for old in Report.objects.filter(number__in=[link.old for link in links]).select_related("case")
        if old.case is not None
    }
    same = Case.objects.filter(work=report.subject, category=report.category).last() if report.subject else None
    strong = next((link for link in links if link.strong and link.old in cases and _may_join(report, cases[link.old])), None)
    if same is not None:
        join(report, same, rule="same_work", score=1, at=at, log=log)
        done.joined += 1
    elif strong is not None:
        join(report, cases[strong.old], rule=strong.rule, score=strong.score, at=at, log=log)
        done.joined += 1
    else:
        join(report, new_case(report, at=at, log=log), rule="first", score=1, at=at, log=log)
    offered = {report.case_id}
    for link in links:
        case = cases.get(link.old)
        if case is not None and case.pk not in offered and len(offered) <= SUGGESTED:
            offered.add(case.pk)
            suggest(report, case, rule=link.rule, score=link.score, at=at)
