"""A path holds for its own value in its own batch, and for nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.tlog import batch


@given(st.sets(st.binary(min_size=32, max_size=32), min_size=1, max_size=40), st.data())
def test_every_value_of_a_batch_is_proven(values: set[bytes], data: st.DataObject) -> None:
    listed = list(values)
    value, top = data.draw(st.sampled_from(listed)), batch.root(listed)
    place, hashes = batch.path(listed, value)
    assert batch.holds(value, place, len(listed), hashes, top)
    assert not batch.holds(bytes(32) if value != bytes(32) else b"x" * 32, place, len(listed), hashes, top)
    assert not batch.holds(value, place, len(listed), [*hashes, bytes(32)], top)
    assert not batch.holds(value, len(listed), len(listed), hashes, top)
    assert batch.root(sorted(listed)) == batch.root(sorted(listed, reverse=True)), "the order of arrival tells nothing"


def test_an_empty_batch_has_the_empty_root() -> None:
    assert batch.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_value_twice_or_missing_is_an_error() -> None:
    with pytest.raises(ValueError, match="twice"):
        batch.root([b"a" * 32, b"a" * 32])
    with pytest.raises(ValueError):
        batch.path([b"a" * 32], b"b" * 32)


def test_junk_in_a_proof_does_not_hold() -> None:
    value = b"a" * 32
    assert not batch.holds(value, 0, 1, [b"short"], batch.root([value]))
    assert not batch.holds(value, -1, 1, [], batch.root([value]))
