"""The nine kinds of harm in words that a frightened person reads in two seconds."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from showground.rules.harms import BY_CODE, CODES, Harm


@dataclass(frozen=True)
class Words:
    """What the page says of one kind of harm: its button, and what to put into the one field."""

    name: str
    line: str
    show: str  # what belongs into the field


WORDS: dict[str, Words] = {
    "scam": Words(
        n_("A scam"),
        n_("Money, gifts, fake shops, fake jobs"),
        n_("The shop, the number, the link, what they said. One of them is enough."),
    ),
    "phishing": Words(
        n_("Phishing"),
        n_("A message or page that wants your login or code"),
        n_("Copy the message or the link in here, or add a screenshot. Do not open the link again."),
    ),
    "malware": Words(
        n_("A dangerous app or file"),
        n_("It came as a link, a QR code or an attachment"),
        n_("The link, the name of the app, or where the file came from. Do not open it again."),
    ),
    "impersonation": Words(
        n_("Someone posing as me, or as an office"),
        n_("False profiles, false officials"),
        n_("The address of the false profile, or the number that called, and whom they claim to be."),
    ),
    "harassment": Words(
        n_("Someone harassing me"),
        n_("Or a child or person in my care"),
        n_("What was sent, and where. A link or a screenshot is enough; you need not tell it all now."),
    ),
    "intimate": Words(
        n_("Intimate pictures"),
        n_("Shown or threatened without consent"),
        n_("Where the pictures are: the address or the app. Do not send us the pictures themselves."),
    ),
    "privacy": Words(
        n_("My data, exposed"),
        n_("Addresses, papers, records in the open"),
        n_("Where it can be seen: the address of the page, and what of yours is on it."),
    ),
    "rights": Words(
        n_("My work, copied"), n_("For makers and rights-holders"), n_("Where the copy is, and where your own work can be seen.")
    ),
    "child": Words(
        n_("A child in danger"),
        n_("Seen first, by trained people only"),
        n_("Where you saw it: the address or the name of the app. Words only, no pictures."),
    ),
}


@dataclass(frozen=True)
class Shown:
    """A harm with its words in the reader's language."""

    harm: Harm
    name: str
    line: str
    show: str


def shown(code: str) -> Shown:
    """Returns a harm of the closed list in the reader's language."""
    words = WORDS[code]
    return Shown(BY_CODE[code], _(words.name), _(words.line), _(words.show))


def all_shown() -> list[Shown]:
    """Returns the nine, in the order of the list."""
    return [shown(code) for code in CODES]
