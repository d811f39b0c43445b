"""How a view answers: the whole page, or the one part that htmx asked for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, part: str | None = None, status: int = 200
) -> HttpResponse:
    """Returns the whole page `template`, or to htmx its `part` (a template of its own), always with Vary: HX-Request.

    `part` is a template beside the page, "_standing.html" for voting/booth.html, which the page includes. A refused form is
    answered with status 422; the frame tells htmx to swap that as well.
    """
    asked = bool(getattr(request, "htmx", False)) and not getattr(request.htmx, "boosted", False) if part else False
    name = f"{template.rpartition('/')[0]}/{part}" if part and asked else template
    response = render(request, name, context or {}, status=status)
    patch_vary_headers(response, ("HX-Request",))
    return response


def specimen(request: HttpRequest) -> HttpResponse:
    """Returns the page that shows every component in all its states, of the public face or (?desk) of the working side."""
    from showground.ui import specimen as matter

    template = "ui/specimen_desk.html" if "desk" in request.GET else "ui/specimen.html"
    return page(request, template, matter.context())
