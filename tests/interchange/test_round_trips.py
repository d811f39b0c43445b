"""Export -> import is the identity for everything a format can carry, and what it cannot is said, thing by thing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from showground.interchange.questions import FORMATS, read
from showground.interchange.questions.carried import bare, carried
from showground.interchange.questions.contract import REASONS
from tests.interchange.bank import questions

OURS = ["gift", "aiken", "missing_word", "cloze", "moodle_xml", "csv", "xlsx"]
BUSY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
Question = dict[str, Any]


def _same(one: Question, *, code: bool) -> Question:
    return {name: value for name, value in bare(one).items() if code or name != "code"}


@pytest.mark.parametrize("format", OURS)
@BUSY
@given(draws=st.data(), language=st.sampled_from(["en", "zh"]))
def test_a_question_comes_back_as_it_went_less_what_is_left(format: str, draws: st.DataObject, language: str) -> None:
    module = FORMATS[format].load()
    question = draws.draw(questions(kinds=tuple(sorted(module.CARRIES.kinds | module.CARRIES.becomes.keys()))))
    data, left = module.write([question], language=language, media={})
    assert {one.reason for one in left} <= REASONS.keys() and {one.item for one in left} <= {question["code"]}
    back = read("x" + FORMATS[format].suffix, data, language=language, format=format)
    whole_left = [one for one in left if one.part == ""]
    if whole_left:
        assert back.questions == [] and len(whole_left) == 1
        return
    kept, lost = carried(question, module.CARRIES, language)
    assert kept is not None
    assert back.left == []
    [got] = back.questions
    for one in left[len(lost) :]:
        _take_off(kept, one.part, one.detail)
    assert _same(got, code="code" in module.CARRIES.fields) == _same(kept, code="code" in module.CARRIES.fields)


def _take_off(question: Question, part: str, detail: str) -> None:
    """Removes what a writer said it left beyond what `carried` left: a field, or one tag."""
    if part == "tags":
        question["tags"] = [tag for tag in question["tags"] if tag[:160] != detail]
    else:
        question.pop(part.partition(".")[0], None)
