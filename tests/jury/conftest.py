"""Tests of the jury stand on a week whose shortlist is declared, or on the entrant's week before its vote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from showground.ledger import queries as ledger
from showground.people.models import Person
from tests.entries.conftest import enter, room
from tests.jury.sample import Judging, judging

__all__ = ["enter", "room"]
Sit = Callable[..., Client]


@pytest.fixture
def folders(settings: Any, tmp_path: Path) -> None:
    ledger._kept.clear()
    for name in ("LOG_ROOT", "MEDIA_STORE", "H5_STORE", "WORKS"):
        setattr(settings, name, tmp_path / name.lower())


@pytest.fixture
def panel(db: None, folders: None) -> Judging:
    """A week that waits for its sheets."""
    return judging()


@pytest.fixture
def sit(panel: Judging, settings: Any) -> Sit:
    """sit(2, at=instant) returns the browser of juror 2 at that instant."""

    def opened(who: int | Person, at: int | None = None) -> Client:
        settings.CLOCK = lambda: at if at is not None else panel.judging
        client = Client(SERVER_NAME="localhost", SERVER_PORT="8300")
        client.force_login(panel.person(who) if isinstance(who, int) else who)
        return client

    return opened
