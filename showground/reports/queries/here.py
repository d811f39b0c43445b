"""What of this site a report can be about: a work on show, a line of a guest book. The desk is its host and decides itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from showground.entries.models import Entry
from showground.entries.queries import by_code
from showground.exhibition.models import Note
from showground.exhibition.queries.notes import numbered
from showground.people.models import Person
from showground.weeks.queries import said

NOTE = re.compile(r"note-([1-9][0-9]{0,6})")
WORK = re.compile(r"[a-z2-7]{6}")
_PAGE = re.compile(r"/[a-z-]+/[a-z0-9-]+/works/([a-z2-7]{6})/")
SENT_IN = (Entry.State.SUBMITTED, Entry.State.ACCEPTED)


@dataclass(frozen=True)
class Here:
    """A thing of this site: the code that a case names it by, what officers read of it, where it is shown, who made it if known.

    `public`: everybody can see it now. `since`: the instant at which it came.
    """

    code: str
    title: str
    url: str
    since: int
    public: bool
    maker: Person | None = None
    week: str = ""
    entry: Entry | None = None
    note: Note | None = None

    @property
    def is_work(self) -> bool:
        """True for a work, False for a line of a guest book."""
        return self.entry is not None


def find(code: str) -> Here | None:
    """Returns the thing with this code, as long as it can be acted on; None for a code that names nothing, or nothing any more."""
    if found := NOTE.fullmatch(code):
        return _note(numbered(int(found[1])))
    return _work(by_code(code)) if WORK.fullmatch(code) else None


def withheld(code: str) -> Here | None:
    """Returns the thing with this code if it is withheld now, also one that its maker has withdrawn since."""
    if NOTE.fullmatch(code):
        found = find(code)
        return None if found is None or found.public else found
    entry = by_code(code)
    return None if entry is None or entry.withheld_at is None else _of(entry)


def made(code: str) -> Here | None:
    """Returns the thing that a case was about, whatever became of it since; None for one that is not there any more."""
    if NOTE.fullmatch(code):
        return find(code)
    entry = by_code(code)
    return None if entry is None else _of(entry)


def shown(code: str) -> Here | None:
    """Returns the thing with this code if everybody can see it now: what a reporter may name."""
    found = find(code)
    return found if found is not None and found.public else None


def _work(entry: Entry | None) -> Here | None:
    return None if entry is None or entry.state not in SENT_IN else _of(entry)


def _of(entry: Entry) -> Here:
    return Here(
        entry.code,
        said({"en": entry.title_en, "zh": entry.title_zh}) or entry.code,
        reverse("showcase:work", args=[entry.week.code, entry.code]),
        entry.submitted_at or entry.started_at,
        entry.state == Entry.State.ACCEPTED and entry.withheld_at is None,
        maker=entry.person,
        week=entry.week.code,
        entry=entry,
    )


def _note(note: Note | None) -> Here | None:
    if note is None:
        return None
    hall = note.hall
    url = reverse("exhibition:hall", args=[hall.week.code, hall.code])
    title = note.words if len(note.words) < 80 else f"{note.words[:79]}…"
    return Here(f"note-{note.pk}", title, url, note.at, note.state == Note.State.SHOWN, week=hall.week.code, note=note)


def named_in(links: Iterable[str]) -> str:
    """Returns the code of the first work of this site that a report's links lead to, "" if none does."""
    host = urlsplit(str(settings.SITE_URL)).netloc
    for link in links:
        try:
            parts = urlsplit(link)
        except ValueError:
            continue
        if parts.netloc == host and (found := _PAGE.match(parts.path)) and find(found[1]) is not None:
            return found[1]
    return ""


def sent(form: Any) -> str:
    """Returns the code that came with a report (`about`), "" if it names nothing; a thing withheld since then is named all the same."""
    found = find(str(form.get("about", ""))[:12])
    return found.code if found else ""
