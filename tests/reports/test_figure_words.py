"""What the page of figures draws: greatest first, nothing that is hidden, an axis in whole quarters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override

from showground.reports.queries import figure_words
from showground.ui import plots

TOLD: dict[str, Any] = {
    "rows": [["scam", 17], ["phishing", 29], ["malware", "hidden"], ["harassment", "hidden"], ["child", 0], ["rights", 0]],
    "total": 52,
}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The words are English, whatever page another test read before."""
    with override("en"):
        yield


def test_a_drawing_has_the_greatest_first_and_names_what_is_hidden_and_what_is_nothing() -> None:
    table = figure_words.table(TOLD, all_rows=True)
    assert [line.parts for line in table.drawn] == [(29.0,), (17.0,), (), ()]
    assert [line.shown for line in table.drawn] == ["29", "17", "hidden", "hidden"]
    assert table.most == 40 and "29, the most" in table.finding
    assert table.none == "A child in danger; My work, copied" and len(table.lines) == 6
    drawn = plots.splits(table.drawn, table.finding, table.most)
    assert drawn.count("<rect") == 4 and drawn.count(">hidden<") == 4, "two drawings, two bars each: a hidden row has no bar"


def test_one_known_figure_alone_is_not_drawn() -> None:
    told = {"rows": [["scam", 17], ["malware", "hidden"]], "total": "hidden"}
    assert figure_words.table(told, all_rows=True).drawn == []


@pytest.mark.parametrize("most", [*range(1, 130), 999, 1000, 12_345])
def test_an_axis_ends_in_whole_quarters_not_far_above_the_most(most: int) -> None:
    end = figure_words.top(most)
    assert end % 4 == 0 and most <= end and (end < 2 * most or end == 4)


def test_weeks_are_drawn_in_their_order_and_a_hidden_one_has_no_bar() -> None:
    weeks = [(0, 12), (604_800, "hidden"), (1_209_600, 31)]
    bars = figure_words.by_week([(at, {"received": {"category": {"total": total}}}) for at, total in weeks], 1_209_600)
    assert [(bar.value, bar.now) for bar in bars] == [(12, False), (None, False), (31, True)]
    assert 'class="n"' in plots.bars(bars, "weeks")


@pytest.mark.django_db
def test_the_promise_of_each_step_is_the_one_that_its_clock_keeps() -> None:
    assert figure_words.promised("first_look") == "1 to 24 hours, by kind of harm"
    said = [figure_words.promised(kind).replace("\u00a0", " ") for kind in ("decision", "appeal")]
    assert said == ["7 days", "14 days"]
    assert figure_words.promised("takedown") == ""
