"""Do the records follow the rules of a week? Records and their order, keys, gates in time, the frozen rule, entries, ballots."""

from __future__ import annotations

import bisect
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from showground.rules import phases, records
from showground.rules.records import Record
from showground.rules.refused import Refused
from showground.tlog import note
from showground.tlog.malformed import Malformed, from_base64, to_base64
from showground.verify.attacks import ATTACKS
from showground.verify.bundle import Unreadable
from showground.verify.case import FAIL, GAP, NOT_YET, PASS, SKEW, Case, Finding, many


def told(no: Refused) -> str:
    """Returns a refusal as one line for people, with the name of the attack where it is one."""
    return f"{ATTACKS[no.code]}: {no}" if no.code in ATTACKS else str(no)


def each_record(case: Case) -> Iterator[Finding]:
    """Each record is canonical, of a known type, and may stand where it stands."""
    assert case.log is not None
    for index, entry in enumerate(case.entries):
        try:
            record = records.parse(entry)
            if record.get("log") != case.log.name:
                raise Refused("record.log", log=str(record.get("log"))[:100])
            case.week.read(record)
        except Refused as no:
            if no.code == "ruleset.tz":
                raise Unreadable(f"this machine has no time zone data for {no.facts.get('tz')}", case.file_of(index))
            yield Finding(FAIL, f"record {index}: {told(no)}", case.file_of(index))
            return
        case.records.append(record)
    case.numbers["rehearsal"] = case.week.clock == "rehearsal"
    kinds = Counter(record["type"] for record in case.records)
    case.numbers["types"] = dict(sorted(kinds.items()))
    yield Finding(PASS, f"{len(case.records)} records of {len(kinds)} types, each in its place")


# ---- keys ----


def keys(case: Case) -> Iterator[Finding]:
    """The first record names this policy and this log's key; every key in the log is usable and has the name it must have."""
    assert case.log is not None
    week, first = case.week, case.file_of(0)
    if not case.records:
        yield Finding(NOT_YET, "the log is empty")
        return
    if week.policy_sha256 != case.numbers["policy_sha256"]:
        own = case.policy_from == ""
        text = "the policy is not the one that the log names in its first record"
        yield Finding(FAIL if own else PASS, text + ("" if own else ": yours was used"), case.policy_from or "policy")
    if case.log.vkey not in week.vkeys:
        yield Finding(FAIL, "the first record does not name the log's key", first)
    for index, record in case.of_type("key.declared"):
        try:
            _usable(case, record)
        except Malformed as error:
            yield Finding(FAIL, f"record {index}: {error}", case.file_of(index))
    yield Finding(PASS, f"{len(week.keys)} keys declared before their first use")


def _usable(case: Case, record: Record) -> None:
    key = note.parse_vkey(record["vkey"])
    wanted = note.PRIVATE if record["role"] == "escrow" else note.ED25519
    if key.type != wanted:
        raise Malformed(f"the {record['role']} key is of type {key.type:02x}")
    if record["role"] == "juror" and key.name != f"{case.week.log}/jury/{record['juror']}":
        raise Malformed(f"the key of juror {record['juror']} has another name")


def signed_by(case: Case, role: str, text: str, sig: str) -> bool:
    """Tells whether `sig` (base64 of key id and signature) is by the declared key of a role over a text."""
    try:
        key, raw = note.parse_vkey(case.week.keys[role]), from_base64(sig, "the signature")
    except (Malformed, KeyError):
        return False
    return len(raw) == 68 and note.verify(key, text, note.Signature(key.name, raw[:4], raw[4:]))


# ---- gates ----


def gates(case: Case) -> Iterator[Finding]:
    """The witnesses saw each gate when they had to: the opening before it, every other boundary within the grace after it."""
    week = case.week
    if week.vote is None or week.ruleset is None or week.vote_index is None:
        yield Finding(NOT_YET, "the vote has not been announced")
        return
    yield from _opening(case, week.vote_index, week.vote["opens"])
    for index, scope, at in week.scopes:
        yield from _boundary(case, index, f"scope.turned {scope}", at)
    for name, place in (("vote.closed", week.vote_closed), ("jury.closed", week.jury_closed)):
        if place is not None:
            yield from _boundary(case, place, name, case.records[place]["at"])
    yield from _after_jury(case)
    if week.jury_closed is None:
        yield Finding(NOT_YET, "jury.closed is not in the log" if week.vote_closed else "vote.closed is not in the log")


def _opening(case: Case, index: int, opens: int) -> Iterator[Finding]:
    seen = case.witnessed_at(index)
    if seen is None:
        yield Finding(FAIL, f"record {index}: no quorum of witnesses saw vote.opened", case.file_of(index))
    elif seen > opens + SKEW:
        text = f"record {index}: the witnesses saw vote.opened {seen - opens} s after the vote opened"
        yield Finding(FAIL, text, case.file_of(index))
    else:
        yield Finding(PASS, f"vote.opened was witnessed {max(0, opens - seen)} s before the vote opened")


def _boundary(case: Case, index: int, name: str, at: int) -> Iterator[Finding]:
    assert case.week.ruleset is not None
    file, grace = case.file_of(index), case.week.ruleset["grace"]
    early = [head for head in case.having(index) if any(time + SKEW < at for time in head.times.values())]
    seen = case.witnessed_at(index)
    if early:
        yield Finding(FAIL, f"record {index}: {name} was witnessed before its time in {early[0].file}", file)
    elif seen is None:
        yield Finding(FAIL, f"record {index}: no quorum of witnesses saw {name}", file)
    elif seen > at + grace:
        yield Finding(
            GAP, f"record {index}: {name} was witnessed {seen - at} s after it, {seen - at - grace} s beyond the grace", file
        )
    else:
        yield Finding(PASS, f"{name} was witnessed {max(0, seen - at)} s after it")


def _after_jury(case: Case) -> Iterator[Finding]:
    """Nothing was opened before witnesses had seen that the jury is closed."""
    closed = case.week.jury_closed
    opened = [i for i, r in enumerate(case.records) if r["type"] in {"ballots.opened", "jury.opened"}]
    if closed is None or not opened:
        return
    if any(closed < head.size <= opened[0] and head.quorum_at(case.policy) is not None for head in case.heads):
        yield Finding(PASS, "ballots and sheets were opened after the witnesses saw jury.closed")
    else:
        text = f"record {opened[0]}: opened before any witnessed checkpoint covered jury.closed (record {closed})"
        yield Finding(FAIL, text, case.file_of(opened[0]))


# ---- the rule and the entries ----


def rule(case: Case) -> Iterator[Finding]:
    """One rule, frozen before the vote, named by its hash when the vote was opened; its scopes turn when it says."""
    week = case.week
    if week.ruleset is None:
        yield Finding(NOT_YET, "no rule is frozen")
        return
    if week.vote is not None:
        yield from _scopes(case)
    yield Finding(PASS, f"rule {week.ruleset['name']} ({week.ruleset_sha256})")


def _scopes(case: Case) -> Iterator[Finding]:
    week = case.week
    assert week.ruleset is not None and week.vote is not None
    due = phases.boundaries(week.ruleset, week.vote["opens"], week.vote["closes"])
    for (index, scope, at), (when, name) in zip(week.scopes, due, strict=False):
        if (scope, at) != (name, when):
            yield Finding(FAIL, f"record {index}: scope {scope} at {at}, the rule says {name} at {when}", case.file_of(index))
            return
    if len(week.scopes) > len(due) or (week.vote_closed is not None and len(week.scopes) < len(due)):
        index = week.scopes[-1][0] if week.scopes else week.vote_closed or 0
        yield Finding(FAIL, f"{len(week.scopes)} scopes were opened, the rule has {len(due)}", case.file_of(index))
    if week.vote_closed is not None and case.records[week.vote_closed]["at"] != week.vote["closes"]:
        text = f"record {week.vote_closed}: the vote was closed at another time than announced"
        yield Finding(FAIL, text, case.file_of(week.vote_closed))


def entries(case: Case) -> Iterator[Finding]:
    """The list of works was closed before the vote; what entries.json says of them is what was committed to."""
    yield from _told_of_entries(case)
    week = case.week
    accepted, withdrawn = week.category_of(), [e for e in week.entries.values() if e.withdrawn is not None]
    if week.entries_closed is None:
        yield Finding(NOT_YET, "the list of works is not closed")
    case.numbers["entries"] = dict(sorted(Counter(accepted.values()).items()))
    withheld = sum(entry.withheld is not None for entry in week.entries.values())
    now = f", {withheld} withheld from view now" if withheld else ""
    yield Finding(PASS, f"{many(len(accepted), 'work')} accepted, {len(withdrawn)} withdrawn{now}")


_TOLD: Final = {"title_commit": "entry.title", "files_commit": "entry.files", "submitter": "entry.submitter"}


def _told_of_entries(case: Case) -> Iterator[Finding]:
    name = "entries.json"
    if name not in case.bundle:
        return
    data = case.bundle.read(name)
    try:
        listed = json.loads(data)
        if not isinstance(listed, list) or records.canonical(listed) != data:
            raise Refused("entries.not_canonical")
        codes = [item["entry"] for item in listed]
        if len(set(codes)) != len(codes) or not set(codes) <= set(case.week.category_of()):
            raise Refused("entries.list")
        for item in listed:
            _told_of(case, item)
    except Refused as no:
        yield Finding(FAIL, told(no), name)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        yield Finding(FAIL, f"not the list of entries: {str(error)[:80]}", name)


def _told_of(case: Case, item: dict[str, Any]) -> None:
    """One work: every opening fits its commitment, and the title and the maker shown are the ones committed to."""
    code, openings = item["entry"], item.get("openings", {})
    for field, opening in openings.items():
        fits = opening["type"] == _TOLD[field] and (opening["log"], opening["entry"]) == (case.week.log, code)
        if not fits or records.commitment(opening) != case.week.entries[code].fields[field]:
            raise Refused("entry.opening_differs", entry=code, field=field)
    shown = {"entry": code, "openings": openings}
    if "title_commit" in openings:
        value = openings["title_commit"]["value"]
        shown |= {"title": {"en": value["en"], "zh": value["zh"]}, "maker": value["maker"]}
    if {"openings": {}} | item != shown:
        raise Refused("entry.told_differs", entry=code)


# ---- ballots ----


def ballots(case: Case) -> Iterator[Finding]:
    """Each ballot stands in its scope while that scope was open, names an earlier ballot of its voter at most, and stands once."""
    week = case.week
    if week.vote is None or not week.scopes:
        yield Finding(NOT_YET, "the vote has not opened")
        return
    cast = case.of_type("ballot.cast")
    voters = {(r["scope"], r["voter"]) for _, r in cast}
    yield from _replacing(case, cast)
    yield from _twins(case, cast)
    yield from _in_time(case, [index for index, _ in cast])
    case.numbers["ballots"] = {"cast": len(cast), "voters and scopes": len(voters)}
    if week.vote_closed is None:
        yield Finding(NOT_YET, "the vote is open")
    yield Finding(PASS, f"{many(len(cast), 'ballot')} by {many(len(voters), 'voter')} (a voter has another name in each scope)")


def _replacing(case: Case, cast: list[tuple[int, Record]]) -> Iterator[Finding]:
    for index, record in cast:
        if "replaces" in record:
            other = case.records[record["replaces"]]
            if any(other.get(name) != record[name] for name in ("type", "voter", "scope")):
                text = f"record {index}: replaces record {record['replaces']}, which is no ballot of this voter"
                yield Finding(FAIL, text, case.file_of(index))


def _twins(case: Case, cast: list[tuple[int, Record]]) -> Iterator[Finding]:
    seen: dict[bytes, int] = {}
    for index, _ in cast:
        first = seen.setdefault(case.leaves[index], index)
        if first != index:
            yield Finding(FAIL, f"record {index}: the same ballot stands at {first}", case.file_of(index))


def _in_time(case: Case, cast: list[int]) -> Iterator[Finding]:
    """No ballot came after a checkpoint that was witnessed when its scope had ended (and the grace was over)."""
    week = case.week
    assert week.ruleset is not None and week.vote is not None
    due = phases.boundaries(week.ruleset, week.vote["opens"], week.vote["closes"])
    ends = {scope: end for (_, scope), end in zip(due, [*(at for at, _ in due[1:]), week.vote["closes"]], strict=True)}
    sizes = [head.size for head in case.heads]
    latest = [max(head.times.values(), default=0) for head in case.heads]
    for index in cast:
        before = bisect.bisect_right(sizes, index)  # checkpoints that did not yet contain it
        scope = case.records[index]["scope"]
        if before and scope in ends and latest[before - 1] > ends[scope] + week.ruleset["grace"]:
            yield Finding(FAIL, f"record {index}: cast after its scope {scope} had ended", case.file_of(index))
            return


def credentials(case: Case) -> Iterator[Finding]:
    """No scope and channel has more voters than papers given out, and the close counts those papers."""
    week = case.week
    if week.vote is None or not week.scopes:
        yield Finding(NOT_YET, "no paper has been given out")
        return
    voters: dict[tuple[str, str], set[str]] = {}
    for _, record in case.of_type("ballot.cast"):
        voters.setdefault((record["scope"], record["channel"]), set()).add(record["voter"])
    for (scope, channel), names in sorted(voters.items()):
        issued = week.credentials.get((scope, channel))
        if issued is None and week.vote_closed is None and scope == week.scope:
            yield Finding(NOT_YET, f"papers of {scope} are counted when it ends")
        elif len(names) > (issued or 0):
            index = next(i for i, r in case.of_type("ballot.cast") if (r["scope"], r["channel"]) == (scope, channel))
            text = f"{scope}, {channel}: {len(names)} voters, {issued or 0} papers"
            yield Finding(FAIL, text, case.file_of(index))
    total = sum(week.credentials.values())
    if week.vote_closed is not None and case.records[week.vote_closed]["credentials_total"] != total:
        text = f"record {week.vote_closed}: vote.closed counts other papers than the {total} issued"
        yield Finding(FAIL, text, case.file_of(week.vote_closed))
    case.numbers["papers"] = total
    yield Finding(PASS, f"{many(total, 'paper')} given out, no scope or channel has more voters than papers")


# ---- the notary's statements ----


def statements(case: Case) -> Iterator[Finding]:
    """Each statement is signed by the notary's key and names the origin, size and root it covers."""
    by_size = {head.size: head for head in case.heads}
    for index, record in case.week.statements:
        size, text = record["covers_size"], record["text"]
        if not signed_by(case, "statement", text, record["sig"]):
            yield Finding(FAIL, f"record {index}: the statement's signature is not by the declared key", case.file_of(index))
        elif size not in by_size:
            yield Finding(FAIL, f"record {index}: there is no checkpoint of the {size} records it covers", case.file_of(index))
        elif text.split("\n")[1:4] != [case.week.log, str(size), to_base64(by_size[size].root)]:
            yield Finding(FAIL, f"record {index}: the statement names another origin, size or root", case.file_of(index))
    case.numbers["statements"] = len(case.week.statements)
    yield Finding(PASS, f"{many(len(case.week.statements), 'statement')} by the notary, each over a signed root")
