"""What the log says so far: one pass over the records of a week, in order.

The door, the followers on the site and the stranger's verifier read the same log with this one class, so they cannot disagree about
which entries may be chosen, which scope is open, or who is on the jury.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from showground.rules import quizzes, records
from showground.rules.quizzes import DrawState, QuizState
from showground.rules.records import Record
from showground.rules.refused import Refused
from showground.rules.ruleset import check_ruleset


@dataclass
class EntryState:
    """One entry as the log knows it; `accepted` is the index of its last entry.accepted or None.

    RULE entries 5: `withheld` says that the host does not show the work for now, and nothing else. A work withheld stays in the list
    of the vote, on the ballots that name it, in the count, the short list and the result: a decision about showing it can be turned on
    appeal, votes that were thrown away cannot be cast again. Out of the vote goes only a work that is withdrawn (RULE 4).
    """

    entry: str
    category: str
    genre: str
    submitted: int | None = None
    accepted: int | None = None
    withdrawn: int | None = None
    withheld: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass
class Chronicle:
    """The state of one week after `size` records; `read` takes the next record or refuses it."""

    log: str = ""
    size: int = 0
    clock: str = "real"
    vkeys: list[str] = field(default_factory=list)
    policy_sha256: str = ""
    ruleset: dict[str, Any] | None = None
    ruleset_sha256: str = ""
    entries: dict[str, EntryState] = field(default_factory=dict)
    entries_closed: int | None = None
    jurors: dict[int, list[str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)  # "statement", "escrow", "juror/3" -> vkey
    vote: dict[str, Any] | None = None
    vote_index: int | None = None
    scope: str | None = None
    scopes: list[tuple[int, str, int]] = field(default_factory=list)  # (index, scope, at)
    credentials: dict[tuple[str, str], int] = field(default_factory=dict)
    ballots: int = 0
    vote_closed: int | None = None
    shortlist: list[str] | None = None
    shortlist_index: int | None = None
    sheets: dict[tuple[int, str], tuple[int, Record]] = field(default_factory=dict)
    jury_closed: int | None = None
    ballots_opened: Record | None = None
    opened: dict[tuple[int, str], Record] = field(default_factory=dict)
    unopened: dict[tuple[int, str], Record] = field(default_factory=dict)
    tally: tuple[int, Record] | None = None
    awards: list[tuple[int, Record]] = field(default_factory=list)
    statements: list[tuple[int, Record]] = field(default_factory=list)
    quizzes: dict[str, QuizState] = field(default_factory=dict)
    draws: dict[str, DrawState] = field(default_factory=dict)
    batches: list[tuple[int, Record]] = field(default_factory=list)
    figures: list[tuple[int, Record]] = field(default_factory=list)
    boards: dict[str, tuple[int, Record]] = field(default_factory=dict)  # the newest text of each board
    taken_down: dict[str, int] = field(default_factory=dict)  # boards that hang no more -> the record that says so
    log_closed: int | None = None

    def read(self, record: Record) -> None:
        """Takes the next record of the log: checked, counted and applied; refuses one that may not stand here."""
        records.check(record)
        index, kind = self.size, record["type"]
        if self.log_closed is not None:
            raise Refused("log.closed", index=index)
        if (index == 0) != (kind == "log.opened") or (index > 0 and record["log"] != self.log):
            raise Refused("log.order", index=index, type=kind)
        _READERS[kind](self, index, record)
        self.size = index + 1

    def votable(self) -> set[str]:
        """Returns the entries that a ballot may name now: accepted and not withdrawn."""
        return {e.entry for e in self.entries.values() if e.accepted is not None and e.withdrawn is None}

    def in_entry_order(self, entries: set[str] | list[str]) -> list[str]:
        """Returns entries by the index at which they were accepted, first to last."""
        return sorted(entries, key=lambda e: (self.entries[e].accepted or 0, e))

    def category_of(self) -> dict[str, str]:
        """Returns the category of every entry that was ever accepted: what a ballot may have named."""
        return {e.entry: e.category for e in self.entries.values() if e.accepted is not None}

    def standing(self, before: int) -> list[str]:
        """Returns, in entry order, the entries accepted and not withdrawn before index `before`."""
        accepted = {e.entry for e in self.entries.values() if e.accepted is not None and e.accepted < before}
        return self.in_entry_order({e for e in accepted if (w := self.entries[e].withdrawn) is None or w >= before})

    @property
    def voting(self) -> bool:
        """True from the first scope.turned to vote.closed."""
        return self.scope is not None and self.vote_closed is None


def _must(condition: bool, code: str, **facts: object) -> None:
    if not condition:
        raise Refused(code, **facts)


def _log_opened(week: Chronicle, index: int, r: Record) -> None:
    week.log, week.vkeys, week.policy_sha256 = r["log"], list(r["vkeys"]), r["policy_sha256"]
    week.clock = r.get("clock", "real")
    _must(week.clock == "real" or r["log"].split("/")[0].endswith(".rehearsal.invalid"), "log.clock", index=index)


def _key_declared(week: Chronicle, index: int, r: Record) -> None:
    name = f"juror/{r['juror']}" if r["role"] == "juror" else r["role"]
    _must(r["role"] != "juror" or r.get("juror") in week.jurors, "key.juror_unknown", index=index)
    _must(name not in week.keys, "key.declared_twice", index=index, role=name)
    week.keys[name] = r["vkey"]


def _ruleset_frozen(week: Chronicle, index: int, r: Record) -> None:
    _must(week.ruleset is None and week.vote is None, "ruleset.frozen_twice", index=index)
    check_ruleset(r["ruleset"])
    _must(records.sha256_hex(records.canonical(r["ruleset"])) == r["ruleset_sha256"], "ruleset.hash", index=index)
    week.ruleset, week.ruleset_sha256 = r["ruleset"], r["ruleset_sha256"]


def _entry_submitted(week: Chronicle, index: int, r: Record) -> None:
    _must(week.entries_closed is None, "entry.late", index=index, entry=r["entry"])
    known = week.entries.get(r["entry"])
    _must(
        known is None or (known.accepted is None and known.withdrawn is None),
        "entry.not_open",
        index=index,
        entry=r["entry"],
    )
    fields = {k: v for k, v in r.items() if k not in {"v", "type"}}
    withheld = known.withheld if known else None
    week.entries[r["entry"]] = EntryState(r["entry"], r["category"], r["genre"], submitted=index, withheld=withheld, fields=fields)


def _entry_returned(week: Chronicle, index: int, r: Record) -> None:
    known = week.entries.get(r["entry"])
    _must(
        known is not None and known.accepted is None and known.withdrawn is None,
        "entry.not_submitted",
        index=index,
        entry=r["entry"],
    )


def _entry_accepted(week: Chronicle, index: int, r: Record) -> None:
    known = week.entries.get(r["entry"])
    _must(week.entries_closed is None, "entry.late", index=index, entry=r["entry"])
    _must(
        known is not None and known.accepted is None and known.withdrawn is None,
        "entry.not_submitted",
        index=index,
        entry=r["entry"],
    )
    assert known is not None
    _must(
        known.fields == {k: v for k, v in r.items() if k not in {"v", "type"}},
        "entry.changed",
        index=index,
        entry=r["entry"],
    )
    known.accepted = index


def _entry_withdrawn(week: Chronicle, index: int, r: Record) -> None:
    known = week.entries.get(r["entry"])
    _must(known is not None and known.withdrawn is None, "entry.not_submitted", index=index, entry=r["entry"])
    assert known is not None
    known.withdrawn = index


def _entry_withheld(week: Chronicle, index: int, r: Record) -> None:
    known = week.entries.get(r["entry"])
    _must(known is not None and known.withdrawn is None, "entry.not_submitted", index=index, entry=r["entry"])
    assert known is not None
    _must(known.withheld is None, "entry.withheld_twice", index=index, entry=r["entry"])
    known.withheld = index


def _entry_restored(week: Chronicle, index: int, r: Record) -> None:
    known = week.entries.get(r["entry"])
    _must(known is not None and known.withheld is not None, "entry.not_withheld", index=index, entry=r["entry"])
    assert known is not None
    known.withheld = None


def _entries_closed(week: Chronicle, index: int, r: Record) -> None:
    listed = sorted(week.votable())
    _must(week.entries_closed is None, "entries.closed_twice", index=index)
    _must(r["count"] == len(listed) and r["list_sha256"] == records.list_sha256(listed), "entries.list", index=index)
    week.entries_closed = index


def _jury_appointed(week: Chronicle, index: int, r: Record) -> None:
    _must(week.vote is None, "jury.late", index=index)
    _must(r["juror"] not in week.jurors, "jury.appointed_twice", index=index, juror=r["juror"])
    week.jurors[r["juror"]] = list(r["categories"])


def _vote_opened(week: Chronicle, index: int, r: Record) -> None:
    _must(week.vote is None and week.entries_closed is not None, "vote.order", index=index)
    _must(r["ruleset_sha256"] == week.ruleset_sha256 != "", "ruleset.other", index=index)
    _must(r["entries_list_sha256"] == records.list_sha256(sorted(week.votable())), "entries.list", index=index)
    _must(r["opens"] < r["closes"], "vote.times", index=index)
    assert week.ruleset is not None
    _must(r["seal"] == week.ruleset["seal"], "vote.seal", index=index)
    _must({week.entries[e].category for e in week.votable()} <= set(week.ruleset["categories"]), "entry.category", index=index)
    week.vote, week.vote_index = r, index


def _credentials_issued(week: Chronicle, index: int, r: Record) -> None:
    key = (r["scope"], r["channel"])
    _must(week.vote is not None and week.vote_closed is None, "vote.not_open", index=index)
    _must(r["count"] >= week.credentials.get(key, 0), "credentials.fell", index=index)
    week.credentials[key] = r["count"]


def _scope_turned(week: Chronicle, index: int, r: Record) -> None:
    _must(week.vote is not None and week.vote_closed is None, "vote.not_open", index=index)
    _must(all(r["scope"] != scope for _, scope, _ in week.scopes), "scope.twice", index=index)
    _must(not week.scopes or r["at"] > week.scopes[-1][2], "scope.order", index=index)
    week.scope = r["scope"]
    week.scopes.append((index, r["scope"], r["at"]))


def _ballot_cast(week: Chronicle, index: int, r: Record) -> None:
    _must(week.voting and week.vote is not None, "vote.not_open", index=index)
    assert week.vote is not None
    _must(("choices" in r) == (week.vote["seal"] == "live"), "ballot.seal", index=index)
    _must(r["scope"] == week.scope, "ballot.scope", index=index, scope=r["scope"])
    _must(r.get("replaces", -1) < index, "record.reference", index=index)
    week.ballots += 1


def _vote_closed(week: Chronicle, index: int, r: Record) -> None:
    _must(week.vote is not None and week.vote_closed is None, "vote.not_open", index=index)
    _must(r["ballots"] == week.ballots, "vote.count", index=index)
    week.vote_closed = index


def _shortlist_declared(week: Chronicle, index: int, r: Record) -> None:
    _must(week.vote_closed is not None and week.shortlist is None, "shortlist.order", index=index)
    _must(r["through_index"] == week.vote_closed, "record.reference", index=index)
    _must(
        r["entries"] == week.in_entry_order(r["entries"]) if set(r["entries"]) <= set(week.entries) else False,
        "shortlist.order",
        index=index,
    )
    week.shortlist, week.shortlist_index = list(r["entries"]), index


def _jury_committed(week: Chronicle, index: int, r: Record) -> None:
    _must(week.shortlist is not None and week.jury_closed is None, "jury.not_open", index=index)
    _must(r["juror"] in week.jurors and f"juror/{r['juror']}" in week.keys, "jury.juror_unknown", index=index)
    week.sheets[(r["juror"], r["sheet"])] = (index, r)


def _jury_closed(week: Chronicle, index: int, r: Record) -> None:
    _must(week.shortlist is not None and week.jury_closed is None, "jury.not_open", index=index)
    _must(r["sheets"] == len(week.sheets), "jury.count", index=index)
    week.jury_closed = index


def _ballots_opened(week: Chronicle, index: int, r: Record) -> None:
    _must(week.jury_closed is not None and week.ballots_opened is None, "ballots.opened_early", index=index)
    _must(r["to"] <= (week.vote_closed or 0), "record.reference", index=index)
    week.ballots_opened = r


def _may_open(week: Chronicle, index: int, key: tuple[int, str]) -> None:
    _must(week.jury_closed is not None and key in week.sheets and week.tally is None, "jury.opened_early", index=index)
    _must(key not in week.opened and key not in week.unopened, "jury.opened_twice", index=index)


def _jury_opened(week: Chronicle, index: int, r: Record) -> None:
    key = (r["juror"], r["sheet"])
    _may_open(week, index, key)
    opening = records.jury_opening(week.log, r["juror"], r["sheet"], r["scores"], r["salt"])
    _must(
        records.commitment(opening) == week.sheets[key][1]["commit"],
        "jury.opening_differs",
        index=index,
        juror=r["juror"],
    )
    week.opened[key] = r


def _jury_unopened(week: Chronicle, index: int, r: Record) -> None:
    key = (r["juror"], r["sheet"])
    _may_open(week, index, key)
    week.unopened[key] = r


def _tally_published(week: Chronicle, index: int, r: Record) -> None:
    _must(week.ballots_opened is not None and week.tally is None, "tally.order", index=index)
    _must(r["through_index"] == week.vote_closed, "record.reference", index=index)
    week.tally = (index, r)


def _award_decided(week: Chronicle, index: int, r: Record) -> None:
    _must(week.tally is not None and r["entry"] in week.entries, "award.order", index=index)
    week.awards.append((index, r))


def _notary_statement(week: Chronicle, index: int, r: Record) -> None:
    _must("statement" in week.keys, "key.missing", index=index, role="statement")
    _must(r["covers_size"] <= index, "record.reference", index=index)
    week.statements.append((index, r))


def _log_closed(week: Chronicle, index: int, r: Record) -> None:
    _must(r["final_count"] == index + 1, "log.count", index=index)
    week.log_closed = index


def _desk_batch(week: Chronicle, index: int, r: Record) -> None:
    _must(not week.batches or r["at"] > week.batches[-1][1]["at"], "desk.batch_order", index=index)
    _must(r["count"] > 0 or r["root"] == records.sha256_hex(b""), "desk.batch_root", index=index)
    week.batches.append((index, r))


def _figures_published(week: Chronicle, index: int, r: Record) -> None:
    _must(r["from"] < r["to"], "figures.period", index=index)
    week.figures.append((index, r))


def _board_published(week: Chronicle, index: int, r: Record) -> None:
    known = week.boards.get(r["board"])
    _must(r["version"] == (known[1]["version"] + 1 if known else 1), "board.version", index=index, board=r["board"])
    week.boards[r["board"]] = (index, r)
    week.taken_down.pop(r["board"], None)


def _board_withdrawn(week: Chronicle, index: int, r: Record) -> None:
    _must(_hangs(week, r) and r["board"] not in week.taken_down, "board.not_shown", index=index, board=r["board"])
    week.taken_down[r["board"]] = index


def _board_restored(week: Chronicle, index: int, r: Record) -> None:
    _must(_hangs(week, r) and r["board"] in week.taken_down, "board.not_withdrawn", index=index, board=r["board"])
    del week.taken_down[r["board"]]


def _hangs(week: Chronicle, r: Record) -> bool:
    """Tells whether the record names the text with which its board was published last."""
    known = week.boards.get(r["board"])
    return known is not None and known[1]["version"] == r["version"]


_READERS = {
    "log.opened": _log_opened,
    "key.declared": _key_declared,
    "ruleset.frozen": _ruleset_frozen,
    "entry.submitted": _entry_submitted,
    "entry.returned": _entry_returned,
    "entry.accepted": _entry_accepted,
    "entry.withdrawn": _entry_withdrawn,
    "entry.withheld": _entry_withheld,
    "entry.restored": _entry_restored,
    "entries.closed": _entries_closed,
    "jury.appointed": _jury_appointed,
    "vote.opened": _vote_opened,
    "credentials.issued": _credentials_issued,
    "scope.turned": _scope_turned,
    "ballot.cast": _ballot_cast,
    "vote.closed": _vote_closed,
    "shortlist.declared": _shortlist_declared,
    "jury.committed": _jury_committed,
    "jury.closed": _jury_closed,
    "ballots.opened": _ballots_opened,
    "jury.opened": _jury_opened,
    "jury.unopened": _jury_unopened,
    "tally.published": _tally_published,
    "award.decided": _award_decided,
    "notary.statement": _notary_statement,
    "log.closed": _log_closed,
    **quizzes.READERS,
    "desk.batch": _desk_batch,
    "figures.published": _figures_published,
    "board.published": _board_published,
    "board.withdrawn": _board_withdrawn,
    "board.restored": _board_restored,
}
