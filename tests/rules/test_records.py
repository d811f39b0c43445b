from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.rules import records
from showground.rules.refused import Refused
from tests.harness.quiz_week import QuizWeek
from tests.harness.week import Week

SALT = base64.urlsafe_b64encode(b"s" * 32).rstrip(b"=").decode()
VOTER = base64.urlsafe_b64encode(b"v" * 16).rstrip(b"=").decode()
WEEK = [json.loads(entry) for entry in Week(voters=3, days=0).run().entries] + [
    json.loads(entry) for entry in Week(voters=3, days=0, seal="live").run("vote").entries
]
WEEK += [
    json.loads(entry) for made in (QuizWeek(entrants=4), QuizWeek(entrants=4, beacon="drand")) for entry in made.play().entries[1:]
]


def test_canonical_sorts_keys_and_writes_text_as_it_is() -> None:
    assert records.canonical({"b": [1, True], "a": "投票\n"}) == '{"a":"投票\\n","b":[1,true]}'.encode()


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"a": 1.0}, "record.value"),
        ({"a": None}, "record.value"),
        ({"A": 1}, "record.key"),
        ({"a b": 1}, "record.key"),
        ({"a": 2**53}, "record.number"),
        ({"a": "e\u0301"}, "record.text"),
        ({"a": "\ud800"}, "record.text"),
        ({"a": [[[[[[1]]]]]]}, "record.depth"),
    ],
)
def test_canonical_refuses_what_has_no_one_form(value: object, code: str) -> None:
    with pytest.raises(Refused) as no:
        records.canonical(value)
    assert no.value.code == code


@pytest.mark.parametrize(
    "entry",
    [
        b'{"a": 1}',
        b'{"b":1,"a":1}',
        b'{"a":1,"a":1}',
        b'{"a":1}\n',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":NaN}',
        b'{"a":"\\u4e00"}',
        b"[1]",
        b"",
        b"\xff",
        b"[" * 5000,
        b'{"a":' + b"9" * 5000 + b"}",
    ],
    ids=lambda entry: repr(entry[:12]),
)
def test_parse_refuses_every_second_form(entry: bytes) -> None:
    with pytest.raises(Refused):
        records.parse(entry)


json_like = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.sampled_from(["", "a", "投票", "\x00", "\u2028", "😀", '"\\']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from("abc"), json_like))
def test_parse_gives_back_what_canonical_wrote(value: dict) -> None:
    try:
        data = records.canonical(value)
    except Refused as no:
        assert no.code == "record.depth"
        return
    assert records.parse(data) == value


@pytest.mark.parametrize("record", WEEK, ids=lambda record: record["type"])
def test_check_takes_a_record_and_misses_each_field_that_is_needed(record: dict) -> None:
    records.check(record)
    for name, needed in ((n, n) for n in records.SCHEMAS[record["type"]] if not n.endswith("?")):
        with pytest.raises(Refused, match=r"record\.field"):
            records.check({k: v for k, v in record.items() if k != needed})
        with pytest.raises(Refused, match=r"record\.field"):
            records.check(record | {name: 1.5})


@pytest.mark.parametrize("record", WEEK, ids=lambda record: record["type"])
def test_check_refuses_a_field_that_no_schema_has(record: dict) -> None:
    with pytest.raises(Refused, match=r"record\.field_unknown"):
        records.check(record | {"surprise": 1})


@pytest.mark.parametrize("change", [{"v": 2}, {"type": "ballot.stuffed"}, {"type": 7}, {"log": ""}, {"log": 1}])
def test_check_refuses_another_version_type_or_log(change: dict) -> None:
    with pytest.raises(Refused):
        records.check(WEEK[0] | change)


def test_check_wants_either_a_commitment_or_choices_with_a_nonce() -> None:
    base = {"v": 1, "log": "o", "type": "ballot.cast", "voter": VOTER, "scope": "week", "channel": "email"}
    records.check(base | {"commit": "0" * 64})
    records.check(base | {"choices": [], "nonce": SALT})
    for wrong in ({}, {"choices": []}, {"nonce": SALT}, {"commit": "0" * 64, "nonce": SALT}, {"commit": "0" * 64, "choices": []}):
        with pytest.raises(Refused):
            records.check(base | wrong)


@pytest.mark.parametrize("value", [VOTER + "A", VOTER[:-1], VOTER[:-1] + "h", VOTER[:-1] + "=", VOTER[:-1] + "\n", 1])
def test_voter_has_one_spelling(value: object) -> None:
    assert records.VOTER(VOTER) and not records.VOTER(value)


def test_build_refuses_a_record_that_fits_no_bundle() -> None:
    with pytest.raises(Refused, match=r"record\.too_long"):
        records.build("shortlist.declared", "o", entries=["aaaaaa"] * 8000, through_index=1)


def test_ballot_hides_its_choices_and_opens_to_them() -> None:
    record, opening = records.ballot("o", VOTER, "week", "email", ["bbbbbb", "aaaaaa"], SALT, seal="sealed", replaces=None)
    assert opening is not None and opening["choices"] == ["aaaaaa", "bbbbbb"]
    assert "choices" not in record and record["commit"] == records.commitment(opening)


def test_ballot_refuses_a_salt_that_is_not_32_bytes() -> None:
    with pytest.raises(Refused, match=r"ballot\.salt"):
        records.ballot("o", VOTER, "week", "email", [], SALT[:-2], seal="sealed", replaces=None)


def test_pseudonym_differs_by_scope_subject_log_and_key() -> None:
    said = {
        records.pseudonym(k, log, scope, who)
        for k in (b"1" * 32, b"2" * 32)
        for log in "ab"
        for scope in ("week", "x")
        for who in "ab"
    }
    assert len(said) == 16 and all(records.VOTER(name) for name in said)


def test_list_sha256_does_not_depend_on_order() -> None:
    assert records.list_sha256(["b", "a"]) == records.list_sha256(["a", "b"]) != records.list_sha256(["a"])


BEACON = {"v": 1, "log": "o", "type": "draw.beacon", "draw": "d"}
DRAND = {"kind": "drand", "chain": "ab" * 32, "round": 1, "signature": "ab" * 48, "randomness": "ab" * 32}
DICE = {"kind": "dice", "throws": "1" * 24}


def test_check_wants_either_a_round_or_throws() -> None:
    records.check(BEACON | DRAND)
    records.check(BEACON | DICE)
    short = {name: value for name, value in DRAND.items() if name != "randomness"}
    for wrong in (DRAND | {"throws": "1" * 24}, DRAND | {"kind": "dice"}, DICE | {"kind": "drand"}, short, {"kind": "dice"}):
        with pytest.raises(Refused, match=r"record\.field"):
            records.check(BEACON | wrong)


@pytest.mark.parametrize("throws", ["1" * 23, "1" * 401, "0" * 24, "7" * 24, "1" * 24 + "\n", "１" * 24])
def test_throws_are_digits_of_dice(throws: str) -> None:
    assert records.THROWS("123456" * 4) and not records.THROWS(throws)


def test_every_type_of_record_is_tried_here() -> None:
    """Those of the desk, of boards and of works withheld have their own tests."""
    elsewhere = {
        "jury.unopened",
        "desk.batch",
        "figures.published",
        "board.published",
        "board.withdrawn",
        "board.restored",
        "log.closed",
        "entry.withheld",
        "entry.restored",
    }
    assert set(records.SCHEMAS) - {record["type"] for record in WEEK} <= elsewhere
