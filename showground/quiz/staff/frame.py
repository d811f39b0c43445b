"""What every page of the quiz desk stands in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from showground.quiz.queries.bank import category_names, shelves
from showground.quiz.queries.rail import rail
from showground.ui.pages import page
from showground.weeks import queries as weeks


def desk_page(request: HttpRequest, template: str, context: dict[str, Any], *, nav: str, status: int = 200) -> HttpResponse:
    """Returns a page of the quiz desk, with its rail."""
    frame = {"nav": nav, "rail": rail(request.week, request.duties), "phase_line": weeks.phase_line(request.week, request.now)}
    return page(request, template, {**frame, **context}, status=status)


def said(text: dict[str, str], code: str = "") -> str:
    """Returns a text in the reader's language, in the other one if it has no such words, or the code."""
    mine = "zh" if (get_language() or "en").startswith("zh") else "en"
    return text.get(mine) or text.get("en") or text.get("zh") or code


def title_of(document: dict[str, Any]) -> str:
    """Returns what a question is called on the desk: its title, else its first words."""
    words = said(document.get("title", {})) or said(document.get("text", {}))
    return words if len(words) <= 90 else words[:89] + "…"


def category(name: str) -> str:
    """Returns what a category is called in the reader's language."""
    return said(category_names().get(name, {}), name)


def shelf() -> tuple[list[tuple[str, str]], list[str]]:
    """Returns the categories in use (name, what it is called) and the tags in use."""
    categories, tags = shelves()
    return [(name, category(name)) for name in categories], tags
