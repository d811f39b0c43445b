"""The environment of every test, set before Django's settings are read: a data folder of its own, the rehearsal clock.

With `--postgres` the rooms' tables lie in a PostgreSQL that is started here and gone when the tests end. With
`--at=2023-12-31T15:59:58+00:00` the clock of each test begins at that instant (which is a second before a Monday and a year begin in
the sample week's time zone).
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

# A machine that forbids compiled files makes every process that a test starts compile the site anew: more than half its start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

for name in [name for name in os.environ if name.startswith("SHOWGROUND_")]:
    del os.environ[name]
FOLDER = Path(tempfile.mkdtemp(prefix="showground-tests-"))
(FOLDER / "static").mkdir()
os.environ["SHOWGROUND_DATA"] = str(FOLDER)
os.environ["SHOWGROUND_CLOCK"] = "rehearsal"
os.environ["SHOWGROUND_URL"] = "http://localhost:8300"
os.environ["SHOWGROUND_MAIL_URL"] = "folder:"
if "--postgres" in sys.argv and "TEST_DATABASE_URL" not in os.environ:  # a worker of xdist finds what its controller has set
    from tests.harness.postgres import server_for_this_run

    os.environ["TEST_DATABASE_URL"] = server_for_this_run()
if "TEST_DATABASE_URL" in os.environ:  # also set by tests/journeys/test_postgres.py, which runs the rooms' tests once more
    os.environ["SHOWGROUND_DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


def began() -> int:
    """Returns the instant of `--at`, else the real time, in Unix seconds."""
    at = next((word.removeprefix("--at=") for word in sys.argv if word.startswith("--at=")), os.environ.get("TEST_AT", ""))
    if at:
        os.environ["TEST_AT"] = at  # for the workers of xdist
    return int(datetime.fromisoformat(at).timestamp() if at else time.time())


def wind() -> None:
    """The clock of the tests' data folder shows the instant of `--at` again."""
    offset = began() - int(time.time())
    if "TEST_AT" in os.environ:
        (FOLDER / "clock.new").write_text(json.dumps({"offset": offset}), encoding="utf-8")
        os.replace(FOLDER / "clock.new", FOLDER / "clock.json")


wind()
if "TEST_SHARED" not in os.environ:  # what the processes of one test run share (tests/harness/prepared.py); the first one cleans up
    os.environ["TEST_SHARED"] = tempfile.mkdtemp(prefix="showground-shared-")
    atexit.register(shutil.rmtree, os.environ["TEST_SHARED"], ignore_errors=True)
