"""Proving an address: one code, ten minutes, five tries, one session; and limits that let neighbours through."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from showground.people import actions
from showground.people.models import AddressCode, Person
from showground.people.queries import normalised, person_of
from showground.rules.refused import Refused
from showground.ui import letterbox
from tests.harness.between import meanwhile

pytestmark = pytest.mark.django_db
AT = 1_790_000_000


def ask(address: str = "ada@mail.example", *, at: int = AT, network: str = "198.51.100.7") -> str:
    return actions.send_code(
        address, purpose="sign-in", letter="people/letters/sign_in.txt", context={}, language="en", network=network, at=at
    )


def last_code(address: str) -> str:
    body = letterbox.read(Path(settings.LETTERS), newest=1, to=address)[0].text
    return "".join(re.search(r"\b(\d{3})\s?(\d{3})\b", body).groups())  # type: ignore[union-attr]


@pytest.fixture(autouse=True)
def _own_letter_box(tmp_path: Path, settings: object) -> None:
    settings.LETTERS = tmp_path  # type: ignore[attr-defined]
    settings.EMAIL_BACKEND = "showground.ui.letterbox.FolderBackend"  # type: ignore[attr-defined]


def refused(work: object, *args: object, **kwargs: object) -> Refused:
    with pytest.raises(Refused) as caught:
        work(*args, **kwargs)  # type: ignore[operator]
    return caught.value


def test_a_code_proves_the_address_once() -> None:
    nonce = ask("Ada+news@Mail.example")
    code = last_code("ada@mail.example")
    assert actions.prove_address(nonce, f"{code[:3]} {code[3:]}", purpose="sign-in", at=AT + 5) == "ada@mail.example"
    assert refused(actions.prove_address, nonce, code, purpose="sign-in", at=AT + 6).code == "people.code_expired"


def test_a_code_is_bound_to_its_session_and_purpose() -> None:
    nonce, other = ask(), ask("bob@mail.example")
    code = last_code("ada@mail.example")
    assert refused(actions.prove_address, other, code, purpose="sign-in", at=AT).code == "people.code_wrong"
    assert refused(actions.prove_address, nonce, code, purpose="vote:2026", at=AT).code == "people.code_expired"


def test_a_code_lives_ten_minutes() -> None:
    nonce = ask()
    assert (
        refused(actions.prove_address, nonce, last_code("ada@mail.example"), purpose="sign-in", at=AT + 601).code
        == "people.code_expired"
    )


def test_five_wrong_tries_spend_a_code_even_if_the_sixth_is_right() -> None:
    nonce = ask()
    right = last_code("ada@mail.example")
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    left = [refused(actions.prove_address, nonce, wrong, purpose="sign-in", at=AT).facts["left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert refused(actions.prove_address, nonce, right, purpose="sign-in", at=AT).code == "people.code_spent"


def test_one_address_gets_three_codes_an_hour_and_neighbours_are_not_hit() -> None:
    for _ in range(3):
        ask()
    told = refused(ask)
    assert told.code == "people.too_often" and 0 < int(str(told.facts["retry_after"])) <= 3600
    ask("neighbour@mail.example")
    ask(at=AT + 3600)


def test_one_network_gets_thirty_codes_an_hour() -> None:
    for number in range(30):
        ask(f"p{number}@mail.example", network=f"198.51.100.{number}")
    assert refused(ask, "late@mail.example", network="198.51.100.200").code == "people.too_often"
    ask("elsewhere@mail.example", network="198.51.101.1")


def test_networks_are_counted_by_24_and_56() -> None:
    assert actions.network_of("198.51.100.77") == "198.51.100.0/24"
    assert actions.network_of("2001:db8:1:2ff::1") == "2001:db8:1:200::/56"
    assert actions.network_of("unix") == "unknown"


def test_no_address_and_no_code_lies_readable_in_the_database() -> None:
    ask()
    row = AddressCode.objects.get()
    code = last_code("ada@mail.example")
    assert "ada" not in row.address_sealed and code not in {row.code_hash, row.nonce}


def test_a_letter_that_cannot_leave_leaves_no_code(tmp_path: Path, settings: object) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    settings.LETTERS = blocked  # type: ignore[attr-defined]
    assert refused(ask).code == "people.mail_away"
    assert not AddressCode.objects.exists()


def test_one_person_per_address_in_any_spelling() -> None:
    first = actions.welcome("Ada@Mail.example", language="en", at=AT)
    assert actions.welcome("ada+x@mail.example", language="en", at=AT) == first
    assert Person.objects.count() == 1 and person_of("ADA@mail.example") == first
    assert normalised(" A.B+c@X.example ") == "a.b@x.example"


def test_tries_at_the_same_moment_are_counted_each() -> None:
    nonce = ask()

    def others() -> None:
        for _ in range(actions.TRIES):
            refused(actions.prove_address, nonce, "000000", purpose="sign-in", at=AT + 5)

    with meanwhile("UPDATE", others):
        said = refused(actions.prove_address, nonce, last_code("ada@mail.example"), purpose="sign-in", at=AT + 5)
    assert said.code == "people.code_spent"
