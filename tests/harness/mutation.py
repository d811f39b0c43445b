"""Changes single bytes of an unpacked bundle and watches the verifier: it must never say yes, and names step and file.

    python -m tests.harness.mutation BUNDLE [--count 300] [--seed 1] [--into bench/results/mutations.json]

Half of the places are drawn evenly over all bytes, half evenly over the files, so that small files get their share. The series
runs twice: as it is, and with MANIFEST recomputed after each change, so that the other steps must catch it. What they do not
catch is listed: only MANIFEST guards it.
"""

from __future__ import annotations

import argparse
import bisect
import functools
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from showground.rules import records
from showground.tlog import ed25519
from showground.verify import verdict
from showground.verify.bundle import MANIFEST, Bundle, Unreadable, manifest, open_bundle
from showground.verify.case import FAIL
from showground.verify.checks import Outcome, check


@dataclass(frozen=True)
class Change:
    """One byte of one file that becomes another."""

    file: str
    offset: int
    before: int
    after: int


@contextmanager
def remembered_signatures() -> Iterator[None]:
    """A signature that was verified once is not verified again: a pure function, some 10 ms a time."""
    slow = ed25519.verify
    ed25519.verify = functools.lru_cache(None)(slow)  # type: ignore[assignment]
    try:
        yield
    finally:
        ed25519.verify = slow  # type: ignore[assignment]


@contextmanager
def remembered_records() -> Iterator[None]:
    """A record that was parsed once is not parsed again (the checks never change one): most of a large bundle stays the same."""
    slow = records.parse
    records.parse = functools.lru_cache(None)(slow)
    try:
        yield
    finally:
        records.parse = slow


def read_all(where: str | Path) -> dict[str, bytes]:
    """Returns every file of a bundle."""
    bundle = open_bundle(str(where))
    return {name: bundle.read(name) for name in bundle.names}


def drawn(files: dict[str, bytes], count: int, seed: int, *, but: str = "") -> list[Change]:
    """Returns `count` changes at random places, none in the file `but`."""
    dice = random.Random(seed)
    names = [name for name in sorted(files) if name != but and files[name]]
    ends = list(accumulate(len(files[name]) for name in names))
    found = []
    for number in range(count):
        if number % 2:
            name = dice.choice(names)
        else:
            name = names[bisect.bisect_right(ends, dice.randrange(ends[-1]))]
        offset = dice.randrange(len(files[name]))
        before = files[name][offset]
        found.append(Change(name, offset, before, before ^ dice.randint(1, 255)))
    return found


def changed(files: dict[str, bytes], change: Change, recompute_manifest: bool) -> dict[str, bytes]:
    """Returns the files with one byte changed."""
    data = bytearray(files[change.file])
    data[change.offset] = change.after
    other = files | {change.file: bytes(data)}
    return other | {MANIFEST: manifest(other)} if recompute_manifest else other


def verified(files: dict[str, bytes]) -> Outcome:
    """Returns the verifier's outcome on files in memory."""
    return check(Bundle("memory", list(files), files.__getitem__))


def named(outcome: Outcome) -> list[tuple[str, str]]:
    """Returns (step, file) of everything that failed."""
    found = [(step.name, f.file) for step in outcome.steps for f in step.findings if f.word == FAIL]
    if outcome.unreadable is not None:
        found.append((outcome.steps[-1].name, outcome.unreadable.file))
    return [(step, file) for step, file in found if file]


def mutate(bundle_dir: str | Path, count: int, seed: int, recompute_manifest: bool) -> dict[str, Any]:
    """Returns the report of one series: exit codes, the steps that caught a change first, what was not caught, and what crashed."""
    files = read_all(bundle_dir)
    exits: Counter[str] = Counter()
    steps: Counter[str] = Counter()
    missed, nameless, other, crashed = [], [], [], []
    with remembered_signatures(), remembered_records():
        if verdict.exit_code(verified(files)) != 0:
            raise SystemExit("the bundle does not verify before any change")
        for change in drawn(files, count, seed, but=MANIFEST if recompute_manifest else ""):
            try:
                outcome = verified(changed(files, change, recompute_manifest))
            except Unreadable as lack:
                exits["2"] += 1
                (other if lack.file else nameless).append(vars(change))
                continue
            except Exception as error:  # a verifier that falls over says nothing
                crashed.append(vars(change) | {"error": repr(error)})
                continue
            code, said = verdict.exit_code(outcome), named(outcome)
            exits[str(code)] += 1
            if code == 0:
                missed.append(vars(change))
            elif not said:
                nameless.append(vars(change))
            else:
                steps[said[0][0]] += 1
                if change.file not in {file for _, file in said}:
                    other.append(vars(change) | {"named": said[:3]})
    return {
        "changes": count,
        "seed": seed,
        "manifest": "recomputed" if recompute_manifest else "as it is",
        "files": len(files),
        "bytes": sum(map(len, files.values())),
        "exits": dict(sorted(exits.items())),
        "caught_first_by": dict(steps.most_common()),
        "not_caught": missed,
        "only_manifest_guards": sorted({change["file"] for change in missed}),
        "caught_without_a_file": nameless,
        "caught_under_another_file": other,
        "crashed": crashed,
    }


def bound(missed: int, count: int) -> str:
    """Returns what a series without a miss says at 95 %."""
    return f"{missed} of {count}" + (f": below {100 * (1 - 0.05 ** (1 / count)):.2f} % at 95 %" if missed == 0 else "")


def both(bundle: str | Path, count: int, seed: int) -> dict[str, Any]:
    """Returns the reports of both series with the commit and what they bound."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip()
    series = [mutate(bundle, count, seed, recompute) for recompute in (False, True)]
    guarded = {"README.txt"}  # words for people; nothing follows from them
    loose = [sum(c["file"] not in guarded for c in s["not_caught"]) for s in series]
    said = {s["manifest"]: bound(n, count) for s, n in zip(series, loose, strict=True)}
    what = "single-byte changes of an unpacked bundle"
    return {"what": what, "commit": commit, "exit 0 on (README.txt aside)": said, "series": series}


def good(report: dict[str, Any]) -> bool:
    """Tells whether nothing slipped through, nothing crashed and every refusal named step and file."""
    as_is, recomputed = report["series"]
    clean = all(not s["crashed"] and not s["caught_without_a_file"] for s in report["series"])
    return clean and not as_is["not_caught"] and set(recomputed["only_manifest_guards"]) <= {"README.txt"}


def main() -> int:
    """Runs both series on a bundle and writes the report."""
    parser = argparse.ArgumentParser(description="Changes single bytes of a bundle and watches the verifier.")
    parser.add_argument("bundle")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--into", type=Path)
    asked = parser.parse_args()
    report = both(asked.bundle, asked.count, asked.seed)
    text = json.dumps(report, indent=1, ensure_ascii=False)
    if asked.into:
        asked.into.parent.mkdir(parents=True, exist_ok=True)
        asked.into.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0 if good(report) else 1


if __name__ == "__main__":
    sys.exit(main())
