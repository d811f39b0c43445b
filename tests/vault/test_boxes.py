"""Sealed bytes open with their key, for their purpose, and in no other way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey
from nacl.pwhash import argon2id

from showground.rules.refused import Refused
from showground.vault import boxes


@given(st.binary(max_size=2000))
def test_sealed_bytes_come_back_and_say_nothing(plain: bytes) -> None:
    lock = boxes.new_lock()
    sealed = boxes.seal(lock, plain, "report.body")
    assert boxes.unseal(lock, sealed, "report.body") == plain
    assert len(plain) < 8 or plain not in sealed
    assert sealed != boxes.seal(lock, plain, "report.body")


def test_another_key_purpose_or_byte_does_not_open() -> None:
    lock = boxes.new_lock()
    sealed = boxes.seal(lock, b"I was called by my bank", "report.body")
    tries = [
        (boxes.new_lock(), sealed, "report.body"),
        (lock, sealed, "identity"),
        (lock, sealed[:-1] + b"\0", "report.body"),
        (lock, b"", "report.body"),
    ]
    for key, body, purpose in tries:
        with pytest.raises(Refused, match=r"vault\.shut"):
            boxes.unseal(key, body, purpose)


def test_a_wrapped_key_is_for_its_holder() -> None:
    officer, other, lock = PrivateKey.generate(), PrivateKey.generate(), boxes.new_lock()
    wrapped = boxes.wrap(lock, officer.public_key)
    assert boxes.unwrap(wrapped, officer) == lock
    with pytest.raises(Refused, match=r"vault\.shut"):
        boxes.unwrap(wrapped, other)


def test_a_kept_key_needs_its_passphrase() -> None:
    key = PrivateKey.generate()
    kept = boxes.keep_key(key, "correct horse")
    assert bytes(boxes.take_key(kept, "correct horse")) == bytes(key)
    with pytest.raises(Refused, match=r"vault\.shut"):
        boxes.take_key(kept, "correct house")


def test_a_guess_of_a_passphrase_costs_64_mib_three_times() -> None:
    salt = b"s" * boxes.SALT_BYTES
    assert boxes.lock_with("correct horse", salt) == argon2id.kdf(32, b"correct horse", salt, opslimit=3, memlimit=64 << 20)


def test_half_a_key_says_nothing() -> None:
    lock = boxes.new_lock()
    first, second = boxes.halves(lock)
    assert boxes.join(first, second) == lock and lock not in {first, second}


def test_marks_match_for_the_desk_alone() -> None:
    desk, thief = PrivateKey.generate(), PrivateKey.generate()
    assert boxes.mark(desk, "url", "https://a.example/") == boxes.mark(desk, "url", "https://a.example/")
    assert boxes.mark(desk, "url", "x") != boxes.mark(desk, "host", "x") != boxes.mark(thief, "host", "x")
