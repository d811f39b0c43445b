"""Which ballots count, and why the others do not.

    Ballot(index, voter, scope, channel, choices, replaces)     choices: tuple of entry ids, None while sealed or never opened
    ballot_of(index, record, opening=None) -> Ballot
    check_choices(ruleset, category_of, choices) -> None        Refused ballot.choice_unknown, .choice_twice, .too_many
    admissible(ruleset, category_of, ballots) -> (counted, dropped)

`category_of` maps every entry that may be chosen to its category. An empty choice is allowed: it withdraws the voter's ballot.
RULE 3: of a voter's casts in one scope the last good one counts; a cast that breaks a rule counts nothing and replaces nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from showground.rules.records import Record
from showground.rules.refused import Refused

REPLACED: Final = "replaced"
REASONS: Final = (REPLACED, "unopened", "channel", "casts", "choice_unknown", "choice_twice", "too_many")


@dataclass(frozen=True, slots=True)
class Ballot:
    """One cast as the log has it; `choices` is None when it is sealed and was not opened."""

    index: int
    voter: str
    scope: str
    channel: str
    choices: tuple[str, ...] | None
    replaces: int | None = None


def ballot_of(index: int, record: Record, opening: Record | None = None) -> Ballot:
    """Returns the ballot in a ballot.cast record, with the choices of its opening when it was sealed."""
    named = record.get("choices") if opening is None else opening["choices"]
    choices = None if named is None else tuple(named)
    return Ballot(index, record["voter"], record["scope"], record["channel"], choices, record.get("replaces"))


def check_choices(ruleset: Mapping[str, Any], category_of: Mapping[str, str], choices: Sequence[str]) -> None:
    """Refuses choices that name an unknown entry, one entry twice, or more works than the rule allows per category or ballot."""
    if unknown := [entry for entry in choices if entry not in category_of]:
        raise Refused("ballot.choice_unknown", entry=unknown[0])
    if len(set(choices)) != len(choices):
        raise Refused("ballot.choice_twice", entry=next(e for e in choices if list(choices).count(e) > 1))
    limit = ruleset["limit"]
    if limit["per"] == "ballot":
        if len(choices) > limit["works"]:
            raise Refused("ballot.too_many", most=limit["works"], chosen=len(choices))
        return
    for category, chosen in sorted(Counter(category_of[entry] for entry in choices).items()):
        if chosen > limit["works"]:
            raise Refused("ballot.too_many", most=limit["works"], chosen=chosen, category=category)


def _fault(ruleset: Mapping[str, Any], category_of: Mapping[str, str], ballot: Ballot, casts: int) -> str | None:
    if ballot.channel not in ruleset["channels"]:
        return "channel"
    if casts > ruleset["casts"]:
        return "casts"
    if ballot.choices is None:
        return "unopened"
    try:
        check_choices(ruleset, category_of, ballot.choices)
    except Refused as no:
        return no.code.removeprefix("ballot.")
    return None


def admissible(
    ruleset: Mapping[str, Any], category_of: Mapping[str, str], ballots: Iterable[Ballot]
) -> tuple[list[Ballot], dict[int, str]]:
    """Returns the ballots that count, by index, and for every other index one of `REASONS`: RULE 3."""
    casts: Counter[tuple[str, str]] = Counter()
    last: dict[tuple[str, str], Ballot] = {}
    dropped: dict[int, str] = {}
    for ballot in sorted(ballots, key=lambda b: b.index):
        key = (ballot.voter, ballot.scope)
        casts[key] += 1
        if fault := _fault(ruleset, category_of, ballot, casts[key]):
            dropped[ballot.index] = fault
            continue
        if key in last:
            dropped[last[key].index] = REPLACED
        last[key] = ballot
    return sorted(last.values(), key=lambda b: b.index), dropped
