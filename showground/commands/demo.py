"""Sets up a demo site and runs it; with --check plays a whole week over HTTP, verifies it and exits."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from showground import clock
from showground.commands._desk_walk import DeskWalk
from showground.commands._report import report
from showground.commands._site import FINISHED, OPEN, STAFF, Site, export, free_port, open_week, policy_file, refresh
from showground.commands._two_weeks import VERSION, build_demo, demo_works, fresh, play_finished, selection
from showground.commands.demo_week import DAY, midnight

DESK_FILE = Path(__file__).parent / "desk_samples" / "desk.toml"


def demo(words: argparse.Namespace) -> int:
    """The demo site runs until Ctrl-C; its data are made the first time."""
    data = words.data
    began = time.monotonic()
    ready = data / "ready.json"
    site = Site(data, free_port(words.port))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell started us with Ctrl-C ignored
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if not ready.exists() or json.loads(ready.read_text())["version"] != VERSION:
            shutil.rmtree(data, ignore_errors=True)
            build_demo(site, words.cache, words.voters or 240)
        else:
            refresh(site)
            site.start([FINISHED, OPEN])
        told = json.loads(ready.read_text())["desk"]
        print(
            WELCOME.format(
                url=site.url,
                seconds=time.monotonic() - began,
                finished=FINISHED,
                open=OPEN,
                data=site.data,
                **STAFF,
                **_desk_words(told),
            )
        )
        sys.stdout.flush()
        assert site.process is not None
        return site.process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        site.stop()


def _desk_words(told: dict[str, Any]) -> dict[str, str]:
    """Returns what the welcome says of the desk: the passphrase, and each code as a person types it."""
    codes = {one["plan"]: " ".join(re.findall(r"\d{4}|\d{2}$", one["code"])) for one in told["codes"]}
    return {"passphrase": told["passphrase"], "question": codes["question"], "told": codes["told"]}


WELCOME = """
Showground is at {url}   (ready after {seconds:.0f} s; Ctrl-C stops everything)

  the open vote       {url}/en/{open}/            中文 {url}/zh-hans/{open}/
  the finished week   {url}/en/{finished}/result/
  letters (codes)     {url}/en/{open}/letters/

  Sign in with a code from the letters page as
    organiser   {organiser}     {url}/en/{open}/desk/
    screener    {screener}      {url}/en/{open}/screening/
    juror       juror1@{open}.example       {url}/en/{open}/jury/
    notary      {notary}        {url}/en/{open}/notary/
    officers    officer@demo.example, officer2, officer3 (another unit)   {url}/en/{open}/reports/
    names       custodian@demo.example, approver@demo.example             {url}/en/{open}/reports/identities/
    All five open their shift with the passphrase   {passphrase}

  Report something    {url}/en/{open}/report/
  Look at a report    {url}/en/{open}/report/look/
    with the code     {question}   (the desk waits for your answer)
    中文，编号        {told}   （已有处理结果）
  What the desk did   {url}/en/{open}/figures/

  data and process logs   {data}
"""


def check(words: argparse.Namespace) -> int:
    """A whole week is played in a fresh folder, exported and verified; exits 0 only if everything holds."""
    began = time.monotonic()
    root = Path(tempfile.mkdtemp(prefix="showground-check-")) if words.data is None else words.data
    shutil.rmtree(root, ignore_errors=True)
    site = Site(root, free_port(words.port))
    try:
        return _check(site, words, began)
    finally:
        site.stop()
        if not words.keep:
            shutil.rmtree(root, ignore_errors=True)


def _check(site: Site, words: argparse.Namespace, began: float) -> int:
    print("works:")
    works = demo_works(words.cache, site.say)
    made = time.monotonic() - began
    today = midnight(clock.real())
    fresh(site, works, today)
    calendar = open_week(site, FINISHED, today - 80 * DAY)
    site.start([FINISHED])
    print("the week in fast motion:")
    site.command("desk_setup", FINISHED, str(DESK_FILE))
    play, quizzes, walk = play_finished(
        site, FINISHED, calendar, selection(works, 1), words.voters or 2000, words.seed, words.entrants or 500, DeskWalk
    )
    exported = time.monotonic()
    bundle = export(site, FINISHED)
    play.stage.numbers.seconds = {"works made": made, **play.stage.numbers.seconds, "export": time.monotonic() - exported}
    verified = time.monotonic()
    pyz = bundle.parent / "showground-verify.pyz"
    policy = policy_file(site, FINISHED)
    walk.check_proof(pyz, policy, site.data)
    line = [sys.executable, "-I", str(pyz), str(bundle), "--policy", str(policy)]
    verdict = subprocess.run(line, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    play.stage.numbers.seconds["verify"] = time.monotonic() - verified
    print(report(play, [quizzes, walk], site.data, verdict.stdout, time.monotonic() - began))
    if verdict.returncode or verdict.stderr:
        print(verdict.stderr, file=sys.stderr)
    if words.keep:
        print(f"kept: {site.data}")
    return verdict.returncode


def main(argv: list[str]) -> int:
    """Runs the demo, or the check."""
    parser = argparse.ArgumentParser(prog="showground demo", description=__doc__)
    parser.add_argument("--check", action="store_true", help="play a whole week in a fresh folder, verify it, exit")
    parser.add_argument("--port", type=int, default=8300)
    parser.add_argument("--data", type=Path, help="data folder (default: var/demo; --check: a fresh one)")
    parser.add_argument("--cache", type=Path, default=Path("var/cache/works"), help="where the demo's works are kept")
    parser.add_argument("--voters", type=int, default=0)
    parser.add_argument("--entrants", type=int, default=0, help="with --check: how many play the prize quiz (default 500)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="with --check: keep the folder")
    words = parser.parse_args(argv)
    if words.check:
        return check(words)
    words.data = words.data or Path("var/demo")
    return demo(words)
