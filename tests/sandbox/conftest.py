from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .stage import published

Publish = Callable[..., str]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "h5"
    folder.mkdir()
    return folder


@pytest.fixture
def publish(store: Path) -> Publish:
    """Puts a work into the store and returns its hash."""
    return lambda files, hash32="a" * 32: published(store, files, hash32)
