"""Every test of the desks stands on a fresh week, in a folder of its own, at an instant of its choice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from showground.ledger import queries as ledger
from showground.people.models import Person
from tests.entries.sample import Desks, desks

Enter = Callable[..., Client]


@pytest.fixture
def room(db: None, settings: Any, tmp_path: Path) -> Desks:
    """A fresh week; files go into a folder of the test's own, the log is empty."""
    ledger._kept.clear()
    for name in ("LOG_ROOT", "MEDIA_STORE", "H5_STORE", "WORKS"):
        setattr(settings, name, tmp_path / name.lower())
    return desks()


@pytest.fixture
def enter(room: Desks, settings: Any) -> Enter:
    """enter("maker", at=instant) returns a signed-in browser at that instant; without a name nobody is signed in."""

    def opened(who: str | Person = "", at: int | None = None) -> Client:
        settings.CLOCK = lambda: at if at is not None else room.calling
        client = Client(SERVER_NAME="localhost", SERVER_PORT="8300")
        if who:
            client.force_login(room.people[who] if isinstance(who, str) else who)
        return client

    return opened
