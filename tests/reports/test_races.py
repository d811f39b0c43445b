"""Two tabs and two people at the same moment, on both databases: what can happen once happens once, and nothing breaks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.postgres import Server, postgres

__all__ = ["postgres"]
ROOT = Path(__file__).resolve().parents[2]
RUN = "from tests.reports.races import run; run()"
ONCE = {
    "confirm", "read", "send", "answer", "close", "reopen", "decide", "lodge", "decide appeal", "erase", "withdraw", "ask deletion",
    "agree to it", "ask identity", "agree to opening", "open identity", "make keys", "open desk",
}  # fmt: skip


def _raced(folder: Path, database: str) -> dict[str, dict[str, dict[str, int]]]:
    env = {**os.environ, "SHOWGROUND_DATA": str(folder), "SHOWGROUND_CLOCK": "rehearsal", "SHOWGROUND_DATABASE_URL": database}
    for words in (["migrate", "-v", "0"], ["shell", "-v", "0", "-c", RUN]):
        line = [sys.executable, "-m", "showground", "manage", *words]
        done = subprocess.run(line, cwd=ROOT, env={**env, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


@pytest.mark.drill
@pytest.mark.postgres
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_can_happen_once_happens_once(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if kind == "sqlite":
        told = _raced(tmp_path, "")
    else:
        server: Server = request.getfixturevalue("postgres")
        with server.database() as url:
            told = _raced(tmp_path, url)
    assert told["wrong"] == {}
    broken = {name: ended for name, ended in told["acts"].items() if any("Error" in how or "Exist" in how for how in ended)}
    assert broken == {}
    assert {name: told["acts"][name]["done"] for name in ONCE} == dict.fromkeys(ONCE, 1)
