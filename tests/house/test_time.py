"""Only clock.py reads the time of the site; no column fills itself with now."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).resolve().parents[2] / "showground"
BANNED = re.compile(r"\btime\.time\(|datetime\.now\(|datetime\.utcnow\(|timezone\.now\(|auto_now|\bNow\(\)|date\.today\(")
READS_REAL_TIME = {"clock.py"}


def readers(here: Path) -> list[str]:
    """Returns the lines that read the time by themselves."""
    found = []
    for file in sorted(here.rglob("*.py")):
        if file.name in READS_REAL_TIME or "node_modules" in file.parts:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if BANNED.search(line) and not line.lstrip().startswith("#"):
                found.append(f"{file.relative_to(here)}:{number}")
    return found


def test_nobody_reads_the_time_but_the_clock() -> None:
    assert readers(HERE) == []


def test_a_hidden_clock_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import time\nx = time.time()\n")
    assert readers(tmp_path) == ["a.py:2"]
