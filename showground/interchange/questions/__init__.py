"""Question files: `read` takes any of them, the modules of FORMATS each know one; what they agree on is contract.py."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from showground.interchange.questions.contract import MOST_BYTES, Left, Taken, Unreadable, short


@dataclass(frozen=True)
class Format:
    """One format: its module beside this file, the ending of its files, and how many languages one file can carry."""

    module: str
    suffix: str
    languages: int = 1
    writes: bool = True

    def load(self) -> ModuleType:
        """Returns the format's module, imported now: most processes never need most of them."""
        return importlib.import_module(f"showground.interchange.questions.{self.module}")


# Named as people ask for them. "qti" reads any version and any package; the three versions write.
FORMATS: Final[dict[str, Format]] = {
    "native": Format("native", ".jsonl", languages=2),
    "gift": Format("gift", ".gift.txt"),
    "moodle_xml": Format("moodle_xml", ".xml", languages=2),
    "aiken": Format("aiken", ".aiken.txt"),
    "missing_word": Format("missing_word", ".missing.txt"),
    "cloze": Format("cloze", ".cloze.txt"),
    "csv": Format("csv_file", ".csv", languages=2),
    "xlsx": Format("xlsx_file", ".xlsx", languages=2),
    "qti": Format("qti", ".xml", languages=2, writes=False),
    "qti21": Format("qti21", ".zip", languages=2),
    "qti22": Format("qti22", ".zip", languages=2),
    "qti30": Format("qti30", ".zip", languages=2),
}


def read(name: str, data: bytes, *, language: str = "en", format: str = "") -> Taken:
    """Returns what a file gives, whatever its bytes: all it does not give is in `left`, by item and reason. Nothing is raised.

    The format is found by content and then by name, unless the caller names it.
    """
    found = format
    try:
        if not data.strip(b"\0 \t\r\n"):
            raise Unreadable("empty")
        if len(data) > MOST_BYTES:
            raise Unreadable("too_large", f"{len(data)} bytes, at most {MOST_BYTES}")
        if not found:
            from showground.interchange.questions.sniff import sniff

            found = sniff(name, data)
        taken: Taken = FORMATS[found].load().read(data, language=language, name=name)
        return taken
    except Unreadable as no:
        return Taken(found, left=[Left("", "file", no.reason, short(no.detail))])
    except Exception as crash:  # RULE import: a stranger's file never stops the house; what we did not foresee has a name too
        return Taken(found, left=[Left("", "file", "crashed", type(crash).__name__)])


def write(
    questions: Sequence[dict[str, Any]], format: str, *, language: str = "en", media: Mapping[str, tuple[str, bytes]] | None = None
) -> tuple[bytes, list[Left]]:
    """Returns a file of that format and what of the questions it cannot carry; KeyError for a format that is not written."""
    chosen = FORMATS[format]
    if not chosen.writes:
        raise KeyError(format)
    data, left = chosen.load().write(questions, language=language, media=media or {})
    return data, left
