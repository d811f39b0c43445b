from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from showground.rules import draws, records
from showground.rules.quiz_rules import MOST_PICKS, PROMOTION, check_rules, prize_quiz, prize_words
from showground.rules.refused import Refused

Rules = dict[str, Any]
TIMES = {"opens": 100, "closes": 200, "freezes": 300, "commit_by": 400, "open_by": 500, "draws_at": 600}


def rules(**changes: Any) -> Rules:
    """The preset with some fields changed; a dotted name reaches inside: rules(draw__alternates=1)."""
    made = copy.deepcopy(prize_quiz("q", "d", **TIMES))
    for path, value in changes.items():
        place: Any = made
        *inside, last = path.split("__")
        for name in inside:
            place = place[int(name) if name.isdigit() else name]
        place[int(last) if last.isdigit() else last] = value
    return made


def plain() -> Rules:
    made = rules(kind="plain")
    for name in ("freezes", "promotion", "draw"):
        del made[name]
    return made


def refusal(made: object) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Refused) as no:
        check_rules(made)
    return no.value.code, no.value.facts


def fields(made: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in the rules, the inner ones too."""
    items = made.items() if isinstance(made, dict) else enumerate(made) if isinstance(made, list) else ()
    for name, value in items:
        yield (*path, name)
        yield from fields(value, (*path, name))


def without(path: tuple[Any, ...]) -> Rules:
    made = rules()
    place: Any = made
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    return made


def test_the_preset_is_taken_and_fits_a_record() -> None:
    made = rules()
    check_rules(made)
    check_rules(rules(draw__beacon={"kind": "dice", "digits": 24}))
    check_rules(plain())
    assert records.build("quiz.rules", "o", quiz="q", rules=made, rules_sha256=records.commitment(made))


@pytest.mark.parametrize("path", [p for p in fields(prize_quiz("q", "d", **TIMES)) if isinstance(p[-1], str)], ids=str)
def test_every_field_is_needed_and_named_by_its_path(path: tuple[Any, ...]) -> None:
    code, facts = refusal(without(path))
    told = ".".join(map(str, path))
    if path == ("kind",):
        assert code == "rules.kind"
    elif path[:2] == ("draw", "beacon"):
        assert code in {"rules.field_missing", "rules.beacon"} and facts["path"] in {told, "draw.beacon"}
    else:
        assert (code, facts) == ("rules.field_missing", {"path": told})


@pytest.mark.parametrize("place", ["", "promotion", "draw", "draw__prizes__0", "name", "draw__beacon"])
def test_a_field_nobody_knows_is_refused(place: str) -> None:
    code, facts = refusal(rules(**{f"{place}__more".lstrip("_"): 1}))
    assert code == "rules.field_unknown" and facts["path"] == f"{place.replace('__', '.')}.more".lstrip(".")


@pytest.mark.parametrize("name", PROMOTION)
@pytest.mark.parametrize(
    "said", [{"en": "Yes", "zh": " "}, {"en": "", "zh": "是"}, {"en": "x" * 2001, "zh": "是"}, {"en": 1, "zh": "是"}]
)
def test_what_a_promotion_must_say_is_said_in_both_languages(name: str, said: dict[str, Any]) -> None:
    code, facts = refusal(rules(**{f"promotion__{name}": said}))
    assert code == "rules.text" and facts["path"].startswith(f"promotion.{name}.")


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"v": 2}, "rules.number", "v"),
    ({"kind": "lottery"}, "rules.kind", "kind"),
    ({"quiz": "A quiz"}, "rules.word", "quiz"),
    ({"contact": ""}, "rules.text", "contact"),
    ({"grace": -1}, "rules.number", "grace"),
    ({"opens": 1.5}, "rules.number", "opens"),
    ({"opens": True}, "rules.number", "opens"),
    ({"closes": 100}, "rules.time_order", "closes"),
    ({"freezes": 199}, "rules.time_order", "freezes"),
    ({"draw__commit_by": 299}, "rules.time_order", "draw.commit_by"),
    ({"draw__open_by": 399}, "rules.time_order", "draw.open_by"),
    ({"draw__draws_at": 500}, "rules.time_order", "draw.draws_at"),
    ({"pool": 0}, "rules.number", "pool"),
    ({"pool": 4}, "rules.pool_small", "pool"),
    ({"items": 0}, "rules.number", "items"),
    ({"pass": 6}, "rules.pass", "pass"),
    ({"pass": 0}, "rules.number", "pass"),
    ({"draw__prizes": []}, "rules.list", "draw.prizes"),
    ({"draw__prizes__0__count": 0}, "rules.number", "draw.prizes.0.count"),
    ({"draw__prizes__1__prize": "first"}, "rules.twice", "draw.prizes"),
    ({"draw__prizes__0__worth": -1}, "rules.number", "draw.prizes.0.worth"),
    ({"draw__prizes__0__worth": 5_000_001}, "rules.number", "draw.prizes.0.worth"),
    ({"draw__prizes__0__currency": "yuan"}, "rules.currency", "draw.prizes.0.currency"),
    ({"draw__alternates": -1}, "rules.number", "draw.alternates"),
    ({"draw__alternates": MOST_PICKS}, "rules.too_many_prizes", "draw.prizes"),
    ({"draw__parties": []}, "rules.list", "draw.parties"),
    ({"draw__parties": ["notary", "notary"]}, "rules.twice", "draw.parties"),
    ({"draw__parties": ["The notary"]}, "rules.word", "draw.parties.0"),
    ({"draw__claim_days": 0}, "rules.number", "draw.claim_days"),
    ({"draw__fallback_hours": 0}, "rules.number", "draw.fallback_hours"),
    ({"draw__beacon": {"kind": "coin"}}, "rules.beacon", "draw.beacon"),
    ({"draw__beacon": "dice"}, "rules.beacon", "draw.beacon"),
    ({"draw__beacon": {"kind": "dice", "digits": 23}}, "rules.number", "draw.beacon.digits"),
    ({"draw__beacon__public_key": "ab" * 96}, "rules.chain", "draw.beacon"),
    ({"draw__beacon__chain": "ab" * 32}, "rules.chain", "draw.beacon"),
    ({"draw__beacon__chain": ["ab"]}, "rules.chain", "draw.beacon"),
    ({"draw__beacon__period": 30}, "rules.chain", "draw.beacon"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "path"), WRONG, ids=[f"{path} {code}" for _, code, path in WRONG])
def test_rules_that_cannot_be_carried_out_are_refused(changes: dict[str, Any], code: str, path: str) -> None:
    said, facts = refusal(rules(**changes))
    assert (said, facts["path"]) == (code, path)


@pytest.mark.parametrize("made", [None, [], "rules", {}, {"kind": ["prize"]}])
def test_what_is_no_object_is_refused(made: object) -> None:
    assert refusal(made)[0] == "rules.kind"


@pytest.mark.parametrize("name", ["freezes", "promotion", "draw"])
def test_a_plain_quiz_promises_nothing(name: str) -> None:
    assert refusal(plain() | {name: rules()[name]}) == ("rules.field_unknown", {"path": name})


def test_a_dear_prize_may_be_given_where_no_law_forbids_it() -> None:
    check_rules(rules(draw__prizes__0__currency="GBP", draw__prizes__0__worth=6_000_000))


def test_rules_that_fit_no_record_are_refused() -> None:
    long = {"en": "x" * 2000, "zh": "题" * 2000}
    changes: dict[str, Any] = {f"promotion__{name}": long for name in PROMOTION}
    assert refusal(rules(**changes))[0] == "rules.too_long"


def test_prize_words_are_in_the_order_of_the_prizes() -> None:
    assert prize_words(rules()) == ["first"] * 3 + ["second"] * 10


def test_the_only_known_chain_is_quicknet() -> None:
    assert list(draws.CHAINS.values()) == [draws.QUICKNET]


def test_check_changes_nothing() -> None:
    made = rules()
    before: Callable[[], bytes] = lambda: records.canonical(made)  # noqa: E731
    told = before()
    check_rules(made)
    assert before() == told
