"""Receipt codes: typed wrong they are caught before any work, and without the pepper nothing can be guessed."""

from __future__ import annotations

import hmac
import random

import pytest
from nacl.pwhash import argon2id

from showground.rules.refused import Refused
from showground.vault import codes

SALT, PEPPER = b"s" * codes.SALT_BYTES, b"p" * 32


def _caught(code: str) -> bool:
    try:
        codes.read_code(code)
    except Refused as no:
        return no.code == "code.check"
    return False


def test_a_code_is_read_however_people_write_it() -> None:
    code = codes.new_code()
    assert len(code) == 18 and codes.read_code(code) == code
    assert codes.read_code(codes.shown(code)) == code
    assert codes.read_code(codes.shown(code).replace(" ", " - ")) == code
    assert codes.read_code("".join(chr(0xFF10 + int(d)) for d in code)) == code


def test_every_wrong_digit_and_every_swap_of_neighbours_is_caught() -> None:
    for code in [codes.new_code() for _ in range(200)]:
        for at, digit in enumerate(code):
            for other in "0123456789":
                assert other == digit or _caught(code[:at] + other + code[at + 1 :])
        for at in range(17):
            a, b = code[at], code[at + 1]
            assert a == b or _caught(code[:at] + b + a + code[at + 2 :])


@pytest.mark.parametrize(
    ("typed", "why"), [("", "code.digits"), ("12x4", "code.digits"), ("1234", "code.length"), ("1" * 40, "code.length")]
)
def test_what_is_no_code_is_told_so(typed: str, why: str) -> None:
    with pytest.raises(Refused) as no:
        codes.read_code(typed)
    assert no.value.code == why


def test_the_same_code_opens_the_same_and_another_pepper_or_salt_does_not() -> None:
    code = codes.new_code()
    first = codes.open_code(code, salt=SALT, pepper=PEPPER)
    assert codes.open_code(code, salt=SALT, pepper=PEPPER).lookup == first.lookup
    assert codes.open_code(code, salt=SALT, pepper=b"q" * 32).lookup != first.lookup
    assert codes.open_code(code, salt=b"t" * codes.SALT_BYTES, pepper=PEPPER).lookup != first.lookup
    assert first.lookup not in bytes(first.key).hex() and code not in first.lookup


def test_a_guess_of_a_code_costs_64_mib_twice() -> None:
    code = codes.new_code()
    peppered = hmac.digest(PEPPER, code.encode(), "sha256")
    seed = argon2id.kdf(32, peppered, SALT, opslimit=2, memlimit=64 << 20)
    key = hmac.digest(seed, b"showground report code v1\nx25519", "sha256")
    assert bytes(codes.open_code(code, salt=SALT, pepper=PEPPER).key) == key


@pytest.mark.drill
def test_a_million_codes_have_no_collision() -> None:
    made = {codes.new_code() for _ in range(10**6)}
    assert len(made) == 10**6
    assert all(not _caught(code) for code in random.Random(1).sample(sorted(made), 1000))
