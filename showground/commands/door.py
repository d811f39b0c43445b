"""Runs the door: takes ballots and is the one writer of every week's log."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import uvloop

from showground import clock, env
from showground.intake.app import serve
from showground.intake.commit import Fenced
from showground.intake.site import Shelf, Site
from showground.intake.store_sqlite import SqliteShelf
from showground.rules.refused import Refused


def main(argv: list[str]) -> int:
    """Serves run/door.sock and run/door-private.sock in the data folder until it is told to stop; 1 if another door is there."""
    options = argparse.ArgumentParser(prog="showground door", description=__doc__)
    options.add_argument("--data", type=Path, default=env.path("SHOWGROUND_DATA"), help="the data folder")
    options.add_argument("--origin", action="append", default=[], help="a further address whose pages may cast (https://...)")
    asked = options.parse_args(argv)
    data: Path = asked.data.resolve()
    try:
        uvloop.run(_run(data, frozenset([env.text("SHOWGROUND_URL").rstrip("/"), *asked.origin])))
    except (Fenced, Refused) as no:
        print(f"showground door: {no}", file=sys.stderr)
        return 1
    return 0


def _shelf(folder: Path) -> Shelf:
    url = env.text("SHOWGROUND_DATABASE_URL")
    if not url:
        return SqliteShelf(folder)
    from showground.intake.store_postgres import PostgresShelf  # an extra that a small site does not install

    return PostgresShelf(url)


async def _run(data: Path, origins: frozenset[str]) -> None:
    kind = env.text("SHOWGROUND_CLOCK")
    folder = data / "door"
    site = Site(folder, _shelf(folder), clock.open_clock(kind, data), rehearsal=kind == "rehearsal")
    run = data / "run"
    await serve(site, run / "door.sock", run / "door-private.sock", origins, lambda: print(f"door: open at {run}", flush=True))
