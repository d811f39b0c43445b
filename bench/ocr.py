"""What text recognition gets right and costs: boards of the tests as scans, read in the jail.

    python bench/ocr.py [--dpi 100]     prints JSON; needs the extra `ocr` (requirements/ocr.lock)

Lines are right if the same characters stand in one block of the draft, spaces aside. Processor seconds and memory are those of the jailed
process in the jail of limits, where the kernel tells them; the clock says what else the machine had to do.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import pypdfium2 as pdfium  # noqa: E402

from showground.media import boards, easel, ocr  # noqa: E402
from showground.media.jail import rlimits_only  # noqa: E402
from tests.media import made  # noqa: E402


def bare(text: str) -> str:
    return "".join(text.split())


def one(name: str, body: bytes, expected: made.Expected, folder: Path, dpi: int) -> dict[str, Any]:
    scan = folder / f"{name}.png"
    with pdfium.PdfDocument(body) as held:
        held[0].render(scale=dpi / 72).to_pil().save(scan)
    blank = easel.read(rlimits_only(), scan)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    board = easel.recognised(rlimits_only(), scan, blank).boards[0]
    clock = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    wanted, said = [bare(text) for _, text in expected if bare(text)], [bare(boards.plain(block)) for block in board["blocks"]]
    ratio = difflib.SequenceMatcher(None, "".join(wanted), "".join(said), autojunk=False).ratio()
    kinds = [(block["kind"], bare(boards.plain(block))) for block in board["blocks"]]
    return {
        "board": name,
        "pixels": f"{blank.boards[0]['picture']['width']} x {blank.boards[0]['picture']['height']}",
        "blocks_right": f"{sum(text in said for text in wanted)} of {len(wanted)}",
        "kinds_right": f"{sum((kind, bare(text)) in kinds for kind, text in expected)} of {len(wanted)}",
        "characters_alike": round(ratio, 4),
        "seconds": round(clock, 1),
        "processor_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "peak_mb": after.ru_maxrss // 1024,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dpi", type=int, default=100)
    words = parser.parse_args()
    if not ocr.available():
        print("Text recognition is not installed: requirements/ocr.lock", file=sys.stderr)
        return 1
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT).stdout.strip()
    with tempfile.TemporaryDirectory() as folder:
        found = [
            one(name, *make(), Path(folder), words.dpi) for name, make in (("bilingual", made.bilingual), ("columns", made.columns))
        ]
    told = {"commit": commit, "dpi": words.dpi, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1), "boards": found}
    print(json.dumps(told, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
