"""Choosing a file."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class FileForm(forms.Form):
    """One file in a plain form."""

    file = forms.FileField(label=_("The work itself"), allow_empty_file=True)
