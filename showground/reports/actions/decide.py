"""A decision is written, read by a second person, and holds. RULE reports 3.9: nothing here can be done by software alone."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from django.db import transaction
from django.db.models import Q
from nacl.public import PublicKey

from showground.people.models import Person
from showground.reports.actions.answer import ping, tell_all
from showground.reports.actions.at_work import at_work
from showground.reports.actions.correct import correct
from showground.reports.actions.file import one_form
from showground.reports.actions.host import carry_out
from showground.reports.actions.note import note
from showground.reports.actions.recuse import may
from showground.reports.actions.refer import draft_referral
from showground.reports.actions.triage import hand, looked
from showground.reports.actions.written import Written, check
from showground.reports.models import (
    Appeal,
    Case,
    Channel,
    Clock,
    Decision,
    Holder,
    Partner,
    Proposal,
    Reasons,
    Report,
)
from showground.reports.queries.keys import Unlocked, desk_key
from showground.reports.queries.left import works
from showground.reports.queries.reading import Held, by_officer
from showground.reports.queries.states import LIVE_REPORTS, OPEN, check_step
from showground.rules.refused import Refused
from showground.vault import boxes

TURNED = (Appeal.Outcome.REVERSED, Appeal.Outcome.PARTLY_REVERSED)


def read(proposal: Proposal | None, who: Unlocked) -> Written:
    """Returns what is written so far; refuses (`vault.shut`) without the desk's key."""
    if proposal is None:
        return Written()
    if who.desk is None:
        raise Refused("vault.shut", purpose="proposal")
    plain = boxes.unseal(boxes.unwrap(bytes(proposal.wrapped), who.desk), bytes(proposal.sealed), "proposal")
    return Written(**json.loads(plain))


def seal_of(proposal: Proposal) -> str:
    """Returns what names these very words of a proposal: whoever agrees says which words they have read."""
    return hashlib.sha256(bytes(proposal.sealed)).hexdigest()[:32]


def _keep(case: Case, written: Written, state: str, *, by: Person, at: int) -> Proposal:
    lock = boxes.new_lock()
    kept = {
        "state": state,
        "by": by,
        "at": at,
        "wrapped": boxes.wrap(lock, PublicKey(bytes(desk_key().public))),
        "sealed": boxes.seal(lock, json.dumps(asdict(written)).encode(), "proposal"),
    }
    return Proposal.objects.update_or_create(case=case, defaults=kept)[0]


@transaction.atomic
def draft(case: Case, written: Written, *, who: Unlocked, at: int, log: str) -> Proposal:
    """What is written so far is kept, sealed; it decides nothing.

    Refuses (`decision.waits`) what a second reader is reading, and (`case.step`) what is decided: no draft outlives its decision.
    """
    case = _locked(case)
    _mine(case, who.holder.person)
    if case.state not in OPEN:
        raise Refused("case.step", now=case.state, to=Case.State.DECIDED)
    if Proposal.objects.filter(case=case, state=Proposal.State.PROPOSED).exists():
        raise Refused("decision.waits")
    return _keep(case, _clean(written), Proposal.State.DRAFT, by=who.holder.person, at=at)


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)


def _mine(case: Case, by: Person) -> None:
    may(case, by)
    if case.assignee_id != by.pk:
        raise Refused("case.not_yours")
    if Appeal.objects.filter(
        Q(decision__decided_by=by) | Q(decision__second_by=by), decision__case=case, decision__replaced_by=None, outcome__in=TURNED
    ).exists():
        raise Refused("appeal.same_person")  # who lost an appeal does not decide the case again


def _clean(written: Written) -> Written:
    written.facts, written.lawful_why = one_form(written.facts).strip(), one_form(written.lawful_why).strip()
    written.reasons = {name: one_form(text).strip() for name, text in written.reasons.items() if text.strip()}
    return written


def _name(case: Case, written: Written, by: Person) -> None:
    """The case names what it is about on this site; its maker cannot be the one who decides."""
    if written.outcome == Decision.Outcome.ACT_HERE and written.here not in {"", case.work}:
        case.work = written.here
        case.save(update_fields=["work"])
        may(case, by)


# ---- two persons ----


@transaction.atomic
def propose(case: Case, written: Written, *, who: Unlocked, at: int, log: str) -> Decision | None:
    """The decision holds at once if one person may make it, else it waits for its second reader; returns it if it holds."""
    at_work(who.holder.person)
    case = _locked(case)
    _mine(case, who.holder.person)
    check_step(case, Case.State.DECIDED)
    written = _clean(written)
    check(case, written, at=at)
    _name(case, written, who.holder.person)
    if not written.needs_second:
        return _hold(case, written, by=who.holder.person, by_at=at, second=None, who=who, at=at, log=log)
    written.returned = ""
    _keep(case, written, Proposal.State.PROPOSED, by=who.holder.person, at=at)
    note("case", case.pk, "proposed", role="officer", at=at, log=log, facts={"outcome": written.outcome})
    return None


def _second(case: Case, who: Unlocked) -> tuple[Case, Proposal]:
    """Returns the case and what waits in it for a second reader, if this person may be it and works here still."""
    at_work(who.holder.person)
    case = _locked(case)
    may(case, who.holder.person)
    proposal = Proposal.objects.select_for_update().filter(case=case, state=Proposal.State.PROPOSED).first()
    if proposal is None or not works(proposal.by):  # nobody agrees with somebody who is not there
        raise Refused("decision.not_proposed")
    if proposal.by_id == who.holder.person_id:
        raise Refused("decision.same_person")
    return case, proposal


def _other_unit(proposal: Proposal, reader: Holder) -> bool:
    first = Holder.objects.filter(person=proposal.by, duty=Holder.Duty.OFFICER).order_by("-pk").first()
    units = [first.unit.strip().casefold() if first else "", reader.unit.strip().casefold()]
    return all(units) and units[0] != units[1]


@transaction.atomic
def confirm(case: Case, *, who: Unlocked, at: int, log: str, seal: str | None = None) -> Decision:
    """A second person agrees, and the decision holds. Where it may touch lawful speech, that person is of another unit.

    `seal` names the words that were read (`seal_of`). Refuses the same person (`decision.same_person`), one who stays out
    (`desk.recused`) or has the duty no longer (`desk.off_duty`), the same unit (`decision.other_unit`), and words that were changed
    since they were read (`decision.changed`).
    """
    case, proposal = _second(case, who)
    if seal is not None and seal != seal_of(proposal):
        raise Refused("decision.changed")
    written = read(proposal, who)
    if written.doubtful and not _other_unit(proposal, who.holder):
        raise Refused("decision.other_unit")
    check(case, written, at=at)
    hand(case, who.holder, who=who)
    return _hold(case, written, by=proposal.by, by_at=proposal.at, second=who.holder.person, who=who, at=at, log=log)


@transaction.atomic
def take_back(case: Case, *, who: Unlocked, at: int, log: str) -> None:
    """What waits for its second reader is a draft again, for whoever proposed it has more to write."""
    case = _locked(case)
    may(case, who.holder.person)
    proposal = Proposal.objects.select_for_update().filter(case=case, state=Proposal.State.PROPOSED).first()
    if proposal is None:
        raise Refused("decision.not_proposed")
    if proposal.by_id != who.holder.person_id:
        raise Refused("case.not_yours")
    _keep(case, read(proposal, who), Proposal.State.DRAFT, by=proposal.by, at=at)
    note("case", case.pk, "taken_back", role="officer", at=at, log=log)


@transaction.atomic
def send_back(case: Case, words: str, *, who: Unlocked, at: int, log: str) -> None:
    """The second reader does not agree and says why; the first one writes again."""
    case, proposal = _second(case, who)
    if not words.strip():
        raise Refused("report.empty")
    written = read(proposal, who)
    written.returned = one_form(words).strip()[:2000]
    _keep(case, written, Proposal.State.RETURNED, by=proposal.by, at=at)
    note("case", case.pk, "sent_back", role="officer", at=at, log=log)


# ---- it holds ----


def _hold(
    case: Case, written: Written, *, by: Person, by_at: int, second: Person | None, who: Unlocked, at: int, log: str
) -> Decision:
    check_step(case, Case.State.DECIDED)
    before = case.decisions.filter(replaced_by=None).last()
    decision = record(case, written, by=by, by_at=by_at, second=second, at=at)
    if before is not None:
        before.replaced_by = decision
        before.save(update_fields=["replaced_by"])
        if decision.outcome != Decision.Outcome.REFER:
            correct(before, who=who, at=at, log=log)
    Proposal.objects.filter(case=case).delete()
    case.state, case.second_reader = Case.State.DECIDED, second
    case.save(update_fields=["state", "second_reader"])
    Clock.objects.filter(thing="case", thing_id=case.pk, met_at=None).update(met_at=at, paused_at=None)
    looked(case, at=at)
    facts = {"outcome": decision.outcome, "doubts": sum(map(bool, written.lawful.values())), "two": second is not None}
    note("decision", decision.pk, "decided", role="officer", at=at, log=log, facts=facts)
    carry_out(decision, before, by=second or by, at=at)
    _refer(decision, written, who=who, at=at, log=log)
    told = announce(decision, written.reasons, who=who, at=at, log=log)
    transaction.on_commit(lambda: ping_all(told, at=at, log=log))
    return decision


def record(case: Case, written: Written, *, by: Person, by_at: int, second: Person | None, at: int) -> Decision:
    """The decision is kept, its facts sealed to the desk, its reasons in clear: they name nobody."""
    lock = boxes.new_lock()
    facts = written.facts + (f"\n\n{written.lawful_why}" if written.lawful_why else "")
    decision = Decision.objects.create(
        case=case,
        outcome=written.outcome,
        legal_basis_id=written.legal_basis,
        wrapped=boxes.wrap(lock, PublicKey(bytes(desk_key().public))),
        facts_sealed=boxes.seal(lock, facts.encode(), "decision.facts"),
        lawful_speech={name: bool(answer) for name, answer in written.lawful.items()},
        decided_by=by,
        decided_at=at,
        second_by=second,
        second_at=at if second else None,
        same_as=Case.objects.filter(number=written.same_as).first() if written.same_as else None,
        where_to=Channel.objects.filter(code=written.where_to).first() if written.where_to else None,
    )
    for name, text in written.reasons.items():
        audience, _, language = name.partition(".")
        Reasons.objects.create(decision=decision, audience=audience, language=language, words=text)
    return decision


def _refer(decision: Decision, written: Written, *, who: Unlocked, at: int, log: str) -> None:
    """A notice is drafted for each partner; it goes out only after its own second reader (actions/refer.py)."""
    if decision.outcome != Decision.Outcome.REFER:
        return
    for partner in Partner.objects.filter(code__in=written.partners):
        draft_referral(
            decision, partner, explanation=written.facts, places=written.places, ask=written.ask,
            who=who, by=decision.decided_by, at=at, log=log,
        )  # fmt: skip


def announce(decision: Decision, reasons: dict[str, str], *, who: Unlocked, at: int, log: str) -> list[Held]:
    """Every reporter of the case has the reasons in the thread, in the language of the report; returns the open reports."""
    told = []
    for report in decision.case.reports.filter(state__in=LIVE_REPORTS).exclude(wraps=None).distinct().prefetch_related("wraps"):
        words = reasons.get("reporter.zh" if report.language.startswith("zh") else "reporter.en", "")
        if words:
            told.append((by_officer(report, who), words))
    tell_all(told, at=at, log=log)
    return [held for held, _words in told]


def ping_all(told: list[Held], *, at: int, log: str) -> None:
    """Those of these reporters who asked for letters have one that says no more than that there is news."""
    for held in told:
        if Report.objects.filter(pk=held.report.pk, erased_at=None).exists():
            ping(held, at=at, log=log)
