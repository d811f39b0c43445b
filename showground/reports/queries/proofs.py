"""Where the desk's steps stand in the log, and the proof that a report was filed."""

from __future__ import annotations

from showground.ledger.queries import chronicle, find_log, receipt
from showground.reports.models import Event, Report
from showground.rules import desk, records
from showground.tlog import batch
from showground.weeks.queries import weeks


def newest_open_log(at: int) -> str | None:
    """Returns the origin of the newest week whose log is open, None if there is none: the desk outlives every week."""
    for week in weeks():
        if week.call_opens <= at and find_log(week.origin) is not None and chronicle(week.origin).log_closed is None:
            return week.origin
    return None


def filing_proof(report: Report) -> bytes | None:
    """Returns the file that proves to a third party that this report was filed, None until its batch is witnessed.

    It is a receipt (c2sp.org/tlog-proof) of the batch's record; `extra` holds {leaf, opening, place, path}. It says nothing of the
    report to one who has not the report itself.
    """
    filed = Event.objects.select_related("batch__minute").filter(thing="filing", thing_id=report.pk).first()
    if filed is None or filed.batch is None or filed.batch.minute.index is None:
        return None
    commits = [bytes.fromhex(c) for c in Event.objects.filter(batch=filed.batch).values_list("commit", flat=True)]
    place, hashes = batch.path(commits, bytes.fromhex(filed.commit))
    extra = {
        "leaf": records.parse(filed.batch.minute.entry.encode()),
        "opening": desk.report_opening(filed.log, report.report_sha256, report.filed_salt),
        "place": place,
        "path": [value.hex() for value in hashes],
    }
    found = receipt(filed.batch.origin, filed.batch.minute.index, records.canonical(extra))
    return found.data.encode() if found else None
