"""QTI out and in again is the identity, and every file written is valid by the official schemas."""

from __future__ import annotations

import copy
import hashlib
import io
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from showground.interchange.questions import read, write
from showground.interchange.questions.carried import bare
from showground.interchange.questions.contract import REASONS
from showground.interchange.questions.qti_package import CARRIES, carried
from showground.interchange.questions.qti_write import fit
from showground.rules.questions import check_question
from tests.interchange.bank import questions
from tests.interchange.qti_schemas import wrong
from tests.rules.test_answers import CLOZE, GENUINE, MATCHING, MULTIPLE, ORDERING, PHISH, SINGLE

Question = dict[str, Any]
VERSIONS = {"qti21": "2.1", "qti22": "2.2", "qti30": "3.0"}
BUSY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000002800000010d0802000000") + b"not a whole picture"
OGG = b"OggS" + bytes(60)
WEBM = b"\x1a\x45\xdf\xa3" + bytes(60)
FILES = {"picture": ("alarm.png", PNG), "audio": ("call.ogg", OGG), "video": ("film.webm", WEBM)}
MEDIA = {hashlib.sha256(data).hexdigest(): (name, data) for name, data in FILES.values()}


def _with_files(question: Question) -> Question:
    """Gives the media of a question the hashes of real files."""
    made = copy.deepcopy(question)
    for item in made.get("media", []):
        item["sha256"] = hashlib.sha256(FILES[item["kind"]][1]).hexdigest()
    return made


def _hot(question: Question) -> Question:
    """Puts areas on all options of a question that shows a picture."""
    for n, option in enumerate(question.get("options", [])):
        option["area"] = [n * 7, 1, 993 - n * 7, 1 + n * 111]
    return question


def _valid(data: bytes, version: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.endswith(".xml"):
                kind = version if name != "imsmanifest.xml" else f"manifest {version[0]}"
                assert wrong(kind, package.read(name)) == "", name


@pytest.mark.parametrize("format", VERSIONS)
@BUSY
@given(draws=st.data())
def test_a_question_comes_back_from_qti_as_it_went(format: str, draws: st.DataObject) -> None:
    question = _with_files(draws.draw(questions()))
    if question["kind"] in {"single", "multiple", "true_false"} and any(m["kind"] == "picture" for m in question.get("media", [])):
        question = _hot(question)
    data, left = write([question], format, media=MEDIA)
    assert {one.reason for one in left} <= REASONS.keys()
    back = read("x.zip", data, format="qti")
    kept, _ = carried(question, CARRIES, "en")
    if kept is None or any((one.part, one.reason) == ("", "refused") for one in left):
        assert back.questions == []
        return
    assert back.left == []
    assert [bare(one) for one in back.questions] == [bare(fit(kept))]
    assert {name for name, _ in back.media.values()} <= {"file.png"}
    _valid(data, VERSIONS[format])


def _every_kind() -> list[Question]:
    true_false = {"v": 1, "code": "tf", "kind": "true_false", "text": {"en": "Is it?", "zh": "是吗？"}}
    true_false["options"] = [
        {"key": "true", "text": {"en": "Yes", "zh": "是"}, "credit": [1, 1], "why": {"en": "It is.", "zh": "是的。"}},
        {"key": "false", "text": {"en": "No"}, "credit": [0, 1]},
    ]
    short = {"v": 1, "code": "sh", "kind": "short", "text": {"zh": "打给谁？"}, "case": True}
    short["accepted"] = [{"text": "96110*", "credit": [1, 1], "why": {"zh": "对"}}, {"text": "the bank", "credit": [-1, 2]}]
    numeric = {"v": 1, "code": "nu", "kind": "numeric", "text": {"en": "How many?"}, "fixed": True, "tags": ["a b", "c"]}
    numeric["accepted"] = [{"value": "+5.00", "tolerance": "0.5", "credit": [1, 1]}, {"low": "1", "high": "9", "credit": [1, 3]}]
    made = [SINGLE, MULTIPLE, ORDERING, MATCHING, CLOZE, PHISH, GENUINE, true_false, short, numeric]
    made = [{**question, "code": f"{n}-{question['code']}".replace("0-", "a-")} for n, question in enumerate(made)]
    return [{**question, "code": "q" + question["code"]} for question in made]


@pytest.mark.parametrize("format", VERSIONS)
def test_a_bank_keeps_its_order_and_its_languages(format: str) -> None:
    bank = _every_kind()
    for question in bank:
        check_question(question)
    data, left = write(bank, format)
    assert left == []
    back = read("bank.zip", data, format="qti")
    assert (back.format, back.left) == ("qti", [])
    assert [bare(one) for one in back.questions] == [bare(one) for one in bank]
    _valid(data, VERSIONS[format])


@pytest.mark.parametrize("format", VERSIONS)
def test_a_message_comes_back_identically(format: str) -> None:
    message = {**PHISH, "channel": "sms", "premise": "strong", "enough": 2, "explanation": {"en": "Look at the address."}}
    message["lines"] = [{**line, "why": {"en": f"because {n}", "zh": f"因为{n}"}} for n, line in enumerate(PHISH["lines"])]
    data, left = write([message], format)
    assert (left, read("x.zip", data, format="qti").questions) == ([], [message])


def test_a_message_is_text_to_mark_after_a_verdict() -> None:
    data, _ = write([PHISH], "qti30")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        item = package.read("items/q1.en.xml").decode()
    assert 'qti-hottext-interaction response-identifier="MARKS" max-choices="0"' in item
    assert item.index("qti-choice-interaction") < item.index("qti-hottext-interaction")


@pytest.mark.parametrize("format", VERSIONS)
def test_a_medium_without_its_file_is_said(format: str) -> None:
    question = {**SINGLE, "media": [{"kind": "picture", "sha256": "0" * 64, "alt": {"en": "A poster"}}]}
    data, left = write([_hot(copy.deepcopy(question))], format)
    assert {(one.part, one.reason) for one in left} >= {("media.0", "picture"), ("options.a.area", "picture")}
    assert read("x.zip", data, format="qti").questions == [SINGLE]


@pytest.mark.parametrize("format", VERSIONS)
def test_media_keep_their_order_around_the_picture_with_areas(format: str) -> None:
    def medium(kind: str, n: int) -> Question:
        words = "alt" if kind == "picture" else "transcript"
        return {"kind": kind, "sha256": hashlib.sha256(FILES[kind][1]).hexdigest(), words: {"en": f"words {n}", "zh": "话"}}

    media = [medium(kind, n) for n, kind in enumerate(["audio", "picture", "video", "picture"])]
    question = _hot({**copy.deepcopy(MULTIPLE), "media": media})
    data, _ = write([question], format, media=MEDIA)
    back = read("x.zip", data, format="qti")
    assert (back.left, back.questions) == ([], [question])
    assert {digest: data for digest, (_, data) in back.media.items()} == {digest: data for digest, (_, data) in MEDIA.items()}


@pytest.mark.parametrize("format", VERSIONS)
def test_the_kind_is_what_it_was_whatever_the_options_are_called(format: str) -> None:
    options = [{"key": key, "text": {"en": key.title()}, "credit": [int(key == "true"), 1]} for key in ("true", "false")]
    single = {"v": 1, "code": "s", "kind": "single", "text": {"en": "Is it?"}, "options": options}
    pictured = {**single, "code": "t", "kind": "true_false"}
    pictured["media"] = [{"kind": "picture", "sha256": hashlib.sha256(PNG).hexdigest(), "alt": {"en": "A poster"}}]
    bank = [single, _hot(copy.deepcopy(pictured))]
    data, _ = write(bank, format, media=MEDIA)
    assert read("x.zip", data, format="qti").questions == bank


@pytest.mark.parametrize("format", VERSIONS)
def test_characters_that_xml_cannot_write_are_said(format: str) -> None:
    odd = {**SINGLE, "text": {"en": "What\ufffe now?"}}
    data, left = write([odd, {**odd, "code": "q2", "text": {"en": "\uffff"}}], format)
    said = [("q1", "text", "control_characters"), ("q2", "text", "control_characters"), ("q2", "", "refused")]
    assert [(one.item, one.part, one.reason) for one in left] == said
    assert read("x.zip", data, format="qti").questions == [SINGLE]


def test_a_bank_of_any_size_gives_a_package_that_is_read_again() -> None:
    text = {"en": "What now?", "zh": "怎么办？"}
    bank = [{**SINGLE, "code": f"q{n}", "text": text} for n in range(1010)]
    data, left = write(bank, "qti21")
    assert {one.reason for one in left} == {"too_many"}
    back = read("x.zip", data)
    assert (back.left, back.questions) == ([], bank[: 1010 - len(left)])


def test_the_same_bank_gives_the_same_bytes() -> None:
    assert write(_every_kind(), "qti21") == write(_every_kind(), "qti21")
