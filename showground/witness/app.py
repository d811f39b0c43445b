"""The witness over HTTP. SPEC tlog-witness: POST /add-checkpoint, GET /<hex sha256(origin)>/checkpoint."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from showground.tlog import Malformed, Unverified, checkpoint, merkle, note
from showground.tlog.malformed import read_decimal, read_hash, read_utf8
from showground.witness.keys import Signer
from showground.witness.state import Log, State

MAX_PROOF = 63
MAX_REQUEST = 262_144
TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"


@dataclass(frozen=True)
class Answer:
    """What the witness says: an HTTP status, a body and its content type."""

    status: int
    body: str
    content_type: str = TEXT


@dataclass(frozen=True)
class Request:
    """An add-checkpoint request in its form: `signed` is the checkpoint verbatim."""

    old_size: int
    path: tuple[bytes, ...]
    note: note.Note
    head: checkpoint.Checkpoint

    @property
    def signed(self) -> str:
        """The signed checkpoint as it came."""
        return self.note.data


def parse_request(body: bytes) -> Request:
    """Returns the request of a body. SPEC tlog-witness: `old <size>`, hashes, an empty line, the signed checkpoint."""
    head, gap, signed = read_utf8(body, "the request").partition("\n\n")
    first, *lines = head.split("\n")
    if not gap or not first.startswith("old "):
        raise Malformed("a request reads: old <size>, hashes, an empty line, a signed checkpoint")
    if len(lines) > MAX_PROOF:
        raise Malformed(f"a consistency proof has at most {MAX_PROOF} hashes")
    old_size = read_decimal(first.removeprefix("old "), "the old size")
    path = tuple(read_hash(line, "a hash of the consistency proof") for line in lines)
    parsed = note.parse(signed)
    request = Request(old_size, path, parsed, checkpoint.parse(parsed.text))
    if old_size > request.head.size:
        raise Malformed("the old size is larger than the checkpoint's")
    return request


class Witness:
    """Cosigns what continues what it cosigned before; `now` gives Unix seconds."""

    def __init__(self, state: State, signer: Signer, now: Callable[[], int]) -> None:
        self.state = state
        self.signer = signer
        self._now = now

    def now(self) -> int:
        """Returns Unix seconds by this witness's clock."""
        return self._now()

    def add_checkpoint(self, body: bytes) -> Answer:
        """Returns the cosignature line if the checkpoint continues the last one; then it is the last one, on disk."""
        try:
            request = parse_request(body)
        except Malformed as fault:
            return Answer(400, f"{fault}\n")
        with self.state.writing():
            return self._decide(request, body)

    def _decide(self, request: Request, body: bytes) -> Answer:
        log = self.state.log(request.head.origin)
        if log is None:
            return Answer(404, "unknown log\n")
        try:
            checkpoint.open_checkpoint(request.signed, log.key)
        except Unverified as fault:
            return Answer(403, f"{fault}\n")
        if request.old_size != log.size:
            return Answer(409, f"{log.size}\n", SIZE)
        if why := _contradiction(request, log):
            self.state.keep_evidence(log.origin, self._now(), why, request.signed, body)
            return Answer(422, f"{why}\n")
        return Answer(200, self._cosign(request, log))

    def _cosign(self, request: Request, log: Log) -> str:
        at, key, head = max(self._now(), log.at), self.signer.key, request.head
        line = note.cosign(request.note.text, key.name, key.public, at, self.signer.sign)
        by_log = [s.line for s in request.note.signatures if (s.name, s.id) == (log.key.name, log.key.id)]
        self.state.advance(log.origin, head.size, head.root, note.join(request.note.text, [*by_log, line]), at)
        return line

    def adopt(self, signed: str) -> bool:
        """Tells whether the state was behind a checkpoint that carries this witness's own cosignature, and no longer is.

        A state restored from a backup would cosign a fork: a larger head with our own signature is ours.
        """
        key = self.signer.key
        with self.state.writing():
            head = checkpoint.parse(note.parse(signed).text)
            log = self.state.log(head.origin)
            if log is None or not note.parse(signed).has(key):
                return False
            times = checkpoint.open_checkpoint(signed, log.key, [key]).cosigned
            if head.size == log.size and head.root != log.root:
                self.state.keep_evidence(log.origin, self._now(), "our own cosignature on another root", signed, signed.encode())
            if head.size <= log.size:
                return False
            self.state.advance(log.origin, head.size, head.root, signed, times[key])
            return True

    def last_checkpoint(self, hashed: str) -> Answer:
        """Returns the last cosigned checkpoint of the log whose origin has this hex SHA-256."""
        log = self.state.log_by_hash(hashed)
        if log is None or not log.note:
            return Answer(404, "no checkpoint\n")
        return Answer(200, log.note)


def _contradiction(request: Request, log: Log) -> str:
    head = request.head
    if head.size == 0 and head.root != merkle.EMPTY_ROOT:
        return "an empty tree has the hash of nothing as its root"
    if head.size == log.size and head.root != log.root:
        return "another root for the size that was cosigned"
    if log.size == 0:
        return "a consistency proof from size 0 is empty" if request.path else ""
    if not merkle.check_consistency(log.size, head.size, request.path, log.root, head.root):
        return "the consistency proof does not hold"
    return ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "showground-witness"
    sys_version = ""
    timeout = 15
    wbufsize = 65_536  # head and body leave in one packet
    witness: Witness

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        self.close_connection = True  # unless the whole body was read
        if self.path != "/add-checkpoint":
            self._say(Answer(404, "no such address\n"))
        elif not re.fullmatch(r"\d{1,9}", length, re.ASCII):
            self._say(Answer(411, "the request needs a Content-Length\n"))
        elif int(length) > MAX_REQUEST:
            self._say(Answer(413, f"a request has at most {MAX_REQUEST} bytes\n"))
        else:
            body = self.rfile.read(int(length))
            self.close_connection = self.headers.get("Connection", "").lower() == "close"
            self._say(self._add(body))

    def _add(self, body: bytes) -> Answer:
        try:
            return self.witness.add_checkpoint(body)
        except sqlite3.Error as fault:
            return Answer(500, f"the state could not be kept: {fault}\n")

    def do_GET(self) -> None:
        match = re.fullmatch(r"/([0-9a-f]{64})/checkpoint", self.path)
        self._say(self.witness.last_checkpoint(match[1]) if match else Answer(404, "no such address\n"))

    def _say(self, answer: Answer) -> None:
        data = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: who asked when is nobody's business."""


class Server(ThreadingHTTPServer):
    """The witness listening on a host and port (0 = any free one); `serve_forever` and `shutdown` as in the library."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, witness: Witness, host: str, port: int) -> None:
        super().__init__((host, port), type("Handler", (_Handler,), {"witness": witness}))

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"
