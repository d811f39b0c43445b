"""How votes are counted.

    count(counted, entries) -> {entry: votes}                every entry appears, in the order given; a vote for any other is void
    table(through_index, counted, dropped, votes) -> dict    the count as one object; its canonical bytes are a public asset
    published(table) -> dict                                 the fields of tally.published
    votes_of(week, ballots) -> Count                         all of it for one week, from its chronicle and its opened ballots

RULE 4: a counted ballot gives one vote to each work it names that was accepted and not withdrawn before vote.closed. Daily
ballots add up. That a work is withheld from view (entry.withheld) changes nothing here: RULE entries 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from showground.rules import records
from showground.rules.ballots import REPLACED, Ballot, admissible
from showground.rules.chronicle import Chronicle
from showground.rules.refused import Refused

ALGORITHM: Final = "showground-tally/1"
TOP: Final = 10


@dataclass(frozen=True)
class Count:
    """The count of one vote: ballots that count, reasons of the others by index, votes in entry order, the public table."""

    counted: list[Ballot]
    dropped: dict[int, str]
    votes: dict[str, int]
    table: dict[str, Any]


def count(counted: Iterable[Ballot], entries: Iterable[str]) -> dict[str, int]:
    """Returns the votes of each entry, in the order of `entries`."""
    votes = dict.fromkeys(entries, 0)
    for ballot in counted:
        for entry in ballot.choices or ():
            if entry in votes:
                votes[entry] += 1
    return votes


def table(through_index: int, counted: list[Ballot], dropped: Mapping[int, str], votes: Mapping[str, int]) -> dict[str, Any]:
    """Returns the count as one object: how many ballots counted, were replaced or dropped, and [entry, votes] in entry order."""
    reasons = Counter(dropped.values())
    return {
        "algorithm": ALGORITHM,
        "through_index": through_index,
        "counted": len(counted),
        "replaced": reasons.pop(REPLACED, 0),
        "dropped": dict(reasons),
        "votes": [[entry, number] for entry, number in votes.items()],
    }


def published(of: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the fields of tally.published for a count table; no ballot can be voided yet, so both totals are the same."""
    first = sorted(of["votes"], key=lambda row: -row[1])[:TOP]  # a stable sort: equal votes stay in entry order
    return {
        "through_index": of["through_index"],
        "algorithm": of["algorithm"],
        "table_sha256": records.sha256_hex(records.canonical(dict(of))),
        "top": [list(row) for row in first],
        "with_voids": of["counted"],
        "without_voids": of["counted"],
    }


def votes_of(week: Chronicle, ballots: Iterable[Ballot]) -> Count:
    """Returns the count of a closed vote from its chronicle and all its ballots: on the site, in a recount and for strangers."""
    if week.ruleset is None or week.vote_closed is None:
        raise Refused("vote.not_closed")
    counted, dropped = admissible(week.ruleset, week.category_of(), ballots)
    votes = count(counted, week.standing(week.vote_closed))
    return Count(counted, dropped, votes, table(week.vote_closed, counted, dropped, votes))
