"""The notary's program: keys, logs to witness, the witness itself, and opening the jury's sheets by hand."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from showground import clock, env
from showground.tlog import Malformed
from showground.witness import ceremony, keys
from showground.witness.app import Server, Witness
from showground.witness.state import State

EVERY = 1.0  # seconds between two looks at a week


def main(argv: list[str]) -> int:
    """Runs `showground witness <what>` and returns its exit status."""
    args = _parser().parse_args(argv)
    folder = args.data or env.path("SHOWGROUND_DATA") / "witness"
    try:
        return int(args.do(args, folder))
    except (Malformed, ValueError, OSError, ceremony.SiteFault) as fault:
        print(f"showground witness: {fault}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="showground witness", description=__doc__)
    what = parser.add_subparsers(required=True, metavar="WHAT")
    init = _add(what, "init", _init, "make the notary's three keys")
    init.add_argument("--name", default="notary.example", help="the notary's name, a host (default: %(default)s)")
    add_log = _add(what, "add-log", _add_log, "witness a log from size 0 on; nothing is trusted on first use")
    add_log.add_argument("--vkey", required=True, help="the log's key, name+id+base64; its name is the origin")
    add_log.add_argument("--origin", help="refuse if the key is of another origin")
    run = _add(what, "run", _run, "answer add-checkpoint until stopped")
    run.add_argument("--listen", default="127.0.0.1:8311", metavar="HOST:PORT")
    _add_site(run, required=False)
    _add_site(_add(what, "open-sheets", _open_sheets, "open the jury's sheets after the gate, and sign the result"), True)
    _add(what, "state", _state, "show what was cosigned last, and any evidence of a fork")
    return parser


def _add(
    what: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    do: Callable[[argparse.Namespace, Path], int],
    help: str,
) -> argparse.ArgumentParser:
    parser = what.add_parser(name, help=help, description=help)
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="the notary's folder (default: witness/ in the data folder)")
    parser.set_defaults(do=do)
    return parser


def _add_site(parser: argparse.ArgumentParser, required: bool) -> None:
    parser.add_argument("--site", metavar="URL", required=required, help="the site to read the log from")
    parser.add_argument("--week", action="append", default=[], metavar="CODE=ORIGIN", required=required, help="may be given again")
    parser.add_argument("--clock-file", type=Path, metavar="PATH", help="a rehearsal's clock")


def _init(args: argparse.Namespace, folder: Path) -> int:
    for duty, vkey in keys.generate(folder, args.name).items():
        print(f"{duty:<10} {vkey}")
    State(folder / "state.sqlite").close()
    return 0


def _add_log(args: argparse.Namespace, folder: Path) -> int:
    if args.origin and not args.vkey.startswith(f"{args.origin}+"):
        raise ValueError(f"the key is not of {args.origin}")
    state = State(folder / "state.sqlite")
    state.add_log(args.vkey)
    print(f"witnessing {args.vkey.split('+', 1)[0]} from size 0")
    return 0


def _state(args: argparse.Namespace, folder: Path) -> int:
    state = State(folder / "state.sqlite")
    for log in state.logs():
        print(f"{log.origin}\n  size {log.size}\n  root {log.root.hex()}\n  cosigned at {log.at or '-'}")
    for evidence in state.evidence():
        print(f"EVIDENCE {evidence.origin} at {evidence.at}: {evidence.why} ({len(evidence.request)} bytes kept)")
    return 1 if state.evidence() else 0


def _open_sheets(args: argparse.Namespace, folder: Path) -> int:
    status = 0
    for watch in _Watches(args, folder, patient=False).all():
        done = watch.look()
        print(f"{watch.origin}: {done}")
        status = max(status, int(bool(done.unopened)))
    return status


def _run(args: argparse.Namespace, folder: Path) -> int:
    watches = _Watches(args, folder, patient=True)
    host, _, port = args.listen.rpartition(":")
    server = Server(watches.witness, host, int(port))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"witness {watches.witness.signer.key.name} at {server.url}", flush=True)
    say = _once()
    while not stop.wait(EVERY):
        ceremony.look_at_all(watches.all(), say)
    server.shutdown()
    return 0


class _Watches:
    """The watches that the command line asks for; logs added while the witness runs are watched too."""

    def __init__(self, args: argparse.Namespace, folder: Path, patient: bool) -> None:
        if args.week and not args.site:
            raise ValueError("--week needs --site")
        self._args = args
        self._patient = patient
        self._keys = keys.read(folder)
        now = clock.Rehearsal(args.clock_file) if args.clock_file else clock.real
        self.witness = Witness(State(folder / "state.sqlite"), self._keys.witness, now)
        self._watches: dict[tuple[str, str], ceremony.Watch] = {}

    def all(self) -> list[ceremony.Watch]:
        """Returns one watch for each week."""
        return [self._watch(week, origin) for week, origin in self._weeks()] if self._args.site else []

    def _weeks(self) -> list[tuple[str, str]]:
        if not self._args.week:
            return [(log.origin.rpartition("/")[2], log.origin) for log in self.witness.state.logs()]
        pairs = [pair.partition("=") for pair in self._args.week]
        if not all(equals for _, equals, _ in pairs):
            raise ValueError("--week reads CODE=ORIGIN")
        return [(week, origin) for week, _, origin in pairs]

    def _watch(self, week: str, origin: str) -> ceremony.Watch:
        if (week, origin) not in self._watches:
            site = ceremony.Site(self._args.site, week)
            self._watches[week, origin] = ceremony.Watch(site, origin, self.witness, self._keys, self._patient)
        return self._watches[week, origin]


def _once() -> Callable[[str, str], None]:
    said: dict[str, str] = {}

    def say(origin: str, text: str) -> None:
        if said.get(origin) != text:
            print(f"{origin}: {text}", flush=True)
        said[origin] = text

    return say
