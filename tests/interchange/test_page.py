"""docs/formats/questions.md says what the code does: its tables are made from the code, its examples are questions."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path

import pytest

from showground.interchange.questions import FORMATS, read
from showground.interchange.questions.carried import ALL, Carries
from showground.interchange.questions.contract import REASONS
from showground.interchange.questions.table import COLUMNS
from showground.rules.questions import KINDS, check_question

PAGE = Path(__file__).resolve().parents[2] / "docs" / "formats" / "questions.md"
SHOWN = {
    "native": "ours", "csv": "CSV, XLSX", "moodle_xml": "Moodle XML", "gift": "GIFT", "cloze": "cloze text", "missing_word": "missing word",
    "aiken": "Aiken", "qti21": "QTI",
}  # fmt: skip
DETAILS = {
    "why": "reasons of options",
    "credit": "parts of a point",
    "case": "capitals count",
    "area": "areas of a picture",
    "true_false": "own words for true, false",
    "keys": "keys of options",
}


def _carries(format: str) -> Carries:
    module = FORMATS[format].load()
    found: Carries = getattr(module, "CARRIES", None) or import_module("showground.interchange.questions.qti_package").CARRIES
    return found


def carried_table() -> str:
    """Returns the table of what each format carries, made from each format's CARRIES."""
    columns = [_carries(format) for format in SHOWN]
    rows = [("", list(SHOWN.values())), ("---", ["---"] * len(SHOWN)), ("languages", [str(c.languages) for c in columns])]
    for kind in KINDS:
        rows.append(
            (f"`{kind}`", ["yes" if kind in c.kinds else f"as `{c.becomes[kind]}`" if kind in c.becomes else "" for c in columns])
        )
    rows += [(f"`{name}`", ["yes" if name in c.fields else "" for c in columns]) for name in sorted(ALL)]
    rows += [(said, ["yes" if name in c.details else "" for c in columns]) for name, said in DETAILS.items()]
    return (
        "\n".join("| " + " | ".join([first, *cells]) + " |" for first, cells in rows)
        .replace("| --- |", "|---|")
        .replace(" --- |", "---|")
    )


def reasons_table() -> str:
    """Returns the table of reasons."""
    return "\n".join(["| reason | it says |", "|---|---|", *(f"| `{reason}` | {said} |" for reason, said in REASONS.items())])


@pytest.mark.parametrize("table", [carried_table, reasons_table])
def test_the_tables_are_those_of_the_code(table: object) -> None:
    """If this fails: `python -m tests.interchange.test_page` writes them anew."""
    assert callable(table) and table() in PAGE.read_text(encoding="utf-8")


def test_the_examples_are_questions() -> None:
    examples = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)]
    for example in examples:
        check_question(example)
    assert {example["kind"] for example in examples} == set(KINDS)


@pytest.mark.parametrize(("format", "count"), [("gift", 7), ("aiken", 1), ("missing_word", 1), ("cloze", 1), ("csv", 1)])
def test_the_sample_files_on_the_page_are_read_without_loss(format: str, count: int) -> None:
    [text] = re.findall(rf"```{format}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    taken = read("x", text.encode())
    assert (taken.format, taken.left, len(taken.questions)) == (format, [], count)


def test_every_format_and_column_has_a_line() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in FORMATS if f"`{name}`" not in text] == []
    assert [name for name in COLUMNS if f"`{name}`" not in text] == []


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    for mark, made in (("carried", carried_table()), ("reasons", reasons_table())):
        before, _, rest = page.partition(f"<!-- {mark} -->\n")
        page = f"{before}<!-- {mark} -->\n{made}\n<!-- end -->{rest.partition('<!-- end -->')[2]}"
    PAGE.write_text(page, encoding="utf-8")
