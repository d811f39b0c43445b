"""The files beside a notice that programs of a partner take: a STIX bundle, a MISP event."""

from __future__ import annotations

from dataclasses import dataclass

from showground.interchange.notices import misp, stix
from showground.interchange.notices.share import FORMS, Share
from showground.rules.refused import Refused


@dataclass(frozen=True)
class File:
    """A file that leaves the desk: its name in plain letters, its media type, its text in ASCII."""

    name: str
    media: str
    text: str


def made(share: Share | None, form: str) -> File:
    """Returns what is shared in one of the forms `stix` and `misp`; refuses (`notice.no_signs`) where there is nothing in it."""
    if form not in FORMS:
        raise Refused("notice.form")
    text = None if share is None else stix.text(share) if form == "stix" else misp.text(share)
    if share is None or text is None:
        raise Refused("notice.no_signs")
    name = "-".join(
        [form, share.case, *(["all"] if share.scope == "case" else []), *(["taken-back"] if share.gone_at is not None else [])]
    )
    return File(f"{name}.json", "application/stix+json" if form == "stix" else "application/json", text)


def fitting(share: Share | None, forms: list[str]) -> list[File]:
    """Returns the files in those of the forms that have something in them."""
    found = []
    for form in FORMS:
        if form in forms:
            try:
                found.append(made(share, form))
            except Refused:
                continue
    return found
