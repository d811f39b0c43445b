"""What comes by phone, on paper or at a booth is entered by an officer; the code goes to the one who reported, not to the desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from showground.reports.actions.file import file_report
from showground.reports.forms.visitor import Filled, read_filled
from showground.reports.queries import harms
from showground.reports.queries.rail import rail
from showground.reports.views.quiet import quiet
from showground.reports.views.report import log_of
from showground.rules.harms import CODES
from showground.rules.refused import Refused
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.vault import codes
from showground.weeks.queries import phase_line
from showground.weeks.staff import StaffRequest, only

CHANNELS, LANGUAGES = ("phone", "paper"), {"en", "zh-hans"}


@only("officer")
@quiet
@require_http_methods(["GET", "HEAD", "POST"])
def by_hand(request: StaffRequest, week: str) -> HttpResponse:
    """Takes a report that somebody told by phone or on paper, and shows the code to be read out or printed, once."""
    if request.method != "POST":
        return _form(request)
    channel = request.POST.get("channel", "")
    filled = Filled(request.POST.get("category", ""), request.POST.get("words", ""))
    try:
        filled = read_filled(request)
        if channel not in CHANNELS:
            raise Refused("report.channel")
        told = filled.told(_spoken(request))
        report, code = file_report(told, log=log_of(request), at=request.now, channel=channel, proved=True)
    except Refused as refused:
        return _form(request, said=refusal(refused), filled=filled, channel=channel, status=422)
    context = {**_frame(request), "number": report.number, "shown": codes.shown(code)}
    look = request.build_absolute_uri(reverse("reports:look", args=[week]))
    return page(request, "reports/hand_code.html", {**context, "code": code, "look": look})


def _spoken(request: StaffRequest) -> str:
    """The language of the one who reported, as it was chosen, else the officer's."""
    spoken = request.POST.get("language", "")
    return spoken if spoken in LANGUAGES else request.LANGUAGE_CODE


def _frame(request: StaffRequest) -> dict[str, Any]:
    """What every working page has around it."""
    rooms = rail(request.week, request.duties, request.user, request.now)
    return {"phase_line": phase_line(request.week, request.now), "rail": rooms, "nav": "reports"}


def _form(
    request: StaffRequest,
    *,
    said: str = "",
    filled: Filled | None = None,
    channel: str = "phone",
    status: int = 200,
) -> HttpResponse:
    filled = filled or Filled("")
    return page(
        request,
        "reports/hand.html",
        {
            **_frame(request),
            "harms": [harms.shown(code) for code in CODES],
            "standings": [
                ("target", _("The caller is the one it happened to")),
                ("guardian", _("The caller looks after that person")),
                ("holder", _("The caller holds the right, or acts for its holder")),
            ],
            "filled": filled,
            "channel": channel,
            "spoken": _spoken(request) if request.method == "POST" else "zh-hans",
            "said": said,
        },
        status=status,
    )
