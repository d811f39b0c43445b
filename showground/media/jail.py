"""The jail: a media tool runs in a child without network, home or memory to waste, and its answer is not believed unseen."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

from showground.media import harvest, walls
from showground.rules.refused import Refused

ANSWER_LIMIT = 1 << 20
GLANCE = 0.1  # seconds between two looks at a running tool
_BARE = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}
_paper = tempfile.TemporaryFile
_log = logging.getLogger("showground.media")


class JailBroken(Exception):
    """The jail itself cannot run its tools: the site is at fault, not the upload."""


@dataclass(frozen=True)
class Limits:
    """What one run may use: memory (bytes) and CPU (s) per process, wall time (s), bytes per file and in all, files, processes."""

    memory: int = 2 << 30
    cpu: int = 60
    wall: float = 90
    file: int = 512 << 20
    output: int = 640 << 20
    open_files: int = 64
    processes: int = 64


# RULE uploads: a film of ten minutes may take long on a small machine, everything else is done within a minute or two.
LIMITS: Mapping[str, Limits] = {
    "sniff": Limits(memory=1 << 30, cpu=5, wall=30, file=ANSWER_LIMIT, output=0, processes=4),
    "probe": Limits(cpu=20, wall=60, file=ANSWER_LIMIT, output=0),
    "picture": Limits(file=64 << 20, output=128 << 20),
    "video": Limits(cpu=3600, wall=2700),
    "package": Limits(),
    # RULE boards: a file's text in three minutes; one page of A0 at 300 dpi is 419 MB of pixels before it is cut.
    "board": Limits(cpu=180, wall=240, file=64 << 20, output=96 << 20),
    "tiles": Limits(memory=4 << 30, cpu=400, wall=400, file=256 << 20, output=1 << 30),
    # RULE exhibition: an hour of sound, a poster of 50 million pixels or a leaflet of 60 pages.
    "sound": Limits(cpu=900, wall=600, file=128 << 20, output=160 << 20),
    "handout": Limits(cpu=180, wall=240, file=256 << 20, output=320 << 20),
    # Text recognition: the models, a page at 150 dpi and what lies between them; measured in bench/results.
    "ocr": Limits(memory=4 << 30, cpu=600, wall=400, file=4 << 20, output=6 << 20),
    "questions": Limits(memory=1 << 30, cpu=60, wall=90, file=96 << 20, output=160 << 20, processes=4),
    # RULE reports 3.5: a reported file is opened with 1 GiB and 10 s; a batch of mails brings its own CPU time.
    "evidence": Limits(memory=1 << 30, cpu=10, wall=60, file=64 << 20, output=128 << 20, processes=4),
}


@dataclass(frozen=True)
class Jail:
    """One way to run a tool apart; `strong` is false where a broken decoder could still reach files or the network."""

    name: str
    says: str
    bwrap: str = ""

    @property
    def strong(self) -> bool:
        """True if a tool has no network and sees no file but its own; public uploads need this."""
        return bool(self.bwrap)

    def run(
        self,
        tool: str,
        source: Path,
        out: Path,
        options: Mapping[str, Any] | None = None,
        *,
        limits: Limits | None = None,
    ) -> dict[str, Any]:
        """Runs one tool on `source`; its files are in `out` and its answer is returned, or Refused is raised and `out` is empty."""
        bounds = limits or LIMITS[tool]
        try:
            return self._ask(tool, source.resolve(), out.resolve(), dict(options or {}), bounds)
        except harvest.Untrue as lie:
            _log.error("the tool %s left something strange: %s", tool, lie)
            harvest.wipe(out)
            raise Refused("media.unreadable", tool=tool, ended="strange")
        except BaseException:
            harvest.wipe(out)
            raise

    def _ask(self, tool: str, source: Path, out: Path, options: dict[str, Any], limits: Limits) -> dict[str, Any]:
        """Returns the tool's answer, measured, once it has ended by itself."""
        order = {"tool": tool, "options": options, "limits": asdict(limits), **self._places(source, out)}
        with _paper() as asked, _paper() as told, _paper() as moaned, _paper() as built:
            asked.write(json.dumps(order).encode())
            asked.seek(0)
            command = [*self._before(source, out, str(options.get("ffmpeg", "")), built.fileno()), sys.executable, "-I", "-B"]
            inside = "/app/showground/media/inside.py" if self.strong else str(walls.PACKAGE / "media/inside.py")
            with subprocess.Popen(
                [*command, inside],
                stdin=asked,
                stdout=told,
                stderr=moaned,
                env=_BARE,
                start_new_session=True,
                pass_fds=[built.fileno()],
            ) as child:
                cut = _watch(child, out, (told, moaned), limits)
                if cut:
                    _end(child, built)
            said = _lines(told)
            if not said:
                raise JailBroken(f"{self.name}, exit {child.returncode}: {_tail(moaned)}")
            if cut or not {"done", "refused"} & said[-1].keys():
                raise _trouble(tool, cut, child.returncode, said[-1], moaned, limits)
        if "refused" in said[-1]:
            raise harvest.refusal(said[-1])
        return harvest.measured(said[-1]["done"], source, out)

    def _places(self, source: Path, out: Path) -> dict[str, object]:
        if self.strong:
            return {"source": "/in", "out": "/out", "apart": True}
        return {"source": str(source), "out": str(out), "apart": False}

    def _before(self, source: Path, out: Path, ffmpeg: str, built: int) -> list[str]:
        return walls.around(self.bwrap, source, out, ffmpeg, built) if self.strong else []


@cache
def best_available() -> Jail:
    """Returns the strongest jail that works on this machine, found by trying it."""
    bwrap = walls.find()
    if not bwrap:
        return rlimits_only()
    return Jail("bwrap", "Uploads are opened in a bubblewrap jail: no network, no home, limited memory and time.", bwrap)


def rlimits_only() -> Jail:
    """Returns the weak jail: limits and the seal (no network), but the machine's files stay in sight."""
    return Jail("rlimits", "bubblewrap does not work here: a tool has no network but could read files, so public uploads are off.")


def _watch(child: subprocess.Popen[bytes], out: Path, heard: tuple[IO[bytes], ...], limits: Limits) -> str:
    """Waits for the tool; returns "" if it ended by itself, or what it has overdrawn, "time" or "output"."""
    until, pause = time.monotonic() + limits.wall, GLANCE
    while True:
        try:
            child.wait(pause)
            return ""
        except subprocess.TimeoutExpired:
            looked = time.monotonic()
            written = harvest.weight(out) + sum(os.fstat(file.fileno()).st_size for file in heard)
            # Thousands of tiles take long to weigh: the watch must not use up what the tool could.
            pause = min(2.0, max(GLANCE, 20 * (time.monotonic() - looked)))
        cut = "time" if time.monotonic() > until else "output" if written > limits.output + ANSWER_LIMIT else ""
        if cut:
            return cut


def _end(child: subprocess.Popen[bytes], built: IO[bytes]) -> None:
    """Ends the tool and everything it started, and returns when nothing of it writes any more."""
    built.seek(0)
    told = built.read()
    if told:  # behind walls: when the first process of a namespace dies, the kernel ends the others before it is gone
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(json.loads(told)["child-pid"]), signal.SIGKILL)
    else:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _lines(told: IO[bytes]) -> list[dict[str, Any]]:
    """Returns the JSON objects the tool said, one a line: "started" first, its answer last."""
    told.seek(0)
    try:
        said = [json.loads(line) for line in told.read(ANSWER_LIMIT).splitlines()]
    except ValueError:
        raise harvest.Untrue("answer")
    if not all(isinstance(one, dict) for one in said):
        raise harvest.Untrue("answer")
    return said


def _trouble(tool: str, cut: str, status: int, said: dict[str, Any], moaned: IO[bytes], limits: Limits) -> Refused:
    """Returns the refusal for a tool that ended without an answer."""
    died = -status if status < 0 else status - 128  # bwrap tells a signal as a shell does; SIGKILL is the kernel out of memory
    _log.warning("the tool %s ended early (%s, exit %d): %s", tool, cut or said, status, _tail(moaned))
    if cut == "time" or died == signal.SIGXCPU:
        return Refused("media.too_long", tool=tool, seconds=int(limits.wall if cut else limits.cpu))
    if cut == "output" or died in {signal.SIGXFSZ, signal.SIGKILL} or said.get("trouble") == "memory":
        return Refused("media.too_large", tool=tool)
    return Refused("media.unreadable", tool=tool, ended=signal.Signals(died).name if 0 < died < 65 else f"exit {status}")


def _tail(moaned: IO[bytes]) -> str:
    size = moaned.seek(0, 2)
    moaned.seek(max(0, size - 600))
    return moaned.read().decode("utf-8", "replace")
