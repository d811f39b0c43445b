"""Interactive works: a zip checked, unpacked under names that we make, looked through, and given a poster if it brings one."""

from __future__ import annotations

import hashlib
import json
import mmap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from showground.media import names, picture, scan, sniff, zips
from showground.rules.refused import Refused

FOLDER, MANIFEST, INDEX = "h5", "manifest.json", "index.html"
POSTERS = tuple(f"{name}.{end}" for name in ("poster", "cover") for end in ("png", "webp", "jpg", "jpeg"))
_JUNK = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
# RULE uploads: nothing that a visitor could be brought to run or unpack.
_FORBIDDEN = frozenset(
    "zip 7z rar tar tgz bz2 xz iso dmg exe dll msi scr com bat cmd ps1 vbs lnk hta sh apk ipa app deb rpm jar "
    "php phtml phar asp aspx jsp cgi pl py rb".split()
)
_PROGRAMS = frozenset({"zip", "7z", "rar", "xz", "bzip2", "program"})


def make(source: Path, out: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Unpacks a package into `out`/h5 and renders its poster into `out`; returns counts, notes and the poster's renditions."""
    sniff.check(source, "h5")
    (out / FOLDER).mkdir()
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as zipped:
        chosen, hidden = _chosen(zips.members(zipped))
        listed = {path: _written(zipped, member, out / FOLDER, number) for number, (path, member) in enumerate(chosen)}
    manifest = {"v": 1, "index": INDEX, "files": listed}
    (out / FOLDER / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    poster, trouble = _poster(listed, out)
    return {
        "kind": "zip",
        "files": len(listed),
        "bytes": sum(entry["bytes"] for entry in listed.values()),
        "index": INDEX,
        "hash32": "",  # measured outside the jail
        "notes": [*scan.notes(_texts(listed, out / FOLDER)), *hidden, *trouble],
        **poster,
    }


def _chosen(found: Iterable[zips.Member]) -> tuple[list[tuple[str, zips.Member]], list[dict[str, str]]]:
    """Returns the files to keep under their paths in the work, and notes on hidden ones; refuses a package without its index."""
    files = [(names.safe(member.name), member) for member in found if not member.is_folder]
    kept = [(path, member) for path, member in files if not any(_junk(part) for part in path.split("/"))]
    hidden = [path for path, _ in kept if _hidden(path)]
    kept = [(path, member) for path, member in kept if not _hidden(path)]
    for path, _ in kept:
        if (end := path.rpartition(".")[2].lower()) in _FORBIDDEN:
            raise Refused("package.forbidden", name=path, found=end)
    return _rooted(kept), [{"note": "hidden", "file": path, "what": ""} for path in hidden[:10]]


def _junk(part: str) -> bool:
    return part.lower() in _JUNK or part.startswith("._") or part == ".DS_Store"


def _hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))


def _rooted(kept: list[tuple[str, zips.Member]]) -> list[tuple[str, zips.Member]]:
    """Strips the one folder that holds everything, if there is one; index.html must then lie at the top."""
    tops = {path.partition("/")[0] for path, _ in kept}
    if len(tops) == 1 and all("/" in path for path, _ in kept):
        kept = [(path.partition("/")[2], member) for path, member in kept]
    paths = [path for path, _ in kept]
    if INDEX not in paths:
        others = [path for path in paths if path.rpartition("/")[2].lower() in {INDEX, "index.htm"}]
        raise Refused("package.several_indexes", names=others[:10]) if len(others) > 1 else Refused("package.no_index")
    return kept


def _written(zipped: zips.Bytes, member: zips.Member, folder: Path, number: int) -> dict[str, Any]:
    """Writes one file under its number and returns {"file", "bytes", "sha256"}; nested archives and programs are refused."""
    name, digest = f"f{number:04}", hashlib.sha256()
    with (folder / name).open("xb") as file:
        for piece in zips.inflated(zipped, member):
            if not file.tell():
                _refuse_programs(member.name, piece)
            digest.update(piece)
            file.write(piece)
    return {"file": name, "bytes": member.size, "sha256": digest.hexdigest()}


def _refuse_programs(name: str, start: bytes) -> None:
    kind = sniff.kind_of(start[: sniff.HEAD])
    if start[:2] == b"MZ" and b"PE\0\0" not in start[:1024]:
        return
    if start[:3] == b"BZh" and start[4:10] != b"1AY&SY":
        return
    if kind in _PROGRAMS:
        raise Refused("package.forbidden", name=names.shown(name), found=kind)


def _texts(listed: Mapping[str, Mapping[str, Any]], folder: Path) -> dict[str, bytes]:
    """Returns the first 2 MB of each file that a browser would read as text."""
    texts = {}
    for path, entry in listed.items():
        if path.lower().endswith(scan.TEXTS):
            with (folder / entry["file"]).open("rb") as file:
                texts[path] = file.read(scan.READ)
    return texts


def _poster(listed: Mapping[str, Mapping[str, Any]], out: Path) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Renders the package's own poster; without one, or with a bad one (then a note), there is none."""
    nothing: dict[str, Any] = {"width": None, "height": None, "color": None, "renditions": []}
    name = next((name for name in POSTERS if name in listed), "")
    if not name:
        return nothing, []
    still = out / FOLDER / listed[name]["file"]
    try:
        made = picture.render(still, out, sniff.check(still, "picture"), before="poster-")
    except Refused as no:
        return nothing, [{"note": "poster", "file": name, "what": no.code}]
    return {part: made[part] for part in nothing}, []
