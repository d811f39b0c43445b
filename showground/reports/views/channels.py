"""Where to turn, for everybody: a directory that also answers "not ours: where to go". Nothing that is typed is kept."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from showground.reports.queries import channels
from showground.ui.pages import page


@gzip_page
@never_cache
@require_safe
def directory(request: HttpRequest, week: str) -> HttpResponse:
    """Shows every channel, or those that fit what happened."""
    words = request.GET.get("q", "").strip()[: channels.MOST_QUERY]
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
