"""Export -> import is the identity for everything a format can carry, and what it cannot is said, thing by thing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from showground.interchange.questions import FORMATS, read
from showground.interchange.questions.carried import bare
from showground.interchange.questions.contract import REASONS, Left
from tests.interchange.bank import PICTURES, questions

OURS = ["gift", "aiken", "missing_word", "cloze", "moodle_xml", "csv", "xlsx"]
BUSY = settings(
    max_examples=150,
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
