"""The throws of a die count when two people have read the same: the first reading waits, sealed, for the second."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings

from showground.people.models import Person
from showground.quiz.actions.draw import throw_dice
from showground.quiz.actions.sealing import seal, unseal
from showground.quiz.models import Draw
from showground.quiz.queries.draws import said as written
from showground.rules.refused import Refused


def _kept(draw: Draw) -> Path:
    folder: Path = settings.DATA / "quiz"
    return folder / f"throws-{draw.pk}"


def first_reading(draw: Draw) -> dict[str, Any]:
    """Returns who read the throws first, and when ({by, who, at}); empty when nobody has. What was read is not told."""
    kept = _kept(draw)
    if not kept.exists():
        return {}
    said = json.loads(unseal(kept.read_bytes()))
    return {name: said[name] for name in ("by", "who", "at")}


def read_throws(draw: Draw, throws: str, *, notary_there: bool, by: Person, at: int) -> bool:
    """The throws are in the log once a second person has read the same as the first, before the notary; tells whether they are.

    The first may read again. A second reading that differs is refused (`throws.differ`): the two look at the dice again.
    """
    if not notary_there:
        raise Refused("throws.notary")
    thrown = re.sub(r"[\s,.;]", "", throws)
    if not re.fullmatch(r"[1-6]{24,400}", thrown):
        raise Refused("throws.shape")
    if written(draw.quiz.week.origin, "draw.beacon", "draw", draw.code):
        raise Refused("draw.twice", draw=draw.code)
    kept = _kept(draw)
    said = json.loads(unseal(kept.read_bytes())) if kept.exists() else {"by": by.pk}
    if said["by"] == by.pk:
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept.write_bytes(seal(json.dumps({"by": by.pk, "who": str(by), "at": at, "throws": thrown})))
        return False
    if said["throws"] != thrown:
        raise Refused("throws.differ")
    throw_dice(draw, throws=thrown, by=by, at=at)
    kept.unlink(missing_ok=True)
    return True
