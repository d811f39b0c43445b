from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from showground.evidence import lookalike, opening
from showground.evidence.lookalike import Names
from showground.media.jail import Jail, best_available

from . import letters

Open = Callable[..., dict[str, Any]]


@pytest.fixture
def names() -> Names:
    return lookalike.read_names(letters.NAMES)


@pytest.fixture
def jail() -> Jail:
    """The strong jail; a machine without bubblewrap skips what only walls can promise."""
    found = best_available()
    if not found.strong:
        pytest.skip(found.says)
    return found


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Opens one file's bytes in the best jail, as the desk does; working copies go to `copies`."""
    (tmp_path / "copies").mkdir()

    def opens(raw: bytes, **more: Any) -> dict[str, Any]:
        return opening.open_bytes(raw, names=letters.NAMES, keep=tmp_path / "copies", **more)

    return opens
