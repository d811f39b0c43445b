"""The board document: one byte form, a shape that is checked, and boxes that lie inside the picture."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.media import board, boards, layout, order
from showground.media.glyphs import Glyph, Line
from showground.media.layout import Piece
from showground.rules.records import canonical
from showground.rules.refused import Refused

DOC = Path(__file__).resolve().parents[2] / "docs/formats/board.md"


def sample() -> boards.Board:
    blocks: list[boards.Block] = [
        {"id": "b1", "kind": "heading1", "lang": "zh", "text": {"zh": "识别诈骗", "en": "Telling fraud"}, "box": [10, 10, 200, 40]},
        {
            "id": "b2",
            "kind": "table",
            "lang": "zh",
            "rows": {"zh": [["渠道", "时间"], ["电话", "全天"]]},
            "heads": 1,
            "box": [10, 60, 380, 100],
        },
        {"id": "b3", "kind": "list_item", "lang": "en", "text": {"en": "Hang up"}, "mark": "1.", "by": "person"},
        {"id": "b4", "kind": "paragraph", "lang": "ar", "text": {"ar": "مرحبا"}, "dir": "rtl", "box": [10, 200, 380, 40]},
    ]
    return {
        **board.bare("pdf", 2, 3, "0" * 64, 400, 600, drawn=True),
        "title": {"zh": "识别诈骗"},
        "notes": {"zh": "大家好。"},
        "blocks": blocks,
    }


def test_board_has_one_byte_form_and_comes_back_from_it() -> None:
    line = boards.encoded(sample())
    assert boards.decoded(line) == sample()
    assert boards.encoded(json.loads(line)) == line
    shuffled = dict(reversed(list(sample().items())))
    assert boards.sha256(shuffled) == boards.sha256(sample())


def test_format_page_shows_a_board_that_is_one_and_its_true_hash() -> None:
    text = DOC.read_text(encoding="utf-8")
    shown = text.split("```json\n")[1].split("```")[0]
    assert boards.sha256(boards.checked(json.loads(shown))) in text


SPOILT: dict[str, Callable[[dict[str, Any]], Any]] = {
    "type": lambda one: one.update(type="poster"),
    "source": lambda one: one["source"].update(sha256="x"),
    "picture": lambda one: one["picture"].update(width=0),
    "title": lambda one: one.update(title={"Chinese": "x"}),
    "fields": lambda one: one.update(owner="x"),
    "notes": lambda one: one.pop("notes"),
    "warnings": lambda one: one.update(warnings=[{"code": "<script>", "facts": {}}]),
    "b1": lambda one: one["blocks"][0].update(kind="heading4"),
    "b2": lambda one: one["blocks"][1]["rows"]["zh"].append(["one cell"]),
    "b3": lambda one: one["blocks"][2].update(onclick="x"),
    "b4": lambda one: one["blocks"][3].update(box=[10, 200, 391, 40]),
}


@pytest.mark.parametrize("place", SPOILT)
def test_board_of_another_shape_is_refused_with_the_place(place: str) -> None:
    one = copy.deepcopy(sample())
    SPOILT[place](one)
    with pytest.raises(Refused) as no:
        boards.checked(one)
    assert (no.value.code, no.value.facts) == ("board.document", {"place": place})


def test_two_blocks_may_not_share_a_name() -> None:
    one = sample()
    one["blocks"][1]["id"] = "b1"
    with pytest.raises(Refused, match=r"board\.document"):
        boards.checked(one)


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"v":1}', b" " * (3 << 20)])
def test_line_that_is_no_board_is_refused(line: bytes) -> None:
    with pytest.raises(Refused, match=r"board\.document"):
        boards.decoded(line)


@given(st.tuples(*[st.floats(-1e6, 1e6)] * 4), st.integers(1, 20_000), st.integers(1, 20_000))
def test_fitted_boxes_always_lie_inside_the_picture(edges: tuple[float, float, float, float], width: int, height: int) -> None:
    assert boards.inside(boards.fitted(edges, width, height), width, height)


def test_fitted_box_holds_all_of_its_edges() -> None:
    assert boards.fitted((10.2, 20.9, 30.1, 40.0), 100, 100) == [10, 20, 21, 20]


@given(st.text(max_size=60))
def test_clean_text_is_stable_and_canonical(text: str) -> None:
    told = boards.clean(text)
    assert boards.clean(told) == told
    assert json.loads(canonical({"text": told})) == {"text": told}


@pytest.mark.parametrize(
    ("dirty", "told"), [("⼈⼯", "人工"), ("oﬃce", "office"), ("a\u0000b\n c", "a b c"), ("e\u0301", "é"), ("诈　骗", "诈 骗")]
)
def test_clean_text_has_plain_letters(dirty: str, told: str) -> None:
    assert boards.clean(dirty) == told


# ---- layout, where the made boards do not reach ----


def line(text: str, x: float, y: float, size: float = 10, width: float | None = None) -> list[Glyph]:
    step = size if width is None else width
    return [
        Glyph(char, (x + step * n, y, x + step * (n + 1), y + size), size, int(1000 * y + x + n)) for n, char in enumerate(text)
    ]


def said(*lines: list[Glyph]) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in layout.read([glyph for one in lines for glyph in one], [])]


def test_glyphs_written_in_any_order_are_read_from_left_to_right() -> None:
    forward = line("网络安全为人民", 0, 0)
    jumbled = [Glyph(one.char, one.box, one.size, 100 - one.order) for one in forward]
    assert said(jumbled) == said(forward) == [("paragraph", "网络安全为人民")]


def test_indented_first_lines_begin_paragraphs() -> None:
    first = [line("第一段有两行文字在这里呢", 20, 0), line("第二行到此为止了。", 0, 14)]
    second = [line("第二段也有两行文字写着呢", 20, 28), line("完。", 0, 42)]
    assert [text for _, text in said(*first, *second)] == [
        "第一段有两行文字在这里呢第二行到此为止了。",
        "第二段也有两行文字写着呢完。",
    ]


@pytest.mark.parametrize(
    ("text", "mark", "rest"),
    [
        ("1. 打电话", "1.", "打电话"),
        ("（二）打电话", "（二）", "打电话"),
        ("① 打电话", "①", "打电话"),
        ("•打电话", "•", "打电话"),
        ("3）打电话", "", "3）打电话"),
        ("1.5 km", "", "1.5 km"),
        ("A. one", "A.", "one"),
        ("-5", "", "-5"),
    ],
)
def test_list_marks_are_told_from_what_only_looks_like_one(text: str, mark: str, rest: str) -> None:
    (piece,) = layout.read([*line(text, 0, 0), *line("文" * 30, 0, 100)], [])[:1]
    assert (piece.mark, piece.text) == (mark, rest)


def test_heading_over_the_next_section_is_not_read_with_the_left_column() -> None:
    piece = lambda text, box, size=10.0: Piece("paragraph", box, size, text=text)  # noqa: E731
    title, left, right = piece("T", (0, 0, 400, 20), 20.0), piece("L", (0, 40, 180, 200)), piece("R", (220, 40, 400, 200))
    head, wide = piece("H", (0, 240, 120, 256), 16.0), piece("W", (0, 270, 400, 300))
    told = order.ordered([wide, head, right, left, title])
    assert [one.text for one in told] == ["T", "L", "R", "H", "W"]


def test_line_s_text_has_a_space_between_words_only() -> None:
    apart = [*line("two", 0, 0, width=5), *line("words", 20, 0, width=5)]
    assert Line(apart).text == "two words"
    assert Line([*line("网", 0, 0), *line("络", 14, 0)]).text == "网络"
