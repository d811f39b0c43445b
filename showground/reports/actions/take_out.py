"""A file of a report leaves the desk: as an archive that nothing opens by accident, and never unnoticed."""

from __future__ import annotations

from django.db import transaction

from showground.evidence.archive import infected
from showground.reports.actions.at_work import at_work
from showground.reports.actions.note import note
from showground.reports.actions.recuse import may
from showground.reports.models import Case, Evidence
from showground.reports.queries import reading
from showground.reports.queries.keys import Unlocked
from showground.rules.harms import BY_CODE
from showground.rules.refused import Refused


@transaction.atomic
def take_out(case: Case, evidence: Evidence, *, who: Unlocked, at: int, log: str) -> bytes:
    """Returns the original file, as it came, in a zip under the password of such archives; that it was taken out is noted.

    Refuses (`evidence.unseen`) what nobody looks at: files in reports of children and of intimate pictures.
    """
    at_work(who.holder.person)
    may(case, who.holder.person)
    report = evidence.report
    if evidence.state == Evidence.State.SEALED_UNSEEN or not BY_CODE[report.category].uploads:
        raise Refused("evidence.unseen")
    held = reading.by_officer(report, who)
    rows = list(report.evidence.filter(kind="file").order_by("pk"))
    place = next(number for number, row in enumerate(rows) if row.pk == evidence.pk)
    names = [str(one.get("name", "")) for one in reading.body(held).get("files", [])]
    data = reading.original(held, evidence, place)
    note("evidence", evidence.pk, "taken_out", role="officer", at=at, log=log, facts={"case": case.number})
    return infected([(names[place] if place < len(names) else "file", data)])
