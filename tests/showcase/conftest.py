"""A site with one week in whatever stage a test asks for, in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from showground.ledger import queries as ledger
from showground.voting import queries as voting
from showground.weeks.models import Week as Row
from tests.harness import site
from tests.harness.week import Week

Hung = tuple[Week, Row]
Hang = Callable[..., Hung]


@pytest.fixture
def hang(db: None, settings: Any, tmp_path: Path) -> Hang:
    """hang(until="vote", **week) stands a synthetic week on the site, played as far as `until`."""
    ledger._kept.clear()
    ledger.door.cache_clear()
    voting._fates.cache_clear()
    for name in ("LOG_ROOT", "MEDIA_STORE", "H5_STORE", "WORKS", "LETTERS"):
        setattr(settings, name, tmp_path / name.lower())
    settings.DATA, settings.DOOR_PRIVATE = tmp_path, tmp_path / "nobody.sock"

    def hung(until: str = "done", **more: Any) -> Hung:
        week = Week(**{"seed": 4, "voters": 9, "works": 12, **more}).run(until=until)
        return week, site.stand(week)

    return hung


@pytest.fixture
def at(settings: Any) -> Callable[[int], Client]:
    """at(instant) returns a browser at that instant."""

    def opened(instant: int) -> Client:
        settings.CLOCK = lambda: instant
        return Client()

    return opened
