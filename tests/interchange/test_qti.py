"""QTI of other systems: what each sample gives and what it leaves; hostile files get a named answer."""

from __future__ import annotations

import io
import re
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showground.interchange.questions import read, write
from showground.interchange.questions.contract import REASONS, Taken
from showground.interchange.questions.qti_media import size, target
from showground.interchange.questions.qti_processing import pattern
from showground.interchange.questions.qti_xml import fraction, kebab, number
from tests.interchange.test_qti_trips import PNG
from tests.rules.test_answers import CLOZE, PHISH, SINGLE

SAMPLES = Path(__file__).parent / "samples/qti"


def _read(data: bytes, name: str = "x.xml") -> Taken:
    return read(name, data, format="qti")


def _sample(name: str) -> Taken:
    return _read((SAMPLES / name).read_bytes())


def _left(taken: Taken) -> set[tuple[str, str]]:
    return {(one.part, one.reason) for one in taken.left}


# name: kinds, what is left by part and reason
TABLE: dict[str, tuple[list[str], set[tuple[str, str]]]] = {
    "choice-20.xml": (["single"], {("text", "markup"), ("options", "order")}),
    "multiple-22.xml": (["multiple"], {("stylesheet", "style"), ("score", "credit"), ("maxChoices", "unused")}),
    "order-21.xml": (["ordering"], set()),
    "match-30.xml": (["matching"], set()),
    "numeric-21.xml": (["numeric"], {("expectedLength", "style"), ("score", "credit")}),
    "sentence-30.xml": (["cloze"], {("score", "credit")}),
    "several-21.xml": (
        ["single", "short"],
        {("uploadInteraction", "kind"), ("score", "scoring"), ("itemBody", "several"), ("code", "twice")},
    ),
    "hottext-22.xml": (
        ["multiple"],
        {("timeDependent", "limit"), ("rubricBlock", "rubric"), ("text", "link"), ("score", "scoring")},
    ),
    "gaps-30.xml": (["cloze"], {("matchMax", "unused")}),
    "adaptive-21.xml": ([], {("", "adaptive")}),
    "template-22.xml": ([], {("templateDeclaration", "template"), ("templateProcessing", "template"), ("", "template")}),
    "old-12.xml": ([], {("file", "old_qti")}),
    "unscored-30.xml": (
        [],
        {
            ("text", "language"), ("assessmentStimulusRef", "reference"), ("companionMaterialsInfo", "reference"),
            ("catalogInfo", "unused"), ("associateInteraction", "kind"), ("selectPointInteraction", "kind"),
            ("portableCustomInteraction", "kind"), ("endAttemptInteraction", "hint"), ("", "no_answer"),
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_sample_gives_its_questions_and_says_what_it_leaves(name: str) -> None:
    taken = _sample(name)
    assert ([question["kind"] for question in taken.questions], _left(taken)) == TABLE[name]


def test_every_sample_is_in_the_table() -> None:
    assert {path.name for path in SAMPLES.glob("*.xml")} == set(TABLE)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_sample_is_known_without_being_named(name: str) -> None:
    assert read(name, (SAMPLES / name).read_bytes()) == _sample(name)


def test_points_become_parts_of_one_point() -> None:
    [multiple] = _sample("multiple-22.xml").questions
    assert [option["credit"] for option in multiple["options"]] == [[1, 3], [1, 3], [1, 3], [-1, 2]]
    [cloze] = _sample("sentence-30.xml").questions
    assert [(gap["weight"], gap["kind"]) for gap in cloze["gaps"]] == [(2, "single"), (1, "short")]
    assert cloze["text"] == {"en": "Call your {{g1}} right {{g2}}, with your own phone."}


def test_numbers_are_taken_with_their_tolerance_and_their_word() -> None:
    [question] = _sample("numeric-21.xml").questions
    assert question["accepted"] == [
        {"value": "30", "tolerance": "5", "credit": [1, 1], "why": {"en": "Half an hour is what they ask for."}},
        {"low": "15", "high": "60", "credit": [1, 4]},
    ]
    assert question["text"] == {"en": "Within how many minutes should the bank know?"}


def test_several_interactions_are_several_questions_and_the_one_that_is_none_is_listed() -> None:
    taken = _sample("several-21.xml")
    assert [(question["code"], question["text"]["en"]) for question in taken.questions] == [
        ("several", "Is it a trick?"),
        ("several-2", "The address of a page is its"),
    ]


def test_a_word_for_right_and_wrong_goes_to_the_options() -> None:
    item = (SAMPLES / "choice-20.xml").read_text(encoding="utf-8")
    rules = """<responseProcessing><responseCondition>
      <responseIf><match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>
        <setOutcomeValue identifier="F"><baseValue baseType="identifier">yes</baseValue></setOutcomeValue></responseIf>
      <responseElse><setOutcomeValue identifier="F"><baseValue baseType="identifier">no</baseValue></setOutcomeValue></responseElse>
    </responseCondition></responseProcessing>
    <modalFeedback outcomeIdentifier="F" identifier="yes" showHide="show"><p>Well done.</p></modalFeedback>
    <modalFeedback outcomeIdentifier="F" identifier="no" showHide="show"><p>They lied.</p></modalFeedback>
    <modalFeedback outcomeIdentifier="F" identifier="other" showHide="show"><p>Never shown.</p></modalFeedback>"""
    taken = _read(re.sub(r"<responseProcessing[^>]*/>", rules, item).encode())
    assert [option["why"]["en"] for option in taken.questions[0]["options"]] == ["Well done.", "They lied.", "They lied."]
    assert ("modalFeedback", "feedback") in _left(taken)


def test_rules_that_are_not_understood_are_listed() -> None:
    item = (SAMPLES / "choice-20.xml").read_text(encoding="utf-8")
    rules = """<responseProcessing><responseCondition><responseIf>
      <and><match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match><isNull><variable identifier="X"/></isNull></and>
      <setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>
    </responseIf></responseCondition></responseProcessing>"""
    taken = _read(re.sub(r"<responseProcessing[^>]*/>", rules, item).encode())
    assert len(taken.questions) == 1
    [note] = [one for one in taken.left if one.reason == "scoring"]
    assert "isNull" in note.detail


def test_our_own_item_with_changed_rules_is_not_believed() -> None:
    data, _ = write([PHISH], "qti21")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        item = package.read("items/q1.en.xml")
    changed = item.replace(b">0.5<", b">0.9<")
    assert (_read(item).left, changed != item) == ([], True)
    assert ("responseProcessing", "scoring") in _left(_read(changed))


# ---- packages ----


def _package(files: dict[str, bytes]) -> bytes:
    folder = SAMPLES / "package"
    whole = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.xml"))} | files
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in whole.items():
            package.writestr(name, data)
    return made.getvalue()


def test_a_package_gives_its_items_in_the_order_of_its_test_with_their_pictures() -> None:
    taken = _read(_package({"images/poster.png": PNG, "notes.pdf": b"%PDF-1.7", "more/inner.zip": b"PK\x05\x06" + bytes(18)}))
    assert [question["code"] for question in taken.questions] == ["first", "poster"]
    poster = taken.questions[1]
    assert [option["area"] for option in poster["options"]] == [[100, 300, 300, 600], [700, 100, 100, 200]]
    assert poster["media"][0]["alt"] == {"en": "A parking poster with a code"}
    assert taken.media[poster["media"][0]["sha256"]] == ("poster.png", PNG)
    said = {(one.item, one.part, one.reason) for one in taken.left}
    assert said == {
        ("G", "file", "reference"),
        ("X", "file", "reference"),
        ("test", "timeLimits", "limit"),
        ("test", "rubricBlock", "unused"),
        ("test", "weight", "unused"),
        ("first", "media", "picture"),
        ("poster", "area", "markup"),
        ("", "notes.pdf", "unused"),
        ("", "more/inner.zip", "nested"),
    }


def test_areas_without_words_are_no_question() -> None:
    item = (SAMPLES / "package/items/poster.xml").read_bytes().replace(b'hotspotLabel="The code"', b"")
    taken = _read(item)
    assert taken.questions == [] and ("hotspotInteraction hotspotLabel", "no_words") in _left(taken)


def test_a_picture_without_words_is_said_to_lack_them() -> None:
    item = (SAMPLES / "package/items/first.xml").read_bytes().replace(b' alt="A phone"', b' alt=" "')
    taken = _read(_package({"images/gone.png": PNG, "items/first.xml": item}))
    assert taken.questions[0]["media"][0]["alt"] == {"en": "gone.png"}
    assert ("first", "media.0", "no_words") in {(one.item, one.part, one.reason) for one in taken.left}


def test_a_broken_item_does_not_stop_the_others() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("a.xml", (SAMPLES / "order-21.xml").read_bytes())
        package.writestr("b.xml", b"<assessmentItem")
        package.writestr("c.xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><assessmentItem>&e;</assessmentItem>')
    taken = _read(made.getvalue())
    assert [question["code"] for question in taken.questions] == ["order"]
    assert {(one.item, one.reason) for one in taken.left} >= {("b.xml", "damaged"), ("c.xml", "entities"), ("", "damaged")}


def test_one_code_in_two_languages_is_one_question_only_if_it_is_the_same() -> None:
    data, _ = write([{**SINGLE, "text": {"en": "What now?", "zh": "怎么办？"}}], "qti21")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    files["items/q1.zh.xml"] = (
        files["items/q1.zh.xml"]
        .replace(b"<value>a</value>", b"<value>b</value>")
        .replace(b'mapKey="a" mappedValue="1"', b'mapKey="a" mappedValue="0"')
        .replace(b'mapKey="b" mappedValue="0"', b'mapKey="b" mappedValue="1"')
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    taken = _read(made.getvalue())
    assert [(question["code"], set(question["text"])) for question in taken.questions] == [("q1", {"en"}), ("q1-2", {"zh"})]
    assert ("zh", "twice") in _left(taken)


# ---- hostile files ----

ITEM = b'<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="x" title="%s"><itemBody><p>%s</p></itemBody></assessmentItem>'
LAUGHS = (
    b"<!DOCTYPE lolz [<!ENTITY a '" + b"ha" * 50 + b"'>"
    + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(8)) + b"]>"
)  # fmt: skip


def _zip(*files: tuple[str, bytes], **about: Any) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = about.get("mode", 0) << 16
            entry.create_system = 3
            package.writestr(entry, data)
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + ITEM % (b"t", b"&e;"), "entities"),
        (b'<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd" [<!ENTITY % p SYSTEM "http://192.0.2.1/p"> %p;]>' + ITEM % (b"t", b"x"), "entities"),
        (LAUGHS + ITEM % (b"t", b"&i;"), "entities"),
        (LAUGHS + ITEM % (b"&i;", b"x"), "entities"),
        (ITEM % (b"t", b"&nothing;"), "entities"),
        (b"<?xml version='1.0' encoding='utf-16'?>" + (LAUGHS + ITEM % (b"&i;", b"x")).decode().encode("utf-16"), "encoding"),
        (b'\xff\xfe' + (LAUGHS + ITEM % (b"&i;", b"x")).decode().encode("utf-16-le"), "entities"),
        (ITEM % (b"t", b"<p>" * 5000 + b"</p>" * 5000), "too_deep"),
        (ITEM % (b"t", b"x" * (33 << 20)), "too_large"),
        (b"<assessmentItem>", "damaged"),
        (b"\x00\x01\x02\x03" * 50, "damaged"),
        (b'<?xml version="1.0" encoding="utf-8"?>\xff\xfe' + bytes(range(1, 32)) * 3, "encoding"),
        (b"<html><body>not a quiz</body></html>", "unknown_format"),
        (_zip(("../../etc/cron.d/x.xml", b"x")), "bad_name"),
        (_zip(("C:\\x.xml", b"x")), "bad_name"),
        (_zip(("x.xml", b"/etc/passwd"), mode=0o120777), "bad_name"),
        (_zip(("x.xml", bytes(30 << 20))), "bomb"),
        (_zip(*((f"{n}.xml", b"x" * 20) for n in range(2500))), "too_many"),
        (_zip(("x.xml", b"<a/>"))[:-30], "damaged"),
        (b"PK\x03\x04nonsense", "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_hostile_file_has_a_named_answer(data: bytes, reason: str) -> None:
    taken = _read(data)
    assert (taken.questions, taken.media) == ([], {})
    assert [(one.part, one.reason) for one in taken.left] == [("file", reason)]


def test_an_encrypted_package_has_a_named_answer() -> None:
    data = bytearray(_zip(("x.xml", b"<a/>")))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert [one.reason for one in _read(bytes(data)).left] == ["encrypted"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_an_item_is_read_in_the_encoding_it_says(encoding: str) -> None:
    item = (SAMPLES / "match-30.xml").read_text(encoding="utf-8")
    item = item.replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    assert _read(item.encode(encoding)).questions[0]["text"] == {"zh": "去哪里举报？"}


@pytest.mark.parametrize(
    ("href", "place"),
    [
        ("../media/a.png", "media/a.png"), ("a%20b.png", "items/a b.png"), ("../../a.png", None), ("/etc/passwd", None),
        ("http://x.example/a.png", None), ("//x.example/a.png", None), ("file:///etc/passwd", None), ("data:image/png;base64,AA", None),
        ("..%2f..%2fetc/passwd", None), ("..\\a.png", None), ("a.png?x#y", "items/a.png"), ("", None), ("..", None), ("a%00.png", None),
    ],
)  # fmt: skip
def test_a_reference_never_leaves_the_package(href: str, place: str | None) -> None:
    assert target("items/q.xml", href) == place


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(path.name for path in SAMPLES.glob("*.xml"))),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=4),
)
def test_a_changed_item_is_questions_or_notes_never_a_crash(name: str, cuts: list[tuple[int, int, bytes]]) -> None:
    data = bytearray((SAMPLES / name).read_bytes())
    for at, size_, more in cuts:
        data[at : at + size_] = more
    taken = _read(bytes(data))
    assert taken.questions or taken.left
    assert {one.reason for one in taken.left} <= set(REASONS) - {"crashed"}


# ---- small things ----


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("1", 1),
        ("0.5", "1/2"),
        ("0.3333333333333333", "1/3"),
        ("0.33333", "1/3"),
        ("0.333", "333/1000"),
        ("-.25", "-1/4"),
        ("1e-1", "1/10"),
        ("0.3", "3/10"),
    ],
)
def test_a_double_is_the_fraction_it_was_written_for(text: str, worth: Any) -> None:
    assert fraction(text) == Fraction(worth)
    assert fraction(number(Fraction(worth))) == Fraction(worth)


@pytest.mark.parametrize("text", ["", "NaN", "INF", "one", "1e999", None])
def test_what_is_no_double_is_none(text: object) -> None:
    assert fraction(text) is None


@given(st.text("ab*.?+(){}[]^$|\\-é", max_size=12), st.booleans())
def test_a_pattern_fits_what_the_stars_stand_for(text: str, case: bool) -> None:
    found = re.compile(pattern(text, case), re.DOTALL)
    assert found.fullmatch(text.replace("*", "x(y"))
    assert bool(found.fullmatch(text.upper())) == (
        not case or text.upper() == text or ("*" in text and bool(found.fullmatch(text.upper())))
    )


def test_names_are_spelt_as_each_version_does() -> None:
    assert [kebab(name) for name in ("simpleChoice", "p", "assessmentItem")] == ["simple-choice", "p", "assessment-item"]


def test_the_size_of_a_picture_is_what_it_says() -> None:
    assert size(PNG) == (640, 269) and size(PNG[:18]) is None and size(b"no picture") is None


def test_a_link_of_a_message_is_words_never_a_link() -> None:
    data, _ = write([PHISH, {**CLOZE, "code": "c"}], "qti22")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        item = package.read("items/q1.en.xml")
    assert b"https://pay.example/x" in item and b"href" not in item
