"""A case from hand to hand: assigned, begun, waiting for its reporter, closed, reopened; its clocks with it."""

from __future__ import annotations

from django.db import transaction
from nacl.public import PublicKey

from showground.people.models import Person
from showground.reports.actions.answer import purpose, tell_all, write
from showground.reports.actions.file import one_form
from showground.reports.actions.note import note
from showground.reports.actions.recuse import may
from showground.reports.models import Case, Clock, Holder, Message, Proposal, Report, Wrap
from showground.reports.queries import clocks
from showground.reports.queries.keys import Unlocked
from showground.reports.queries.left import works
from showground.reports.queries.reading import Held, by_officer
from showground.reports.queries.states import LIVE_REPORTS, check_step
from showground.rules.refused import Refused
from showground.vault import boxes

TWICE = 60  # seconds in which the same words to the same reporter are one message


@transaction.atomic
def assign(case: Case, to: Holder, *, who: Unlocked, at: int, log: str) -> Case:
    """The case has its officer, whose own key opens its reports from now on; who takes it themself begins at once.

    Refuses a person who stays out of the case (`desk.recused`), whose key is not the desk's any more (`desk.cannot_admit`), and a
    colleague who works here no longer (`desk.left`).
    """
    to = Holder.objects.select_for_update(no_key=True).get(pk=to.pk)  # no report is wrapped to a key that is taken away meanwhile
    case = _locked(case)
    may(case, who.holder.person)
    may(case, to.person)
    if to.revoked_at is not None or not to.desk_wrapped:
        raise Refused("desk.cannot_admit")
    if to.person_id != who.holder.person_id and not works(to.person):
        raise Refused("desk.left")
    if case.state == Case.State.NEW:
        _step(case, Case.State.TRIAGED)
    case.assignee = to.person
    case.save(update_fields=["assignee"])
    hand(case, to, who=who)
    looked(case, at=at)
    own = to.person_id == who.holder.person_id
    note("case", case.pk, "assigned", role="officer", at=at, log=log, facts={"own": own})
    return begin(case, by=to.person, at=at, log=log) if own and case.state == Case.State.TRIAGED else case


@transaction.atomic
def give_back(case: Case, *, by: Person, at: int, log: str) -> Case:
    """The case is nobody's again and waits in the queue; what was written so far stays, and so do its clocks.

    Refuses (`case.not_yours`) another's case, (`case.step`) one that waits for its reporter or is decided, (`decision.waits`) one that
    a second reader has before them.
    """
    case = _locked(case)
    _own(case, by)
    if case.state not in {Case.State.TRIAGED, Case.State.ASSESSING}:
        raise Refused("case.step", now=case.state, to=Case.State.NEW)
    if Proposal.objects.filter(case=case, state=Proposal.State.PROPOSED).exists():
        raise Refused("decision.waits")
    _step(case, Case.State.NEW)
    case.assignee = None
    case.save(update_fields=["assignee"])
    note("case", case.pk, "given_back", role="officer", at=at, log=log)
    return case


def hand(case: Case, to: Holder, *, who: Unlocked) -> None:
    """Every report's key in the case is wrapped to a holder's own key as well."""
    target, name = PublicKey(bytes(to.public)), f"holder/{to.pk}"
    had = set(Wrap.objects.filter(report__case=case, to=name).values_list("report_id", flat=True))
    open_to_desk = case.reports.exclude(pk__in=had).filter(wraps__to="desk").prefetch_related("wraps")
    Wrap.objects.bulk_create(
        Wrap(report=report, to=name, wrapped=boxes.wrap(by_officer(report, who).lock, target)) for report in open_to_desk
    )


@transaction.atomic
def look(case: Case, *, by: Person, at: int, log: str) -> None:
    """An officer has looked at what came into the case: the first clocks of its reports are met, whoever has it in hand."""
    may(case, by)
    looked(case, at=at)
    note("case", case.pk, "looked", role="officer", at=at, log=log)


def looked(case: Case, *, at: int) -> None:
    """Somebody has looked at every report of the case: their first clocks are met."""
    pks = list(case.reports.values_list("pk", flat=True))
    Clock.objects.filter(thing="report", thing_id__in=pks, kind="first_look", met_at=None).update(met_at=at)


@transaction.atomic
def begin(case: Case, *, by: Person, at: int, log: str) -> Case:
    """Its officer works on the case."""
    case = _locked(case)
    _own(case, by)
    _step(case, Case.State.ASSESSING)
    note("case", case.pk, "begun", role="officer", at=at, log=log)
    return case


def _own(case: Case, by: Person) -> None:
    may(case, by)
    if case.assignee_id != by.pk:
        raise Refused("case.not_yours")


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)


def _step(case: Case, to: str) -> None:
    check_step(case, to)
    case.state = to
    case.save(update_fields=["state"])


# ---- the reporter ----


@transaction.atomic
def tell(case: Case, report: Report, words: str, *, who: Unlocked, at: int, log: str, wait: bool = False) -> Held:
    """The reporter has a message, once; with `wait` the case waits for the answer and its clocks stand still, at most 14 days."""
    case = _locked(case)
    _own(case, who.holder.person)
    if report.case_id != case.pk:
        raise Refused("link.gone")
    held = by_officer(report, who)
    if _just_said(held, words, at):
        return held  # the button was pressed twice
    write(held, words, way=Message.Way.TO_REPORTER, at=at, log=log)
    looked(case, at=at)
    if wait:
        _step(case, Case.State.AWAITING_REPORTER)
        Clock.objects.filter(thing="case", thing_id=case.pk, met_at=None, paused_at=None).update(paused_at=at)
        note("case", case.pk, "asked", role="officer", at=at, log=log)
    return held


def _just_said(held: Held, words: str, at: int) -> bool:
    """True if the newest message of the thread is the desk's, says the same and is not a minute old."""
    last = held.report.messages.last()
    if last is None or last.way != Message.Way.TO_REPORTER or at - last.at >= TWICE:
        return False
    return boxes.unseal(held.lock, bytes(last.sealed), purpose(last.way)).decode() == one_form(words).strip()


@transaction.atomic
def go_on(case: Case, *, at: int, log: str, by: Person | None = None) -> None:
    """The case waits no longer: its clocks run again, later by the pause, of which no more than 14 days count.

    `by` is its officer, who goes on without the answer; None: the time to wait is over.
    """
    case = _locked(case)
    if by is not None:
        _own(case, by)
    _step(case, Case.State.ASSESSING)
    for clock in Clock.objects.filter(thing="case", thing_id=case.pk, met_at=None).exclude(paused_at=None):
        away = min(at - (clock.paused_at or at), clocks.LONGEST_WAIT)
        clock.paused_at, clock.paused_for, clock.due_at = None, clock.paused_for + away, clock.due_at + away
        clock.save(update_fields=["paused_at", "paused_for", "due_at"])
    role = "officer" if by is not None else "desk"
    note("case", case.pk, "went_on", role=role, at=at, log=log, facts={"why": "officer" if by is not None else "time"})


@transaction.atomic
def extend(case: Case, why: dict[str, str], *, who: Unlocked, at: int, log: str) -> None:
    """The case is a hard one: its decision is due 30 days after the first report instead of 7, and every reporter is told why.

    `why` has a text in each language; refuses a second extension (`case.extended`) and one without reasons.
    """
    case = _locked(case)
    _own(case, who.holder.person)
    clock = Clock.objects.get(thing="case", thing_id=case.pk, kind="decision")
    due = clock.started_at + clocks.COMPLEX + clock.paused_for
    if clock.met_at is not None or clock.due_at >= due:
        raise Refused("case.extended")
    if not all(text.strip() for text in (why.get("en", ""), why.get("zh", ""))):
        raise Refused("report.empty")
    clock.due_at = due
    clock.save(update_fields=["due_at"])
    reports = case.reports.filter(state__in=LIVE_REPORTS).exclude(wraps=None).distinct().prefetch_related("wraps")
    told = [(by_officer(report, who), why["zh" if report.language.startswith("zh") else "en"]) for report in reports]
    tell_all(told, at=at, log=log)
    note("case", case.pk, "extended", role="officer", at=at, log=log)


# ---- what is known of the case ----


@transaction.atomic
def tag_public_body(case: Case, is_one: bool, *, by: Person, at: int, log: str) -> None:
    """The complaint is by a public body: this is counted and published."""
    case = _locked(case)
    _own(case, by)
    case.by_public_body = is_one
    case.save(update_fields=["by_public_body"])
    note("case", case.pk, "public_body", role="officer", at=at, log=log, facts={"is": is_one})


@transaction.atomic
def close(case: Case, *, by: Person, at: int, log: str) -> None:
    """A decided case is closed; it takes later reports all the same."""
    case = _locked(case)
    may(case, by)
    if case.state != Case.State.DECIDED:
        raise Refused("case.step", now=case.state, to="closed")
    _step(case, Case.State.CLOSED)
    case.closed_at = at
    case.save(update_fields=["closed_at"])
    note("case", case.pk, "closed", role="officer", at=at, log=log)


REOPEN = ("new_evidence", "relapse", "later_reports", "appeal")


@transaction.atomic
def reopen(case: Case, why: str, *, by: Person, at: int, log: str) -> None:
    """A decided or closed case is worked on again, with a new clock; its decision stands until another replaces it."""
    case = _locked(case)
    may(case, by)
    if why not in REOPEN:
        raise Refused("desk.reason", reason=why[:40])
    if case.state not in {Case.State.DECIDED, Case.State.CLOSED} or not case.decisions.exists():
        raise Refused("case.step", now=case.state, to="assessing")
    _step(case, Case.State.ASSESSING)
    case.assignee, case.closed_at = by, None
    case.save(update_fields=["assignee", "closed_at"])
    number = Clock.objects.filter(thing="case", thing_id=case.pk, kind__startswith="again").count() + 1
    Clock.objects.create(thing="case", thing_id=case.pk, kind=f"again_{number}", started_at=at, due_at=at + clocks.DECISION)
    note("case", case.pk, "reopened", role="officer", at=at, log=log, facts={"why": why})
