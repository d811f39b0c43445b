"""Deadlines of the desk, and how a clock reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from showground.reports.models import Clock
from showground.ui import typeset

DAY = 86400
DECISION, COMPLEX, LONGEST_WAIT, APPEAL = 7 * DAY, 30 * DAY, 14 * DAY, 14 * DAY
# Below this share of its time a deadline is near.
NEAR = 0.25


@dataclass(frozen=True)
class Reading:
    """A clock in words: what it is for, "due in 3 hours", whether it is late or near, whether it stands still or is met."""

    kind: str
    name: str
    said: str
    due: int
    late: bool
    near: bool
    paused: bool
    met: bool


def name_of(kind: str) -> str:
    """Returns what a deadline is for."""
    if kind.startswith("again"):
        return _("Decision anew")
    return {"first_look": _("First look"), "decision": _("Decision"), "answer": _("Answer of the partner")}.get(kind, kind)


def greatest(seconds: int) -> str:
    """Returns the greatest unit of a length of time: a queue wants "3 days", not "3 days and 4 hours"."""
    unit = next((unit for unit in (DAY, 3600) if seconds >= unit), 60)
    return typeset.duration(seconds - seconds % unit)


def read(clock: Clock, now: int) -> Reading:
    """Returns a clock as a person reads it."""
    left = clock.due_at - now
    paused, met = clock.paused_at is not None, clock.met_at is not None
    said = _said(clock, left, now)
    near = not met and not paused and 0 <= left < NEAR * (clock.due_at - clock.started_at)
    return Reading(clock.kind, name_of(clock.kind), said, clock.due_at, left < 0 and not met and not paused, near, paused, met)


def _said(clock: Clock, left: int, now: int) -> str:
    if clock.met_at is not None:
        late = clock.met_at - clock.due_at
        if late > 0:
            return _("done %(time)s late") % {"time": greatest(late)}
        return _("done after %(time)s") % {"time": greatest(clock.met_at - clock.started_at - clock.paused_for)}
    if clock.paused_at is not None:
        return _("stands still, %(time)s so far") % {"time": greatest(now - clock.paused_at)}
    if left < 0:
        return _("%(time)s late") % {"time": greatest(-left)}
    return _("due in %(time)s") % {"time": greatest(left)}


def of_case(case_id: int, report_ids: Iterable[int], now: int) -> list[Reading]:
    """Returns the clocks of a case and its reports, those that run first, the nearest on top; of first looks only the worst."""
    looks = Clock.objects.filter(thing="report", thing_id__in=list(report_ids), kind="first_look").order_by("met_at", "due_at")
    first = next((clock for clock in looks if clock.met_at is None), None) or looks.last()
    rows = [*([first] if first else []), *Clock.objects.filter(thing="case", thing_id=case_id)]
    return sorted((read(clock, now) for clock in rows), key=lambda one: (one.met, one.due))
