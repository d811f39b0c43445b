"""How long a draw takes: the pool of a million tickets, fifty winners of them, a beacon's signature, and scoring attempts again.

python bench/draws.py [--tickets 1000000] [--attempts 5000] [--rounds 5] [--into bench/results/draws.json]     prints JSON
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from showground.rules import draws  # noqa: E402
from showground.tlog import bls  # noqa: E402
from showground.verify import quiz_checks, verdict  # noqa: E402
from showground.verify.bundle import Bundle  # noqa: E402
from showground.verify.checks import check  # noqa: E402
from tests.harness.quiz_week import DRAND, QuizWeek  # noqa: E402

SEED = 1


def milliseconds(act: Callable[[], object], rounds: int) -> float:
    """Returns the median time of some rounds."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return round(1000 * statistics.median(taken), 3)


def drawing(tickets: int, rounds: int) -> dict[str, Any]:
    """Pool and winners."""
    indexes = array("Q", range(1000, 1000 + 3 * tickets, 3))
    digest = draws.pool_sha256(indexes)
    seed = draws.seed_text("bench", digest, {"notary": "ab" * 32}, "cd" * 32)
    winners, alternates = draws.picks(seed, tickets, 50, 50)
    assert len(set(winners + alternates)) == 100
    return {
        "tickets": tickets,
        "pool_bytes": len(draws.pool(indexes)),
        "pool_and_hash_ms": milliseconds(lambda: draws.pool_sha256(indexes), rounds),
        "50_winners_ms": milliseconds(lambda: draws.picks(seed, tickets, 50, 0), rounds),
        "50_winners_and_50_alternates_ms": milliseconds(lambda: draws.picks(seed, tickets, 50, 50), rounds),
    }


def beacon(rounds: int) -> dict[str, Any]:
    """The signature of quicknet's round 657413."""
    key, told = bytes.fromhex(DRAND["public_key"]), DRAND["beacon"]
    signature = bytes.fromhex(told["signature"])
    assert bls.quicknet(key, told["round"], signature)
    return {"bls_verify_ms": milliseconds(lambda: bls.quicknet(key, told["round"], signature), rounds)}


def scoring(attempts: int) -> dict[str, Any]:
    """A whole bundle of many attempts, and its quiz step alone."""
    files = QuizWeek(seed=SEED, beacon="drand", entrants=attempts, losers=attempts).play().files()
    start = time.perf_counter()
    outcome = check(Bundle("memory", list(files), files.__getitem__))
    whole = time.perf_counter() - start
    assert verdict.exit_code(outcome) == 0
    start = time.perf_counter()
    assert not [finding for finding in quiz_checks.quizzes(outcome.case) if finding.word == "FAIL"]
    quiz = time.perf_counter() - start
    return {
        "attempts": attempts,
        "items": 3,
        "rescored_per_second": round(attempts / quiz),
        "whole_verification_s": round(whole, 2),
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--tickets", type=int, default=1_000_000)
    options.add_argument("--attempts", type=int, default=5000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--into", type=Path)
    asked = options.parse_args()
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, cwd=ROOT).stdout.strip()
    told = {"what": "a draw", "commit": commit, "seed": SEED, "python": platform.python_version(), "cores": os.cpu_count()}
    told |= drawing(asked.tickets, asked.rounds) | beacon(asked.rounds) | scoring(asked.attempts)
    text = json.dumps(told, indent=1)
    if asked.into:
        asked.into.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
