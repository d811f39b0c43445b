"""Where to turn, for everybody: a directory that also answers "not ours: where to go". Nothing that is typed is kept."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from showground.reports.queries import channels
from showground.reports.views.quiet import quiet
from showground.ui.pages import page


@gzip_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def directory(request: HttpRequest, week: str) -> HttpResponse:
    """Shows every channel, or those that fit what happened. It is asked by POST: no address, and so no browser, remembers the words."""
    return _asked(request) if request.method == "POST" else _page(request, request.GET.get("q", ""))


@quiet
def _asked(request: HttpRequest) -> HttpResponse:
    return _page(request, request.POST.get("q", ""))


directory.csrf_exempt = directory.checks_origin = True  # type: ignore[attr-defined]  # as of every quiet form


def _page(request: HttpRequest, asked: str) -> HttpResponse:
    words = asked.strip()[: channels.MOST_QUERY]
    found = channels.search(words)
    context = {
        "words": words,
        "found": found,
        "nothing": bool(words) and not found,
        "every": channels.directory() if words and not found else [],
        "elsewhere": channels.elsewhere(),
    }
    answer = page(request, "reports/channels.html", context)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@require_safe
def structured(request: HttpRequest, week: str) -> HttpResponse:
    """Returns the directory as schema.org JSON-LD."""
    data = channels.structured(channels.directory(), request.LANGUAGE_CODE)
    return HttpResponse(json.dumps(data, ensure_ascii=False, indent=1), content_type="application/ld+json")
