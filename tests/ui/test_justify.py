from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showground.ui.justify import LEAST, MOST, SHEETS, cells, hang_class, rows

RATIOS = st.lists(st.floats(min_value=LEAST, max_value=MOST), min_size=1, max_size=40)


@given(RATIOS, st.sampled_from(SHEETS))
def test_rows_hold_every_work_once_in_reading_order(ratios, sheet):
    found = rows(ratios, sheet)
    assert [place for row in found for place in range(row.first, row.last + 1)] == list(range(len(ratios)))


@given(RATIOS, st.sampled_from(SHEETS))
def test_rows_are_as_wide_as_the_sheet(ratios, sheet):
    for row in rows(ratios, sheet):
        part = ratios[row.first : row.last + 1]
        gaps = sheet.gap * (len(part) - (0 if row.rest else 1))
        if row.rest or row.last + 1 < len(ratios):
            assert (sum(part) + row.rest) * row.height + gaps == pytest.approx(sheet.width)


def test_rows_of_equal_works_are_equally_high():
    wide = SHEETS[2]
    heights = {round(row.height) for row in rows([0.75] * 20, wide)}
    assert len(heights) == 1
    assert abs(heights.pop() - wide.target) < 60


def test_single_tall_work_leaves_its_row_open_on_a_phone():
    slim = SHEETS[0]
    row = rows([0.6, 1.9, 1.9], slim)[0]
    assert (row.first, row.last) == (0, 0)
    assert row.height < 1.5 * slim.target
    assert row.rest > 0


def test_cells_carry_a_break_for_each_sheet_but_none_after_the_last():
    hung = cells(list("abcdef"), [1.5] * 6)
    assert [cell.work for cell in hung] == list("abcdef")
    assert {cell.grow for cell in hung} == {"r-150"}
    assert not [name for name in hung[-1].after if name.startswith("br")]
    assert {name for cell in hung for name in cell.after if name.startswith("br")} == {"br br-s", "br br-m", "br br-w"}


def test_cells_clamp_ratios_to_the_classes_that_exist():
    assert [cell.grow for cell in cells(["banner", "scroll"], [9.0, 0.1])] == ["r-320", "r-30"]


def test_hang_class_gives_wide_and_tall_works_the_same_area():
    assert hang_class(1.0) == "h-24"
    assert hang_class(0.5) == "h-34"
    assert hang_class(3.2) == "h-14"
