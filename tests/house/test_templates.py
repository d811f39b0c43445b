"""A page extends or includes only ui/ or its own room; nothing in a page needs an exception from the CSP."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).resolve().parents[2] / "showground"
USED = re.compile(r"{%\s*(?:extends|include)\s+\"([^\"]+)\"")
UNSAFE = re.compile(r"\sstyle=\"|\son[a-z]+=\"|<script(?![^>]*(?:\bsrc=|application/json))[^>]*>|javascript:", re.I)
OUTSIDE = re.compile(r"(?:src|href|action)=\"(?:https?:)?//")


def _pages(here: Path) -> list[Path]:
    return [p for p in sorted(here.glob("*/templates/**/*")) if p.suffix in {".html", ".txt"}]


def strangers(here: Path) -> list[str]:
    """Returns the pages that use another room's templates."""
    wrong = []
    for page in _pages(here):
        room = page.relative_to(here).parts[0]
        for used in USED.findall(page.read_text(encoding="utf-8")):
            if used.split("/")[0] not in {"ui", room, "django"}:
                wrong.append(f"{room}/{page.name}: {used}")
    return wrong


def unsafe(here: Path) -> list[str]:
    """Returns the pages with inline styles, handlers, scripts or addresses of other hosts."""
    return [
        f"{page.relative_to(here)}: {found[0].strip()}"
        for page in _pages(here)
        for pattern in (UNSAFE, OUTSIDE)
        if (found := pattern.search(page.read_text(encoding="utf-8")))
    ]


def test_pages_keep_to_their_room() -> None:
    assert strangers(HERE) == []


def test_pages_need_no_exception() -> None:
    assert unsafe(HERE) == []


def test_planted_faults_are_seen(tmp_path: Path) -> None:
    home = tmp_path / "jury" / "templates" / "jury"
    home.mkdir(parents=True)
    (home / "a.html").write_text('{% extends "voting/booth.html" %}<p style="color:red">')
    assert strangers(tmp_path) == ["jury/a.html: voting/booth.html"]
    assert len(unsafe(tmp_path)) == 1
