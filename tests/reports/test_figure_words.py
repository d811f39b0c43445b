"""What the page of figures draws: greatest first, nothing that is hidden, an axis in whole quarters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override

from showground.reports.queries import figure_words
from showground.ui import plots

TOLD: dict[str, Any] = {
    "rows": [["scam", 17], ["phishing", 29], ["malware", 0], ["harassment", 0], ["child", 0], ["rights", 6]],
    "total": 52,
}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The words are English, whatever page another test read before."""
    with override("en"):
        yield


def test_a_drawing_has_the_greatest_first_and_names_what_tells_nothing() -> None:
    block = figure_words.table(TOLD, "Reports", "Harm", draw=True)
    assert [line.parts for line in block.drawn] == [(29.0,), (17.0,), (6.0,)]
    assert block.most == 40 and "29, the most" in block.finding
    assert block.none == "A dangerous app or file; Someone harassing me; A child in danger"
    drawn = plots.splits(block.drawn, block.finding, block.most)
    assert drawn.count("<rect") == 6, "two drawings, three bars each"


def test_the_table_of_a_drawing_has_its_rows_and_those_that_tell_nothing() -> None:
    block = figure_words.table(TOLD, "Reports", "Harm", draw=True)
    assert [(line.name, line.cells) for line in block.lines][:3] == [
        ("A scam", ["17"]),
        ("Phishing", ["29"]),
        ("A dangerous app or file", [""]),
    ]
    assert block.foot is not None and block.foot.cells == ["52"]
    assert len(figure_words.table(TOLD, "Reports", "Harm").lines) == 3, "a table without a drawing names them under it"


def test_one_figure_alone_is_not_drawn() -> None:
    assert figure_words.table({"rows": [["scam", 17], ["malware", 0]], "total": 17}, "", "", draw=True).drawn == []


@pytest.mark.parametrize("most", [*range(1, 130), 999, 1000, 12_345])
def test_an_axis_ends_in_whole_quarters_not_far_above_the_most(most: int) -> None:
    end = figure_words.top(most)
    assert end % 4 == 0 and most <= end and (end < 2 * most or end == 4)


def test_weeks_are_drawn_in_their_order() -> None:
    weeks = [(0, 12), (604_800, 0), (1_209_600, 31)]
    bars = figure_words.by_week([(at, {"received": {"category": {"total": total}}}) for at, total in weeks], 1_209_600)
    assert [(bar.value, bar.now) for bar in bars] == [(12, False), (0, False), (31, True)]
    assert 'class="n"' in plots.bars(bars, "weeks")


def test_half_and_nine_of_ten_are_the_ends_of_steps() -> None:
    told = {"rows": [["3600", 6], ["14400", 5], ["86400", 0], ["over", 0]], "total": 11}
    assert [figure_words.within(told, percent).replace("\u00a0", " ") for percent in (50, 90)] == ["1 hour", "4 hours"]
    late = {"rows": [["3600", 5], ["over", 6]], "total": 11}
    assert figure_words.within(late, 90).replace("\u00a0", " ") == "more than 1 hour"
    assert figure_words.within({"rows": [["3600", 0], ["over", 0]], "total": 0}, 50) == ""


@pytest.mark.django_db
def test_the_promise_of_each_step_is_the_one_that_its_clock_keeps() -> None:
    assert figure_words.promised("first_look") == "1 to 24 hours, by kind of harm"
    said = [figure_words.promised(kind).replace("\u00a0", " ") for kind in ("decision", "appeal")]
    assert said == ["7 days", "14 days"]
    assert figure_words.promised("takedown") == ""
