"""What organisers type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from showground.weeks import queries as weeks
from showground.weeks.models import Week


class JurorForm(forms.Form):
    """Somebody to sit on the jury."""

    email = forms.EmailField(label=_("E-mail address of the juror"), max_length=200)
    categories = forms.MultipleChoiceField(label=_("Categories"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, week: Week, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row["key"], weeks.said(row["name"])) for row in week.document["categories"]]
        self.fields["categories"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("categories", [key for key, _name in choices])
