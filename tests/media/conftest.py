from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from showground.media.jail import Jail, best_available
from showground.rules.refused import Refused

Run = Callable[..., dict[str, Any]]
Refuses = Callable[..., Refused]


@pytest.fixture
def jail() -> Jail:
    """The strong jail; a machine without bubblewrap skips what only walls can promise."""
    found = best_available()
    if not found.strong:
        pytest.skip(found.says)
    return found


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def run(tmp_path: Path, out: Path) -> Run:
    """Runs a tool in the best jail on bytes or a file."""

    def runs(tool: str, upload: bytes | Path, name: str = "upload", **options: object) -> dict[str, Any]:
        source = upload if isinstance(upload, Path) else tmp_path / name
        if isinstance(upload, bytes):
            source.write_bytes(upload)
        return best_available().run(tool, source, out, options)

    return runs


@pytest.fixture
def refused(run: Run, out: Path) -> Callable[..., Refused]:
    """Runs a tool that must refuse, and returns the refusal; the output folder must be empty afterwards."""

    def refuses(tool: str, upload: bytes | Path, **options: object) -> Refused:
        with pytest.raises(Refused) as no:
            run(tool, upload, **options)
        assert not list(out.iterdir())
        return no.value

    return refuses
