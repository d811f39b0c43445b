"""Files of a report that an officer takes out of the desk."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from showground.reports.actions.take_out import take_out
from showground.reports.models import Evidence
from showground.reports.staff.case import case_of
from showground.reports.staff.frame import DeskRequest, keyed, log_of
from showground.rules.refused import Refused


@keyed("officer")
@never_cache
@require_POST
def fetch(request: DeskRequest, week: str, code: str, index: int) -> HttpResponse:
    """Sends a file as it came, in an archive under the password "infected"; that it was taken out is an event of the desk."""
    case = case_of(request, code)
    found = get_object_or_404(Evidence.objects.select_related("report"), pk=index, kind="file", report__case=case)
    try:
        data = take_out(case, found, who=request.who, at=request.now, log=log_of(request))
    except (Refused, OSError):
        raise Http404 from None
    name = f"{case.number}-{found.pk}.zip"
    return HttpResponse(
        data,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff",
                 "Content-Security-Policy": "sandbox; default-src 'none'", "Cross-Origin-Resource-Policy": "same-origin"},
    )  # fmt: skip
