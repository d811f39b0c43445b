"""A filing proof holds for its own report in its own batch, and for nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.rules import desk
from showground.rules.records import commitment
from showground.rules.refused import Refused

LOG = "2026.week.example"


def _openings(count: int) -> list[dict[str, str]]:
    return [desk.report_opening(LOG, f"{n:064x}", f"{n:043d}") for n in range(count)]


@given(st.integers(1, 40), st.data())
def test_every_report_of_a_batch_is_proven(count: int, data: st.DataObject) -> None:
    openings = _openings(count)
    commits = [commitment(opening) for opening in openings]
    batch = {"log": LOG, "count": count, "root": desk.root(commits)}
    opening = openings[data.draw(st.integers(0, count - 1))]
    place, parts = desk.path(commits, commitment(opening))
    desk.check_path(opening, place, parts, batch)
    for other in (dict(opening, report_sha256="f" * 64), dict(opening, log="other.example"), dict(opening, salt="x")):
        with pytest.raises(Refused):
            desk.check_path(other, place, parts, batch)
    with pytest.raises(Refused):
        desk.check_path(opening, place, [*parts, "00" * 32], batch)


def test_an_empty_batch_has_the_empty_root() -> None:
    assert desk.root([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_batch_does_not_hold_what_was_not_filed() -> None:
    commits = [commitment(opening) for opening in _openings(3)]
    with pytest.raises(Refused, match=r"desk\.not_in_batch"):
        desk.path(commits, "0" * 64)
    with pytest.raises(Refused, match=r"desk\.twice"):
        desk.root([commits[0], commits[0]])


def test_junk_in_a_proof_is_refused_not_raised() -> None:
    opening = _openings(1)[0]
    batch = {"log": LOG, "count": 1, "root": desk.root([commitment(opening)])}
    for place, parts in ((0, ["zz"]), (-1, []), (5, []), (0, ["00"])):
        with pytest.raises(Refused):
            desk.check_path(opening, place, parts, batch)
