"""Pages for what cannot be shown: nothing there, not yours, not sent, a fault of ours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from showground.ui.pages import page
from showground.weeks import queries as weeks


def _lost(request: HttpRequest, heading: str, body: str, status: int) -> HttpResponse:
    ways = [{"url": reverse("showcase_front:front"), "name": _("Back to the entrance")}]
    if week := getattr(request, "week", None) or weeks.current_week(getattr(request, "now", 0)):
        ways.append({"url": reverse("showcase:gallery", args=[week.code]), "name": _("See the works")})
    return page(request, "ui/error.html", {"heading": heading, "body": body, "ways": ways}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for an address that leads nowhere."""
    return _lost(request, _("Nothing hangs here."), _("The address is wrong, or the work is not shown any more."), 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for somebody without the duty that a page needs."""
    return _lost(request, _("This room is not yours."), _("You are signed in, but this page needs another duty in this week."), 403)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that did not come from this site, or from a page left open too long."""
    body = _("The page was open too long or cookies are off. Go back, reload the page and send the form again.")
    return _lost(request, _("Not sent."), body, 403)


def broken(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours; it needs no database."""
    return HttpResponse(
        "<!doctype html><meta charset=utf-8><title>Fault</title><h1>A fault of ours. 这是我们的故障。</h1>"
        "<p>Nothing of yours is lost. Try again in a minute. 您的内容没有丢失，请稍后再试。</p>",
        status=500,
    )
