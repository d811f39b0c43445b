"""Statistics go out as QTI usage data that the official schema finds valid, and that says the figures exactly."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from showground.interchange.questions.usage_data import NAMESPACES, ItemUsage, usage_data
from tests.interchange.qti_schemas import wrong

DAY = dt.date(2026, 11, 22)
CONTEXT = "https://week.example/quiz/booth"
FIGURES = st.one_of(st.none(), st.floats())
NAMES = st.from_regex(r"[a-z][a-z_]{0,12}", fullmatch=True)
ITEMS = st.builds(
    ItemUsage,
    st.from_regex(r"[a-z][a-z0-9_.-]{0,12}", fullmatch=True),
    st.integers(0, 10**6),
    st.dictionaries(NAMES, FIGURES, max_size=4),
    st.dictionaries(NAMES, st.dictionaries(NAMES, FIGURES, max_size=4), max_size=2),
    FIGURES,
)


@pytest.mark.parametrize("version", NAMESPACES)
@given(items=st.lists(ITEMS, max_size=4))
def test_whatever_is_known_the_file_is_valid(version: str, items: list[ItemUsage]) -> None:
    data = usage_data(items, context=CONTEXT, updated=DAY, glossary="https://week.example/glossary", version=version)
    assert wrong(f"usage {version}", data) == ""


def test_figures_are_said_exactly_and_those_without_a_value_not_at_all() -> None:
    item = ItemUsage(
        "q1", 22, {"facility": 1 / 3, "discrimination": None, "nan": float("nan")}, {"chosen": {"a": 0.25, "b": None}}, 0.5
    )
    root = etree.fromstring(usage_data([item], context=CONTEXT, updated=DAY))
    space = {"u": NAMESPACES["2.1"]}
    [one] = root.findall("u:ordinaryStatistic", space)
    assert (one.get("name"), one.get("caseCount"), one.get("stdDeviation"), one.get("lastUpdated")) == (
        "facility",
        "22",
        "0.5",
        "2026-11-22",
    )
    assert float(one.findtext("u:value", namespaces=space) or "") == 1 / 3
    [several] = root.findall("u:categorizedStatistic", space)
    assert [dict(entry.attrib) for entry in several.iter("{*}mapEntry")] == [{"mapKey": "a", "mappedValue": "0.25"}]


@pytest.mark.parametrize("name", ["", "two words", "1st", "é", 'a"b'])
def test_a_name_that_qti_cannot_write_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        usage_data([ItemUsage("q", 1, {name: 1.0})], context=CONTEXT, updated=DAY)
