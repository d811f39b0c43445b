"""What every test of the exhibition stands on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from showground.exhibition.actions import visits
from tests.exhibition.hung import Hung, a_hall
from tests.harness.hall import HallSite, hall_site


@pytest.fixture(autouse=True)
def _counts_wait_until_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site's database lets many read while one writes; the one in memory that tests share between threads does not."""
    monkeypatch.setattr(visits, "EVERY", 10**12)


@pytest.fixture
def stood(settings: Any, tmp_path: Path) -> Hung:
    """A week with an open hall, at the hall's own instant."""
    settings.MEDIA_STORE, settings.WORKS = tmp_path / "media", tmp_path / "works"
    made = a_hall()
    settings.CLOCK = lambda: made.now
    return made


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HallSite]:
    """One running site with a hall of three boards, for the tests that look at it from outside."""
    with hall_site(tmp_path_factory.mktemp("hall-site"), boards=3) as site:
        yield site
