"""Two people at once, exactly: what somebody else does comes right before one statement of ours, each time the test runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def meanwhile(begins: str, do: Callable[[], object]) -> Iterator[None]:
    """Somebody else does `do` right before the first statement that begins so; fails if there was none."""
    left = [do]

    def between(execute: Any, sql: str, *rest: Any) -> Any:
        if left and sql.startswith(begins):
            left.pop()()
        return execute(sql, *rest)

    with connection.execute_wrapper(between):
        yield
    assert not left, "nothing came between"
