"""Files that mean harm, and files that are only broken: each gets a name, none stops the reader, none is taken further than its words."""

from __future__ import annotations

import copy
import io
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from showground.interchange.questions import FORMATS, read
from showground.interchange.questions.contract import MOST_BYTES, MOST_ITEMS, REASONS, Taken
from showground.rules.questions import check_question
from tests.interchange.bank import questions

SAMPLES = Path(__file__).parent / "samples"
OURS = ["native", "gift", "moodle_xml", "aiken", "missing_word", "cloze", "csv", "xlsx"]
QUESTION = "<question type='truefalse'><name><text>{0}</text></name><questiontext format='html'><text>{1}</text></questiontext><answer fraction='100'><text>true</text></answer></question>"  # noqa: E501


def _quiz(text: str, name: str = "x", before: str = "") -> bytes:
    return f"{before}<quiz>{QUESTION.format(name, text)}</quiz>".encode()


def _reasons(data: bytes, name: str = "x.xml", format: str = "") -> list[str]:
    return [left.reason for left in read(name, data, format=format).left]


def _whole(taken: Taken) -> None:
    """Every question is one, every note is of a known reason, and nothing was unforeseen."""
    for question in taken.questions:
        check_question(question)
    assert {left.reason for left in taken.left} <= REASONS.keys() - {"crashed"}


LAUGHS = '<!DOCTYPE q [<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)) + "]>"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (_quiz("&x;", before='<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "entities"),
        (_quiz("&x;", before='<?xml version="1.0"?><!-- c --><!DOCTYPE q [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>'), "entities"),
        (_quiz("&j;", before=LAUGHS), "entities"),
        (_quiz("&j;", before=LAUGHS).decode().encode("utf-16"), "entities"),
        (_quiz("&x;", before='<!DOCTYPE q SYSTEM "http://127.0.0.1:9/x.dtd">'), "entities"),
        (_quiz("&x;"), "entities"),
        (b"<quiz>" + b"<b>" * 300 + b"</b>" * 300 + b"</quiz>", "too_deep"),
        (b"<quiz>" + b" " * MOST_BYTES + b"</quiz>", "too_large"),
        (_quiz("x" * 11_000_000), "too_large"),
        (_quiz("x")[:-4], "damaged"),
        (b"<quiz>\0</quiz>", "damaged"),
        (b"<html><body>Question</body></html>", "unknown_format"),
        (b"%PDF-1.7\n", "unknown_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 20, "unknown_format"),
        (b"", "empty"),
        (b"\0" * 99 + b" \n", "empty"),
        (b"\x01\x02\x03\x80\x81\xff" * 90, "encoding"),
        (b"Hello, how are you?", "unknown_format"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_read_says_why(data: bytes, reason: str) -> None:
    taken = read("x", data)
    assert taken.questions == [] and [left.reason for left in taken.left] == [reason]


def test_a_hundred_megabytes_are_refused_before_they_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    from showground.interchange.questions import hardened

    monkeypatch.setattr(hardened, "decode", None)  # whoever looks inside fails
    assert _reasons(b"<quiz>" + b"<question/>" * 9_600_000 + b"</quiz>") == ["too_large"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
def test_a_text_is_read_in_its_encoding(encoding: str) -> None:
    words = "收到银行的短信，要求点击链接，应该怎么办？{=自己打电话给银行 ~马上点击}"
    taken = read("x.gift", words.encode(encoding), language="zh")
    assert taken.questions[0]["text"] == {"zh": "收到银行的短信，要求点击链接，应该怎么办？"}
    assert [left.detail for left in taken.left] == (["gbk"] if encoding.startswith("gb") else [])


def test_latin_letters_are_no_chinese() -> None:
    taken = read("x.gift", "Où est le café près d'ici, à gauche ou à droite ?{=à gauche ~là-bas}".encode("latin-1"))
    assert taken.questions[0]["text"] == {"en": "Où est le café près d'ici, à gauche ou à droite ?"}
    assert [(left.reason, left.detail) for left in taken.left] == [("encoding_guessed", "latin-1")]


def test_wide_letters_without_a_mark_are_guessed() -> None:
    taken = read("x.gift", "What now?{=Wait ~Pay}".encode("utf-16-le"))
    assert taken.kinds() == {"single": 1} and taken.left[0].detail == "utf-16-le"


def test_an_xml_file_that_lies_about_its_encoding_is_read_all_the_same() -> None:
    text = "<?xml version='1.0' encoding='UTF-8'?>" + _quiz("这是骗局吗？看看地址再说").decode()
    taken = read("x.xml", text.encode("gbk"), language="zh")
    assert taken.questions[0]["text"] == {"zh": "这是骗局吗？看看地址再说"} and taken.left[0].reason == "encoding_guessed"


def test_scripts_are_never_words() -> None:
    markup = "&lt;p onclick='x()'&gt;Is it&lt;script&gt;alert(1)&lt;/script&gt; true?&lt;iframe src='https://x.example'&gt;y&lt;/iframe&gt;&lt;/p&gt;"
    taken = read("x.xml", _quiz(markup))
    assert taken.questions[0]["text"] == {"en": "Is it true?"} and {left.reason for left in taken.left} == {"script"}


def test_a_tag_that_is_a_word_stays_a_word() -> None:
    data = b"[plain]What does <script>alert(1)</script> do?{T}"
    assert read("x.gift", data).questions[0]["text"] == {"en": "What does <script>alert(1)</script> do?"}


def test_nul_characters_are_named() -> None:
    taken = read("x.gift", b"What\0 now?{T}")
    assert taken.questions[0]["text"] == {"en": "What now?"} and [left.reason for left in taken.left] == ["control_characters"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.gift", b"a{T}\n\n" * 12_000),
        ("x.xml", b"<quiz>" + b"<question type='truefalse'/>" * 12_000 + b"</quiz>"),
        ("x.aiken", b"a\nA) b\nB) c\nANSWER: A\n" * 12_000),
        ("x.missing.txt", b"a {=b ~c} d\n\n" * 12_000),
        ("x.cloze", b"a {1:SA:=b}\n---\n" * 12_000),
        ("x.jsonl", b'{"code":"a"}\n' * 12_000),
        ("x.csv", b"question,part,key,en\n" + b"".join(b"q%d,kind,,\n" % n for n in range(12_000))),
    ],
)
def test_more_items_than_a_file_may_have_are_counted_not_read(name: str, data: bytes) -> None:
    taken = read(name, data)
    last = [left for left in taken.left if left.reason == "too_many" and left.part == "items"]
    assert [left.detail for left in last] == [f"{12_000 - MOST_ITEMS} of 12000"] and len(taken.questions) <= MOST_ITEMS


@pytest.mark.drill
@pytest.mark.parametrize("name", ["x.gift", "x.xml", "x.csv"])
def test_a_million_items_end(name: str) -> None:
    data = {"x.gift": b"a{T}\n\n", "x.xml": b"<question type='essay'/>", "x.csv": b"q,kind\n"}[name] * 1_000_000
    data = {"x.gift": data, "x.xml": b"<quiz>" + data + b"</quiz>", "x.csv": b"question,part\n" + data}[name]
    taken = read(name, data)
    assert any(left.reason == "too_many" for left in taken.left)
    _whole(taken)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.jsonl", b'{"code":"a","options":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        ("x.gift", b"[html]" + b"<b>" * 60_000 + b"{T}"),
        ("x.gift", b"{" * 90_000 + b"}" * 90_000),
        ("x.gift", b"[html]" + b"<!" * 40_000 + b"{T}"),
        ("x.cloze", b"{1:SA:" * 20_000),
        ("x.cloze", b"{1:SA:=a}" + b"~" * 100_000),
        ("x.missing.txt", b"{=" + b"~" * 90_000 + b"}"),
        ("x.aiken", b"Q\n" + b"A) x\n" * 30_000 + b"ANSWER: A"),
        ("x.csv", b'question,part\n"' + b"x" * 2_000_000),
    ],
)
def test_odd_heaps_of_signs_end_and_are_named(name: str, data: bytes) -> None:
    taken = read(name, data)
    _whole(taken)
    assert taken.left


# ---- spreadsheets ----


def _book(**files: bytes) -> bytes:
    out = io.BytesIO()
    whole = {**_parts(FORMATS["xlsx"].load().write([], language="en")[0]), **files}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in whole.items():
            archive.writestr(name, data)
    return out.getvalue()


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _sheet(rows: str) -> bytes:
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'.encode()


def _row(number: int, *cells: str) -> str:
    return (
        f"<row r='{number}'>"
        + "".join(f"<c r='{chr(65 + n)}{number}' t='inlineStr'><is><t>{cell}</t></is></c>" for n, cell in enumerate(cells))
        + "</row>"
    )


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"../evil.xml": b"x"}, "bad_name"),
        ({"xl/worksheets/../../../evil": b"x"}, "bad_name"),
        ({"/etc/passwd": b"x"}, "bad_name"),
        ({"xl/sharedStrings.xml": b" " * (MOST_BYTES + 1)}, "bomb"),
        ({"xl/sharedStrings.xml": b" " * (20 << 20)}, "bomb"),
        ({"xl/workbook.xml": b"<!DOCTYPE x [<!ENTITY y 'z'>]><workbook/>"}, "entities"),
        ({"xl/worksheets/sheet1.xml": b"<!DOCTYPE x [<!ENTITY y 'z'>]><x/>"}, "entities"),
        ({"xl/workbook.xml": b"<workbook"}, "damaged"),
        ({"[Content_Types].xml": b"<Types/>"}, "damaged"),
    ],
)
def test_a_spreadsheet_that_means_harm_is_refused_by_name(files: dict[str, bytes], reason: str) -> None:
    taken = read("x.xlsx", _book(**files))
    assert taken.questions == [] and [left.reason for left in taken.left] == [reason]


def test_a_zip_that_is_cut_off_is_damaged() -> None:
    assert _reasons(_book()[:-30], "x.xlsx") == ["damaged"]


def test_a_formula_is_noted_and_not_worked_out() -> None:
    rows = (
        _row(1, "question", "part", "key", "en", "credit", "value")
        + _row(2, "q", "kind", "", "", "", "true_false")
        + _row(3, "q", "text", "", "Is it?")
    )
    rows += "<row r='4'><c r='A4' t='inlineStr'><is><t>q</t></is></c><c r='B4' t='str'><f>WEBSERVICE(\"http://127.0.0.1:9/\")</f><v>text</v></c></row>"
    rows += _row(5, "q", "option", "true", "True", "100%") + _row(6, "q", "option", "false", "False", "0")
    taken = read("x.xlsx", _book(**{"xl/worksheets/sheet1.xml": _sheet(rows)}))
    assert taken.kinds() == {"true_false": 1}
    assert ("row 4", "B4", "formula") in {(left.item, left.part, left.reason) for left in taken.left}


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_what_a_spreadsheet_would_work_out_is_written_as_text(format: str) -> None:
    words = ['=cmd|"/c calc"!A1', "+1+1", "-2", "@SUM(A1)", "\t=1", "'=1"]
    question = {"v": 1, "code": "q", "kind": "ordering", "text": {"en": "=1+1"}}
    question["options"] = [{"key": chr(97 + n), "text": {"en": one}} for n, one in enumerate(words)]
    data, left = FORMATS[format].load().write([question], language="en")
    cells = [line.split(",")[3].strip('"') for line in data.decode().split("\r\n")[2:-1]] if format == "csv" else []
    assert left == [] and all(cell.startswith("'") for cell in cells)
    assert b"<f>" not in b"".join(_parts(data).values() if format == "xlsx" else [data])
    assert read(f"x.{format}", data).questions == [question]


# ---- anything ----

BYTES = st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))


JUNK = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 10**20),
        st.floats(),
        st.sampled_from(["", "x", "en", "single", "\ud800", "[", "g1"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["en", "key", "kind", "text", "A"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def _replaced(value: Any, path: list[int], junk: Any) -> Any:
    """Puts junk at one place of a nested value."""
    if not path or not isinstance(value, (dict, list)) or not value:
        return junk
    keys: list[Any] = sorted(value) if isinstance(value, dict) else list(range(len(value)))
    at, copied = keys[path[0] % len(keys)], copy.copy(value)
    copied[at] = _replaced(value[at], path[1:], junk)
    return copied


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(question=questions(), path=st.lists(st.integers(0, 9), min_size=1, max_size=5), junk=JUNK)
def test_a_line_with_a_strange_value_never_makes_the_reader_fail(question: Any, path: list[int], junk: Any) -> None:
    _whole(read("x.jsonl", json.dumps(_replaced(question, path, junk)).encode(), format="native"))


@pytest.mark.parametrize("format", OURS)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=BYTES)
def test_no_bytes_make_a_reader_fail(format: str, data: bytes) -> None:
    _whole(read("x", data, format=format))
    _whole(read("x", data))


SIGNS = [b"{", b"}", b"~", b"=", b"#", b"<", b"&", b'"', b"\0", b"->", b"%-", b"::", b"<![CDATA[", b"</text>", b"t='f'"]


def _spoilt(data: bytes, dice: random.Random) -> bytes:
    """Some bytes changed, taken out, doubled, or signs put between them."""
    for _ in range(dice.randrange(1, 8)):
        at = dice.randrange(len(data) or 1)
        cut = at + dice.randrange(60)
        data = dice.choice(
            [
                data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :],
                data[:at] + data[cut:],
                data[:cut] + data[at:],
                data[:at] + dice.choice(SIGNS) + data[at:],
            ]
        )
    return data


def test_a_spoilt_sheet_never_makes_the_reader_fail() -> None:
    questions = read("tricks.csv", (SAMPLES / "tricks.csv").read_bytes()).questions
    sheet = _parts(FORMATS["xlsx"].load().write(questions, language="en")[0])["xl/worksheets/sheet1.xml"]
    dice = random.Random("sheet")
    assert len(questions) == 2
    for _ in range(60):
        _whole(read("x.xlsx", _book(**{"xl/worksheets/sheet1.xml": _spoilt(sheet, dice)})))


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir() if path.name.startswith("tricks.")))
def test_a_spoilt_sample_never_makes_a_reader_fail(name: str) -> None:
    dice, data = random.Random(name), (SAMPLES / name).read_bytes()
    for _ in range(150):
        _whole(read(name, _spoilt(data, dice)))
