"""Looks into files of questions and turns one format into another, before anything enters a bank."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from showground.interchange.questions import FORMATS, write
from showground.interchange.questions.contract import REASONS, Left, Taken
from showground.interchange.questions.jailed import read_in_jail

MOST_SHOWN = 40


def main(argv: list[str]) -> int:
    """Runs `inspect` or `convert`; 0 if every file gave all of its questions or parts of them, 2 if one gave nothing or is missing."""
    options = _parser().parse_args(argv)
    missing = [name for name in ([options.file] if options.what == "convert" else options.files) if not Path(name).is_file()]
    for name in missing:
        print(f"showground quiz: there is no file {name}", file=sys.stderr)
    if missing:
        return 2
    return _convert(options) if options.what == "convert" else _inspect(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="showground quiz", description="Question files: what is in them, and from one format to another."
    )
    what = parser.add_subparsers(dest="what", required=True)
    inspect = what.add_parser("inspect", help="say for each file its format, its questions by kind, and what was not taken and why")
    inspect.add_argument("files", nargs="+", metavar="FILE")
    inspect.add_argument("--json", action="store_true", help="as one JSON object a file")
    inspect.add_argument("--all", action="store_true", help=f"every note, not the first {MOST_SHOWN}")
    convert = what.add_parser("convert", help="write the questions of a file in another format")
    convert.add_argument("file", metavar="FILE")
    convert.add_argument("--to", required=True, choices=[name for name, format in FORMATS.items() if format.writes])
    convert.add_argument(
        "--out", default="", metavar="FILE", help="where to; beside the file, with the ending of its format, if not said"
    )
    for sub in (inspect, convert):
        sub.add_argument("--language", choices=["en", "zh"], default="en", help="of files that carry one language")
        sub.add_argument("--format", default="", choices=["", *FORMATS], help="do not guess")
    return parser


def _read(name: str, options: argparse.Namespace) -> Taken:
    return read_in_jail(Path(name), name, language=options.language, format=options.format)


def _inspect(options: argparse.Namespace) -> int:
    status = 0
    for name in options.files:
        taken = _read(name, options)
        if options.json:
            print(json.dumps(_as_json(name, taken), ensure_ascii=False))
        else:
            _show(name, taken, None if options.all else MOST_SHOWN)
        status = status if taken.questions else 2
    return status


def _as_json(name: str, taken: Taken) -> dict[str, Any]:
    return {
        "file": name,
        "format": taken.format,
        "questions": len(taken.questions),
        "kinds": taken.kinds(),
        "media": len(taken.media),
        "left": [asdict(left) for left in taken.left],
    }


def _show(name: str, taken: Taken, most: int | None) -> None:
    kinds = ", ".join(f"{count} {kind}" for kind, count in taken.kinds().items())
    count = len(taken.questions)
    said = f"{count} question{'' if count == 1 else 's'}"
    print(f"{name}: {taken.format or 'unknown format'}, {said}{f' ({kinds})' if kinds else ''}", end="")
    print(f", {len(taken.media)} media" if taken.media else "")
    _show_left(taken.left, most)


def _show_left(left: list[Left], most: int | None) -> None:
    if not left:
        print("  nothing was left behind")
        return
    reasons = ", ".join(f"{reason} {count}" for reason, count in Counter(one.reason for one in left).most_common())
    print(f"  left behind: {len(left)} ({reasons})")
    for one in left[:most]:
        place = " / ".join(part for part in (one.item, one.part) if part) or "the file"
        print(f"    {place}: {REASONS[one.reason]}{f' [{one.detail}]' if one.detail else ''}")
    if most is not None and len(left) > most:
        print(f"    ... and {len(left) - most} more; --all shows them")


def _convert(options: argparse.Namespace) -> int:
    taken = _read(options.file, options)
    _show(options.file, taken, MOST_SHOWN)
    if not taken.questions:
        return 2
    data, left = write(taken.questions, options.to, language=options.language, media=taken.media)
    out = Path(options.out) if options.out else Path(options.file).with_suffix(FORMATS[options.to].suffix)
    if out.exists() and not options.out:
        print(f"showground quiz: {out} is there already; name another with --out", file=sys.stderr)
        return 2
    out.write_bytes(data)
    print(f"{out}: {options.to}")
    _show_left(left, MOST_SHOWN)
    return 0
