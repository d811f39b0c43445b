"""Published figures: when they are due, what was published, and sums of it. Nothing here reads a report, or counts anything anew.

A period is a whole week from Monday 00:00 UTC. Longer spans are sums of published weeks and of nothing else (RULE figures 1, fives.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from showground.reports.models import DeskKey, FigureSnapshot
from showground.reports.queries.counting import FORMAT
from showground.rules.records import canonical, sha256_hex

DAY: Final = 86400
EVERY: Final = 7 * DAY
MONDAY: Final = 4 * DAY  # 1970-01-05, the first Monday of Unix time
DUE_WITHIN: Final = DAY  # after the end of a period
OVERDUE: Final = 7 * DAY  # after which referrals stop: in the code, so that nobody can set it longer
SPANS: Final = {"quarter": 13, "year": 52, "opened": 0}  # how many of the newest weeks; 0: every one


def week_of(at: int) -> int:
    """Returns the Monday 00:00 UTC at or before an instant."""
    return at - (at - MONDAY) % EVERY


def first_opened() -> int | None:
    """Returns when the desk first opened, None before."""
    key = DeskKey.objects.order_by("made_at").first()
    return key.made_at if key else None


def next_period(at: int) -> tuple[int, int] | None:
    """Returns the oldest period that is over and not published, None if there is none."""
    newest = FigureSnapshot.objects.order_by("-period_to").first()
    opened = first_opened()
    if newest is None and opened is None:
        return None
    since = newest.period_to if newest else week_of(opened or 0)
    return (since, since + EVERY) if since + EVERY <= at else None


def overdue_since(at: int) -> int | None:
    """Returns since when figures are overdue, None while they are in time."""
    waiting = next_period(at)
    if waiting is None or at <= waiting[1] + DUE_WITHIN:
        return None
    return waiting[1] + DUE_WITHIN


def referrals_stop(at: int) -> bool:
    """True once figures are so late that nothing is referred until they are out. RULE reports 3.9, the ninth."""
    late = overdue_since(at)
    return late is not None and at > late + OVERDUE


# ---- what was published ----


def file_of(snapshot: FigureSnapshot) -> bytes:
    """Returns the published bytes, whose SHA-256 stands in the log; raises ValueError if the row no longer gives that hash."""
    data = canonical(snapshot.figures)
    if sha256_hex(data) != snapshot.sha256:
        raise ValueError(f"figures {snapshot.pk} are not those that were published")
    return data


def snapshots() -> QuerySet[FigureSnapshot]:
    """Returns everything published, newest period first."""
    return FigureSnapshot.objects.filter(figures__format=FORMAT).select_related("minute__log").order_by("-period_to")


@dataclass(frozen=True)
class Told:
    """Figures of one week or of several, as everybody may have them: `weeks` says which files they are the sum of."""

    code: str  # of the address: "opened", "year", "quarter", or the first day of a week
    since: int
    until: int
    published_at: int
    before_at: int | None  # when the figures of the span before these came out
    figures: dict[str, Any]
    weeks: tuple[FigureSnapshot, ...]  # newest first


def week(snapshot: FigureSnapshot, code: str) -> Told:
    """Returns the figures of one week."""
    older = snapshots().filter(period_to__lte=snapshot.period_from).first()
    before = older.published_at if older else None
    return Told(code, snapshot.period_from, snapshot.period_to, snapshot.published_at, before, snapshot.figures, (snapshot,))


def span(code: str, rows: Sequence[FigureSnapshot]) -> Told:
    """Returns the sum of the newest weeks of `rows` (newest first) that a span of SPANS takes."""
    length = SPANS[code] or len(rows)
    taken, older = rows[:length], rows[length : length + 1]
    before = older[0].published_at if older else None
    total = together([one.figures for one in reversed(taken)])
    return Told(code, taken[-1].period_from, taken[0].period_to, taken[0].published_at, before, total, tuple(taken))


def leading(published: int) -> str:
    """Returns the span that the page begins with: the last year, or everything while there is less."""
    return "year" if published > SPANS["year"] else "opened"


def offered(published: int) -> list[str]:
    """Returns the spans that say something of their own, the longest first."""
    return [name for name, length in (("opened", 0), ("year", SPANS["year"]), ("quarter", SPANS["quarter"])) if length < published]


def together(weeks: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Returns the sum of published weeks, oldest first: numbers add up, rows by their names; what is text is that of the newest."""
    whole: Any = {}
    for one in weeks:
        whole = _sum(whole, one) if whole else one
    return {**whole, "format": f"{FORMAT}-sum"} if whole else {}


def _sum(older: Any, newer: Any) -> Any:
    if isinstance(newer, dict):
        since = {"from": older["from"], "at_least": newer["at_least"]} if "from" in newer else {}
        found = {name: _sum(older[name], value) if name in older else value for name, value in newer.items()}
        return {**found, **since, **({"to": newer["to"]} if since else {})}
    if isinstance(newer, list):
        rows = dict(older)
        for name, value in newer:
            rows[name] = rows[name] + value if name in rows and isinstance(value, int) else value
        return [[name, value] for name, value in rows.items()]
    return older + newer if isinstance(newer, int) else newer


def sum_file(told: Told) -> bytes:
    """Returns a span as a file: the sum, and the hash of every weekly file that is in it, so that anybody can add them up again."""
    weeks = [{"from": one.period_from, "to": one.period_to, "sha256": one.sha256} for one in reversed(told.weeks)]
    return canonical({**told.figures, "weeks": weeks})


def lines(figures: dict[str, Any]) -> list[tuple[str, str, str, int | str]]:
    """Returns figures as rows (part, table, name, value) for a table sheet."""
    found: list[tuple[str, str, str, int | str]] = []
    for part in ("received", "cases", "decisions", "referrals", "times", "appeals", "openings", "deletions", "log"):
        for name, value in figures[part].items():
            found += _lines(part, name, value) if name != "names" else []
    return [*found, ("automation", "decisions", "", figures["automation"]["decisions"])]


def _lines(part: str, name: str, value: Any) -> list[tuple[str, str, str, int | str]]:
    if isinstance(value, dict):
        return [*[(part, name, key, cell) for key, cell in value["rows"]], (part, name, "total", value["total"])]
    if isinstance(value, list):
        return [(part, name, key, cell) for key, cell in value]
    return [(part, name, "", value)]
