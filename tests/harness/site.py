"""Stands a synthetic week (tests/harness/week.py) up on the site: database rows, published log, entries with pictures.

    stood = stand(Week(seed=1, voters=12).run(), until=...)      the row of weeks.Week; its calendar is the synthetic week's

Needs Django and a database; writes into settings.DATA, which a test sets to a folder of its own.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image

from showground.awards.models import Result
from showground.commands.demo_week import week_file
from showground.entries.models import Entry
from showground.ledger.models import Checkpoint, Log, Minute
from showground.ledger.queries import log_folder
from showground.people.models import Person
from showground.rules import awards, records
from showground.tlog import merkle, note, tiles
from showground.voting.models import Count
from showground.weeks import actions, models
from showground.works.models import Work as StoredWork
from tests.harness.week import DAY, START, Week, write

DOORS_OWN = {"ballot.cast", "credentials.issued", "scope.turned", "vote.closed", "ballots.opened"}
KINDS = {"picture": "poster", "video": "animation", "h5": "game"}
SHEET = (600, 840)


def calendar(week: Week) -> dict[str, int]:
    """The calendar of a synthetic week, in Unix seconds."""
    return {
        "call_opens": START,
        "call_closes": START + 4 * DAY,
        "vote_opens": week.opens,
        "vote_closes": week.closes,
        "jury_closes": week.jury_at,
        "results_at": week.jury_at + DAY,
    }


def stand(week: Week, *, code: str = "2026", name: tuple[str, str] = ("Second Look", "再看一眼")) -> models.Week:
    """The week stands on the site as far as it was played: document, log, entries, count and result."""
    text, _ = week_file(code, anchor=week.opens, name=name)
    document = actions.read_week_file(text)
    document["origin"], document["rule"], document["calendar"] = week.origin, week.rule, calendar(week)
    row = actions.open_week(document)
    _publish(week)
    for number, told in enumerate(week.told, start=1):
        _enter(week, row, told, number)
    if hasattr(week, "count"):
        table = week.count.table
        digest = records.sha256_hex(records.canonical(table))
        Count.objects.create(week=row, table=table, table_sha256=digest, counted_at=week.jury_at + 400)
    if hasattr(week, "result"):
        table = awards.as_table(week.result)
        digest = awards.result_sha256(week.result)
        Result.objects.create(week=row, table=table, table_sha256=digest, declared_at=week.jury_at + 500)
    return row


def _publish(week: Week) -> None:
    if not week.notes:
        return
    write({**_every_tile(week), **week.files()}, log_folder(week.origin))
    log = Log.objects.create(origin=week.origin, vkey=week.log_key.vkey, policy=week.policy.decode())
    for size, head in week.notes.items():
        parsed = note.parse(head)
        root = note_root(parsed.text)
        at = _cosigned_at(head)
        Checkpoint.objects.create(log=log, size=size, root=root, note=head.decode(), signed_at=at, witnessed_at=at)
    for index, entry in enumerate(week.entries):
        kind = json.loads(entry)["type"]
        if kind not in DOORS_OWN:
            Minute.objects.create(log=log, entry=entry.decode(), kind=kind, written_at=START, index=index)


def _every_tile(week: Week) -> dict[str, bytes]:
    """The tiles of every checkpoint, partial ones too, as the publisher leaves them on disk."""
    found = {}
    for size in week.notes:
        leaves = tiles.levels([merkle.leaf_hash(entry) for entry in week.entries[:size]])
        for tile in tiles.tiles_for(size):
            found[tile.path] = tiles.tile_bytes(tile, leaves[tile.level])
            if tile.level == 0:
                first = tile.n * tiles.WIDTH
                found[tile.entries_path] = tiles.encode_entries(week.entries[first : first + tile.width])
    return found


def note_root(text: str) -> str:
    """The root hash of a checkpoint's text, in hex."""
    return base64.b64decode(text.split("\n")[2]).hex()


def _cosigned_at(head: bytes) -> int:
    """The time in the witness's line: 8 bytes after the 4 of the key id."""
    line = head.decode().rstrip("\n").split("\n")[-1]
    return int.from_bytes(base64.b64decode(line.split(" ")[2])[4:12], "big")


def _enter(week: Week, row: models.Week, told: dict[str, Any], number: int) -> Entry:
    person, _ = Person.objects.get_or_create(email=f"maker{number}@example.org", defaults={"since": START})
    state = week.week.entries[told["entry"]]
    category = state.category
    media = picture_of(told["entry"]) if category != "h5" else {**picture_of(told["entry"]), "hash32": "a" * 32}
    work = StoredWork.objects.create(
        code=told["entry"],
        owner=person,
        category=category,
        filename="work.png",
        declared_size=1,
        received=1,
        state=StoredWork.State.SAFE,
        media=media,
        started_at=START,
    )
    gone = state.withdrawn is not None
    return Entry.objects.create(
        week=row,
        person=person,
        work=work,
        code=told["entry"],
        number=None if gone else number,
        state=Entry.State.WITHDRAWN if gone else Entry.State.ACCEPTED,
        category=category,
        genre=KINDS[category],
        title_en=told["title"]["en"],
        title_zh=told["title"]["zh"],
        statement_en="I drew it in one night, after the call.",
        statement_zh="接到那通电话之后，一个晚上画完的。",
        alt_en="A flat colour.",
        alt_zh="一片纯色。",
        maker_name=told["maker"],
        pledge="I made it.",
        pledged_at=START,
        started_at=START,
        submitted_at=START,
    )


def picture_of(seed: str) -> dict[str, Any]:
    """Media of a work: one flat picture of the seed's own colour in two sizes, lying in the media store."""
    digest = hashlib.sha256(seed.encode()).digest()
    renditions = []
    for use, kind, width in (("picture", "WEBP", SHEET[0]), ("share", "JPEG", SHEET[0])):
        picture = Image.new("RGB", (width, SHEET[1]), tuple(digest[:3]))
        name = hashlib.sha256(digest + kind.encode()).hexdigest() + (".webp" if kind == "WEBP" else ".jpg")
        goal = Path(settings.MEDIA_STORE) / name[:2] / name
        goal.parent.mkdir(parents=True, exist_ok=True)
        picture.save(goal, kind)
        mime = "image/webp" if kind == "WEBP" else "image/jpeg"
        renditions.append({"use": use, "type": mime, "width": width, "height": SHEET[1], "file": name})
    return {"renditions": renditions, "color": "#" + digest[:3].hex()}
