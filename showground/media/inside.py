"""The only program that runs inside the jail: limits itself, runs one tool, says its answer as a line of JSON."""

from __future__ import annotations

import errno
import importlib
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

TOOLS = {
    **{
        name: f"showground.media.{name}"
        for name in ("sniff", "probe", "picture", "video", "package", "board", "tiles", "sound", "handout", "ocr")
    },
    "evidence": "showground.evidence.tool",  # the report desk's: a name only, so that this floor does not know the one above it
    "questions": "showground.interchange.questions.inside",
}


def main() -> int:
    """Reads the order from standard input and answers on standard output; whatever libraries print goes to standard error."""
    voice = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
    order = json.load(sys.stdin)
    _limit(order["limits"], apart=order["apart"])
    if order["tool"] not in TOOLS:
        raise ValueError(order["tool"])
    importlib.import_module("showground.media.seal").seal(
        may_fork=order["tool"] in {"video", "sound"}
    )  # ffmpeg is a program of its own
    tool = importlib.import_module(TOOLS[order["tool"]])
    print(json.dumps({"started": order["tool"]}), file=voice, flush=True)
    print(json.dumps(_answer(tool, order)), file=voice, flush=True)
    return 0


def _answer(tool: Any, order: dict[str, Any]) -> dict[str, Any]:
    """Returns {"done": answer}, {"refused": code, "facts": facts} or {"trouble": "memory" | "crash"}."""
    from showground.rules.refused import Refused

    try:
        return {"done": tool.make(Path(order["source"]), Path(order["out"]), order["options"])}
    except Refused as no:
        return {"refused": no.code, "facts": no.facts}
    except MemoryError:
        return {"trouble": "memory"}
    except Exception as crash:
        if isinstance(crash, OSError) and crash.errno in {errno.EFBIG, errno.ENOMEM, errno.ENOSPC}:
            return {"trouble": "memory"}
        print(f"{type(crash).__name__}: {crash}", file=sys.stderr)
        return {"trouble": "crash"}


def _limit(limits: dict[str, Any], *, apart: bool) -> None:
    """Lowers this process's limits for good; the number of processes only behind walls, where nobody else's are counted."""
    pairs = [
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["cpu"]),
        (resource.RLIMIT_FSIZE, limits["file"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_CORE, 0),
    ]
    if apart:
        pairs.append((resource.RLIMIT_NPROC, limits["processes"]))
    for which, most in pairs:
        hard = resource.getrlimit(which)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # Out of CPU time comes SIGXCPU at the soft limit first: it names the reason, SIGKILL would not.
        resource.setrlimit(which, (max(0, least - (which == resource.RLIMIT_CPU)), least))


if __name__ == "__main__":
    sys.exit(main())
