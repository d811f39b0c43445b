from __future__ import annotations

import hashlib
import json
from collections import Counter
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.rules import draws
from showground.rules.draws import ORDERS, numbers, order, sample
from showground.rules.refused import Refused
from tests.rules.sample import CODES

VECTORS_FOLDER = Path(__file__).parent.parent / "vectors"
VECTORS = json.loads((VECTORS_FOLDER / "rivest_sampler.json").read_text(encoding="utf-8"))
DRAND = json.loads((VECTORS_FOLDER / "drand.json").read_text(encoding="utf-8"))


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


# ---- pool, round, seed, picks ----

indexes = st.sets(st.integers(0, 2**40), max_size=60)


@given(indexes, st.randoms())
def test_pool_does_not_depend_on_order_and_tells_every_two_pools_apart(tickets: set[int], dice: Random) -> None:
    mixed = list(tickets)
    dice.shuffle(mixed)
    assert draws.pool(mixed) == draws.pool(tickets)
    assert [int(line) for line in draws.pool(tickets).split()] == sorted(tickets)
    other = tickets ^ {5}
    assert draws.pool_sha256(tickets) != draws.pool_sha256(other)


def test_pool_is_one_decimal_a_line_without_one_at_the_end() -> None:
    assert draws.pool([12, 3, 100]) == b"3\n12\n100"
    assert draws.pool([]) == b"" and draws.pool_sha256([]) == hashlib.sha256(b"").hexdigest()


@given(st.text("0123456789abcdef", min_size=64, max_size=64), st.integers(0, 200), st.integers(0, 30), st.integers(0, 10))
def test_picks_are_different_positions_and_as_many_as_there_can_be(seed: str, count: int, prizes: int, more: int) -> None:
    winners, alternates = draws.picks(seed, count, prizes, more)
    drawn = winners + alternates
    assert len(winners) == min(count, prizes) and len(alternates) == min(max(0, count - prizes), more)
    assert len(set(drawn)) == len(drawn) and set(drawn) <= set(range(1, count + 1))
    assert draws.picks(seed, count, prizes + 1, more)[0][: len(winners)] == winners


@pytest.mark.parametrize(("count", "prizes", "won"), [(0, 3, []), (1, 3, [1]), (0, 0, []), (5, 0, [])])
def test_picks_of_none_or_one_ticket(count: int, prizes: int, won: list[int]) -> None:
    assert draws.picks("seed", count, prizes, 0) == (won, [])


def test_picks_favour_no_position() -> None:
    """Of 2,000 draws of one in ten each position wins about 200; five standard deviations are 67."""
    won = Counter(draws.picks(f"{n:064x}", 10, 1, 0)[0][0] for n in range(2000))
    assert set(won) == set(range(1, 11)) and all(abs(times - 200) < 67 for times in won.values())


def test_chosen_is_the_sample_of_the_sorted_codes() -> None:
    codes = ["q3", "q1", "q4", "q2"]
    assert draws.chosen("ab", codes, 3) == [sorted(codes)[p - 1] for p in sample("ab", 4, 3)]
    assert draws.chosen("ab", codes, 3) == draws.chosen("ab", reversed(codes), 3)
    with pytest.raises(Refused, match=r"draw\.count"):
        draws.chosen("ab", codes, 5)


def _rules(draws_at: int, beacon: dict | None = None) -> dict:
    return {"draw": {"draws_at": draws_at, "beacon": beacon or draws.QUICKNET}}


def test_round_is_that_of_the_published_vector() -> None:
    told = DRAND["quicknet"]
    assert draws.round_at(_rules(1776643200)) == told["round_at_2026_04_20T00_00_00Z"]
    assert (draws.QUICKNET["chain"], draws.QUICKNET["public_key"]) == (told["chain_hash"], told["public_key"])
    assert (draws.QUICKNET["genesis"], draws.QUICKNET["period"]) == (told["genesis_time"], told["period_s"])
    assert draws.time_of_round(draws.QUICKNET, told["beacon"]["round"]) == 1694775603  # 2023-09-15 11:00:03 UTC


@given(st.integers(0, 2**36))
def test_round_is_the_first_at_or_after_the_time(at: int) -> None:
    number = draws.round_at(_rules(at))
    assert number >= 1 and draws.time_of_round(draws.QUICKNET, number) >= at
    assert number == 1 or draws.time_of_round(draws.QUICKNET, number - 1) < at


def test_named_beacon_of_dice_says_how_many_throws() -> None:
    assert draws.named_beacon(_rules(5, {"kind": "dice", "digits": 30})) == {"kind": "dice", "digits": 30}


def test_seed_text_is_the_hash_of_lines_with_parties_by_name() -> None:
    seeds = {"organiser": "cc" * 32, "notary": "aa" * 32}
    text = f"showground draw v1\nd\n{'ee' * 32}\n{'aa' * 32}\n{'cc' * 32}\n666\n"
    assert draws.seed_text("d", "ee" * 32, seeds, "666") == hashlib.sha256(text.encode()).hexdigest()
    assert draws.seed_text("d", "ee" * 32, {}, "") == hashlib.sha256(f"showground draw v1\nd\n{'ee' * 32}\n\n".encode()).hexdigest()


@pytest.mark.parametrize("change", ["draw", "pool", "notary", "organiser", "value", "left out"])
def test_seed_text_depends_on_everything(change: str) -> None:
    def made(changed: str) -> str:
        part = {name: (name + "!" if name == changed else name) for name in ("draw", "pool", "notary", "organiser", "value")}
        seeds = {name: part[name] for name in ("notary", "organiser") if not (changed == "left out" and name == "notary")}
        return draws.seed_text(part["draw"], part["pool"], seeds, part["value"])

    assert made(change) != made("nothing")


# ---- RFC 3797 ----


def test_rfc3797_gives_the_key_and_the_picks_of_the_rfc() -> None:
    told = json.loads((VECTORS_FOLDER / "rfc3797.json").read_text(encoding="utf-8"))
    assert draws.rfc3797_key(told["sources"]) == told["key_string"]
    assert draws.rfc3797(told["sources"], told["pool_size"], 11) == told["selected_1based"]
    assert sorted(draws.rfc3797(told["sources"], 25, 25)) == list(range(1, 26))


@pytest.mark.parametrize(("source", "key"), [(["007", "0"], "0.7./"), (["0.50", "10"], "0.510./"), (["100"], "100./")])
def test_rfc3797_key_has_one_spelling_of_a_number(source: list[str], key: str) -> None:
    assert draws.rfc3797_key([source]) == key


@pytest.mark.parametrize(("total", "count"), [(3, 4), (3, -1), (70_000, 65_537)])
def test_rfc3797_refuses_to_draw_more_than_there_are(total: int, count: int) -> None:
    with pytest.raises(Refused, match=r"draw\.count"):
        draws.rfc3797([["1"]], total, count)
