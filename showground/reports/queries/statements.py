"""Statements of reasons for what the desk decided as host of this site, ready for the European transparency database."""

from __future__ import annotations

from collections.abc import Iterable

from showground.entries.models import Entry
from showground.entries.queries import by_codes
from showground.interchange.notices import statement
from showground.reports.models import Decision, LegalBasis
from showground.weeks.queries import weeks


def of_host(since: int, until: int) -> list[statement.Statement]:
    """Returns a statement for each decision of [since, until) that acted on something of this site; each is checked."""
    rows = Decision.objects.filter(outcome=Decision.Outcome.ACT_HERE, decided_at__gte=since, decided_at__lt=until)
    return [of_decision(row) for row in rows.select_related("case", "legal_basis")]


def of_decision(decision: Decision) -> statement.Statement:
    """Returns the statement of one decision, from the reasons written for the person it affects: they name nobody."""
    basis, entry = decision.legal_basis, _entry(decision.case.work)
    assert basis is not None, "the table refuses to act without a law"
    words = _words(decision)
    terms = basis.kind == LegalBasis.Kind.CONTRACT_TERM
    return statement.build(
        harm=decision.case.category,
        ground=statement.GROUNDS[1] if terms else statement.GROUNDS[0],
        law=(basis.citation.get("en") or next(iter(basis.citation.values()), ""))[:500],
        explanation=words[:2000],
        facts=words[:5000],
        content_type=statement.WORK_TYPES.get(entry.category if entry else "", "CONTENT_TYPE_OTHER"),
        language="en",
        content_at=(entry.submitted_at or entry.started_at) if entry else decision.case.opened_at,
        at=decision.decided_at,
        puid=f"{decision.case.number}-{decision.pk}",
    )


def _words(decision: Decision) -> str:
    rows = sorted(decision.reasons.filter(audience="affected").exclude(words=""), key=lambda row: row.language != "en")
    return next((row.words for row in rows), "The reasons are on the page of the person affected.")


def _entry(work: str) -> Entry | None:
    """The entry of this site that a case is about."""
    found: Iterable[Entry | None] = (by_codes(week, [work]).get(work) for week in weeks()) if work else ()
    return next((entry for entry in found if entry is not None), None)
