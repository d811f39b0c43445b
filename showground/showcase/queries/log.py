"""What the log holds by kind, and what the bundle on disk holds of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from showground.entries.queries import withheld_codes
from showground.ledger import queries as ledger
from showground.weeks.models import Week

# The first word of a record's kind -> the row that counts it; ballots and what the door writes by itself are counted apart.
KINDS = {
    **dict.fromkeys(("entry", "entries"), "works"),
    **dict.fromkeys(("quiz", "draw"), "quizzes"),
    **dict.fromkeys(("desk", "figures"), "desk"),
    **dict.fromkeys(("shortlist", "tally", "award"), "count"),
    **dict.fromkeys(("ruleset", "key", "log", "vote"), "rules"),
    "board": "boards",
    "jury": "jury",
    "notary": "notary",
}
ROWS = ("ballots", "works", "jury", "count", "quizzes", "boards", "desk", "notary", "door", "rules")


def kinds_of_records(origin: str) -> list[tuple[str, int]]:
    """Returns how many published records the log holds of each kind, in the order of ROWS, none that is not there."""
    size = ledger.published_size(origin)
    minutes = [m for m in ledger.minutes(origin) if m.index is not None and m.index < size]
    written = Counter(KINDS.get(m.kind.split(".")[0], "rules") for m in minutes)
    ballots = ledger.chronicle(origin).ballots
    written["ballots"] = ballots
    written["door"] = size - written.total()
    return [(key, written[key]) for key in ROWS if written[key]]


# ---- the bundle ----


@dataclass(frozen=True)
class Kept:
    """What a week's bundle on disk holds: records up to `size`, written at `at`, without the works `withheld`."""

    size: int = 0
    at: int = 0
    withheld: tuple[str, ...] = ()


def bundle_place(week: Week) -> tuple[Path, Path]:
    """Returns where a week's bundle lies, and where it is written what it holds."""
    home = Path(settings.DATA) / "export"
    return home / f"{week.code}.zip", home / f"{week.code}.head"


def kept_bundle(week: Week) -> Kept:
    """Returns what the bundle on disk holds, nothing before there is any."""
    _zip, mark = bundle_place(week)
    told = mark.read_text(encoding="ascii").split() if mark.exists() else []
    return Kept(int(told[0]), int(told[1]), tuple(told[2:])) if told else Kept()


def tells_too_much(week: Week) -> bool:
    """Tells whether the bundle on disk still names a work that has been withheld since it was written."""
    return not set(withheld_codes(week)) <= set(kept_bundle(week).withheld)
