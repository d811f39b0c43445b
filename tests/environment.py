"""The environment of every test, set before Django's settings are read: a data folder of its own, the rehearsal clock."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

for name in [name for name in os.environ if name.startswith("SHOWGROUND_")]:
    del os.environ[name]
FOLDER = Path(tempfile.mkdtemp(prefix="showground-tests-"))
(FOLDER / "static").mkdir()
os.environ["SHOWGROUND_DATA"] = str(FOLDER)
os.environ["SHOWGROUND_CLOCK"] = "rehearsal"
os.environ["SHOWGROUND_URL"] = "http://localhost:8300"
os.environ["SHOWGROUND_MAIL_URL"] = "folder:"
if "TEST_DATABASE_URL" in os.environ:  # set by tests/journeys/test_postgres.py, which runs the rooms' tests once more
    os.environ["SHOWGROUND_DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
