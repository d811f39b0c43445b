"""The registration form and the originality pledge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from showground.weeks import queries as weeks
from showground.weeks.models import Week


class EntryForm(forms.Form):
    """What an entrant says about a work; a title in one of the two languages is needed, words in both are welcome."""

    category = forms.ChoiceField(label=_("Category"))
    genre = forms.ChoiceField(label=_("Genre"))
    title_en = forms.CharField(
        label=_("Title in English"), help_text=_("A title in one of the two languages is enough."), max_length=120, required=False
    )
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=120, required=False)
    maker_kind = forms.ChoiceField(
        label=_("Who made it"), choices=[("person", _("One person")), ("group", _("A named group"))], widget=forms.RadioSelect
    )
    maker_name = forms.CharField(label=_("Name of the person or group, as it will be shown"), max_length=120)
    statement_en = forms.CharField(
        label=_("About the work, in English"), max_length=1200, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    statement_zh = forms.CharField(
        label=_("About the work, in Chinese"), max_length=1200, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    alt_en = forms.CharField(
        label=_("What can be seen, in English"),
        help_text=_("One or two sentences for people who cannot see it."),
        max_length=400,
        required=False,
    )
    alt_zh = forms.CharField(label=_("What can be seen, in Chinese"), max_length=400, required=False)
    credit = forms.CharField(
        label=_("Credits"), help_text=_("Whose material is in it, and under which licence."), max_length=300, required=False
    )

    def __init__(self, *args: Any, week: Week, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.week = week
        categories = [(row["key"], weeks.said(row["name"])) for row in week.document["categories"]]
        self.fields["category"].choices = categories  # type: ignore[attr-defined]
        self.fields["genre"].choices = [(name, self._genres(key)) for key, name in categories]  # type: ignore[attr-defined]

    def _genres(self, category: str) -> list[tuple[str, str]]:
        rows = self.week.document["genres"]
        return [(row["key"], weeks.said(row["name"])) for row in rows if row.get("category") == category]

    def clean(self) -> dict[str, Any]:
        """Checks what needs two fields to be judged."""
        data = super().clean() or {}
        if not data.get("title_en") and not data.get("title_zh"):
            self.add_error("title_en", _("Give the work a title in English or in Chinese."))
        genre = weeks.row(self.week, "genres", data.get("genre", ""))
        if data.get("category") and genre.get("category") not in (None, data["category"]):
            self.add_error("genre", _("This genre belongs to another category."))
        return data


class PledgeForm(forms.Form):
    """The originality pledge, signed by ticking it."""

    pledge = forms.BooleanField(
        label=_("I have read the pledge and sign it."),
        error_messages={"required": _("Without the pledge the work cannot be sent in.")},
    )


class ReturnForm(forms.Form):
    """Why a work goes back to its maker."""

    reason = forms.ChoiceField(label=_("Reason"))
    text = forms.CharField(label=_("What to change, in words"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = REASONS  # type: ignore[attr-defined]


REASONS = [
    ("rights", _("Rights of others: a credit or permission is missing")),
    ("quality", _("Technical quality: it cannot be shown as it is")),
    ("topic", _("Not about the topic of the week")),
    ("personal_data", _("It shows personal data")),
    ("harm", _("It could teach harm or point to a harmful place")),
    ("form", _("The form is incomplete or does not fit the work")),
]
