"""A kept secret is made once, whoever comes first, and is nobody else's to read."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from showground.vault.kept import kept


def test_many_who_ask_at_once_get_the_same_secret_and_leave_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "keys" / "quiz.seal"
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: kept(place, lambda: secrets.token_bytes(32)), range(40)))
    assert len(found) == 1 and found == {place.read_bytes()}
    assert [p.name for p in place.parent.iterdir()] == ["quiz.seal"]
    assert place.stat().st_mode & 0o077 == 0
