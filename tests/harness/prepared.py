"""What is the same for every site of a test run is made once, by whichever process needs it first, and copied by the others.

blank_site(folder)            the database with every migration, and the collected static files, lie in `folder`
prepared(name, make)          the folder that make(folder) filled, the same for every process of this run
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def _shared() -> Path:
    """Returns the folder of this test run (tests/environment.py); a program outside pytest has one of its own."""
    if "TEST_SHARED" in os.environ:
        return Path(os.environ["TEST_SHARED"])
    own = tempfile.mkdtemp(prefix="showground-shared-")
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    return Path(own)


def prepared(name: str, make: Callable[[Path], None]) -> Path:
    """Returns a folder that is only read; the first who asks for `name` makes it while the others wait."""
    goal, half = _shared() / name, _shared() / f"{name}.half"
    with (_shared() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not goal.exists():
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            make(half)
            half.rename(goal)
    return goal


def blank_site(folder: Path) -> None:
    """The folder has the SQLite database of a site after its migrations, and its static files."""
    shutil.copytree(prepared("blank-site", _blank), folder, dirs_exist_ok=True)


def _blank(folder: Path) -> None:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("SHOWGROUND_") and name != "DJANGO_SETTINGS_MODULE"
    }
    env = kept | {"SHOWGROUND_DATA": str(folder), "SHOWGROUND_CLOCK": "rehearsal", "PYTHONPATH": str(ROOT)}
    for words in (["migrate", "-v", "0"], ["collectstatic", "--noinput", "-v", "0"]):
        line = [sys.executable, "-m", "showground", "manage", *words]
        done = subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
