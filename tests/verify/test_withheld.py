"""A work withheld and restored in a published week: it verifies, the count is the same, and an order that cannot be is caught."""

from __future__ import annotations

import json
from typing import Any

import pytest

from showground.rules import records
from showground.verify import verdict
from showground.verify.case import FAIL, PASS
from showground.verify.checks import Outcome
from tests.harness.week import DAY, STAGES, Week, sealed_again
from tests.verify.test_checks import verified


def a_week(*kinds: str, after: str = "done", edit: Any = None) -> Week:
    """A whole week in which its first work is withheld, restored ... once the stage `after` is over."""
    week = Week(voters=4, days=0, edit=edit).run(until=after)
    for kind in kinds:
        week.append(f"entry.{kind}", entry=week.told[0]["entry"], reason_code="deception")
    for stage in STAGES[STAGES.index(after) + 1 :]:
        getattr(week, f"_{stage}")()
    week.witness("held", week.jury_at + 2 * DAY)
    return week


def told(outcome: Outcome, step: str) -> tuple[str, str]:
    found = next(one for one in outcome.steps if one.name == step)
    return found.word, " | ".join(finding.text for finding in found.findings)


@pytest.mark.parametrize("after", ["call", "vote", "jury", "done"])
def test_a_week_with_a_withheld_work_verifies_and_says_so(after: str) -> None:
    outcome = verified(a_week("withheld", after=after).files())
    assert verdict.exit_code(outcome) == 0, verdict.as_text(outcome)
    word, text = told(outcome, "entries")
    assert word == PASS and "1 withheld from view now" in text


def test_a_week_with_a_restored_work_verifies_and_no_longer_says_so() -> None:
    outcome = verified(a_week("withheld", "restored", after="vote").files())
    assert verdict.exit_code(outcome) == 0, verdict.as_text(outcome)
    assert "withheld" not in told(outcome, "entries")[1]


def test_a_withheld_work_has_the_votes_and_the_prize_that_it_would_have_had() -> None:
    plain, held = a_week(after="vote"), a_week("withheld", after="vote")
    assert plain.count.votes == held.count.votes and plain.week.shortlist == held.week.shortlist
    assert [r["entry"] for _, r in plain.week.awards] == [r["entry"] for _, r in held.week.awards]


def test_a_withheld_work_is_left_out_of_what_is_told_in_clear() -> None:
    files = a_week("withheld").files()
    rows = json.loads(files["entries.json"])[1:]
    outcome = verified(sealed_again(files | {"entries.json": records.canonical(rows)}))
    assert verdict.exit_code(outcome) == 0, verdict.as_text(outcome)


@pytest.mark.parametrize(
    ("kinds", "swap", "code"),
    [
        (("withheld",), {0: "entry.restored"}, "entry.not_withheld"),
        (("withheld", "restored"), {1: "entry.withheld"}, "entry.withheld_twice"),
    ],
)
def test_an_order_that_cannot_be_is_caught(kinds: tuple[str, ...], swap: dict[int, str], code: str) -> None:
    seen: list[int] = []

    def edit(index: int, record: dict) -> dict:
        if record["type"] in {"entry.withheld", "entry.restored"}:
            seen.append(index)
            return record | {"type": swap.get(len(seen) - 1, record["type"])}
        return record

    word, text = told(verified(a_week(*kinds, edit=edit).files()), "records")
    assert word == FAIL and code in text and f"record {seen[-1]}" in text
