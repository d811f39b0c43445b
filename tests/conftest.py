"""What every test stands on: plain static files, switches (the environment is set by tests/environment.py)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import deactivate
from hypothesis import HealthCheck, settings
from nacl.pwhash import argon2id

from tests.environment import wind
from tests.harness.memories import forget

# py_ecc, our second opinion on pairings, lifts Python's recursion limit for the whole process when it is imported; a file that nests
# a hundred thousand deep would then end the process instead of being refused.
_LIMIT = sys.getrecursionlimit()
import py_ecc  # noqa: E402, F401

sys.setrecursionlimit(_LIMIT)

# The same examples each time and on a busy machine too: `make test` says whether the code is right, a drill looks for new examples.
settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("drill", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(autouse=True, scope="session")
def _plain_static_files() -> None:
    """Pages in tests name their static files plainly; the manifest is made by collectstatic and tried by the journeys."""
    from django.conf import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(autouse=True, scope="session")
def _a_test_keeps_its_connection() -> Iterator[None]:
    """A process of the site lets its connection go between two messages; a test's connection holds what the test has written."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.close_old_connections", lambda: None)
        yield


@pytest.fixture(autouse=True, scope="module")
def _cheap_passphrases(request: pytest.FixtureRequest) -> Iterator[None]:
    """A passphrase or a code is made into a key as the site does it, for a thousandth of the cost; the cost is tests/vault's to try.

    What runs as a process of its own pays in full.
    """
    if "vault" in request.path.parts:
        yield
        return
    dear = argon2id.kdf

    def cheap(size: int, password: bytes, salt: bytes, **_: int) -> Any:
        return dear(size, password, salt, opslimit=argon2id.OPSLIMIT_MIN, memlimit=argon2id.MEMLIMIT_MIN)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argon2id, "kdf", cheap)
        yield


def pytest_runtest_setup() -> None:
    """The clock, the language and the memory of a test are not what the one before it left."""
    wind()
    deactivate()
    forget()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--drill", action="store_true", help="also run the drills: the big counts, minutes long")
    parser.addoption(
        "--postgres", action="store_true", help="the rooms' tables lie in a PostgreSQL of this run (tests/environment.py)"
    )
    parser.addoption("--at", metavar="ISO", help="each test's clock begins at this instant in the past (tests/environment.py)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    slow = {item.path for item in items if {"browser", "postgres"} & {*item.keywords, *getattr(item, "fixturenames", ())}}
    items.sort(key=lambda item: 0 if "journeys" in item.path.parts else 1 if item.path in slow else 2)  # long files first
    if config.getoption("--drill"):
        settings.load_profile("drill")
        return
    skip = pytest.mark.skip(reason="a drill; run with --drill")
    for item in items:
        if "drill" in item.keywords:
            item.add_marker(skip)
