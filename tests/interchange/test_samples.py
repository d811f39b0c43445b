"""What the samples give, written out: every question, and everything that was left behind."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from showground.interchange.questions import read, write
from showground.interchange.questions.carried import bare

SAMPLES = Path(__file__).parent / "samples"


def _taken(name: str) -> Any:
    return read(name, (SAMPLES / name).read_bytes(), language="en")


def _reasons(name: str) -> set[tuple[str, str, str]]:
    return {(left.item, left.part, left.reason) for left in _taken(name).left}


@pytest.mark.parametrize(
    ("name", "format", "kinds"),
    [
        (
            "tricks.gift.txt",
            "gift",
            {"single": 2, "multiple": 1, "true_false": 2, "short": 1, "numeric": 1, "matching": 1, "ordering": 1},
        ),
        ("tricks.aiken.txt", "aiken", {"single": 2}),
        ("tricks.missing.txt", "missing_word", {"single": 1, "short": 1}),
        ("tricks.cloze.txt", "cloze", {"cloze": 1}),
        (
            "tricks.moodle.xml",
            "moodle_xml",
            {"single": 1, "true_false": 1, "short": 1, "numeric": 1, "matching": 1, "cloze": 1, "ordering": 1},
        ),
        ("tricks.csv", "csv", {"single": 1, "phish": 1}),
    ],
)
def test_a_sample_gives_its_questions_by_kind(name: str, format: str, kinds: dict[str, int]) -> None:
    taken = _taken(name)
    assert (taken.format, taken.kinds()) == (format, kinds)


def test_gift_leaves_by_name_what_it_does_not_take() -> None:
    assert _reasons("tricks.gift.txt") == {
        ("#2", "text", "markup"),
        ("Length", "accepted", "feedback"),
        ("After a click", "scoring", "scoring"),
        ("Essay", "", "kind"),
        ("#10", "", "kind"),
        ("Broken", "", "syntax"),
    }


def test_gift_is_read_sign_by_sign() -> None:
    by_code = {question["code"]: question for question in _taken("tricks.gift.txt").questions}
    parcel = by_code["parcel-1"]
    assert parcel["category"] == "Online safety/Messages" and parcel["tags"] == ["sms", "a ] b"]
    assert parcel["text"] == {"en": "A text message asks for 2 = two dollars to send your parcel on. What do you do?"}
    assert parcel["explanation"] == {"en": "Nobody asks for money by a link in a text message."}
    assert [(o["text"]["en"], o["credit"], o["why"]["en"]) for o in parcel["options"]] == [
        ("Pay: it is only little", [0, 1], "Small sums are the bait."),
        ('Answer "STOP"', [1, 4], "It tells them that you read it."),
        ("Look into the shop's own app", [1, 1], "Right."),
    ]
    [signs] = [q for q in by_code.values() if q["kind"] == "multiple"]
    assert signs["text"] == {"en": "Which of these are signs of a trick?"}
    assert [o["credit"] for o in signs["options"]] == [[1, 3], [1, 3], [1, 3], [-1, 1]]
    lock = by_code["a-look-alike"]
    assert [(o["key"], o["credit"], o["why"]["en"]) for o in lock["options"]] == [
        ("true", [0, 1], "It only means that nobody listens in."),
        ("false", [1, 1], "Right."),
    ]
    assert by_code["length"]["accepted"] == [
        {"value": "12", "tolerance": "0", "credit": [1, 1], "why": {"en": "That is the advice."}},
        {"low": "8", "high": "11", "credit": [1, 2], "why": {"en": "A little short."}},
    ]
    [pairs] = [q for q in by_code.values() if q["kind"] == "matching"]
    assert [side["text"]["en"] for side in pairs["right"]] == ["mail", "text message", "telephone", "poster"]
    assert pairs["pairs"] == [["a", "a"], ["b", "b"], ["c", "c"]]
    assert by_code["braces"]["text"] == {"en": "{ and } and ~ and # are signs\n on two lines"}
    assert {q["text"]["en"] for q in by_code.values()} >= {
        "Never give your code to _____ on the telephone.",
        "The second code at sign-in is called _____ authentication.",
    }


def test_aiken_says_which_items_are_not_whole() -> None:
    assert _reasons("tricks.aiken.txt") == {("Only one option", "", "syntax"), ("No answer here", "", "syntax")}
    two = _taken("tricks.aiken.txt").questions[1]
    assert two["text"] == {"en": 'A call from "support" asks for your password. What do you do?'}
    assert [(o["text"]["en"], o["credit"]) for o in two["options"]] == [("Hang up", [1, 1]), ("Read it out", [0, 1])]


def test_a_missing_word_leaves_a_gap() -> None:
    one, two = _taken("tricks.missing.txt").questions
    assert one["text"] == {"en": "A message that hurries you is probably _____, so wait."}
    assert [(o["text"]["en"], o["credit"]) for o in one["options"]] == [
        ("a trick", [1, 1]),
        ("suspicious", [3, 4]),
        ("genuine", [0, 1]),
        ("100 years old", [0, 1]),
    ]
    assert two["accepted"] == [{"text": "7726", "credit": [1, 1]}]
    assert [left.reason for left in _taken("tricks.missing.txt").left] == ["syntax"]


def test_embedded_answers_become_gaps() -> None:
    [question] = _taken("tricks.cloze.txt").questions
    assert question["text"]["en"].startswith("If a caller asks for a code, {{g1}} and ring")
    hang, card, wait, help_ = question["gaps"]
    assert (hang["kind"], hang["weight"], [o["credit"] for o in hang["options"]]) == ("single", 2, [[1, 1], [0, 1], [1, 2]])
    assert [a["text"] for a in card["accepted"]] == ["card", "bank card", "letter"]
    assert wait["accepted"] == [{"value": "5", "tolerance": "1", "credit": [1, 1]}] and wait["weight"] == 1
    assert help_["case"] is True
    assert {(left.item, left.reason, left.detail) for left in _taken("tricks.cloze.txt").left} == {
        ("#2", "kind", "MULTIRESPONSE"),
        ("#3", "kind", "no embedded answer"),
    }


def test_moodle_xml_gives_both_languages_and_the_picture() -> None:
    taken = _taken("tricks.moodle.xml")
    parcel = taken.questions[0]
    assert parcel["title"] == {"en": "Parcel", "zh": "包裹"} and parcel["text"] == {
        "en": "What do you do first?",
        "zh": "先做什么？",
    }
    [picture] = parcel["media"]
    assert picture["alt"] == {"en": "A text message", "zh": "A text message"} and picture["name"] == "sms one.png"
    assert taken.media[picture["sha256"]][1].startswith(b"\x89PNG")
    assert [(o["text"], o["credit"]) for o in parcel["options"]] == [
        ({"en": "Wait", "zh": "等一等"}, [1, 1]),
        ({"en": "Ask"}, [1, 3]),
        ({"en": "Pay"}, [0, 1]),
    ]
    assert parcel["fixed"] is True and parcel["code"] == "parcel" and parcel["options"][0]["why"] == {"en": "Yes & good"}
    word, length = taken.questions[2], taken.questions[3]
    assert word["text"] == {"en": "Second <factor>?"} and word["case"] is True
    assert length["accepted"] == [{"value": "12", "tolerance": "0.1", "credit": [1, 1]}]


def test_moodle_xml_leaves_by_name_what_it_does_not_take() -> None:
    parcel = "{mlang en}Parcel{mlang}{mlang zh_cn}包裹{mlang}"
    assert _reasons("tricks.moodle.xml") == {
        ("Safety", "category", "not_carried"),
        (parcel, "text", "markup"),
        (parcel, "text", "script"),
        (parcel, "text", "medium"),
        (parcel, "defaultgrade", "scoring"),
        (parcel, "answernumbering", "unused"),
        (parcel, "correctfeedback", "feedback"),
        (parcel, "hint", "hint"),
        ("Length", "accepted.2", "feedback"),
        ("Length", "units", "units"),
        ("Steps", "layouttype", "unused"),
        ("Markers", "", "kind"),
        ("Essay", "", "kind"),
        ("Nothing right", "options", "refused"),
    }


def test_a_table_is_read_and_its_strange_parts_are_named() -> None:
    parcel, fish = _taken("tricks.csv").questions
    assert parcel["options"][1]["text"]["en"] == '=HYPERLINK("https://x.example")'
    assert fish["lines"][1] == {
        "key": "l2",
        "role": "link",
        "text": {"en": "pay.example", "zh": "pay.example"},
        "cue": True,
        "leads": "https://pay.example/",
        "why": {"en": "Not the office"},
    }
    assert Counter(left.part for left in _taken("tricks.csv").left) == {"colour": 1, "why l9": 1}


@pytest.mark.parametrize("format", ["native", "moodle_xml", "xlsx", "csv"])
@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir() if path.name.startswith("tricks.")))
def test_a_sample_goes_out_and_comes_back(name: str, format: str) -> None:
    taken = _taken(name)
    data, left = write(taken.questions, format, language="en", media=taken.media)
    gone = {one.item for one in left if one.part in {"", "accepted.2", "title"}}
    back = {q["code"]: bare(q) for q in read(f"x.{format}", data, language="en", format=format).questions}
    kept = {q["code"]: bare(q) for q in taken.questions if q["code"] not in gone}
    assert {code: back[code] for code in kept} == kept and kept
