"""What a copy of a hall on somebody's phone consists of: its pages in both languages, pictures in one size, sounds if wanted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse

from showground.exhibition.models import Board, Hall
from showground.exhibition.queries import recordings, shown, store
from showground.weeks.queries import said

LANGUAGES = ("en", "zh-hans")
WIDE = 960  # pixels: the one size in which pictures are read on a phone
SHEETS = ("ui/dist/showground.css", "ui/dist/hall.css", "ui/dist/song.css", "exhibition/kept.css")
LOOK = (*SHEETS, "exhibition/kept.js", "ui/icon.svg")


@dataclass(frozen=True)
class File:
    """One file of a copy: its address on this site and its size in bytes."""

    url: str
    bytes: int


@dataclass(frozen=True)
class Copy:
    """A whole copy: another text, picture or look has another version; sizes in bytes."""

    version: str
    files: list[File]
    sounds: list[File]

    @property
    def bytes(self) -> int:
        """What the copy takes without its sounds."""
        return sum(file.bytes for file in self.files)

    @property
    def sound_bytes(self) -> int:
        """What its sounds take."""
        return sum(file.bytes for file in self.sounds)


def home(hall: Hall) -> str:
    """Returns the address that everything of a copy lies under, and no other page of the site."""
    return reverse("kept_away", args=[hall.week.code, hall.code]).removesuffix("away/")


def picture(board: Board) -> dict[str, Any] | None:
    """Returns the rendition that a copy holds: the widest up to WIDE; None without a picture."""
    made = [one for one in board.picture.get("renditions", []) if one["type"] == "image/webp" and one["width"] <= WIDE]
    return max(made, key=lambda one: one["width"], default=None)


def copy(hall: Hall, hanging: list[Board], render: Callable[[str, Board | None], bytes]) -> Copy:
    """Returns what the copy of a hall consists of now; `render(language, board)` returns a page's bytes, None is the hall's."""
    pages = list(_pages(hall, hanging, render))
    pictures = [File(f"/media/{one['file']}", _size(store.rendition(one["file"]))) for board in hanging if (one := picture(board))]
    sounds = [File(one.src, one.bytes) for board in hanging for one in recordings.shown(board) if one.kind == "audio"]
    files = [*(File(url, len(body)) for url, body in pages), *_look(), *dict.fromkeys(pictures)]
    digest = hashlib.sha256()
    for part in (*(body for _url, body in pages), *(file.url.encode() for file in (*files, *sounds))):
        digest.update(hashlib.sha256(part).digest())
    return Copy(digest.hexdigest()[:16], files, list(dict.fromkeys(sounds)))


def _pages(hall: Hall, hanging: list[Board], render: Callable[[str, Board | None], bytes]) -> Iterator[tuple[str, bytes]]:
    for lang in LANGUAGES:
        yield f"{home(hall)}{lang}/", render(lang, None)
        for board in hanging:
            yield f"{home(hall)}{lang}/{board.code}/", render(lang, board)
    yield f"{home(hall)}away/", render("en", None)


def _look() -> Iterator[File]:
    for name in LOOK:
        yield File(static(name), _static_size(name))
    for name in _faces():
        yield File(static(name), _static_size(name))


@lru_cache(maxsize=1)
def _faces() -> tuple[str, ...]:
    """Returns the fonts that the style sheets name."""
    found = []
    for sheet in SHEETS:
        path = finders.find(sheet)
        text = Path(path).read_text(encoding="utf-8") if path else ""
        found += [
            f"{sheet.rpartition('/')[0]}/{name.removeprefix('./')}" for name in re.findall(r'url\("?([^")]+\.woff2)"?\)', text)
        ]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=64)
def _static_size(name: str) -> int:
    path = finders.find(name)
    return _size(Path(path)) if path else 0


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def text(board: Board) -> dict[str, Any]:
    """Returns what the copy of a board shows: its whole text, its picture in one size, its sounds."""
    assert board.shown is not None
    document, lang = board.shown.document, shown.reader()
    name = shown.title(document, board.code)
    mine, foreign = shown.parts(document, lang)
    _head, mine = shown.without_title(mine, name)
    return {
        "board": board,
        "name": name,
        "groups": list(shown.grouped(mine)),
        "foreign": list(shown.grouped(foreign)),
        "image": picture(board),
        "alt": said(document["alt"]) or name,
        "script": [line for line in said(document["notes"]).splitlines() if line.strip()],
        "sounds": [one for one in recordings.shown(board) if one.kind == "audio"],
    }
