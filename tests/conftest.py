"""What every test stands on: a data folder of its own, settings from the environment, the --drill switch."""

from __future__ import annotations

import os
import tempfile

import pytest

_folder = tempfile.mkdtemp(prefix="showground-tests-")
os.environ["SHOWGROUND_DATA"] = _folder
os.environ["SHOWGROUND_CLOCK"] = "rehearsal"
os.environ["SHOWGROUND_URL"] = "http://localhost:8300"
os.environ["SHOWGROUND_MAIL_URL"] = "folder:"


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


def pytest_sessionfinish() -> None:
    import shutil

    shutil.rmtree(_folder, ignore_errors=True)
