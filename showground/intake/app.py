"""What can be asked at the door: /cast on the public socket, everything else for the site's own processes on the private one.

No answer leaves before what it says is durable. Refusals are {"error": code, ...facts}.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import stat
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs

from showground.intake import sealed
from showground.intake.order import Order
from showground.intake.paper import Paper, cookie_name
from showground.intake.site import Site
from showground.intake.wire import Limits, Request, Socket, fault
from showground.rules import records
from showground.rules.refused import Refused

T = TypeVar("T")
TICK: Final = 0.25
MOST_ENTRIES: Final = 1024
PRIVATE: Final = Limits(body=32 * 1024 * 1024, request_seconds=60.0, idle_seconds=600.0, connections=512)
_CHUNK: Final = 256 * 1024
_cookie = lru_cache(maxsize=256)(cookie_name)


def _object(request: Request) -> dict[str, Any]:
    if request.headers.get(b"content-type", b"").split(b";")[0].strip().lower() != b"application/json":
        raise Refused("http.content_type", expected="application/json")
    try:
        value = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Refused("http.json")
    if not isinstance(value, dict):
        raise Refused("http.json")
    return value


def _query(request: Request) -> dict[str, str]:
    try:
        asked = parse_qs(request.query.decode("ascii"), max_num_fields=16)
    except ValueError:
        raise Refused("http.malformed")
    return {name: values[0] for name, values in asked.items()}


def _only(request: Request, *methods: str) -> None:
    if request.method not in methods:
        raise Refused("http.method", allowed=list(methods))


def _when_durable(order: Order, request: Request, answer: Callable[[], None]) -> None:
    """`answer` runs when everything accepted so far is on disk; if that cannot be known, the asker is told to ask again."""
    assert order.commits is not None
    order.commits.after(lambda ok: answer() if ok else request.refuse(Refused("door.store")))


def _must_store(order: Order) -> None:
    assert order.commits is not None
    if order.commits.failing:
        raise Refused("door.store")


class Voting:
    """GET and POST /cast; `papers` finds the paper in a request."""

    def __init__(self, site: Site, papers: Callable[[Request, str], str]) -> None:
        self.site, self.papers = site, papers

    def __call__(self, request: Request) -> None:
        """Answers with the voter's counted ballot (GET), or takes a ballot and answers with its receipt (POST)."""
        _only(request, "GET", "POST")
        asked = _object(request) if request.method == "POST" else _query(request)
        order = self.site.order(asked.get("log"))
        _must_store(order)
        try:
            paper = self._paper(request, order)
            if request.method == "POST":
                return self._cast(request, order, paper, asked)
            told = order.counted(paper)
        except Refused as no:  # what it tells (the ballot that came between) may still be on its way to the disk
            refused = no
            return _when_durable(order, request, lambda: request.refuse(refused))
        _when_durable(order, request, lambda: request.json(200, told))

    def _paper(self, request: Request, order: Order) -> Paper:
        paper = self.site.press.read(self.papers(request, order.week.log))
        if paper.log != order.week.log:
            raise Refused("paper.other_log", log=paper.log)
        return paper

    def _cast(self, request: Request, order: Order, paper: Paper, asked: dict[str, Any]) -> None:
        receipt = order.cast(paper, asked)
        assert order.commits is not None
        if receipt.index < order.commits.durable:
            request.json(200, receipt.told())
        else:
            _when_durable(order, request, lambda: request.json(200, receipt.told()))


def _cookie_paper(request: Request, log: str) -> str:
    name = _cookie(log).encode()
    for part in request.headers.get(b"cookie", b"").split(b";"):
        key, _, value = part.strip().partition(b"=")
        if key == name:
            return value.decode("latin-1")
    return ""


def public(site: Site, origins: frozenset[str]) -> Callable[[Request], None]:
    """Returns the handler of the public socket; a POST must come from a page of one of `origins`."""
    voting = Voting(site, _cookie_paper)
    allowed = {origin.encode() for origin in origins}

    def handle(request: Request) -> None:
        if request.path != b"/cast":
            raise Refused("http.not_found")
        if request.method == "POST" and request.headers.get(b"origin") not in allowed:
            raise Refused("http.origin")
        voting(request)

    return handle


class Private:
    """What the site's own processes may ask; whoever can open this socket is trusted with it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        voting = Voting(site, lambda request, log: request.headers.get(b"x-paper", b"").decode("latin-1"))
        self._routes: dict[bytes, tuple[str, Callable[[Request], None]]] = {
            b"/minutes": ("POST", self.minutes),
            b"/paper": ("POST", self.paper),
            b"/entries": ("GET", self.entries),
            b"/receipt": ("GET", self.receipt),
            b"/state": ("GET", self.state),
            b"/shortlist": ("POST", self.shortlist),
            b"/open-ballots": ("POST", self.open_ballots),
            b"/asset": ("GET", self.asset),
            b"/health": ("GET", lambda request: request.json(200, site.health())),
            b"/cast": ("", voting),
        }

    def __call__(self, request: Request) -> None:
        """Answers by path and method."""
        if request.path not in self._routes:
            raise Refused("http.not_found")
        method, answer = self._routes[request.path]
        if method:
            _only(request, method)
        answer(request)

    def _asked(self, request: Request) -> tuple[Order, dict[str, Any]]:
        asked: dict[str, Any] = _object(request) if request.method == "POST" else _query(request)
        return self.site.order(asked.get("log")), asked

    def minutes(self, request: Request) -> None:
        """Appends minutes in order, each id once; the first that is refused ends the call."""
        asked = _object(request)
        minutes = _minutes(asked)
        order = self.site.open_log(str(asked.get("log")), minutes)
        _must_store(order)
        indexes, refused = order.take_minutes(minutes)
        if refused is None:
            return _when_durable(order, request, lambda: request.json(200, {"indexes": indexes}))
        name, no = refused
        told = Refused(no.code, **{**no.facts, "id": name, "indexes": indexes})
        _when_durable(order, request, lambda: request.refuse(told))

    def paper(self, request: Request) -> None:
        """Gives a voter the paper of the scope that is open now."""
        order, asked = self._asked(request)
        _must_store(order)
        subject, channel = asked.get("subject"), asked.get("channel")
        if not isinstance(subject, str) or not subject or not isinstance(channel, str):
            raise Refused("paper.shape")
        paper = order.paper(subject, channel)
        told = {"paper": self.site.press.mint(paper), "scope": paper.scope, "voter": paper.voter, "expires": paper.expires}
        _when_durable(order, request, lambda: request.json(200, told))

    def entries(self, request: Request) -> None:
        """Returns durable entries as text, never an opening, and the size of the log."""
        order, asked = self._asked(request)
        assert order.commits is not None
        size, store = order.commits.durable, order.commits.store
        first = _number(asked, "from", 0)
        to = min(_number(asked, "to", size), size, first + MOST_ENTRIES)
        if first >= to:
            return request.json(200, {"size": size, "entries": []})
        self._read(
            request,
            lambda: [entry.decode() for entry, _ in store.entries(first, to)],
            lambda entries: request.json(200, {"size": size, "entries": entries}),
        )

    def receipt(self, request: Request) -> None:
        """Returns the counted cast of the paper's voter with its exact bytes and opening, also when the scope is over."""
        order, _ = self._asked(request)
        assert order.commits is not None
        paper = self.site.press.read(request.headers.get(b"x-paper", b"").decode("latin-1"))
        seat = order.seat_of(paper)
        if seat is None or seat.index >= order.commits.durable:
            return request.json(200, {})
        store, index, choices = order.commits.store, seat.index, list(seat.choices)

        def answer(rows: list[tuple[bytes, bytes | None]]) -> None:
            entry, opening = rows[0]
            told: dict[str, Any] = {"index": index, "choices": choices, "scope": paper.scope, "entry": entry.decode()}
            request.json(200, told | ({"opening": json.loads(opening)} if opening else {}))

        self._read(request, lambda: store.entries(index, index + 1), answer)

    def state(self, request: Request) -> None:
        """Returns size, scope and turnout of a log."""
        order, _ = self._asked(request)
        request.json(200, order.state())

    def shortlist(self, request: Request) -> None:
        """Returns the rule's shortlist as a set in entry order, once the vote is closed."""
        order, _ = self._asked(request)
        _must_store(order)
        order.may_shortlist()
        assert order.commits is not None
        store, week = order.commits.store, sealed.snapshot(order.week)
        self._read_when_durable(
            order,
            request,
            lambda: sealed.shortlist(store, week),
            lambda entries: request.json(200, {"entries": entries, "through_index": week.vote_closed}),
        )

    def open_ballots(self, request: Request) -> None:
        """Opens all sealed ballots of a log, once, after jury.closed."""
        order, _ = self._asked(request)
        _must_store(order)
        if order.week.ballots_opened is not None:
            told = order.opened("", 0)
            return _when_durable(order, request, lambda: request.json(200, told))
        order.may_open()
        assert order.commits is not None
        store, week, folder = order.commits.store, sealed.snapshot(order.week), self.site.assets(order.week.log)

        def append(written: tuple[str, int]) -> None:
            _must_store(order)
            told = order.opened(*written)
            _when_durable(order, request, lambda: request.json(200, told))

        self._read_when_durable(order, request, lambda: sealed.write_openings(store, week, folder), append)

    def asset(self, request: Request) -> None:
        """Returns the bytes of an asset that the door wrote and that ballots.opened names."""
        order, asked = self._asked(request)
        named, opened = asked.get("sha256"), order.week.ballots_opened
        path = self.site.assets(order.week.log) / str(named)
        if not records.HEX64(named) or opened is None or opened["asset_sha256"] != named or not path.is_file():
            raise Refused("http.not_found")
        request.stream(path.stat().st_size, _chunks(path))

    def _read_when_durable(self, order: Order, request: Request, work: Callable[[], T], answer: Callable[[T], None]) -> None:
        _when_durable(order, request, lambda: self._read(request, work, answer))

    def _read(self, request: Request, work: Callable[[], T], answer: Callable[[T], None]) -> None:
        """`work` runs in the reading thread, `answer` with its result on the event loop."""

        def done(result: asyncio.Future[T]) -> None:
            try:
                answer(result.result())
            except Refused as no:
                request.refuse(no)
            except Exception:
                fault(request)

        asyncio.get_running_loop().run_in_executor(self.site.readers, work).add_done_callback(done)


def _minutes(asked: dict[str, Any]) -> list[tuple[str, str]]:
    listed = asked.get("minutes")
    if not isinstance(listed, list):
        raise Refused("minute.shape")
    found: list[tuple[str, str]] = []
    for minute in listed:
        if not isinstance(minute, dict) or not isinstance(minute.get("id"), str) or not isinstance(minute.get("entry"), str):
            raise Refused("minute.shape", at=len(found))
        found.append((minute["id"], minute["entry"]))
    return found


def _number(asked: dict[str, Any], name: str, default: int) -> int:
    text = asked.get(name, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Refused("http.malformed", field=name)
    return int(text)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            yield chunk


# ---- running it ----


def bind(path: Path) -> socket.socket:
    """Returns a listening unix socket at `path`, for the owner and the group; a stale socket there is replaced."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    if path.exists() and stat.S_ISSOCK(path.stat().st_mode):
        path.unlink()
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o117)
    try:
        listening.bind(str(path))
    finally:
        os.umask(before)
    return listening


async def serve(
    site: Site,
    public_path: Path,
    private_path: Path,
    origins: frozenset[str],
    ready: Callable[[], None],
    limits: Limits | None = None,
) -> None:
    """Serves both sockets until SIGTERM or SIGINT, or until the task is cancelled; then everything accepted is durable."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    sockets = [Socket(public(site, origins), limits or Limits()), Socket(Private(site), PRIVATE)]
    servers = [
        await loop.create_unix_server(kind.wire, sock=bind(path), backlog=1024)
        for kind, path in zip(sockets, (public_path, private_path), strict=True)
    ]
    for name in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(name, stop.set)
        except (ValueError, RuntimeError):  # not the main thread
            break
    ready()
    try:
        while not stop.is_set():
            _tick(site, sockets, loop.time())
            try:
                await asyncio.wait_for(stop.wait(), TICK)
            except TimeoutError:
                pass
    finally:
        for server, listening in zip(servers, sockets, strict=True):
            server.close()
            listening.finish()
        await site.close()
        await asyncio.sleep(0.05)  # the last answers leave


def _tick(site: Site, sockets: list[Socket], now: float) -> None:
    try:
        site.tick()
        for listening in sockets:
            listening.sweep(now)
    except Exception:  # a clock that could not be read once, a record that was refused: the next tick tries again
        traceback.print_exc(file=sys.stderr)
