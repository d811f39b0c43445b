"""The decision form, its draft, its second reader; appeals; deletions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.reports.actions import decide as actions
from showground.reports.actions import hear, keep
from showground.reports.actions.written import Written
from showground.reports.forms import officer as words
from showground.reports.models import Appeal, Case, Clock, Deletion, LegalBasis
from showground.reports.queries import case as queries
from showground.reports.queries import clocks, holds, queue
from showground.reports.queries.harms import shown
from showground.reports.staff.case import case_of, render
from showground.reports.staff.frame import DeskRequest, Told, desk_page, keyed, log_of, number, told
from showground.reports.staff.hands import act, back
from showground.rules.refused import Refused
from showground.ui import typeset
from showground.ui.refusals import refusal
from showground.weeks.queries import said as in_words


@keyed("officer")
@require_POST
def write(request: DeskRequest, week: str, code: str) -> HttpResponse:
    """Keeps the draft of a decision, fills it with the usual words, takes a proposal back, or decides: at once or before a second."""
    case, do = case_of(request, code), request.POST.get("do", "draft")
    written = words.read_decision(request.POST)
    try:
        did = WRITES.get(do, _draft)(case, written, told(request))
    except Refused as refused:
        typed = None if refused.code == "decision.waits" or do == "take_back" else written
        return render(
            request, queries.case_or_404(code), said=refusal(refused), at="decision", written=typed, refused=do == "decide"
        )
    if request.headers.get("X-Kept") == "by-itself":
        return JsonResponse({"said": saved_at(request.now)})
    return back(request, code, at="reasons" if did == "begun_words" else "decision", did=did)


def _draft(case: Case, written: Written, told: Told) -> str:
    actions.draft(case, written, **told)
    return "saved"


def _decide(case: Case, written: Written, told: Told) -> str:
    actions.draft(case, written, **told)  # what was typed is kept, whatever comes of it
    return "proposed" if actions.propose(case, written, **told) is None else "decided"


def _usual(case: Case, written: Written, told: Told) -> str:
    actions.draft(case, words.with_usual(written), **told)
    return "begun_words"


def _take_back(case: Case, written: Written, told: Told) -> str:
    actions.take_back(case, **told)
    return "taken_back"


def saved_at(at: int) -> str:
    """Returns the line about a draft that was kept."""
    return _("Draft, saved %(time)s") % {"time": typeset.clock(at)}


WRITES: dict[str, Callable[[Case, Written, Told], str]] = {"decide": _decide, "usual": _usual, "take_back": _take_back}


@keyed("officer")
@require_POST
def second(request: DeskRequest, week: str, code: str) -> HttpResponse:
    """Confirms a decision as its second reader, the very words that were read, or sends it back with words."""

    def do(case: Case) -> dict[str, str]:
        if request.POST.get("do") == "confirm":
            actions.confirm(case, seal=request.POST.get("seal", ""), **told(request))
            return {}
        actions.send_back(case, request.POST.get("why", ""), **told(request))
        return {"did": "sent_back"}

    return act(request, code, do, did="decided", at="decision")


# ---- appeals ----


def _appeal(request: DeskRequest, number: int) -> Appeal:
    found = get_object_or_404(Appeal.objects.select_related("decision__case", "handler"), pk=number)
    try:
        hear.may_hear(found, request.user)
    except Refused:
        raise Http404 from None
    return found


@keyed("officer")
@never_cache
@require_safe
def appeals(request: DeskRequest, week: str) -> HttpResponse:
    """Shows the appeals that this person may hear: those against decisions in which they had no part."""
    found = queue.appeals(request.user)
    running = {clock.thing_id: clock for clock in Clock.objects.filter(thing="appeal", thing_id__in=[one.pk for one in found])}
    rows = [_line(request, appeal, running.get(appeal.pk)) for appeal in found]
    return desk_page(request, "reports/desk_appeals.html", {"rows": rows}, nav="appeals")


def _line(request: DeskRequest, appeal: Appeal, clock: Clock | None) -> dict[str, Any]:
    return {
        "row": appeal,
        "case": appeal.decision.case,
        "name": shown(appeal.decision.case.category).name,
        "outcome": words.OUTCOMES[appeal.decision.outcome][0],
        "clock": clocks.read(clock, request.now) if clock else None,
    }


def _show(request: DeskRequest, appeal: Appeal, *, said: str = "") -> HttpResponse:
    decision, mine = appeal.decision, appeal.handler_id == request.user.pk
    return desk_page(
        request,
        "reports/desk_appeal.html",
        {
            **_line(request, appeal, Clock.objects.filter(thing="appeal", thing_id=appeal.pk).first()),
            "mine": mine,
            "grounds": hear.grounds(appeal, request.who) if mine else "",
            "facts": queries.facts(decision, request.who) if mine else "",
            "law": in_words(decision.legal_basis.citation) if decision.legal_basis else "",
            "reasons": words.said_reasons(decision.reasons.all()),
            "outcomes": words.APPEAL_WORDS.items(),
            "answered": words.APPEAL_WORDS.get(appeal.outcome, ""),
            "instead": [
                (key, pair[0])
                for key, pair in words.OUTCOMES.items()
                if key != decision.outcome and key not in {"duplicate_of", "not_our_remit"}
            ],
            "bases": [(row.pk, in_words(row.citation)) for row in LegalBasis.objects.order_by("pk")],
            "answer": hear.reasons(appeal, request.who) if mine else "",
            "typed": request.POST,
            "reasons_en": request.POST.get("reasons.en", ""),
            "reasons_zh": request.POST.get("reasons.zh", ""),
            "said": said,
        },
        nav="appeals",
        status=422 if said else 200,
    )


@keyed("officer")
@never_cache
def appeal(request: DeskRequest, week: str, number: int) -> HttpResponse:
    """Shows an appeal; takes it on, or decides it with reasons in both languages."""
    found = _appeal(request, number)
    if request.method != "POST":
        return _show(request, found)
    try:
        if request.POST.get("do") == "take":
            hear.take(found, **told(request))
        else:
            texts = {language: request.POST.get(f"reasons.{language}", "") for language in ("en", "zh")}
            hear.decide_appeal(
                found, request.POST.get("outcome", ""), texts, instead=request.POST.get("instead", ""), **told(request)
            )
    except Refused as refused:
        return _show(request, found, said=refusal(refused))
    return redirect("reports:appeal_case", week=week, number=number)


# ---- deletions ----


@keyed("officer")
@never_cache
def deletions(request: DeskRequest, week: str) -> HttpResponse:
    """Shows what is to be destroyed before its time; a second person agrees, anybody may object for 15 days."""
    said = ""
    if request.method == "POST":
        found = get_object_or_404(Deletion, pk=number(request.POST, "which"))
        if found.report.case is not None and queries.shut_to(found.report.case, request.user):
            raise Http404
        answer = keep.agree_deletion if request.POST.get("do") == "agree" else keep.object_deletion
        try:
            answer(found, by=request.user, at=request.now, log=log_of(request))
            return redirect("reports:deletions", week=week)
        except Refused as refused:
            said = refusal(refused)
    rows = [
        {
            "row": one,
            "why": words.DELETE_WORDS[one.reason_code],
            "own": one.asked_by_id == request.user.pk,
            "due": one.agreed_at + keep.OBJECTION if one.agreed_at else None,
        }
        for one in queue.deletions(request.user)
    ]
    context = {"rows": rows, "holds": holds.ends(request.user), "said": said}
    return desk_page(request, "reports/desk_deletions.html", context, nav="deletions", status=422 if said else 200)
