"""A decision as it is being written, and what it needs before it may hold. RULE reports 3.9: the guardrails are here, in code."""

from __future__ import annotations

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
    if written.outcome not in Decision.Outcome.values:
        raise Refused("decision.outcome")
    if not written.facts:
        raise Refused("decision.facts")
    if max([len(written.facts), *map(len, written.reasons.values())]) > MOST_TEXT:
        raise Refused("decision.long", most=MOST_TEXT)
    if set(written.lawful) != set(LAWFUL) or any(answer is None for answer in written.lawful.values()):
        raise Refused("decision.lawful")
    if written.doubtful and written.outcome != Decision.Outcome.LAWFUL_NO_ACTION and not written.lawful_why:
        raise Refused("decision.lawful_why")
    if written.outcome in NEEDS_LAW or written.legal_basis is not None:
        _check_law(case, written, at)
    _check_reasons(written)
    _check_goal(case, written)


def _check_law(case: Case, written: Written, at: int) -> None:
    basis = LegalBasis.objects.filter(Q(valid_to=None) | Q(valid_to__gt=at), pk=written.legal_basis, valid_from__lte=at).first()
    if basis is None:
        raise Refused("decision.law")
    if basis.categories and case.category not in basis.categories:
        raise Refused("decision.law_other")


def _check_reasons(written: Written) -> None:
    wanted = ["reporter"] + (["affected"] if written.outcome in ACTS else [])
    wanted += ["public"] if written.outcome == Decision.Outcome.WARN_PUBLIC else []
    for audience in AUDIENCES:
        said = [language for language in LANGUAGES if written.reasons.get(f"{audience}.{language}")]
        if (audience in wanted and len(said) < 2) or len(said) == 1:
            raise Refused("decision.reasons", audience=audience)


def _check_goal(case: Case, written: Written) -> None:
    outcome = written.outcome
    if outcome == Decision.Outcome.REFER:
        partners = list(Partner.objects.filter(code__in=written.partners))
        if not partners or len(partners) != len(set(written.partners)):
            raise Refused("decision.partners")
        if written.ask not in ASKS:
            raise Refused("decision.ask")
        check_places(written.places)
        if case.category == "child" and not {partner.kind for partner in partners} <= CHILD_PARTNERS:
            raise Refused("decision.child_partner")
    if outcome == Decision.Outcome.ACT_HERE:
        _check_here(case, written)
    if outcome == Decision.Outcome.DUPLICATE_OF:
        other = Case.objects.filter(number=written.same_as).first()
        if other is None or other.pk == case.pk:
            raise Refused("decision.same_as")
    if outcome == Decision.Outcome.NOT_OUR_REMIT and not Channel.objects.filter(code=written.where_to).exists():
        raise Refused("decision.where_to")


def _check_here(case: Case, written: Written) -> None:
    code = written.here or case.work
    if here.find(code) is None:
        raise Refused("decision.not_here")
    if code != case.work and case.decisions.filter(outcome=Decision.Outcome.ACT_HERE).exists():
        raise Refused("decision.other_thing", code=case.work)  # what one decision withheld, another must be able to restore
