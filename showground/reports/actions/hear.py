"""An appeal is heard by somebody who had no part in the decision. RULE DSA 20(6), reports 3.3."""

from __future__ import annotations

from django.db import transaction

from showground.people.models import Person
from showground.reports.actions.at_work import at_work
from showground.reports.actions.correct import correct
from showground.reports.actions.decide import announce, ping_all, record
from showground.reports.actions.file import one_form
from showground.reports.actions.host import carry_out
from showground.reports.actions.note import note
from showground.reports.actions.recuse import may
from showground.reports.actions.triage import hand, reopen
from showground.reports.actions.written import Written
from showground.reports.models import Appeal, Case, Clock, Decision, LegalBasis
from showground.reports.queries.keys import Unlocked
from showground.reports.queries.states import ACTS, LAWFUL
from showground.rules.refused import Refused
from showground.vault import boxes

# What may hold after an appeal: not what needs more than an appeal asks, another case or another body.
INSTEAD = frozenset(Decision.Outcome.values) - {Decision.Outcome.DUPLICATE_OF, Decision.Outcome.NOT_OUR_REMIT}


def may_hear(appeal: Appeal, person: Person) -> None:
    """Refuses (`appeal.same_person`) everybody who decided or read the decision, and those who stay out of the case."""
    decision = appeal.decision
    may(decision.case, person)
    if person.pk in {decision.decided_by_id, decision.second_by_id}:
        raise Refused("appeal.same_person")


def _held(appeal: Appeal, who: Unlocked) -> Appeal:
    """Returns the appeal as it is now, for this transaction alone, to somebody who may hear it: locked as everywhere, the case first."""
    at_work(who.holder.person)
    Case.objects.select_for_update().get(pk=appeal.decision.case_id)
    appeal = Appeal.objects.select_for_update(of=("self",)).select_related("decision__case").get(pk=appeal.pk)
    may_hear(appeal, who.holder.person)
    return appeal


@transaction.atomic
def take(appeal: Appeal, *, who: Unlocked, at: int, log: str) -> Appeal:
    """Another person hears the appeal; its case opens to their key."""
    appeal = _held(appeal, who)
    if appeal.decided_at is not None:
        raise Refused("appeal.decided")
    appeal.handler = who.holder.person
    appeal.save(update_fields=["handler"])
    hand(appeal.decision.case, who.holder, who=who)
    note("appeal", appeal.pk, "assigned", role="officer", at=at, log=log)
    return appeal


def grounds(appeal: Appeal, who: Unlocked) -> str:
    """Returns what the one who appeals says."""
    return boxes.unseal(_lock(appeal, who), bytes(appeal.grounds_sealed), "appeal.grounds").decode()


def reasons(appeal: Appeal, who: Unlocked) -> str:
    """Returns why it was decided so, "" before."""
    if not appeal.reasons_sealed:
        return ""
    return boxes.unseal(_lock(appeal, who), bytes(appeal.reasons_sealed), "appeal.reasons").decode()


def _lock(appeal: Appeal, who: Unlocked) -> bytes:
    if who.desk is None:
        raise Refused("vault.shut", purpose="appeal")
    return boxes.unwrap(bytes(appeal.wrapped), who.desk)


@transaction.atomic
def decide_appeal(
    appeal: Appeal,
    outcome: str,
    texts: dict[str, str],
    *,
    who: Unlocked,
    at: int,
    log: str,
    instead: str = "",
    basis: int | None = None,
) -> Decision | None:
    """The appeal is decided, with reasons in both languages; returns the decision that replaces the old one, if one does.

    `reversed` and `partly_reversed` name the outcome that holds `instead`. One that acts on nobody holds at once, and what partners
    were told is corrected; one that acts on somebody needs two persons again, so the case is open in the handler's hands.
    """
    appeal = _held(appeal, who)
    if appeal.handler_id != who.holder.person_id:
        raise Refused("appeal.not_yours")
    if appeal.decided_at is not None:
        raise Refused("appeal.decided")
    if outcome not in Appeal.Outcome.values:
        raise Refused("appeal.outcome")
    said = {language: one_form(texts.get(language, "")).strip() for language in ("en", "zh")}
    if not all(said.values()):
        raise Refused("decision.reasons", audience="reporter")
    turned = outcome in {Appeal.Outcome.REVERSED, Appeal.Outcome.PARTLY_REVERSED}
    if turned and appeal.decision.replaced_by_id is not None:
        raise Refused("appeal.replaced")
    if turned and (instead not in INSTEAD or instead == appeal.decision.outcome):
        raise Refused("appeal.instead")
    appeal.outcome, appeal.decided_at = outcome, at
    appeal.reasons_sealed = boxes.seal(_lock(appeal, who), f"{said['en']}\n\n{said['zh']}".encode(), "appeal.reasons")
    appeal.words = said if appeal.by == "affected" else {}
    appeal.save(update_fields=["outcome", "decided_at", "reasons_sealed", "words"])
    Clock.objects.filter(thing="appeal", thing_id=appeal.pk, met_at=None).update(met_at=at)
    note("appeal", appeal.pk, "decided", role="officer", at=at, log=log, facts={"outcome": outcome, "by": appeal.by})
    fresh = _turn(appeal, instead, said, basis, who=who, at=at, log=log) if turned else None
    told = announce(appeal.decision, {f"reporter.{language}": text for language, text in said.items()}, who=who, at=at, log=log)
    transaction.on_commit(lambda: ping_all(told, at=at, log=log))
    return fresh


def _turn(
    appeal: Appeal, instead: str, said: dict[str, str], basis: int | None, *, who: Unlocked, at: int, log: str
) -> Decision | None:
    old, case = appeal.decision, appeal.decision.case
    if instead in ACTS:
        if case.state in {Case.State.DECIDED, Case.State.CLOSED}:
            reopen(case, "appeal", by=who.holder.person, at=at, log=log)
        return None
    written = Written(
        outcome=instead,
        facts="\n\n".join(said.values()),
        legal_basis=basis if basis is not None and LegalBasis.objects.filter(pk=basis).exists() else None,
        lawful={name: bool(old.lawful_speech.get(name)) for name in LAWFUL},
        reasons={f"{audience}.{language}": text for audience in ("reporter", "affected") for language, text in said.items()},
    )
    fresh = record(case, written, by=who.holder.person, by_at=at, second=None, at=at)
    old.replaced_by = fresh
    old.save(update_fields=["replaced_by"])
    note("decision", fresh.pk, "decided", role="officer", at=at, log=log, facts={"outcome": instead, "appeal": True})
    carry_out(fresh, old, by=who.holder.person, at=at, why="appeal")
    if old.referrals.exists():
        correct(old, who=who, at=at, log=log)
    return fresh
