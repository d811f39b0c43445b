"""What boards cost: seconds and memory to read and draw each of the six, an A0 board against bare dzsave, codes, the search.

    python bench/boards.py [--rounds 5]     prints JSON

Times are medians. Memory is the peak of the jailed process, measured in the jail of limits, where the kernel tells it.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from showground.media import easel, prints, words  # noqa: E402
from showground.media.jail import Jail, best_available, rlimits_only  # noqa: E402
from tests.media import made, test_prints, test_words  # noqa: E402
from tests.media.test_board import _ink  # noqa: E402

BARE = """
import pyvips, sys
pyvips.cache_set_max(0)
image = pyvips.Image.new_from_file(sys.argv[1], access="sequential")
image.dzsave(sys.argv[2], layout="iiif3", suffix=".jpg[Q=82]", tile_size=512, overlap=0, keep="none")
"""


def took(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and processor seconds of the children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


PEAK = """
import resource, sys, tempfile
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from showground.media.jail import rlimits_only
with tempfile.TemporaryDirectory() as out:
    rlimits_only().run(sys.argv[1], Path(sys.argv[2]), Path(out))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""
DRAWN = """
import pypdfium2, sys
pypdfium2.PdfDocument(sys.argv[1])[0].render(scale=300 / 72).to_pil().convert("RGB").save(sys.argv[2], quality=92)
"""


def peak(tool: str, source: Path) -> int:
    """Megabytes that one run of a tool held at most, asked of a small process that runs nothing else."""
    told = subprocess.run([sys.executable, "-c", PEAK, tool, str(source), str(ROOT)], capture_output=True, text=True, check=True)
    return int(told.stdout)


def boards_six(jail: Jail, folder: Path, rounds: int) -> list[dict[str, Any]]:
    told = []
    for name, body, pages in made.six():
        path = made.write(folder, name, body)
        read = easel.read(jail, path)
        one = {"board": name, "in_order": [made.said(board) for board in read.boards] == pages}
        one["read_s"] = round(statistics.median(took(lambda path=path: easel.read(jail, path))[0] for _ in range(rounds)), 2)
        one["read_mb"] = peak("board", path)
        picture = read.boards[0]["picture"]
        if picture["drawn"]:
            one["picture"] = f"{picture['width']} x {picture['height']}"
            one["draw_s"] = round(statistics.median(drawing(jail, path)[0] for _ in range(rounds)), 2)
            one["draw_mb"] = peak("tiles", path)
        if read.boards[0]["blocks"] and picture["drawn"]:
            one["glyphs_in_regions"] = covered(body, read.boards[0])
        told.append(one)
    return told


def drawing(jail: Jail, path: Path, **options: int) -> tuple[float, float]:
    """Seconds to draw a board, without those to throw it away."""
    with tempfile.TemporaryDirectory() as out:
        return took(lambda: easel.draw(jail, path, Path(out), **options))


def covered(body: bytes, board: dict[str, Any]) -> str:
    boxes = [block["box"] for block in board["blocks"]]
    ink = list(_ink(body, board["picture"]["width"], board["picture"]["height"]))
    held = sum(any(x <= a and y <= b and c <= x + w and d <= y + h for x, y, w, h in boxes) for a, b, c, d in ink)
    return f"{held} of {len(ink)}"


def a0(folder: Path, rounds: int) -> dict[str, Any]:
    """An A0 board of 9,933 x 14,043 pixels, as a PDF and as the JPEG drawn from it; bare dzsave in turns with the whole tool.

    All run in the jail of limits, because the kernel counts no processor time for what bubblewrap starts.
    """
    jail = rlimits_only()
    source = made.head(841, 1189, 60, 36) + 2 * made.plain(made.bilingual()[1])
    pdf, jpeg = made.write(folder, "a0.pdf", made.pdf(source)), folder / "a0.jpg"
    subprocess.run([sys.executable, "-c", DRAWN, str(pdf), str(jpeg)], check=True)
    bare, tiled, ours, drawn = [], [], [], []
    for number in range(rounds):
        into = str(folder / f"bare{number}")
        bare.append(took(lambda into=into: subprocess.run([sys.executable, "-c", BARE, str(jpeg), into], check=True)))
        tiled.append(drawing(jail, jpeg, tiles_only=1))
        ours.append(drawing(jail, jpeg))
        drawn.append(drawing(jail, pdf))
    runs = {"bare_dzsave": bare, "jpeg_tiles_only": tiled, "jpeg_and_renditions": ours, "pdf_and_renditions": drawn}
    wall = {name: statistics.median(one[0] for one in timed) for name, timed in runs.items()}
    work = {name: statistics.median(one[1] for one in timed) for name, timed in runs.items()}
    return {
        "what": "the whole tool: jail, tiles, full/max, and where said all renditions in WebP, AVIF, JPEG; bare: dzsave alone in a process",
        "wall_s": {name: round(value, 2) for name, value in wall.items()},
        "cpu_s": {name: round(value, 2) for name, value in work.items()},
        "wall_ratio": {name: round(wall[name] / wall["bare_dzsave"], 2) for name in runs},
        "cpu_ratio": {name: round(work[name] / work["bare_dzsave"], 2) for name in runs},
        "jpeg_mb": peak("tiles", jpeg),
        "pdf_mb": peak("tiles", pdf),
    }


def codes(count: int = 300) -> dict[str, Any]:
    image = test_prints.drawn(test_prints.ADDRESS, 6)
    read = sum(test_prints.reads(test_prints.damaged(image, 0.15, seed)) == [test_prints.ADDRESS] for seed in range(count))
    small = sum(
        test_prints.reads(test_prints.drawn(f"https://hall.example/b{n}", 2)) == [f"https://hall.example/b{n}"]
        for n in range(count)
    )
    return {
        "patch_over_15_percent_read": f"{read} of {count}",
        "two_pixels_a_module_read": f"{small} of {count}",
        "seeds": f"0-{count - 1}",
    }


def search() -> dict[str, Any]:
    texts = test_words.generated()
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE board USING fts5(words, tokenize='unicode61 remove_diacritics 0', content='')")
    start = time.perf_counter()
    base.executemany("INSERT INTO board(rowid, words) VALUES (?, ?)", [(n, words.indexed(text)) for n, text in enumerate(texts)])
    indexed, wanted, got, exact, times = time.perf_counter() - start, 0, 0, 0, []
    for query in test_words.queries(texts):
        start = time.perf_counter()
        found = {row[0] for row in base.execute("SELECT rowid FROM board WHERE board MATCH ? ORDER BY rank", (words.match(query),))}
        times.append(time.perf_counter() - start)
        true = test_words.holding(texts, query)
        wanted, got, exact = wanted + len(true), got + len(found & true), exact + (found == true)
    return {
        "boards": len(texts),
        "queries": len(times),
        "recall": f"{got} of {wanted}",
        "exact": exact,
        "ms_median": round(1000 * statistics.median(times), 3),
        "ms_max": round(1000 * max(times), 3),
        "index_ms": round(1000 * indexed),
    }


def printed(rounds: int) -> dict[str, Any]:
    jail = best_available()
    with tempfile.TemporaryDirectory() as folder:
        board = easel.read(jail, made.write(Path(folder), "a.pdf", made.bilingual()[0])).boards[0]
    signs = [prints.Sign(f"https://hall.example/b{number}", str(number), board["title"]) for number in range(1, 19)]
    works: dict[str, Callable[[], object]] = {
        "board": lambda: prints.board(board),
        "catalogue_of_18": lambda: prints.catalogue([(board, b"")] * 18, title="展览图录"),
        "signs_of_18": lambda: prints.signs(signs, title="二维码"),
    }
    return {name: round(statistics.median(took(work)[0] for _ in range(rounds)), 2) for name, work in works.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="one part: six_boards, a0_at_300_dpi, codes, search, print_s")
    words_ = parser.parse_args()
    jail = best_available()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT).stdout.strip()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts: dict[str, Callable[[], object]] = {
            "six_boards": lambda: boards_six(jail, folder, words_.rounds),
            "a0_at_300_dpi": lambda: a0(folder, words_.rounds),
            "codes": codes,
            "search": search,
            "print_s": lambda: printed(words_.rounds),
        }
        told = {name: part() for name, part in parts.items() if words_.only in {"", name}}
        load = Path("/proc/loadavg").read_text(encoding="ascii").split()[0]
        told |= {"jail": jail.name, "commit": commit, "rounds": words_.rounds, "load_of_the_machine": load}
    print(json.dumps(told, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
