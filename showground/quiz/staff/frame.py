"""What every page of the quiz desk stands in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from showground.quiz.queries.rail import rail
from showground.ui.pages import page
from showground.weeks import queries as weeks


def desk_page(request: HttpRequest, template: str, context: dict[str, Any], *, nav: str, status: int = 200) -> HttpResponse:
    """Returns a page of the quiz desk, with its rail."""
    frame = {"nav": nav, "rail": rail(request.week, request.duties), "phase_line": weeks.phase_line(request.week, request.now)}
    return page(request, template, {**frame, **context}, status=status)
