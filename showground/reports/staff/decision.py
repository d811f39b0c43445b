"""The decision of a case, for its page: what holds, what waits for its second reader, the form with what is still missing in it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from showground.evidence.links import defang
from showground.reports.actions.decide import read, seal_of
from showground.reports.actions.written import Written, gaps
from showground.reports.forms import officer as words
from showground.reports.models import Case, Channel, Decision, LegalBasis, Partner, Proposal
from showground.reports.queries import case as queries
from showground.reports.queries import here
from showground.reports.queries.states import ACTS, NEEDS_LAW
from showground.reports.staff.frame import DeskRequest
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.queries import said as in_words

# Where in the form each thing that is missing is written; reasons by audience.
FIELDS = {
    "decision.outcome": "outcome-refer", "decision.facts": "facts", "decision.lawful": "l-opinion-no", "decision.lawful_why": "lawful_why",
    "decision.law": "legal_basis", "decision.law_other": "legal_basis", "decision.partners": "partners", "decision.child_partner": "partners",
    "decision.ask": "ask", "notice.places": "places", "referral.legitimate": "places", "decision.not_here": "here",
    "decision.other_thing": "here", "decision.same_as": "same_as", "decision.where_to": "where_to",
}  # fmt: skip


def of_case(request: DeskRequest, case: Case, *, written: Written | None, mine: bool, refused: bool) -> dict[str, Any]:
    """Returns all that the part shows; `written` is what was just typed, `refused`: it was to be decided and lacks something."""
    proposal = Proposal.objects.filter(case=case).select_related("by").first()
    chosen = written or read(proposal, request.who)
    waits = proposal is not None and proposal.state == Proposal.State.PROPOSED
    own = proposal is not None and proposal.by_id == request.user.pk
    form = mine and case.state == Case.State.ASSESSING and not waits
    missing = _missing(case, chosen, request.now) if form and (refused or proposal is not None) else []
    places = _places(request, case, chosen, proposal) if form or waits else []
    bases = _bases(case, chosen, request.now)
    return {
        "proposal": proposal,
        "written": chosen,
        "form": form,
        "reader": waits and not own,
        "own_proposal": waits and own,
        "seal": seal_of(proposal) if proposal is not None and waits else "",
        "missing": missing,
        "bad": {one["field"] for one in missing} if refused else set(),
        "outcomes": _outcomes(chosen),
        "outcome_said": words.OUTCOMES[chosen.outcome][0] if chosen.outcome in words.OUTCOMES else "",
        "here": (named := chosen.here or case.work or here.named_in(one["url"] for one in places)),
        "thing": here.made(named),
        "bases": bases,
        "basis_said": next((one["said"] for one in bases if one["on"]), ""),
        "lawful": words.lawful_rows(chosen),
        "audiences": [
            {
                **row,
                "bad": [
                    lang for lang in ("en", "zh") if refused and f"r-{row['name']}-{lang}" in {one["field"] for one in missing}
                ],
            }
            for row in words.reason_rows(chosen)
        ],
        "partners": [
            {"row": row, "said": in_words(row.name), "on": row.code in chosen.partners}
            for row in Partner.objects.order_by("kind", "code")
        ],
        "asks": words.ASK_WORDS.items(),
        "ask_said": words.ASK_WORDS.get(chosen.ask, ""),
        "places": places,
        "where": [
            {"row": row, "said": in_words(row.name), "on": row.code == chosen.where_to}
            for row in Channel.objects.exclude(kind="exit")
        ],
        "decided": decided(request, case),
    }


def _missing(case: Case, chosen: Written, now: int) -> list[dict[str, str]]:
    """Returns what keeps a decision from holding, each with the field where it is mended."""
    return [{"field": _field(gap), "said": _said(gap)} for gap in gaps(case, chosen, at=now)]


def _said(gap: Refused) -> str:
    if gap.code != "decision.reasons":
        return refusal(gap)
    reader = words.AUDIENCE_WORDS[str(gap.facts["audience"])][0]
    language = {"en": "English", "zh": "中文"}[str(gap.facts["language"])]  # as the field is named
    return _("%(reader)s: the text in %(language)s is missing.") % {"reader": reader, "language": language}


def _field(gap: Refused) -> str:
    if gap.code == "decision.reasons":
        return f"r-{gap.facts['audience']}-{gap.facts['language']}"
    return FIELDS.get(gap.code, "decision")


def _places(request: DeskRequest, case: Case, chosen: Written, proposal: Proposal | None) -> list[dict[str, Any]]:
    """Returns the links that the case's reports lead to, and those that were written before, with which of them are chosen."""
    found = [
        {"url": one["url"], "shown": one.get("defanged", ""), "on": one["url"] in chosen.places or (not chosen.places and not proposal)}
        for one in queries.links_of(case, request.who)
    ]  # fmt: skip
    known = {one["url"] for one in found}
    return found + [{"url": one, "shown": defang(one), "on": True} for one in chosen.places if one not in known]


def _bases(case: Case, chosen: Written, now: int) -> list[dict[str, Any]]:
    return [
        {"row": row, "said": in_words(row.citation), "on": row.pk == chosen.legal_basis}
        for row in LegalBasis.objects.filter(valid_from__lte=now).order_by("pk")
        if (row.valid_to is None or row.valid_to > now) and (not row.categories or case.category in row.categories)
    ]


def _outcomes(chosen: Written) -> list[dict[str, Any]]:
    return [
        {"key": key, "said": said, "hint": hint, "on": key == chosen.outcome, "acts": key in ACTS, "law": key in NEEDS_LAW}
        for key, (said, hint) in words.OUTCOMES.items()
    ]


# ---- what holds ----


def decided(request: DeskRequest, case: Case) -> list[dict[str, Any]]:
    """Returns the case's decisions, oldest first, with their reasons, notices and appeals."""
    rows = case.decisions.select_related("legal_basis", "decided_by", "second_by", "same_as", "where_to")
    rows = rows.prefetch_related("reasons", "referrals__partner", "appeals").order_by("pk")
    return [_told(request, one) for one in rows]


def _told(request: DeskRequest, one: Decision) -> dict[str, Any]:
    zh = (get_language() or "en").startswith("zh")
    reasons = [row for row in one.reasons.all() if row.words and row.language.startswith("zh") == zh]
    order = list(words.AUDIENCE_WORDS)
    return {
        "row": one,
        "outcome": words.OUTCOMES[one.outcome][0],
        "facts": queries.facts(one, request.who),
        "law": in_words(one.legal_basis.citation) if one.legal_basis else "",
        "reasons": [
            (words.AUDIENCE_WORDS[row.audience][0], row.words) for row in sorted(reasons, key=lambda row: order.index(row.audience))
        ],
        "doubts": [words.LAWFUL_WORDS[name] for name, answer in one.lawful_speech.items() if answer and name in words.LAWFUL_WORDS],
        "referrals": [
            {"row": row, "partner": in_words(row.partner.name) or row.partner.code, "said": words.REFERRAL_WORDS[row.state]}
            for row in one.referrals.all()
        ],
        "appeals": [{"row": row, "said": words.APPEAL_WORDS.get(row.outcome, "")} for row in one.appeals.all()],
    }
