"""Hands in the value of a public beacon for the draws that wait for it: `showground beacon import FILE`, or `fetch` from a relay.

A file holds one round as drand relays give it: {"round": 657413, "signature": "b713...", "randomness": "fc18..."}, or a list of
such. The signature is checked against the chain's key that is built in, so it does not matter who hands the file in.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from showground.commands._django import ready
from showground.rules import draws
from showground.rules.refused import Refused

MOST = 1 << 20


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="showground beacon", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    take = what.add_parser("import", help="take rounds from a file; '-' reads from standard input")
    take.add_argument("file", metavar="FILE")
    fetch = what.add_parser("fetch", help="ask a relay for the rounds that draws wait for")
    fetch.add_argument("--relay", metavar="URL", required=True, help="a drand HTTP relay; you choose whom to ask")
    what.add_parser("due", help="print the rounds that draws wait for, and when they are made")
    return parser


def rounds_in(text: str) -> list[dict[str, Any]]:
    """Returns the rounds in a file; refuses (beacon.shape) what holds none."""
    try:
        told = json.loads(text)
    except ValueError:
        raise Refused("beacon.shape")
    listed = told if isinstance(told, list) else [told]
    for one in listed:
        if not isinstance(one, dict) or type(one.get("round")) is not int or not isinstance(one.get("signature"), str):
            raise Refused("beacon.shape")
    return listed


def take(found: list[dict[str, Any]]) -> list[int]:
    """Every round in `found` lies ready for its draw, its signature checked; returns their numbers."""
    from showground.ledger.actions.publish import write_whole
    from showground.quiz.actions.draw import check_beacon
    from showground.quiz.jobs import beacon_file

    for one in found:
        randomness = check_beacon(draws.QUICKNET, one["round"], one["signature"])
        if one.get("randomness", randomness) != randomness:
            raise Refused("draw.signature", round=one["round"])
        value = {"round": one["round"], "signature": one["signature"], "randomness": randomness}
        write_whole(beacon_file(draws.QUICKNET["chain"], one["round"]), json.dumps(value).encode())
    return [one["round"] for one in found]


def waited_for() -> list[tuple[str, int, int]]:
    """Returns (draw, round, time of the round) of every draw that a beacon is still to decide."""
    from showground.quiz.models import Draw

    found = []
    for draw in Draw.objects.filter(drawn_at=None).select_related("quiz"):
        beacon = draw.quiz.rules.get("draw", {}).get("beacon", {})
        if beacon.get("kind") == "drand":
            number = draws.round_at(draw.quiz.rules)
            found.append((draw.code, number, draws.time_of_round(beacon, number)))
    return found


def _asked(relay: str, number: int) -> dict[str, Any]:
    url = f"{relay.rstrip('/')}/{draws.QUICKNET['chain']}/public/{number}"
    if not url.startswith(("https://", "http://")):
        raise Refused("beacon.relay", url=relay)
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return rounds_in(answer.read(MOST).decode("utf-8", "replace"))[0]
    except (OSError, urllib.error.URLError) as fault:
        raise Refused("beacon.away", url=url, detail=str(fault)[:200])


def _work(words: argparse.Namespace) -> None:
    from django.conf import settings

    from showground.ui import typeset

    if words.what == "due":
        for draw, number, at in waited_for():
            print(f"{draw}: round {number}, made {typeset.local(at, 'UTC'):%Y-%m-%d %H:%M:%S} UTC")
        return
    if words.what == "fetch":
        due = [number for _, number, at in waited_for() if at <= settings.CLOCK()]
        found = [_asked(words.relay, number) for number in due]
    else:
        found = rounds_in(sys.stdin.read(MOST) if words.file == "-" else Path(words.file).read_text(encoding="utf-8"))
    for number in take(found):
        print(f"round {number}: the signature is the beacon's; it lies ready")


def main(argv: list[str]) -> int:
    """The rounds that were handed in lie ready for their draws; says what is wrong otherwise."""
    words = _parser().parse_args(argv)
    ready()
    try:
        _work(words)
    except Refused as refused:
        from showground.ui.refusals import refusal

        print(f"showground beacon: {refusal(refused)}", file=sys.stderr)
        return 1
    except OSError as fault:
        print(f"showground beacon: {fault}", file=sys.stderr)
        return 1
    return 0
