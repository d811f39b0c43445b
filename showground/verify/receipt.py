"""A receipt of a ballot, of a quiz attempt or of a filed report (.tlog-proof): three lights, recorded, witnessed, counted (or filed).

`extra` holds canonical JSON {"leaf": the record, "opening": the opening object}; a live ballot has no opening, an attempt's receipt
may hold the "secret" that claims a prize. Recorded and witnessed need only a policy; counted needs the bundle. The proof that a
report was filed holds {"leaf": desk.batch, "opening", "place", "path"}: its third light says whether the batch holds the report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from showground.rules import records
from showground.rules.quiz_rules import prize_words
from showground.rules.quizzes import DrawState
from showground.rules.refused import Refused
from showground.tlog import batch, merkle, note, proof
from showground.tlog.checkpoint import Signed
from showground.tlog.malformed import Malformed
from showground.tlog.policy import Policy
from showground.verify.case import FAIL, NOT_YET, PASS, Case, Finding

_HEX: Final = re.compile(r"[0-9a-f]{64}")
LIGHTS: Final = ("recorded", "witnessed", "counted")
_WORDS: Final = {"ballot.cast": "ballot", "quiz.attempt": "attempt", "desk.batch": "batch"}


@dataclass(frozen=True)
class Lights:
    """What a receipt shows: its record's index (-1 if unreadable) and one finding per light, in the order of `LIGHTS`."""

    index: int
    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """True if no light failed; a ballot that was replaced or not yet counted is good, and so is a ticket that won nothing."""
        return all(finding.word != FAIL for finding in self.findings)


def extra(leaf: dict[str, Any], opening: dict[str, Any] | None, secret: str | None = None) -> bytes:
    """Returns the `extra` bytes of a receipt."""
    told = {"leaf": leaf, "opening": opening, "secret": secret}
    return records.canonical({name: value for name, value in told.items() if value is not None})


def check_receipt(data: bytes, policy: Policy, case: Case | None, file: str) -> Lights:
    """Returns the three lights of a receipt; `case` is a checked bundle of the same week, if there is one."""
    try:
        receipt = proof.parse(data)
        told = _told(receipt)
        signed = _signed(receipt, told["leaf"], policy)
    except (Malformed, Refused, KeyError) as no:
        return Lights(-1, (Finding(FAIL, f"recorded: {no}", file),))
    head = signed.checkpoint
    recorded = Finding(PASS, f"recorded: record {receipt.index} of {head.origin}, in the signed log of {head.size} records", file)
    third = _filed if told["leaf"]["type"] == "desk.batch" else _counted
    return Lights(receipt.index, (recorded, _witnessed(signed, policy, file), third(receipt, told, signed, case, file)))


def _told(receipt: proof.Proof) -> dict[str, Any]:
    if receipt.extra is None:
        raise Malformed("the receipt does not hold its ballot or attempt")
    told = records.parse(receipt.extra)
    if isinstance(told.get("leaf"), dict) and told["leaf"].get("type") == "desk.batch":
        return _filing(told)
    if not isinstance(told.get("leaf"), dict) or not set(told) <= {"leaf", "opening", "secret"}:
        raise Malformed("the receipt does not hold its ballot or attempt")
    leaf = told["leaf"]
    records.check(leaf)
    if leaf["type"] not in _WORDS or ("opening" in told) != ("commit" in leaf):
        raise Malformed("the receipt holds no ballot or attempt with its opening")
    if "opening" in told and records.commitment(told["opening"]) != leaf["commit"]:
        raise Malformed(f"the opening is not the one this {_WORDS[leaf['type']]} was sealed with")
    if "secret" in told and not _claims(told):
        raise Malformed("the secret is not the one that claims this attempt")
    return told


def _filing(told: dict[str, Any]) -> dict[str, Any]:
    """The proof of a filing: the batch's record, the report's opening, and where in the batch it stands."""
    records.check(told["leaf"])
    place, path, opening = told.get("place"), told.get("path"), told.get("opening")
    if set(told) != {"leaf", "opening", "place", "path"} or type(place) is not int or not isinstance(path, list):
        raise Malformed("the proof does not say where in the batch the report stands")
    if (
        not isinstance(opening, dict)
        or opening.get("type") != "desk.report"
        or set(opening) != {"type", "log", "report_sha256", "salt"}
    ):
        raise Malformed("the proof does not hold the opening of a report")
    if not all(isinstance(opening[name], str) for name in ("log", "salt")):
        raise Malformed("the opening is not one of a report")
    if not all(isinstance(part, str) and _HEX.fullmatch(part) for part in (*path, opening["report_sha256"])):
        raise Malformed("the proof holds something that is no hash")
    return told


def _filed(receipt: proof.Proof, told: dict[str, Any], signed: Signed, case: Case | None, file: str) -> Finding:
    """Whether the batch holds the report, by tlog/batch.holds; needs no bundle, but one that says otherwise is a failure."""
    leaf, opening = told["leaf"], told["opening"]
    commit, path = bytes.fromhex(records.commitment(opening)), [bytes.fromhex(part) for part in told["path"]]
    if not batch.holds(commit, told["place"], leaf["count"], path, bytes.fromhex(leaf["root"])):
        return Finding(FAIL, "filed: the batch does not hold this report", file)
    if case is not None and case.records and receipt.index < len(case.records) and case.records[receipt.index] != leaf:
        return Finding(FAIL, f"filed: the bundle holds another record at {receipt.index}", file)
    return Finding(PASS, f"filed: before {leaf['at']}, the report whose SHA-256 is {opening['report_sha256']}", file)


def _claims(told: dict[str, Any]) -> bool:
    secret, opening = told["secret"], told.get("opening")
    claim = opening.get("claim") if isinstance(opening, dict) else None
    return isinstance(secret, str) and secret.isascii() and records.sha256_hex(secret.encode()) == claim


def _signed(receipt: proof.Proof, leaf: dict[str, Any], policy: Policy) -> Signed:
    if leaf["log"] not in policy.logs:
        raise Malformed(f"the policy does not know the log {leaf['log']}")
    unknown = _unknown(receipt, policy)
    if unknown:
        raise Malformed(f"a signature line by {unknown[0]}, which the policy does not know")
    hashed = merkle.leaf_hash(records.canonical(leaf))
    return proof.check(receipt, hashed, policy.logs[leaf["log"]], policy.witnesses.values())


def _unknown(receipt: proof.Proof, policy: Policy) -> list[str]:
    known = {(key.name, key.id) for key in (*policy.logs.values(), *policy.witnesses.values())}
    return [line.name for line in note.parse(receipt.checkpoint).signatures if (line.name, line.id) not in known]


def _witnessed(signed: Signed, policy: Policy, file: str) -> Finding:
    if not signed.cosigned or not policy.satisfied(signed.cosigned):
        return Finding(FAIL, "witnessed: the checkpoint has not the quorum of the policy", file)
    names = ", ".join(sorted(key.name for key in signed.cosigned))
    return Finding(PASS, f"witnessed: {names}", file)


def _counted(receipt: proof.Proof, told: dict[str, Any], signed: Signed, case: Case | None, file: str) -> Finding:
    if case is None or not case.records:
        return Finding(NOT_YET, "counted: needs the bundle of the week", file)
    index, head = receipt.index, signed.checkpoint
    if case.log is None or case.log.name != head.origin:
        return Finding(FAIL, "counted: the bundle is of another week", file)
    if head.size <= len(case.leaves) and merkle.root(case.leaves[: head.size]) != head.root:
        return Finding(FAIL, "counted: a fork, the bundle and the receipt show two logs of one name", file)
    if index >= len(case.records):
        return Finding(NOT_YET, f"counted: the bundle is older than this {_WORDS[told['leaf']['type']]}", file)
    if case.records[index] != told["leaf"]:
        return Finding(FAIL, f"counted: the bundle holds another record at {index}", file)
    if told["leaf"]["type"] == "quiz.attempt":
        word, text = _entered(case, index, told["leaf"])
        return Finding(word, f"counted: {text}", file)
    if case.openings.get(index, told.get("opening")) != told.get("opening"):
        return Finding(FAIL, "counted: the ballot was opened as another", file)
    if case.count is None:
        return Finding(NOT_YET, "counted: the ballots are not counted yet", file)
    return _verdict(case, index, told, file)


def _verdict(case: Case, index: int, told: dict[str, Any], file: str) -> Finding:
    assert case.count is not None
    reason = case.count.dropped.get(index)
    if reason is None:
        return Finding(PASS, "counted: this ballot is the voter's last in its scope and is in the count", file)
    if reason == "replaced":
        leaf = told["leaf"]
        last = next(b.index for b in case.count.counted if (b.voter, b.scope) == (leaf["voter"], leaf["scope"]))
        return Finding(PASS, f"counted: replaced by record {last}", file)
    return Finding(PASS, f"counted: not counted, by the rule: {reason}", file)


def _entered(case: Case, index: int, leaf: dict[str, Any]) -> tuple[str, str]:
    """What became of an attempt: no ticket, struck, in the draw, drawn."""
    quiz = case.week.quizzes[leaf["quiz"]]
    if not leaf["passed"]:
        return PASS, "an attempt that did not pass is recorded, and is no ticket"
    if index in quiz.struck:
        return PASS, f"struck, so it takes no part: {quiz.struck[index]}"
    draw = next((draw for draw in case.week.draws.values() if draw.quiz == quiz.quiz), None)
    if draw is None:
        return PASS, "passed, in a quiz without a draw"
    if draw.frozen is None:
        return NOT_YET, "passed; the list of tickets is not frozen yet"
    return _drawn(draw, index)


def _drawn(draw: DrawState, index: int) -> tuple[str, str]:
    position = draw.tickets.index(index) + 1
    ticket = f"ticket {position} of {len(draw.tickets)} in {draw.draw}"
    if draw.result is None:
        return NOT_YET, f"{ticket}; the draw has not been held yet"
    state, prize = draw.claims.get(position, ("", ""))
    won = dict(zip(draw.result[1]["winners"], prize_words(draw.rules), strict=False))
    if prize or position in won:
        return PASS, f"{ticket}, drawn: {prize or won[position]}{f' ({state})' if state else ''}"
    if position in draw.result[1]["alternates"]:
        return PASS, f"{ticket}, alternate {draw.result[1]['alternates'].index(position) + 1}"
    return PASS, f"{ticket}, not drawn"
