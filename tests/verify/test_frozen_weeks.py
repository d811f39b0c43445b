"""Weeks that were exported once verify for ever: one bundle per released format, never made anew."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from showground.verify import pyz
from tests.harness.quiz_week import QuizWeek

WEEKS = sorted((Path(__file__).resolve().parents[1] / "vectors" / "weeks").glob("*.zip"))


@pytest.mark.parametrize("bundle", WEEKS, ids=lambda path: path.stem)
def test_a_week_of_an_earlier_format_still_verifies(bundle: Path, tmp_path: Path) -> None:
    verifier = tmp_path / "showground-verify.pyz"
    pyz.build(verifier)
    done = subprocess.run([sys.executable, "-I", str(verifier), str(bundle)], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("VERIFIED (rehearsal"), done.stdout + done.stderr


def test_there_is_a_frozen_week_at_all() -> None:
    assert WEEKS


def test_the_one_file_verifier_checks_a_draw_by_quicknet(tmp_path: Path) -> None:
    """Python in isolated mode, nothing installed: the pairing is in the file."""
    verifier, folder = tmp_path / "showground-verify.pyz", QuizWeek(beacon="drand").play().write(tmp_path / "week")
    pyz.build(verifier)
    done = subprocess.run([sys.executable, "-I", str(verifier), str(folder)], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0 and "round 657413 of drand is signed by its chain" in done.stdout, done.stdout + done.stderr
