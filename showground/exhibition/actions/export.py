"""A hall as a folder that works from any static host or a USB stick: pages that need no script, the zoom, documents, tiles, manifests."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from showground.exhibition.models import Board, Hall
from showground.exhibition.queries import halls, recordings, shown, store
from showground.interchange import folder, iiif
from showground.interchange.iiif import Hung
from showground.weeks.queries import said

SHEETS = ("showground.css", "hall.css", "kept.css")
SONG = "song.css"  # the face of Chinese heads
LOOK = ("ui/dist/showground.css", "ui/dist/hall.css", "ui/dist/song.css", "exhibition/kept.css", "ui/icon.svg")
SCRIPTS = ("exhibition/board.js", "ui/dist/zoom.js")
FACE = re.compile(r"""url\(["']?(?:\./)?([\w./-]+\.woff2)""")


def export_hall(hall: Hall, into: Path, at: str) -> list[Path]:
    """Leaves `into` with index.html, collection.json, look/ and a folder for each published board; returns the boards' folders.

    `at` is the address that it will be published at, without a closing slash: manifests and tiles name it. Pages need no address.
    """
    into.mkdir(parents=True, exist_ok=True)
    _look(into / "look")
    rows = shown.rows(halls.hanging(hall))
    members = [_member(row.board, at) for row in rows]
    for number, member in enumerate(members):
        board = rows[number].board
        home = into / board.code
        drawn = _pictures(board, home)
        folder.write(member, drawn, home, hall=f"{at}/collection.json")
        beside = {"before": rows[number - 1] if number else None, "after": rows[number + 1] if number + 1 < len(rows) else None}
        _page(home / "index.html", "out_board", hall, {**_told(board, home), **beside, "up": "../"})
    told = iiif.written(iiif.collection(at, hall.name, members, about=hall.about))
    (into / "collection.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    _page(into / "index.html", "out_hall", hall, {"rows": rows, "about": said(hall.about), "up": ""})
    return [into / row.board.code for row in rows]


def _member(board: Board, at: str) -> Hung:
    assert board.shown is not None
    tiles = store.drawn(board.picture["key"]) / "tiles" if board.picture.get("key") else None
    small = folder.thumbnail(tiles) if tiles is not None and (tiles / "info.json").is_file() else None
    return Hung(board=board.shown.document, at=f"{at}/{board.code}", page=f"{at}/{board.code}/index.html", thumbnail=small)


def _look(home: Path) -> None:
    """Leaves the sheets with the faces that they name, and the two scripts of the zoom, as this site has them."""
    for name in (*LOOK, *SCRIPTS):
        source = Path(finders.find(name) or name)
        _copied(source, home / source.name)
        faces = FACE.findall(source.read_text(encoding="utf-8")) if source.suffix == ".css" else []
        for face in faces:
            _copied(source.parent / face, home / face)


def _copied(source: Path, goal: Path) -> None:
    goal.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, goal)


def _pictures(board: Board, home: Path) -> Path:
    """Copies the picture in its middle size beside the page; returns the folder that holds the tiles."""
    home.mkdir(parents=True, exist_ok=True)
    if made := store.jpeg(board.picture, 960):
        (home / "picture.jpg").write_bytes(made)
    key = board.picture.get("key")
    shutil.rmtree(home / "tiles", ignore_errors=True)
    return store.drawn(key) if key else home / "nothing"


def _page(file: Path, template: str, hall: Hall, told: dict[str, Any]) -> None:
    lang = shown.reader()
    sheets = [*SHEETS, SONG] if lang == "zh" else SHEETS
    around = {"tag": shown.TAGS.get(lang, lang), "hall_name": said(hall.name) or hall.code, "sheets": sheets}
    file.write_text(render_to_string(f"exhibition/{template}.html", {**around, **told}), encoding="utf-8")


def _told(board: Board, home: Path) -> dict[str, Any]:
    """Returns what the page of a board shows; addresses are relative to it."""
    assert board.shown is not None
    document = board.shown.document
    name = shown.title(document, board.code)
    mine, foreign = shown.parts(document, shown.reader())
    head, mine = shown.without_title(mine, name)
    info = home / "tiles/info.json"
    picture = shown.picture(board)
    return {
        "name": name,
        "head": head,
        "groups": list(shown.grouped(mine)),
        "foreign": list(shown.grouped(foreign)),
        "regions": [part for part in [head, *mine, *foreign] if part and part.region],
        "alt": said(document["alt"]) or name,
        "high": shown.height(document),
        "picture": replace(picture, src="picture.jpg", set="", phone="") if picture else None,
        "tiles": "tiles/info.json" if info.is_file() else "",
        "info": json.dumps(json.loads(info.read_bytes())) if info.is_file() else "",
        "script": [line for line in said(document["notes"]).splitlines() if line.strip()],
        "media": (media := list(_heard(board, home))),
        "film": any(one["kind"] == "video" for one in media),
    }


def _heard(board: Board, home: Path) -> Iterator[dict[str, Any]]:
    """Copies the sounds and films that visitors hear and see beside the page, with their captions; yields what the page says of each."""
    for one in recordings.shown(board):
        source = store.rendition(Path(one.src).name)
        file = f"{one.kind}-{one.tag}{source.suffix}"
        _copied(source, home / file)
        tracks = []
        for track in one.tracks:
            tracks.append(
                {"file": f"{one.kind}-{one.tag}.{track.lang}.vtt", "lang": track.lang, "tag": track.tag, "chosen": track.chosen}
            )
            words = recordings.captions_or_404(board, one.number, track.lang)
            (home / str(tracks[-1]["file"])).write_text(words, encoding="utf-8")
        yield {"file": file, "kind": one.kind, "tag": one.tag, "width": one.width, "height": one.height, "tracks": tracks} | {
            "length": one.length, "credit": one.credit, "lines": one.lines, "lines_tag": one.lines_tag
        }  # fmt: skip
