"""How the site's other processes talk to the door: HTTP over a unix socket, standard library only.

    Door(path).get("/state", log=origin) -> dict            raises Refused(code, **facts) for a no, DoorAway when nobody answers
    Door(path).post("/paper", {...}) -> dict
    cast_gateway(path) -> WSGI application that hands /cast on to the door's public socket

Every call may be repeated safely: minutes are known by id, a ballot by its salt, a paper by its voter.
"""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from showground.rules.refused import Refused

MOST_BODY: Final = 16 * 1024
_PASSED_ON: Final = {"CONTENT_TYPE": "Content-Type", "HTTP_ORIGIN": "Origin", "HTTP_COOKIE": "Cookie"}
_AWAY: Final = (OSError, http.client.HTTPException)
Answer = tuple[int, list[tuple[str, str]], bytes]  # status, headers, body


class DoorAway(Exception):
    """The door does not answer or could not store what it was given; the same call may be made again."""


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("door", timeout=timeout)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        try:
            self.sock.connect(self.path)
        except OSError:
            self.close()
            raise


class Pool:
    """One kept-alive connection per thread to the HTTP server at the unix socket `path`."""

    def __init__(self, path: str | Path, timeout: float = 30.0) -> None:
        self.path, self.timeout = str(path), timeout
        self._mine = threading.local()

    def ask(self, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """Returns status, headers and body of the answer; asks once more when a kept connection turns out to be closed."""
        kept: _Connection | None = getattr(self._mine, "connection", None)
        if kept is not None:
            try:
                return self._once(kept, method, target, body, headers)
            except TimeoutError as error:
                raise DoorAway(str(error)) from error
            except _AWAY:
                pass
        self._mine.connection = fresh = _Connection(self.path, self.timeout)
        try:
            return self._once(fresh, method, target, body, headers)
        except _AWAY as error:
            raise DoorAway(f"{self.path}: {error}") from error

    def _once(self, connection: _Connection, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except _AWAY:
            connection.close()
            self._mine.connection = None
            raise


class Door:
    """The door's private socket; safe to share between threads."""

    def __init__(self, path: str | Path, timeout: float = 30.0) -> None:
        self._pool = Pool(path, timeout)

    def get(self, target: str, **query: object) -> dict[str, Any]:
        """Returns the door's answer to GET `target`?`query`; "from_" and "to_" are asked as "from" and "to"."""
        return self._json("GET", _with(target, query), None, {})

    def post(self, target: str, body: dict[str, Any]) -> dict[str, Any]:
        """Returns the door's answer to POST `target` with a JSON body."""
        return self._json("POST", target, body, {})

    def asset(self, log: str, sha256: str) -> bytes:
        """Returns the bytes of an asset the door wrote."""
        status, _, data = self._pool.ask("GET", _with("/asset", {"log": log, "sha256": sha256}), None, {})
        if status != HTTPStatus.OK:
            _refuse(status, data)
        return data

    def counted(self, log: str, paper: str) -> dict[str, Any]:
        """Returns the voter's counted ballot in the paper's scope, as GET /cast does."""
        return self._json("GET", _with("/cast", {"log": log}), None, {"X-Paper": paper})

    def receipt(self, log: str, paper: str) -> dict[str, Any]:
        """Returns the counted cast of a paper's voter: index, choices, scope, entry, opening; empty when there is none."""
        return self._json("GET", _with("/receipt", {"log": log}), None, {"X-Paper": paper})

    def cast(self, paper: str, ballot: dict[str, Any]) -> dict[str, Any]:
        """Casts a ballot for a page without JavaScript and returns the receipt, as POST /cast does."""
        return self._json("POST", "/cast", ballot, {"X-Paper": paper})

    def _json(self, method: str, target: str, body: dict[str, Any] | None, headers: dict[str, str]) -> dict[str, Any]:
        data = None
        if body is not None:
            data, headers = json.dumps(body).encode(), headers | {"Content-Type": "application/json"}
        status, _, answer = self._pool.ask(method, target, data, headers)
        if status != HTTPStatus.OK:
            _refuse(status, answer)
        value: dict[str, Any] = json.loads(answer)
        return value


def _with(target: str, query: dict[str, object]) -> str:
    return f"{target}?{urlencode({name.rstrip('_'): value for name, value in query.items()})}" if query else target


def _refuse(status: int, answer: bytes) -> None:
    try:
        facts = json.loads(answer)
        code = facts.pop("error")
    except (ValueError, KeyError, AttributeError):
        raise DoorAway(f"answered {status} without a reason") from None
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise DoorAway(f"answered {status} {code}")
    raise Refused(code, **facts)


def cast_gateway(socket_path: str | Path) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """Returns a WSGI application that hands a request for /cast to the door's public socket and its answer back."""
    pool = Pool(socket_path)

    def forward(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        status, headers, body = _forwarded(pool, environ)
        start_response(f"{status} {HTTPStatus(status).phrase}", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    return forward


def _forwarded(pool: Pool, environ: dict[str, Any]) -> Answer:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BODY:
        return _said(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "http.body_too_long", most=MOST_BODY)
    body = environ["wsgi.input"].read(int(length)) if int(length) else None
    headers = {told: environ[name] for name, told in _PASSED_ON.items() if environ.get(name)}
    query = environ.get("QUERY_STRING", "")
    target = f"/cast?{query}" if query else "/cast"
    try:
        status, told_back, answer = pool.ask(environ["REQUEST_METHOD"], target, body, headers)
    except (DoorAway, ValueError, UnicodeError):  # ValueError: a header or a query that HTTP cannot carry
        return _said(HTTPStatus.SERVICE_UNAVAILABLE, "door.away")
    return status, [(name, value) for name, value in told_back if name.lower() not in {"content-length", "connection"}], answer


def _said(status: HTTPStatus, code: str, **facts: object) -> Answer:
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    return status, headers, json.dumps({"error": code, **facts}).encode()
