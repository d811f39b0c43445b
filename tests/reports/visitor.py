"""A desk that is open and a browser that reports to it: what the tests of the reporter's pages stand on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client
from nacl.public import PrivateKey

from showground.people.models import Person
from showground.reports.actions import keys
from showground.reports.models import Holder, Report
from showground.reports.queries.keys import Unlocked, unlocked
from showground.vault import boxes
from tests.house.sample_week import Sample, a_week

HOME = "/en/sample/report/"
PASSPHRASE = "a long passphrase"


@dataclass
class Desk:
    """A sample week with an open desk; `now` moves the site's clock."""

    sample: Sample
    officer: Holder
    settings: Any

    def move(self, now: int) -> None:
        self.settings.CLOCK = lambda: now

    @property
    def now(self) -> int:
        return int(self.settings.CLOCK())

    @property
    def origin(self) -> str:
        return self.sample.week.origin

    def shift(self) -> Unlocked:
        who = unlocked(keys.start_shift(self.officer, PASSPHRASE, at=self.now), at=self.now)
        assert who is not None
        return who


@cache
def _officer_key() -> tuple[PrivateKey, bytes]:
    """A key behind the passphrase, made once: it costs a quarter of a second."""
    key = PrivateKey.generate()
    return key, boxes.keep_key(key, PASSPHRASE)


def open_desk(settings: Any, folder: Path) -> Desk:
    """Returns an open desk whose store lies in `folder` and whose clock stands still."""
    settings.DESK_STORE, settings.LETTERS = folder / "desk", folder / "letters"
    settings.EMAIL_BACKEND = "showground.ui.letterbox.FolderBackend"
    sample = a_week()
    now = int(settings.CLOCK())
    settings.CLOCK = lambda: now
    person = Person.objects.create(email="officer@desk.example")
    key, kept = _officer_key()
    officer = Holder.objects.create(person=person, duty="officer", public=bytes(key.public_key), kept=kept, added_at=now)
    keys.open_desk(officer, at=now)
    return Desk(sample, officer, settings)


def send(client: Client, home: str = HOME, **fields: Any) -> HttpResponse:
    """Sends the field page as a browser without scripts does."""
    told = {"category": "phishing", "words": "A message said my parcel waits.", **fields}
    return client.post(f"{home}send/", told)


def code_in(page: HttpResponse) -> str:
    """Returns the code that a page shows, with its spaces."""
    parts = re.findall(r"<span>(\d{2,4})</span>", page.content.decode())
    assert len(parts) == 5, page.content.decode()[:2000]
    return " ".join(parts)


def report() -> Report:
    """Returns the newest report."""
    found = Report.objects.first()
    assert found is not None
    return found
