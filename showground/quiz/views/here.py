"""Forms without a cookie: a POST must come from a page of this site, and the one cookie of a sitting goes nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from showground.quiz.models import Quiz
from showground.rules.refused import Refused
from showground.ui.origin import sent_from_here
from showground.ui.pages import page
from showground.ui.refusals import refusal

View = Callable[..., HttpResponse]


def refused_page(
    request: HttpRequest, refused: Refused, *, status: int = 422, ways: list[dict[str, str]] | None = None
) -> HttpResponse:
    """Returns a refusal on a page of its own."""
    context = {"heading": _("Not sent."), "reason": refusal(refused), "ways": ways or []}
    return page(request, "ui/refused.html", context, status=status)


def from_here(view: View) -> View:
    """Lets a POST pass that a browser sent from a page of this site.

    No token and so no cookie is needed: browsers say in Origin where a form stood, and the cookie of a sitting is SameSite=Lax,
    so that a form elsewhere would come without it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not sent_from_here(request):
            return refused_page(request, Refused("quiz.foreign_form"))
        return view(request, *args, **kwargs)

    guarded.csrf_exempt = guarded.checks_origin = True  # type: ignore[attr-defined]
    return guarded


def _names() -> list[tuple[str, str]]:
    secure = "__Secure-" if settings.SECURE else ""
    return [(code, f"{secure}sitting-{code}") for code, _name in settings.LANGUAGES]


def token_in(request: HttpRequest) -> str:
    """Returns the token of the sitting that this browser holds for the quiz of the address, or nothing."""
    found = (request.COOKIES.get(name, "") for _code, name in _names())
    return next((token for token in found if 20 <= len(token) <= 64), "")


def keep_token(response: HttpResponse, quiz: Quiz, token: str, *, until: int, now: int) -> None:
    """The browser holds the token, for the pages of this quiz only; one cookie for each language's path."""
    for code, name in _names():
        with override(code):
            path = reverse("quiz:start", args=[quiz.week.code, quiz.code])
        age = max(3600, until - now)
        response.set_cookie(name, token, max_age=age, path=path, httponly=True, samesite="Lax", secure=settings.SECURE)
