"""What strangers download is kept fresh: the bundle of each week, and the verifier beside it."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings

from showground import __version__
from showground.ledger.queries import checkpoints, find_log
from showground.rules.refused import Refused
from showground.showcase.actions import export
from showground.verify import pyz
from showground.weeks.models import Week
from showground.weeks.queries import weeks

EVERY = 600
told = logging.getLogger(__name__)


def refresh_downloads(now: int) -> int:
    """Every week's bundle holds what is witnessed, at most ten minutes late; returns how many were written anew."""
    home = Path(settings.DATA) / "export"
    home.mkdir(parents=True, exist_ok=True)
    verifier = home / "showground-verify.pyz"
    mark = home / f"verifier-{__version__}"
    if not verifier.exists() or not mark.exists():
        pyz.build(verifier)
        mark.touch()
    return sum(_refresh(week, home, now) for week in weeks())


def _refresh(week: Week, home: Path, now: int) -> bool:
    if find_log(week.origin) is None:
        return False
    heads = checkpoints(week.origin, most=1)
    mark = home / f"{week.code}.head"
    was = mark.read_text(encoding="ascii").split() if mark.exists() else ["0", "0"]
    if not heads or int(was[0]) == heads[0].size or (now - int(was[1]) < EVERY and now >= int(was[1])):
        return False
    try:
        export(week, home / f"{week.code}.zip")
    except Refused as refused:  # an asset that a record names is still on its way
        told.info("%s: no bundle yet, %s", week.code, refused)
        return False
    mark.write_text(f"{heads[0].size} {now}", encoding="ascii")
    return True
