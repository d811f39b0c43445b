"""Warnings to everybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from showground.reports.queries import cards, harms
from showground.ui.pages import page


@gzip_page
@require_safe
def every(request: HttpRequest, week: str) -> HttpResponse:
    """Shows the warnings that stand, newest first."""
    return page(request, "reports/cards.html", {"cards": [cards.shown(card) for card in cards.standing()[:60]]})


@gzip_page
@require_safe
def one(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows one warning."""
    card = cards.standing().filter(code=code).select_related("case").first()
    if card is None:
        raise Http404("card")
    kind = harms.shown(card.case.category).name if card.case else ""
    return page(request, "reports/card.html", {"card": cards.shown(card), "kind": kind})


@require_safe
def feed(request: HttpRequest, week: str) -> HttpResponse:
    """Returns the warnings as data, both languages in each."""
    return JsonResponse({"cards": cards.feed()}, json_dumps_params={"ensure_ascii": False})
