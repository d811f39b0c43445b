"""What every page of the curator's desk stands in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.utils.translation import gettext_noop as n_

from showground.exhibition.queries.rail import rail
from showground.media import boards
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


def fresh(request: StaffRequest, form: forms.Form, there: dict[str, Any]) -> bool:
    """Tells whether a valid form stood on a page that showed what is there now; if not, it says so and is not kept this time."""
    seen = request.POST.get("seen", "")
    if seen and seen != boards.mark(there):
        form.add_error(None, forms.ValidationError(refusal(Refused("board.changed")), code="changed"))
        return False
    return True


def seen(request: StaffRequest, form: forms.Form, there: dict[str, Any]) -> dict[str, Any]:
    """Returns what a page with a form says of what is there: its mark, and after a refusal what somebody else wrote (`theirs`)."""
    changed = form.is_bound and form.has_error(NON_FIELD_ERRORS, "changed")
    told = boards.mark(there) if changed or not form.is_bound else request.POST.get("seen", "")
    return {"seen": told, "theirs": _theirs(form, there) if changed else []}


def _theirs(form: forms.Form, there: dict[str, Any]) -> list[tuple[str, str]]:
    """Returns each field that says something else than what is there now, with what is there."""
    changed = [name for name, held in there.items() if str(form.cleaned_data.get(name) or "").split() != str(held or "").split()]
    return [(str(form.fields[name].label), str(there[name] or "")) for name in changed]
