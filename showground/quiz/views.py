"""What visitors see: quizzes, their questions, the receipt, the draw."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from showground.ui.pages import page


@require_GET
def quizzes(request: HttpRequest, week: str) -> HttpResponse:
    """The quizzes of the week."""
    return page(request, "quiz/quizzes.html", {})
