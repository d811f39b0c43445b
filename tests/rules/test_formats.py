"""docs/formats is a contract: what it says of records, steps and words is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from showground.rules import quiz_rules, records
from showground.rules.ruleset import awareness_week
from showground.verify import case
from showground.verify.attacks import ATTACKS
from showground.verify.checks import STEPS
from tests.harness.quiz_week import QuizWeek

FORMATS = Path(__file__).parents[2] / "docs" / "formats"
RECORDS = (FORMATS / "records.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"\n### `([a-z._]+)`\n(.*?)(?=\n##)", RECORDS, re.DOTALL))


def test_records_page_has_a_section_for_each_type_in_order() -> None:
    assert list(SECTIONS) == list(records.SCHEMAS)


@pytest.mark.parametrize("kind", records.SCHEMAS)
def test_records_page_names_the_fields_of_a_type(kind: str) -> None:
    told = re.findall(r"^\| `([a-z_0-9]+)`( \(optional\))? \|", SECTIONS[kind], re.MULTILINE)
    assert [name + ("?" if optional else "") for name, optional in told] == list(records.SCHEMAS[kind])


@pytest.mark.parametrize("kind", records.SCHEMAS)
def test_records_page_has_an_example_that_is_such_a_record(kind: str) -> None:
    [example] = re.findall(r"```json\n(.*?)\n```", SECTIONS[kind])
    record = records.parse(example.encode())
    records.check(record)
    assert record["type"] == kind


def test_records_page_names_every_field_of_a_ruleset() -> None:
    part = RECORDS[RECORDS.index("## The ruleset") :]
    assert [name for name in awareness_week() if f"`{name}`" not in part] == []


def test_the_other_examples_are_canonical() -> None:
    for page in ("records.md", "bundle.md"):
        for example in re.findall(r"```json\n([{\[].*?)\n```", (FORMATS / page).read_text(encoding="utf-8")):
            data = (example if example[0] == "{" else f'{{"list":{example}}}').encode()
            assert records.canonical(records.parse(data)) == data


def test_verdict_page_names_every_step_in_order_and_every_word() -> None:
    page = (FORMATS / "verdict.md").read_text(encoding="utf-8")
    steps = page[page.index("## The steps") : page.index("Clocks of a site")]
    assert re.findall(r"^\| `([a-z]+)` \|", steps, re.MULTILINE) == [name for name, *_ in STEPS]
    assert set(re.findall(r"^\| `([A-Z ]+)` \| it", page, re.MULTILINE)) | {"NOT YET"} <= set(case.WORST_LAST) | {"NOT YET"}
    assert all(f"| `{word}` |" in page for word in case.WORST_LAST)


def test_quiz_page_names_every_field_of_the_rules() -> None:
    page, made = (FORMATS / "quiz.md").read_text(encoding="utf-8"), QuizWeek().made
    fields = [*made, *made["draw"], *made["draw"]["prizes"][0], *quiz_rules.PROMOTION]
    assert [name for name in fields if f"`{name}`" not in page and f'"{name}"' not in page] == []


def test_draw_page_names_every_attack() -> None:
    page = (FORMATS / "draw.md").read_text(encoding="utf-8")
    unnamed = {name for name in ATTACKS.values() if name != "changed rules" and f"`{name}`" not in page}
    assert unnamed == set()


def test_draw_page_can_be_recomputed_without_this_software(capsys: pytest.CaptureFixture[str]) -> None:
    page = (FORMATS / "draw.md").read_text(encoding="utf-8")
    [program] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert "showground." not in program
    exec(program)
    week = QuizWeek(beacon="drand").play("result")
    assert week.draw.result is not None
    said = week.draw.result[1]
    assert capsys.readouterr().out == f"{said['seed_text']} {said['winners'] + said['alternates']}\n"
    assert f"seed_text    {said['seed_text']}\n" in page
