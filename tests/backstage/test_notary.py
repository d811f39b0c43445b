"""The notary's page on a week that was played to its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from showground.ledger import queries as ledger
from showground.people.actions import welcome
from showground.weeks.actions import give_duty
from tests.entries.test_pages import text
from tests.harness.site import stand
from tests.harness.week import Week


@pytest.fixture
def browser(db: None, settings: Any, tmp_path: Path) -> Client:
    ledger._kept.clear()
    settings.LOG_ROOT, settings.MEDIA_STORE = tmp_path / "log", tmp_path / "media"
    played = Week(seed=2, voters=6).run()
    row = stand(played)
    settings.CLOCK = lambda: row.results_at + 60
    notary = welcome("notary@example.org", language="en", at=0, name="Notary")
    give_duty(row, person=notary, duty="notary")
    client = Client()
    client.force_login(notary)
    return client


def test_every_gate_names_its_record_and_when_it_was_witnessed(browser: Client) -> None:
    page = browser.get("/en/2026/notary/")
    said = text(page)
    assert said.count("witnessed ") >= 7 and "to come" not in said
    assert page.content.decode().count('class="st wit"') >= 8
    assert "Signed over" in said and "I saw this record." in said


def test_the_heads_and_keys_are_those_of_the_log(browser: Client) -> None:
    said = text(browser.get("/en/2026/notary/"))
    log = ledger.chronicle("2026.week.rehearsal.invalid")
    assert all(vkey in said for vkey in [*log.vkeys, *log.keys.values()])
    assert len(log.vkeys) > 1 and said.count("Log and witnesses") == 1, "one name stands over all its keys"
    newest = ledger.checkpoints("2026.week.rehearsal.invalid")[0]
    assert newest.root in said and f"{newest.size} records" in said


def test_the_notarys_page_speaks_chinese(browser: Client) -> None:
    said = text(browser.get("/zh-hans/2026/notary/"))
    assert "公证" in said and "已见证" in said and "对前" in said
