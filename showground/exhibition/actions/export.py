"""A hall as a folder that works from any static host or a USB stick: pages without scripts, documents, tiles, manifests."""

from __future__ import annotations

import html
import json
import shutil
from pathlib import Path

from showground.exhibition.models import Board, Hall
from showground.exhibition.queries import halls, shown, store
from showground.interchange import folder, iiif
from showground.interchange.iiif import Hung
from showground.weeks.queries import said

STYLE = (
    "body{font:17px/1.6 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1rem}img{max-width:100%;height:auto}"
    "table{border-collapse:collapse}td,th{border:1px solid;padding:.3em .6em;text-align:start}"
    "@media(prefers-color-scheme:dark){body{background:#0f171c;color:#e9eee9}a{color:inherit}}"
)


def export_hall(hall: Hall, into: Path, at: str) -> list[Path]:
    """Leaves `into` with index.html, collection.json and a folder for each published board; returns the boards' folders.

    `at` is the address that it will be published at, without a closing slash: manifests and tiles name it. Pages need no address.
    """
    into.mkdir(parents=True, exist_ok=True)
    hanging = halls.hanging(hall)
    members = [_member(board, at) for board in hanging]
    for board, member in zip(hanging, members, strict=True):
        home = into / board.code
        drawn = _renditions(board, home)
        folder.write(member, drawn, home, hall=f"{at}/collection.json")
        (home / "index.html").write_text(_page(board), encoding="utf-8")
    told = iiif.written(iiif.collection(at, hall.name, members, about=hall.about))
    (into / "collection.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    (into / "index.html").write_text(_index(hall, hanging), encoding="utf-8")
    return [into / board.code for board in hanging]


def _member(board: Board, at: str) -> Hung:
    assert board.shown is not None
    tiles = store.drawn(board.picture["key"]) / "tiles" if board.picture.get("key") else None
    small = folder.thumbnail(tiles) if tiles is not None and (tiles / "info.json").is_file() else None
    return Hung(board=board.shown.document, at=f"{at}/{board.code}", page=f"{at}/{board.code}/index.html", thumbnail=small)


def _renditions(board: Board, home: Path) -> Path:
    """Copies the picture in its middle size beside the page; returns the folder that holds the tiles."""
    home.mkdir(parents=True, exist_ok=True)
    if made := store.jpeg(board.picture, 960):
        (home / "picture.jpg").write_bytes(made)
    key = board.picture.get("key")
    shutil.rmtree(home / "tiles", ignore_errors=True)
    return store.drawn(key) if key else home / "nothing"


def _whole(title: str, body: str) -> str:
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    top = f"<head>{head}<title>{html.escape(title)}</title><style>{STYLE}</style></head>"
    return f'<!doctype html><html lang="{_lang()}">{top}<body>{body}</body></html>\n'


def _lang() -> str:
    return shown.TAGS.get(shown.reader(), shown.reader())


def _page(board: Board) -> str:
    assert board.shown is not None
    document = board.shown.document
    name = shown.title(document, board.code)
    mine, foreign = shown.parts(document, shown.reader())
    _head, mine = shown.without_title(mine, name)
    alt = html.escape(said(document["alt"]) or name, quote=True)
    picture = (
        f'<p><a href="tiles/full/max/0/default.jpg"><img src="picture.jpg" alt="{alt}"></a></p>' if board.picture.get("key") else ""
    )
    text = "".join(_group(group) for group in shown.grouped([*mine, *foreign]))
    links = '<p><a href="manifest.json">IIIF</a> · <a href="board.json">JSON</a></p>'
    up = f'<nav><a href="../index.html">← {html.escape(said(board.hall.name) or board.hall.code)}</a></nav>'
    return _whole(name, f"{up}<main><h1>{html.escape(name)}</h1>{picture}{text}{links}</main>")


def _group(group: shown.Group) -> str:
    inner = "".join(_part(part) for part in group.parts)
    return f"<{group.tag}>{inner}</{group.tag}>" if group.tag in {"ul", "ol"} else inner


def _part(part: shown.Part) -> str:
    lang = f' lang="{part.lang}"' if part.lang else ""
    if part.tag == "table":
        rows = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in part.rows)
        return f"<table{lang}>{rows}</table>"
    tag = "p" if part.tag == "figcaption" else part.tag
    return f'<{tag} id="{part.id}"{lang}>{html.escape(part.text)}</{tag}>'


def _index(hall: Hall, hanging: list[Board]) -> str:
    name = said(hall.name) or hall.code
    rows = [f'<li><a href="{row.board.code}/index.html">{html.escape(row.title)}</a></li>' for row in shown.rows(hanging)]
    return _whole(name, f"<main><h1>{html.escape(name)}</h1><ol>{''.join(rows)}</ol></main>")
