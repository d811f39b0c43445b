from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

Publish = Callable[..., str]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "h5"
    folder.mkdir()
    return folder


@pytest.fixture
def publish(store: Path) -> Publish:
    """Puts a work into the store as media's package tool leaves it, and returns its hash."""

    def publishes(files: dict[str, bytes], hash32: str = "a" * 32) -> str:
        home, listed = store / hash32, {}
        home.mkdir()
        for number, (path, body) in enumerate(files.items()):
            (home / f"f{number:04}").write_bytes(body)
            listed[path] = {"file": f"f{number:04}", "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        (home / "manifest.json").write_text(json.dumps({"v": 1, "index": "index.html", "files": listed}), encoding="utf-8")
        return hash32

    return publishes
