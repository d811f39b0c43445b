"""How answers are scored, and that the order on the page tells nothing of the author's order."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from showground.rules.answers import check_answer, found, score, slots
from showground.rules.questions import check_question, untranslated
from showground.rules.refused import Refused

SEED = "5e" * 32
WHOLE, NONE = [1, 1], [0, 1]


def _options(*rows: tuple[str, list[int]]) -> list[dict[str, Any]]:
    return [{"key": chr(97 + n), "text": {"en": text}, "credit": credit} for n, (text, credit) in enumerate(rows)]


def _question(kind: str, **fields: Any) -> dict[str, Any]:
    question = {"v": 1, "code": "q1", "kind": kind, "text": {"en": "What now?"}, **fields}
    check_question(question)
    return question


SINGLE = _question("single", options=_options(("Hang up", WHOLE), ("Pay", NONE), ("Ask the caller", [1, 4])))
MULTIPLE = _question("multiple", options=_options(("A", [1, 2]), ("B", [1, 2]), ("C", NONE), ("D", [-1, 2])))
ORDERING = _question(
    "ordering", options=[{"key": chr(97 + n), "text": {"en": text}} for n, text in enumerate(["stop", "check", "report", "tell"])]
)
MATCHING = _question(
    "matching",
    left=[{"key": "a", "text": {"en": "SMS"}}, {"key": "b", "text": {"en": "Mail"}}],
    right=[{"key": "x", "text": {"en": "7726"}}, {"key": "y", "text": {"en": "report@"}}, {"key": "z", "text": {"en": "911"}}],
    pairs=[["a", "x"], ["b", "y"]],
)
CLOZE = _question(
    "cloze",
    text={"en": "Call {{g1}} and wait {{g2}} minutes."},
    gaps=[
        {"key": "g1", "kind": "single", "weight": 1, "options": _options(("the bank", WHOLE), ("them", NONE))},
        {"key": "g2", "kind": "numeric", "weight": 3, "accepted": [{"value": "5", "tolerance": "0.5", "credit": WHOLE}]},
    ],
)
LINES = [
    {"key": "l1", "role": "from", "text": {"en": "Parking Office"}},
    {"key": "l2", "role": "address", "text": {"en": "fines@se1den-parking.example"}, "cue": True},
    {"key": "l3", "role": "text", "text": {"en": "Pay within two hours"}, "cue": True},
    {"key": "l4", "role": "link", "text": {"en": "Pay now"}, "leads": "https://pay.example/x", "cue": True},
]
PHISH = _question("phish", channel="mail", trick=True, lines=LINES)
GENUINE = _question("phish", channel="mail", trick=False, lines=[{**line, "cue": False} for line in LINES])


def _slot(question: dict[str, Any], key: str) -> int:
    return [option["key"] for option in slots(question, SEED)].index(key)


def test_a_single_choice_is_worth_its_credit() -> None:
    assert score(SINGLE, {"choice": _slot(SINGLE, "a")}, SEED) == 1
    assert score(SINGLE, {"choice": _slot(SINGLE, "c")}, SEED) == Fraction(1, 4)
    assert score(SINGLE, {}, SEED) == 0


def test_all_boxes_ticked_is_never_right() -> None:
    right = sorted([_slot(MULTIPLE, "a"), _slot(MULTIPLE, "b")])
    assert score(MULTIPLE, {"choices": right}, SEED) == 1
    assert score(MULTIPLE, {"choices": sorted([*right, _slot(MULTIPLE, "c")])}, SEED) == Fraction(3, 4)
    assert score(MULTIPLE, {"choices": [0, 1, 2, 3]}, SEED) == Fraction(1, 2)


def test_the_order_shown_depends_on_seed_and_words_only() -> None:
    shuffled = dict(ORDERING, options=[dict(o, key=k) for o, k in zip(reversed(ORDERING["options"]), "abcd", strict=True)])
    seeds = [f"{n:064x}" for n in range(200)]
    shown = [[o["text"]["en"] for o in slots(ORDERING, seed)] for seed in seeds]
    assert shown == [[o["text"]["en"] for o in slots(shuffled, seed)] for seed in seeds]
    assert len({tuple(row) for row in shown}) == 24, "every order comes up"


def test_ordering_counts_places() -> None:
    order = [_slot(ORDERING, key) for key in "abcd"]
    assert score(ORDERING, {"order": order}, SEED) == 1
    assert score(ORDERING, {"order": [order[1], order[0], *order[2:]]}, SEED) == Fraction(1, 2)


def test_matching_counts_pairs() -> None:
    x, y = _slot(MATCHING, "x"), _slot(MATCHING, "y")
    assert score(MATCHING, {"pairs": [[0, x], [1, y]]}, SEED) == 1
    assert score(MATCHING, {"pairs": [[0, x], [1, x]]}, SEED) == Fraction(1, 2)


def test_cloze_weighs_its_gaps() -> None:
    bank = [o["key"] for o in slots(CLOZE, SEED, "g1")].index("a")
    assert score(CLOZE, {"gaps": {"g1": {"choice": bank}, "g2": {"text": "5,4"}}}, SEED) == 1
    assert score(CLOZE, {"gaps": {"g2": {"text": "\uff15"}}}, SEED) == Fraction(3, 4)
    assert score(CLOZE, {"gaps": {"g1": {"choice": bank}, "g2": {"text": "six"}}}, SEED) == Fraction(1, 4)


@pytest.mark.parametrize(
    ("given", "worth"), [("  two   FACTOR ", 1), ("\uff54wo factor", 1), ("2fa now", 1), ("factor", 0), ("2f", 0)]
)
def test_short_answers_forgive_width_case_and_space(given: str, worth: int) -> None:
    question = _question("short", accepted=[{"text": "two factor", "credit": WHOLE}, {"text": "2fa*", "credit": WHOLE}])
    assert score(question, {"text": given}, SEED) == worth


def test_phish_needs_the_verdict_and_enough_cues() -> None:
    assert score(PHISH, {"verdict": "trick", "marks": [1, 3]}, SEED) == 1
    assert score(PHISH, {"verdict": "trick", "marks": [0, 1]}, SEED) == Fraction(1, 2)
    assert score(PHISH, {"verdict": "trick", "marks": [0, 1, 2, 3]}, SEED) == 1, "three hits less one false alarm are enough"
    assert score(PHISH, {"verdict": "genuine", "marks": []}, SEED) == 0
    assert score(GENUINE, {"verdict": "genuine", "marks": []}, SEED) == 1
    assert score(GENUINE, {"verdict": "genuine", "marks": [2]}, SEED) == Fraction(1, 2)
    assert found(PHISH, {"verdict": "trick", "marks": [0, 1]}) == (1, 1)


@pytest.mark.parametrize(
    "answer",
    [{"choice": 3}, {"choice": -1}, {"choice": True}, {"choice": "a"}, {"choices": [0]}, {"choice": 0, "more": 1}, {"text": "x"}],
)
def test_what_is_no_answer_is_refused(answer: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"answer\.shape"):
        check_answer(SINGLE, answer)


def test_no_answer_whatever_makes_scoring_fail_otherwise() -> None:
    dice = random.Random(7)
    junk: list[Any] = [
        None,
        True,
        -1,
        0,
        2,
        99,
        1.5,
        "",
        "x" * 500,
        [],
        [0],
        [[0, 0]],
        [[0]],
        {},
        {"g1": {"choice": 9}},
        {"g9": {}},
        [0, 0],
    ]
    names = ["choice", "choices", "order", "pairs", "text", "gaps", "verdict", "marks", "other"]
    for question in (SINGLE, MULTIPLE, ORDERING, MATCHING, CLOZE, PHISH, GENUINE):
        for _ in range(400):
            answer = {dice.choice(names): dice.choice(junk) for _ in range(dice.randrange(3))}
            try:
                assert 0 <= score(question, answer, SEED) <= 1
            except Refused as no:
                assert no.code == "answer.shape"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"options": _options(("A", NONE), ("B", NONE))}, "options"),
        ({"options": _options(("A", WHOLE), ("A", NONE))}, "options"),
        ({"options": _options(("A", WHOLE))}, "options"),
        ({"text": {"de": "Was?"}}, "text"),
        ({"text": {"en": " "}}, "text"),
        ({"code": "Q 1"}, "code"),
        ({"hint": "x"}, "hint"),
        ({"media": [{"kind": "picture", "sha256": "0" * 64}]}, "media.alt"),
    ],
)
def test_what_is_no_question_is_refused_by_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as no:
        check_question({**SINGLE, **change})
    assert (no.value.code, no.value.facts["field"]) == ("question.field", field)


def test_a_message_is_a_trick_exactly_if_something_gives_it_away() -> None:
    with pytest.raises(Refused):
        check_question({**PHISH, "trick": False})
    with pytest.raises(Refused):
        check_question({**GENUINE, "trick": True})


def test_texts_that_lack_a_language_are_listed() -> None:
    assert ("options.a", "zh") in untranslated(SINGLE) and ("text", "zh") in untranslated(SINGLE)
    assert untranslated(SINGLE, ("en",)) == []
