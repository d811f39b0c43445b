"""Many cases at a time: taken, given back, folded into one, rejected; and each of it taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from showground.reports.actions import bulk
from showground.reports.actions.triage import assign, give_back
from showground.reports.models import Case
from showground.reports.queries import queue
from showground.reports.queries.case import case_or_none
from showground.reports.staff.frame import DeskRequest, keyed, log_of, number, told
from showground.reports.staff.queue import asked_of, back, page
from showground.rules.refused import Refused
from showground.ui.refusals import refusal


@keyed("officer")
@require_POST
def many(request: DeskRequest, week: str) -> HttpResponse:
    """Takes, gives back, folds or rejects the chosen cases; one that was taken alone lies open."""
    chosen, do = _chosen(request), request.POST.get("do", "")
    try:
        if not chosen:
            raise Refused("bulk.none")
        did = ACTS.get(do, _reject)(request, chosen)
    except Refused as refused:
        return page(request, said=refusal(refused))
    if do == "take" and len(chosen) == 1:
        return HttpResponseRedirect(f"{reverse('reports:case', args=[week, chosen[0].number])}?did=taken")
    return back(request, **did)


def _chosen(request: DeskRequest) -> list[Case]:
    """Returns the chosen cases; one that the person stays out of is not among them, whatever was sent."""
    return list(queue.seen_by(request.user).filter(number__in=request.POST.getlist("case")[: queue.SHOWN]))


@transaction.atomic
def _take(request: DeskRequest, chosen: list[Case]) -> dict[str, Any]:
    """All of the chosen cases are the officer's, or none of them."""
    for case in chosen:
        assign(case, request.who.holder, **told(request))
    view = asked_of(request).view
    return {"view": "mine", "page": 1, "taken": len(chosen), "was": view, "undo": ",".join(case.number for case in chosen)}


@transaction.atomic
def _give_back(request: DeskRequest, chosen: list[Case]) -> dict[str, Any]:
    for case in chosen:
        give_back(case, by=request.user, at=request.now, log=log_of(request))
    return {"given": len(chosen)}


def _fold(request: DeskRequest, chosen: list[Case]) -> dict[str, Any]:
    first, came = bulk.fold(chosen, by=request.user, at=request.now, log=log_of(request))
    return {"folded": came, "into": first.number, "when": request.now}


def _reject(request: DeskRequest, chosen: list[Case]) -> dict[str, Any]:
    reason = request.POST.get("reason", "")
    gone = bulk.reject(chosen, reason, by=request.user, at=request.now, log=log_of(request))
    return {"spam": len(gone), "undo": ",".join(gone)}


ACTS: dict[str, Callable[[DeskRequest, list[Case]], dict[str, Any]]] = {"take": _take, "give_back": _give_back, "fold": _fold}


@keyed("officer")
@require_POST
def take_back(request: DeskRequest, week: str) -> HttpResponse:
    """Takes a rejection back, or puts apart again what was folded."""
    sent = request.POST
    try:
        if into := case_or_none(sent.get("into", "")):
            apart = bulk.unfold(into, folded_at=number(sent, "when"), by=request.user, at=request.now, log=log_of(request))
            return back(request, apart=apart)
        again = bulk.take_back(sent.get("numbers", "").split(","), by=request.user, at=request.now, log=log_of(request))
    except Refused as refused:
        return page(request, said=refusal(refused))
    return back(request, back=again)
