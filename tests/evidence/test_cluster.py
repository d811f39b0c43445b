from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showground.evidence import cluster, sketch
from showground.evidence.cluster import Index, Item, Key, Link

from . import campaigns

KEY = campaigns.KEY
LONG = "Parcel Post: your parcel could not be delivered because the address is incomplete. Please confirm it here {} or it will be returned today"
HAN = "【样例快递】您的包裹因收件地址不完整而无法派送，为避免影响您的正常使用，请点击{}更新资料，逾期将按无人认领处理退回。"


def _item(ref: str, *keys: Key, text: str = "", pictures: tuple[str, ...] = ()) -> Item:
    return Item(ref, keys, sketch.of(text, KEY) if text else (), pictures)


def _linked(*items: Item) -> list[Link]:
    index = Index()
    return [link for item in items for link in index.add(item)]


# ---- sketches ----


@pytest.mark.parametrize("text", [LONG, HAN])
def test_texts_that_differ_in_link_and_digits_have_one_sketch(text: str) -> None:
    one, other = (sketch.of(text.format(link), KEY) for link in ("https://a.example/1", "hxxp://other[.]test/2345"))
    assert sketch.alike(one, other) == 1.0


@pytest.mark.parametrize(("text", "word", "instead"), [(LONG, "Please", "Kindly"), (HAN, "您的正常", "你的平时")])
def test_texts_that_differ_in_a_word_stay_near_and_others_are_far(text: str, word: str, instead: str) -> None:
    one = sketch.of(text, KEY)
    assert 0.5 < sketch.alike(one, sketch.of(text.replace(word, instead), KEY)) < 1.0
    assert (
        sketch.alike(one, sketch.of("您好，会议改到明天上午十点，请带上资料。See you at the usual place tomorrow at ten", KEY))
        < 0.2
    )


def test_sketch_says_nothing_under_another_key() -> None:
    assert sketch.alike(sketch.of(LONG, KEY), sketch.of(LONG, b"another key for tests, 32 bytes.")) < 0.1


@pytest.mark.parametrize("text", ["", "hi", "你好", "https://evil.example/"])
def test_short_text_has_no_sketch(text: str) -> None:
    assert sketch.of(text, KEY) == () and sketch.alike((), ()) == 0.0


@settings(max_examples=20, deadline=None)
@given(st.sets(st.integers(0, 300), min_size=60, max_size=120), st.sets(st.integers(0, 300), min_size=60, max_size=120))
def test_sketch_is_as_near_as_the_texts_are(one: set[int], other: set[int]) -> None:
    def made(of: set[int]) -> str:
        return " ".join(f"a{chr(97 + n // 26)}{chr(97 + n % 26)} b c" for n in sorted(of))

    left, right = sketch.shingles(made(one)), sketch.shingles(made(other))
    true = len(left & right) / len(left | right)
    # Six standard errors of 64 places.
    assert abs(sketch.alike(sketch.of(made(one), KEY), sketch.of(made(other), KEY)) - true) < 0.375


# ---- links ----


def test_strong_key_links_and_says_by_what() -> None:
    assert _linked(_item("a", Key("site", "x")), _item("b", Key("site", "x"))) == [Link("b", "a", "site", 0.85, strong=True)]


def test_strongest_key_names_the_link() -> None:
    keys = (Key("site", "x"), Key("file", "y"), Key("phone", "z"))
    assert [link.rule for link in _linked(_item("a", *keys), _item("b", *keys))] == ["file"]


def test_same_value_of_another_type_is_no_link() -> None:
    assert _linked(_item("a", Key("phone", "x")), _item("b", Key("account", "x"))) == []


def test_weak_key_only_suggests() -> None:
    [link] = _linked(_item("a", Key("url", "x", weak=True)), _item("b", Key("url", "x", weak=True)))
    assert (link.rule, link.strong) == ("link", False)


def test_shared_host_needs_a_second_key() -> None:
    host = Key("host", "forms", weak=True)
    other = LONG.replace("Please confirm it here", "Kindly confirm now")
    assert cluster.LIKE_TEXT <= sketch.alike(sketch.of(LONG, KEY), sketch.of(other, KEY)) < cluster.SAME_TEXT
    assert [link.strong for link in _linked(_item("a", host, text=LONG), _item("b", host, text=other))] == [True]
    assert [link.strong for link in _linked(_item("a", host), _item("b", host))] == [False]
    assert [link.strong for link in _linked(_item("a", text=LONG), _item("b", text=other))] == [False]


def test_a_sender_s_name_is_no_second_key() -> None:
    bank = Key("sender", "bank", weak=True)
    other = LONG.replace("Please confirm it here", "Kindly confirm now")
    assert not any(link.strong for link in _linked(_item("a", bank, text=LONG), _item("b", bank, text=other)))


def test_weak_key_that_everyone_has_is_not_even_suggested() -> None:
    index = Index()
    for number in range(cluster.COMMON + 1):
        index.add(_item(f"r{number}", Key("host", "x", weak=True)))
    assert index.add(_item("new", Key("host", "x", weak=True))) == []


def test_same_words_with_another_sender_must_be_nearly_all() -> None:
    slip = LONG.replace("could not be", "cannot be")
    assert 0.7 <= sketch.alike(sketch.of(LONG, KEY), sketch.of(slip, KEY)) < 0.9
    assert [link.strong for link in _linked(_item("a", text=LONG), _item("b", text=slip))] == [True]
    assert [link.strong for link in _linked(_item("a", Key("site", "x"), text=LONG), _item("b", Key("site", "y"), text=slip))] == [
        False
    ]
    assert [link.strong for link in _linked(_item("a", Key("site", "x"), text=LONG), _item("b", Key("site", "y"), text=LONG))] == [
        True
    ]


def test_near_pictures_link_and_far_ones_do_not() -> None:
    own = f"{random.Random(1).getrandbits(256):064x}"
    near = f"{int(own, 16) ^ ((1 << 60) - 1):064x}"
    far = f"{int(own, 16) ^ ((1 << 70) - 1):064x}"
    links = _linked(_item("a", pictures=(own,)), _item("b", pictures=(near,)), _item("c", pictures=(far, "")))
    assert [(link.new, link.old, link.rule) for link in links] == [("b", "a", "picture"), ("c", "b", "picture")]
    assert _linked(_item("a", pictures=(own,)), _item("c", pictures=(far,))) == []


def test_dropped_report_is_linked_to_by_nobody() -> None:
    index = Index()
    index.add(_item("a", Key("site", "x"), text=LONG, pictures=("f" * 64,)))
    index.drop("a")
    index.drop("never there")
    assert index.add(_item("b", Key("site", "x"), text=LONG, pictures=("f" * 64,))) == []


def test_asking_remembers_nothing() -> None:
    index = Index()
    index.add(_item("a", Key("site", "x")))
    assert index.links(_item("b", Key("site", "x"))) == index.links(_item("b", Key("site", "x"))) != []
    assert list(index.items) == ["a"]


def test_one_at_a_time_is_the_same_as_all_at_once() -> None:
    items = [campaigns.item(message) for message in campaigns.messages(200, 20, seed=3)]
    first = Index()
    early = [link for item in items[:150] for link in first.add(item)]
    again = Index()
    for item in items[:150]:
        again.add(item)
    late = [link for item in items[150:] for link in again.add(item)]
    assert early + late == _linked(*items)


# ---- groups ----


def test_undone_link_parts_a_group_and_touches_nothing_else() -> None:
    links = _linked(_item("a", Key("site", "x")), _item("b", Key("site", "x"), Key("phone", "y")), _item("c", Key("phone", "y")))
    assert cluster.groups("abc", links) == [["a", "b", "c"]]
    assert cluster.groups("abc", [link for link in links if link.new != "b"]) == [["b", "c"], ["a"]]


def test_suggestion_makes_no_group() -> None:
    assert cluster.groups("ab", [Link("b", "a", "link", 0.4, strong=False)]) == [["a"], ["b"]]


def test_link_to_a_report_that_is_gone_makes_no_group() -> None:
    assert cluster.groups("a", [Link("a", "gone", "site", 0.9, strong=True)]) == [["a"]]


# ---- campaigns ----


def test_campaigns_in_two_languages_are_told_apart() -> None:
    made = campaigns.messages(600, 60, seed=5)
    items = [campaigns.item(message) for message in made]
    found = campaigns.measured(
        cluster.groups([item.ref for item in items], _linked(*items)), {one.ref: one.campaign for one in made}
    )
    assert found["precision"] >= 0.95 and found["recall"] >= 0.95
    assert {one.language for one in made} == {"en", "zh"}


def test_measure_of_groups_counts_pairs() -> None:
    truth = {"a": 1, "b": 1, "c": 2, "d": 2}
    assert campaigns.measured([["a", "b"], ["c", "d"]], truth) == {"precision": 1.0, "recall": 1.0}
    assert campaigns.measured([["a", "b", "c", "d"]], truth) == {"precision": 0.33333, "recall": 1.0}
    assert campaigns.measured([["a"], ["b"], ["c"], ["d"]], truth) == {"precision": 0.0, "recall": 0.0}


@pytest.mark.drill
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_five_thousand_messages_of_three_hundred_campaigns(seed: int) -> None:
    made = campaigns.messages(5000, 300, seed)
    items = [campaigns.item(message) for message in made]
    found = campaigns.measured(
        cluster.groups([item.ref for item in items], _linked(*items)), {one.ref: one.campaign for one in made}
    )
    assert found["precision"] >= 0.98 and found["recall"] >= 0.98
