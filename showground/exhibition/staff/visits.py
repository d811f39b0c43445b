"""Visits on the desk: how far people walk, the open table, and whether everybody may read them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.exhibition.actions import visits as counting
from showground.exhibition.queries import halls as queries
from showground.exhibition.queries import open_visits, walks
from showground.exhibition.queries import visits as counted
from showground.exhibition.staff.desk import CURATORS
from showground.exhibition.staff.frame import desk_page
from showground.weeks.staff import StaffRequest, only


@only(*CURATORS)
@never_cache
@require_safe
def visits(request: StaffRequest, week: str) -> HttpResponse:
    """Shows how often boards were opened, how far people walked and where they went from there; small numbers are hidden."""
    counting.flush(request.now)
    context = {
        **walks.page(request.week, queries.open_boards(request.week, request.now)),
        "told": open_visits.are_told(request.week),
        "decides": "organiser" in request.duties,
    }
    return desk_page(request, "exhibition/desk_visits.html", context, nav="visits")


@only(*CURATORS)
@require_safe
def open_csv(request: StaffRequest, week: str) -> HttpResponse:
    """Sends the counts as an open table, small cells hidden."""
    counting.flush(request.now)
    headers = {"Content-Disposition": f'attachment; filename="{week}-visits.csv"'}
    return HttpResponse(counted.open_csv(request.week), content_type="text/csv; charset=utf-8", headers=headers)


@only("organiser")
@require_POST
def tell(request: StaffRequest, week: str) -> HttpResponse:
    """Opens the public page of visits, or closes it."""
    counting.tell(request.week, openly=request.POST.get("do") == "open")
    return redirect("exhibition:visits", week=week)
