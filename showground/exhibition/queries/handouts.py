"""What visitors take home from a hall: which is there, what it weighs, how often it was taken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import Http404

from showground.exhibition.models import Hall, Handout
from showground.exhibition.queries import store, visits
from showground.exhibition.queries.shown import TAGS
from showground.weeks.queries import said
from showground.works import queries as works
from showground.works.models import Work
from showground.works.queries import Picture

# The licences that a hand-out may have, and where each is written out.
LICENCES = {
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC BY-SA 4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC BY-NC 4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC BY-NC-ND 4.0": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
    "CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "©": "",
}
ENDINGS = {"image/jpeg": "jpg", "application/pdf": "pdf", "video/mp4": "mp4", "audio/mp4": "m4a"}
USES = {"handout": "download", "video": "video", "audio": "sound"}
CATEGORY = {
    **dict.fromkeys((Handout.Kind.POSTER, Handout.Kind.LEAFLET, Handout.Kind.WALLPAPER), "handout"),
    Handout.Kind.FILM: "video",
    Handout.Kind.SOUND: "audio",
}


@dataclass(frozen=True)
class Taken:
    """A hand-out as pages show it; `format` is what comes down, `tag` its language's tag or "" for both."""

    handout: Handout
    title: str
    about: str
    tag: str
    licence: str
    picture: Picture | None
    format: str
    bytes: int
    width: int
    height: int
    pages: int
    seconds: int

    @property
    def length(self) -> str:
        """How long a film or sound lasts: "1:05"."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"


def ready(handout: Handout) -> bool:
    """Tells whether a hand-out's file came out of the jail."""
    return handout.work is not None and handout.work.state == Work.State.SAFE and _file(handout) is not None


def on_table(hall: Hall) -> list[Taken]:
    """Returns what visitors may take from a hall, in order."""
    return [_taken(one) for one in hall.handouts.select_related("work") if ready(one)]


def for_desk(hall: Hall) -> list[Handout]:
    """Returns all hand-outs of a hall, those without a file too."""
    return list(hall.handouts.select_related("work"))


def handout_or_404(hall: Hall, code: str) -> Handout:
    """Returns a hand-out of a hall by its code."""
    found = hall.handouts.select_related("work", "hall__week").filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


def _file(handout: Handout) -> dict[str, Any] | None:
    made = handout.work.media.get("renditions", []) if handout.work is not None else []
    return next((one for one in made if one["use"] == USES[CATEGORY[Handout.Kind(handout.kind)]]), None)


def preview(handout: Handout) -> Taken | None:
    """Returns a hand-out as its editor sees it; None while its file is not there."""
    return _taken(handout) if ready(handout) else None


def _taken(handout: Handout) -> Taken:
    file, work = _file(handout), handout.work
    assert file is not None and work is not None
    pictures = works.pictures(work)
    return Taken(
        handout=handout,
        title=said(handout.title),
        about=said(handout.about),
        tag=TAGS.get(handout.language, handout.language),
        licence=LICENCES.get(handout.licence, ""),
        picture=pictures[min(1, len(pictures) - 1)] if pictures else None,
        format={"jpg": "JPEG", "pdf": "PDF", "mp4": "MP4", "m4a": "M4A"}[ENDINGS[file["type"]]],
        bytes=int(file["bytes"]),
        width=int(file["width"]),
        height=int(file["height"]),
        pages=int(work.media.get("pages", 1)),
        seconds=round(int(work.media.get("duration_ms", 0)) / 1000),
    )


def download(handout: Handout) -> tuple[Path, str, str]:
    """Returns where the file lies that is taken home, its type, and what it is called there; 404 while there is none."""
    file = _file(handout) if ready(handout) else None
    if file is None:
        raise Http404(handout.code)
    name = f"{handout.hall.week.code}-{handout.hall.code}-{handout.code}.{ENDINGS[file['type']]}"
    return store.rendition(file["file"]), str(file["type"]), name


def thing(handout: Handout) -> str:
    """Returns what a hand-out is called where visits are counted."""
    return f"{handout.hall.code}/{handout.code}"[:40]


def takings(hall: Hall) -> dict[int, str]:
    """Returns how often each hand-out was taken, small numbers hidden, by its key."""
    told = visits.by_board(hall.week)
    return {one.pk: visits.hidden(told.get(thing(one), Counter())["take"]) for one in hall.handouts.select_related("hall")}
