"""Reads a published week from a folder, a zip file or a URL: names and bytes, nothing else.

Nothing is unpacked to disk. Names are plain relative paths; links, twins, climbing names and oversized archives are Unreadable.
"""

from __future__ import annotations

import hashlib
import io
import re
import tempfile
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

MAX_FILES: Final = 200_000
MAX_FILE: Final = 1 << 30
MAX_TOTAL: Final = 8 << 30
MANIFEST: Final = "MANIFEST"

_NAME = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")
_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")
_EXPECTED = re.compile(
    r"policy|checkpoint|checkpoints/(0|[1-9][0-9]*)|tile/[0-9a-z./]+|assets/[0-9a-f]{64}|entries\.json|README\.txt"
)


class Unreadable(Exception):
    """The input cannot be read or lacks a file: nothing can be said. `file` is the name that is missing or bad."""

    def __init__(self, text: str, file: str = "") -> None:
        self.file = file
        super().__init__(text)


class Bundle:
    """The files of one week by name; `read` gives their bytes."""

    def __init__(self, where: str, names: list[str], read: Callable[[str], bytes]) -> None:
        self.where = where
        self.names = sorted(_checked(names))
        self._held = frozenset(self.names)
        self._read = read

    def __contains__(self, name: str) -> bool:
        return name in self._held

    def read(self, name: str) -> bytes:
        """Returns the bytes of one file; a name that is not there is Unreadable."""
        if name not in self._held:
            raise Unreadable(f"{name} is missing", name)
        return self._read(name)


def _checked(names: list[str]) -> list[str]:
    if len(names) > MAX_FILES:
        raise Unreadable(f"more than {MAX_FILES} files")
    for name in names:
        if not _NAME.fullmatch(name) or any(part in {".", ".."} for part in name.split("/")):
            raise Unreadable(f"not a name of a file in a bundle: {name[:80]!r}", name[:80])
    if len(set(names)) != len(names):
        raise Unreadable("two files of one name")
    return names


def is_expected(name: str) -> bool:
    """Tells whether a bundle may hold a file of this name."""
    return _EXPECTED.fullmatch(name) is not None


def open_bundle(where: str) -> Bundle:
    """Returns the bundle at a folder, a zip file or an http, https or file URL."""
    if re.match(r"(https?|file)://", where):
        return _from_zip(where, _fetch(where))
    path = Path(where)
    if path.is_dir():
        return _from_folder(path)
    try:
        return _from_zip(where, path.open("rb"))
    except OSError as error:
        raise Unreadable(f"{where}: {error.strerror or error}")


def _fetch(url: str) -> IO[bytes]:
    held = tempfile.TemporaryFile()
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            while piece := answer.read(1 << 20):
                held.write(piece)
                if held.tell() > MAX_TOTAL:
                    raise Unreadable(f"{url} is larger than {MAX_TOTAL} bytes")
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise Unreadable(f"{url}: {error}")
    held.seek(0)
    return held


def _from_folder(root: Path) -> Bundle:
    names = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise Unreadable(f"{name} is neither a file nor a folder", name)
        if path.is_file():
            names.append(name)

    def read(name: str) -> bytes:
        try:
            with (root / name).open("rb") as file:
                return _whole(file, name)
        except OSError as error:
            raise Unreadable(f"{name}: {error.strerror}", name)

    return Bundle(str(root), names, read)


def _from_zip(where: str, file: IO[bytes]) -> Bundle:
    try:
        archive = zipfile.ZipFile(file)
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable(f"{where} is not a readable zip file: {error}")
    for info in infos:
        if info.flag_bits & 1 or info.file_size > MAX_FILE or (info.external_attr >> 16) & 0o170000 == 0o120000:
            raise Unreadable(f"{info.filename[:80]} is encrypted, a link or too large", info.filename[:80])
    if sum(info.file_size for info in infos) > MAX_TOTAL:
        raise Unreadable(f"{where} unpacks to more than {MAX_TOTAL} bytes")

    def read(name: str) -> bytes:
        try:
            with archive.open(name) as member:
                return _whole(member, name)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
            raise Unreadable(f"{name}: {error}", name)

    return Bundle(where, [info.filename for info in infos], read)


def _whole(file: IO[bytes], name: str) -> bytes:
    held = io.BytesIO()
    while piece := file.read(1 << 20):
        held.write(piece)
        if held.tell() > MAX_FILE:
            raise Unreadable(f"{name} is larger than {MAX_FILE} bytes", name)
    return held.getvalue()


def manifest(files: dict[str, bytes]) -> bytes:
    """Returns the MANIFEST of files: `<sha256 hex>  <name>` and a newline each, sorted by name."""
    named = sorted(name for name in files if name != MANIFEST)
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in named).encode()


def read_manifest(data: bytes) -> dict[str, str]:
    """Returns the hash of each name in a MANIFEST in its one form; ValueError says which line is wrong."""
    text = data.decode("utf-8")
    if not text.endswith("\n"):
        raise ValueError("the last line does not end")
    listed: dict[str, str] = {}
    for number, line in enumerate(text[:-1].split("\n"), 1):
        match = _LINE.fullmatch(line)
        if not match:
            raise ValueError(f"line {number} does not read '<sha256>  <name>'")
        if listed and match[2] <= next(reversed(listed)):
            raise ValueError(f"line {number} is out of order or there twice")
        listed[match[2]] = match[1]
    return listed
