"""A decision as it is being written, and what it needs before it may hold. RULE reports 3.9: the guardrails are here, in code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Q

from showground.reports.actions.refer import check_places
from showground.reports.models import Case, Channel, Decision, LegalBasis, Partner
from showground.reports.queries import here
from showground.reports.queries.states import ACTS, LAWFUL, NEEDS_LAW
from showground.rules.refused import Refused

ASKS = ("remove", "suspend", "block", "preserve", "warn")
AUDIENCES, LANGUAGES = ("reporter", "affected", "public"), ("en", "zh")
CHILD_PARTNERS = frozenset({Partner.Kind.HOTLINE, Partner.Kind.POLICE})
MOST_TEXT = 8000


@dataclass
class Written:
    """A decision as it is being written; `lawful` answers the five questions of the lawful-speech check, None: not answered.

    `reasons` is {"reporter.en": text, ...}; `partners` their codes; `places` the exact addresses that a notice names; `here` the code
    of the work or the line of this site that is withheld.
    """

    outcome: str = ""
    facts: str = ""
    legal_basis: int | None = None
    lawful: dict[str, bool | None] = field(default_factory=lambda: dict.fromkeys(LAWFUL))
    lawful_why: str = ""
    reasons: dict[str, str] = field(default_factory=dict)
    partners: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    ask: str = "remove"
    same_as: str = ""
    where_to: str = ""
    here: str = ""
    returned: str = ""

    @property
    def doubtful(self) -> bool:
        """True if one answer says that this may be lawful speech."""
        return any(self.lawful.values())

    @property
    def needs_second(self) -> bool:
        """True if somebody else must agree before it holds."""
        return self.outcome in ACTS or self.doubtful


def check(case: Case, written: Written, *, at: int) -> None:
    """Refuses, by name, a decision that lacks what its outcome needs: see the guardrails of RULE reports 3.9."""
    for gap in gaps(case, written, at=at):
        raise gap


def gaps(case: Case, written: Written, *, at: int) -> Iterator[Refused]:
    """Yields everything that a decision lacks, in the order of the form; without an outcome what that would need is left open."""
    known = written.outcome in Decision.Outcome.values
    if not known:
        yield Refused("decision.outcome")
    if not written.facts:
        yield Refused("decision.facts")
    if max([len(written.facts), *map(len, written.reasons.values())]) > MOST_TEXT:
        yield Refused("decision.long", most=MOST_TEXT)
    if known and (written.outcome in NEEDS_LAW or written.legal_basis is not None):
        yield from _law(case, written, at)
    if set(written.lawful) != set(LAWFUL) or any(answer is None for answer in written.lawful.values()):
        yield Refused("decision.lawful")
    elif written.doubtful and written.outcome != Decision.Outcome.LAWFUL_NO_ACTION and not written.lawful_why:
        yield Refused("decision.lawful_why")
    yield from _reasons(written)
    if known:
        yield from _goal(case, written)


def _law(case: Case, written: Written, at: int) -> Iterator[Refused]:
    laws = LegalBasis.objects.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)
    basis = None if written.legal_basis is None else laws.filter(pk=written.legal_basis).first()
    if basis is None:
        yield Refused("decision.law")
    elif basis.categories and case.category not in basis.categories:
        yield Refused("decision.law_other")


def wanted(outcome: str) -> list[str]:
    """Returns who must be given reasons, in both languages, for an outcome."""
    affected = ["affected"] if outcome in ACTS else []
    return ["reporter", *affected, *(["public"] if outcome == Decision.Outcome.WARN_PUBLIC else [])]


def _reasons(written: Written) -> Iterator[Refused]:
    for audience in AUDIENCES:
        missing = [language for language in LANGUAGES if not written.reasons.get(f"{audience}.{language}")]
        if audience in wanted(written.outcome) or len(missing) == 1:
            yield from (Refused("decision.reasons", audience=audience, language=language) for language in missing)


def _goal(case: Case, written: Written) -> Iterator[Refused]:
    outcome = written.outcome
    if outcome == Decision.Outcome.REFER:
        yield from _referral(case, written)
    if outcome == Decision.Outcome.ACT_HERE:
        yield from _here(case, written)
    if outcome == Decision.Outcome.DUPLICATE_OF:
        other = Case.objects.filter(number=written.same_as).first()
        if other is None or other.pk == case.pk:
            yield Refused("decision.same_as")
    if outcome == Decision.Outcome.NOT_OUR_REMIT and not Channel.objects.filter(code=written.where_to).exists():
        yield Refused("decision.where_to")


def _referral(case: Case, written: Written) -> Iterator[Refused]:
    partners = list(Partner.objects.filter(code__in=written.partners))
    if not partners or len(partners) != len(set(written.partners)):
        yield Refused("decision.partners")
    elif case.category == "child" and not {partner.kind for partner in partners} <= CHILD_PARTNERS:
        yield Refused("decision.child_partner")
    if written.ask not in ASKS:
        yield Refused("decision.ask")
    try:
        check_places(written.places)
    except Refused as refused:
        yield refused


def _here(case: Case, written: Written) -> Iterator[Refused]:
    code = written.here or case.work
    if here.find(code) is None:
        yield Refused("decision.not_here")
    elif code != case.work and case.decisions.filter(outcome=Decision.Outcome.ACT_HERE).exists():
        yield Refused("decision.other_thing", code=case.work)  # what one decision withheld, another must be able to restore
