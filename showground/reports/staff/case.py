"""One case: its page, with one of its reports open on the desk."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from showground.reports.actions.added import read_added
from showground.reports.actions.written import Written
from showground.reports.forms import officer as words
from showground.reports.models import Case, Deletion, Evidence, Report
from showground.reports.queries import case as queries
from showground.reports.queries import clocks
from showground.reports.queries.harms import shown
from showground.reports.queries.left import left
from showground.reports.queries.states import OPEN
from showground.reports.staff import decision, matter
from showground.reports.staff.done import done
from showground.reports.staff.frame import DeskRequest, desk_page, keyed, log_of
from showground.reports.staff.queue_words import severity
from showground.rules.refused import Refused


def case_of(request: DeskRequest, code: str) -> Case:
    """Returns the case of the address; to somebody who stays out of it there is none."""
    case = queries.case_or_404(code)
    if queries.shut_to(case, request.user):
        raise Http404(code)
    return case


def render(
    request: DeskRequest,
    case: Case,
    *,
    said: str = "",
    at: str = "",
    written: Written | None = None,
    draft: str = "",
    refused: bool = False,
) -> HttpResponse:
    """Returns the page of a case; `said` is why something was not done, `at` the part of the page that it belongs to."""  # fmt: skip
    reports = queries.reports(case)
    current = _current(request, reports)
    one = queries.opened(current, request.who) if current else None
    mine = case.assignee_id == request.user.pk
    did = None if said else done(request, case)
    running = clocks.of_case(case.pk, [report.pk for report in reports], request.now)
    return desk_page(
        request,
        "reports/desk_case.html",
        {
            "case": case,
            "name": shown(case.category).name,
            "severity": severity(case.severity),
            "state": words.STATES[case.state],
            "mark": words.STATE_MARKS[case.state],
            "open": case.state in OPEN,
            "mine": mine,
            "left": left(case),
            "clocks": running,
            "unseen": any(clock.kind == "first_look" and not clock.met for clock in running),
            "reports": reports,
            "current": current,
            "spoken": matter.spoken(current),
            "one": one,
            **matter.seen(one),
            **matter.cluster(case, reports, current, request),
            "officers": [holder for holder in queries.officers(case) if holder.person_id != case.assignee_id],
            "notes": queries.notes(case, request.who),
            "templates": matter.templates(current),
            "draft": draft or _template(request, matter.templates(current)),
            "typed": request.POST,
            "why_en": request.POST.get("why.en", ""),
            "why_zh": request.POST.get("why.zh", ""),
            "recuse_words": words.RECUSE_WORDS.items(),
            "reopen_words": words.REOPEN_WORDS.items(),
            "delete_words": words.DELETE_WORDS.items(),
            "deletion": Deletion.objects.filter(report=current, objected_at=None).select_related("asked_by").first() if current else None,
            "said": said,
            "did": did,
            "at": at or (did.at if did else ""),
            **decision.of_case(request, case, written=written, mine=mine, refused=refused),
        },
        nav="reports",
        status=422 if said else 200,
    )  # fmt: skip


def _current(request: DeskRequest, reports: list[Report]) -> Report | None:
    """The report of the case that lies open."""
    asked = request.POST.get("report") or request.GET.get("report")
    return next((report for report in reports if report.number == asked), reports[0] if reports else None)


def _template(request: DeskRequest, templates: list[dict[str, Any]]) -> str:
    return next((str(one["words"]) for one in templates if one["code"] == request.GET.get("words")), "")


@keyed("officer")
@never_cache
@require_safe
def show(request: DeskRequest, week: str, code: str) -> HttpResponse:
    """Shows a case with one of its reports open."""
    case = case_of(request, code)
    if (current := _current(request, queries.reports(case))) is not None:
        read_added(current, request.who, at=request.now, log=log_of(request))
    return render(request, case)


@keyed("officer")
@never_cache
@require_safe
def picture(request: DeskRequest, week: str, code: str, index: int, number: int) -> HttpResponse:
    """Sends pixels of a picture or page: made in the jail, codes painted over; only while the shift is open."""
    case = case_of(request, code)
    found = get_object_or_404(Evidence.objects.select_related("report"), pk=index, report__case=case)
    try:
        data = queries.pixels(found.report, found, number, request.who)
    except Refused:
        raise Http404 from None
    return HttpResponse(
        data, content_type="image/png", headers={"Content-Disposition": "inline", "Cross-Origin-Resource-Policy": "same-origin"}
    )
