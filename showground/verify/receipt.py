"""A voter's receipt (`ballot-<index>.tlog-proof`): three lights, recorded, witnessed, counted.

`extra` holds canonical JSON {"leaf": the record, "opening": the opening object}; a live ballot has no opening. Recorded and
witnessed need only a policy; counted needs the bundle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from showground.rules import records
from showground.rules.refused import Refused
from showground.tlog import merkle, note, proof
from showground.tlog.checkpoint import Signed
from showground.tlog.malformed import Malformed
from showground.tlog.policy import Policy
from showground.verify.case import FAIL, NOT_YET, PASS, Case, Finding

LIGHTS: Final = ("recorded", "witnessed", "counted")


@dataclass(frozen=True)
class Lights:
    """What a receipt shows: its ballot's index (-1 if unreadable) and one finding per light, in the order of `LIGHTS`."""

    index: int
    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """True if no light failed; a ballot that was replaced or not yet counted is good."""
        return all(finding.word != FAIL for finding in self.findings)


def extra(leaf: dict[str, Any], opening: dict[str, Any] | None) -> bytes:
    """Returns the `extra` bytes of a receipt."""
    return records.canonical({"leaf": leaf} | ({"opening": opening} if opening is not None else {}))


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
    return Lights(receipt.index, (recorded, _witnessed(signed, policy, file), _counted(receipt, told, signed, case, file)))


def _told(receipt: proof.Proof) -> dict[str, Any]:
    if receipt.extra is None:
        raise Malformed("the receipt does not hold its ballot")
    told = records.parse(receipt.extra)
    if not isinstance(told.get("leaf"), dict) or not set(told) <= {"leaf", "opening"}:
        raise Malformed("the receipt does not hold its ballot")
    records.check(told["leaf"])
    if told["leaf"]["type"] != "ballot.cast" or ("opening" in told) != ("commit" in told["leaf"]):
        raise Malformed("the receipt holds no ballot with its opening")
    if "opening" in told and records.commitment(told["opening"]) != told["leaf"]["commit"]:
        raise Malformed("the opening is not the one this ballot was sealed with")
    return told


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
        return Finding(NOT_YET, "counted: the bundle is older than this ballot", file)
    if case.records[index] != told["leaf"]:
        return Finding(FAIL, f"counted: the bundle holds another record at {index}", file)
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
