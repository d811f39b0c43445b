"""Starts every process of the site and starts again whatever ends: web, door, publisher, jobs, desk_mail if mail comes to the desk, and in a
rehearsal the witness."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from showground import env

BACKOFF = (0.2, 0.5, 1, 2, 5, 10)
told = logging.getLogger("showground.run")


def _die_with_us() -> None:
    """Linux: the child is told to end when this supervisor dies, however it dies (PR_SET_PDEATHSIG = 1)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Child:
    """One process of the site."""

    def __init__(self, name: str, command: list[str], logs: Path) -> None:
        self.name, self.command, self.log = name, command, logs / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.falls, self.again_at, self.since = 0, 0.0, 0.0

    def start(self) -> None:
        """The process runs; its output is appended to its own file."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_die_with_us,
            )
        self.since = time.monotonic()

    def look(self) -> None:
        """A process that ended is started again, later each time it falls quickly."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if not self.again_at:
            self._sweep()
            self.falls = 0 if now - self.since > 30 else self.falls + 1
            self.again_at = now + BACKOFF[min(self.falls, len(BACKOFF) - 1)]
            told.warning("%s ended with %s; it starts again", self.name, self.process.returncode)
        elif now >= self.again_at:
            self.again_at = 0.0
            self.start()

    def _sweep(self) -> None:
        """What a killed process left running (its workers) ends with it, so that two generations never serve together."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """The process has been asked to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()


def commands(*, witness: bool, weeks: list[str]) -> dict[str, list[str]]:
    """Returns the command line of each process; `weeks` ("CODE=ORIGIN") are those that a rehearsal's witness watches."""
    me = [sys.executable, "-m", "showground"]
    host, _, port = env.text("SHOWGROUND_BIND").rpartition(":")
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", port, "--no-ws",
        "--workers", env.text("SHOWGROUND_WORKERS"), "--blocking-threads", "3", "--backpressure", "256",
        "--respawn-failed-workers", "--http1-header-read-timeout", "5000", "--log-level", "warning", "showground.wsgi:app",
    ]  # fmt: skip
    found = {"door": [*me, "door"], "publisher": [*me, "publisher"], "jobs": [*me, "jobs"], "web": web}
    if env.text("SHOWGROUND_DESK_MAIL"):
        found["desk_mail"] = [*me, "desk_mail"]
    if witness:
        data = env.path("SHOWGROUND_DATA")
        listen = env.text("SHOWGROUND_WITNESS_URL").split("//", 1)[1]
        watched = [part for week in weeks for part in ("--week", week)]
        found["witness"] = [
            *me, "witness", "run", "--data", str(data / "witness"), "--listen", listen,
            "--clock-file", str(data / "clock.json"), "--site", env.text("SHOWGROUND_URL"), *watched,
        ]  # fmt: skip
    return found


def supervise(lines: dict[str, list[str]], logs: Path, pids: Path) -> int:
    """All processes run until this one is told to stop; their process ids are in `pids`, a line each."""
    logs.mkdir(parents=True, exist_ok=True)
    children = [Child(name, command, logs) for name, command in lines.items()]
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for child in children:
        child.start()
    written = ""
    while not stopping:
        for child in children:
            child.look()
        now = "".join(f"{c.name} {c.process.pid}\n" for c in children if c.process)
        if now != written:
            pids.with_suffix(".new").write_text(now, encoding="ascii")
            os.replace(pids.with_suffix(".new"), pids)  # whoever reads it never reads half of it
            written = now
        time.sleep(0.1)
    for child in reversed(children):
        child.stop()
    ends = time.monotonic() + 5
    for child in children:
        if child.process is not None:
            try:
                child.process.wait(max(0.1, ends - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
    return 0


def main(argv: list[str]) -> int:
    """Runs the site until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="showground run", description=__doc__)
    parser.add_argument("--witness", action="store_true", help="run the notary's witness here too (rehearsals)")
    parser.add_argument("--week", action="append", default=[], metavar="CODE=ORIGIN", help="weeks the witness watches")
    words = parser.parse_args(argv)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    data = env.path("SHOWGROUND_DATA")
    for folder in ("run", "log", "media", "h5", "letters", "works", "door"):
        (data / folder).mkdir(parents=True, exist_ok=True)
    os.environ["SHOWGROUND_DATA"] = str(data)  # noqa: TID251  the children start inside that folder
    os.chdir(data)
    return supervise(commands(witness=words.witness, weeks=words.week), data / "run", data / "run" / "pids")
