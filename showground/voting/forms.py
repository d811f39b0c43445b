"""A ballot as a plain form draws it."""

from __future__ import annotations

from django import forms


class BallotForm(forms.Form):
    """Choices, the ballot it replaces, and the 32 random bytes that the page drew for this cast."""

    choice = forms.MultipleChoiceField(required=False)
    replaces = forms.IntegerField(required=False, min_value=0)
    salt = forms.RegexField(r"^[A-Za-z0-9_-]{43}$")

    def __init__(self, *args: object, codes: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["choice"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]
