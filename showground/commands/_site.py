"""A demo site: its folder, its processes, and its weeks, made by the commands that an operator would type."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from showground import clock
from showground.commands.demo_week import HOST, week_file

FINISHED, OPEN = "spring", "autumn"
NAMES = {FINISHED: ("Look Again", "再看一次"), OPEN: ("Second Look", "再看一眼")}
WALLS = {FINISHED: "harvest", OPEN: ""}
STAFF = {
    "organiser": "organiser@demo.example",
    "deputy": "deputy@demo.example",
    "screener": "screener@demo.example",
    "notary": "notary@demo.example",
}


class Site:
    """A demo site: its data folder, its address, the environment of its processes."""

    def __init__(self, data: Path, port: int, say: Callable[[str], None] = print) -> None:
        self.data, self.port, self.say = data.resolve(), port, say
        self.url = f"http://localhost:{port}"
        self.witness = f"http://127.0.0.1:{port + 1}"
        self.environment = {
            **_plain_environment(),
            "SHOWGROUND_DATA": str(self.data),
            "SHOWGROUND_URL": self.url,
            "SHOWGROUND_BIND": f"127.0.0.1:{port}",
            "SHOWGROUND_CLOCK": "rehearsal",
            "SHOWGROUND_TRUSTED_PROXIES": "127.0.0.1,::1",
            "SHOWGROUND_WITNESS_URL": self.witness,
            "SHOWGROUND_MAIL_URL": "folder:",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *words: str) -> str:
        """Runs one `showground` command for this site and returns what it printed."""
        line = [sys.executable, "-m", "showground", *words]
        done = subprocess.run(line, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"showground {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self, weeks: list[str]) -> None:
        """Every process of the site runs and the front door answers."""
        watched = [part for code in weeks for part in ("--week", f"{code}={code}.{HOST}")]
        line = [sys.executable, "-m", "showground", "run", "--witness", *watched]
        self.process = subprocess.Popen(line, env=self.environment)
        _wait(self._answers, "the site to answer", 120)

    def fetch(self, path: str) -> Any:
        """Opens one address of the site; urllib need not know what *.localhost is."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Host": f"localhost:{self.port}"})
        return urllib.request.urlopen(request, timeout=5)

    def _answers(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise SystemExit(f"the site ended; see {self.data}/run/*.log")
        try:
            with self.fetch("/log/none/checkpoint"):
                return True
        except urllib.error.HTTPError:
            return (self.data / "run" / "door-private.sock").exists()
        except OSError:
            return False

    def stop(self) -> None:
        """Every process of the site has ended."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)


def _plain_environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("SHOWGROUND_")}  # noqa: TID251


def _wait(true: Callable[[], bool], what: str, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if true():
            return
        time.sleep(0.1)
    raise SystemExit(f"waited {seconds:.0f} s for {what}")


def free_port(port: int) -> int:
    """Returns `port` or the next one that is free, together with the one after it."""
    while True:
        try:
            for wanted in (port, port + 1):
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", wanted))
            return port
        except OSError:
            port += 2


# ---- its weeks ----


def refresh(site: Site) -> None:
    """The database and the static files are those of this version of the code."""
    site.command("manage", "migrate", "--verbosity", "0")
    site.command("manage", "collectstatic", "--noinput", "--verbosity", "0")


def prepare_site(site: Site) -> None:
    """The folder has its database, static files and the notary's keys; the clock stands far back."""
    site.data.mkdir(parents=True, exist_ok=True)
    site.say("  database, static files, keys")
    refresh(site)
    site.command("bank", "load")
    site.command("witness", "init", "--name", "notary.demo.example", "--data", str(site.data / "witness"))


def _described(code: str, anchor: int) -> tuple[str, dict[str, int]]:
    return week_file(code, anchor=anchor, name=NAMES.get(code, NAMES[OPEN]), wall=WALLS.get(code, ""))


def opening(code: str, anchor: int) -> int:
    """Returns the instant at which a week's log is opened, an hour before its call."""
    return _described(code, anchor)[1]["call_opens"] - 3600


def open_week(site: Site, code: str, anchor: int) -> dict[str, int]:
    """The week is described, its log is opened, its witness knows its key; returns its calendar."""
    text, calendar = _described(code, anchor)
    clock.Rehearsal(site.data / "clock.json").move_to(opening(code, anchor))
    file = site.data / "weeks" / f"{code}.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    site.command(
        "init", str(file), "--notary", str(site.data / "witness" / "public.txt"),
        "--organiser", STAFF["organiser"], "--organiser", STAFF["deputy"], "--screener", STAFF["screener"], "--notary-person", STAFF["notary"],
    )  # fmt: skip
    vkey = _log_vkey(site, code)
    site.command("witness", "add-log", "--data", str(site.data / "witness"), "--vkey", vkey)
    return calendar


def _log_vkey(site: Site, code: str) -> str:
    line = site.command(
        "manage",
        "shell",
        "-v",
        "0",
        "-c",
        f"from showground.ledger.models import Log; print('vkey', Log.objects.get(origin='{code}.{HOST}').vkey)",
    )
    return next(row.split(" ", 1)[1] for row in line.splitlines() if row.startswith("vkey "))


def export(site: Site, code: str) -> Path:
    """The week's bundle and the verifier lie where the site offers them; returns the bundle."""
    bundle = site.data / "export" / f"{code}.zip"
    site.command("export", code, str(bundle))
    subprocess.run(
        [sys.executable, "-m", "showground.verify.pyz", str(bundle.parent / "showground-verify.pyz")],
        check=True, env=site.environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return bundle


def policy_file(site: Site, code: str) -> Path:
    """The trust policy lies in a file as the verifier's user would have it: from the notary, not from the bundle; returns the file."""
    file = site.data / "export" / "policy.txt"
    with site.fetch(f"/log/{code}/policy") as answer:
        file.write_bytes(answer.read())
    return file
