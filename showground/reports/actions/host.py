"""The desk as host of this site: what a decision means for the thing that it is about, in the decision's own transaction. RULE DSA 17."""

from __future__ import annotations

from showground.entries.actions import restore_entry, withhold_entry
from showground.exhibition.actions.notes import restore_note, withhold_note
from showground.people.models import Person
from showground.reports.models import Case, Decision, Reasons
from showground.reports.queries import here
from showground.rules.harms import CODES

# What the public is told of the harm; which one it is exactly stays between the desk and those concerned, for the log forgets nothing.
WHY = {
    "scam": "deception",
    "phishing": "deception",
    "malware": "deception",
    "impersonation": "deception",
    "harassment": "persons",
    "intimate": "persons",
    "privacy": "persons",
    "child": "persons",
    "rights": "rights",
}


def carry_out(decision: Decision, before: Decision | None, *, by: Person, at: int, why: str = "reconsidered") -> None:
    """The thing of this site is withheld if the decision acts on it, and shown again if it no longer does.

    `before` is the decision that this one replaces. What another case withholds as well stays withheld.
    """
    if decision.outcome == Decision.Outcome.ACT_HERE:
        _withhold(decision, by=by, at=at)
    elif before is not None and before.outcome == Decision.Outcome.ACT_HERE and not _held_elsewhere(decision.case):
        _restore(decision.case, by=by, at=at, why=why)


def _withhold(decision: Decision, *, by: Person, at: int) -> None:
    thing, why = here.find(decision.case.work), WHY[decision.case.category]
    assert thing is not None, "written.check refuses to act on nothing"
    if thing.entry is not None and thing.entry.withheld_at is None:
        withhold_entry(thing.entry, reason_code=why, by=by, at=at, words=_public(decision))
    elif thing.note is not None and thing.public:
        withhold_note(thing.note, reason_code=why, by=by)


def _restore(case: Case, *, by: Person, at: int, why: str) -> None:
    thing = here.withheld(case.work)
    if thing is None:
        return  # its maker took it away in the meantime
    if thing.entry is not None:
        restore_entry(thing.entry, reason_code=why, by=by, at=at)
    elif thing.note is not None:
        restore_note(thing.note, by=by)


def _held_elsewhere(case: Case) -> bool:
    acts = Decision.objects.filter(outcome=Decision.Outcome.ACT_HERE, replaced_by=None, case__work=case.work)
    return acts.exclude(case=case).exists()


def _public(decision: Decision) -> dict[str, str]:
    """The reasons for everybody, by language; they name nobody."""
    return {row.language: row.words for row in decision.reasons.filter(audience=Reasons.Audience.PUBLIC) if row.words}


assert set(WHY) == set(CODES), "every harm has its word for the public"
