"""Checks a published week, offline: `showground verify week.zip`; also the entry of showground-verify.pyz."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from showground import __version__
from showground.tlog import policy
from showground.tlog.malformed import Malformed
from showground.verify import verdict
from showground.verify.bundle import Unreadable, open_bundle
from showground.verify.checks import Outcome, check
from showground.verify.receipt import Lights, check_receipt


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="showground verify", description="Recomputes a published week from its bundle; needs no network.",
        epilog="Exit 0: all of it holds. 1: something does not. 2: nothing can be said.",
    )  # fmt: skip
    parser.add_argument("bundle", nargs="?", help="a folder, a zip file, or a URL of a zip file")
    parser.add_argument("--policy", metavar="FILE", help="whom you trust; without it the bundle's own policy is used")
    parser.add_argument("--receipt", metavar="FILE", help="a voter's ballot-<index>.tlog-proof to look up")
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    parser.add_argument("--version", action="version", version=f"showground verify {__version__}")
    asked = parser.parse_args(argv)
    if not asked.bundle and not (asked.receipt and asked.policy):
        parser.error("name a bundle, or a --receipt together with a --policy")
    return asked


def _file(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}", path)


def _whole(asked: argparse.Namespace) -> tuple[Outcome, Lights | None]:
    own = (asked.policy, _file(asked.policy)) if asked.policy else None
    outcome = check(open_bundle(asked.bundle), own)
    if not asked.receipt:
        return outcome, None
    return outcome, check_receipt(_file(asked.receipt), outcome.case.policy, outcome.case, asked.receipt)


def _receipt_alone(asked: argparse.Namespace) -> int:
    try:
        trusted = policy.parse(_file(asked.policy))
    except Malformed as error:
        raise Unreadable(f"{asked.policy}: {error}", asked.policy)
    lights = check_receipt(_file(asked.receipt), trusted, None, asked.receipt)
    code = verdict.GOOD if lights.good else verdict.BAD
    if asked.json:
        print(json.dumps({"exit": code, "index": lights.index, "lights": [f.text for f in lights.findings]}, ensure_ascii=False))
    else:
        print("\n".join(["VERIFIED" if lights.good else "NOT VERIFIED", *verdict.receipt_lines(lights), "", f"exit {code}"]))
    return code


def main(argv: list[str] | None = None) -> int:
    """Prints the verdict and returns its exit code."""
    asked = _arguments(argv)
    try:
        if not asked.bundle:
            return _receipt_alone(asked)
        outcome, lights = _whole(asked)
    except Unreadable as lack:
        if asked.json:
            print(json.dumps({"verdict": "CANNOT SAY", "exit": 2, "unreadable": {"text": str(lack), "file": lack.file}}))
        else:
            print(f"CANNOT SAY\n{lack}\n\nexit 2")
        return verdict.UNSAID
    if asked.json:
        print(json.dumps(verdict.as_json(outcome, lights), ensure_ascii=False, indent=1))
    else:
        print(verdict.as_text(outcome, lights), end="")
    return verdict.exit_code(outcome, lights)


if __name__ == "__main__":
    sys.exit(main())
