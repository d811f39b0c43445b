"""The booth on a site with a real door behind it, both on one clock that the test moves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from showground.ledger import queries as ledger
from showground.rules import records
from showground.ui import letterbox
from showground.voting import queries
from showground.weeks.models import Week as Row
from tests.harness import site
from tests.harness.week import Week
from tests.intake.conftest import Running
from tests.intake.conftest import folder as folder

VOTE = "/en/2026/vote/"


@dataclass
class Booth:
    """A site whose week's vote the door knows; `move` sets both clocks."""

    week: Week
    row: Row
    running: Running
    letters: Path

    def move(self, instant: int) -> None:
        self.running.now = instant

    def voter(self, address: str, language: str = "en") -> Client:
        """A browser that has shown that `address` is its own and holds a paper."""
        client = Client()
        home = f"/{language}/2026/vote/"
        assert client.post(f"{home}address/", {"email": address}).status_code == 302
        letter = letterbox.read(self.letters, newest=1, to=address)[0]
        code = re.search(r"(\d{3}) (\d{3})", letter.text)
        assert code
        assert client.post(f"{home}code/", {"code": code[0]}).status_code == 302
        return client

    def codes(self, category: str = "") -> list[str]:
        return sorted(e.entry for e in self.week.week.entries.values() if e.withdrawn is None and category in {"", e.category})


def form(page: HttpResponse) -> dict[str, Any]:
    """What the plain form of a ballot paper would send if it were sent now."""
    html = page.content.decode()
    fields: dict[str, Any] = {"choice": re.findall(r'name="choice" value="(\w+)" checked', html)}
    for name in ("salt", "replaces"):
        if found := re.search(rf'name="{name}" value="([^"]*)"', html):
            fields[name] = found[1]
    return fields


def _open(week: Week, running: Running) -> None:
    """The door takes the minutes of the week up to vote.opened, with its own commitment to its own key."""

    def hand_over(entries: list[bytes], first: int) -> None:
        minutes = [{"id": f"m{first + at}", "entry": entry.decode()} for at, entry in enumerate(entries)]
        running.door.post("/minutes", {"log": week.origin, "minutes": minutes})

    hand_over(week.entries[:-1], 0)
    opened = json.loads(week.entries[-1])
    opened["pseudonym_key_commit"] = running.door.get("/state", log=week.origin)["pseudonym_key_commit"]
    hand_over([records.canonical(opened)], len(week.entries) - 1)


@pytest.fixture
def booth(db: None, settings: Any, tmp_path: Path, folder: Path) -> Iterator[Booth]:
    """A vote that opened an hour ago, three works a ballot, daily."""
    ledger._kept.clear()
    queries._fates.cache_clear()
    for name in ("LOG_ROOT", "MEDIA_STORE", "LETTERS"):
        setattr(settings, name, tmp_path / name.lower())
    settings.EMAIL_BACKEND = "showground.ui.letterbox.FolderBackend"
    week = Week(seed=4, works=12)
    week.rule["limit"]["per"] = "ballot"
    week.run(until="announced")
    row = site.stand(week)
    running = Running(folder, None)
    running.start(rehearsal=True)
    ledger.door.cache_clear()
    settings.DOOR_PRIVATE, settings.CLOCK = running.private, lambda: running.now
    try:
        running.now = week.opens - 600
        _open(week, running)
        running.now = week.opens + 3600
        yield Booth(week, row, running, settings.LETTERS)
    finally:
        ledger.door.cache_clear()
        running.stop()
