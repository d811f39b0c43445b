"""What curators type: a hall, a print file, a board as a whole, one block, a second language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from showground.exhibition.queries.handouts import LICENCES
from showground.media import boards, captions
from showground.quiz.models import Quiz
from showground.quiz.queries.compose import quizzes
from showground.rules.harms import CODES
from showground.rules.refused import Refused
from showground.weeks.forms import InstantField
from showground.weeks.models import Week
from showground.weeks.queries import said

KIND_NAMES = {
    "heading1": _("Heading"), "heading2": _("Heading, second"), "heading3": _("Heading, third"), "paragraph": _("Paragraph"),
    "list_item": _("List item"), "table": _("Table"), "caption": _("Caption"), "picture": _("Picture (with its alternative text)"),
}  # fmt: skip
HARM_NAMES = {
    "scam": _("A scam"), "phishing": _("Phishing"), "malware": _("A dangerous app or file"),
    "impersonation": _("Someone posing as me, or as an office"), "harassment": _("Someone harassing me"),
    "intimate": _("Intimate pictures"), "privacy": _("My data, exposed"), "rights": _("My work, copied"),
    "child": _("A child in danger"),
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
        self.fields["closes"] = InstantField(week=week, label=_("Closes"), required=False)
        self.fields["editors"] = forms.CharField(
            label=_("Its own editors"), required=False, widget=LINES,
            help_text=_("Addresses of curators, one a line. With none, every curator of the week works on it."),
        )  # fmt: skip
        if fresh:
            self.fields["code"] = forms.SlugField(label=_("Short name in its address"), max_length=30)
            kinds = [("boards", _("Boards")), ("winners", _("The winners’ hall: it hangs itself from the result"))]
            self.fields["kind"] = forms.ChoiceField(label=_("What hangs in it"), choices=kinds)

    def values(self) -> dict[str, Any]:
        """Returns what actions/halls.py wants."""
        told = self.cleaned_data
        texts = {name: _both(told, name) for name in ("name", "about", "partner")}
        emails = [line.strip().lower() for line in told["editors"].replace(",", "\n").splitlines() if line.strip()]
        names = ("opens", "closes", "order", "code", "kind")
        return {**texts, "editors": emails, **{name: told[name] for name in names if name in told}}


RECORDINGS = [("audio", _("Audio guide")), ("video", _("Film")), ("sign", _("Sign-language film"))]
SPOKEN = [
    *(("zh", _("Chinese")), ("en", _("English")), ("csl", _("Chinese Sign Language")), ("ase", _("American Sign Language"))),
    *(("bfi", _("British Sign Language")), ("ils", _("International Sign"))),
]


class RecordingForm(forms.Form):
    """What a recording is, before its file comes."""

    kind = forms.ChoiceField(label=_("Kind"), choices=RECORDINGS)
    language = forms.ChoiceField(label=_("Language"), choices=SPOKEN)


class WordsForm(forms.Form):
    """A recording's words: captions as WebVTT, typed or brought as a file, and transcripts, in both languages."""

    captions_zh = forms.CharField(label=_("Captions in Chinese (WebVTT)"), required=False, strip=False, widget=LINES)
    captions_en = forms.CharField(label=_("Captions in English (WebVTT)"), required=False, strip=False, widget=LINES)
    file_zh = forms.FileField(label=_("Or bring the Chinese captions as a file (.vtt)"), required=False, allow_empty_file=True)
    file_en = forms.FileField(label=_("Or bring the English captions as a file (.vtt)"), required=False, allow_empty_file=True)
    transcript_zh = forms.CharField(label=_("Transcript in Chinese"), max_length=60_000, required=False, widget=LINES)
    transcript_en = forms.CharField(label=_("Transcript in English"), max_length=60_000, required=False, widget=LINES)
    credit = forms.CharField(label=_("Credits"), max_length=200, required=False)

    def tracks(self) -> dict[str, str]:
        """Returns the captions by language, those of a file before those that are typed; raises captions.* for a file that is no text."""
        return {lang: self._file(lang) or self.cleaned_data[f"captions_{lang}"] for lang in ("zh", "en")}

    def _file(self, lang: str) -> str:
        file = self.cleaned_data[f"file_{lang}"]
        if not file:
            return ""
        if file.size > captions.BYTES:
            raise Refused("captions.too_large", limit=captions.BYTES, lang=lang)
        try:
            return captions.decoded(file.read())
        except Refused as wrong:
            raise Refused(wrong.code, **{**wrong.facts, "lang": lang})

    def transcripts(self) -> dict[str, str]:
        """Returns the transcripts by language."""
        return {lang: self.cleaned_data[f"transcript_{lang}"] for lang in ("zh", "en")}


HANDOUTS = [
    *(("poster", _("Poster")), ("leaflet", _("Leaflet")), ("wallpaper", _("Wallpaper"))),
    *(("film", _("Film")), ("sound", _("Sound"))),
]


class HandoutForm(forms.Form):
    """Something to take home."""

    kind = forms.ChoiceField(label=_("Kind"), choices=HANDOUTS)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), max_length=120)
    about_zh = forms.CharField(label=_("What it shows or says, in Chinese"), max_length=2000, widget=LINES)
    about_en = forms.CharField(label=_("What it shows or says, in English"), max_length=2000, widget=LINES)
    language = forms.ChoiceField(
        label=_("Language of the file"), required=False,
        choices=[("", _("Both, or no words")), ("zh", _("Chinese")), ("en", _("English"))],
    )  # fmt: skip
    credit = forms.CharField(label=_("Made by"), max_length=200)
    licence = forms.ChoiceField(
        label=_("Licence"),
        choices=[*((name, name) for name in LICENCES if name != "©"), ("©", _("© – to print and keep, not to change"))],
    )
    order = forms.IntegerField(label=_("Place in the list"), min_value=1, max_value=999, initial=1)

    def __init__(self, *args: Any, fresh: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fresh:
            hint = _("Lower-case letters, numbers and hyphens. The file is called after it.")
            self.fields["code"] = forms.SlugField(label=_("Short name in its address"), max_length=30, help_text=hint)

    def values(self) -> dict[str, Any]:
        """Returns what actions/handouts.py wants."""
        told = self.cleaned_data
        names = ("kind", "language", "credit", "licence", "order", "code")
        return {**{name: _both(told, name) for name in ("title", "about")}, **{name: told[name] for name in names if name in told}}


EVENTS = [("talk", _("Talk")), ("quiz", _("Quiz round")), ("stream", _("Live stream")), ("tour", _("Guided tour"))]


class EventForm(forms.Form):
    """An event of the programme."""

    kind = forms.ChoiceField(label=_("Kind"), choices=EVENTS)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), max_length=120)
    about_zh = forms.CharField(label=_("What it is about, in Chinese"), max_length=1000, required=False, widget=LINES)
    about_en = forms.CharField(label=_("What it is about, in English"), max_length=1000, required=False, widget=LINES)
    place_zh = forms.CharField(label=_("Place, in Chinese"), max_length=120, required=False)
    place_en = forms.CharField(label=_("Place, in English"), max_length=120, required=False)
    link = forms.URLField(
        label=_("Address to open"), max_length=500, required=False, assume_scheme="https",
        help_text=_("Of a stream, its page or its .m3u8 list. It opens on its own site, never inside a page of this one."),
    )  # fmt: skip

    def __init__(self, *args: Any, week: Week, fresh: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quiz"] = quiz_field(week, _("Quiz that is played"))
        self.fields["starts"] = InstantField(week=week, label=_("Begins"))
        self.fields["ends"] = InstantField(week=week, label=_("Ends"))
        if fresh:
            self.fields["code"] = forms.SlugField(label=_("Short name, for calendars"), max_length=30)

    def clean_link(self) -> str:
        """Returns the address; only what a browser opens as a page passes."""
        link = str(self.cleaned_data["link"])
        if link and not link.startswith(("https://", "http://")):
            raise forms.ValidationError(_("Write an address that begins with https://."))
        return link

    def values(self) -> dict[str, Any]:
        """Returns what actions/programme.py wants."""
        told = self.cleaned_data
        texts = {name: _both(told, name) for name in ("title", "about", "place")}
        return {**texts, **{name: told[name] for name in ("kind", "link", "quiz", "starts", "ends", "code") if name in told}}


def quiz_field(week: Week, label: Any) -> forms.ChoiceField:
    """Returns the choice among a week's quizzes that visitors can open, or none; one for a classroom has no page of its own."""
    found = quizzes(week).exclude(kind=Quiz.Kind.CLASSROOM)
    listed = [(quiz.code, f"{said(quiz.name)} ({quiz.code})") for quiz in found]
    return forms.ChoiceField(label=label, required=False, choices=[("", "–"), *listed])


class BringForm(forms.Form):
    """A print file, and which of its pages."""

    file = forms.FileField(label=_("Print file"), allow_empty_file=True)
    language = forms.ChoiceField(label=_("Mostly in"), choices=[("zh", _("Chinese")), ("en", _("English"))])
    pages = forms.RegexField(
        r"^\s*(\d{1,5})\s*(?:[-–]\s*(\d{1,5})\s*)?$", label=_("Pages"), required=False, max_length=15,
        help_text=_("All of them if empty; a part is written 1-60."),
        error_messages={"invalid": _("Pages are written as 7 or as 1-60.")},
    )  # fmt: skip

    def part(self) -> tuple[int, int | None]:
        """Returns the first and the last page that are asked for; None: to the end."""
        told = self.cleaned_data["pages"].replace("–", "-").strip()
        if not told:
            return 1, None
        first, _dash, last = told.partition("-")
        return int(first), int(last or first)


class WholeForm(forms.Form):
    """What is said of a board as a whole."""

    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=200, required=False)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    alt_zh = forms.CharField(label=_("What the picture shows, in Chinese"), max_length=2000, required=False, widget=LINES)
    alt_en = forms.CharField(label=_("What the picture shows, in English"), max_length=2000, required=False, widget=LINES)
    notes_zh = forms.CharField(label=_("Audio guide’s script, in Chinese"), max_length=20000, required=False, widget=LINES)
    notes_en = forms.CharField(label=_("Audio guide’s script, in English"), max_length=20000, required=False, widget=LINES)
    harm = forms.ChoiceField(
        label=_("Harm it is about"), required=False, choices=[("", "–"), *((name, HARM_NAMES[name]) for name in CODES)]
    )
    minutes = forms.IntegerField(label=_("Minutes to read"), min_value=1, max_value=60)

    def __init__(self, *args: Any, week: Week, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quiz"] = quiz_field(week, _("Quiz it leads to"))

    def texts(self, name: str) -> dict[str, str]:
        """Returns the texts of one kind by language."""
        return _both(self.cleaned_data, name)


class BlockForm(forms.Form):
    """One block: its kind, its text in both languages, its place on the picture in pixels."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(KIND_NAMES.items()))
    text_zh = forms.CharField(label=_("Chinese"), max_length=boards.TEXT, required=False, strip=False, widget=LINES)
    text_en = forms.CharField(label=_("English"), max_length=boards.TEXT, required=False, strip=False, widget=LINES)
    x = forms.IntegerField(label=pgettext_lazy("place on a picture", "Left"), min_value=0, required=False)
    y = forms.IntegerField(label=pgettext_lazy("place on a picture", "Top"), min_value=0, required=False)
    w = forms.IntegerField(label=pgettext_lazy("place on a picture", "Width"), min_value=1, required=False)
    h = forms.IntegerField(label=pgettext_lazy("place on a picture", "Height"), min_value=1, required=False)

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
