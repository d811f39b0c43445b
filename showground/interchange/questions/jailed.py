"""Question files of strangers, read in the jail: the room calls this, never a format's own reader."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from showground.interchange.questions import FORMATS, native
from showground.interchange.questions.contract import MOST_BYTES, MOST_LEFT, REASONS, Left, Taken, short
from showground.interchange.questions.inside import LEFT, QUESTIONS
from showground.media.jail import Jail, best_available
from showground.rules.refused import Refused

_OF_JAIL = {"media.too_long": "too_large", "media.too_large": "too_large"}


def read_in_jail(path: Path, name: str, *, language: str = "en", format: str = "", jail: Jail | None = None) -> Taken:
    """Returns what a file gives, read by a child without network, home or memory to waste; its answer is checked again here.

    A file that the child could not finish is a Taken with one note on the whole file. JailBroken says that the site is at fault.
    """
    if path.stat().st_size > MOST_BYTES:
        return Taken(format, left=[Left("", "file", "too_large", f"{path.stat().st_size} bytes, at most {MOST_BYTES}")])
    with tempfile.TemporaryDirectory(prefix="showground-questions-") as folder:
        try:
            options = {"name": Path(name).name[:200], "language": language, "format": format}
            said = (jail or best_available()).run("questions", path, Path(folder), options)
            return _believed(str(said.get("format", "")), Path(folder))
        except Refused as no:
            return Taken(format, left=[Left("", "file", _OF_JAIL.get(no.code, "crashed"), short(no))])
        except (ValueError, OSError) as lie:  # the child's files are not what an honest child leaves
            return Taken(format, left=[Left("", "file", "crashed", type(lie).__name__)])


def _believed(format: str, folder: Path) -> Taken:
    """Returns the child's answer: every question checked, every medium hashed, every note of a known reason."""
    taken = native.read((folder / QUESTIONS).read_bytes() or b"", language="en")
    taken.format = format if format in FORMATS else ""
    for line in (folder / LEFT).read_text(encoding="utf-8").splitlines()[: MOST_LEFT + 2]:
        said = json.loads(line)
        if said.get("reason") in REASONS:
            taken.left.append(Left(*(short(said.get(field, "")) for field in ("item", "part", "reason", "detail"))))
    return taken
