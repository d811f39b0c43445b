from __future__ import annotations

import re

import pytest

from showground.ui.plots import Bar, Split, bars, scale, splits


@pytest.mark.parametrize(
    ("most", "marks"),
    [(0, [0, 1]), (3, [0, 1, 2, 3]), (17, [0, 5, 10, 15, 20]), (3790, [0, 1000, 2000, 3000, 4000]), (100, [0, 25, 50, 75, 100])],
)
def test_scale_starts_at_zero_and_reaches_the_most(most, marks):
    assert scale(most) == marks


def heights(drawing: str) -> list[float]:
    return [float(found) for found in re.findall(r'class="a"[^>]*height="([\d.]+)"', drawing)]


def test_bars_are_as_high_as_their_values_in_both_drawings():
    drawing = bars([Bar("12", 1000), Bar("13", 2000), Bar("14", 4000), Bar("15")], "Ballots per day", "to come")
    wide, slim = drawing.split("</svg>")[:2]
    for part in (wide, slim):
        one, two, four = heights(part)
        assert two == pytest.approx(2 * one, abs=0.2)
        assert four == pytest.approx(4 * one, abs=0.2)
        assert "to come" in part
        assert 'aria-label="Ballots per day"' in part
    assert 'width="650"' in wide
    assert 'width="352"' in slim
    assert all(figure in wide for figure in ("1,000", "2,000", "4,000"))


def test_bars_without_items_or_values_are_still_a_plot():
    assert bars([], "Nothing yet").count("<svg") == 2
    assert heights(bars([Bar("12", 0)], "Nothing yet")) == [0.0, 0.0]


def test_names_of_strangers_are_escaped():
    drawing = splits([Split('<script>"&', (1, 2), "3")], 'A "finding"', 10)
    assert "<script>" not in drawing
    assert "&lt;script&gt;" in drawing


def test_splits_start_at_the_axis_and_end_at_the_sum():
    wide = splits([Split("One Bite", (40, 30), "70.00")], "Points", 100).split("</svg>")[0]
    rects = [(float(x), float(width)) for x, width in re.findall(r'<rect[^>]* x="([\d.]+)"[^>]* width="([\d.]+)"', wide)]
    axis = float(re.search(r'class="ax" x1="([\d.]+)"', wide)[1])
    assert rects[0][0] == pytest.approx(axis, abs=0.1)
    assert rects[1][0] == pytest.approx(sum(rects[0]), abs=0.1)
    assert rects[0][1] / rects[1][1] == pytest.approx(4 / 3, abs=0.01)
