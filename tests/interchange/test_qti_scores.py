"""An exported item, scored from its own rules by a reader that knows no question, gives the points that we give."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from showground.interchange.questions import write
from showground.rules.answers import score, slots
from showground.rules.questions import KINDS
from tests.interchange.bank import questions
from tests.interchange.qti_engine import Engine, Values

Question = dict[str, Any]
SEED = "ab" * 32
CALM = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def _typed(draw: st.DrawFn, accepted: list[Question]) -> str:
    """Draws what a person may type: something accepted, something near it, or nothing like it."""
    item = draw(st.sampled_from(accepted))
    if "text" in item:
        return draw(st.sampled_from([item["text"].replace("*", "so"), item["text"].upper(), "else"]))
    near = float(item.get("value", item.get("low")))
    return draw(st.sampled_from([item.get("value", item.get("low")), f"{near + 0.25:.2f}", f"{near - 40:.2f}"]))


@st.composite
def _answered(draw: st.DrawFn, kind: str) -> tuple[Question, Question, Values]:
    """Draws a question, an answer to it as we take it, and the same as a QTI player does."""
    question = draw(questions(kinds=(kind,), awkward=False))
    if kind in {"single", "true_false"}:
        shown = slots(question, SEED)
        at = draw(st.integers(0, len(shown) - 1))
        return question, {"choice": at}, {"RESPONSE": [shown[at]["key"]]}
    if kind == "multiple":
        shown = slots(question, SEED)
        chosen = sorted(draw(st.sets(st.integers(0, len(shown) - 1))))
        return question, {"choices": chosen}, {"RESPONSE": [shown[at]["key"] for at in chosen] or None}
    if kind in {"short", "numeric"}:
        text = _typed(draw, question["accepted"])
        return question, {"text": text}, {"RESPONSE": [text]}
    if kind == "ordering":
        shown = slots(question, SEED)
        order = draw(st.permutations(range(len(shown))))
        return question, {"order": list(order)}, {"RESPONSE": [shown[at]["key"] for at in order]}
    if kind == "matching":
        shown = slots(question, SEED)
        pairs = [[at, draw(st.integers(0, len(shown) - 1))] for at in range(len(question["left"]))]
        return question, {"pairs": pairs}, {"RESPONSE": [f"L.{question['left'][a]['key']} R.{shown[b]['key']}" for a, b in pairs]}
    if kind == "cloze":
        return question, *_filled(draw, question)
    marks = sorted(draw(st.sets(st.integers(0, len(question["lines"]) - 1))))
    verdict = draw(st.sampled_from(["trick", "genuine"]))
    given = {"VERDICT": [verdict], "MARKS": [question["lines"][at]["key"] for at in marks] or None}
    return question, {"verdict": verdict, "marks": marks}, given


def _filled(draw: st.DrawFn, question: Question) -> tuple[Question, Values]:
    gaps, given = {}, {}
    for gap in question["gaps"]:
        if gap["kind"] == "single":
            shown = slots(question, SEED, gap["key"])
            at = draw(st.integers(0, len(shown) - 1))
            gaps[gap["key"]], given[gap["key"]] = {"choice": at}, [shown[at]["key"]]
        else:
            text = _typed(draw, gap["accepted"])
            gaps[gap["key"]], given[gap["key"]] = {"text": text}, [text]
    return {"gaps": gaps}, given


@pytest.mark.parametrize("kind", KINDS)
@CALM
@given(draws=st.data(), format=st.sampled_from(["qti21", "qti30"]))
def test_an_exported_item_scores_as_we_do(kind: str, draws: st.DataObject, format: str) -> None:
    question, answer, responses = draws.draw(_answered(kind))
    data, _ = write([question], format)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        item = next(package.read(name) for name in package.namelist() if name.startswith("items/"))
    points, said = Engine(item).score(responses)
    assert points == pytest.approx(float(score(question, answer, SEED)), abs=1e-12)
    for name, field in (("EXPLANATION", "explanation"), ("GENERAL", "feedback")):
        assert (name in said) == (field in question)
    if kind in {"single", "true_false", "multiple"}:
        chosen = responses["RESPONSE"] or []
        why = {f"WHY.{option['key']}" for option in question["options"] if "why" in option and option["key"] in chosen}
        assert said - {"EXPLANATION", "GENERAL"} == why
