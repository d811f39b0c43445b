from __future__ import annotations

import json
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.rules.draws import ORDERS, numbers, order, sample
from showground.rules.refused import Refused
from tests.rules.sample import CODES

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "rivest_sampler.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", VECTORS["with_replacement"], ids=lambda case: case["data"]["seed"][:12])
def test_numbers_are_those_of_the_published_vectors(case: dict) -> None:
    asked = case["data"]
    assert list(islice(numbers(asked["seed"], asked["total"]), asked["count"])) == case["expected"]


@pytest.mark.parametrize("case", VECTORS["without_replacement"], ids=lambda case: case["seed"][:12])
def test_sample_is_that_of_the_reference_transcript(case: dict) -> None:
    assert sample(case["seed"], case["b"], case["n"]) == case["expected"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), st.integers(1, 60), st.data())
def test_sample_draws_each_position_at_most_once(seed: str, total: int, data: st.DataObject) -> None:
    drawn = sample(seed, total, data.draw(st.integers(0, total)))
    assert len(set(drawn)) == len(drawn) and all(1 <= position <= total for position in drawn)


@pytest.mark.parametrize("count", [-1, 4])
def test_sample_refuses_to_draw_more_than_there_are(count: int) -> None:
    with pytest.raises(Refused, match=r"draw\.count"):
        sample("1", 3, count)


def test_order_is_a_permutation_that_depends_on_seed_and_number_only() -> None:
    assert sorted(order("ab", CODES, 0)) == sorted(CODES)
    assert order("ab", CODES, 0) == order("ab", reversed(CODES), 0)
    assert len({tuple(order("ab", CODES, k)) for k in range(ORDERS)}) == ORDERS
    assert order("ab", CODES, 0) != order("ac", CODES, 0)


def test_order_favours_nobody() -> None:
    """Over 40 seeds and all orders each of four works leads about 640 of 2,560 times; five standard deviations are 110."""
    leads = Counter(order(f"seed {n}", CODES[:4], k)[0] for n in range(40) for k in range(ORDERS))
    assert all(abs(leads[code] - 640) < 110 for code in CODES[:4])


@pytest.mark.parametrize("k", [-1, 64])
def test_order_refuses_a_number_outside(k: int) -> None:
    with pytest.raises(Refused, match=r"draw\.order"):
        order("ab", CODES, k)
