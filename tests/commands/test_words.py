"""What commands say when they cannot: one clear line, an exit status, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def showground(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("SHOWGROUND_")}
    environment = {**plain, "SHOWGROUND_DATA": str(data), "SHOWGROUND_CLOCK": "rehearsal"}
    return subprocess.run([sys.executable, "-m", "showground", *words], capture_output=True, text=True, env=environment, cwd=ROOT)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["frobnicate"], 2, "there is no command 'frobnicate'"),
        (["export", "2026", "week.zip"], 1, "showground manage migrate"),
        (["jobs"], 1, "showground manage migrate"),
        (["publisher"], 1, "showground manage migrate"),
        (["init", "{week}"], 1, "showground manage migrate"),
        (["init", "{wrong}", "--check"], 1, "name.en: it wants text"),
        (["init", "{week}", "--check"], 0, ""),
        (["verify", "/nowhere"], 2, ""),
    ],
)
def test_a_command_says_what_is_missing(tmp_path: Path, words: list[str], status: int, said: str) -> None:
    week, wrong = tmp_path / "week.toml", tmp_path / "wrong.toml"
    week.write_text(showground(tmp_path, "demo_week", "2027").stdout)
    wrong.write_text('code = "x"\n')
    done = showground(tmp_path / "data", *(word.format(week=week, wrong=wrong) for word in words))
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (status, True, False), done.stderr


def test_help_lists_every_command_with_its_line(tmp_path: Path) -> None:
    told = showground(tmp_path, "help").stdout
    names = [p.stem for p in (ROOT / "showground" / "commands").glob("*.py") if not p.stem.startswith("_")]
    assert all(f"  {name} " in told for name in names)
    assert not [line for line in told.splitlines()[2:] if len(line.split(maxsplit=1)) < 2]


def test_a_whole_site_can_be_set_up_by_hand(tmp_path: Path) -> None:
    """The commands of docs/start/first-week.md, without the processes."""
    data = tmp_path / "data"
    week = tmp_path / "week.toml"
    week.write_text(showground(data, "demo_week", "2027").stdout)
    assert showground(data, "manage", "migrate", "--verbosity", "0").returncode == 0
    assert showground(data, "witness", "init", "--name", "notary.example", "--data", str(data / "witness")).returncode == 0
    line = ["init", str(week), "--notary", str(data / "witness" / "public.txt"), "--organiser", "a@b.example"]
    for _ in range(2):
        done = showground(data, *line)
        assert done.returncode == 0 and "2027.demo.rehearsal.invalid" in done.stdout, done.stderr
    clash = showground(data, *line, "--notary-person", "a@b.example")
    assert clash.returncode == 1 and "cannot be notary and organiser" in clash.stderr
