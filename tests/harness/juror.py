"""A juror over HTTP without a browser: makes a key, declares it, seals a sheet; the bytes are those of commands/_juror.py.

juror = PythonJuror(client, week="2026")         `client` is a signed-in django.test.Client
juror.declare()
juror.seal(rows)                                 rows [entry, criterion, points]; returns the answer
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.test import Client

from showground.commands import _juror as sealing


class PythonJuror:
    """One juror at the desk."""

    def __init__(self, client: Client, week: str, language: str = "en") -> None:
        self.client, self.home = client, f"/{language}/{week}/jury/"
        self.facts = self.read()
        self.private, self.vkey = sealing.make_key(self.facts["origin"], self.facts["juror"])

    def read(self) -> dict[str, Any]:
        """The facts that the page hands to its script."""
        page = self.client.get(self.home).content.decode()
        found = re.search(r'<script id="jury-facts" type="application/json">(.*?)</script>', page, re.S)
        assert found, "the juror's desk shows no facts"
        return dict(json.loads(found[1]))

    def post(self, what: str, value: object) -> HttpResponse:
        return self.client.post(f"{self.home}{what}/", json.dumps(value), content_type="application/json")

    def declare(self, **more: Any) -> HttpResponse:
        return self.post("key", {"vkey": self.vkey, "wrapped": {"v": 1}, **more})

    def sheet(self, rows: Sequence[Sequence[Any]], **other: Any) -> dict[str, str]:
        """What a browser would send for these rows; `other` puts another juror, sheet, origin or key in a fact's place."""
        told = {**self.facts, **other}
        return sealing.sealed(self.private, self.vkey, told["origin"], told["juror"], told["sheet"], rows, told["escrow"])

    def seal(self, rows: Sequence[Sequence[Any]]) -> HttpResponse:
        return self.post("seal", self.sheet(rows))
