"""What curators type: a hall, a print file, a board as a whole, one block, a second language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from showground.media import boards
from showground.rules.harms import CODES
from showground.weeks.forms import InstantField
from showground.weeks.models import Week

KIND_NAMES = {
    "heading1": _("Heading"), "heading2": _("Heading, second"), "heading3": _("Heading, third"), "paragraph": _("Paragraph"),
    "list_item": _("List item"), "table": _("Table"), "caption": _("Caption"), "picture": _("Picture (with its alternative text)"),
}  # fmt: skip
LINES = forms.Textarea(attrs={"rows": 3})


def _both(value: dict[str, Any], name: str) -> dict[str, str]:
    return {lang: value[f"{name}_{lang}"].strip() for lang in ("zh", "en") if value[f"{name}_{lang}"].strip()}


class HallForm(forms.Form):
    """A hall."""

    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80)
    about_en = forms.CharField(label=_("What it is about, in English"), max_length=400, required=False, widget=LINES)
    about_zh = forms.CharField(label=_("What it is about, in Chinese"), max_length=400, required=False, widget=LINES)
    partner_en = forms.CharField(label=_("Partner’s booth, in English"), max_length=120, required=False)
    partner_zh = forms.CharField(label=_("Partner’s booth, in Chinese"), max_length=120, required=False)
    order = forms.IntegerField(label=_("Place in the list"), min_value=1, max_value=999, initial=1)

    def __init__(self, *args: Any, week: Week, fresh: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opens"] = InstantField(week=week, label=_("Opens"))
        if fresh:
            self.fields["code"] = forms.SlugField(label=_("Short name in its address"), max_length=30)
            kinds = [("boards", _("Boards")), ("winners", _("The winners’ hall: it hangs itself from the result"))]
            self.fields["kind"] = forms.ChoiceField(label=_("What hangs in it"), choices=kinds)

    def values(self) -> dict[str, Any]:
        """Returns what actions/halls.py wants."""
        told = self.cleaned_data
        texts = {name: _both(told, name) for name in ("name", "about", "partner")}
        return {**texts, **{name: told[name] for name in ("opens", "order", "code", "kind") if name in told}}


class BringForm(forms.Form):
    """A print file."""

    file = forms.FileField(label=_("Print file"), allow_empty_file=True)
    language = forms.ChoiceField(label=_("Mostly in"), choices=[("zh", _("Chinese")), ("en", _("English"))])


class WholeForm(forms.Form):
    """What is said of a board as a whole."""

    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=200, required=False)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    alt_zh = forms.CharField(label=_("What the picture shows, in Chinese"), max_length=2000, required=False, widget=LINES)
    alt_en = forms.CharField(label=_("What the picture shows, in English"), max_length=2000, required=False, widget=LINES)
    notes_zh = forms.CharField(label=_("Audio guide’s script, in Chinese"), max_length=20000, required=False, widget=LINES)
    notes_en = forms.CharField(label=_("Audio guide’s script, in English"), max_length=20000, required=False, widget=LINES)
    quiz = forms.SlugField(label=_("Quiz it leads to"), max_length=40, required=False)
    harm = forms.ChoiceField(label=_("Harm it is about"), required=False)
    minutes = forms.IntegerField(label=_("Minutes to read"), min_value=1, max_value=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["harm"].choices = [("", "–"), *((name, name) for name in CODES)]

    def texts(self, name: str) -> dict[str, str]:
        """Returns the texts of one kind by language."""
        return _both(self.cleaned_data, name)


class BlockForm(forms.Form):
    """One block: its kind, its text in both languages, its place on the picture in pixels."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(KIND_NAMES.items()))
    text_zh = forms.CharField(label=_("Chinese"), max_length=boards.TEXT, required=False, strip=False, widget=LINES)
    text_en = forms.CharField(label=_("English"), max_length=boards.TEXT, required=False, strip=False, widget=LINES)
    x = forms.IntegerField(label=_("Left"), min_value=0, required=False)
    y = forms.IntegerField(label=_("Top"), min_value=0, required=False)
    w = forms.IntegerField(label=_("Width"), min_value=1, required=False)
    h = forms.IntegerField(label=_("Height"), min_value=1, required=False)

    def box(self) -> list[int] | None:
        """Returns the place, or None if a part of it is missing."""
        found = [self.cleaned_data.get(name) for name in ("x", "y", "w", "h")]
        return None if any(side is None for side in found) else [int(side) for side in found if side is not None]

    def texts(self) -> dict[str, str]:
        """Returns the texts by language."""
        return {
            lang: self.cleaned_data[f"text_{lang}"].strip("\r\n ")
            for lang in ("zh", "en")
            if self.cleaned_data[f"text_{lang}"].strip()
        }
