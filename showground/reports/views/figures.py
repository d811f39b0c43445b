"""The desk's figures for everybody: pages, the published bytes, table sheets, the DSA's templates."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from showground.reports.models import FigureSnapshot
from showground.reports.queries import annex, figure_words, figures, statements
from showground.reports.queries.operator import service
from showground.ui import typeset
from showground.ui.pages import page
from showground.ui.plots import Bar


def _day(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def _said(at: int) -> str:
    """A day of the figures in words: they are counted from midnight to midnight UTC, whatever the week's own time zone."""
    return typeset.year_day(at, UTC)


def _snapshot(day: str) -> FigureSnapshot:
    try:
        since = int(datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise Http404("day")
    found = figures.snapshots().filter(period_from=since).first()
    if found is None:
        raise Http404("figures")
    return found


@gzip_page
@require_safe
def newest(request: HttpRequest, week: str) -> HttpResponse:
    """Shows the newest figures; before the first it says when they come."""
    return _page(request, figures.snapshots().first())


@gzip_page
@require_safe
def period(request: HttpRequest, week: str, day: str) -> HttpResponse:
    """Shows the figures of the week that began on a day."""
    return _page(request, _snapshot(day))


def _page(request: HttpRequest, snapshot: FigureSnapshot | None) -> HttpResponse:
    late = figures.overdue_since(request.now)
    opened = figures.first_opened()
    context = {
        "snapshot": snapshot,
        "late": late,
        "stopped": figures.referrals_stop(request.now),
        "late_day": _said(late) if late else "",
        "first_due_day": _said(figures.week_of(opened) + figures.EVERY) if opened else "",
        "every": [(_day(one.period_from), _said(one.period_from)) for one in figures.snapshots()[:60]],
        "parts": annex.PARTS,
    }
    if snapshot is not None:
        context |= {
            "day": _day(snapshot.period_from),
            "first_day": _said(snapshot.period_from),
            "last_day": _said(snapshot.period_to - 1),
            "told": figure_words.page(snapshot.figures),
            "weeks": _weeks(snapshot),
            "digest": [snapshot.sha256[at : at + 8] for at in range(0, 64, 8)],
            "record": snapshot.minute.index if snapshot.minute else None,
            "record_log": snapshot.minute.log.origin if snapshot.minute else "",
        }
    return page(request, "reports/figures.html", context)


def _weeks(now: FigureSnapshot) -> list[Bar]:
    """What came in, week by week, up to half a year."""
    newest = list(figures.snapshots().filter(period_from__lte=now.period_from)[:26])[::-1]
    bars = figure_words.by_week([(one.period_from, one.figures) for one in newest], now.period_from)
    return bars if len(bars) > 1 else []


@gzip_page
@require_safe
def as_json(request: HttpRequest, week: str, day: str) -> HttpResponse:
    """Returns the published bytes: their SHA-256 is the one in the log."""
    return HttpResponse(figures.file_of(_snapshot(day)), content_type="application/json")


@gzip_page
@require_safe
def as_csv(request: HttpRequest, week: str, day: str) -> HttpResponse:
    """Returns the figures as one sheet: part, table, row, value."""
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\r\n")
    sheet.writerow(["part", "table", "row", "value"])
    sheet.writerows(figures.lines(_snapshot(day).figures))
    return _sheet(out.getvalue().encode(), f"figures-{day}.csv")


@require_safe
def as_annex(request: HttpRequest, week: str, day: str, part: str) -> HttpResponse:
    """Returns one part of the DSA's transparency templates for the period."""
    if part not in annex.PARTS:
        raise Http404("part")
    return _sheet(annex.part(part, _snapshot(day), service=service()), f"annex-{part}-{day}.csv")


@gzip_page
@require_safe
def as_statements(request: HttpRequest, week: str, day: str) -> HttpResponse:
    """Returns the statements of reasons of the period, for what the desk decided as host."""
    snapshot = _snapshot(day)
    told = {"statements": statements.of_host(snapshot.period_from, snapshot.period_to)}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


def _sheet(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
