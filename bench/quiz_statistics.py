"""How long the figures of a quiz take, and how much memory: sittings stream out of SQLite into counters, five of thirty questions each.

python bench/quiz_statistics.py [--attempts 100000] [--into bench/results/quiz_statistics.json]     prints JSON
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "showground.settings")

from tests import environment  # noqa: E402, F401  (a data folder of its own)

SEED, ITEMS = 1, 5


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def pool() -> list[dict[str, Any]]:
    """Thirty questions: eighteen single, six with several right, six messages."""
    from tests.quiz.sample import document

    kinds = ["single"] * 18 + ["multiple"] * 6 + ["phish"] * 6
    made = [document(kind, f"q{number:02d}") for number, kind in enumerate(kinds)]
    for question in made[-2:]:  # two of the messages are genuine
        lines = [{name: value for name, value in line.items() if name not in {"cue", "why"}} for line in question["lines"]]
        question.update(trick=False, lines=lines)
        del question["enough"]
    return made


def _answer(question: dict[str, Any], seed: str, able: float, chance: random.Random) -> dict[str, Any]:
    from showground.rules.answers import slots

    if question["kind"] == "phish":
        trick = question["trick"] == (chance.random() < (1 + able) / 2)
        return {"verdict": "trick" if trick else "genuine", "marks": [1, 2] if trick else []}
    shown = slots(question, seed)
    right = [slot for slot, option in enumerate(shown) if option["credit"][0] > 0]
    picked = right if chance.random() < able else [chance.randrange(len(shown))]
    return {"choice": picked[0]} if question["kind"] == "single" else {"choices": sorted(picked)}


def sittings(quiz: Any, questions: list[dict[str, Any]], attempts: int) -> Any:
    """Yields sittings as the site would have kept them."""
    from showground.quiz.models import Sitting
    from showground.rules.answers import score
    from showground.rules.questions import as_credit

    chance = random.Random(SEED)
    by_code = {question["code"]: question for question in questions}
    for number in range(attempts):
        seed, able = f"{chance.getrandbits(256):064x}", chance.random()
        items = chance.sample(sorted(by_code), ITEMS)
        answers = {code: _answer(by_code[code], seed, able, chance) for code in items}
        scores = {code: as_credit(score(by_code[code], answers[code], seed)) for code in items}
        yield Sitting(
            quiz=quiz, token_sha256=f"{number:064x}", language=chance.choice(["en", "zh-hans"]), seed=seed, items=items, answers=answers,
            started_at=number, submitted_at=number + 60, scores=scores, seconds={code: chance.randrange(4, 60) for code in items},
        )  # fmt: skip


def prepare(attempts: int) -> Any:
    """A quiz with so many sittings, in a database of its own."""
    from django.core.management import call_command

    from showground.quiz.models import PoolItem, Question, Quiz, Sitting, Version
    from tests.quiz.sample import a_bank

    call_command("migrate", verbosity=0)
    room, questions = a_bank(), pool()
    quiz = Quiz.objects.create(
        week=room.week, code="many", kind="practice", state="announced", name={"en": "Many"}, opens=0, closes=2**33, made_at=0
    )
    for question in questions:
        version = Version.objects.create(
            question=Question.objects.create(code=question["code"], kind=question["kind"]),
            number=1,
            document=question,
            written_at=0,
        )
        PoolItem.objects.create(quiz=quiz, version=version, code=question["code"])
    batch = []
    for sitting in sittings(quiz, questions, attempts):
        batch.append(sitting)
        if len(batch) == 5000:
            Sitting.objects.bulk_create(batch)
            batch = []
    Sitting.objects.bulk_create(batch)
    return quiz


def measure(quiz: Any) -> dict[str, Any]:
    """Counting and all figures of the quiz and its questions."""
    from showground.quiz.queries import figures, statistics

    before, start, busy = _megabytes(), time.perf_counter(), time.process_time()
    counted = figures.of_quiz(quiz)
    read = time.perf_counter() - start
    weights = statistics.effective_weights(counted.book)
    for code, document in counted.documents.items():
        statistics.question(counted.book, code, weights)
        listed = [key for key, _ in figures.listed(document)]
        statistics.options(counted.book.questions[code], listed, ("en", "zh"))
        statistics.fifths(counted.book.questions[code], listed)
    found = statistics.quiz(counted.book)
    whole = time.perf_counter() - start
    return {
        "attempts": found.count,
        "answers": found.count * ITEMS,
        "reading_and_counting_seconds": round(read, 2),
        "all_figures_seconds": round(whole, 2),
        "processor_seconds": round(time.process_time() - busy, 2),
        "most_memory_megabytes": round(_megabytes(), 1),
        "memory_before_megabytes": round(before, 1),
        "alpha": found.alpha,
        "detection": counted.detection().sensitivity,
    }


def child(attempts: int) -> dict[str, Any]:
    """Prepares in one process and measures in a fresh one, whose memory is its own."""
    import django
    from django.conf import settings

    django.setup()
    quiz = prepare(attempts)
    code = (
        "import bench.quiz_statistics as b, django, json, os; os.environ['SHOWGROUND_DATA'] = b.sys.argv[1];"
        "import showground.settings as s; from django.conf import settings; django.setup();"
        "settings.DATABASES['default']['NAME'] = b.sys.argv[1] + '/app.sqlite3';"
        f"from showground.quiz.models import Quiz; print(json.dumps(b.measure(Quiz.objects.get(pk={quiz.pk}))))"
    )
    told = subprocess.run([sys.executable, "-c", code, str(settings.DATA)], capture_output=True, text=True, check=True, cwd=ROOT)
    return dict(json.loads(told.stdout))


def main() -> None:
    """Measures and prints, with where and at which commit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--attempts", type=int, default=100_000)
    parser.add_argument("--into", type=Path)
    given = parser.parse_args()
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=False).stdout.strip()
    result = {
        "bench": "quiz_statistics", "seed": SEED, "commit": commit, "python": platform.python_version(), "cores": os.cpu_count(),
        **child(given.attempts),
    }  # fmt: skip
    print(json.dumps(result, indent=1))
    if given.into:
        given.into.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
