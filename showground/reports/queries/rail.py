"""The rooms of the report desk, for the rail at the left of its pages, and how much waits there."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from showground.people.models import Person
from showground.reports.models import Card, Case, Clock, DeskKey, Holder, IdentityAccess, Report
from showground.reports.queries.holds import ends
from showground.reports.queries.queue import appeals, deletions, unseen_later
from showground.reports.queries.states import OPEN
from showground.reports.queries.unsent import unsure
from showground.weeks.models import Week

DUTIES = {"officer", "custodian", "approver"}


def rail(week: Week, duties: set[str], person: Person, now: int) -> list[dict[str, object]]:
    """Returns the rooms that a person with these duties works in; a count is what waits for somebody there."""
    officer = "officer" in duties
    open_cases, late = to_do(now) if officer else (0, False)
    rooms = [
        ("rooms", _("All rooms"), "backstage:desk", None, DUTIES),
        ("reports", _("Report desk"), "reports:queue", open_cases or None, {"officer"}),
        ("appeals", _("Appeals"), "reports:appeals", len(appeals(person)) or None if officer else None, {"officer"}),
        ("cards", _("Warnings"), "reports:staff_cards", cards_waiting() or None if officer else None, {"officer"}),
        ("deletions", _("Deletions"), "reports:deletions", _to_end(person) or None if officer else None, {"officer"}),
        ("identities", _("Sealed identities"), "reports:identities", waiting_identities(duties) or None, {"custodian", "approver"}),
        ("keys", _("Keys and shift"), "reports:shift", keys_waiting() or None if officer else None, DUTIES),
    ]
    return [
        {"key": key, "name": name, "url": reverse(url, args=[week.code]), "count": count, "late": key == "reports" and late}
        for key, name, url, count, needed in rooms
        if needed & duties
    ]


def to_do(now: int) -> tuple[int, bool]:
    """Returns how many reports and cases wait for officers, and whether a deadline has passed or a notice may be lost."""
    waiting = Report.objects.filter(Q(held_until=None) | Q(held_until__lte=now), state=Report.State.RECEIVED, case=None).count()
    cases = Case.objects.filter(Q(state__in=OPEN) | Q(pk__in=unseen_later()))
    over = Clock.objects.filter(met_at=None, paused_at=None, due_at__lt=now)
    late = over.filter(Q(thing="case", thing_id__in=cases.values("pk")) | Q(thing="report", kind="first_look")).exists()
    return waiting + cases.count(), late or bool(unsure(now))


def _to_end(person: Person) -> int:
    """How many deletions and ends of legal holds somebody asked for."""
    return len(deletions(person)) + len(ends(person))


def keys_waiting() -> int:
    """Returns how many officers made a key and wait to be admitted."""
    if not DeskKey.objects.exists():
        return 0
    return Holder.objects.filter(duty=Holder.Duty.OFFICER, revoked_at=None, desk_wrapped=b"").count()


def cards_waiting() -> int:
    """Returns how many warnings wait for a second reader."""
    return Card.objects.filter(published_at=None, withdrawn_at=None).count()


def waiting_identities(duties: set[str]) -> int:
    """Returns how many requests wait for an approver, or agreed ones for their custodian."""
    asked = IdentityAccess.objects.filter(agreed=None).count() if "approver" in duties else 0
    ready = IdentityAccess.objects.filter(agreed=True, opened_at=None).exclude(half_sealed=b"").count()
    return asked + (ready if "custodian" in duties else 0)
