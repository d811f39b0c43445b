"""Sets up a demo site and runs it; with --check plays a whole week over HTTP, verifies it and exits."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from showground import clock
from showground.commands.demo_week import DAY, HOST, midnight, week_file

FINISHED, OPEN = "spring", "autumn"
NAMES = {FINISHED: ("Look Again", "再看一次"), OPEN: ("Second Look", "再看一眼")}
WALLS = {FINISHED: "harvest", OPEN: ""}
STAFF = {
    "organiser": "organiser@demo.example",
    "deputy": "deputy@demo.example",
    "screener": "screener@demo.example",
    "notary": "notary@demo.example",
}
DESK_FILE = Path(__file__).parent / "desk_samples" / "desk.toml"
VERSION = 3


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
        _wait(self._answers, "the site to answer", 60)

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
            self.process.wait(15)


def _plain_environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("SHOWGROUND_")}  # noqa: TID251


def _wait(true: Callable[[], bool], what: str, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if true():
            return
        time.sleep(0.1)
    raise SystemExit(f"waited {seconds:.0f} s for {what}")


def _free(port: int) -> int:
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


# ---- making the data ----


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


def demo_works(cache: Path, say: Callable[[str], None]) -> list[Any]:
    """Returns the demo's works as files, made now or kept from the last time."""
    from showground.commands.demo_works import make

    return make.prepare(cache, progress=lambda line: say(f"    {line}"))


def selection(works: list[Any], part: int) -> list[Any]:
    """Returns the works of one of the two weeks: all films and packages, two thirds of the pictures, so that each week has its own face."""
    chosen = []
    for category in ("picture", "video", "h5"):
        here = [work for work in works if work.category == category]
        chosen += [work for number, work in enumerate(here) if category != "picture" or (number + part) % 3]
    return chosen


def _ours(site: Site, works: list[Any]) -> None:
    import hashlib

    lines = {hashlib.sha256(work.file.read_bytes()).hexdigest() for work in works}
    (site.data / "ours.txt").write_text("\n".join(sorted(lines)), encoding="ascii")


def play_finished(
    site: Site, code: str, calendar: dict[str, int], works: list[Any], voters: int, seed: int, entrants: int,
    desk: Callable[[Any], Any],
) -> tuple[Any, Any, Any]:  # fmt: skip
    """A whole week with its prize quiz is played, from the first entry to the notary's statement; returns the play, its quizzes, its desk."""
    from showground.commands._quizzes import HOUR, QuizPlay, halves
    from showground.commands._rehearse import Play, Stage

    stage = Stage(site.url, site.data, seed=seed, say=site.say)
    play = Play(stage, code, calendar, STAFF)
    stage.timed("entries handed in and made safe", lambda: play.enter_all(works))
    stage.timed("refusals at the desk", lambda: play.trouble_at_the_desk(works))
    stage.timed("screening", play.screen_all)
    stage.timed("rule, jury, opening", play.prepare_vote)
    quizzes = QuizPlay(play)
    opens = calendar["vote_opens"] + HOUR
    closes = midnight(calendar["vote_opens"]) + 9 * DAY + 19 * HOUR
    draws_at = closes + 3 * HOUR
    stage.timed("the quiz announced", lambda: quizzes.announce_prize(opens, closes, draws_at, halves()[0]))
    at_desk = desk(play)
    beside = {
        **at_desk.days(),
        5: lambda: stage.timed("the quiz", lambda: quizzes.sit(entrants, quick=2)),
        9: lambda: stage.timed("the draw", lambda: (quizzes.decide_flags(), quizzes.close_and_draw(closes, draws_at))),
    }
    stage.timed("the vote, and the quiz beside it", lambda: play.vote(voters, [0, 2, 5, 10], beside=beside, dawn=at_desk.dawn))
    stage.timed("claims", lambda: quizzes.claim(8))
    stage.timed("refusals at the door", play.trouble_at_the_door)
    stage.timed("close and shortlist", play.close)
    stage.timed("score sheets", play.score)
    stage.timed("opening, count, result", play.finish)
    stage.timed("the desk's last word", at_desk.end)
    return play, quizzes, at_desk


def play_open(site: Site, code: str, calendar: dict[str, int], works: list[Any], voters: int, seed: int, desk: Any) -> None:
    """A week is played up to today, in the middle of its vote, a prize quiz and a practice round open; then the clock is the real one."""
    from showground.commands._quizzes import HOUR, QuizPlay, halves
    from showground.commands._rehearse import Play, Stage

    stage = Stage(site.url, site.data, seed=seed, say=site.say)
    play = Play(stage, code, calendar, STAFF)
    desk.beside(play)
    stage.timed("entries handed in and made safe", lambda: play.enter_all(works))
    stage.timed("screening", play.screen_all)
    stage.timed("rule, jury, opening", play.prepare_vote)
    now = clock.real()
    quizzes, opens = QuizPlay(play), calendar["vote_opens"] + HOUR
    closes = midnight(calendar["vote_opens"]) + 9 * DAY + 19 * HOUR
    prize, practice = halves()[::-1]
    stage.timed("quizzes announced", lambda: quizzes.announce_prize(opens, closes, closes + 3 * HOUR, prize))
    quizzes.announce_practice(opens, closes, practice)
    quizzes.announce_classroom(opens, closes, practice)
    beside = {1: lambda: stage.timed("the quiz so far", lambda: quizzes.sit(24))}
    stage.timed("the vote so far", lambda: play.vote(voters, [0, 1, 2, 3], until=now, beside=beside, dawn=desk.dawn))
    stage.move_to(now + DAY)  # never more than real time: the offset is 0 now


def export(site: Site, code: str) -> Path:
    """The week's bundle and the verifier lie where the site offers them; returns the bundle."""
    bundle = site.data / "export" / f"{code}.zip"
    site.command("export", code, str(bundle))
    subprocess.run(
        [sys.executable, "-m", "showground.verify.pyz", str(bundle.parent / "showground-verify.pyz")],
        check=True, env=site.environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return bundle


def build_demo(site: Site, cache: Path, voters: int) -> None:
    """The demo's two weeks are there: one finished, one whose vote is open today."""
    from showground.commands import _halls
    from showground.commands._desk_play import DeskPlay

    site.say("works:")
    works = demo_works(cache, site.say)
    site.say("site:")
    today = midnight(clock.real())
    _fresh(site, works, today)
    finished = open_week(site, FINISHED, today - 56 * DAY)
    site.start([FINISHED, OPEN])
    site.say(f"the finished week ({FINISHED}):")
    desk = DeskPlay(site.environment)
    play, _, _ = play_finished(site, FINISHED, finished, selection(works, 1), voters, seed=1, entrants=60, desk=desk.beside)
    export(site, FINISHED)
    play.stage.timed("the winners' hall", lambda: _halls.hang(site, FINISHED, ("winners",)))
    play.stage.timed("the desk between the weeks", lambda: play.stage.move_to(opening(OPEN, today - 3 * DAY)))
    # After nine in the morning the vote has been open for three days and some hours; earlier in the day for a day less.
    opened = open_week(site, OPEN, today - 3 * DAY)
    site.say(f"the week whose vote is open ({OPEN}):")
    play_open(site, OPEN, opened, selection(works, 0), voters // 3, seed=2, desk=desk)
    told = desk.play.stage.timed("the desk as it stands", desk.stand_still)
    play.stage.timed("the desk's own hall", lambda: _halls.hang(site, OPEN, ("desk",)))
    (site.data / "ready.json").write_text(json.dumps({"version": VERSION, "desk": told}), encoding="ascii")


# ---- the two ways to run ----


def demo(words: argparse.Namespace) -> int:
    """The demo site runs until Ctrl-C; its data are made the first time."""
    data = words.data
    began = time.monotonic()
    ready = data / "ready.json"
    site = Site(data, _free(words.port))
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
    中文，取件码      {told}   （已有处理结果）
  What the desk did   {url}/en/{open}/figures/

  data and process logs   {data}
"""


def check(words: argparse.Namespace) -> int:
    """A whole week is played in a fresh folder, exported and verified; exits 0 only if everything holds."""
    began = time.monotonic()
    root = Path(tempfile.mkdtemp(prefix="showground-check-")) if words.data is None else words.data
    shutil.rmtree(root, ignore_errors=True)
    site = Site(root, _free(words.port))
    try:
        return _check(site, words, began)
    finally:
        site.stop()
        if not words.keep:
            shutil.rmtree(root, ignore_errors=True)


def _check(site: Site, words: argparse.Namespace, began: float) -> int:
    from showground.commands._desk_walk import DeskWalk
    from showground.commands._report import report

    print("works:")
    works = demo_works(words.cache, site.say)
    made = time.monotonic() - began
    today = midnight(clock.real())
    _fresh(site, works, today)
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
    policy = _policy(site)
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


def _fresh(site: Site, works: list[Any], today: int) -> None:
    site.data.mkdir(parents=True, exist_ok=True)
    _ours(site, works)
    clock.Rehearsal(site.data / "clock.json").move_to(today - 120 * DAY)
    prepare_site(site)


def _policy(site: Site) -> Path:
    """The trust policy as the verifier's user would have it: from the notary, not from the bundle."""
    file = site.data / "export" / "policy.txt"
    with site.fetch(f"/log/{FINISHED}/policy") as answer:
        file.write_bytes(answer.read())
    return file


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
