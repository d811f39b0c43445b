"""What people do most, once more on PostgreSQL: models, migrations from empty, actions with their locks; `make postgres` runs all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.postgres import Server, postgres

__all__ = ["postgres"]
ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["people", "ledger", "awards"]
# What visitors, officers, curators and players do most in the newer rooms: a few tests of each, seconds of work.
WALKS = (
    "entries/test_actions.py",
    "reports/test_identity.py",
    "reports/test_officer.py::test_the_whole_work_on_a_case",
    "reports/test_officer.py::test_a_second_reader_confirms_on_the_page",
    "reports/test_reporter.py::test_an_appeal_within_six_months_once_and_not_before_a_decision",
    "reports/test_reporter.py::test_a_message_a_contact_and_a_letter_that_says_nothing",
    "exhibition/test_events.py",
    "exhibition/test_visits.py",
    "exhibition/test_rooms.py::test_printed_copies_are_made_once_and_made_anew_for_another_text",
    "quiz/test_admit.py",
    "quiz/test_claims.py::test_a_winner_claims_with_the_secret_is_checked_and_gets_the_voucher_once",
)


@pytest.mark.postgres
def test_the_rooms_work_on_postgresql(postgres: Server) -> None:
    line = [sys.executable, "-m", "pytest", "-q", "-m", "not browser", *(f"tests/{part}" for part in (*ROOMS, *WALKS))]
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
