"""What people type to sign in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AddressForm(forms.Form):
    """An address that a code is sent to."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


class CodeForm(forms.Form):
    """The six digits from the letter."""

    code = forms.RegexField(
        r"^\s*\d{3}\s*\d{3}\s*$",
        label=_("The six digits from the letter"),
        error_messages={"invalid": _("The code is six digits, for example 204 817.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code"}),
    )
