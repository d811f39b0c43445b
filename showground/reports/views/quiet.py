"""Pages that leave no trace: no cookie, nothing kept by browsers or passed on to others, forms without a token."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from showground.reports.forms.memory import in_memory
from showground.reports.queries import reporter
from showground.rules.refused import Refused
from showground.ui.origin import sent_from_here
from showground.ui.pages import page
from showground.ui.refusals import refusal

View = Callable[..., HttpResponse]
STATUS = {"report.file_too_big": 413, "report.too_many_files": 413, "report.no_room": 507, "desk.not_open": 503}


def show(request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """Returns a page of the desk's own frame: emergency numbers and the quick way out on top of every one."""
    return page(request, template, {"danger": reporter.emergency(), **(context or {})}, status=status)


def refused_page(request: HttpRequest, refused: Refused, *, status: int = 422) -> HttpResponse:
    """Returns a refusal on a page of its own, in the quiet frame."""
    context = {"heading": _("Not sent."), "reason": refusal(refused)}
    return show(request, "reports/refused.html", context, status=STATUS.get(refused.code, status))


def quiet(view: View) -> View:
    """Marks a page that keeps nothing: its answer is stored nowhere, names no address to the next site, and its forms need no cookie.

    A form may come from a page of ours only. The token that other rooms use needs a cookie before anything is written; here there is
    nothing to borrow: without the code's own cookie (SameSite=Strict) a form opens nothing, and sending a report needs no right.
    Uploads of these pages stay in memory.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method == "POST":
                if not sent_from_here(request, unsaid=True, outside=getattr(view, "from_outside", False)):
                    raise Refused("report.foreign_form")
                in_memory(request)
            answer = view(request, *args, **kwargs)
        except Refused as refused:
            answer = refused_page(request, refused)
        answer["Cache-Control"] = "no-store"
        answer["Referrer-Policy"] = "no-referrer"
        answer["X-Robots-Tag"] = "noindex"
        return answer

    guarded.csrf_exempt = guarded.checks_origin = True  # type: ignore[attr-defined]
    return guarded


def from_outside(view: View) -> View:
    """Marks a view that the phone's own share sheet may post to."""
    view.from_outside = True  # type: ignore[attr-defined]
    return view
