"""Figures are published for each week that is over, in order, and their hash stands in the log. Nobody can leave one out."""

from __future__ import annotations

from django.db import transaction

from showground.ledger.actions.append import append
from showground.reports.actions.note import note
from showground.reports.models import FigureSnapshot
from showground.reports.queries import counting, figures
from showground.reports.queries.proofs import newest_open_log
from showground.rules.records import canonical, sha256_hex
from showground.rules.refused import Refused


def publish_due(*, at: int) -> list[FigureSnapshot]:
    """Every period that is over has its figures; returns those that are new, oldest first."""
    done = []
    while (waiting := figures.next_period(at)) is not None:
        done.append(publish(*waiting, at=at))
    return done


@transaction.atomic
def publish(since: int, until: int, *, at: int) -> FigureSnapshot:
    """The figures of [since, until) are published: kept as they are, with a record `figures.published` if a log is open; what waits
    for its like is handed on to the next week.

    Refuses a period that is not over (`figures.early`), or that does not begin where the last one ended (`figures.order`).
    """
    newest = FigureSnapshot.objects.select_for_update().order_by("-period_to").first()
    if until > at or since >= until:
        raise Refused("figures.early", until=until)
    if newest is not None and since != newest.period_to:
        raise Refused("figures.order", since=since, wanted=newest.period_to)
    told, waiting = counting.counted(since, until, newest.waiting if newest else {})
    digest, log = sha256_hex(canonical(told)), newest_open_log(at)
    minute = None
    if log is not None:
        minute = append(log, "figures.published", written_at=at, sha256=digest, **{"from": since, "to": until})
    snapshot = FigureSnapshot.objects.create(
        period_from=since, period_to=until, figures=told, sha256=digest, published_at=at, minute=minute, waiting=waiting
    )
    if newest is not None:
        FigureSnapshot.objects.filter(pk=newest.pk).update(waiting={})
    note("figures", snapshot.pk, "published", role="desk", at=at, log=log or "", facts={"sha256": digest})
    return snapshot
