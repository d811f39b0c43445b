"""The witness as a program: its commands, and kill -9 in the middle of its work."""

from __future__ import annotations

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from showground.commands import witness as command
from showground.tlog import merkle, note
from showground.witness.state import State

from .small_log import SmallLog, add

ROOT = Path(__file__).parent.parent.parent
LOG = SmallLog()
END = len(LOG.entries)


def _run(folder: Path, *more: str) -> tuple[subprocess.Popen[str], str]:
    """Starts the program and returns it with the address it says it listens at."""
    line = [sys.executable, "-m", "showground", "witness", "run", "--data", str(folder), "--listen", "127.0.0.1:0", *more]
    program = subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={"PATH": os.environ["PATH"]})
    said = program.stdout.readline()
    assert said.startswith("witness notary.example/witness-1 at http://127.0.0.1:"), said
    return program, said.split()[-1]


@pytest.fixture
def folder(tmp_path, capsys):
    assert command.main(["init", "--data", str(tmp_path)]) == 0
    assert command.main(["add-log", "--data", str(tmp_path), "--vkey", LOG.key.vkey, "--origin", LOG.origin]) == 0
    capsys.readouterr()
    return tmp_path


def test_init_twice_keeps_the_keys(folder, capsys):
    before = (folder / "public.txt").read_text(encoding="utf-8")
    assert command.main(["init", "--data", str(folder)]) == 1
    assert "exists" in capsys.readouterr().err
    assert (folder / "public.txt").read_text(encoding="utf-8") == before


def test_add_log_refuses_a_key_of_another_origin_or_a_bad_one(folder, capsys):
    other = note.Key("vote.example.org/2027", note.ED25519, LOG.key.public).vkey
    assert command.main(["add-log", "--data", str(folder), "--vkey", other, "--origin", LOG.origin]) == 1
    assert command.main(["add-log", "--data", str(folder), "--vkey", other[:-4]]) == 1
    assert command.main(["add-log", "--data", str(folder), "--vkey", LOG.key.vkey]) == 1
    assert "already" in capsys.readouterr().err


def test_state_tells_the_head_and_fails_on_evidence(folder, capsys):
    assert command.main(["state", "--data", str(folder)]) == 0
    assert f"{LOG.origin}\n  size 0\n" in capsys.readouterr().out
    state = State(folder / "state.sqlite")
    with state.writing():
        state.keep_evidence(LOG.origin, 5, "the consistency proof does not hold", "signed", b"request")
    assert command.main(["state", "--data", str(folder)]) == 1
    assert "EVIDENCE" in capsys.readouterr().out


def test_rehearsal_clock_is_the_time_of_the_cosignature(folder):
    (folder / "clock.json").write_text('{"offset": -1000000}', encoding="utf-8")
    program, url = _run(folder, "--clock-file", str(folder / "clock.json"))
    assert add(url, LOG.request(0, 5))[0] == 200
    program.send_signal(signal.SIGTERM)
    assert program.wait(60) == 0
    behind = State(folder / "state.sqlite").log(LOG.origin).at - int((folder / "state.sqlite").stat().st_mtime)
    assert -1_000_100 < behind < -999_900


def test_killed_in_the_middle_it_never_forgets_what_it_answered(folder):
    """Three lives under load, each ended by kill -9: the next life knows every size that was acknowledged."""
    chance = random.Random(7)
    acknowledged = 0
    for _ in range(3):
        program, url = _run(folder)
        status, _, body = add(url, LOG.request(END, END))
        assert status == 409
        size = int(body)
        assert size >= acknowledged
        killer = threading.Timer(chance.uniform(0.05, 0.25), program.kill)
        try:
            while size < END:
                path = None if size else []
                assert add(url, LOG.request(size, size + 1, path=path))[0] == 200
                size = acknowledged = size + 1
                if killer.ident is None:  # a slow disk has its first answer too
                    killer.start()
        except (OSError, http.client.HTTPException):  # the second: an answer cut off in the middle
            pass
        if killer.ident is None:
            killer.start()
        killer.join()
        assert program.wait(60) == -signal.SIGKILL
    state = State(folder / "state.sqlite").log(LOG.origin)
    assert acknowledged > 0
    assert state.size in (acknowledged, acknowledged + 1)
    assert state.root == merkle.root(LOG.leaves[: state.size])
