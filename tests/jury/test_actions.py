from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from showground.commands import _juror as sealing
from showground.jury import actions, queries
from showground.jury.models import Juror, Sheet
from showground.ledger.models import Minute
from showground.ledger.queries import asset_path
from showground.rules import records
from showground.rules.refused import Refused
from showground.tlog import note
from showground.witness.escrow import open_escrow
from tests.entries.sample import Desks
from tests.jury.sample import ESCROW, ESCROW_VKEY, Judging, judging

Rows = list[list[Any]]


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        do()
    return no.value.code


def written(kind: str) -> list[dict[str, Any]]:
    return [json.loads(m.entry) for m in Minute.objects.filter(kind=kind, index=None).order_by("pk")]


class Hand:
    """A juror's hand: the key, and sheets sealed with it."""

    def __init__(self, panel: Judging, number: int = 1) -> None:
        self.panel, self.juror = panel, panel.jurors[number - 1]
        self.origin = panel.row.origin
        self.private, self.vkey = sealing.make_key(self.origin, number)

    def declare(self) -> Hand:
        self.juror = actions.declare_key(self.juror, vkey=self.vkey, wrapped={"v": 1}, at=self.panel.judging)
        return self

    def sheet(self, points: int = 5, **other: Any) -> dict[str, Any]:
        told = {"number": self.juror.number, "sheet": "final", "origin": self.origin, **other}
        made = sealing.sealed(
            self.private,
            sealing._signer(self.private, told["origin"], told["number"]).key.vkey,
            told["origin"],
            told["number"],
            told["sheet"],
            self.panel.rows(points),
            ESCROW_VKEY,
        )
        return {**made, "escrow": actions.decoded(made["escrow"])}

    def seal(self, sheet: dict[str, Any] | None = None, at: int | None = None) -> Sheet:
        return actions.seal_sheet(self.juror, **(sheet or self.sheet()), at=at or self.panel.judging)


# ---- appointing ----


def test_jurors_are_numbered_and_the_log_knows_the_number_only(room: Desks) -> None:
    for person in (room.maker, room.other):
        actions.appoint_juror(room.week, person=person, categories=["picture"], at=room.calling)
    told = room.records("jury.appointed")
    assert [(r["juror"], r["categories"]) for r in told] == [(1, ["picture"]), (2, ["picture"])]
    assert "example.org" not in str(told)


def test_appointing_twice_is_appointing_once(room: Desks) -> None:
    first, second = (actions.appoint_juror(room.week, person=room.maker, categories=[], at=room.calling) for _ in range(2))
    assert first == second and len(room.records("jury.appointed")) == 1


def test_no_juror_comes_after_the_vote_has_opened(room: Desks) -> None:
    told = {"person": room.maker, "categories": [], "at": room.week.vote_opens}
    assert refused(lambda: actions.appoint_juror(room.week, **told)) == "jury.late"


@pytest.mark.parametrize("who", ["screener", "organiser", "notary"])
def test_duties_that_must_stay_apart_are_refused(room: Desks, who: str) -> None:
    told = {"person": room.people[who], "categories": [], "at": room.calling}
    assert refused(lambda: actions.appoint_juror(room.week, **told)) == "week.duties_apart"
    assert room.records("jury.appointed") == [] and not Juror.objects.exists()


# ---- the key ----


def test_a_key_is_declared_once_and_for_good(panel: Judging) -> None:
    hand = Hand(panel).declare()
    hand.declare()
    assert [r["vkey"] for r in written("key.declared")] == [hand.vkey]
    _, other = sealing.make_key(panel.row.origin, 1)
    again = lambda: actions.declare_key(hand.juror, vkey=other, wrapped={}, at=panel.judging)  # noqa: E731
    assert refused(again) == "jury.key_declared"


def test_a_key_of_another_name_or_kind_is_refused(panel: Judging) -> None:
    juror, origin = panel.jurors[0], panel.row.origin
    _, second = sealing.make_key(origin, 2)
    elsewhere = sealing.make_key("other.example", 1)[1]
    witness = note.format_vkey(f"{origin}/jury/1", note.COSIGNATURE, bytes(32))
    for vkey in (second, elsewhere, witness, ESCROW_VKEY, "", "nonsense", Hand(panel).vkey[:-4] + "AAAA"):
        assert refused(lambda v=vkey: actions.declare_key(juror, vkey=v, wrapped={}, at=0)) == "jury.key", vkey
    assert written("key.declared") == []


# ---- sealing ----


def test_a_sealed_sheet_opens_for_the_notary_and_for_nobody_else(panel: Judging) -> None:
    hand = Hand(panel).declare()
    sheet = hand.seal()
    [record] = written("jury.committed")
    assert (record["commit"], record["juror"], record["sheet"]) == (sheet.commit, 1, "final")
    blob = asset_path(panel.row.origin, record["escrow_sha256"]).read_bytes()
    assert records.sha256_hex(blob) == record["escrow_sha256"]
    opening = records.parse(open_escrow(blob, ESCROW, panel.row.origin, 1, "final"))
    assert records.commitment(opening) == sheet.commit and opening["scores"] == panel.rows()
    assert panel.listed[0].encode() not in blob and sheet.opening == {}
    with pytest.raises(Exception, match="does not open"):
        open_escrow(blob, ESCROW, panel.row.origin, 2, "final")


def test_a_second_press_is_the_same_sheet(panel: Judging) -> None:
    hand = Hand(panel).declare()
    made = hand.sheet()
    assert hand.seal(made).pk == hand.seal(made).pk
    assert len(written("jury.committed")) == 1


def test_sealing_again_replaces_until_the_deadline(panel: Judging) -> None:
    hand = Hand(panel).declare()
    hand.seal(hand.sheet(5))
    last = hand.seal(hand.sheet(6), at=panel.row.jury_closes - 1)
    assert queries.last_sheet(hand.juror) == last and len(written("jury.committed")) == 2


def test_a_sheet_at_the_deadline_is_late(panel: Judging) -> None:
    hand = Hand(panel).declare()
    made = hand.sheet()
    assert refused(lambda: hand.seal(made, at=panel.row.jury_closes)) == "jury.late_sheet"
    assert not Sheet.objects.exists() and written("jury.committed") == []


def test_a_late_repeat_of_a_sealed_sheet_is_still_that_sheet(panel: Judging) -> None:
    hand = Hand(panel).declare()
    made = hand.sheet()
    assert hand.seal(made).pk == hand.seal(made, at=panel.row.jury_closes + 60).pk


def test_without_a_key_nothing_is_sealed(panel: Judging) -> None:
    assert refused(lambda: Hand(panel).seal()) == "jury.no_key"


def test_a_signature_over_something_else_is_refused(panel: Judging) -> None:
    hand, other = Hand(panel).declare(), Hand(panel, 2).declare()
    right = hand.sheet()
    wrong = [
        {**right, "commit": "0" * 64},
        {**right, "commit": right["commit"].upper()},
        {**right, "sig": hand.sheet(sheet="other")["sig"]},
        {**right, "sig": hand.sheet(number=2)["sig"]},
        {**right, "sig": hand.sheet(origin="other.example")["sig"]},
        {**right, "sig": other.sheet()["sig"]},
        {**right, "sig": "x\n— y AAAA"},
        {**right, "sig": ""},
    ]
    for sheet in wrong:
        assert refused(lambda s=sheet: hand.seal(s)) == "jury.signature", sheet["sig"]
    assert not Sheet.objects.exists()


def test_a_copy_too_short_or_too_long_is_refused(panel: Judging) -> None:
    hand = Hand(panel).declare()
    for escrow in (b"", b"x" * 60, b"x" * (actions.ESCROW_MOST + 1)):
        assert refused(lambda e=escrow: hand.seal({**hand.sheet(), "escrow": e})) == "jury.escrow"
    assert refused(lambda: actions.decoded("not base64!")) == "jury.escrow"


def test_a_draft_too_long_is_refused(panel: Judging) -> None:
    assert refused(lambda: actions.keep_draft(panel.jurors[0], draft={"data": "x" * 70_000})) == "jury.draft_too_long"


# ---- the gate ----


def test_the_gate_falls_once_and_counts_sheets_not_seals(panel: Judging) -> None:
    hand = Hand(panel).declare()
    hand.seal(hand.sheet(5)), hand.seal(hand.sheet(6))
    actions.close_jury(panel.row, at=panel.row.jury_closes - 1)
    assert written("jury.closed") == []
    for _ in range(2):
        actions.close_jury(panel.row, at=panel.row.jury_closes)
    [record] = written("jury.closed")
    assert record["sheets"] == 1


def test_no_sheet_opens_before_the_gate_is_witnessed(panel: Judging) -> None:
    hand = Hand(panel).declare()
    hand.seal()
    opening = {"juror": 1, "sheet": "final"}
    assert refused(lambda: actions.open_sheets(panel.row, openings=[opening], at=panel.row.jury_closes)) == "jury.gate_shut"


@pytest.fixture
def gate(db: None, folders: None) -> Judging:
    """A week whose three sheets are sealed and whose jury's gate is witnessed; the openings are `played.sheets`."""
    stood = judging("jury")
    for opening, juror in zip(stood.played.sheets, stood.jurors, strict=True):
        told = {"name": opening["sheet"], "commit": records.commitment(opening), "escrow_sha256": "0" * 64}
        Sheet.objects.create(juror=juror, committed_at=stood.judging, **told)
    return stood


def test_openings_that_fit_are_opened_once(gate: Judging) -> None:
    at, sheets = gate.row.jury_closes + 60, gate.played.sheets
    assert actions.open_sheets(gate.row, openings=sheets[:2], at=at) == 2
    assert actions.open_sheets(gate.row, openings=sheets, at=at) == 1
    told = written("jury.opened")
    assert [r["scores"] for r in told] == [s["scores"] for s in sheets]
    assert all(row["opened"] for row in queries.panel(gate.row))


def test_an_opening_that_does_not_fit_its_commitment_is_refused(gate: Judging) -> None:
    right = gate.played.sheets[0]
    better = [[row[0], row[1], row[2] + 1] for row in right["scores"]]
    wrong = [
        ({**right, "scores": better}, "jury.opening_differs"),
        ({**right, "juror": 2}, "jury.opening_differs"),
        ({**right, "juror": 99}, "jury.opening_differs"),
        ({"sheet": "final"}, "jury.opening"),
        ({**right, "juror": "one"}, "jury.opening"),
    ]
    for opening, code in wrong:
        assert refused(lambda o=opening: actions.open_sheets(gate.row, openings=[o], at=gate.row.jury_closes)) == code
    assert written("jury.opened") == [] and not any(row["opened"] for row in queries.panel(gate.row))


def test_a_row_that_the_rule_does_not_take_is_told(panel: Judging) -> None:
    juror, rows = panel.jurors[0], panel.rows()
    actions.check_sheet(panel.row, juror, rows)
    most = panel.played.rule["jury"]["criteria"][0]
    too_many: Rows = sorted([[panel.listed[0], most["key"], most["max"] + 1]])
    assert refused(lambda: actions.check_sheet(panel.row, juror, too_many)) == "sheet.range"
    assert refused(lambda: actions.check_sheet(panel.row, juror, [["aaaaaa", most["key"], 1]])) == "sheet.entry"


@pytest.mark.parametrize("jurors", [1, 3])
def test_the_panel_asks_the_database_twice_for_one_row_or_three(
    panel: Judging, jurors: int, django_assert_num_queries: Any
) -> None:
    Juror.objects.filter(number__gt=jurors).delete()
    with django_assert_num_queries(2):  # jurors with their persons, sheets
        assert len(queries.panel(panel.row)) == jurors


def test_a_sheet_is_not_signed_with_another_jurors_key(panel: Judging) -> None:
    hand, other = Hand(panel), Hand(panel, 2)
    with pytest.raises(ValueError, match="not that of the vkey"):
        sealing.sealed(hand.private, other.vkey, hand.origin, 1, "final", [], ESCROW_VKEY)
