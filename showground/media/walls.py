"""The walls of the jail: a bubblewrap command that shows a tool /usr, Python, one upload, one output folder, nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
BWRAP = ("/usr/bin/bwrap", "/usr/local/bin/bwrap")
_BARE = (
    *("--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL", "--hostname", "jail"),
    *("--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/bin", "/bin"),
    *("--symlink", "usr/lib64", "/lib64", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"),
    # Debian's ffmpeg finds its BLAS through /etc/alternatives.
    *("--ro-bind-try", "/etc/alternatives", "/etc/alternatives"),
    # Not --dev: that would give the tool a /dev/shm to fill.
    *("--dev-bind", "/dev/null", "/dev/null", "--dev-bind", "/dev/urandom", "/dev/urandom"),
    *("--setenv", "PATH", "/usr/bin:/bin", "--setenv", "LANG", "C.UTF-8", "--setenv", "MALLOC_ARENA_MAX", "2"),
)


def find() -> str:
    """Returns the path of a bwrap that can build our walls on this machine, or "" (user namespaces may be forbidden)."""
    return next((path for path in BWRAP if Path(path).exists() and _holds(path)), "")


def around(bwrap: str, source: Path, out: Path, also: str = "", built: int = -1) -> list[str]:
    """Returns the command to put before a tool's own: `source` is /in, `out` /out, our code /app, all else read-only or gone.

    bwrap writes the process id of the jail's first process to the file descriptor `built`, if one is given.
    """
    words = [bwrap, *_BARE, *(("--info-fd", str(built)) if built >= 0 else ())]
    for place in python_places(also):
        words += ["--ro-bind", place, place]
    for part in ("__init__.py", "media", "rules"):
        words += ["--ro-bind", str(PACKAGE / part), f"/app/showground/{part}"]
    for part in ("evidence", "interchange"):
        words += ["--ro-bind-try", str(PACKAGE / part), f"/app/showground/{part}"]
    return [*words, "--ro-bind", str(source), "/in", "--bind", str(out), "/out", "--chdir", "/", "--remount-ro", "/", "--"]


def python_places(also: str = "") -> list[str]:
    """Returns the folders outside /usr that the running Python needs, and a program named by the caller."""
    program = Path(sys.executable).resolve()
    places = {sys.prefix, sys.base_prefix, str(Path(sys.base_prefix).resolve()), str(program.parent.parent), also}
    return sorted(place for place in places if place not in {"", "/", "/usr"} and not place.startswith("/usr/"))


def _holds(bwrap: str) -> bool:
    tried = subprocess.run([bwrap, *_BARE, "--remount-ro", "/", "--", "/usr/bin/true"], capture_output=True, timeout=20)
    return tried.returncode == 0
