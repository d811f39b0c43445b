"""A board as a folder that works from any static host: picture, tiles, text and manifest as plain files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from showground.interchange import iiif
from showground.interchange.iiif import Hung
from showground.media import boards


def write(hung: Hung, drawn: Path, into: Path, **more: Any) -> None:
    """Leaves `into` with board.json, manifest.json and, where `drawn` holds a picture, tiles/ (its address: hung.at) and renditions.

    `drawn` is what media/easel.py: draw left; `more` goes to iiif.manifest. Every address in the files begins with hung.at.
    """
    into.mkdir(parents=True, exist_ok=True)
    if (drawn / "tiles/info.json").is_file():
        shutil.copytree(drawn / "tiles", into / "tiles", dirs_exist_ok=True)
        for path in sorted(drawn.glob("w*.*")):
            shutil.copyfile(path, into / path.name)
        readdress(into / "tiles", f"{hung.at}/tiles")
    (into / "board.json").write_bytes(boards.encoded(hung.board))
    told = iiif.written(iiif.manifest(hung, **more))
    (into / "manifest.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def readdress(tiles: Path, address: str) -> Mapping[str, Any]:
    """Writes the address of an image into its info.json and returns what it says: tiles are made before anyone knows where they go."""
    info: dict[str, Any] = json.loads((tiles / "info.json").read_text(encoding="utf-8"))
    info["id"] = address
    (tiles / "info.json").write_text(json.dumps(info, indent=1), encoding="utf-8")
    return info


def thumbnail(tiles: Path) -> tuple[int, int] | None:
    """Returns the size, in pixels, of the largest whole picture up to 480 wide that the tiles hold."""
    info = json.loads((tiles / "info.json").read_text(encoding="utf-8"))
    fits = [(one["width"], one["height"]) for one in info.get("sizes", []) if one["width"] <= 480]
    return max(fits, default=None)
