"""What strangers download is kept fresh: the bundle of each week, and the verifier beside it."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings

from showground import __version__
from showground.entries.queries import withheld_codes
from showground.ledger.queries import checkpoints, find_log
from showground.rules.refused import Refused
from showground.showcase.actions import export
from showground.showcase.queries.log import bundle_place, kept_bundle
from showground.verify import pyz
from showground.weeks.models import Week
from showground.weeks.queries import weeks
from showground.works.actions.hold import keep_all_shut

EVERY = 600
told = logging.getLogger(__name__)


def refresh_downloads(now: int) -> int:
    """Every week's bundle holds what is witnessed, at most ten minutes late, and names no work that is withheld; returns how many
    were written anew. What is held back from the public is shut."""
    keep_all_shut()
    home = Path(settings.DATA) / "export"
    home.mkdir(parents=True, exist_ok=True)
    verifier = home / "showground-verify.pyz"
    mark = home / f"verifier-{__version__}"
    if not verifier.exists() or not mark.exists():
        pyz.build(verifier)
        mark.touch()
    return sum(_refresh(week, now) for week in weeks())


def _due(week: Week, size: int, now: int) -> bool:
    was = kept_bundle(week)
    if list(was.withheld) != withheld_codes(week):
        return True
    return was.size != size and not 0 <= now - was.at < EVERY


def _refresh(week: Week, now: int) -> bool:
    if find_log(week.origin) is None:
        return False
    heads, held = checkpoints(week.origin, most=1), withheld_codes(week)
    if not heads or not _due(week, heads[0].size, now):
        return False
    place, mark = bundle_place(week)
    try:
        export(week, place)
    except Refused as refused:  # an asset that a record names is still on its way
        told.info("%s: no bundle yet, %s", week.code, refused)
        return False
    mark.write_text(" ".join([str(heads[0].size), str(now), *held]), encoding="ascii")
    return True
