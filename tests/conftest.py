"""What every test stands on: plain static files and the --drill switch (the environment is set by tests/environment.py)."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True, scope="session")
def _plain_static_files() -> None:
    """Pages in tests name their static files plainly; the manifest is made by collectstatic and tried by the journeys."""
    from django.conf import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--drill", action="store_true", help="also run the drills: the big counts, minutes long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--drill"):
        return
    skip = pytest.mark.skip(reason="a drill; run with --drill")
    for item in items:
        if "drill" in item.keywords:
            item.add_marker(skip)

