"""The devices at booths: which there are, a new address, and the end of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from showground.reports.actions import booths as actions
from showground.reports.models import Booth
from showground.reports.staff.frame import DeskRequest, desk_page, keyed, log_of, number
from showground.rules.refused import Refused
from showground.ui.refusals import refusal

ENDED_SHOWN = 20


def _show(request: DeskRequest, *, said: str = "", token: str = "", name: str = "") -> HttpResponse:
    alive = Booth.objects.filter(ended_at=None, expires_at__gt=request.now)
    gone = Booth.objects.exclude(pk__in=alive.values("pk")).order_by("-pk")[:ENDED_SHOWN]
    address = request.build_absolute_uri(reverse("reports:kiosk", args=[request.week.code, token])) if token else ""
    context = {
        "rows": [_row(one, request.now) for one in alive.select_related("made_by")],
        "gone": list(gone),
        "said": said,
        "name": name,
        "address": address,
    }
    return desk_page(request, "reports/desk_booths.html", context, nav="reports", status=422 if said else 200)


def _row(one: Booth, now: int) -> dict[str, Any]:
    return {"row": one, "today": one.filed if one.day == now // 86400 else 0}


@keyed("officer")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def booths(request: DeskRequest, week: str) -> HttpResponse:
    """Shows the devices at booths; gives a new one its address, which is shown once."""
    if request.method != "POST":
        return _show(request)
    name, before = request.POST.get("booth", ""), Booth.objects.filter(pk=number(request.POST, "instead"), ended_at=None).first()
    try:
        token = actions.make(before.name if before else name, by=request.user, at=request.now, log=log_of(request), instead=before)
    except Refused as refused:
        return _show(request, said=refusal(refused))
    return _show(request, token=token, name=before.name if before else name)


@keyed("officer")
@require_POST
def end(request: DeskRequest, week: str, number: int) -> HttpResponse:
    """Recalls the address of a booth's device at once."""
    actions.end(get_object_or_404(Booth, pk=number), at=request.now, log=log_of(request))
    return redirect("reports:booths", week=week)
