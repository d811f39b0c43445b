"""What every page of the curator's desk stands in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_noop as n_

from showground.exhibition.queries.rail import rail
from showground.rules.refused import Refused
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks import queries as weeks
from showground.weeks.staff import StaffRequest

LACKS = {
    "title": n_("The title is missing."),
    "text": n_("There is no text yet."),
    "alt": n_("Nobody has said what the picture shows, for those who do not see it."),
    "picture_alt": n_("A picture on the board has no alternative text."),
    "second_language": n_("Not everything is there in the second language."),
    "unconfirmed": n_("A machine read this off a picture; a person must read it against the picture."),
    "transcript": n_("A recording has no transcript, or not in both languages."),
    "captions": n_("A film has no captions, or not in both languages."),
    "contrast": n_("Text stands out from its ground by less than 3 to 1."),
}


def desk_page(request: StaffRequest, template: str, context: dict[str, Any], *, nav: str, status: int = 200) -> HttpResponse:
    """Returns a page of the curator's desk, with its rail."""
    frame = {"nav": nav, "rail": rail(request.week, request.duties), "phase_line": weeks.phase_line(request.week, request.now)}
    return page(request, template, {**frame, **context}, status=status)


def in_words(told: list[dict[str, Any]]) -> list[str]:
    """Returns what is known of a file or a board (codes and facts) as sentences."""
    return [refusal(Refused(one["code"], **one["facts"])) for one in told]
