"""Fields that any room's forms share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from showground.weeks import queries
from showground.weeks.models import Week


class InstantField(forms.DateTimeField):
    """A day and a time in the week's zone; its value is Unix seconds."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M")
    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]

    def __init__(self, *, week: Week, **kwargs: Any) -> None:
        self.week = week
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Returns Unix seconds as the control shows them."""
        return f"{queries.local(self.week, value):%Y-%m-%dT%H:%M}" if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Returns Unix seconds, or None of an empty control."""
        if value in self.empty_values:
            return None
        for form in self.input_formats:
            try:
                return int(datetime.strptime(str(value), form).replace(tzinfo=queries.zone(self.week)).timestamp())
            except (ValueError, OverflowError):
                continue
        raise forms.ValidationError(_("Write a day and a time."))
