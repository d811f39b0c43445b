"""The field of an instant: typed in the week's zone, kept as Unix seconds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django import forms

from showground.weeks.forms import InstantField
from showground.weeks.models import Week

NINE_IN_SHANGHAI = int(datetime(2026, 9, 14, 1, tzinfo=UTC).timestamp())


@pytest.fixture
def field() -> InstantField:
    return InstantField(week=Week(document={"timezone": "Asia/Shanghai"}), required=False)


@pytest.mark.parametrize("typed", ["2026-09-14T09:00", "2026-09-14T09:00:00", "2026-09-14 09:00"])
def test_what_is_typed_is_an_instant_in_the_week_s_zone(field: InstantField, typed: str) -> None:
    assert field.clean(typed) == NINE_IN_SHANGHAI


def test_an_instant_is_shown_as_it_would_be_typed(field: InstantField) -> None:
    assert field.prepare_value(NINE_IN_SHANGHAI) == "2026-09-14T09:00"
    assert field.prepare_value("tomorrow") == "tomorrow"


@pytest.mark.parametrize("typed", ["tomorrow", "2026-02-30T09:00", "0000-01-01T00:00"])
def test_what_is_no_day_and_time_is_said_to_be_none(field: InstantField, typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="day and a time"):
        field.clean(typed)


def test_an_empty_control_is_no_instant(field: InstantField) -> None:
    assert field.clean("") is None
