"""What comes out of the jail is looked at before it is believed: plain files, plain names, our own hashes."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from showground.rules.refused import Refused

_CODE = re.compile(r"[a-z]+\.[a-z_]+")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,80}")
_LONGEST_FACT = 240


class Untrue(Exception):
    """The tool's answer or its files are not what an honest tool leaves."""


def refusal(said: dict[str, Any]) -> Refused:
    """Returns the tool's refusal with its code checked and its facts cut to plain, short values."""
    code, facts = said.get("refused"), said.get("facts")
    if not isinstance(code, str) or not _CODE.fullmatch(code) or not isinstance(facts, dict):
        raise Untrue("refusal")
    return Refused(code, **{str(name): _plain(value) for name, value in facts.items()})


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(one) for one in value[:20]]
    return value if isinstance(value, (int, float)) else str(value)[:_LONGEST_FACT]


def measured(answer: dict[str, Any], source: Path, out: Path) -> dict[str, Any]:
    """Returns the answer with `bytes`, `sha256` and `hash32` measured here; Untrue if a file is missing, linked or not plain."""
    for entry in entries(out):
        seen = entry.stat(follow_symlinks=False)
        if entry.is_symlink() or not (entry.is_dir() or (entry.is_file() and seen.st_nlink == 1)):
            raise Untrue(entry.name)
    for made in answer.get("renditions", []):
        made["bytes"], made["sha256"] = _weigh(out, str(made["name"]))
    if "hash32" in answer:
        answer["hash32"] = hash32(source)
    return answer


def hash32(package: Path) -> str:
    """Returns the first 32 lower-case base32 characters of the file's SHA-256: the name of an H5 work's origin."""
    return base64.b32encode(bytes.fromhex(sha256(package))).decode().lower()[:32]


def sha256(path: Path) -> str:
    """Returns the SHA-256 of a file in lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _weigh(out: Path, name: str) -> tuple[int, str]:
    path = out / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise Untrue(name)
    return path.stat().st_size, sha256(path)


def entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yields everything below a folder without following links."""
    with os.scandir(folder) as listed:
        for entry in listed:
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from entries(Path(entry.path))


def weight(folder: Path) -> int:
    """Returns the bytes of all files below a folder; files that vanish meanwhile weigh nothing."""
    total = 0
    for entry in entries(folder):
        try:
            total += entry.stat(follow_symlinks=False).st_size
        except FileNotFoundError:
            continue
    return total


def wipe(folder: Path) -> None:
    """Empties a folder."""
    for entry in list(os.scandir(folder)):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.unlink(entry.path)
