"""Statements of reasons for what the desk decided as host of this site, ready for the European transparency database."""

from __future__ import annotations

from showground.interchange.notices import statement
from showground.people.actions import keyed
from showground.reports.models import Decision, LegalBasis
from showground.reports.queries import here
from showground.weeks.queries import kind_of


def of_host(since: int, until: int) -> list[statement.Statement]:
    """Returns a statement for each decision of [since, until) that acted on something of this site; each is checked."""
    rows = Decision.objects.filter(outcome=Decision.Outcome.ACT_HERE, decided_at__gte=since, decided_at__lt=until)
    return [of_decision(row) for row in rows.select_related("case", "legal_basis")]


def of_decision(decision: Decision) -> statement.Statement:
    """Returns the statement of one decision, from the reasons written for the person it affects: they name nobody."""
    basis, thing = decision.legal_basis, here.made(decision.case.work)
    assert basis is not None, "the table refuses to act without a law"
    words = _words(decision)
    terms = basis.kind == LegalBasis.Kind.CONTRACT_TERM
    return statement.build(
        harm=decision.case.category,
        ground=statement.GROUNDS[1] if terms else statement.GROUNDS[0],
        law=(basis.citation.get("en") or next(iter(basis.citation.values()), ""))[:500],
        explanation=words[:2000],
        facts=words[:5000],
        content_type=_kind(thing),
        language="en",
        content_at=thing.since if thing else decision.case.opened_at,
        at=decision.decided_at,
        puid=_puid(decision),
    )


def _puid(decision: Decision) -> str:
    """The statement's own number, the same for ever; it is published, and tells nobody how many decisions there are."""
    return f"{decision.case.number}-{keyed('reports.statement', str(decision.pk))[:12]}"


def _kind(thing: here.Here | None) -> str:
    if thing is None or thing.entry is None:
        return "CONTENT_TYPE_OTHER" if thing is None else "CONTENT_TYPE_TEXT"
    return statement.WORK_TYPES.get(kind_of(thing.entry.week, thing.entry.category), "CONTENT_TYPE_OTHER")


def _words(decision: Decision) -> str:
    rows = sorted(decision.reasons.filter(audience="affected").exclude(words=""), key=lambda row: row.language != "en")
    return next((row.words for row in rows), "The reasons are on the page of the person affected.")
