"""Putting together what strangers download: the week's bundle with the readable names of its entries."""

from __future__ import annotations

from pathlib import Path

from showground.entries.actions import openings
from showground.entries.models import Entry
from showground.entries.queries import known_to_log
from showground.ledger.actions.export import export_week
from showground.ledger.queries import find_log
from showground.rules import records
from showground.rules.refused import Refused
from showground.weeks.models import Week

README = """A week of Showground, to be checked by anyone.

python3 -I showground-verify.pyz THIS_FILE_OR_FOLDER

It needs Python 3.11 or newer and no network. docs/formats/bundle.md of the project says what each file is.
"""


def entries_json(week: Week) -> bytes:
    """Returns title, maker and openings of every entry that is neither erased nor withheld, as canonical JSON."""
    rows = []
    for entry in known_to_log(week):
        opened = openings(entry)
        if entry.state == Entry.State.ACCEPTED and entry.withheld_at is None and opened:
            shown = {name: opened[name] for name in ("title_commit", "files_commit")}
            title = {"en": entry.title_en, "zh": entry.title_zh}
            rows.append({"entry": entry.code, "title": title, "maker": entry.maker_name, "openings": shown})
    return records.canonical(rows)


def export(week: Week, into: Path) -> Path:
    """The week's bundle is at `into`, a zip or a folder."""
    log = find_log(week.origin)
    if log is None:
        raise Refused("export.not_witnessed", origin=week.origin)
    return export_week(log, extra={"entries.json": entries_json(week), "README.txt": README.encode()}, into=into)
