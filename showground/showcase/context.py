"""What the frame of every page knows: the week, its log, who is signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from showground.ledger.queries import log_state
from showground.weeks.queries import current_week, face


def frame(request: HttpRequest) -> dict[str, Any]:
    """Returns the frame's context; a page outside any week is framed by the week that is on."""
    week = getattr(request, "week", None) or current_week(getattr(request, "now", 0))
    known = {"person": getattr(request, "user", None), "letters_shown": settings.LETTERS_SHOWN, "site_url": settings.SITE_URL}
    return known if week is None else {**known, "week": face(week), "log_state": log_state(week.origin)}
