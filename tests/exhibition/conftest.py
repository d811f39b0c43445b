"""What every test of the exhibition stands on."""

from __future__ import annotations

import pytest

from showground.exhibition.actions import visits


@pytest.fixture(autouse=True)
def _counts_wait_until_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site's database lets many read while one writes; the one in memory that tests share between threads does not."""
    visits._waiting.clear()
    monkeypatch.setattr(visits, "EVERY", 10**12)
