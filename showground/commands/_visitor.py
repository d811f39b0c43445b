"""One person's browser, for rehearsals: pages, forms, files and cookies over plain HTTP, at an invented address."""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit


class Stuck(Exception):
    """The play cannot go on: the site answered something else than the play expects."""


class Visitor:
    """One person's browser: a cookie jar, a language, an invented address; one kept connection per thread."""

    _mine = threading.local()

    def __init__(self, site: str, rng: random.Random, language: str = "en") -> None:
        self.site, self.language = urlsplit(site), language
        self.cookies: dict[str, str] = {}
        # RFC 3849: addresses for documentation; every visitor in a network of their own.
        self.address = f"2001:db8:{rng.randrange(65536):x}:{rng.randrange(65536):x}::{rng.randrange(1, 65536):x}"

    def _connection(self) -> http.client.HTTPConnection:
        key = (self.site.hostname, self.site.port)
        kept = getattr(self._mine, "kept", None)
        if kept is None or kept[0] != key:
            kept = (key, http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60))
            self._mine.kept = kept
        return kept[1]

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Returns status, headers and body of one answer; cookies are kept."""
        sent = {"Host": self.site.netloc, "X-Forwarded-For": self.address, **{k.replace("_", "-"): v for k, v in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        for last in (False, True):
            try:
                connection = self._connection()
                connection.request(method, path, body, sent)
                answer = connection.getresponse()
                data = answer.read()
                break
            except (http.client.HTTPException, OSError):
                self._mine.kept = None
                if last:
                    raise
        told = {}
        for name, value in answer.getheaders():
            told[name.lower()] = value
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";", 1)[0]
        return answer.status, told, data

    def get(self, path: str) -> str:
        """Returns the text of a page; follows redirects."""
        for _ in range(5):
            status, told, data = self.ask("GET", path)
            if status in {301, 302, 303} and "location" in told:
                path = urlsplit(told["location"])._replace(scheme="", netloc="").geturl()
                continue
            if status != 200:
                raise Stuck(f"GET {path} answered {status}")
            return data.decode()
        raise Stuck(f"GET {path} leads in circles")

    def post(self, path: str, fields: dict[str, Any], *, expect: int = 302) -> tuple[dict[str, str], str]:
        """Posts a form with its token; returns headers and text of the answer, which must have the expected status."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self.cookies.get("csrf", "")}, doseq=True).encode()
        status, told, data = self.ask("POST", path, body, Content_Type="application/x-www-form-urlencoded", Origin=self._origin())
        if status != expect:
            raise Stuck(f"POST {path} answered {status}: {plain(data)}")
        return told, data.decode("utf-8", "replace")

    def post_json(self, path: str, value: object) -> tuple[int, dict[str, Any]]:
        """Posts JSON as the site's own scripts do; returns status and answer."""
        body = json.dumps(value).encode()
        status, _, data = self.ask(
            "POST", path, body, Content_Type="application/json", Origin=self._origin(), X_CSRFToken=self.cookies.get("csrf", "")
        )
        try:
            return status, dict(json.loads(data))
        except ValueError:
            raise Stuck(f"POST {path} answered {status}: {plain(data)}")

    def upload(self, path: str, filename: str, data: bytes, *, expect: int = 302) -> str:
        """Posts one file as a plain form does."""
        return self.send(path, {}, {"file": (filename, "application/octet-stream", data)}, expect=expect)

    def send(self, path: str, fields: dict[str, Any], files: dict[str, tuple[str, str, bytes]], *, expect: int = 200) -> str:
        """Posts a form with files (field: name, type, bytes); returns the text of the answer, which must have the expected status."""
        edge, parts = "----showground", []
        for name, value in {**fields, "csrfmiddlewaretoken": self.cookies.get("csrf", "")}.items():
            parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
        for name, (filename, kind, data) in files.items():
            head = (
                f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: {kind}\r\n\r\n'
            )
            parts.append(head.encode() + data + b"\r\n")
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        status, _, answer = self.ask(
            "POST", path, body, Content_Type=f"multipart/form-data; boundary={edge}", Origin=self._origin()
        )
        if status != expect:
            raise Stuck(f"POST {path} answered {status}: {plain(answer)}")
        return answer.decode("utf-8", "replace")

    def _origin(self) -> str:
        return f"{self.site.scheme}://{self.site.netloc}"


def plain(data: bytes) -> str:
    """Returns the words of a page on one line, at most 600 characters."""
    text = re.sub(r"<(script|style|head)\b.*?</\1>|<[^>]+>", " ", data.decode("utf-8", "replace"), flags=re.S)
    return " ".join(text.split())[:600]


def field_value(page: str, name: str) -> str:
    """Returns what a form on a page has in one field."""
    if found := re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page, re.S):
        return unescape(found[1]).strip()
    if found := re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', found[0])
        return unescape(chosen[1]) if chosen else ""
    for tag in re.findall(rf'<input[^>]*name="{name}"[^>]*>', page):
        if 'type="radio"' not in tag or "checked" in tag:
            value = re.search(r'value="([^"]*)"', tag)
            return unescape(value[1]) if value else ""
    return ""
