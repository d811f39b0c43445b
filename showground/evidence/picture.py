"""A reported screenshot or photo: pixels only, without codes to scan and without the place where it was taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image

from showground.evidence import codes, fingerprint
from showground.evidence.lookalike import NOBODY, Names
from showground.media import picture as pictures
from showground.rules.refused import Refused

Told = dict[str, Any]
# Pixels a side of a working copy.
SIDE = 2048
LOOKED = 16_000_000  # pixels of an attached picture


def read(source: Path, out: Path, stem: str, names: Names = NOBODY) -> Told:
    """Writes a working copy `<stem>.png` of a picture into `out` and tells its codes and fingerprint; Refused if it cannot be decoded."""
    try:
        picture, frames = pictures.decoded(source)
    except pictures.BROKEN:
        raise Refused("evidence.unreadable", ended="decoder")
    found, covered = codes.found(_on_white(picture), names)
    return {
        "kind": "picture",
        "width": picture.width,
        "height": picture.height,
        "frames": frames,
        "fingerprint": fingerprint.of(_on_white(picture)),
        "codes": found,
        "copies": [copied(covered, out, f"{stem}.png")],
    }


def codes_in(source: Path, names: Names = NOBODY) -> list[Told]:
    """Returns the codes in a picture that hangs on something else; Refused if it cannot be decoded or is larger than a photo."""
    try:
        with Image.open(source, formats=pictures.FORMATS) as opened:
            if opened.width * opened.height > LOOKED:
                raise Refused("evidence.unreadable", ended="decoder")
        picture, _frames = pictures.decoded(source)
    except pictures.BROKEN:
        raise Refused("evidence.unreadable", ended="decoder")
    return codes.found(_on_white(picture), names)[0]


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def copied(picture: Image.Image, out: Path, name: str) -> str:
    """Writes pixels as a PNG with nothing else in it, at most 2,048 pixels a side, and returns its name."""
    fresh = Image.new("RGB", picture.size)
    fresh.paste(picture)
    fresh.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    fresh.save(out / name, "PNG", compress_level=4)
    return name
