"""Opens reported files in the jail, many in one run; a file that breaks the run is found and named, the others are read all the same."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from showground.media import harvest
from showground.media.jail import LIMITS, Jail, best_available
from showground.rules.refused import Refused

Told = dict[str, Any]
# RULE reports 3.5: bytes of a file that are opened; files and bytes in one run; seconds of a file.
LARGEST, FILES, BYTES, SECONDS = 25 << 20, 200, 64 << 20, 10.0
_ANSWER = 24 << 20
_KEY = re.compile(r"[a-z0-9_.-]{1,40}")
_LONGEST, _MOST, _DEEPEST = 40_000, 20_000, 12


def open_files(
    files: Sequence[Path],
    *,
    names: str = "",
    kinds: Sequence[str] = (),
    keep: Path | None = None,
    jail: Jail | None = None,
    folder: Path | None = None,
) -> list[Told]:
    """Returns what each file says, in order: {"opened": true, "kind", ...} or {"opened": false, "why"}, always with bytes and sha256.

    `names`: the protected-names list as text. `kinds`: what a caller knows ("mail", "text", ...), "" to look. `keep`: a folder that
    gets the working copies, named <place>-<name>. `folder`: where the files lie while they are open (a tmpfs for sealed evidence).
    """
    within = jail or best_available()
    told: list[Told] = [{} for _ in files]
    for batch in _batches(files, told):
        for place, one in _run(batch, files, [*kinds, *[""] * len(files)], names, keep, within, folder):
            told[place] = {**one, "bytes": files[place].stat().st_size, "sha256": harvest.sha256(files[place])}
    return told


def open_bytes(raw: bytes, **more: Any) -> Told:
    """Returns what one file's bytes say, as `open_files` does."""
    with tempfile.TemporaryDirectory(dir=more.get("folder")) as place:
        (Path(place) / "file").write_bytes(raw)
        return open_files([Path(place) / "file"], **more)[0]


def _batches(files: Sequence[Path], told: list[Told]) -> Iterator[list[int]]:
    """Yields places of files that go into one run; what cannot go in is told at once."""
    batch: list[int] = []
    weight = 0
    for place, file in enumerate(files):
        size = file.stat().st_size
        if not 0 < size <= LARGEST:
            why: Told = {"code": "evidence.too_large", "bytes": size, "limit": LARGEST} if size else {"code": "evidence.empty"}
            told[place] = {"opened": False, "why": why, "bytes": size, "sha256": harvest.sha256(file)}
            continue
        if batch and (len(batch) >= FILES or weight + size > BYTES):
            yield batch
            batch, weight = [], 0
        batch.append(place)
        weight += size
    if batch:
        yield batch


def _run(
    batch: list[int], files: Sequence[Path], kinds: Sequence[str], names: str, keep: Path | None, jail: Jail, folder: Path | None
) -> Iterable[tuple[int, Told]]:
    """Opens a batch in one jailed process; if that ends early, opens its halves, so that only the guilty file stays unread."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        shown, out = Path(place) / "in", Path(place) / "out"
        shown.mkdir()
        out.mkdir()
        for at in batch:
            _laid(files[at], shown / f"{at:06d}")
        limits = replace(LIMITS["evidence"], cpu=int(SECONDS + 2 * len(batch)), wall=2 * SECONDS + 4 * len(batch))
        options = {"names": names, "seconds": SECONDS, "kinds": {f"{at:06d}": kinds[at] for at in batch if kinds[at]}}
        try:
            jail.run("evidence", shown, out, options, limits=limits)
        except Refused as no:
            if len(batch) == 1:
                return [(batch[0], {"opened": False, "why": {"code": no.code, **no.facts}})]
        else:
            return [(at, _harvested(out, f"{at:06d}", keep, files[at])) for at in batch]
    half = len(batch) // 2
    return [
        *_run(batch[:half], files, kinds, names, keep, jail, folder),
        *_run(batch[half:], files, kinds, names, keep, jail, folder),
    ]


def _laid(file: Path, to: Path) -> None:
    try:
        os.link(file.resolve(), to)
    except OSError:
        shutil.copyfile(file, to)


def _harvested(out: Path, stem: str, keep: Path | None, file: Path) -> Told:
    """Returns one answer once it is known to be plain; working copies that it names are kept if they are wanted."""
    answer = out / f"{stem}.json"
    try:
        if answer.stat().st_size > _ANSWER:
            raise harvest.Untrue("answer")
        told = plain(json.loads(answer.read_bytes()))
    except (OSError, ValueError, RecursionError, harvest.Untrue):
        return {"opened": False, "why": {"code": "evidence.unreadable", "ended": "strange"}}
    if not isinstance(told, dict) or not isinstance(told.get("opened"), bool):
        return {"opened": False, "why": {"code": "evidence.unreadable", "ended": "strange"}}
    named = told.get("copies")
    copies = [
        name
        for name in (named if isinstance(named, list) else [])
        if isinstance(name, str) and re.fullmatch(rf"{stem}(-\d+)?\.png", name)
    ]
    told["copies"] = [copy for name in copies if (copy := _kept(out / name, keep, file))]
    return told


def _kept(made: Path, keep: Path | None, file: Path) -> Told | None:
    if not made.is_file():
        return None
    told = {"name": made.name, "bytes": made.stat().st_size, "sha256": harvest.sha256(made)}
    if keep is not None:
        told["name"] = f"{made.stem}-{re.sub(r'[^A-Za-z0-9_-]', '_', file.stem)[:60]}.png"
        shutil.move(made, keep / str(told["name"]))
    return told


def plain(value: Any, depth: int = 0) -> Any:
    """Returns a JSON value from the jail if it is of plain kinds, short enough and not deep; Untrue otherwise."""
    if isinstance(value, str):
        return value[:_LONGEST]
    if value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < 1 << 63):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if depth < _DEEPEST and isinstance(value, list):
        return [plain(one, depth + 1) for one in value[:_MOST]]
    if depth < _DEEPEST and isinstance(value, dict) and all(_KEY.fullmatch(key) for key in value):
        return {key: plain(one, depth + 1) for key, one in value.items()}
    raise harvest.Untrue("answer")
