"""The web process of a site whose report desk is open, in a folder of its own: real server, real database, nothing beside it.

with desk_site(folder) as site:      site.url; site.start = "<url>/en/sample/report/"; site.shell(python) -> what it printed
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.harness.ports import a_port
from tests.harness.prepared import blank_site

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "a long passphrase"
CONTENT = "from tests.harness.desk_content import build; print(build())"  # prints what pictures need to know of it, as JSON
OPEN = f"""
from tests.house.sample_week import a_week
from showground.people.actions import welcome
from showground.reports.actions import keys
from showground.weeks.models import Role
from django.conf import settings
now = settings.CLOCK()
week = a_week()
for duty in ("officer", "custodian", "approver"):
    person = welcome(f"{{duty}}@sample.example", language="en", at=now)
    Role.objects.get_or_create(week=week.week, person=person, duty=duty)
    holder = keys.make_key(person, duty, "{PASSPHRASE}", at=now)
    if duty == "officer":
        keys.open_desk(holder, at=now)
"""


@dataclass(frozen=True)
class DeskSite:
    """A running site; `home` is its folder, `said` what its opening printed."""

    url: str
    home: Path
    env: dict[str, str]
    said: str = ""

    @property
    def start(self) -> str:
        return f"{self.url}/en/sample/report/"

    def shell(self, lines: str) -> str:
        """Runs Python inside the site and returns what it printed."""
        return _shell(self.env, lines)


def _shell(env: dict[str, str], lines: str) -> str:
    return _run(env, "manage", "shell", "-v", "0", "-c", lines)


def _run(env: dict[str, str], *words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "showground", *words], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@contextlib.contextmanager
def desk_site(folder: Path, *, workers: int = 2, opening: str = OPEN, **more: str) -> Iterator[DeskSite]:
    """Yields a site after `opening` (Python run inside it: one week and an open desk); `more` is added to its environment.

    Everything it started is ended.
    """
    port = a_port()
    url = f"http://localhost:{port}"
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("SHOWGROUND_") and name != "DJANGO_SETTINGS_MODULE"
    }
    env = (
        kept
        | {"SHOWGROUND_DATA": str(folder), "SHOWGROUND_CLOCK": "rehearsal", "SHOWGROUND_URL": url, "PYTHONPATH": str(ROOT)}
        | more
    )
    env |= {"SHOWGROUND_TRUSTED_PROXIES": "127.0.0.1"}  # so that a drill can come from many addresses
    blank_site(folder)
    site = DeskSite(url, folder, env, _shell(env, opening))
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws",
        "--workers", str(workers), "--blocking-threads", "3", "--backpressure", "256", "--log-level", "warning", "showground.wsgi:app",
    ]  # fmt: skip
    with (folder / "web.log").open("ab") as out, subprocess.Popen(web, cwd=ROOT, env=env, stdout=out, stderr=out) as process:
        try:
            _until_it_answers(site.start)
            yield site
        finally:
            process.terminate()


def _until_it_answers(url: str) -> None:
    for _ in range(1800):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=5).read()
            return
        time.sleep(0.1)
    raise RuntimeError("the site does not answer")
