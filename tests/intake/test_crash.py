"""kill -9 of the door under load: every acknowledged ballot is in the log exactly once, on both stores."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from showground.intake.client import Door, DoorAway, Pool
from showground.intake.paper import cookie_name
from tests.harness import history
from tests.harness.crash import Load, Program, ballots, kill_rounds, until_acked

from . import sample
from .conftest import LOG, ORIGIN

CHOICES = [["aaaaaa"], ["bbbbbb", "dddddd"], [], ["aaaaaa", "cccccc", "ffffff"]]
ROOT = Path(__file__).resolve().parents[2]


def environment(folder: Path, database: str | None) -> dict[str, str]:
    told = {"SHOWGROUND_DATA": str(folder), "SHOWGROUND_URL": ORIGIN, "SHOWGROUND_CLOCK": "real"}
    return told | {"SHOWGROUND_DATABASE_URL": database or ""}


def answers(door: Door) -> bool:
    try:
        return "logs" in door.get("/health")
    except DoorAway:
        return False


def voters(folder: Path, door: Door, seen: history.History) -> Any:
    public = Pool(folder / "run/door.sock", 20)
    head = {"Content-Type": "application/json", "Origin": ORIGIN}

    def cast(paper: str, ballot: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        cookie = {"Cookie": f"{cookie_name(LOG)}={paper}"}
        status, _, answer = public.ask("POST", "/cast", json.dumps(ballot).encode(), head | cookie)
        return status, json.loads(answer)

    def paper(name: str) -> str:
        text: str = door.post("/paper", {"log": LOG, "subject": name, "channel": "email"})["paper"]
        return text

    return ballots(LOG, CHOICES, seen, paper, cast, (DoorAway,))


def crash(folder: Path, database: str | None, rounds: int, seed: int) -> tuple[history.Verdict, list[str]]:
    door = Door(folder / "run/door-private.sock", 20)
    environ = environment(folder, database)
    argv = [sys.executable, "-m", "showground", "door"]
    with Program(argv, environ, lambda: answers(door), folder / "log.txt", ROOT) as program:
        now = int(time.time())
        sample.prepare(door, LOG, now - 10, now + 86_400, scope="week")
        seen = history.History(folder / "history.jsonl")
        with Load(voters(folder, door, seen), 6) as load:
            kill_rounds(program, rounds, random.Random(seed), load, longest=0.6)
            until_acked(seen, 20, load)
        seen.close()
        program.kill()
        program.start()
        found = sample.entries(door, LOG)
        assert door.get("/state", log=LOG)["size"] == len(found)
        assert program.kills == rounds + 1
    return history.judge(history.read(folder / "history.jsonl"), [text.encode() for text in found]), found


def test_killed_door_keeps_every_ballot_it_acknowledged(folder: Path, database: str | None) -> None:
    verdict, found = crash(folder, database, rounds=3, seed=1)
    assert verdict.good, verdict
    assert verdict.acked > 20
    assert sum('"ballot.cast"' in text for text in found) >= verdict.acked


def test_stopped_door_ends_cleanly_under_load(folder: Path) -> None:
    door = Door(folder / "run/door-private.sock", 20)
    argv = [sys.executable, "-m", "showground", "door"]
    with Program(argv, environment(folder, None), lambda: answers(door), folder / "log.txt", ROOT) as program:
        now = int(time.time())
        sample.prepare(door, LOG, now - 10, now + 86_400, scope="week")
        seen = history.History(folder / "history.jsonl")
        with Load(voters(folder, door, seen), 6) as load:
            until_acked(seen, 5, load)
            program.stop()
            assert program.process is not None and program.process.returncode == 0, program.told()
            program.start()
            until_acked(seen, seen.acked, load)
        seen.close()
        found = [text.encode() for text in sample.entries(door, LOG)]
        assert "Traceback" not in program.told()
    verdict = history.judge(history.read(folder / "history.jsonl"), found)
    assert verdict.good and verdict.acked > 5, verdict


@pytest.mark.drill
def test_door_killed_many_times_keeps_every_ballot(folder: Path, database: str | None) -> None:
    verdict, _ = crash(folder, database, rounds=20, seed=2)
    assert verdict.good, verdict
    print(f"{verdict.acked} acknowledged ballots, 21 kills")


def test_second_door_says_why_it_does_not_start(folder: Path) -> None:
    door = Door(folder / "run/door-private.sock", 20)
    environ = environment(folder, None)
    argv = [sys.executable, "-m", "showground", "door"]
    with Program(argv, environ, lambda: answers(door), folder / "log.txt", ROOT) as first:
        second = subprocess.run(argv, env=first.environ, cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert second.returncode == 1
        assert "Another door already writes" in second.stderr and "Traceback" not in second.stderr
        assert answers(door)  # and the first one goes on
    assert first.process is not None and first.process.returncode == 0
