"""Writes the public bundle of a week: `showground export 2026 week.zip` (or a folder)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from showground.commands._django import ready
from showground.rules.refused import Refused


def main(argv: list[str]) -> int:
    """The bundle of the newest witnessed checkpoint is written; says why not otherwise."""
    parser = argparse.ArgumentParser(prog="showground export", description=__doc__)
    parser.add_argument("week", help="code of the week")
    parser.add_argument("into", type=Path, help="a .zip file or a folder")
    words = parser.parse_args(argv)
    ready()
    from showground.showcase.actions import export
    from showground.weeks.models import Week

    week = Week.objects.filter(code=words.week).first()
    if week is None:
        print(f"There is no week '{words.week}'.", file=sys.stderr)
        return 1
    try:
        print(export(week, words.into.resolve()))
    except Refused as refused:
        print(str(refused), file=sys.stderr)
        return 1
    return 0
