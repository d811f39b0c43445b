"""Export -> import is the identity for everything a format can carry, and what it cannot is said, thing by thing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from showground.interchange.questions import FORMATS, read
from showground.interchange.questions.carried import bare
from showground.interchange.questions.contract import REASONS, Left
from tests.interchange.bank import PICTURES, WORDS, questions

OURS = ["gift", "aiken", "missing_word", "cloze", "moodle_xml", "csv", "xlsx"]
BUSY = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
Question = dict[str, Any]


def _said(question: Question, kept: Question, left: list[Left]) -> bool:
    """Tells whether every field that a format changed or took off is named by what it left."""
    named = {one.part.partition(".")[0] for one in left}
    if named & {"en", "zh", "keys", "kind"}:  # each of these touches more than one field
        named |= {
            "text",
            "options",
            "gaps",
            "left",
            "right",
            "pairs",
            "lines",
            "accepted",
            "media",
            "title",
            "explanation",
            "feedback",
        }
    before = bare(question)
    return all(name in named or name == "code" or before.get(name) == kept.get(name) for name in before.keys() | kept.keys())


@pytest.mark.parametrize("format", OURS)
@BUSY
@given(draws=st.data(), language=st.sampled_from(["en", "zh"]))
def test_a_question_comes_back_as_it_went_less_what_is_left(format: str, draws: st.DataObject, language: str) -> None:
    module = FORMATS[format].load()
    question = draws.draw(questions(kinds=tuple(sorted(module.CARRIES.kinds | module.CARRIES.becomes.keys()))))
    if format == "missing_word":
        question["text"] = {
            lang: f"{words} _____ {words[:3]}".replace("______", "_____") for lang, words in question["text"].items()
        }
    for item in question.get("media", []):
        item["name"] = draws.draw(st.one_of(st.just("file.png"), WORDS))
    kept, left = module.fit(question, language, PICTURES)
    data, again = module.write([question], language=language, media=PICTURES)
    assert left == again and {one.reason for one in left} <= REASONS.keys() and {one.item for one in left} <= {question["code"]}
    back = read("x" + FORMATS[format].suffix, data, language=language, format=format)
    if kept is None:
        assert back.questions == [] and [one.part for one in left] == [""]
        return
    assert back.left == [] and _said(question, kept, left)
    [got] = [bare(one) for one in back.questions]
    if "code" not in module.CARRIES.fields:
        got["code"] = kept["code"]
    assert got == kept
    if format == "moodle_xml":
        assert {item["sha256"] for item in kept.get("media", [])} <= back.media.keys()


def test_a_single_choice_without_a_wrong_option_stays_one() -> None:
    options = [{"key": key, "text": {"en": key}, "credit": [1, 1]} for key in "ab"]
    question = {"v": 1, "code": "q", "kind": "single", "text": {"en": "Either?"}, "options": options}
    data, _ = FORMATS["gift"].load().write([question], language="en")
    assert read("x.gift", data).questions == [question]


@pytest.mark.parametrize("format", ["gift", "moodle_xml", "csv", "xlsx"])
def test_words_of_nothing_that_can_be_shown_are_left(format: str) -> None:
    options = [{"key": key, "text": {"en": key}} for key in "ab"]
    question = {
        "v": 1,
        "code": "q",
        "kind": "ordering",
        "text": {"en": "First?"},
        "options": options,
        "category": "\x1b",
        "tags": ["\x1b", "x"],
    }
    module = FORMATS[format].load()
    data, left = module.write([question], language="en")
    assert {one.part for one in left} == {"category", "tags"}
    assert read("x", data, format=format).questions == [{**{n: v for n, v in question.items() if n != "category"}, "tags": ["x"]}]
