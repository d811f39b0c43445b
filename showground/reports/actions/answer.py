"""Messages between the reporter and the desk, and the letter that says no more than that there is news."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from showground.reports.actions.file import MOST_WORDS, one_form
from showground.reports.actions.link import wake, weigh
from showground.reports.actions.note import note, prepared
from showground.reports.models import Case, Clock, Event, Message, Report
from showground.reports.queries.reading import Held
from showground.rules.refused import Refused
from showground.ui import letters
from showground.vault import boxes

QUIET = 3600  # seconds between two letters to one reporter


def purpose(way: str) -> str:
    """Returns what a message of this way is sealed for."""
    return f"message.{way}"


@transaction.atomic
def write(held: Held, words: str, *, way: str, at: int, log: str) -> Message:
    """The message is in the thread, sealed under the report's key; a reporter's answer sets a case that waited for it going again."""
    message = _message(held, words, way, at)
    message.save(force_insert=True)
    to_desk = way == Message.Way.TO_DESK
    note("report", held.report.pk, "said", role="reporter" if to_desk else "officer", at=at, log=log)
    if to_desk:
        _go_on(held.report, at=at, log=log)
        _look_again(held.report, at=at, log=log)
    return message


def _message(held: Held, words: str, way: str, at: int) -> Message:
    text = one_form(words).strip()
    if not text:
        raise Refused("report.empty")
    if len(text) > MOST_WORDS:
        raise Refused("report.too_long", most=MOST_WORDS, length=len(text))
    return Message(report=held.report, way=way, sealed=boxes.seal(held.lock, text.encode(), purpose(way)), at=at)


@transaction.atomic
def tell_all(told: Sequence[tuple[Held, str]], *, at: int, log: str) -> None:
    """Each of these reporters has words of the desk in the thread, at a few statements for all: a case can have hundreds."""
    Message.objects.bulk_create(_message(held, words, Message.Way.TO_REPORTER, at) for held, words in told)
    Event.objects.bulk_create(prepared("report", held.report.pk, "said", role="officer", at=at, log=log) for held, _words in told)


def _look_again(report: Report, *, at: int, log: str) -> None:
    """A report that was taken for junk, and whose reporter says that it is none, is among the others again: once."""
    doubted = Event.objects.filter(thing="report", thing_id=report.pk, verb="rejection_doubted")
    if report.state != Report.State.REJECTED_SPAM or report.case is None or doubted.exists():
        return
    report.state, report.expires_at = Report.State.CLUSTERED, None
    report.save(update_fields=["state", "expires_at"])
    note("report", report.pk, "rejection_doubted", role="reporter", at=at, log=log)
    wake(report.case, at=at, log=log)
    weigh(report.case)


def _go_on(report: Report, *, at: int, log: str) -> None:
    case = report.case
    if case is None or case.state != Case.State.AWAITING_REPORTER:
        return
    if not Case.objects.filter(pk=case.pk, state=Case.State.AWAITING_REPORTER).update(state=Case.State.ASSESSING):
        return  # an officer went on meanwhile
    for clock in Clock.objects.filter(thing="case", thing_id=case.pk, met_at=None).exclude(paused_at=None):
        away = at - (clock.paused_at or at)
        clock.paused_at, clock.paused_for, clock.due_at = None, clock.paused_for + away, clock.due_at + away
        clock.save(update_fields=["paused_at", "paused_for", "due_at"])
    note("case", case.pk, "answered", role="reporter", at=at, log=log)


def keep_contact(held: Held, address: str, *, at: int, log: str) -> None:
    """The address for letters without content is kept, sealed; an empty one takes it away."""
    held.report.contact_sealed = boxes.seal(held.lock, address.strip().encode(), "report.contact") if address.strip() else b""
    held.report.save(update_fields=["contact_sealed"])
    note("report", held.report.pk, "contact_kept" if address.strip() else "contact_dropped", role="reporter", at=at, log=log)


def ping(held: Held, *, at: int, log: str) -> bool:
    """A letter says that there is news, and nothing else; at most one an hour to a reporter. Returns whether one went out.

    Whoever calls it holds the report's key (`queries/reading.by_officer`): nobody else can read the address.
    """
    report = held.report
    if (
        not report.contact_sealed
        or Event.objects.filter(thing="report", thing_id=report.pk, verb="pinged", at__gt=at - QUIET).exists()
    ):
        return False
    address = boxes.unseal(held.lock, bytes(report.contact_sealed), "report.contact").decode()
    try:
        letters.send("reports/letters/news.txt", to=address, context={"site_url": settings.SITE_URL}, language=report.language)
    except OSError:
        return False
    note("report", report.pk, "pinged", role="desk", at=at, log=log)
    return True
