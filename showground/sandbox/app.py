"""The works' own server: GET and HEAD of files that a manifest lists, and nothing else."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from showground.sandbox import headers, kinds

Wsgi = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]
Pairs = list[tuple[str, str]]
_FILE = re.compile(r"f[0-9]{4,5}")
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
_PIECE = 1 << 16


@dataclass(frozen=True)
class Answer:
    """One response before it is sent: a short text, or `length` bytes of a file from `start`."""

    status: HTTPStatus
    more: Pairs
    text: bytes = b""
    file: Path | None = None
    start: int = 0
    length: int = 0


@dataclass(frozen=True)
class Entry:
    """One file of a work as its manifest lists it."""

    path: str
    file: Path
    size: int
    sha256: str


def application(store: Path, main_origin: str, domain: str) -> Wsgi:
    """Returns a WSGI callable that serves <store>/<hash32>/ at w<hash32>.<domain>; ValueError if that is not apart."""
    headers.check_apart(main_origin, domain)
    always = headers.work_headers(main_origin)

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = _answer(environ, store, main_origin, domain)
        size = answer.length if answer.file else len(answer.text)
        length = [] if answer.status in {HTTPStatus.NOT_MODIFIED} else [("Content-Length", str(size))]
        start_response(f"{answer.status.value} {answer.status.phrase}", [*answer.more, *length, *always])
        if environ["REQUEST_METHOD"] == "HEAD" or answer.status is HTTPStatus.NOT_MODIFIED:
            return []
        return _read(answer.file, answer.start, answer.length) if answer.file else [answer.text]

    return serve


def hash_of(host: str, domain: str) -> str:
    """Returns the hash of the work that a Host header names (w<hash32>.<domain>, any port), or ""."""
    name = host.lower().partition(":")[0]
    work = name.removesuffix("." + domain)
    return work[1:] if work != name and work[:1] == "w" and headers.HASH.fullmatch(work[1:]) else ""


def _answer(environ: WSGIEnvironment, store: Path, main_origin: str, domain: str) -> Answer:
    """Decides what a request gets; the order is from the cheapest refusal to the file."""
    work = hash_of(environ.get("HTTP_HOST", ""), domain)
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return _said(HTTPStatus.METHOD_NOT_ALLOWED, "Works are only read here.", ("Allow", "GET, HEAD"))
    if not work:
        return _said(HTTPStatus.NOT_FOUND, "No work has this address.")
    if (store / f"{work}.gone").exists():
        return _said(HTTPStatus.GONE, "This work was taken down.", ("Clear-Site-Data", '"*"'))
    if environ.get("HTTP_SERVICE_WORKER") == "script":
        # An offline copy would outlive a takedown.
        return _said(HTTPStatus.FORBIDDEN, "Service workers are not allowed.")
    if environ.get("HTTP_SEC_FETCH_DEST") == "document":
        # A work's address is no page of its own, so it is no phishing link either.
        return _said(HTTPStatus.SEE_OTHER, "This work is shown on its page.", ("Location", f"{main_origin}/h5/{work}"))
    entry = _find(store / work, environ.get("PATH_INFO", "/"))
    return _file(entry, environ) if entry else _said(HTTPStatus.NOT_FOUND, "The work has no such file.")


def _said(status: HTTPStatus, text: str, *more: tuple[str, str]) -> Answer:
    """Returns a plain-text answer that nobody keeps; whether it is a document's does not matter to caches then."""
    kept = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", headers.NEVER), ("Vary", "Sec-Fetch-Dest")]
    return Answer(status, [*more, *kept], f"{text}\n".encode())


def _find(folder: Path, path_info: str) -> Entry | None:
    """Returns the listed file that a request path means; the path itself never reaches the file system."""
    try:
        asked = unicodedata.normalize("NFC", path_info.encode("latin-1").decode("utf-8")).removeprefix("/")
        changed = (folder / "manifest.json").stat().st_mtime_ns
    except (UnicodeError, OSError):
        return None
    listed = _manifest(folder, changed)
    path = asked + "index.html" if not asked or asked.endswith("/") else asked
    found = listed.get(path)
    if found is None or not _FILE.fullmatch(str(found["file"])):
        return None
    return Entry(path, folder / found["file"], int(found["bytes"]), str(found["sha256"]))


@lru_cache(maxsize=256)
def _manifest(folder: Path, changed: int) -> Mapping[str, Mapping[str, Any]]:
    """Returns {path: {"file", "bytes", "sha256"}} of a work; read again when the manifest's time changes."""
    manifest: dict[str, dict[str, dict[str, Any]]] = json.loads((folder / "manifest.json").read_bytes())
    return manifest["files"]


def _file(entry: Entry, environ: WSGIEnvironment) -> Answer:
    """Returns the whole file, the part that was asked for, or 304 if the asker has it."""
    kind, encoding = kinds.kind_of(entry.path)
    tag = f'"{entry.sha256[:32]}"'
    more = [("Content-Type", kind), ("Cache-Control", headers.FOREVER), ("ETag", tag)]
    if encoding:
        more += [("Content-Encoding", encoding), ("Vary", "Accept-Encoding")]
    elif kind.startswith("text/html"):
        more += [("Vary", "Sec-Fetch-Dest"), ("Accept-Ranges", "bytes")]
    else:
        more += [("Accept-Ranges", "bytes")]
    if tag in environ.get("HTTP_IF_NONE_MATCH", ""):
        return Answer(HTTPStatus.NOT_MODIFIED, more[1:])
    asked = "" if encoding or environ.get("HTTP_IF_RANGE", tag) != tag else environ.get("HTTP_RANGE", "")
    return _part(entry, more, asked)


def _part(entry: Entry, more: Pairs, asked: str) -> Answer:
    """Returns one range of a file as 206, or 416; anything that is not one plain range gets the whole file."""
    match = _RANGE.fullmatch(asked)
    if not match or match[0] == "bytes=-":
        return Answer(HTTPStatus.OK, more, file=entry.file, length=entry.size)
    first, last = match[1], match[2]
    start = int(first) if first else max(0, entry.size - int(last))
    end = min(int(last), entry.size - 1) if first and last else entry.size - 1
    if start >= entry.size or start > end:
        return _said(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "No such part.", ("Content-Range", f"bytes */{entry.size}"))
    told = ("Content-Range", f"bytes {start}-{end}/{entry.size}")
    return Answer(HTTPStatus.PARTIAL_CONTENT, [*more, told], file=entry.file, start=start, length=end - start + 1)


def _read(path: Path, start: int, length: int) -> Iterator[bytes]:
    """Yields `length` bytes of a file from `start`."""
    with path.open("rb") as file:
        file.seek(start)
        while length > 0 and (piece := file.read(min(_PIECE, length))):
            length -= len(piece)
            yield piece
