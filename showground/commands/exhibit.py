"""Reads boards from print files, without a site, and writes a hall as a folder: `showground exhibit import boards.pdf slides.pptx`.

What a machine read off a picture (if the extra `ocr` is installed) is printed line by line behind a question mark: it is a draft.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from showground.interchange import folder
from showground.interchange.iiif import Hung
from showground.media import boards, easel
from showground.media.boards import Board
from showground.media.easel import Taken
from showground.media.jail import Jail, best_available
from showground.media.notices import SENTENCES
from showground.rules.refused import Refused

# What else can be said of a file, for a person at a terminal.
WORDS: Mapping[str, str] = {
    **SENTENCES,
    "work.empty": "The file is empty.",
    "work.kind": "It is really %(found)s. Boards come as PDF, PPTX, JPEG, PNG, WebP, AVIF or TIFF.",
    "work.cut_off": "It breaks off in the middle. Export it again.",
    "work.too_large": "It has %(bytes)s bytes; at most %(limit)s are taken.",
    "work.too_many_pixels": "It has %(width)s x %(height)s pixels; at most %(limit)s in all are taken. Make it smaller.",
    "package.bomb": "A file in it unpacks to far more than it should: %(name)s. It was not opened.",
    "media.unreadable": "It cannot be read: it is damaged, or not what it says it is.",
    "media.too_long": "It took more than %(seconds)s seconds. Make it simpler.",
    "media.too_large": "It needs more memory or disk than a file may have here.",
}


def main(argv: list[str]) -> int:
    """Prints what each file holds and what could not be taken, or what was written; 0 if everything was done, else 1."""
    parser = argparse.ArgumentParser(prog="showground exhibit", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    take = verbs.add_parser("import", help="read print files and print what is in them")
    take.add_argument("files", nargs="+", type=Path, metavar="FILE")
    take.add_argument("--pages", default="", help="first-last, for instance 1-60")
    take.add_argument("--into", type=Path, help="also write a folder per board: document, manifest, picture, tiles")
    take.add_argument("--at", default="https://boards.invalid", help="the address the folders will be published at")
    take.add_argument("--dpi", type=int, default=300, help="how finely pages are drawn (300)")
    send = verbs.add_parser("export", help="write a hall as a folder for any static host or a USB stick")
    send.add_argument("week", help="the week's code")
    send.add_argument("hall", help="the hall's code")
    send.add_argument("into", type=Path, help="the folder")
    send.add_argument("--at", default="https://boards.invalid", help="the address the folder will be published at")
    send.add_argument("--lang", default="en", help="the language of its pages: en or zh-hans")
    words = parser.parse_args(argv)
    return _export(words) if words.verb == "export" else _import(words)


def _export(words: argparse.Namespace) -> int:
    """Writes a hall's published boards and prints their folders; 1 if there is no such hall."""
    from showground.commands._django import ready

    ready()
    from django.utils.translation import override

    from showground.exhibition.actions.export import export_hall
    from showground.exhibition.queries.halls import find_hall

    hall = find_hall(words.week, words.hall)
    if hall is None:
        print(f"There is no hall {words.hall} in the week {words.week}.", file=sys.stderr)
        return 1
    with override(words.lang):
        for home in export_hall(hall, words.into, words.at.rstrip("/")):
            print(home)
    return 0


def _import(words: argparse.Namespace) -> int:
    jail = best_available()
    if not jail.strong:
        print(jail.says, file=sys.stderr)
    options = {"dpi": words.dpi, **_pages(words.pages)}
    read = {path: _read(jail, path, options) for path in words.files}
    for path, taken in read.items():
        beside = _beside(path, read)
        if taken is not None and not (path.suffix.lower() == ".pdf" and _beside(path, read, ".pptx")):
            hung = easel.paired(taken, beside[1]) if beside else taken.boards
            _show(path, taken, hung)
            if words.into:
                _write(jail, beside[0] if beside else path, hung, words)
    return int(any(taken is None for taken in read.values()))


def _pages(told: str) -> dict[str, int]:
    if not told:
        return {}
    first, _, last = told.partition("-")
    if not first.isdigit() or not (last or first).isdigit():
        print("--pages wants numbers: 1-60", file=sys.stderr)
        raise SystemExit(2)
    return {"first": int(first), "last": int(last or first)}


def _read(jail: Jail, path: Path, options: Mapping[str, int]) -> Taken | None:
    """Returns what a file holds, or None after saying why it cannot be taken."""
    if not path.is_file():
        print(f"{path}: there is no such file.", file=sys.stderr)
        return None
    try:
        return easel.recognised(jail, path, easel.read(jail, path, **options))
    except Refused as no:
        print(f"{path}: {sentence(no.code, no.facts)}", file=sys.stderr)
        return None


def sentence(code: str, facts: Mapping[str, Any]) -> str:
    """Returns a refusal or a warning in words; the bare code and its facts where no words are known."""
    if code not in WORDS:
        return str(Refused(code, **facts))
    return WORDS[code] % facts


def _beside(path: Path, read: Mapping[Path, Taken | None], ending: str = ".pdf") -> tuple[Path, Taken] | None:
    """Returns the file of the same name that goes with a presentation (or with its PDF), if it was read too."""
    if path.suffix.lower() == ending:
        return None
    for other, taken in read.items():
        if (
            taken is not None
            and other.stem == path.stem
            and other.suffix.lower() == ending
            and {path.suffix.lower(), ending} == {".pdf", ".pptx"}
        ):
            return other, taken
    return None


def _show(path: Path, taken: Taken, hung: Sequence[Board]) -> None:
    named = path.suffix.lower().lstrip(".")
    true = taken.kind if taken.kind not in {"jpeg"} or named not in {"jpg", "jpeg"} else named
    print(f"{path}: {taken.kind}, {taken.pages} page(s), {len(hung)} board(s) read")
    if named and true not in {named, "tiff" if named == "tif" else named} and not (named == "pptm" and true == "pptx"):
        print(f"  ! Its name says {named}, but it is {taken.kind}.")
    for board in hung:
        _show_board(board)


def _show_board(board: Board) -> None:
    title = " / ".join(board["title"].values()) or "(no title)"
    picture = board["picture"]
    size = f"{picture['width']} x {picture['height']} px" if picture["drawn"] else "no picture"
    print(
        f"  page {board['source']['page']}: {title} [{size}; {', '.join(boards.languages(board)) or 'no text'}; sha256 {boards.sha256(board)[:16]}]"
    )
    print(f"    {_counted(board)}")
    for one in board["warnings"]:
        print(f"    ! {sentence(one['code'], one['facts'])}")
    for block in board["blocks"]:
        if block.get("by") == "ocr":
            print(f"    ? {boards.plain(block)}")


def _counted(board: Board) -> str:
    counts: dict[str, int] = {}
    for block in board["blocks"]:
        counts[block["kind"]] = counts.get(block["kind"], 0) + 1
    told = [f"{count} {kind.replace('_', ' ')}" for kind, count in counts.items()]
    letters = sum(len(boards.plain(block)) for block in board["blocks"])
    notes = [f"{len(text)} characters of notes" for text in board["notes"].values()]
    return ", ".join([*told, f"{letters} characters", *notes]) if told or notes else "nothing to read"


def _write(jail: Jail, source: Path, hung: Iterable[Board], words: argparse.Namespace) -> None:
    """Leaves a folder for each board below --into, named by file and page."""
    import tempfile

    for board in hung:
        name = f"{source.stem}-{board['source']['page']}"
        with tempfile.TemporaryDirectory() as made:
            drawn = Path(made)
            if board["picture"]["drawn"]:
                easel.draw(jail, source, drawn, page=board["source"]["page"], dpi=words.dpi)
            small = folder.thumbnail(drawn / "tiles") if board["picture"]["drawn"] else None
            folder.write(Hung(board=board, at=f"{words.at.rstrip('/')}/{name}", thumbnail=small), drawn, words.into / name)
        print(f"  wrote {words.into / name}")
