"""The queue: cases by severity and clock, clusters folded, and the only things one may search for."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least
from nacl.public import PrivateKey

from showground.evidence import links, observables
from showground.people.models import Person
from showground.reports.models import Appeal, Case, Clock, Decision, Deletion, Proposal, Recusal, Report
from showground.reports.queries import clocks
from showground.reports.queries.keys import Unlocked
from showground.reports.queries.reading import body, by_officer
from showground.reports.queries.states import LIVE_REPORTS, OPEN
from showground.rules.refused import Refused
from showground.vault import boxes

VIEWS = ("open", "mine", "free", "unproved", "read", "wait", "decided", "closed")
SHOWN = 100  # lines on a page, and cases found at most
NEVER = 2**53


@dataclass
class Row:
    """One case of the queue with what its line says."""

    case: Case
    reports: int
    unproved: int
    channels: list[str]
    days: int
    clock: clocks.Reading | None
    new_since: int = 0
    suggested: bool = False


@dataclass(frozen=True)
class Asked:
    """What the queue is asked for."""

    view: str = "open"
    category: str = ""
    page: int = 1


def seen_by(person: Person) -> QuerySet[Case]:
    """Returns the cases that the system shows to this person: all but those they stay out of (queries/case.py: shut_to)."""
    cases = Case.objects.exclude(pk__in=Recusal.objects.filter(person=person).values("case"))
    return cases.exclude(work__in=person.entries.values("code"))


def _cases(asked: Asked, person: Person) -> QuerySet[Case]:
    rows = seen_by(person)
    if asked.category:
        rows = rows.filter(category=asked.category)
    if asked.view == "decided":
        return rows.filter(state=Case.State.DECIDED)
    if asked.view == "closed":
        return rows.filter(state=Case.State.CLOSED)
    if asked.view == "open":
        return rows.filter(Q(state__in=OPEN) | Q(pk__in=unseen_later()))
    rows = rows.filter(state__in=OPEN)
    if asked.view == "mine":
        return rows.filter(assignee=person)
    if asked.view == "free":
        return rows.filter(assignee=None)
    if asked.view == "read":
        return rows.filter(proposal__state=Proposal.State.PROPOSED).exclude(proposal__by=person)
    if asked.view == "wait":
        return rows.filter(state=Case.State.AWAITING_REPORTER)
    if asked.view == "unproved":
        proved = Report.objects.filter(case__isnull=False, state__in=LIVE_REPORTS).filter(~_unproved())
        return rows.exclude(pk__in=proved.values("case"))
    return rows


def unseen_later() -> QuerySet[Any]:
    """The decided cases that a report has joined since, and nobody has looked at it: no program may decide it by leaving it there."""
    looks = Clock.objects.filter(thing="report", kind="first_look", met_at=None).values("thing_id")
    later = Report.objects.filter(state__in=LIVE_REPORTS, case__state__in=[Case.State.DECIDED, Case.State.CLOSED], pk__in=looks)
    return later.order_by().values("case")


def _unproved() -> Q:
    return Q(proved=False, channel__in=[Report.Channel.WEB, Report.Channel.SHARE, Report.Channel.MAIL])


def rows(asked: Asked, person: Person, now: int) -> tuple[list[Row], int]:
    """Returns one page of the queue, late ones first within a severity, and how many lines there are in all."""
    found = _cases(asked, person)
    first = SHOWN * (asked.page - 1)
    ordered = found.order_by("-closed_at", "pk") if asked.view == "closed" else _by_due(found)
    return _lines(list(ordered.select_related("assignee")[first : first + SHOWN]), now), found.count()


def rows_of(cases: list[Case], person: Person, now: int) -> list[Row]:
    """Returns the lines of these cases, but of those that the person stays out of."""
    found = seen_by(person).filter(pk__in=[case.pk for case in cases[:SHOWN]])
    return _lines(list(_by_due(found).select_related("assignee")), now)


def _by_due(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The gravest first, among them the one whose nearest deadline comes first: its own or that of a report in it."""
    running = Clock.objects.filter(met_at=None).order_by("due_at").values("due_at")
    reports = Report.objects.filter(case=OuterRef(OuterRef("pk")), state__in=LIVE_REPORTS).order_by().values("pk")
    own = Subquery(running.filter(thing="case", thing_id=OuterRef("pk"))[:1])
    looks = Subquery(running.filter(thing="report", thing_id__in=reports)[:1])
    due = Least(Coalesce(own, NEVER), Coalesce(looks, NEVER), output_field=BigIntegerField())
    return cases.annotate(due=due).order_by("-severity", "due", "pk")


def _lines(cases: list[Case], now: int) -> list[Row]:
    decided = _decided(case for case in cases if case.state not in OPEN)
    return [_row(case, *facts, decided.get(case.pk)) for case, facts in zip(cases, _facts(cases, now), strict=True)]


def _decided(cases: Iterable[Case]) -> dict[int, int]:
    """When each of these cases was last decided."""
    found = Decision.objects.filter(case__in=[case.pk for case in cases]).order_by("pk")
    return dict(found.values_list("case", "decided_at"))


@dataclass
class _Sum:
    reports: int = 0
    unproved: int = 0
    channels: Counter[str] = field(default_factory=Counter)
    days: set[int] = field(default_factory=set)
    newest: list[int] = field(default_factory=list)


def _facts(cases: list[Case], now: int) -> list[tuple[_Sum, clocks.Reading | None]]:
    sums: dict[int, _Sum] = defaultdict(_Sum)
    pks = [case.pk for case in cases]
    owner: dict[int, int] = {}
    weak = {Report.Channel.WEB, Report.Channel.SHARE, Report.Channel.MAIL}
    live = Report.objects.filter(case__in=pks, state__in=LIVE_REPORTS)
    for pk, case, channel, at, proved in live.values_list("pk", "case", "channel", "received_at", "proved"):
        one = sums[case]
        one.reports += 1
        one.unproved += not proved and channel in weak
        one.channels[channel] += 1
        one.days.add(at // 86400)
        one.newest.append(at)
        owner[pk] = case
    nearest: dict[int, Clock] = {}
    running = Clock.objects.filter(met_at=None).filter(
        Q(thing="case", thing_id__in=pks) | Q(thing="report", thing_id__in=list(owner))
    )
    for clock in running:
        case = clock.thing_id if clock.thing == "case" else owner[clock.thing_id]
        if case not in nearest or clock.due_at < nearest[case].due_at:
            nearest[case] = clock
    return [(sums[pk], clocks.read(nearest[pk], now) if pk in nearest else None) for pk in pks]


def _row(case: Case, told: _Sum, clock: clocks.Reading | None, decided: int | None) -> Row:
    since = sum(at > decided for at in told.newest) if decided is not None else 0
    return Row(case, told.reports, told.unproved, [name for name, _ in told.channels.most_common()], len(told.days), clock, since)


def newer(asked: Asked, person: Person, than: int) -> int:
    """Returns how many cases of a view came after the one of this row."""
    return _cases(asked, person).filter(pk__gt=than).count()


def newest() -> int:
    """Returns the row of the newest case."""
    return Case.objects.aggregate(last=Max("pk"))["last"] or 0


def counts(person: Person) -> dict[str, int]:
    """Returns how many cases each view of the queue has, closed ones left out."""
    return {view: _cases(Asked(view), person).count() for view in VIEWS if view != "closed"}


def appeals(person: Person) -> list[Appeal]:
    """Returns appeals that are not decided and that this person may hear."""
    waiting = Appeal.objects.filter(decided_at=None, decision__case__in=seen_by(person).values("pk"))
    waiting = waiting.exclude(decision__decided_by=person).exclude(
        Q(decision__second_by=person) & Q(decision__second_by__isnull=False)
    )
    return list(waiting.select_related("decision__case", "handler").order_by("lodged_at"))


def deletions(person: Person) -> list[Deletion]:
    """Returns deletions that were asked for and are not done or objected to, but of cases that the person stays out of."""
    shown = Q(report__case=None) | Q(report__case__in=seen_by(person).values("pk"))
    found = Deletion.objects.filter(shown, done_at=None, objected_at=None)
    return list(found.select_related("report__case", "asked_by", "agreed_by").order_by("pk"))


def next_case(person: Person, after: str) -> Case | None:
    """Returns what an officer takes up next: of their own cases what is not with somebody else, then what waits to be read, then a free one.

    Within each the gravest and nearest first; who left a case as it is (`after`, its number) comes to the one behind it.
    """
    away = Proposal.objects.filter(by=person, state=Proposal.State.PROPOSED).values("case")
    own = _cases(Asked("mine"), person).exclude(state=Case.State.AWAITING_REPORTER).exclude(pk__in=away)
    turns = [own, _cases(Asked("read"), person), _cases(Asked("free"), person)]
    numbers = [number for cases in turns for number in _by_due(cases).values_list("number", flat=True)[:SHOWN]]
    numbers = list(dict.fromkeys(numbers))
    at = numbers.index(after) + 1 if after in numbers else 0
    chosen = next((number for number in numbers[at:] + numbers[:at] if number != after), None)
    return Case.objects.get(number=chosen) if chosen else None


# ---- searching: by number, address or hash; never for a person ----

_NUMBER, _HASH = re.compile(r"[RK][2-9A-Z]{6,7}"), re.compile(r"[0-9a-f]{64}")


def search(typed: str, desk: PrivateKey) -> tuple[str, list[Case]]:
    """Returns ("number" | "address" | "hash", the cases found); refuses everything else (`desk.no_person_search`)."""
    text = typed.strip()
    if _NUMBER.fullmatch(text.upper()):
        return "number", list(Case.objects.filter(Q(number=text.upper()) | Q(reports__number=text.upper())).distinct())
    if _HASH.fullmatch(text.lower()):
        return "hash", _marked([(kind, text.lower()) for kind in ("file", "attachment", "text")], desk)
    link = links.read(text)
    if "@" in text or " " in text or not link["ascii"] or "." not in link["ascii"]:
        raise Refused("desk.no_person_search")
    path = observables.plain_url(link["url"])
    kinds = [("url", path)]
    if path.endswith("/") and path.count("/") == 3:
        kinds += [("host", link["ascii"]), ("site", link["site"])]
    return "address", _marked(kinds, desk)


def _marked(kinds: list[tuple[str, str]], desk: PrivateKey) -> list[Case]:
    wanted = Q()
    for kind, value in kinds:
        if value:
            wanted |= Q(reports__marks__kind=kind, reports__marks__mark=boxes.mark(desk, kind, value))
    return list(Case.objects.filter(wanted).distinct()[:SHOWN]) if wanted else []


# ---- what a line hints at ----

UNSEEN, HINTED = frozenset({"child", "intimate"}), 80


def hints(cases: list[Case], who: Unlocked) -> dict[int, str]:
    """Returns a few words for each case, by its row: the first doubtful host, else any host, else the beginning of what was said.

    Of cases about children and intimate pictures there is none.
    """
    wanted = [case.pk for case in cases[:HINTED] if case.category not in UNSEEN]
    living = Report.objects.filter(case__in=wanted, state__in=LIVE_REPORTS, wraps__to="desk").order_by()
    oldest = living.values("case").annotate(first=Min("pk")).values("first")
    firsts = {report.case_id or 0: report for report in Report.objects.filter(pk__in=oldest).prefetch_related("evidence", "wraps")}
    found = {}
    for pk, report in firsts.items():
        try:
            held = by_officer(report, who)
            words = next((one for one in report.evidence.all() if one.kind == "words" and one.read_sealed), None)
            told = json.loads(boxes.unseal(held.lock, bytes(words.read_sealed), "evidence.read")) if words else {}
            found[pk] = _hint(told, body(held))
        except (Refused, ValueError):
            continue
    return found


def _hint(told: dict[str, Any], said: dict[str, Any]) -> str:
    rows = [one for one in told.get("links", []) if one.get("host")]
    rows.sort(key=lambda one: not any(str(flag.get("code", "")).startswith("host.") for flag in one.get("flags", [])))
    if rows:
        return str(rows[0]["host"]).replace(".", "[.]")[:60]
    words = " ".join(str(said.get("words", "")).split())
    return words if len(words) <= 60 else words[:59] + "…"
