from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.evidence import hosts, lookalike


@pytest.mark.parametrize(
    ("label", "seen"),
    [("аррӏе", "apple"), ("paypal", "paypal"), ("pаypаl", "paypal"), ("g00gle", "google"), ("rnicrosoft", "microsoft"), ("vvindows", "windows"),
     ("exámple", "example"), ("ｂank", "bank"), ("сосо", "coco")],
)  # fmt: skip
def test_skeleton_is_what_the_eye_sees(label: str, seen: str) -> None:
    # The palochka looks like l or i; either way one letter from the name (RULE reports 5: 'appie').
    found = lookalike.skeleton(label)
    assert found == seen or lookalike.one_apart(found, seen)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("abcde", "abcde", False), ("abcde", "abxde", True), ("abcde", "abde", True), ("abde", "abcde", True), ("abcde", "abced", True),
     ("bacde", "abcde", True),
     ("abcde", "abxye", False), ("abcde", "abc", False), ("", "a", True), ("abcde", "abcdef", True), ("abcde", "edcba", False)],
)  # fmt: skip
def test_one_letter_apart(one: str, other: str, apart: bool) -> None:
    assert lookalike.one_apart(one, other) is apart


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_one_apart_does_not_depend_on_the_order(one: str, other: str) -> None:
    assert lookalike.one_apart(one, other) == lookalike.one_apart(other, one)


@given(st.text("abcd", min_size=2, max_size=8), st.data())
def test_every_single_change_is_one_apart(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    assert lookalike.one_apart(word, word[:at] + word[at + 1 :])
    assert lookalike.one_apart(word, word[:at] + "x" + word[at:])
    assert lookalike.one_apart(word, word[:at] + "x" + word[at + 1 :])


@pytest.mark.parametrize(
    ("label", "mixed"),
    [
        ("bank", False),
        ("bаnk", True),
        ("москва", False),
        ("例子abc", False),
        ("ひらがな漢字", False),
        ("한국bank", False),
        ("aбв", True),
        ("αb", True),
        ("1-2", False),
    ],
)
def test_scripts_that_nobody_mixes_are_seen(label: str, mixed: bool) -> None:
    assert lookalike.mixed(label) is mixed


@pytest.mark.parametrize(
    ("host", "site"),
    [("a.b.bank.example", "bank.example"), ("bank.co.uk", "bank.co.uk"), ("www.bank.co.uk", "bank.co.uk"), ("x.y.github.io", "y.github.io"),
     ("co.uk", ""),
     ("127.0.0.1", ""), ("[::1]", ""), ("www.xn--fiq228c.xn--fiqs8s", "xn--fiq228c.xn--fiqs8s"), ("", ""), ("BANK.EXAMPLE.", "bank.example")],
)  # fmt: skip
def test_registrable_domain_is_what_an_owner_registers(host: str, site: str) -> None:
    assert hosts.site(host) == site


def test_names_file_gives_domains_and_words() -> None:
    names = lookalike.read_names("# protected\nwww.ExampleBank.test = Example Bank, 样例银行\nпример.test\n\nnot a domain!\n")
    assert names.official == {"examplebank.test", "xn--e1afmkfd.test"}
    assert dict(names.words) == {"example bank": "examplebank.test", "样例银行": "examplebank.test"}
    assert dict(names.labels)["пример"] == "xn--e1afmkfd.test"


def test_short_protected_name_is_not_near_everything() -> None:
    names = lookalike.read_names("abc.test\n")
    assert lookalike.flags("abd.test", names) == [] and lookalike.flags("abcdef.test", names) == []
    assert lookalike.flags("abc.invalid", names)[0]["code"] == "host.other_ending"
