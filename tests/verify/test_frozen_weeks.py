"""Weeks that were exported once verify for ever: one bundle per released format, never made anew."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from showground.rules import records
from showground.tlog import tiles
from showground.verify import pyz
from tests.harness.quiz_week import QuizWeek

WEEKS = sorted((Path(__file__).resolve().parents[1] / "vectors" / "weeks").glob("*.zip"))
INVENTED = "(rehearsal: times are invented)"
SAID = {
    "0.1.0": f"VERIFIED {INVENTED}",  # a week without a quiz
    "0.1.0-desk": f"VERIFIED so far {INVENTED}",  # a week played over HTTP, with the report desk's hours and figures, its draw unclaimed
    "0.1.0-quicknet": "VERIFIED so far",  # a draw by a public beacon, in a log without a week
    "0.1.0-quiz": f"VERIFIED {INVENTED}",  # a whole week with a quiz and a draw by dice, every prize claimed and the key revealed
}
NOT_YET = {  # in no frozen week
    *("board.published", "board.restored", "board.withdrawn"),
    *("entry.restored", "entry.withheld", "jury.unopened", "log.closed"),
}


@pytest.mark.parametrize("bundle", WEEKS, ids=lambda path: path.stem)
def test_a_week_of_an_earlier_format_still_verifies(bundle: Path, tmp_path: Path) -> None:
    verifier = tmp_path / "showground-verify.pyz"
    pyz.build(verifier)
    done = subprocess.run([sys.executable, "-I", str(verifier), str(bundle)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[0] == SAID[bundle.stem], done.stdout


def test_every_type_of_record_stands_in_a_frozen_week() -> None:
    assert {bundle.stem for bundle in WEEKS} == set(SAID)
    types = {json.loads(entry)["type"] for bundle in WEEKS for entry in _entries(bundle)}
    assert set(records.SCHEMAS) - types == NOT_YET


def _entries(bundle: Path) -> list[bytes]:
    found: list[bytes] = []
    with zipfile.ZipFile(bundle) as archive:
        size = int(archive.read("checkpoint").decode().splitlines()[1])
        while len(found) < size:
            width = min(tiles.WIDTH, size - len(found))
            found += tiles.decode_entries(archive.read(tiles.entries_path(len(found) // tiles.WIDTH, width)), width)
    return found


def test_the_one_file_verifier_checks_a_draw_by_quicknet(tmp_path: Path) -> None:
    """Python in isolated mode, nothing installed: the pairing is in the file."""
    verifier, folder = tmp_path / "showground-verify.pyz", QuizWeek(beacon="drand").play().write(tmp_path / "week")
    pyz.build(verifier)
    done = subprocess.run([sys.executable, "-I", str(verifier), str(folder)], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0 and "round 657413 of drand is signed by its chain" in done.stdout, done.stdout + done.stderr
