"""Lighthouse on a throttled phone: the home page, the halls, a hall of ten boards and one of its boards, each in both languages.

    python bench/lighthouse.py [--runs 3] [--only hall] [--to FILE]        writes bench/results/lighthouse.json
    python bench/lighthouse.py --page "hall en=ADDRESS" --page ...         the same for pages of a site that runs already

A whole site is started with the demo's own hall. Scores are medians; what is missing to 100 is named with its audit. Needs Chromium,
and npx, which fetches the program once. On a busy machine the performance score is a lower bound: the load is written beside it.
When the program itself ends with an error it is tried once again; how often that was and what it said stands in the result.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.harness.browser import CHROMIUM  # noqa: E402
from tests.harness.desk import DeskSite, desk_site  # noqa: E402

VERSION = "13.5.0"
TRIES = 2
KINDS = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"


class Ended(Exception):
    """The program ended without a report; the text is what it said of itself."""


def run(url: str, out: Path) -> dict[str, Any]:
    """Returns Lighthouse's report of one page as a phone of middle strength sees it on slow 4G; raises Ended."""
    line = ["npx", "--yes", "--prefer-offline", f"lighthouse@{VERSION}", url, "--quiet", f"--chrome-flags={FLAGS}"]
    line += ["--output=json", f"--output-path={out}", f"--only-categories={','.join(KINDS)}"]
    done = subprocess.run(
        line, env={**os.environ, "CHROME_PATH": str(CHROMIUM)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise Ended(own_words(done.stderr) or f"exit code {done.returncode}")
    told: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    if blank := [kind for kind in KINDS if told["categories"][kind]["score"] is None]:
        raise Ended(f"no score for {', '.join(blank)}")
    return told


def own_words(said: str) -> str:
    """Returns what a program says went wrong, in at most 300 characters: no line of the stack, no warning of npm, no path of a machine."""
    lines = [line.strip() for line in said.splitlines()]
    kept = dict.fromkeys(line for line in lines if line and not line.startswith(("at ", "npm warn", "npm notice")))
    return re.sub(r"(?:file://)?/(?:\w[\w.@+-]*/)+", "", " ".join(kept))[:300]


def tried(url: str, out: Path, ended: list[str]) -> dict[str, Any] | None:
    """Returns a report, of a second try if need be; None if both ended with an error. What the program said is added to `ended`."""
    for _ in range(TRIES):
        try:
            return run(url, out)
        except Ended as error:
            ended.append(str(error))
    return None


def missing(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the audits that keep a page from 100: those with a weight and less than a full score."""
    found = []
    for kind in KINDS:
        for ref in told["categories"][kind]["auditRefs"]:
            audit = told["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 1:
                found.append(
                    {
                        "kind": kind,
                        "audit": audit["id"],
                        "weight": ref["weight"],
                        "score": audit["score"],
                        "shown": audit.get("displayValue", ""),
                    }
                )
    return found


def on_the_wire(told: dict[str, Any]) -> dict[str, int]:
    """Returns the bytes of each kind that came over the wire before the largest picture stood, and how many requests they were.

    The throttled times are worked out by Lighthouse; these are what they are worked out from, whatever else the machine does.
    """
    until = told["audits"]["metrics"]["details"]["items"][0]["observedLargestContentfulPaint"]
    found: dict[str, int] = {"requests": 0}
    for one in told["audits"]["network-requests"]["details"]["items"]:
        if one["networkRequestTime"] <= until:
            found["requests"] += 1
            found[one["resourceType"]] = found.get(one["resourceType"], 0) + one["transferSize"]
    return found


def measured(url: str, runs: int, folder: Path) -> dict[str, Any]:
    """Returns the median scores of a page, what is missing in its best run, and how often the program itself failed."""
    ended: list[str] = []
    reports = [one for number in range(runs) if (one := tried(url, folder / f"{number}.json", ended))]
    failed = {"ended_with_an_error": len(ended), "note": ended[-1]} if ended else {}
    if not reports:
        return {"scores": {}, "missing": [], **failed}
    scores = {kind: [round(100 * one["categories"][kind]["score"]) for one in reports] for kind in KINDS}
    best = max(reports, key=lambda one: one["categories"]["performance"]["score"])
    shown = {
        name: best["audits"][name]["displayValue"]
        for name in ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
    }
    return {
        "scores": {kind: statistics.median(all_of) for kind, all_of in scores.items()},
        "runs": scores,
        **shown,
        "bytes_until_the_largest_picture": on_the_wire(best),
        "missing": missing(best),
        **failed,
    }


def pages(site: DeskSite) -> dict[str, str]:
    """Hangs the demo's hall in the site's week and returns the addresses to look at, by name."""
    site.shell("from showground.commands import _halls; _halls.fill('sample', 'desk')")
    told = site.shell(
        "from showground.exhibition.models import Board; one = Board.objects.order_by('place')[2]; print('code', one.hall.code, one.code)"
    )
    hall, board = next(line for line in told.splitlines() if line.startswith("code ")).split()[1:]
    paths = {"home": "", "halls": "halls/", "hall": f"halls/{hall}/", "board": f"boards/{board}/", "visits": "visits/"}
    return {f"{name} {lang}": f"{site.url}/{lang}/sample/{path}" for name, path in paths.items() for lang in ("en", "zh-hans")}


def looked_at(chosen: dict[str, str], runs: int) -> dict[str, Any]:
    """Returns the measures of each page; a page that could not be measured says so."""
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as made:
        for name, url in chosen.items():
            told[name] = measured(url, runs, Path(made))
            print(
                name, told[name]["scores"], [one["audit"] for one in told[name]["missing"]], told[name].get("note", ""), flush=True
            )
    return told


def main() -> int:
    """Measures every page and writes the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="", help="pages whose name begins so")
    parser.add_argument("--page", action="append", default=[], metavar="NAME=ADDRESS", help="a page of a site that runs already")
    parser.add_argument("--to", type=Path, default=ROOT / "bench/results/lighthouse.json", help="where the results go")
    words = parser.parse_args()
    before = os.getloadavg()[0]
    if words.page:
        told = looked_at(dict(one.split("=", 1) for one in words.page), words.runs)
    else:
        with tempfile.TemporaryDirectory() as made, desk_site(_made(made)) as site:
            told = looked_at({name: url for name, url in pages(site).items() if name.startswith(words.only)}, words.runs)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    load = [round(before, 1), round(os.getloadavg()[0], 1)]
    result = {
        "lighthouse": VERSION,
        "commit": commit,
        "runs": words.runs,
        "load_before_and_after": load,
        "cores": os.cpu_count(),
        "pages": told,
    }
    words.to.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


def _made(folder: str) -> Path:
    home = Path(folder) / "site"
    home.mkdir()
    return home


if __name__ == "__main__":
    raise SystemExit(main())
