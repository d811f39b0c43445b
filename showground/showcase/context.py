"""What the frame of every page knows: the week, its log, who is signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from showground.exhibition.queries.halls import has_halls
from showground.ledger.queries import log_state
from showground.quiz.queries.sittings import has_quizzes
from showground.weeks.models import Week
from showground.weeks.queries import current_week, face


def also_open(week: Week) -> list[str]:
    """Returns the rooms that this week has beside its works and its vote: their keys in the masthead."""
    there = {"quiz": has_quizzes(week), "halls": has_halls(week)}
    return [key for key, has in there.items() if has]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Returns the frame's context; a page outside any week is framed by the week that is on."""
    week = getattr(request, "week", None) or current_week(getattr(request, "now", 0))
    known = {"person": getattr(request, "user", None), "letters_shown": settings.LETTERS_SHOWN, "site_url": settings.SITE_URL}
    if week is None:
        return known
    return {**known, "week": face(week), "log_state": log_state(week.origin), "also": SimpleLazyObject(lambda: also_open(week))}
