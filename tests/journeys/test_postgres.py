"""The rooms' tests once more, on PostgreSQL: models, migrations from empty, actions with their locks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.postgres import Server, postgres

__all__ = ["postgres"]
ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["people", "weeks", "ledger", "entries", "jury", "awards"]


@pytest.mark.postgres
def test_the_rooms_work_on_postgresql(postgres: Server) -> None:
    line = [sys.executable, "-m", "pytest", "-q", "-m", "not browser", *(f"tests/{room}" for room in ROOMS)]
    with postgres.database() as url:
        done = subprocess.run(line, cwd=ROOT, env={**os.environ, "TEST_DATABASE_URL": url}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert " passed" in done.stdout


@pytest.mark.postgres
def test_migrations_say_all_that_models_say(postgres: Server, tmp_path: Path) -> None:
    commands = (["migrate", "--verbosity", "0"], ["makemigrations", "--check", "--dry-run"], ["check", "--fail-level", "ERROR"])
    with postgres.database() as url:
        environment = {**os.environ, "SHOWGROUND_DATABASE_URL": url, "SHOWGROUND_DATA": str(tmp_path)}
        for words in commands:
            line = [sys.executable, "-m", "showground", "manage", *words]
            done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
