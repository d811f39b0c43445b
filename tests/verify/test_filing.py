"""The proof that a report was filed: three lights, and every lie in it found by a stranger with the policy alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from showground.rules import desk, records
from showground.tlog import batch, merkle, policy
from showground.tlog.proof import Proof
from showground.verify.__main__ import main
from showground.verify.receipt import check_receipt
from tests.harness.week import DAY, Week

SALTS = [hashlib.sha256(str(n).encode()).hexdigest()[:43] for n in range(5)]


@pytest.fixture(scope="module")
def filed() -> tuple[Week, int, dict[str, Any]]:
    """A witnessed week with a batch of five reports, the batch's index, and the `extra` of the third report's proof."""
    week = Week(voters=3, days=0).run()
    openings = [desk.report_opening(week.origin, hashlib.sha256(bytes([n])).hexdigest(), SALTS[n]) for n in range(5)]
    commits = [bytes.fromhex(records.commitment(opening)) for opening in openings]
    at = week.jury_at + DAY
    index = week.append("desk.batch", at=at - at % 3600, count=5, root=batch.root(commits).hex())
    week.witness("batch", at)
    place, path = batch.path(commits, commits[2])
    extra = {
        "leaf": json.loads(week.entries[index]),
        "opening": openings[2],
        "place": place,
        "path": [part.hex() for part in path],
    }
    return week, index, extra


def proof_of(week: Week, index: int, extra: dict[str, Any]) -> bytes:
    size = max(week.notes)
    leaves = [merkle.leaf_hash(entry) for entry in week.entries[:size]]
    return Proof(
        index, tuple(merkle.inclusion_path(index, leaves)), week.notes[size].decode(), records.canonical(extra)
    ).data.encode()


def lights(week: Week, data: bytes) -> list[tuple[str, str]]:
    return [(f.word, f.text) for f in check_receipt(data, policy.parse(week.policy), None, "filed.tlog-proof").findings]


def test_a_filed_report_has_three_lights_with_the_policy_alone(filed: tuple[Week, int, dict[str, Any]]) -> None:
    week, index, extra = filed
    found = lights(week, proof_of(week, index, extra))
    assert [word for word, _ in found] == ["PASS", "PASS", "PASS"]
    assert found[2][1].startswith("filed: before ") and extra["opening"]["report_sha256"] in found[2][1]


def _other_report(extra: dict[str, Any]) -> None:
    extra["opening"]["report_sha256"] = "0" * 64


def _other_salt(extra: dict[str, Any]) -> None:
    extra["opening"]["salt"] = SALTS[0]


def _other_place(extra: dict[str, Any]) -> None:
    extra["place"] += 1


def _short_path(extra: dict[str, Any]) -> None:
    extra["path"].pop()


def _more(extra: dict[str, Any]) -> None:
    extra["secret"] = "x"


def _other_root(extra: dict[str, Any]) -> None:
    extra["leaf"]["root"] = "0" * 64


def _no_hash(extra: dict[str, Any]) -> None:
    extra["path"][0] = "zz"


def _a_step(extra: dict[str, Any]) -> None:
    extra["opening"] = {**extra["opening"], "type": "desk.event"}


def _huge_place(extra: dict[str, Any]) -> None:
    extra["place"] = 10**12


@pytest.mark.parametrize(
    "lie", [_other_report, _other_salt, _other_place, _short_path, _more, _other_root, _no_hash, _a_step, _huge_place]
)
def test_every_lie_in_a_proof_is_found(filed: tuple[Week, int, dict[str, Any]], lie: Callable[[dict[str, Any]], None]) -> None:
    week, index, extra = filed
    told = json.loads(json.dumps(extra))
    lie(told)
    assert "FAIL" in [word for word, _ in lights(week, proof_of(week, index, told))]


def test_the_command_shows_the_lights(
    filed: tuple[Week, int, dict[str, Any]], tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    week, index, extra = filed
    (tmp_path / "filed.tlog-proof").write_bytes(proof_of(week, index, extra))
    (tmp_path / "policy").write_bytes(week.policy)
    assert main(["--receipt", str(tmp_path / "filed.tlog-proof"), "--policy", str(tmp_path / "policy")]) == 0
    assert "filed: before" in capsys.readouterr().out
