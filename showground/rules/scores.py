"""How a panel's scores become one number.

    check_scores(ruleset, category_of, shortlist, categories, scores) -> None    Refused sheet.order, .entry, .criterion, .range ...
    panel(ruleset, category_of, openings, shortlist, jurors) -> {entry: Panel}   one Panel for every short-listed entry
    faults(ruleset, category_of, openings, shortlist, jurors) -> {(juror, sheet): code}    sheets that count nothing, and why

A row is [entry, criterion, points] or [entry, "abstain", 1], rows in ascending order. `openings` are jury.opened records or jury
opening objects; `jurors` maps a juror's number to the categories that juror sits for (an empty list: all).
RULE 5: a sheet that breaks the rule counts nothing.
RULE 6: a juror's score of a work is the sum over all criteria; a work that the juror abstains from, leaves out or scores only in
part has no score from that juror ("missing": "drop").
RULE 7: with fewer than `min_sheets` scores a work has no panel score. Arithmetic is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from showground.rules.refused import Refused

ABSTAIN: Final = "abstain"
Row = Sequence[Any]


@dataclass(frozen=True)
class Panel:
    """What the panel says of one entry: scores ascending, their aggregate (None: too few), how many jurors put it first."""

    scores: tuple[int, ...] = ()
    points: Fraction | None = None
    first_places: int = 0


def most_points(ruleset: Mapping[str, Any]) -> int:
    """Returns the points a juror can give one work at most."""
    return sum(criterion["max"] for criterion in ruleset["jury"]["criteria"])


def check_scores(
    ruleset: Mapping[str, Any],
    category_of: Mapping[str, str],
    shortlist: Iterable[str],
    categories: Sequence[str],
    scores: Sequence[Row],
) -> None:
    """Refuses rows out of order or repeated, for works the juror may not score, or outside a criterion's range."""
    limits = {criterion["key"]: criterion["max"] for criterion in ruleset["jury"]["criteria"]} | {ABSTAIN: 1}
    listed = set(shortlist)
    named = [(entry, criterion) for entry, criterion, _ in scores]
    if sorted(set(named)) != named:
        raise Refused("sheet.order")
    for entry, criterion, points in scores:
        if entry not in listed or (categories and category_of[entry] not in categories):
            raise Refused("sheet.entry", entry=entry)
        if criterion not in limits:
            raise Refused("sheet.criterion", entry=entry, criterion=criterion)
        if not (criterion == ABSTAIN) <= points <= limits[criterion]:
            raise Refused("sheet.range", entry=entry, criterion=criterion, points=points, most=limits[criterion])
        if criterion == ABSTAIN and any(e == entry and c != ABSTAIN for e, c in named):
            raise Refused("sheet.abstained", entry=entry)


def faults(
    ruleset: Mapping[str, Any],
    category_of: Mapping[str, str],
    openings: Iterable[Mapping[str, Any]],
    shortlist: Iterable[str],
    jurors: Mapping[int, Sequence[str]],
) -> dict[tuple[int, str], str]:
    """Returns the sheets that count nothing, with a code each: RULE 5; a work scored twice spoils the later sheet."""
    listed = set(shortlist)
    found: dict[tuple[int, str], str] = {}
    seen: set[tuple[int, str]] = set()
    for opening in sorted(openings, key=lambda o: (o["juror"], o["sheet"])):
        juror, named = opening["juror"], {(opening["juror"], row[0]) for row in opening["scores"]}
        try:
            check_scores(ruleset, category_of, listed, jurors[juror], opening["scores"])
            if named & seen:
                raise Refused("sheet.scored_twice")
        except Refused as no:
            found[(juror, opening["sheet"])] = no.code
        else:
            seen |= named
    return found


def _totals(ruleset: Mapping[str, Any], openings: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, int]]:
    """Each juror's score of each work that has all criteria: RULE 6."""
    needed = len(ruleset["jury"]["criteria"])
    totals: dict[int, dict[str, int]] = {}
    for opening in openings:
        rows: dict[str, list[int]] = {}
        for entry, criterion, points in opening["scores"]:
            if criterion != ABSTAIN:
                rows.setdefault(entry, []).append(points)
        full = {entry: sum(points) for entry, points in rows.items() if len(points) == needed}
        totals.setdefault(opening["juror"], {}).update(full)
    return totals


def aggregate(jury: Mapping[str, Any], scores: Sequence[int]) -> Fraction | None:
    """Returns mean, trimmed mean or median of scores, exactly; None when there are fewer than `min_sheets`: RULE 7."""
    ordered = sorted(scores)
    if len(ordered) < jury["min_sheets"]:
        return None
    if jury["aggregate"] == "median":
        low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
        return Fraction(low + high, 2)
    trim = jury["trim"] if jury["aggregate"] == "trimmed_mean" else 0
    kept = ordered[trim : len(ordered) - trim]
    return Fraction(sum(kept), len(kept))


def _first_places(category_of: Mapping[str, str], totals: Mapping[str, int]) -> list[str]:
    """The works that one juror puts first in their category; equal firsts all count."""
    best: dict[str, int] = {}
    for entry, points in totals.items():
        best[category_of[entry]] = max(points, best.get(category_of[entry], 0))
    return [entry for entry, points in totals.items() if points == best[category_of[entry]]]


def panel(
    ruleset: Mapping[str, Any],
    category_of: Mapping[str, str],
    openings: Iterable[Mapping[str, Any]],
    shortlist: Iterable[str],
    jurors: Mapping[int, Sequence[str]],
) -> dict[str, Panel]:
    """Returns what the panel says of every short-listed work, by entry; an entry without scores has an empty Panel."""
    listed, sheets = list(shortlist), list(openings)
    spoiled = faults(ruleset, category_of, sheets, listed, jurors)
    totals = _totals(ruleset, (o for o in sheets if (o["juror"], o["sheet"]) not in spoiled))
    firsts = [entry for by_juror in totals.values() for entry in _first_places(category_of, by_juror)]
    found = {}
    for entry in listed:
        scores = sorted(by_juror[entry] for by_juror in totals.values() if entry in by_juror)
        found[entry] = Panel(tuple(scores), aggregate(ruleset["jury"], scores), firsts.count(entry))
    return found
