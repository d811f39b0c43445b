"""The jail's tool for question files: what was taken goes into files beside each other, in our own format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from showground.interchange.questions import native, read

QUESTIONS, LEFT = "questions.jsonl", "left.jsonl"


def make(source: Path, out: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Reads `source` and leaves questions.jsonl (with its media) and left.jsonl in `out`; returns {"format", "questions", "left"}."""
    taken = read(
        str(options["name"]), source.read_bytes(), language=str(options["language"]), format=str(options.get("format", ""))
    )
    data, _ = native.write(taken.questions, language="en", media=taken.media)
    (out / QUESTIONS).write_bytes(data)
    with (out / LEFT).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(left)) + "\n" for left in taken.left)
    return {"format": taken.format, "questions": len(taken.questions), "left": len(taken.left)}
