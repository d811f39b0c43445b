"""How the exhibition was visited, for everybody: a quiet page, and the same numbers as an open table."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from showground.exhibition.actions.visits import flush
from showground.exhibition.queries import halls, open_visits, shown
from showground.exhibition.queries.handouts import LICENCES
from showground.exhibition.queries.open_visits import Sum, Told
from showground.exhibition.queries.walks import tongues, ways
from showground.ui.pages import page
from showground.ui.plots import Bar
from showground.weeks.middleware import WeekRequest
from showground.weeks.models import Week
from showground.weeks.queries import said, zone

AN_HOUR = "public, max-age=3600"


def _numbers(request: WeekRequest) -> list[Told]:
    if not open_visits.are_told(request.week):
        raise Http404("visits")
    flush(request.now)
    return open_visits.told(request.week, request.now)


@require_safe
@gzip_page
def visits(request: WeekRequest, week: str) -> HttpResponse:
    """Shows how often the exhibition was opened, at which hour, which boards, in which language and by which way."""
    numbers = _numbers(request)
    days = [one for one in numbers if one.by == "all"]
    hours = open_visits.sums(numbers, "hour")
    context = {
        "days": [(_noon(request.week, one.day), one.count) for one in days],
        "day_bars": [Bar(one.day[8:].lstrip("0"), int(one.count) if one.count.isdecimal() else None) for one in days],
        "last": _noon(request.week, days[-1].day) if days else None,
        "total": open_visits.sums(numbers, "all").get("view", Sum(0, False)),
        "hours": hours.items(),
        "hour_bars": [Bar(hour, one.count) for hour, one in hours.items()],
        "tables": [
            {
                "name": _("What was opened"),
                "head": _("Board or hall"),
                "rows": _things(request, open_visits.sums(numbers, "thing")),
            },
            {"name": _("How people came"), "head": _("Way"), "rows": _named(open_visits.sums(numbers, "entry"), ways())},
            {
                "name": _("In which language"),
                "head": _("Language"),
                "rows": _named(open_visits.sums(numbers, "language"), tongues()),
            },
            {"name": _("What people did"), "head": _("Deed"), "rows": _named(open_visits.sums(numbers, "deed"), _deeds())},
        ],
        "licence": LICENCES["CC0 1.0"],
        "nav": "halls",
    }
    return page(request, "exhibition/visits.html", context)


def _noon(week: Week, day: str) -> int:
    """Returns an instant of a day in the week's zone, for the filters that write days."""
    year, month, number = map(int, day.split("-"))
    return int(datetime.datetime(year, month, number, 12, tzinfo=zone(week)).timestamp())


def _deeds() -> dict[str, str]:
    return {
        "zoom": _("Zoomed into a board"),
        "audio": _("Played a film or an audio guide"),
        "quiz": _("Went to the quiz"),
        "report": _("Went to the report desk"),
        "pdf": _("Took a board as PDF"),
        "take": _("Took a hand-out"),
    }


def _named(found: Mapping[str, Sum], names: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    return [(name, found[key].text) for key, name in names.items() if key in found]


def _things(request: WeekRequest, found: Mapping[str, Sum]) -> Sequence[tuple[str, str]]:
    """Returns halls and boards with their titles in the order of the route; what is shown no longer stands in the open table alone."""
    names = {f"hall:{hall.code}": said(hall.name) for hall in halls.halls(request.week, request.now)}
    for board in halls.open_boards(request.week, request.now):
        assert board.shown is not None
        names[board.code] = shown.title(board.shown.document, board.code)
    return _named(found, names)


@require_safe
@gzip_page
def as_csv(request: WeekRequest, week: str) -> HttpResponse:
    """Sends the numbers as an open table."""
    headers = {"Content-Disposition": f'attachment; filename="{week}-visits.csv"'}
    answer = HttpResponse(open_visits.as_csv(_numbers(request)), content_type="text/csv; charset=utf-8", headers=headers)
    return _open(answer)


@require_safe
@gzip_page
def as_json(request: WeekRequest, week: str) -> HttpResponse:
    """Sends the numbers as JSON, with what is hidden and the licence."""
    return _open(JsonResponse(open_visits.as_json(request.week, _numbers(request)), json_dumps_params={"ensure_ascii": False}))


def _open(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = AN_HOUR
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
