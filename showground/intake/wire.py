"""HTTP/1.1 on a socket, as little as the door needs: one request in, one answer out, in order, with limits on everything.

A request may be answered later and out of order; the wire keeps pipelined answers in the order of their requests.
"""

from __future__ import annotations

import asyncio
import json
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, cast

import httptools

from showground.rules.refused import Refused

_PIPELINED: Final = 64
_written: Final = json.JSONEncoder(separators=(",", ":"), default=str).encode  # ASCII only: a lone surrogate stays an escape
_HEADERS: Final = 64


@dataclass(frozen=True, slots=True)
class Limits:
    """What one socket puts up with: bytes of head and body, seconds for a whole request, seconds of silence, connections."""

    head: int = 8 * 1024
    body: int = 16 * 1024
    request_seconds: float = 10.0
    idle_seconds: float = 75.0
    connections: int = 4096


def _head(status: HTTPStatus, kind: str) -> bytes:
    return (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\nCache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\nContent-Length: "
    ).encode()


_JSON_HEADS: Final = {status.value: _head(status, "application/json") for status in HTTPStatus if status >= HTTPStatus.OK}


class Request:
    """One request; exactly one of its `answer` methods is called, now or later."""

    __slots__ = ("answered", "body", "chunks", "headers", "keep", "method", "path", "query", "wire")

    def __init__(
        self, wire: Wire, method: str, path: bytes, query: bytes, headers: dict[bytes, bytes], body: bytes, keep: bool
    ) -> None:
        self.wire, self.method, self.path, self.query = wire, method, path, query
        self.headers, self.body, self.keep = headers, body, keep
        self.answered: bytes | None = None
        self.chunks: Iterator[bytes] | None = None

    def json(self, status: int, value: dict[str, Any]) -> None:
        """Answers with a JSON object."""
        self.raw(status, _written(value).encode())

    def raw(self, status: int, body: bytes, extra: bytes = b"") -> None:
        """Answers with JSON text; `extra` are further header lines."""
        close = b"" if self.keep else b"\r\nConnection: close"
        content = body if self.method != "HEAD" else b""
        self.answered = b"%b%d%b%b\r\n\r\n%b" % (_JSON_HEADS[status], len(body), extra, close, content)
        self.wire.flush()

    def stream(self, length: int, chunks: Iterator[bytes]) -> None:
        """Answers with `length` bytes, taken piece by piece as the reader takes them."""
        close = b"" if self.keep else b"\r\nConnection: close"
        self.chunks = chunks
        self.answered = b"%b%d%b\r\n\r\n" % (_head(HTTPStatus.OK, "application/octet-stream"), length, close)
        self.wire.flush()

    def refuse(self, no: Refused) -> None:
        """Answers with the code and the facts of a refusal."""
        status = status_of(no.code)
        body = _written({**no.facts, "error": no.code}).encode()
        wait = no.facts.get("retry_after")
        self.raw(status, body, b"\r\nRetry-After: %d" % wait if isinstance(wait, int) else b"")


_STATUS: Final = {
    "paper.missing": 401, "ballot.overtaken": 409, "ballot.too_fast": 429, "log.unknown": 404, "http.not_found": 404,
    "http.method": 405, "http.origin": 403, "http.content_type": 415, "http.json": 400, "http.malformed": 400,
    "http.body_too_long": 413, "http.head_too_long": 431, "http.too_slow": 408, "door.store": 503, "door.full": 503,
    "door.fault": 500, "minute.id_reused": 409,
}  # fmt: skip


def status_of(code: str) -> int:
    """Returns the HTTP status of a refusal."""
    return _STATUS.get(code) or (403 if code.startswith("paper.") else 422)


class Socket:
    """What the connections of one listening socket share: the handler, the limits, and who is connected."""

    def __init__(self, handler: Callable[[Request], None], limits: Limits) -> None:
        self.handler, self.limits = handler, limits
        self.wires: set[Wire] = set()

    def wire(self) -> Wire:
        """Returns the protocol of a new connection."""
        return Wire(self)

    def finish(self) -> None:
        """No connection reads another request; each closes when what it was asked is answered."""
        for wire in list(self.wires):
            wire.finish()

    def sweep(self, now: float) -> None:
        """Connections that are too slow or silent for too long are gone; `now` is the event loop's time."""
        for wire in list(self.wires):
            wire.sweep(now)


class Wire(asyncio.Protocol):
    """One connection."""

    def __init__(self, socket: Socket) -> None:
        self._socket, self._limits = socket, socket.limits
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._requests: deque[Request] = deque()
        self._stream: Iterator[bytes] | None = None
        self._fault: str | None = None
        self._last = False  # no further request is read
        self._stuck = 0.0  # since when the other side does not read
        self._since = self._loop.time()  # of the request that is coming, or of the last byte
        self._coming = self._in_head = False
        self._begun = 0
        self._fresh()

    def _fresh(self) -> None:
        self._url, self._headers, self._body = b"", dict[bytes, bytes](), bytearray()
        self._head_bytes = self._head_lines = self._unseen = 0

    # ---- asyncio.Protocol ----

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own class does not inherit from it
        if len(self._socket.wires) >= self._limits.connections:
            return self._refuse("door.full")
        self._socket.wires.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._socket.wires.discard(self)
        self._requests.clear()
        self._stream = None

    def data_received(self, data: bytes) -> None:
        if self._last:
            return
        coming, in_head, self._begun = self._coming, self._in_head, 0
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):  # nothing here can be upgraded to
            self._fault = self._fault or "http.malformed"
        if self._in_head and ((in_head and not self._begun) or (not coming and self._begun == 1)):
            self._unseen += len(data)  # a head that does not end is kept by the parser, out of our sight
            self._check_head()
        if self._fault:
            self._refuse(self._fault)
        elif len(self._requests) >= _PIPELINED and self._transport:
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        self._last = True
        return bool(self._requests)  # what was asked is still answered

    def pause_writing(self) -> None:
        self._stuck = self._loop.time()
        if self._transport:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._stuck = 0.0
        self.flush()
        if self._transport and not self._transport.is_closing() and len(self._requests) < _PIPELINED:
            self._transport.resume_reading()

    # ---- httptools ----

    def on_message_begin(self) -> None:
        self._coming = self._in_head = True
        self._begun += 1
        self._since = self._loop.time()
        self._fresh()

    def on_url(self, url: bytes) -> None:
        self._url += url
        self._head_bytes += len(url)
        self._check_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head_lines += 1
        self._head_bytes += len(name) + len(value)
        self._check_head()
        name = name.lower()
        if name in self._headers:
            value = self._headers[name] + (b"; " if name == b"cookie" else b", ") + value
        self._headers[name] = value

    def _check_head(self) -> None:
        if max(self._head_bytes, self._unseen) > self._limits.head or self._head_lines > _HEADERS:
            self._fault = self._fault or "http.head_too_long"

    def on_headers_complete(self) -> None:
        self._in_head = False
        length = self._headers.get(b"content-length", b"0")
        if length.isdigit() and int(length[:20]) > self._limits.body:
            self._fault = self._fault or "http.body_too_long"

    def on_body(self, body: bytes) -> None:
        if len(self._body) + len(body) > self._limits.body:
            self._fault = self._fault or "http.body_too_long"
        elif not self._fault:
            self._body += body

    def on_message_complete(self) -> None:
        self._coming = False
        self._since = self._loop.time()
        if self._parser.should_upgrade() or self._parser.get_http_version() not in {"1.0", "1.1"}:
            self._fault = "http.malformed"
        if self._fault or self._last:
            return
        keep = self._parser.should_keep_alive()
        self._last = not keep
        path, _, query = self._url.partition(b"?")
        request = Request(self, self._parser.get_method().decode(), path, query, self._headers, bytes(self._body), keep)
        self._requests.append(request)
        try:
            self._socket.handler(request)
        except Refused as no:
            request.refuse(no)
        except Exception:
            fault(request)

    # ---- answers ----

    def flush(self) -> None:
        """Every answer that is ready, and whose turn it is, is on its way."""
        if self._transport is None or self._transport.is_closing():
            return
        ready = []
        while self._requests and self._requests[0].answered is not None and self._stream is None:
            request = self._requests.popleft()
            ready.append(request.answered or b"")
            self._stream = request.chunks
            if not request.keep:
                self._requests.clear()
                self._last = True
        if ready:
            self._transport.write(b"".join(ready))
        if self._stream is not None:
            self._pour()
        elif not self._requests and self._last:
            self._transport.close()
        elif len(self._requests) < _PIPELINED // 2 and not self._stuck:
            self._transport.resume_reading()

    def _pour(self) -> None:
        while self._transport is not None and not self._transport.is_closing() and not self._stuck and self._stream is not None:
            chunk = next(self._stream, None)
            if chunk is None:
                self._stream = None
                return self.flush()
            self._transport.write(chunk)

    def _refuse(self, code: str) -> None:
        """Answers what could not be read as a request, after the answers still owed, and reads no more."""
        self._last, self._fault = True, None
        request = Request(self, "GET", b"", b"", {}, b"", keep=False)
        self._requests.append(request)
        request.refuse(Refused(code))

    def finish(self) -> None:
        """No further request is read; the connection closes when what was asked is answered."""
        self._last = True
        self.flush()

    def sweep(self, now: float) -> None:
        """A request that takes too long is refused; a connection that is silent, or does not read, is closed."""
        if self._transport is None:
            return
        if self._stuck and now - self._stuck > self._limits.request_seconds:
            self._transport.abort()
        elif self._coming and not self._last and now - self._since > self._limits.request_seconds:
            self._refuse("http.too_slow")
        elif not self._requests and not self._stream and not self._coming and now - self._since > self._limits.idle_seconds:
            self._transport.close()


def fault(request: Request) -> None:
    """A fault of our own is told to the operator in full and to the asker as a code."""
    traceback.print_exc(file=sys.stderr)
    request.refuse(Refused("door.fault"))
