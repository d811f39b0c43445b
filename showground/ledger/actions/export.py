"""The public bundle of a week: everything a stranger needs to recompute it offline. Layout: docs/formats/bundle.md."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from showground.ledger.models import Checkpoint, Log
from showground.ledger.queries import log_folder, published_entries
from showground.rules import records
from showground.rules.refused import Refused
from showground.tlog import tiles

EPOCH = (1980, 1, 1, 0, 0, 0)
NAMED = ("asset_sha256", "table_sha256", "escrow_sha256", "key_sha256", "openings_sha256")


def _named_assets(origin: str, size: int) -> set[str]:
    """The hashes of assets that published records name."""
    found: set[str] = set()
    for entry in published_entries(origin, 0, size):
        record = records.parse(entry)
        found.update(record[name] for name in NAMED if name in record)
        if record["type"] == "award.decided":
            found.add(record["basis"]["result_sha256"])
    return found


def _files(log: Log, head: Checkpoint) -> Iterator[tuple[str, Path | bytes]]:
    home = log_folder(log.origin)
    yield "policy", log.policy.encode()
    yield "checkpoint", head.note.encode()
    for kept in Checkpoint.objects.filter(log=log, witnessed_at__isnull=False, size__lte=head.size).order_by("size"):
        yield f"checkpoints/{kept.size}", kept.note.encode()
    for tile in tiles.tiles_for(head.size):
        yield tile.path, home / tile.path
        if tile.level == 0:
            yield tile.entries_path, home / tile.entries_path
    for name in sorted(_named_assets(log.origin, head.size)):
        asset = home / "assets" / name
        if not asset.exists():
            raise Refused("export.asset_missing", asset=name)
        yield f"assets/{name}", asset


def export_week(log: Log, *, extra: dict[str, bytes], into: Path) -> Path:
    """The bundle of the newest cosigned checkpoint is at `into` (a zip if it ends in .zip, else a folder); `extra` adds files."""
    head = Checkpoint.objects.filter(log=log, witnessed_at__isnull=False).first()
    if head is None:
        raise Refused("export.not_witnessed", origin=log.origin)
    files = {name: data if isinstance(data, bytes) else data.read_bytes() for name, data in _files(log, head)} | extra
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    files["MANIFEST"] = "".join(lines).encode()
    if into.suffix == ".zip":
        _write_zip(files, into)
    else:
        for name, data in files.items():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            (into / name).write_bytes(data)
    return into


def _write_zip(files: dict[str, bytes], into: Path) -> None:
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=into.parent, delete=False) as fresh:
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as out:
            for name in sorted(files):
                out.writestr(zipfile.ZipInfo(name, EPOCH), files[name], zipfile.ZIP_DEFLATED)
    os.chmod(fresh.name, 0o644)
    os.replace(fresh.name, into)
