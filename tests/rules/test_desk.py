"""Records of the desk and of boards stand in order: batches by the hour, versions one after another."""

from __future__ import annotations

import pytest

from showground.rules import records
from showground.rules.chronicle import Chronicle
from showground.rules.refused import Refused

LOG = "2026.week.example"
NOTHING = records.sha256_hex(b"")


def _week() -> Chronicle:
    week = Chronicle()
    week.read(records.build("log.opened", LOG, software="s", policy_sha256="0" * 64, operator="A city", vkeys=[]))
    return week


def test_batches_come_in_the_order_of_their_hours_and_none_is_backdated() -> None:
    week = _week()
    week.read(records.build("desk.batch", LOG, at=100, count=0, root=NOTHING))
    week.read(records.build("desk.batch", LOG, at=200, count=2, root="1" * 64))
    for at in (200, 150):
        with pytest.raises(Refused, match=r"desk\.batch_order"):
            week.read(records.build("desk.batch", LOG, at=at, count=1, root="2" * 64))
    assert [r["count"] for _, r in week.batches] == [0, 2]


def test_an_empty_batch_cannot_hide_a_root() -> None:
    with pytest.raises(Refused, match=r"desk\.batch_root"):
        _week().read(records.build("desk.batch", LOG, at=100, count=0, root="1" * 64))


def test_a_board_s_texts_are_numbered_without_a_gap() -> None:
    week = _week()
    week.read(records.build("board.published", LOG, board="b7", version=1, sha256="1" * 64))
    week.read(records.build("board.published", LOG, board="b7", version=2, sha256="2" * 64))
    for version in (2, 4, 0):
        with pytest.raises(Refused, match=r"board\.version"):
            week.read(records.build("board.published", LOG, board="b7", version=version, sha256="3" * 64))
    assert week.boards["b7"][0] == 2


def test_a_board_is_taken_down_once_and_hung_again_with_the_text_it_had() -> None:
    week = _week()

    def told(kind: str, version: int = 1) -> None:
        week.read(records.build(f"board.{kind}", LOG, board="b7", version=version))

    with pytest.raises(Refused, match=r"board\.not_shown"):
        told("withdrawn")
    week.read(records.build("board.published", LOG, board="b7", version=1, sha256="1" * 64))
    with pytest.raises(Refused, match=r"board\.not_withdrawn"):
        told("restored")
    told("withdrawn")
    assert week.taken_down == {"b7": 2}
    for kind, version, code in (("withdrawn", 1, r"board\.not_shown"), ("restored", 2, r"board\.not_withdrawn")):
        with pytest.raises(Refused, match=code):
            told(kind, version)
    told("restored")
    told("withdrawn")
    week.read(records.build("board.published", LOG, board="b7", version=2, sha256="2" * 64))
    assert week.taken_down == {}, "a board that is published hangs"


def test_figures_are_of_a_period() -> None:
    with pytest.raises(Refused, match=r"figures\.period"):
        _week().read(records.build("figures.published", LOG, **{"from": 5, "to": 5, "sha256": "1" * 64}))
