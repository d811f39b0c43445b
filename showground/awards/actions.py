"""What is done about awards: the shortlist is declared as a set, the result follows from the frozen rule."""

from __future__ import annotations

from django.db import transaction

from showground.awards.models import Result
from showground.ledger.actions.append import append
from showground.ledger.actions.publish import write_whole
from showground.ledger.queries import asset_path, chronicle, door, witnessed_size, written
from showground.rules import awards, records
from showground.rules.refused import Refused
from showground.voting.queries import count_of
from showground.weeks.models import Week


def declare_shortlist(week: Week, *, at: int) -> list[str]:
    """The works that go to the jury are in the log as a set in entry order, without numbers; nothing happens a second time."""
    if written(week.origin, "shortlist.declared"):
        return list(chronicle(week.origin).shortlist or [])
    answer = door().post("/shortlist", {"log": week.origin})  # before the database is held: the door may take its time
    through = answer["through_index"]
    with transaction.atomic():
        if not written(week.origin, "shortlist.declared"):
            append(week.origin, "shortlist.declared", written_at=at, entries=answer["entries"], through_index=through)
    return list(answer["entries"])


def declare_result(week: Week, *, at: int) -> Result:
    """Prizes are decided by the frozen rule from the published count and the opened sheets; each award is a record."""
    known = Result.objects.filter(week=week).first()
    return known or _declared(week, at)


def _declared(week: Week, at: int) -> Result:
    log = chronicle(week.origin)
    counted = count_of(week)
    if log.tally is None or counted is None:
        raise Refused("award.no_tally")
    if missing := sorted(number for number, _ in set(log.sheets) - set(log.opened) - set(log.unopened)):
        raise Refused("award.sheets_sealed", jurors=missing)
    if witnessed_size(week.origin) <= log.tally[0]:
        raise Refused("award.tally_not_witnessed")
    if at < week.jury_closes:
        raise Refused("award.early", jury_closes=week.jury_closes)
    votes = dict(counted.table["votes"])
    result = awards.result_of(log, votes)
    table = awards.as_table(result)
    data = records.canonical(table)
    digest = records.sha256_hex(data)
    write_whole(asset_path(week.origin, digest), data)
    with transaction.atomic():  # from here on only: reading the log and counting are done
        declared, new = Result.objects.get_or_create(
            week=week, defaults={"table": table, "table_sha256": digest, "declared_at": at}
        )
        for fields in awards.decided(result, log.tally[0]) if new else ():
            append(week.origin, "award.decided", written_at=at, **fields)
    return declared
