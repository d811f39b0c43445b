"""A hall kept on a phone: pages of its own below one address, so that the worker that answers without a network sees nothing else.

No page below it has a form, a token or a cookie. Without scripts the pages are light pages like others.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from showground.exhibition.models import Board, Hall
from showground.exhibition.queries import halls as queries
from showground.exhibition.queries import kept, shown
from showground.weeks.middleware import WeekRequest
from showground.weeks.queries import said

WORKER = Path(__file__).resolve().parents[1] / "static/exhibition/worker.js"
TAGS = {"en": "en", "zh-hans": "zh-Hans"}
OTHER = {"en": ("zh-hans", "中文"), "zh-hans": ("en", "English")}


def _frame(hall: Hall, lang: str, hanging: list[Board], board: Board | None = None) -> dict[str, Any]:
    """Returns what every page of a copy knows; nothing in it changes with the hour or the visitor."""
    home, (other, other_name) = kept.home(hall), OTHER[lang]
    here = f"{board.code}/" if board else ""
    return {
        **{"hall": hall, "hall_name": said(hall.name), "week_name": said(hall.week.document["name"]), "there": hall.week.code},
        **{"home": home, "lang": lang, "tag": TAGS[lang], "site_url": settings.SITE_URL},
        **{"other": f"{home}{other}/{here}", "other_name": other_name, "other_tag": TAGS[other], "rows": shown.rows(hanging)},
    }


def _page(hall: Hall, lang: str, hanging: list[Board], board: Board | None = None) -> bytes:
    with override(lang):
        context = _frame(hall, lang, hanging, board)
        if board is None:
            return render_to_string("exhibition/kept_hall.html", {**context, "about": said(hall.about)}).encode()
        at = next(place for place, one in enumerate(hanging) if one.pk == board.pk)
        rows = context["rows"]
        beside = {"number": at + 1, "before": rows[at - 1] if at else None, "after": rows[at + 1] if at + 1 < len(rows) else None}
        return render_to_string("exhibition/kept_board.html", {**context, **kept.text(board), **beside}).encode()


def _hall(request: WeekRequest, code: str) -> tuple[Hall, list[Board]]:
    found = queries.hall_or_404(request.week, code, request.now)
    hanging = queries.hanging(found)
    if not hanging:
        raise Http404(code)
    return found, hanging


@require_safe
@gzip_page
def hall(request: WeekRequest, week: str, code: str, lang: str) -> HttpResponse:
    """Shows the copy of a hall: how large it is, keep, bring up to date, remove, and its boards."""
    found, hanging = _hall(request, code)
    if lang not in OTHER:
        raise Http404(lang)
    return HttpResponse(_page(found, lang, hanging))


@require_safe
@gzip_page
def board(request: WeekRequest, week: str, code: str, lang: str, board: str) -> HttpResponse:
    """Shows a board of the copy: text, one picture, sounds."""
    found, hanging = _hall(request, code)
    hung = next((one for one in hanging if one.code == board), None)
    if hung is None or lang not in OTHER:
        raise Http404(board)
    return HttpResponse(_page(found, lang, hanging, hung))


@require_safe
@gzip_page
def away(request: WeekRequest, week: str, code: str) -> HttpResponse:
    """Says in both languages that a page is not in the copy and there is no network."""
    found, _hanging = _hall(request, code)
    ways = []
    for lang, tag in TAGS.items():
        with override(lang):
            ways.append(
                {
                    **{"tag": tag, "url": f"{kept.home(found)}{lang}/", "hall": said(found.name)},
                    **{"head": _("This page is not in your copy."), "body": _("It needs a network. What you kept is still here.")},
                    "back": _("To the boards you kept"),
                }
            )
    return HttpResponse(render_to_string("exhibition/kept_away.html", {"ways": ways, "tag": "en", "home": kept.home(found)}))


@require_safe
@never_cache
def listed(request: WeekRequest, week: str, code: str) -> HttpResponse:
    """Lists every file of the copy with its size, and the version that they are together."""
    found, hanging = _hall(request, code)
    told = _copy(found, hanging)
    return JsonResponse(
        {
            **{"version": told.version, "bytes": told.bytes, "sound_bytes": told.sound_bytes},
            "files": [file.url for file in told.files],
            "sounds": [file.url for file in told.sounds],
        }
    )


def _copy(hall: Hall, hanging: list[Board]) -> kept.Copy:
    def render(lang: str, board: Board | None) -> bytes:
        return _page(hall, lang, hanging, board)

    return kept.copy(hall, hanging, render)


@lru_cache(maxsize=1)
def _worker() -> bytes:
    return WORKER.read_bytes()


@require_safe
def worker(request: WeekRequest, week: str, code: str) -> HttpResponse:
    """Sends the worker that answers for the copy without a network; it may see nothing but the pages beside it."""
    return HttpResponse(_worker(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@require_safe
def manifest(request: WeekRequest, week: str, code: str, lang: str) -> HttpResponse:
    """Describes the copy to a phone that puts it among its applications."""
    found, _hanging = _hall(request, code)
    if lang not in OTHER:
        raise Http404(lang)
    with override(lang):
        home, name = kept.home(found), said(found.name)
    told = {
        **{"id": home, "name": name, "short_name": name[:24], "lang": TAGS[lang], "start_url": f"{home}{lang}/", "scope": home},
        **{"display": "standalone", "background_color": "#f1f4f0", "theme_color": "#f1f4f0"},
        "icons": [{"src": static("ui/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return JsonResponse(told, content_type="application/manifest+json")
