"""Compiles a catalogue of translations: `python -m showground.commands._messages FILE.po`; needs polib and nothing else."""

from __future__ import annotations

import sys

import polib


def main(path: str) -> None:
    """The .mo file stands beside the .po file."""
    polib.pofile(path).save_as_mofile(path.removesuffix(".po") + ".mo")


if __name__ == "__main__":
    main(sys.argv[1])
