"""The paper in a voter's browser: read from its cookie, fetched anew for a proven address, handed back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from showground.rules.refused import Refused
from showground.voting import queries
from showground.voting.actions.issue import issue_paper


def paper_of(request: HttpRequest) -> str:
    """Returns the paper that this browser holds for the week; "" without one."""
    return request.COOKIES.get(queries.cookie_name(request.week), "")


def subjects(request: HttpRequest) -> dict[str, str]:
    """Returns the keyed hashes of the addresses that this session has proven, by the origin of the week."""
    return dict(request.session.get("voter", {}))


def with_paper(request: HttpRequest, response: HttpResponse, issued: dict[str, Any]) -> HttpResponse:
    """Returns the answer with the paper as a cookie that no script can read."""
    response.set_cookie(
        queries.cookie_name(request.week),
        issued["paper"],
        max_age=max(60, request.week.vote_closes - request.now + 30 * 86400),  # the door judges it; the receipt page reads by it
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )
    return response


def _fresh_paper(request: HttpRequest) -> dict[str, Any] | None:
    """A paper for the scope that is open now, if this session has proven an address for this week."""
    subject = subjects(request).get(request.week.origin)
    return issue_paper(request.week, subject=subject) if subject else None


def counted(request: HttpRequest) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Returns the voter's counted ballot by the paper in the cookie, or by a fresh one, and that one as issued; (None, None) without either."""
    paper = paper_of(request)
    if paper:
        try:
            return queries.counted(request.week, paper), None
        except Refused as refused:
            if not refused.code.startswith("paper."):
                raise
    issued = _fresh_paper(request)
    return (queries.counted(request.week, issued["paper"]), issued) if issued else (None, None)
