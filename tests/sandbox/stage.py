"""A small site on loopback: the main page, the works' hosts on the same port, and a listener that no work may reach."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from showground.sandbox.app import application
from showground.sandbox.headers import frame, frame_origin

DOMAIN = "h5.localhost"


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@contextmanager
def serving(app: Callable[..., Iterable[bytes]]) -> Iterator[int]:
    """Serves a WSGI callable on a free port of 127.0.0.1 and yields the port."""
    with make_server("127.0.0.1", 0, app, _Threaded, _Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Stage:
    """Where everything is, and what was asked of whom."""

    store: Path
    site: str = ""
    evil: str = ""
    asked_site: list[str] = field(default_factory=list)
    asked_evil: list[str] = field(default_factory=list)
    pages: dict[str, bytes] = field(default_factory=dict)
    works: Any = None

    def main(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The site: works by their hosts, `pages` without any policy (the control), and /show/<hash> with the frame."""
        if environ["HTTP_HOST"].partition(":")[0].endswith(DOMAIN):
            return self.works(environ, start_response)  # type: ignore[no-any-return]
        path = environ["PATH_INFO"]
        self.asked_site.append(path)
        if path in self.pages:
            start_response("200 OK", [("Content-Type", "text/javascript" if path.endswith(".js") else "text/html")])
            return [self.pages[path]]
        if not path.startswith("/show/"):
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"PRIVATE"]
        return self._work(path.removeprefix("/show/"), start_response)

    def _work(self, hash32: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
        attributes = " ".join(f'{name}="{value}"' for name, value in frame(hash32, self.site, DOMAIN).items())
        policy = (
            f"default-src 'none'; script-src 'self'; frame-ancestors 'none'; frame-src {frame_origin(hash32, self.site, DOMAIN)}"
        )
        more = [("Content-Type", "text/html"), ("Content-Security-Policy", policy), ("Set-Cookie", "session=SECRET; Path=/")]
        start_response("200 OK", more)
        return [
            f"<!doctype html><title>main</title><script src=/main.js></script><p>PRIVATE<iframe {attributes}></iframe>".encode()
        ]

    def listen(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The listener: writes down every path and answers something that a browser would go on with."""
        self.asked_evil.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Type", "text/html"), ("Access-Control-Allow-Origin", "*")])
        return [b"caught"]


def published(store: Path, files: dict[str, bytes], hash32: str) -> str:
    """Puts a work into the store as media's package tool leaves it, and returns its hash."""
    home, listed = store / hash32, {}
    home.mkdir()
    for number, (path, body) in enumerate(files.items()):
        (home / f"f{number:04}").write_bytes(body)
        listed[path] = {"file": f"f{number:04}", "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    (home / "manifest.json").write_text(json.dumps({"v": 1, "index": "index.html", "files": listed}), encoding="utf-8")
    return hash32


@contextmanager
def staged(store: Path) -> Iterator[Stage]:
    """Yields a running stage; `site` and `evil` are origins on two ports of localhost."""
    stage = Stage(store)
    stage.pages["/main.js"] = b"localStorage.secret = 'SECRET'; function vote() { return 'VOTED' }; onmessage = e => 0"
    with serving(stage.listen) as evil, serving(stage.main) as site:
        stage.site, stage.evil = f"http://localhost:{site}", f"http://localhost:{evil}"
        stage.works = application(store, stage.site, DOMAIN)
        yield stage
