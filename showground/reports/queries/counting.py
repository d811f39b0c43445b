"""The figures of a week, counted from the desk's own rows. Nothing here reads a report, and nothing small is counted alone (fives.py).

Things are counted in chains: a case after one of its reports, a decision after its case, a notice after its decision. So no table says
more about a thing than the table before it knows. What counts acts of the desk and of public bodies is never held back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q, QuerySet

from showground.reports.models import (
    Appeal,
    Batch,
    Case,
    Clock,
    Decision,
    Deletion,
    Event,
    IdentityAccess,
    Partner,
    Referral,
    Report,
)
from showground.reports.queries import fives
from showground.rules.harms import CODES

HOUR, DAY = 3600, 86400
FORMAT: Final = "showground-figures-2"
ANSWERED_WITHIN: Final = 7 * DAY  # a notice is counted when it is answered, or after this
OPEN_ANSWERS: Final = (Referral.State.SENT, Referral.State.ACKNOWLEDGED, Referral.State.NEED_MORE)
SENT: Final = tuple(
    state
    for state in Referral.State.values
    if state not in {Referral.State.DRAFTED, Referral.State.SECOND_READ, Referral.State.POSTING}
)
DONE: Final = ("acted", "partly", "already_gone")
ANSWERS: Final[dict[str, str]] = {  # by what it came to: few rows, so that little waits
    **dict.fromkeys((*DONE, "relapsed"), "done"),
    **dict.fromkeys(OPEN_ANSWERS, "open"),
    "no_answer": "open",
    "refused": "refused",
    "corrected": "corrected",
}
LANGUAGES: Final = ("en", "zh-hans")
SIZES: Final = ("1", "2+")
# Few rows in each table: the more rows a thing has to share, the longer it waits.
CHANNEL = Report.Channel
WAYS: Final[dict[str, str]] = {
    **dict.fromkeys((CHANNEL.WEB, CHANNEL.SHARE, CHANNEL.SITE), "online"),
    CHANNEL.MAIL: "mail",
    **dict.fromkeys((CHANNEL.KIOSK, CHANNEL.PHONE, CHANNEL.PAPER), "staff"),
    CHANNEL.PARTNER: "partner",
}
STATE = Report.State
CAME_TO: Final[dict[str, str]] = {
    STATE.CLUSTERED: "case",
    **dict.fromkeys((STATE.SCREENED, STATE.OUT_OF_SCOPE, STATE.WITHDRAWN), "no_case"),
    STATE.REJECTED_SPAM: "junk",
    STATE.RECEIVED: "unread",
}
OVER: Final = "over"
STEPS: Final[dict[str, tuple[int, ...]]] = {  # upper ends in seconds; whatever took longer is "over"
    "first_look": (HOUR, 4 * HOUR, 12 * HOUR, DAY, 3 * DAY),
    "decision": (DAY, 2 * DAY, 4 * DAY, 7 * DAY, 30 * DAY),
    "takedown": (4 * HOUR, 12 * HOUR, DAY, 3 * DAY, 7 * DAY),
    "appeal": (DAY, 3 * DAY, 7 * DAY, 14 * DAY),
    "pauses": (DAY, 3 * DAY, 7 * DAY, 14 * DAY),
}
Things = dict[int, fives.Rows]
Waiting = dict[str, list[int]]


@dataclass
class Count:
    """A week being counted: what waited before, what waits now, and the figures so far."""

    since: int
    until: int
    before: Waiting
    after: Waiting = field(default_factory=dict)

    def of(self, field_name: str, kind: str) -> Q:
        """Returns what is asked of the database: what falls into the week, and what of this kind still waits."""
        return Q(**{f"{field_name}__gte": self.since, f"{field_name}__lt": self.until}) | Q(pk__in=self.before.get(kind, []))

    def split(self, kind: str, things: Things, unready: Iterable[int] = ()) -> set[int]:
        """Returns what is counted now; the rest, and what is not ready to be counted, waits on."""
        counted, waiting = fives.split(things)
        self.after[kind] = sorted({*waiting, *unready})
        return counted

    def waits(self, kind: str) -> set[int]:
        """Returns the ids of a kind that wait on after this week."""
        return set(self.after[kind])


def counted(since: int, until: int, waiting: Mapping[str, list[int]] | None = None) -> tuple[dict[str, Any], Waiting]:
    """Returns the figures of [since, until), ready to be hashed, and the ids of what waits on; `waiting` is what the last week left."""
    count = Count(since, until, dict(waiting or {}))
    found: dict[str, Any] = {"format": FORMAT, "from": since, "to": until, "at_least": fives.LEAST}
    steps: dict[str, Callable[[Count], dict[str, Any]]] = {
        "received": _received, "cases": _cases, "decisions": _decisions, "referrals": _referrals, "appeals": _appeals,
        "times": _times, "deletions": _deletions, "openings": _openings, "log": _log,
    }  # fmt: skip
    for name, step in steps.items():
        found[name] = step(count)
    found["automation"] = {"decisions": 0, "said": "none"}
    return found, count.after


def _table(names: Iterable[str], counts: Counter[str]) -> dict[str, Any]:
    """One table: every name of its closed list, then whatever else occurs, and the total."""
    rows = [[name, counts.get(name, 0)] for name in [*names, *sorted(set(counts) - set(names))]]
    return {"rows": rows, "total": sum(counts.values())}


def _in(field_name: str, count: Count) -> Q:
    return Q(**{f"{field_name}__gte": count.since, f"{field_name}__lt": count.until})


def _received(count: Count) -> dict[str, Any]:
    names = ("category", "channel", "language", "state")
    things: Things = {}
    for pk, category, channel, language, state in Report.objects.filter(count.of("received_at", "report")).values_list(
        "pk", *names
    ):
        things[pk] = tuple(zip(names, (category, WAYS[channel], language, CAME_TO[state]), strict=True))
    counted = count.split("report", things)
    lists = {"category": CODES, "channel": WAYS.values(), "language": LANGUAGES, "state": CAME_TO.values()}
    return {name: _table(dict.fromkeys(known), fives.table(things, counted, name)) for name, known in lists.items()}


def _cases(count: Count) -> dict[str, Any]:
    """Cases by harm and by how many of the reports counted so far they hold."""
    rows = dict(Case.objects.filter(count.of("opened_at", "case")).values_list("pk", "category"))
    waiting = count.waits("report")
    found = Report.objects.filter(case__in=rows, received_at__lt=count.until).values_list("pk", "case")
    sizes = Counter(case for report, case in found if report not in waiting)
    things: Things = {pk: (("category", rows[pk]), ("reports_in_one", SIZES[size > 1])) for pk, size in sizes.items()}
    counted = count.split("case", things, set(rows) - set(things))
    return {
        "category": _table(CODES, fives.table(things, counted, "category")),
        "reports_in_one": _table(SIZES, fives.table(things, counted, "reports_in_one")),
        "by_public_bodies": Case.objects.filter(_in("opened_at", count), by_public_body=True).count(),
    }


def _decisions(count: Count) -> dict[str, Any]:
    rows = list(Decision.objects.filter(count.of("decided_at", "decision")).values_list("pk", "case", "outcome"))
    waiting = count.waits("case")
    things: Things = {pk: (("outcome", outcome),) for pk, case, outcome in rows if case not in waiting}
    counted = count.split("decision", things, {pk for pk, case, _ in rows if case in waiting})
    now = Decision.objects.filter(_in("decided_at", count))
    return {
        "outcome": _table(Decision.Outcome.values, fives.table(things, counted, "outcome")),
        "perhaps_lawful_speech": _doubts(count),
        "about_public_bodies": now.filter(case__by_public_body=True).count(),
        "restored_here": _restored(now),
    }


def _doubts(count: Count) -> int:
    """How many decisions had a check that said: this may be lawful speech; five at a time."""
    rows = Decision.objects.filter(count.of("decided_at", "doubt")).values_list("pk", "lawful_speech")
    return _one(count, "doubt", {pk for pk, answers in rows if any(answers.values())}, count.waits("decision"))


def _one(count: Count, kind: str, found: set[int], unready: set[int]) -> int:
    """A number that is no table: it grows by five or more at a time."""
    things: Things = {pk: (("one", ""),) for pk in found - unready}
    return len(count.split(kind, things, found & unready))


def _restored(rows: QuerySet[Decision]) -> int:
    """How many of these decisions show again what an earlier one had withheld on this site."""
    act_here = Decision.Outcome.ACT_HERE
    return rows.filter(replaces__outcome=act_here).exclude(outcome=act_here).count()


def _referrals(count: Count) -> dict[str, Any]:
    """Notices by partner and by answer: those that are answered, and those that had a week to be."""
    rows = list(Referral.objects.filter(count.of("sent_at", "referral"), state__in=SENT).select_related("partner"))
    waiting = count.waits("decision")
    early = {
        row.pk
        for row in rows
        if row.decision_id in waiting or (row.state in OPEN_ANSWERS and (row.sent_at or 0) > count.until - ANSWERED_WITHIN)
    }
    things: Things = {
        row.pk: (("partner", row.partner.code), ("answer", ANSWERS[row.state])) for row in rows if row.pk not in early
    }
    counted = count.split("referral", things, early)
    partners = fives.table(things, counted, "partner")
    names = {partner.code: partner.name for partner in Partner.objects.filter(code__in=partners)}
    return {
        "partner": _table(sorted(partners), partners),
        "names": [[code, names[code]] for code in sorted(names)],
        "answer": _table(dict.fromkeys(ANSWERS.values()), fives.table(things, counted, "answer")),
    }


def _appeals(count: Count) -> dict[str, Any]:
    rows = list(Appeal.objects.filter(count.of("lodged_at", "lodged")).values_list("pk", "by", "decision"))
    waiting = count.waits("decision")
    lodged: Things = {pk: (("by", by),) for pk, by, decision in rows if decision not in waiting}
    told = count.split("lodged", lodged, {pk for pk, _, decision in rows if decision in waiting})
    heard = dict(Appeal.objects.filter(count.of("decided_at", "appeal")).values_list("pk", "outcome"))
    waiting = count.waits("lodged")
    things: Things = {pk: (("outcome", outcome),) for pk, outcome in heard.items() if pk not in waiting}
    ended = count.split("appeal", things, set(heard) & waiting)
    return {
        "lodged": _table(("reporter", "affected"), fives.table(lodged, told, "by")),
        "outcome": _table(Appeal.Outcome.values, fives.table(things, ended, "outcome")),
    }


# ---- how fast ----


def step_of(kind: str, seconds: int) -> str:
    """Returns the upper end of the step that a time falls into, "over" behind the last."""
    return next((str(end) for end in STEPS[kind] if seconds <= end), OVER)


def _steps(count: Count, name: str, took: Mapping[int, int], unready: set[int]) -> dict[str, Any]:
    """How long things took, by steps; those whose own count is still waited for wait with it."""
    things: Things = {pk: (("within", step_of(name, max(0, took[pk]))),) for pk in set(took) - unready}
    counted = count.split(f"{name}_time", things, set(took) & unready)
    return _table([*map(str, STEPS[name]), OVER], fives.table(things, counted, "within"))


def _clocks(count: Count, name: str, thing: str, kind: str) -> QuerySet[Clock]:
    met = Clock.objects.filter(thing=thing, kind__startswith=kind, met_at__isnull=False)
    return met.filter(count.of("met_at", f"{name}_time"))


def _of_clocks(count: Count, name: str, clocks: Iterable[Clock], unready: set[int]) -> dict[str, Any]:
    found = list(clocks)
    took = {clock.pk: (clock.met_at or 0) - clock.started_at - clock.paused_for for clock in found}
    return _steps(count, name, took, {clock.pk for clock in found if clock.thing_id in unready})


def _times(count: Count) -> dict[str, Any]:
    taken_back = Report.objects.filter(state=Report.State.WITHDRAWN, case=None)  # before anybody looked
    looks = _clocks(count, "first_look", "report", "first_look").exclude(thing_id__in=taken_back.values("pk"))
    cases = {"thing_id__in": Decision.objects.values("case")}
    decided = _clocks(count, "decision", "case", "decision").filter(**cases)
    gone = Referral.objects.filter(count.of("answered_at", "takedown_time"), state__in=DONE, sent_at__isnull=False)
    away = {row.pk: (row.answered_at or 0) - (row.sent_at or 0) for row in gone}
    return {
        "first_look": _of_clocks(count, "first_look", looks, count.waits("report")),
        "decision": _of_clocks(count, "decision", decided, count.waits("case")),
        "takedown": _steps(count, "takedown", away, count.waits("referral")),
        "appeal": _of_clocks(count, "appeal", _clocks(count, "appeal", "appeal", "decision"), count.waits("appeal")),
        "pauses": _pauses(count, cases),
        "met_late": sum(
            (clock.met_at or 0) > clock.due_at for rows in (looks, decided) for clock in rows.filter(_in("met_at", count))
        ),
    }


def _pauses(count: Count, cases: dict[str, Any]) -> dict[str, Any]:
    """How long clocks of cases stood still while the desk waited for a reporter."""
    stood = _clocks(count, "pauses", "case", "decision").filter(paused_for__gt=0, **cases)
    took = {clock.pk: clock.paused_for for clock in stood}
    waiting = count.waits("case")
    return _steps(count, "pauses", took, {clock.pk for clock in stood if clock.thing_id in waiting})


# ---- what is never held back, and what was destroyed ----


def _openings(count: Count) -> dict[str, Any]:
    """How often somebody wanted to know who reported: acts of the desk, not of persons."""
    asked = IdentityAccess.objects.filter(_in("asked_at", count))
    reasons = Counter(asked.values_list("reason_code", flat=True))
    return {
        "asked": asked.count(),
        "agreed": IdentityAccess.objects.filter(_in("decided_at", count), agreed=True).count(),
        "opened": IdentityAccess.objects.filter(_in("opened_at", count)).count(),
        "reasons": [[name, number] for name, number in sorted(reasons.items())],
    }


def _deletions(count: Count) -> dict[str, Any]:
    erased = set(Report.objects.filter(count.of("erased_at", "erased")).values_list("pk", flat=True))
    shredded = Event.objects.filter(count.of("at", "shredded"), thing="report", verb="shredded")
    two = Deletion.objects.filter(count.of("done_at", "destroyed"))
    return {
        "by_reporters": _one(count, "erased", erased, count.waits("report")),
        "by_time": _one(count, "shredded", set(shredded.values_list("pk", flat=True)), set()),
        "by_two_persons": _one(count, "destroyed", set(two.values_list("pk", flat=True)), set()),
    }


def _log(count: Count) -> dict[str, int]:
    rows = Batch.objects.filter(_in("at", count))
    return {"batches": rows.count(), "steps": sum(rows.values_list("count", flat=True))}
