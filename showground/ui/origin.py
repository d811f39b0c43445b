"""Where a form stood: what stands in for a token and its cookie on pages that set none."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def sent_from_here(request: HttpRequest, *, unsaid: bool = False, outside: bool = False) -> bool:
    """Tells whether a browser sent this request from a page of this site: by Origin, else Sec-Fetch-Site, else Referer.

    A page under `Referrer-Policy: no-referrer` sends `Origin: null` and no Referer. `unsaid`: a browser too old for Sec-Fetch-Site is
    believed there, since nothing of the visitor's comes with such a form. `outside`: the phone's own share sheet may send it as well.
    """
    ours = {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
    origin = request.headers.get("Origin", "null")
    if origin != "null":
        return origin in ours
    if fetched := request.headers.get("Sec-Fetch-Site"):
        return fetched == "same-origin" or (outside and fetched == "none")
    referer = request.headers.get("Referer", "")
    return referer.startswith(tuple(f"{one}/" for one in ours)) if referer else unsaid
