from __future__ import annotations

import json

import pytest

from showground.rules import records
from showground.rules.chronicle import Chronicle
from showground.rules.refused import Refused
from tests.harness.week import Week

DONE = [json.loads(entry) for entry in Week(voters=3, days=0).run().entries]
FIRST = {record["type"]: index for index, record in reversed(list(enumerate(DONE)))}


def read(log: list[dict]) -> Chronicle:
    week = Chronicle()
    for record in log:
        week.read(record)
    return week


def test_read_takes_a_whole_week() -> None:
    week = read(DONE)
    assert week.size == len(DONE) and week.tally is not None and len(week.awards) == len(DONE) - 1 - FIRST["award.decided"]
    assert len(week.opened) == len(week.sheets) == 3 and week.clock == "rehearsal"


# Records whose loss no later record notices; the verifier's steps for jury and awards do.
UNNOTICED = {"jury.opened", "award.decided"}
UNSAID = DONE[:-1]  # without the statement, which counts all records before it


@pytest.mark.parametrize("index", range(len(UNSAID)), ids=lambda index: f"{index}-{UNSAID[index]['type']}")
def test_read_notices_a_record_that_is_left_out(index: int) -> None:
    left = [*UNSAID[:index], *UNSAID[index + 1 :]]
    if UNSAID[index]["type"] in UNNOTICED:
        read(left)
    else:
        with pytest.raises(Refused):
            read(left)


@pytest.mark.parametrize(
    "kind",
    [
        "log.opened",
        "key.declared",
        "ruleset.frozen",
        "entry.accepted",
        "entries.closed",
        "jury.appointed",
        "vote.opened",
        "scope.turned",
        "vote.closed",
        "shortlist.declared",
        "jury.closed",
        "ballots.opened",
        "jury.opened",
        "tally.published",
        "entry.withdrawn",
    ],
)
def test_read_refuses_the_same_record_again(kind: str) -> None:
    with pytest.raises(Refused):
        read([*DONE[: FIRST[kind] + 1], DONE[FIRST[kind]]])


@pytest.mark.parametrize(
    ("kind", "after", "code"),
    [
        ("ballot.cast", "entries.closed", "vote.not_open"),
        ("ballot.cast", "vote.closed", "vote.not_open"),
        ("scope.turned", "vote.closed", "vote.not_open"),
        ("jury.committed", "jury.closed", "jury.not_open"),
        ("jury.committed", "vote.closed", "jury.not_open"),
        ("jury.opened", "jury.committed", "jury.opened_early"),
        ("ballots.opened", "vote.closed", "ballots.opened_early"),
        ("award.decided", "ballots.opened", "award.order"),
        ("entry.submitted", "entries.closed", "entry.late"),
        ("jury.appointed", "vote.opened", "jury.late"),
    ],
)
def test_read_refuses_a_record_at_the_wrong_time(kind: str, after: str, code: str) -> None:
    with pytest.raises(Refused) as no:
        read([*DONE[: FIRST[after] + 1], DONE[FIRST[kind]]])
    assert no.value.code == code


@pytest.mark.parametrize(
    ("kind", "change", "code"),
    [
        ("ballot.cast", {"scope": "2026-01-01"}, "ballot.scope"),
        ("vote.closed", {"ballots": 0}, "vote.count"),
        ("jury.closed", {"sheets": 2}, "jury.count"),
        ("vote.opened", {"seal": "live"}, "vote.seal"),
        ("vote.opened", {"ruleset_sha256": "0" * 64}, "ruleset.other"),
        ("vote.opened", {"closes": 0}, "vote.times"),
        ("entries.closed", {"count": 1}, "entries.list"),
        ("entry.accepted", {"genre": "other"}, "entry.changed"),
        ("ruleset.frozen", {"ruleset": {}}, "ruleset.field_missing"),
        ("jury.opened", {"salt": "A" * 43}, "jury.opening_differs"),
        ("shortlist.declared", {"through_index": 0}, "record.reference"),
        ("tally.published", {"through_index": 0}, "record.reference"),
        ("log.opened", {"log": "week.example.org"}, "log.clock"),
        ("scope.turned", {"log": "other.rehearsal.invalid"}, "log.order"),
    ],
)
def test_read_refuses_a_record_that_contradicts_the_log(kind: str, change: dict, code: str) -> None:
    with pytest.raises(Refused) as no:
        read([*DONE[: FIRST[kind]], DONE[FIRST[kind]] | change])
    assert no.value.code == code


def test_read_refuses_a_ballot_of_the_other_kind() -> None:
    live = DONE[FIRST["ballot.cast"]] | {"choices": [], "nonce": "A" * 43}
    del live["commit"]
    with pytest.raises(Refused, match=r"ballot\.seal"):
        read([*DONE[: FIRST["ballot.cast"]], live])


def test_read_refuses_papers_that_became_fewer() -> None:
    at = FIRST["credentials.issued"]
    with pytest.raises(Refused, match=r"credentials\.fell"):
        read([*DONE[: at + 1], DONE[at] | {"count": 0}])


def test_read_lets_nothing_follow_the_end() -> None:
    end = records.build("log.closed", DONE[0]["log"], final_count=len(DONE) + 1, reason="appeals")
    week = read([*DONE, end])
    with pytest.raises(Refused, match=r"log\.closed"):
        week.read(DONE[-1])


def test_standing_is_what_was_accepted_and_not_yet_withdrawn() -> None:
    week = read(DONE)
    gone = DONE[FIRST["entry.withdrawn"]]["entry"]
    assert gone in week.standing(FIRST["entry.withdrawn"]) and gone not in week.standing(FIRST["entry.withdrawn"] + 1)
    assert gone in week.category_of() and gone not in week.votable()
    accepted = [r["entry"] for r in DONE if r["type"] == "entry.accepted"]
    assert week.standing(len(DONE)) == [entry for entry in accepted if entry != gone]


# ---- withheld and restored ----

WORK = next(r["entry"] for r in DONE if r["type"] == "entry.accepted")
GONE = DONE[FIRST["entry.withdrawn"]]["entry"]


def held(kind: str, entry: str = WORK, why: str = "rights") -> dict:
    return records.build(f"entry.{kind}", DONE[0]["log"], entry=entry, reason_code=why)


def test_a_work_may_be_withheld_and_restored_and_withheld_again() -> None:
    week = read([*DONE, held("withheld")])
    assert week.entries[WORK].withheld == len(DONE)
    week.read(held("restored", why="appeal"))
    assert week.entries[WORK].withheld is None
    week.read(held("withheld"))
    assert week.entries[WORK].withheld == len(DONE) + 2


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ([held("restored")], "entry.not_withheld"),
        ([held("withheld"), held("withheld")], "entry.withheld_twice"),
        ([held("withheld"), held("restored"), held("restored")], "entry.not_withheld"),
        ([held("withheld", "zzzzzz")], "entry.not_submitted"),
        ([held("restored", "zzzzzz")], "entry.not_withheld"),
        ([held("withheld", GONE)], "entry.not_submitted"),
    ],
)
def test_read_refuses_withholding_out_of_order(more: list[dict], code: str) -> None:
    with pytest.raises(Refused) as no:
        read([*DONE, *more])
    assert no.value.code == code


@pytest.mark.parametrize(
    "after", ["entry.submitted", "entries.closed", "scope.turned", "vote.closed", "shortlist.declared", "tally.published"]
)
def test_a_withheld_work_stays_in_the_vote_and_the_rest_of_the_log_stands(after: str) -> None:
    entry = DONE[FIRST["entry.submitted"]]["entry"]
    cut = FIRST[after] + 1
    log = [*DONE[:cut], held("withheld", entry)]
    week = read(log)
    before = read(DONE[:cut])
    assert week.votable() == before.votable() and week.category_of() == before.category_of()
    assert week.standing(len(DONE)) == before.standing(len(DONE))


def test_what_is_handed_in_again_is_still_withheld() -> None:
    twice = next(i for i, r in enumerate(DONE) if r["type"] == "entry.returned")
    entry = DONE[twice]["entry"]
    assert read([*DONE[:twice], held("withheld", entry), DONE[twice], DONE[twice + 1]]).entries[entry].withheld == twice
