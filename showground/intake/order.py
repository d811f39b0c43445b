"""The one writer of one log: takes ballots and minutes, gives each its index, and remembers who cast what.

Everything here runs on the door's event loop and is decided in memory; `commit.GroupCommit` makes it durable in the same order,
and no answer leaves before. The four kinds of record that the door writes itself (credentials.issued, scope.turned, vote.closed,
ballots.opened) are appended here by the door's own clock.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import ceil, inf
from typing import Any, Final

from showground.intake.commit import GroupCommit, Store
from showground.intake.paper import Paper
from showground.rules import ballots, phases, records
from showground.rules.chronicle import Chronicle
from showground.rules.records import Record
from showground.rules.refused import Refused
from showground.tlog.merkle import leaf_hash

DOORS_OWN: Final = frozenset({"ballot.cast", "credentials.issued", "scope.turned", "vote.closed", "ballots.opened"})
CASTS_A_MINUTE: Final = 10
_MOST_CHOICES: Final = 256
_STEP: Final = 2000
_BUCKETS: Final = 50_000


@dataclass(slots=True)
class Seat:
    """What one voter did in one scope: the cast that counts, and the index of each cast by its leaf hash."""

    index: int
    choices: tuple[str, ...]
    leaves: dict[bytes, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a cast: where it stands, its exact bytes, and the opening when it is sealed."""

    index: int
    leaf: bytes
    entry: bytes
    opening: bytes | None
    choices: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        """Returns the receipt as the JSON object that the voter's page gets."""
        told: dict[str, Any] = {"index": self.index, "leaf_hash": self.leaf.hex(), "entry": self.entry.decode()}
        if self.opening is not None:
            told["opening"] = json.loads(self.opening)
        return told | {"choices": list(self.choices)}


class Buckets:
    """One token bucket per voter: `CASTS_A_MINUTE` at once, refilled evenly."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[float, int]] = {}

    def take(self, voter: str, now: int) -> None:
        """One token is taken; refuses with the seconds to wait when there is none."""
        if len(self._left) > _BUCKETS:
            self._left = {v: (left, at) for v, (left, at) in self._left.items() if now - at < 60}
        left, at = self._left.get(voter, (float(CASTS_A_MINUTE), now))
        left = min(float(CASTS_A_MINUTE), left + max(0, now - at) * CASTS_A_MINUTE / 60)
        if left < 1:
            raise Refused("ballot.too_fast", retry_after=ceil((1 - left) * 60 / CASTS_A_MINUTE))
        self._left[voter] = (left - 1, now)


class Order:
    """The log of one origin as the door holds it: chronicle, seats of voters, papers given out, minutes by id."""

    def __init__(self, key: bytes, now: Callable[[], int]) -> None:
        self.key, self.now = key, now
        self.week = Chronicle()
        self.commits: GroupCommit | None = None  # set by `attach`; until then records are only read back
        self.seats: dict[tuple[str, str], Seat] = {}  # (scope, voter)
        self.voters: Counter[str] = Counter()  # distinct voters who cast, by scope
        self.casts: Counter[str] = Counter()  # ballots cast, by scope
        self.papers: dict[tuple[str, str], set[str]] = {}  # (scope, channel) -> voters
        self.minutes: dict[str, tuple[int, bytes]] = {}  # id -> (index, leaf hash)
        self.opened_index: int | None = None
        self._buckets = Buckets()
        self._next_turn: float = inf
        self._choosable: dict[str, str] | None = None

    # ---- rebuilt from the store ----

    def read_back(self, store: Store) -> None:
        """The state is what the store's entries, papers and minutes say; refuses a store whose entries are not a log."""
        ids = {index: name for name, index in store.minutes().items()}
        while rows := store.entries(self.week.size, self.week.size + _STEP):
            for entry, opening in rows:
                index, record = self.week.size, records.parse(entry)
                if index in ids:
                    self.minutes[ids[index]] = (index, leaf_hash(entry))
                self._apply(record)
                if record["type"] == "ballot.cast":
                    opened = records.parse(opening) if opening is not None else record
                    self._seat(record, index, leaf_hash(entry), tuple(opened["choices"]))
        for scope, channel, voter in store.papers():
            self.papers.setdefault((scope, channel), set()).add(voter)

    def attach(self, commits: GroupCommit) -> None:
        """From now on what is appended goes to the store; boundaries that passed meanwhile are written now."""
        self.commits = commits
        self.turn()

    def _apply(self, record: Record) -> int:
        index, kind = self.week.size, record["type"]
        self.week.read(record)
        if kind == "ballot.cast":
            return index
        self._choosable = None
        if kind == "ballots.opened":
            self.opened_index = index
        if kind in {"vote.opened", "scope.turned", "vote.closed", "log.closed"}:
            self._next_turn = self._when_next()
        return index

    def _append(self, record: Record, entry: bytes, opening: bytes | None = None, minute: str | None = None) -> int:
        assert self.commits is not None
        index = self._apply(record)
        batch = self.commits.filling()
        batch.entries.append((index, entry, opening))
        if minute is not None:
            batch.minutes.append((minute, index))
        return index

    def _own(self, kind: str, **fields: object) -> int:
        record = records.build(kind, self.week.log, **fields)
        return self._append(record, records.canonical(record))

    # ---- the door's own clock ----

    def _boundaries(self) -> list[tuple[int, str]]:
        week = self.week
        if week.vote is None or week.vote_closed is not None or week.ruleset is None:
            return []
        turned = {scope for _, scope, _ in week.scopes}
        every = phases.boundaries(week.ruleset, week.vote["opens"], week.vote["closes"])
        return [(at, scope) for at, scope in every if scope not in turned]

    def _when_next(self) -> float:
        if self.week.vote is None or self.week.vote_closed is not None or self.week.log_closed is not None:
            return inf
        closes: int = self.week.vote["closes"]
        return min([at for at, _ in self._boundaries()] + [closes])

    def turn(self) -> None:
        """Every boundary that has passed is in the log: the scope that opened, or the close of the vote."""
        now = self.now()
        if now < self._next_turn:
            return
        for at, scope in self._boundaries():
            if at <= now:
                self._issued()
                self._own("scope.turned", scope=scope, at=at)
        vote = self.week.vote
        if vote is not None and now >= vote["closes"]:
            self._issued()
            total = sum(self.week.credentials.values())
            self._own("vote.closed", ballots=self.week.ballots, credentials_total=total, at=vote["closes"])

    def _issued(self) -> None:
        """RULE ledger 5.5: the distinct voters given a paper are logged per channel before the scope they are for ends."""
        scope = self.week.scope
        if scope is None or self.week.ruleset is None:
            return
        for channel in sorted(self.week.ruleset["channels"]):
            self._own("credentials.issued", scope=scope, channel=channel, count=len(self.papers.get((scope, channel), ())))

    def _must_be_open(self) -> tuple[dict[str, Any], dict[str, Any], str]:
        """Returns ruleset, vote and scope when the vote is open now, every passed boundary written."""
        self.turn()
        vote, ruleset = self.week.vote, self.week.ruleset
        phase = phases.open_at(self.week, self.now())
        if phase == "after":
            raise Refused("vote.closed", closes=vote["closes"] if vote else 0)
        if phase == "before" or vote is None or ruleset is None or self.week.scope is None:
            raise Refused("vote.not_open", **({"opens": vote["opens"]} if vote else {}))
        return ruleset, vote, self.week.scope

    # ---- papers and ballots ----

    def paper(self, subject: str, channel: str) -> Paper:
        """Returns the paper of `subject` for the scope that is open now; the first of a voter is counted."""
        ruleset, vote, scope = self._must_be_open()
        if channel not in ruleset["channels"]:
            raise Refused("paper.channel", channel=channel)
        voter = records.pseudonym(self.key, self.week.log, scope, subject)
        given = self.papers.setdefault((scope, channel), set())
        if voter not in given:
            assert self.commits is not None
            given.add(voter)
            self.commits.filling().papers.append((scope, channel, voter))
        ends = min([at for at, _ in self._boundaries()] + [vote["closes"]])
        return Paper(self.week.log, scope, channel, voter, ends)

    def _must_be_valid(self, paper: Paper) -> tuple[dict[str, Any], dict[str, Any]]:
        ruleset, vote, scope = self._must_be_open()
        if paper.scope != scope:
            raise Refused("paper.scope_over", scope=paper.scope, open=scope)
        if self.now() >= paper.expires:
            raise Refused("paper.expired", expires=paper.expires)
        return ruleset, vote

    def counted(self, paper: Paper) -> dict[str, Any]:
        """Returns the voter's cast that counts in the paper's scope (none: no index), the rule's limit and the scope."""
        ruleset, vote = self._must_be_valid(paper)
        seat = self.seats.get((paper.scope, paper.voter))
        told: dict[str, Any] = {} if seat is None else {"index": seat.index, "choices": list(seat.choices)}
        left = ruleset["casts"] - (len(seat.leaves) if seat else 0)
        told |= {"scope": paper.scope, "expires": paper.expires, "limit": ruleset["limit"], "seal": vote["seal"]}
        return told | {"casts_left": max(0, left)}

    def seat_of(self, paper: Paper) -> Seat | None:
        """Returns what the voter of a paper did in its scope, whether that is over or not; refuses a paper of another log."""
        if paper.log != self.week.log:
            raise Refused("paper.other_log", log=paper.log)
        return self.seats.get((paper.scope, paper.voter))

    def cast(self, paper: Paper, asked: dict[str, Any]) -> Receipt:
        """Appends one ballot, or finds the equal leaf that is already there; refuses what no rule allows."""
        self._buckets.take(paper.voter, self.now())
        choices, salt, replaces = _shape(asked)
        receipt, record = self._drawn(paper, choices, salt, replaces)
        seat = self.seats.get((paper.scope, paper.voter))
        if seat is not None and receipt.leaf in seat.leaves:
            return receipt
        ruleset, _ = self._must_be_valid(paper)
        _must_continue(seat, replaces, choices)
        ballots.check_choices(ruleset, self._may_be_chosen(), choices)
        if seat is not None and len(seat.leaves) >= ruleset["casts"]:
            raise Refused("ballot.too_often", most=ruleset["casts"])
        self._append(record, receipt.entry, receipt.opening)
        self._seat(record, receipt.index, receipt.leaf, receipt.choices)
        return receipt

    def _drawn(self, paper: Paper, choices: list[str], salt: str, replaces: int | None) -> tuple[Receipt, Record]:
        vote = self.week.vote
        if vote is None:
            raise Refused("vote.not_open")
        record, opening = records.ballot(
            self.week.log, paper.voter, paper.scope, paper.channel, choices, salt, seal=vote["seal"], replaces=replaces
        )
        entry = records.canonical(record)
        leaf, seat = leaf_hash(entry), self.seats.get((paper.scope, paper.voter))
        index = seat.leaves.get(leaf, self.week.size) if seat else self.week.size
        return Receipt(index, leaf, entry, records.canonical(opening) if opening else None, tuple(choices)), record

    def _may_be_chosen(self) -> dict[str, str]:
        if self._choosable is None:
            votable = self.week.votable()
            self._choosable = {name: category for name, category in self.week.category_of().items() if name in votable}
        return self._choosable

    def _seat(self, record: Record, index: int, leaf: bytes, choices: tuple[str, ...]) -> None:
        seat = self.seats.get((record["scope"], record["voter"]))
        if seat is None:
            seat = self.seats[(record["scope"], record["voter"])] = Seat(index, choices)
            self.voters[record["scope"]] += 1
        self.casts[record["scope"]] += 1
        seat.index, seat.choices = index, choices
        seat.leaves[leaf] = index

    # ---- minutes ----

    def take_minutes(self, minutes: Iterable[tuple[str, str]]) -> tuple[dict[str, int], tuple[str, Refused] | None]:
        """Appends minutes (id, entry) in order until one is refused; returns the index of each id and the one refused, if any."""
        indexes: dict[str, int] = {}
        for name, text in minutes:
            self.turn()
            try:
                indexes[name] = self._minute(name, text.encode("utf-8", "surrogatepass"))
            except Refused as no:
                return indexes, (name, no)
        self.turn()
        return indexes, None

    def _minute(self, name: str, entry: bytes) -> int:
        leaf = leaf_hash(entry)
        if name in self.minutes:
            index, known = self.minutes[name]
            if known != leaf:
                raise Refused("minute.id_reused", index=index)
            return index
        record = minute_record(entry)
        if record["type"] == "vote.opened" and record["pseudonym_key_commit"] != records.pseudonym_key_commit(self.key):
            raise Refused("vote.key_commit", expected=records.pseudonym_key_commit(self.key))
        index = self._append(record, entry, minute=name)
        self.minutes[name] = (index, leaf)
        return index

    # ---- the opening ----

    def may_shortlist(self) -> None:
        """Refuses before the vote is closed; the question itself becomes an audit line."""
        self.turn()
        if self.week.vote_closed is None:
            raise Refused("vote.not_closed")
        self._audit("shortlist")

    def may_open(self) -> None:
        """Refuses before jury.closed is in the log; the question itself becomes an audit line."""
        if self.week.jury_closed is None:
            raise Refused("ballots.opened_early")
        self._audit("open-ballots")

    def _audit(self, what: str) -> None:
        assert self.commits is not None
        self.commits.filling().audits.append((self.now(), what))

    def opened(self, asset_sha256: str, count: int) -> dict[str, Any]:
        """Returns where ballots.opened stands; it is appended now unless it was before."""
        week = self.week
        if week.ballots_opened is None:
            first: dict[str, object] = {"from": week.vote_index}  # `from` is a word of the language
            self._own("ballots.opened", **first, to=week.vote_closed, asset_sha256=asset_sha256, count=count)
        assert week.ballots_opened is not None
        return {"index": self.opened_index} | {name: week.ballots_opened[name] for name in ("asset_sha256", "count")}

    def state(self) -> dict[str, Any]:
        """Returns the size of the log as it is durable, the scope, the turnout; no choices."""
        assert self.commits is not None
        week, scopes = self.week, [scope for _, scope, _ in self.week.scopes]
        papers: Counter[str] = Counter()
        for (scope, _), voters in self.papers.items():
            papers[scope] += len(voters)
        return {
            "log": week.log, "size": self.commits.durable, "scope": week.scope if week.voting else "", "voting": week.voting,
            "closed": week.vote_closed is not None, "ballots": week.ballots, "papers": papers.total(), "clock": week.clock,
            "pseudonym_key_commit": records.pseudonym_key_commit(self.key),
            "turnout": {s: {"voters": self.voters[s], "ballots": self.casts[s], "papers": papers[s]} for s in scopes},
        }  # fmt: skip


def minute_record(entry: bytes) -> Record:
    """Returns the record in a minute; refuses one that is too long, not canonical, or of a kind that the door alone writes."""
    if len(entry) > records.MAX_BYTES:
        raise Refused("record.too_long", most=records.MAX_BYTES)
    record = records.parse(entry)
    records.check(record)
    if record["type"] in DOORS_OWN:
        raise Refused("minute.doors_own", type=record["type"])
    return record


def _shape(asked: dict[str, Any]) -> tuple[list[str], str, int | None]:
    """The parts of a cast as a page may send them: choices as a set, 32 random bytes, the index it replaces."""
    choices, salt, replaces = asked.get("choices"), asked.get("salt"), asked.get("replaces")
    if not isinstance(choices, list) or len(choices) > _MOST_CHOICES or not all(records.ENTRY(c) for c in choices):
        raise Refused("ballot.shape", field="choices")
    if not isinstance(salt, str) or not records.SALT(salt):
        raise Refused("ballot.shape", field="salt")
    if replaces is not None and not records.INDEX(replaces):
        raise Refused("ballot.shape", field="replaces")
    if extra := sorted(set(asked) - {"log", "choices", "salt", "replaces"}):
        raise Refused("ballot.shape", field=extra[0])
    return sorted(set(choices)), salt, replaces


def _must_continue(seat: Seat | None, replaces: int | None, choices: list[str]) -> None:
    """A second device never wipes the first: a cast names the cast that it replaces."""
    if replaces != (seat.index if seat else None):
        counted = {"index": seat.index, "choices": list(seat.choices)} if seat else {}
        raise Refused("ballot.overtaken", counted=counted, yours={"choices": choices})
