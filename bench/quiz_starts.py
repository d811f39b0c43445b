"""How a quiz begins under load: people open the start page, begin, and see their first question, over HTTP, on a real site.

    python bench/quiz_starts.py [--people 2000] [--behind-one 30] [--threads 16]     prints JSON

`behind_one` of them come from one address at once, without scripts; all others from networks of their own. Every process of the
site runs on this machine beside the load, so the figures are those of a small site that does everything itself.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from showground.commands._rehearse import Play  # noqa: E402
from showground.commands._site import Site  # noqa: E402
from showground.commands._visitor import Visitor  # noqa: E402
from tests.harness.little_week import a_site  # noqa: E402

MAKE = """
from showground.quiz.models import *
from showground.quiz.actions.announce import announce_quiz
from showground.rules.quiz_rules import prize_quiz
from showground.weeks.models import Week
from django.conf import settings
import json, pathlib, showground
week, now = Week.objects.first(), settings.CLOCK()
rules = prize_quiz("load", "load-draw", opens=now + 60, closes=now + 90000, freezes=now + 90000, commit_by=now + 90000,
    open_by=now + 90000, draws_at=now + 99999, beacon={"kind": "dice", "digits": 24})
quiz = Quiz.objects.create(week=week, code="load", kind="prize", name={"en": "Load", "zh": "x"}, items=5, opens=now, closes=now + 9, made_at=now)
bank = [q for f in sorted((pathlib.Path(showground.__file__).parent / "quiz/bank").glob("*.json")) if f.name != "categories.json"
    for q in json.loads(f.read_text())][: rules["pool"]]
for document in bank:
    row, _ = Question.objects.get_or_create(code=document["code"], defaults={"kind": document["kind"]})
    version = Version.objects.create(question=row, number=99, document=document, state="approved", written_at=now)
    row.current = version
    row.save()
    PoolItem.objects.create(quiz=quiz, version=version, code=row.code)
announce_quiz(quiz, rules=rules, by=None, at=now)
"""


class Load:
    """People who begin, and what they waited for."""

    def __init__(self, play: Play, people: int, behind_one: int) -> None:
        self.home, rng = f"{play.home}/quiz/load/", random.Random(1)
        self.visitors = [Visitor(play.stage.site, rng) for _ in range(people)]
        for visitor in self.visitors[:behind_one]:
            visitor.address = "203.0.113.7"
        self.waits: dict[str, list[float]] = {"start page": [], "begin": [], "first question": []}
        self.errors: list[str] = []
        self.next = iter(self.visitors)
        self.lock = threading.Lock()

    def work(self) -> None:
        """Takes people until there are none."""
        while True:
            with self.lock:
                visitor = next(self.next, None)
            if visitor is None:
                return
            self.one(visitor)

    def one(self, visitor: Visitor) -> None:
        """One person: three requests, each timed."""
        origin = {"Origin": f"http://{visitor.site.netloc}", "Content_Type": "application/x-www-form-urlencoded"}
        for name, method, path, wanted in (
            ("start page", "GET", self.home, 200), ("begin", "POST", f"{self.home}begin/", 302), ("first question", "GET", f"{self.home}1/", 200),
        ):  # fmt: skip
            began = time.perf_counter()
            status, _, _ = visitor.ask(method, path, b"" if method == "POST" else None, **(origin if method == "POST" else {}))
            self.waits[name].append(time.perf_counter() - began)
            if status != wanted:
                self.errors.append(f"{name}: {status}")


def measure(site: Site, play: Play, people: int, behind_one: int, threads: int) -> dict[str, object]:
    """Returns the figures of one round."""
    subprocess.run([sys.executable, "-m", "showground", "manage", "shell", "-c", MAKE], env=site.environment, check=True)
    play.stage.clock.move_to(play.stage.clock() + 120)
    load = Load(play, people, behind_one)
    began = time.perf_counter()
    workers = [threading.Thread(target=load.work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    took = time.perf_counter() - began
    waits = {
        name: {"p50_ms": round(1000 * statistics.median(w)), "p99_ms": round(1000 * statistics.quantiles(w, n=100)[98])}
        for name, w in load.waits.items()
    }
    return {
        "people": people, "behind_one_address": behind_one, "seconds": round(took, 1), "people_per_second": round(people / took, 1),
        "requests_per_second": round(3 * people / took, 1), "errors": len(load.errors), "first_errors": load.errors[:5], **waits,
        "cpus": os.cpu_count(), "load_before": round(os.getloadavg()[0], 1), "threads": threads,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--behind-one", type=int, default=30)
    parser.add_argument("--threads", type=int, default=16)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, a_site(Path(folder) / "site") as (site, play):
        print(json.dumps(measure(site, play, asked.people, asked.behind_one, asked.threads), indent=1))


if __name__ == "__main__":
    main()
