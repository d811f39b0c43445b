"""What a reporter sends: one field that takes anything, files, at most one more question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from showground.reports.actions import stash
from showground.reports.actions.file import MOST_BYTES, MOST_FILE, MOST_FILES, MOST_WORDS, Told, Upload, one_form
from showground.reports.queries import here
from showground.rules.harms import BY_CODE
from showground.rules.refused import Refused

STANDINGS = ("target", "guardian", "holder")
LIMITS = {"many": MOST_FILES, "each": MOST_FILE, "all": MOST_BYTES}  # of files, for the page that says at once what is too much


@dataclass
class Filled:
    """The field page as it was filled in; `waiting` are files that lie sealed in the stash, by what opens them."""

    category: str
    words: str = ""
    standing: str = ""
    files: list[Upload] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    kiosk: str = ""
    once: str = ""
    too_big: str = ""
    about: str = ""
    shared: bool = False

    @property
    def names(self) -> list[tuple[str, str]]:
        """The stashed files: what opens each, and its name."""
        return [(text, stash.name_of(text)) for text in self.waiting]

    def is_in(self, body: dict[str, Any]) -> bool:
        """True if a report holds this already, as `reading.body` gives it: its page was loaded again and nothing changed on it."""
        told = [body.get("category"), body.get("words"), [file["name"] for file in body.get("files", [])]]
        names = [*(file.name[:200] for file in self.files), *(name for _text, name in self.names)]
        return told == [self.category, self.words, [one_form(name) for name in names]]

    def told(self, language: str) -> Told:
        """Returns the report; refuses (`report.file_too_big`, `report.stash`) files that did not come whole."""
        if self.too_big:
            raise Refused("report.file_too_big", file=self.too_big, megabytes=MOST_FILE // 2**20)
        files = [*self.files, *[stash.take(text) for text in self.waiting]]
        return Told(self.category, language, self.words, tuple(files), standing=self.standing, subject=self.about)


def read_filled(request: HttpRequest) -> Filled:
    """Returns what was filled in; nothing is refused here but a kind of harm that is none."""
    post = request.POST
    category = post.get("category", "")
    if category not in BY_CODE:
        raise Refused("report.category", category=category[:40])
    files, too_big = came(request)
    waiting = [text for text in post.getlist("waiting")[:5] if _is_stash(text)]
    standing = post.get("standing", "")
    return Filled(
        category=category,
        words=one_form(post.get("words", "")),
        standing=standing if standing in STANDINGS else "",
        files=files,
        waiting=waiting,
        kiosk=post.get("kiosk", "")[:600],
        once=post.get("once", "")[:64],
        too_big=too_big[:80],
        about=here.sent(post),
        shared=bool(post.get("shared")),
    )


def read_files(request: HttpRequest) -> list[Upload]:
    """Returns the files of a form; refuses (`report.file_too_big`) one that did not come whole."""
    files, too_big = came(request)
    if too_big:
        raise Refused("report.file_too_big", file=too_big[:80], megabytes=MOST_FILE // 2**20)
    return files


def came(request: HttpRequest) -> tuple[list[Upload], str]:
    """Returns the files that came whole, and the name of one that was too large for that."""
    files = [file for file in request.FILES.getlist("files") if file.size or getattr(file, "too_big", False)]
    too_big = next((file.name or "file" for file in files if getattr(file, "too_big", False)), "")
    return [_upload(file) for file in files if not getattr(file, "too_big", False)], too_big


def _is_stash(text: str) -> bool:
    try:
        stash.name_of(text)
    except Refused:
        return False
    return True


def _upload(file: UploadedFile[bytes]) -> Upload:
    return Upload(file.name or "file", file.content_type or "", file.read())


EMPTY = {"required": _("Nothing is written yet.")}


class Words(forms.CharField):
    """What somebody writes, counted as their browser counts it: a line's end is one sign, not the two that a form sends."""

    def to_python(self, value: Any) -> str:
        """Returns the words in the form in which they are sealed."""
        return one_form(str(super().to_python(value)))


class SayForm(forms.Form):
    """A message to the desk."""

    words = Words(
        label=_("Your message"),
        max_length=MOST_WORDS,
        required=False,
        error_messages=EMPTY,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        strip=True,
    )


class ContactForm(forms.Form):
    """An address for letters that say no more than that there is news."""

    address = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        error_messages={**EMPTY, "invalid": _("This is no e-mail address: something is missing in it.")},
        help_text=_("Take one that only you read. It is sealed like the rest, and erased when the case is over."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )


class NameForm(forms.Form):
    """Who the reporter is, if they wish to say."""

    name = forms.CharField(
        label=_("Name"), max_length=120, error_messages=EMPTY, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reach = forms.CharField(
        label=_("Address or telephone number"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AppealForm(forms.Form):
    """Why a decision is wrong."""

    grounds = Words(
        label=_("Why should it be looked at again?"),
        max_length=MOST_WORDS,
        error_messages=EMPTY,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
