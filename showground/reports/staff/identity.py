"""Sealed identities: a custodian asks, an approver answers, the custodian reads once."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.reports.actions import identity as actions
from showground.reports.forms.officer import IDENTITY_WORDS
from showground.reports.models import Identity, IdentityAccess
from showground.reports.queries.queue import seen_by
from showground.reports.staff.frame import DeskRequest, desk_page, keyed, log_of
from showground.rules.refused import Refused
from showground.ui.refusals import refusal

SAID = {"name": _("Name"), "reach": _("Address or telephone number")}
BOTH = ("custodian", "approver")


def _show(
    request: DeskRequest, *, said: str = "", read: dict[str, str] | None = None, which: IdentityAccess | None = None
) -> HttpResponse:
    shown = Q(identity__report__case=None) | Q(identity__report__case__in=seen_by(request.user).values("pk"))
    rows = (
        IdentityAccess.objects.filter(shown)
        .select_related("identity__report__case", "asked_by", "decided_by")
        .order_by("-pk")[:100]
    )
    custodian = request.who.holder.duty == "custodian"
    return desk_page(
        request,
        "reports/desk_identities.html",
        {
            "custodian": custodian,
            "rows": [_row(request, row) for row in rows],
            "reasons": IDENTITY_WORDS.items(),
            "said": said,
            "typed": request.POST,
            "read": [(SAID.get(name, name), value) for name, value in sorted(read.items())] if read else None,
            "which": which,
        },
        nav="identities",
        status=422 if said else 200,
    )


def _row(request: DeskRequest, row: IdentityAccess) -> dict[str, Any]:
    mine = row.asked_by_id == request.user.pk
    ready = bool(row.agreed) and row.opened_at is None and bool(row.half_sealed)
    return {
        "row": row,
        "report": row.identity.report,
        "reason": IDENTITY_WORDS[row.reason_code],
        "words": actions.words(row, request.who),
        "mine": mine,
        "may_answer": row.agreed is None and request.who.holder.duty == "approver" and not mine,
        "may_read": mine and ready,
        "over": bool(row.agreed) and row.opened_at is None and not ready,
    }


@keyed(*BOTH)
@never_cache
@require_safe
def identities(request: DeskRequest, week: str) -> HttpResponse:
    """Shows what was asked, answered and read."""
    return _show(request)


@keyed("custodian")
@require_POST
def ask(request: DeskRequest, week: str) -> HttpResponse:
    """Asks to open the identity behind a report."""
    try:
        found = Identity.objects.filter(report__number=request.POST.get("report", "").strip().upper()).first()
        if found is None:
            raise Refused("identity.none")
        reason, words = request.POST.get("reason", ""), request.POST.get("words", "")[:4000]
        actions.ask(found, reason, words, who=request.who, at=request.now, log=log_of(request))
    except Refused as refused:
        return _show(request, said=refusal(refused))
    return redirect("reports:identities", week=week)


@keyed("approver")
@require_POST
def answer(request: DeskRequest, week: str, number: int) -> HttpResponse:
    """Agrees to an opening, or says no."""
    access = get_object_or_404(IdentityAccess, pk=number)
    try:
        agreed = request.POST.get("do") == "agree"
        actions.answer(access, agreed, who=request.who, at=request.now, log=log_of(request))
    except Refused as refused:
        return _show(request, said=refusal(refused))
    return redirect("reports:identities", week=week)


@keyed("custodian")
@never_cache
@require_POST
def read(request: DeskRequest, week: str, number: int) -> HttpResponse:
    """Shows who it was, this once; the page is kept nowhere."""
    access = get_object_or_404(IdentityAccess, pk=number)
    try:
        found = actions.open_identity(access, who=request.who, at=request.now, log=log_of(request))
    except Refused as refused:
        return _show(request, said=refusal(refused))
    return _show(request, read=found, which=access)
