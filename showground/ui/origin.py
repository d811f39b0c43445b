"""Where a form stood: what stands in for a token and its cookie on pages that set none."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def sent_from_here(request: HttpRequest) -> bool:
    """Tells whether a browser sent this request from a page of this site: by Origin, else Sec-Fetch-Site, else Referer."""
    ours = {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin in ours
    if fetched := request.headers.get("Sec-Fetch-Site"):
        return fetched == "same-origin"
    return request.headers.get("Referer", "").startswith(tuple(f"{one}/" for one in ours))
