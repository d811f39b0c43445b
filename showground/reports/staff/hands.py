"""What an officer does to a case: takes it, asks, notes, links, holds, ends. Every act leads back to the page and says what is so now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from showground.reports.actions import keep, legal_hold, link, recuse, triage
from showground.reports.actions.answer import ping
from showground.reports.actions.desk_note import write_note
from showground.reports.models import Case, CaseLink, Holder, Report
from showground.reports.queries import case as queries
from showground.reports.staff.case import case_of, render
from showground.reports.staff.frame import DeskRequest, keyed, log_of, number
from showground.rules.refused import Refused
from showground.ui.refusals import refusal

# An empty field is named by the part of the page that it stands in.
EMPTY = {"thread": "desk.message", "notes": "desk.note", "decision": "desk.missing", "more": "desk.why"}


def act(request: DeskRequest, code: str, do: Callable[[Case], Any], *, did: str, at: str = "") -> HttpResponse:
    """Does something to a case and leads back to it with a line that says so, or shows why not.

    `did` names the line (done.py), `at` the part of the page; `do` may return {"did": ..., "other": ..., "to": number of a case}.
    """
    case = case_of(request, code)
    try:
        told = do(case)
    except Refused as refused:
        said = refusal(Refused(EMPTY[at]) if refused.code == "report.empty" and at in EMPTY else refused)
        return render(request, queries.case_or_404(code), said=said, at=at, draft=request.POST.get("message", ""))
    return back(request, code, at=at, **{"did": did, **(told if isinstance(told, dict) else {})})


def back(request: DeskRequest, code: str, *, at: str, to: str = "", **told: str) -> HttpResponse:
    """Returns the way to the page of a case, the same report open on it, its line and its part in the address."""
    report = request.POST.get("report", "")
    kept = {"report": report} if report.isalnum() and not to else {}
    words = urlencode({**kept, **{name: value for name, value in told.items() if value}})
    page = reverse("reports:case", args=[request.week.code, to or code])
    return HttpResponseRedirect(f"{page}{f'?{words}' if words else ''}{f'#{at}' if at else ''}")


def _facts(request: DeskRequest) -> dict[str, Any]:
    return {"at": request.now, "log": log_of(request)}


@keyed("officer")
@require_POST
def assign(request: DeskRequest, week: str, code: str) -> HttpResponse:
    """Puts the case into an officer's hands, the person's own if nobody is named."""

    def do(case: Case) -> dict[str, str]:
        named = Holder.objects.filter(pk=number(request.POST, "to"), duty="officer").first()
        to = named if request.POST.get("to") else request.who.holder
        if to is None:
            raise Refused("desk.cannot_admit")
        triage.assign(case, to, who=request.who, **_facts(request))
        return {} if to.person_id == request.user.pk else {"did": "given"}

    return act(request, code, do, did="taken")


@keyed("officer")
@require_POST
def begin(request: DeskRequest, week: str, code: str) -> HttpResponse:
    """Begins work on a case that was assigned, goes on without the reporter's answer, or notes the first look, or gives it back to the queue."""

    def do(case: Case) -> dict[str, str]:
        if request.POST.get("do") == "look":
            triage.look(case, by=request.user, **_facts(request))
            return {"did": "looked"}
        if request.POST.get("do") == "give_back":
            triage.give_back(case, by=request.user, **_facts(request))
            return {"did": "given_back"}
        if case.state == Case.State.AWAITING_REPORTER:
            triage.go_on(case, by=request.user, **_facts(request))
            return {"did": "went_on"}
        triage.begin(case, by=request.user, **_facts(request))
        return {}

    return act(request, code, do, did="begun")


@keyed("officer")
@require_POST
def step_aside(request: DeskRequest, week: str, code: str) -> HttpResponse:
    """Takes the person out of the case for good."""
    case = case_of(request, code)
    try:
        recuse.recuse(case, request.user, reason_code=request.POST.get("reason", ""), **_facts(request))
    except Refused as refused:
        return render(request, case, said=refusal(refused), at="more")
    return HttpResponseRedirect(f"{reverse('reports:queue', args=[week])}?aside=1")


# ---- words ----


@keyed("officer")
@require_POST
def say(request: DeskRequest, week: str, code: str) -> HttpResponse:
    """Writes to the reporter, and waits for an answer if asked to; a letter without content says that there is news."""
    wait = request.POST.get("do") == "ask"

    def do(case: Case) -> None:
        report = get_object_or_404(Report, number=request.POST.get("report", ""), case=case)
        held = triage.tell(case, report, request.POST.get("message", ""), who=request.who, wait=wait, **_facts(request))
        ping(held, **_facts(request))

    return act(request, code, do, did="asked" if wait else "told", at="thread")


@keyed("officer")
@require_POST
def jot(request: DeskRequest, week: str, code: str) -> HttpResponse:
    """Keeps a note for colleagues."""

    def do(case: Case) -> None:
        write_note(case, request.POST.get("note", ""), who=request.who, **_facts(request))

    return act(request, code, do, did="noted", at="notes")


# ---- links ----


@keyed("officer")
@require_POST
def links(request: DeskRequest, week: str, code: str) -> HttpResponse:
    """Undoes a link, takes or drops a suggestion, or joins another case to this one."""
    acts = {"undo": _put_apart, "take": _take, "drop": _drop, "merge": _merge}

    def do(case: Case) -> dict[str, str]:
        chosen = acts.get(request.POST.get("do", ""))
        if chosen is None:
            raise Refused("link.gone")
        return chosen(case, request, {"by": request.user, **_facts(request)})

    return act(request, code, do, did="dropped", at="cluster")


def _put_apart(case: Case, request: DeskRequest, told: dict[str, Any]) -> dict[str, str]:
    report = get_object_or_404(Report, number=request.POST.get("which", ""), case=case)
    return {"did": "apart", "other": link.undo(report, **told).number}


def _suggested(case: Case, request: DeskRequest) -> CaseLink:
    one = get_object_or_404(CaseLink, pk=number(request.POST, "which"), report__case=case)
    recuse.may(one.case, request.user)
    return one


def _take(case: Case, request: DeskRequest, told: dict[str, Any]) -> dict[str, str]:
    """Where the report leaves nothing behind, the officer goes with it."""
    one = _suggested(case, request)
    link.take_suggestion(one, **told)
    return {"did": "joined", "other": case.number, "to": one.case.number}


def _drop(case: Case, request: DeskRequest, told: dict[str, Any]) -> dict[str, str]:
    link.drop_suggestion(_suggested(case, request), **told)
    return {}


def _merge(case: Case, request: DeskRequest, told: dict[str, Any]) -> dict[str, str]:
    other = queries.case_or_none(request.POST.get("other", "").strip().upper())
    if other is None:
        raise Refused("decision.same_as")
    recuse.may(other, request.user)
    link.merge(other, case, **told)
    return {"did": "joined", "other": other.number}


# ---- time, holds, ends ----


@keyed("officer")
@require_POST
def more_time(request: DeskRequest, week: str, code: str) -> HttpResponse:
    """Gives a hard case 30 days and tells its reporters why."""
    why = {"en": request.POST.get("why.en", ""), "zh": request.POST.get("why.zh", "")}
    return act(request, code, lambda case: triage.extend(case, why, who=request.who, **_facts(request)), did="extended", at="more")


def _did(line: str, _done: object) -> dict[str, str]:
    return {"did": line}


@keyed("officer")
@require_POST
def know(request: DeskRequest, week: str, code: str) -> HttpResponse:
    """Notes that a public body complains; sets a legal hold, asks for its end, agrees to that or says no."""
    acts: dict[str, Callable[[Case], dict[str, str]]] = {
        "hold": lambda case: _did("held", legal_hold.hold(case, request.POST.get("hold", ""), by=request.user, **_facts(request))),
        "hold_end": lambda case: _did("hold_end", legal_hold.ask_end(case, by=request.user, **_facts(request))),
        "agree": lambda case: _did("unheld", legal_hold.answer_end(case, True, by=request.user, **_facts(request))),
        "refuse": lambda case: _did("still_held", legal_hold.answer_end(case, False, by=request.user, **_facts(request))),
    }

    def do(case: Case) -> dict[str, str]:
        chosen = acts.get(request.POST.get("do", ""))
        if chosen is not None:
            return chosen(case)
        triage.tag_public_body(case, "public_body" in request.POST, by=request.user, **_facts(request))
        return {}

    return act(request, code, do, did="body", at="more")


@keyed("officer")
@require_POST
def end(request: DeskRequest, week: str, code: str) -> HttpResponse:
    """Closes a decided case, or takes up a closed one again."""

    def do(case: Case) -> dict[str, str]:
        if request.POST.get("do") == "reopen":
            triage.reopen(case, request.POST.get("why", ""), by=request.user, **_facts(request))
            return {"did": "reopened"}
        triage.close(case, by=request.user, **_facts(request))
        return {}

    return act(request, code, do, did="closed")


@keyed("officer")
@require_POST
def destroy(request: DeskRequest, week: str, code: str) -> HttpResponse:
    """Asks that a report be destroyed before its time."""

    def do(case: Case) -> None:
        report = get_object_or_404(Report, number=request.POST.get("report", ""), case=case)
        keep.ask_deletion(report, request.POST.get("reason", ""), by=request.user, **_facts(request))

    return act(request, code, do, did="asked_deletion", at="more")
