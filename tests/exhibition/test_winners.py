"""The winners' hall hangs itself: what the declared result says hangs there, nothing else."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from showground.awards.models import Result
from showground.exhibition.actions import halls
from showground.exhibition.models import Hall
from showground.exhibition.queries.winners import walls
from tests.harness.site import stand
from tests.harness.week import START, Week

pytestmark = pytest.mark.django_db


def test_every_prize_of_the_result_hangs_in_its_category_and_no_other_work(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_STORE, settings.LOG_ROOT = tmp_path / "media", tmp_path / "log"
    week = stand(Week(seed=1, voters=12).run())
    table = Result.objects.get().table
    own = week.document["rule"].get("participation", {}).get("prize")
    won = {row["entry"] for category in table["categories"] for row in category["rows"] if row["prize"] and row["prize"] != own}
    hung = walls(week)
    assert {work.code for wall in hung for work in wall.works} == won and won
    halls.build(week, code="won", name={"en": "Winners", "zh": "获奖厅"}, about={}, opens=START, kind=Hall.Kind.WINNERS)
    page = Client().get("/en/2026/halls/won/").content.decode()
    assert all(f"/works/{code}/" in page for code in won)
    assert page.count('class="label"') == len(won)
    assert first_view(page) < 100_000


def first_view(page: str) -> int:
    """Returns the bytes of a page with its style sheets, scripts and preloaded faces, squeezed as a server sends them."""
    named = re.findall(r'<link rel="(?:stylesheet|preload)"[^>]*?href="/static/([^"]+)"', page)
    scripts = re.findall(r'<script src="/static/([^"]+)"', page)
    files = [Path(finders.find(name) or name).read_bytes() for name in {*named, *scripts}]
    assert len(files) >= 5
    return sum(len(gzip.compress(data)) for data in (page.encode(), *files))
