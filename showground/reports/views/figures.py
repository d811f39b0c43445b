"""The desk's figures for everybody: pages, the published bytes, table sheets, the DSA's templates."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from showground.reports.models import FigureSnapshot
from showground.reports.queries import annex, figure_page, figure_words, figures, statements
from showground.reports.queries.operator import service
from showground.ui import typeset
from showground.ui.pages import page
from showground.weeks.middleware import WeekRequest

BARS: Final = 52  # weeks in the drawing


def _day(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def _said(at: int) -> str:
    """A day of the figures in words: they are counted from midnight to midnight UTC, whatever the week's own time zone."""
    return typeset.year_day(at, UTC)


def _told(code: str) -> figures.Told:
    """The figures of an address: a span of weeks by its name, or the week of a day."""
    if code in figures.SPANS:
        rows = list(figures.snapshots())
        if rows:
            return figures.span(code, rows)
        raise Http404("figures")
    return figures.week(_snapshot(code), code)


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
def newest(request: WeekRequest, week: str) -> HttpResponse:
    """Shows what was counted in the last twelve months, or since the desk opened; before the first figures it says when they come."""
    rows = list(figures.snapshots())
    return _page(request, figures.span(figures.leading(len(rows)), rows) if rows else None, rows)


@gzip_page
@require_safe
def period(request: WeekRequest, week: str, day: str) -> HttpResponse:
    """Shows the figures of a span of weeks, or of the week that began on a day."""
    return _page(request, _told(day), list(figures.snapshots()))


def _page(request: WeekRequest, told: figures.Told | None, rows: list[FigureSnapshot]) -> HttpResponse:
    late = figures.overdue_since(request.now)
    opened = figures.first_opened()
    context: dict[str, Any] = {
        "told": told,
        "late": late,
        "stopped": figures.referrals_stop(request.now),
        "late_day": _said(late) if late else "",
        "first_due_day": _said(figures.week_of(opened) + figures.EVERY) if opened else "",
        "every": _by_year(rows),
        "newest": _day(rows[0].period_from) if rows else "",
        "parts": annex.PARTS,
    }
    if told is not None:
        context |= _words(told, rows)
    return page(request, "reports/figures.html", context)


def _by_year(rows: list[FigureSnapshot]) -> list[tuple[int, list[tuple[str, str]]]]:
    """The weeks of each year by their first day, newest first."""
    days = [(_day(one.period_from), typeset.day_short(one.period_from, UTC)) for one in rows]
    return [(int(year), list(found)) for year, found in groupby(days, key=lambda day: day[0][:4])]


def _words(told: figures.Told, rows: list[FigureSnapshot]) -> dict[str, Any]:
    single = told.code not in figures.SPANS
    file, shown = told.weeks[0], rows if single else told.weeks
    bars = [(one.period_from, one.figures) for one in shown[:BARS]][::-1]
    return {
        "code": told.code,
        "single": single,
        "spans": figures.offered(len(rows)),
        "first_day": _said(told.since),
        "last_day": _said(told.until - 1),
        "weeks_in": len(told.weeks),
        "words": figure_page.page(told.figures),
        "log": told.figures["log"],
        "weeks": figure_words.by_week(bars, told.since if single else -1) if len(bars) > 1 else [],
        "digest": [file.sha256[at : at + 8] for at in range(0, 64, 8)] if single else [],
        "record": file.minute.index if file.minute else None,
        "record_log": file.minute.log.origin if file.minute else "",
    }


@gzip_page
@require_safe
def as_json(request: WeekRequest, week: str, day: str) -> HttpResponse:
    """Returns the published bytes of a week: their SHA-256 is the one in the log; of a span the sum and the hashes of its weeks."""
    told = _told(day)
    data = figures.sum_file(told) if day in figures.SPANS else figures.file_of(told.weeks[0])
    return HttpResponse(data, content_type="application/json")


@gzip_page
@require_safe
def as_csv(request: WeekRequest, week: str, day: str) -> HttpResponse:
    """Returns the figures as one sheet: part, table, row, value."""
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\r\n")
    sheet.writerow(["part", "table", "row", "value"])
    sheet.writerows(figures.lines(_told(day).figures))
    return _sheet(out.getvalue().encode(), f"figures-{day}.csv")


@require_safe
def as_annex(request: WeekRequest, week: str, day: str, part: str) -> HttpResponse:
    """Returns one part of the DSA's transparency templates for a week or a span."""
    if part not in annex.PARTS:
        raise Http404("part")
    return _sheet(annex.part(part, _told(day), service=service()), f"annex-{part}-{day}.csv")


@gzip_page
@require_safe
def as_statements(request: WeekRequest, week: str, day: str) -> HttpResponse:
    """Returns the statements of reasons of a week or a span, for what the desk decided as host."""
    told = _told(day)
    found = {"statements": statements.of_host(told.since, told.until)}
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False})


def _sheet(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
