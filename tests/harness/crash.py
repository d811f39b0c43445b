"""The crash harness: any program of the site is started, killed with -9 at a random moment under load, and started again.

    with Program(argv, environ, ready, log) as program:
        with Load(work, clients) as load:          work(client, stopping) runs in `clients` threads until it is told to stop
            kill_rounds(program, rounds, random, load)
    history.judge(history.read(path), entries)     what clients were promised, held against the log

`ballots(...)` is the work of voters who cast, ask again until they have an answer, and write down what they saw.
"""

from __future__ import annotations

import base64
import os
import random
import secrets
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.harness.history import History

Work = Callable[[int, threading.Event], None]


class Program:
    """One program of the site as a process of its own; `ready` tells whether it answers."""

    def __init__(
        self, argv: Sequence[str], environ: Mapping[str, str], ready: Callable[[], bool], log: Path, cwd: Path | None = None
    ) -> None:
        self.argv, self.ready, self.log, self.cwd = list(argv), ready, log, cwd
        self.environ = {**os.environ, **environ}
        self.process: subprocess.Popen[bytes] | None = None
        self.kills = 0

    def start(self, seconds: float = 60, tries: int = 3) -> None:
        """The program answers; one that ends by itself is started again, as a supervisor would."""
        for left in reversed(range(tries)):
            with self.log.open("ab") as out:
                self.process = subprocess.Popen(
                    self.argv, env=self.environ, stdout=out, stderr=out, stdin=subprocess.DEVNULL, cwd=self.cwd
                )
            if self._answers(seconds):
                return
            assert left, f"{self.argv[-1]} does not come up:\n{self.told()}"

    def _answers(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                return False
            if self.ready():
                return True
            time.sleep(0.02)
        self.kill()
        return False

    def kill(self) -> None:
        """The program is gone without a chance to say anything."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.kills += 1

    def stop(self) -> None:
        """The program was asked to end and did."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def told(self) -> str:
        """Returns the end of what the program printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:] if self.log.exists() else ""

    def __enter__(self) -> Program:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


class Load:
    """Threads that work until the block ends; a fault in one of them is raised there."""

    def __init__(self, work: Work, clients: int) -> None:
        self._stopping, self._faults = threading.Event(), list[BaseException]()
        self._threads = [threading.Thread(target=self._run, args=(work, client), daemon=True) for client in range(clients)]

    def _run(self, work: Work, client: int) -> None:
        try:
            work(client, self._stopping)
        except BaseException as fault:
            self._faults.append(fault)

    def check(self) -> None:
        """Raises the first fault of a client, if there was one."""
        if self._faults:
            raise self._faults[0]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self._threads), "a client hangs"
        if error is None:
            self.check()


def kill_rounds(program: Program, rounds: int, chance: random.Random, load: Load, longest: float = 1.0) -> None:
    """Lets the program work for a random time, kills it and starts it again, `rounds` times."""
    for _ in range(rounds):
        time.sleep(chance.uniform(0.05, longest))
        program.kill()
        program.start()
        load.check()
    time.sleep(chance.uniform(0.05, longest))


def until_acked(history: History, more_than: int, load: Load, seconds: float = 120) -> None:
    """Returns when clients were promised more than so many ballots: how many come in a second is the machine's affair."""
    end = time.monotonic() + seconds
    while history.acked <= more_than and time.monotonic() < end:
        load.check()
        time.sleep(0.05)


def ballots(
    log: str,
    choices: Sequence[Sequence[str]],
    history: History,
    paper: Callable[[str], str],
    cast: Callable[[str, dict[str, Any]], tuple[int, dict[str, Any]]],
    away: tuple[type[Exception], ...],
    casts: int = 3,
) -> Work:
    """Returns the work of voters: one after the other gets a paper and casts `casts` times.

    Each cast is asked again, with the same salt, until it is answered; `cast(paper, ballot)` returns status and answer, `away` are
    the exceptions that mean "no answer".
    """

    def patiently(stopping: threading.Event, ask: Callable[[], Any]) -> Any:
        while True:
            try:
                return ask()
            except away:
                if stopping.wait(0.02):
                    return None

    def once(name: str, held: str, ballot: dict[str, Any], stopping: threading.Event) -> dict[str, Any] | None:
        call = ballot["salt"]
        while True:
            history.write("sent", name, call)
            status, told = patiently(stopping, lambda: cast(held, ballot)) or (0, {})
            if status == 200:
                history.write("acked", name, call, **{field: told[field] for field in ("index", "leaf_hash", "entry")})
                return told
            history.write("failed", name, call, status=status, error=told.get("error", ""))
            if status not in {429, 500, 502, 503}:
                assert status == 0, f"{name} was refused: {told}"
                return None
            if stopping.wait(0.02 if status != 429 else 1):
                return None

    def work(client: int, stopping: threading.Event) -> None:
        voter = 0
        while not stopping.is_set():
            voter += 1
            name, last = f"voter {client}.{voter}", None
            held = patiently(stopping, lambda name=name: paper(name))
            for place in range(casts):
                if held is None or stopping.is_set():
                    return
                salt = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
                ballot = {"log": log, "choices": list(choices[(client + place) % len(choices)]), "salt": salt}
                ballot |= {} if last is None else {"replaces": last["index"]}
                last = once(name, held, ballot, stopping)
                if last is None:
                    return

    return work
