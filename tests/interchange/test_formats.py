"""Which format a file is, what every format must have, and reading in the jail."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showground.commands import quiz
from showground.interchange.questions import FORMATS, native, read, write
from showground.interchange.questions.contract import MOST_BYTES, REASONS, Basket, Left
from showground.interchange.questions.jailed import read_in_jail
from showground.interchange.questions.percent import FINEST, from_percent, to_percent
from showground.interchange.questions.sniff import sniff
from showground.media.jail import Jail, best_available, rlimits_only
from tests.interchange.bank import PICTURES, questions

SAMPLES = Path(__file__).parent / "samples"
NEEDS_WALLS = pytest.mark.skipif(not best_available().strong, reason="bubblewrap does not work here")


@pytest.mark.parametrize(
    ("name", "text", "format"),
    [
        ("x", "What?{=a ~b}", "missing_word"),
        ("x", "::t::What?{=a ~b}", "gift"),
        ("x", "Is it?{T}", "gift"),
        ("x.gift", "What?{=a ~b}", "gift"),
        ("x", "<b>What</b>?{=a ~%50%b}", "gift"),
        ("x.txt", "Q\nA) a\nB) b\nANSWER: A", "aiken"),
        ("x", "Say {1:SA:=yes}", "cloze"),
        ("x", "question,part,en\n", "csv"),
        ("x", "question;part;en\n", "csv"),
        ("x.xml", "<?xml version='1.0'?>\n<!-- a --><quiz/>", "moodle_xml"),
        ("x", "\ufeff<quiz>", "moodle_xml"),
        ("x", '{"code":"a"}', "native"),
        ("x", "<assessmentItem xmlns='http://www.imsglobal.org/xsd/imsqti_v2p1'/>", "qti"),
        ("x", "<qti:assessmentTest xmlns:qti='http://www.imsglobal.org/xsd/imsqti_v2p2'/>", "qti"),
        ("x", "<qti-assessment-item/>", "qti"),
    ],
)
def test_a_format_is_found_by_what_stands_in_the_file(name: str, text: str, format: str) -> None:
    assert sniff(name, text.encode()) == format


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_loaded_and_says_what_it_is(name: str) -> None:
    module = FORMATS[name].load()
    assert callable(module.read) and hasattr(module, "write") >= FORMATS[name].writes
    assert (module.__doc__ or "").strip().endswith(".")


def test_reasons_are_words_and_sentences() -> None:
    for reason, said in REASONS.items():
        assert reason.replace("_", "a").isalpha() and reason.islower()
        assert len(said) > 10 and not said.endswith(".")


def test_a_reason_that_is_none_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        Basket("gift").leave("x", "y", "nonsense")


def test_twins_get_codes_of_their_own_and_it_is_said() -> None:
    line = b'{"code":"a","kind":"ordering","options":[{"key":"a","text":{"en":"1"}},{"key":"b","text":{"en":"2"}}],"text":{"en":"x"},"v":1}\n'
    taken = read("x.jsonl", line * 3)
    assert [question["code"] for question in taken.questions] == ["a", "a-2", "a-3"]
    assert taken.left == [Left("a", "code", "twice", "a")] * 2


@settings(max_examples=80, deadline=None)
@given(bank=st.lists(questions(), max_size=4, unique_by=lambda question: question["code"]))
def test_our_own_file_is_the_identity(bank: list[dict[str, object]]) -> None:
    data, left = native.write(bank, language="en", media=PICTURES)
    taken = read("x.jsonl", data, format="native")
    assert (left, taken.left) == ([], [])
    assert taken.questions == bank and taken.media == PICTURES


@settings(max_examples=300, deadline=None)
@given(st.fractions(-1, 1, max_denominator=FINEST))
def test_a_credit_survives_as_a_percentage(worth: Fraction) -> None:
    assert from_percent(to_percent(worth)) == worth


@pytest.mark.parametrize(
    ("written", "worth"),
    [("33.33333", "1/3"), ("33.333333333333336", "1/3"), ("33", "1/3"), ("34", "1/3"), ("66.667", "2/3"), ("16.66667", "1/6"), ("-33.333", "-1/3"),
     ("14.28571", "1/7"), ("11.11111", "1/9"), ("83.33333", "5/6"), ("12.5", "1/8"), ("15", "3/20"), ("100", "1"), ("0", "0")],
)  # fmt: skip
def test_percentages_mean_exact_parts(written: str, worth: str) -> None:
    assert from_percent(written) == Fraction(worth)


@pytest.mark.parametrize("written", ["101", "-100.1", "", "a", "1e2", "٣٣", "NaN"])
def test_what_is_no_percentage_is_none(written: str) -> None:
    assert from_percent(written) is None


# ---- in the jail ----


@pytest.mark.parametrize("jail", [pytest.param(best_available(), marks=NEEDS_WALLS), rlimits_only()], ids=lambda jail: jail.name)
@pytest.mark.parametrize("name", ["tricks.gift.txt", "tricks.moodle.xml", "tricks.csv"])
def test_the_jail_gives_what_reading_gives(name: str, jail: Jail) -> None:
    inside, outside = read_in_jail(SAMPLES / name, name, jail=jail), read(name, (SAMPLES / name).read_bytes())
    assert (inside.format, inside.questions, inside.media) == (outside.format, outside.questions, outside.media)
    assert inside.left == outside.left and inside.questions


def test_a_spreadsheet_is_opened_in_the_jail(tmp_path: Path) -> None:
    bank = read("tricks.csv", (SAMPLES / "tricks.csv").read_bytes()).questions
    (tmp_path / "x.xlsx").write_bytes(write(bank, "xlsx")[0])
    taken = read_in_jail(tmp_path / "x.xlsx", "x.xlsx")
    assert taken.questions == bank and taken.left == []


def test_a_file_too_large_never_reaches_the_jail(tmp_path: Path) -> None:
    with (tmp_path / "x.xml").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    taken = read_in_jail(tmp_path / "x.xml", "x.xml", jail=Jail("none", "would fail"))
    assert [left.reason for left in taken.left] == ["too_large"]


def test_a_file_that_keeps_the_child_busy_for_too_long_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from showground.media import jail

    monkeypatch.setattr(jail, "LIMITS", {"questions": jail.Limits(memory=1 << 30, cpu=60, wall=3, file=96 << 20)})
    (tmp_path / "x.gift").write_bytes(b"a{T}\n\n" * 5_000_000)
    assert [left.reason for left in read_in_jail(tmp_path / "x.gift", "x.gift").left] == ["too_large"]


# ---- the command ----


def test_inspect_says_what_is_in_a_file_and_what_was_left(capsys: pytest.CaptureFixture[str]) -> None:
    assert quiz.main(["inspect", str(SAMPLES / "tricks.aiken.txt")]) == 0
    said = capsys.readouterr().out
    assert "aiken, 2 questions (2 single)" in said and "Only one option: it could not be understood" in said


def test_inspect_in_json_has_every_note(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "empty.gift").write_bytes(b"")
    assert quiz.main(["inspect", "--json", str(SAMPLES / "tricks.cloze.txt"), str(tmp_path / "empty.gift")]) == 2
    one, two = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (one["format"], one["kinds"], len(one["left"])) == ("cloze", {"cloze": 1}, 2)
    assert two["left"] == [{"item": "", "part": "file", "reason": "empty", "detail": ""}]


def test_a_file_that_is_not_there_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert quiz.main(["inspect", "nowhere.xml"]) == 2
    assert capsys.readouterr().err == "showground quiz: there is no file nowhere.xml\n"


def test_convert_writes_another_format_and_says_what_it_lost(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "x.aiken.txt"
    assert quiz.main(["convert", str(SAMPLES / "tricks.gift.txt"), "--to", "aiken", "--out", str(out)]) == 0
    assert read("x.aiken.txt", out.read_bytes()).kinds() == {"single": 4}
    assert "length: a kind of item that has no place in a question here [numeric]" in capsys.readouterr().out
