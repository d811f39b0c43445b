"""What authors and organisers see: the bank, quizzes, statistics."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from showground.ui.pages import page
from showground.weeks.staff import only


@require_GET
@only("author", "organiser")
def bank(request: HttpRequest, week: str) -> HttpResponse:
    """The bank of questions."""
    return page(request, "quiz/bank.html", {})
