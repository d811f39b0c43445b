"""What every page of the report desk stands in: who has a shift, and the cookie that alone opens it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypedDict
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language

from showground.reports.actions.keys import SHIFT_SECONDS
from showground.reports.queries.keys import Unlocked, unlocked
from showground.reports.queries.proofs import newest_open_log
from showground.reports.queries.rail import rail
from showground.ui.pages import page
from showground.weeks import queries as weeks
from showground.weeks.middleware import WeekRequest
from showground.weeks.staff import StaffRequest, only


class DeskRequest(StaffRequest):
    """A request of a page that wants an open shift, as its views get it: with the keys of the shift."""

    who: Unlocked


class Told(TypedDict):
    """What an action of an officer is told beside its matter: whose keys, the instant, the log it stands in."""

    who: Unlocked
    at: int
    log: str


View = Callable[..., HttpResponse]


def desk_page(
    request: StaffRequest, template: str, context: dict[str, Any], *, nav: str, status: int = 200, part: str | None = None
) -> HttpResponse:
    """Returns a page of the report desk with its rail; no copy of it is kept anywhere."""
    frame = {
        "nav": nav,
        "rail": rail(request.week, request.duties, request.user, request.now),
        "phase_line": weeks.phase_line(request.week, request.now),
        "shift": getattr(request, "who", None),
    }
    response = page(request, template, {**frame, **context}, status=status, part=part)
    add_never_cache_headers(response)
    return response


def log_of(request: WeekRequest) -> str:
    """Returns the log that the step stands in: the site's newest open one."""
    return newest_open_log(request.now) or str(request.week.origin)


def told(request: DeskRequest) -> Told:
    """Returns what every action of an officer is told."""
    return {"who": request.who, "at": request.now, "log": log_of(request)}


# ---- the cookie ----


WORDY = 12  # longer than a code or a choice: somebody wrote it


def cookie_name(duty: str, language: str) -> str:
    """Returns the name of a shift's cookie; one for each language, since each lives under a path of its own."""
    return f"{'__Secure-' if settings.SESSION_COOKIE_SECURE else ''}desk-{duty}-{language}"


def give_cookie(response: HttpResponse, token: str, duty: str, week: str) -> None:
    """The browser keeps the shift's token, for the desk's own pages only and out of reach of scripts."""
    for language, _name in settings.LANGUAGES:
        response.set_cookie(
            cookie_name(duty, language),
            token,
            max_age=SHIFT_SECONDS,
            path=f"/{language}/{week}/reports/",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )


def take_cookie(response: HttpResponse, duty: str, week: str) -> None:
    """The browser forgets the shift's token."""
    for language, _name in settings.LANGUAGES:
        response.delete_cookie(cookie_name(duty, language), path=f"/{language}/{week}/reports/", samesite="Strict")


def token(request: HttpRequest, duty: str) -> str:
    """Returns the token that this browser holds for a duty, "" if none."""
    return str(request.COOKIES.get(cookie_name(duty, get_language() or "en"), ""))


def holder(request: StaffRequest, duty: str) -> Unlocked | None:
    """Returns the keys of the person's open shift in this duty, None without one; a token of somebody else opens nothing."""
    found = unlocked(token(request, duty), at=request.now)
    if found is None or found.holder.person_id != request.user.pk or found.holder.duty != duty:
        return None
    return found


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Returns what was sent if somebody wrote words in it: {"words": the texts to show, "fields": all of it, to be sent again}."""
    told = [(name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values]
    words = [value for _name, value in told if len(value.strip()) > WORDY]
    return {"words": words, "fields": told[:200]} if words else {}


def keyed(*duties: str) -> Callable[[View], View]:
    """Lets those pass who have the duty and an open shift in it (`request.who`); others are led to the shift page and back."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            for duty in duties:
                found = holder(request, duty) if duty in request.duties else None
                if found is not None and (duty != "officer" or found.desk is not None):
                    request.who = found
                    return view(request, *args, **kwargs)
            if request.method == "POST" and (typed := _typed(request)):
                return desk_page(request, "reports/desk_over.html", {"typed": typed}, nav="keys", status=422)
            back = request.get_full_path() if request.method == "GET" else reverse("reports:queue", args=[request.week.code])
            return HttpResponseRedirect(f"{reverse('reports:shift', args=[request.week.code])}?{urlencode({'next': back})}")

        return only(*duties)(inner)

    return wrap
