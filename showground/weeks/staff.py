"""Who may see which working page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from showground.people.models import Person
from showground.weeks.middleware import WeekRequest
from showground.weeks.queries import duties


class StaffRequest(WeekRequest):
    """A request of a working page, as its views get it: who asks, and which duties they have in the week."""

    user: Person
    duties: set[str]


View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Lets persons with an account pass; others are asked to sign in first and come back here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("people:sign_in", args=[kwargs["week"]]))
        return view(request, *args, **kwargs)

    guarded.duties = ("signed-in",)  # type: ignore[attr-defined]
    return guarded


def only(*allowed: str) -> Callable[[View], View]:
    """Lets only persons with one of these duties in the week of the address pass; others are asked to sign in, or told no."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("people:sign_in", args=[kwargs["week"]]))
            held = duties(request.user, request.week)
            if not held & set(allowed):
                raise PermissionDenied
            request.duties = held
            return view(request, *args, **kwargs)

        guarded.duties = allowed  # type: ignore[attr-defined]
        return guarded

    return wrap
