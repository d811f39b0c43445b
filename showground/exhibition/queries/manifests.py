"""Boards and halls as IIIF manifests and collections, at addresses that belong to no language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from showground.exhibition.models import Board, Hall, Text
from showground.exhibition.queries import recordings, store
from showground.interchange import folder, iiif, oembed
from showground.interchange.iiif import Hung, Sound

HOME = "iiif"


def at(board: Board) -> str:
    """Returns the address that everything of a board's manifest lies under."""
    return f"{settings.SITE_URL}/{HOME}/{board.code}"


def hall_at(hall: Hall) -> str:
    """Returns the address of a hall's collection, without its last part."""
    return f"{settings.SITE_URL}/{HOME}/halls/{hall.week.code}/{hall.code}"


def short(board: Board) -> str:
    """Returns the short address that is printed: the site's own name and the board's code."""
    return f"{settings.SITE_URL}/{board.code}"


def hung(board: Board, text: Text) -> Hung:
    """Returns a board as interchange/iiif.py wants it."""
    key = board.picture.get("key", "")
    tiles = store.drawn(key) / "tiles" if key else None
    small = folder.thumbnail(tiles) if tiles is not None and (tiles / "info.json").is_file() else None
    return Hung(board=text.document, at=at(board), page=short(board), sounds=_sounds(board), thumbnail=small)


def _sounds(board: Board) -> list[Sound]:
    heard = [one for one in recordings.shown(board) if one.kind == "audio"]
    return [Sound(address=f"{settings.SITE_URL}{one.src}", type=one.type, seconds=one.seconds, lang=one.tag) for one in heard]


def manifest(board: Board) -> dict[str, Any]:
    """Returns a published board's manifest."""
    assert board.shown is not None
    hall = board.hall
    return iiif.written(iiif.manifest(hung(board, board.shown), credit=hall.partner, hall=f"{hall_at(hall)}/collection.json"))


def collection(hall: Hall, members: list[Board]) -> dict[str, Any]:
    """Returns the collection of a hall's published boards."""
    listed = [hung(board, board.shown) for board in members if board.shown is not None]
    page = settings.SITE_URL + reverse("exhibition:hall", args=[hall.week.code, hall.code])
    return iiif.written(iiif.collection(hall_at(hall), hall.name, listed, page=page, about=hall.about))


def card_at(board: Board, lang: str) -> str:
    """Returns the address of a board's card, the only page of this site that others may show in a frame."""
    return f"{settings.SITE_URL}/embed/{lang}/{board.code}"


def embedded(board: Board, lang: str, *, site: str, most: tuple[int, int]) -> dict[str, Any]:
    """Returns the oEmbed answer for a board: its card in a frame, and its picture for those who show links only."""
    assert board.shown is not None
    spoken = "zh" if lang.startswith("zh") else "en"
    told = oembed.rich(board.shown.document, card_at(board, lang), spoken, site=site, home=settings.SITE_URL, most=most)
    made = [one for one in board.picture.get("renditions", []) if one["type"] == "image/jpeg" and one["width"] <= most[0]]
    if made:
        best = max(made, key=lambda one: one["width"])
        told |= {
            "thumbnail_url": f"{settings.SITE_URL}/media/{best['file']}",
            "thumbnail_width": best["width"],
            "thumbnail_height": best["height"],
        }
    return told


def annotation_page(board: Board, name: str) -> dict[str, Any] | None:
    """Returns one annotation page of a board's canvas ("painting", "text/zh", "sounds"), None if there is no such page."""
    assert board.shown is not None
    canvas = iiif.canvas(hung(board, board.shown))
    wanted = f"{canvas.id}/{name}"
    return next((iiif.written(page) for page in [*canvas.items, *canvas.annotations] if page.id == wanted), None)
