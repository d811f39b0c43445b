"""Does the result follow? Openings, count, shortlist, jury, points and places, awards: recomputed with the rules' own files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from showground.rules import awards, records, scores, tally
from showground.rules.ballots import ballot_of
from showground.rules.records import Record
from showground.rules.refused import Refused
from showground.verify.case import FAIL, NOT_YET, PASS, Case, Finding
from showground.verify.week_checks import signed_by, told


def _asset(case: Case, digest: str) -> tuple[str, bytes]:
    name = f"assets/{digest}"
    return name, case.bundle.read(name)


def openings(case: Case) -> Iterator[Finding]:
    """Every sealed ballot has an opening that fits its commitment; there is no other."""
    week = case.week
    if week.vote is None or (week.vote["seal"] == "sealed" and week.ballots_opened is None):
        yield Finding(NOT_YET, "the ballots are sealed")
        return
    if week.ballots_opened is None:
        yield Finding(PASS, "the ballots of this vote were never sealed")
        return
    opened = week.ballots_opened
    name, data = _asset(case, opened["asset_sha256"])
    if records.sha256_hex(data) != opened["asset_sha256"]:
        yield Finding(FAIL, "the openings have another hash than ballots.opened says", name)
    sealed = [(i, r) for i, r in case.of_type("ballot.cast") if "commit" in r]
    lines = data.split(b"\n")
    if lines.pop() != b"" or not len(lines) == len(sealed) == opened["count"]:
        yield Finding(FAIL, f"{len(lines)} openings, {len(sealed)} sealed ballots, ballots.opened says {opened['count']}", name)
        return
    if (opened["from"], opened["to"]) != (week.vote_index, week.vote_closed):
        index = case.records.index(opened)
        yield Finding(FAIL, f"record {index}: ballots.opened does not cover the whole vote", case.file_of(index))
    for number, (line, (index, record)) in enumerate(zip(lines, sealed, strict=True), 1):
        try:
            case.openings[index] = _opening(line, record)
        except Refused as no:
            yield Finding(FAIL, f"line {number}, ballot {index}: {told(no)}", name)
            return
    yield Finding(PASS, f"{len(sealed)} openings, each fits the commitment of its ballot")


def _opening(line: bytes, record: Record) -> Record:
    opening = records.parse(line)
    if records.sha256_hex(line) != record["commit"]:
        raise Refused("ballot.opening_differs")
    choices = opening.get("choices")
    if not isinstance(choices, list) or not all(records.ENTRY(entry) for entry in choices):
        raise Refused("ballot.opening_form")
    if opening != records.ballot_opening(record["log"], record["voter"], record["scope"], choices, str(opening.get("salt"))):
        raise Refused("ballot.opening_form")
    return opening


def tallied(case: Case) -> Iterator[Finding]:
    """The count, done again, gives the published table byte for byte."""
    week = case.week
    if week.vote_closed is None or week.vote is None or (week.vote["seal"] == "sealed" and week.ballots_opened is None):
        yield Finding(NOT_YET, "the votes are not counted")
        return
    cast = [ballot_of(index, record, case.openings.get(index)) for index, record in case.of_type("ballot.cast")]
    case.count = tally.votes_of(week, cast)
    reasons = dict(sorted(Counter(case.count.dropped.values()).items()))
    case.numbers["ballots"] |= {"counted": len(case.count.counted)} | reasons
    if week.tally is None:
        yield Finding(NOT_YET, "no count is published")
        return
    index, record = week.tally
    yield from _same_fields(case, index, record, tally.published(case.count.table))
    yield from _same_table(case, record["table_sha256"], case.count.table)
    votes = sum(case.count.votes.values())
    yield Finding(PASS, f"{len(case.count.counted)} ballots counted, {votes} votes: the published count is this count")


def _same_fields(case: Case, index: int, record: Record, wanted: dict[str, Any]) -> Iterator[Finding]:
    for name, value in wanted.items():
        if record[name] != value:
            yield Finding(FAIL, f"record {index}: {name} is not what the count gives", case.file_of(index))


def _same_table(case: Case, digest: str, table: dict[str, Any]) -> Iterator[Finding]:
    name, data = _asset(case, digest)
    if data != records.canonical(table):
        yield Finding(FAIL, "the published table is not the recomputed one, byte for byte", name)


def shortlisted(case: Case) -> Iterator[Finding]:
    """The shortlist is the rule's, over the ballots that counted."""
    week = case.week
    if week.shortlist is None or week.shortlist_index is None or week.vote_closed is None or week.ruleset is None:
        yield Finding(NOT_YET, "no shortlist is declared")
        return
    case.numbers["shortlist"] = len(week.shortlist)
    if case.count is None:
        yield Finding(NOT_YET, f"{len(week.shortlist)} works are listed; the ballots that chose them are still sealed")
        return
    wanted = awards.shortlist(week.ruleset, case.count.votes, week.category_of(), week.standing(week.vote_closed))
    if week.shortlist != wanted:
        wrong = sorted(set(week.shortlist) ^ set(wanted))
        text = f"record {week.shortlist_index}: the rule's shortlist differs: {', '.join(wrong)[:120]}"
        yield Finding(FAIL, text, case.file_of(week.shortlist_index))
    yield Finding(PASS, f"{len(wanted)} works, the same that the rule lists")


# ---- the jury ----


def jury(case: Case) -> Iterator[Finding]:
    """Each sheet was signed by its juror and sealed before the gate; that an opening fits its sheet the records' check has seen."""
    week = case.week
    for index, record in case.of_type("jury.committed"):
        text = records.jury_note(week.log, record["juror"], record["sheet"], record["commit"])
        if not signed_by(case, f"juror/{record['juror']}", text, record["sig"]):
            yield Finding(FAIL, f"record {index}: the sheet is not signed by juror {record['juror']}", case.file_of(index))
        name, blob = _asset(case, record["escrow_sha256"])
        if records.sha256_hex(blob) != record["escrow_sha256"]:
            yield Finding(FAIL, f"the sealed copy of juror {record['juror']}'s sheet has another hash", name)
    case.numbers["sheets"] = {"sealed": len(week.sheets), "opened": len(week.opened), "unopened": len(week.unopened)}
    left = sorted(set(week.sheets) - set(week.opened) - set(week.unopened))
    if week.tally is None and left:
        yield Finding(NOT_YET, f"{len(left)} sheets are sealed")
    elif left:
        index = week.tally[0] if week.tally else 0
        text = f"record {index}: counted, but the sheet of juror {left[0][0]} is neither opened nor excused"
        yield Finding(FAIL, text, case.file_of(index))
    elif week.jury_closed is None:
        yield Finding(NOT_YET, "the jury has not closed")
    if week.ruleset is not None and week.opened:
        spoiled = scores.faults(week.ruleset, week.category_of(), week.opened.values(), week.shortlist or [], week.jurors)
        for (juror, _), code in sorted(spoiled.items()):
            yield Finding(PASS, f"the sheet of juror {juror} counts nothing by the rule: {code}")
    yield Finding(
        PASS, f"{len(week.sheets)} sheets signed and sealed before the gate, {len(week.opened)} opened, {len(week.unopened)} not"
    )


# ---- result and awards ----


def combined(case: Case) -> Iterator[Finding]:
    """Votes and scores, combined again by the frozen rule, give the result table that the awards name, byte for byte."""
    week = case.week
    if case.count is None or week.tally is None:
        yield Finding(NOT_YET, "there is no result")
        return
    case.result = awards.result_of(week, case.count.votes)
    digest = awards.result_sha256(case.result)
    case.numbers["result_sha256"] = digest
    case.numbers["result"] = awards.as_table(case.result)["categories"]
    for index, record in week.awards:
        if record["basis"].get("result_sha256") != digest:
            yield Finding(FAIL, f"record {index}: the award rests on another result than {digest}", case.file_of(index))
            return
    if not week.awards:
        yield Finding(NOT_YET, "no award is decided")
        return
    yield from _same_table(case, digest, awards.as_table(case.result))
    yield Finding(PASS, f"the result table is the recomputed one ({digest})")


def awarded(case: Case) -> Iterator[Finding]:
    """The awards are the ones that follow from the result, all of them and no other."""
    week = case.week
    if case.result is None or week.tally is None:
        yield Finding(NOT_YET, "there is no result")
        return
    wanted = awards.decided(case.result, week.tally[0])
    for number, (index, record) in enumerate(week.awards):
        fields = {name: value for name, value in record.items() if name not in {"v", "log", "type"}}
        if number >= len(wanted) or fields != wanted[number]:
            yield Finding(FAIL, f"record {index}: the rule does not give this award", case.file_of(index))
            return
    case.numbers["awards"] = dict(Counter(record["prize"] for _, record in week.awards))
    missing = len(wanted) - len(week.awards)
    if missing:
        last = case.file_of(len(case.records) - 1)
        yield Finding(FAIL if week.log_closed else NOT_YET, f"{missing} of {len(wanted)} awards are not decided", last)
    yield Finding(PASS, f"{len(week.awards)} awards, as the rule gives them")
