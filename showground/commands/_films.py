"""The short films of the demo's hall, drawn from showground/commands/demo_halls/films.typ: frames, captions, and where they hang.

They have no sound and say so; what each scene tells stands in hall.toml and becomes its captions and its transcript, in both languages.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

    from showground.exhibition.models import Board
    from showground.people.models import Person

HOME = Path(__file__).with_name("demo_halls")
FACES = HOME.parents[1] / "ui/static/ui/dist/print"
PPI, FPS = 76.2, 8  # 960 x 540 pixels; a scene's moves take half a second, then its last page stays
MOVES = 4  # as in films.typ
CREDIT = "The report desk of Harbour City"


def shown(films: Iterable[Mapping[str, Any]], boards: Sequence[Board], by: Person, at: int) -> None:
    """Each film hangs at its board with captions and transcripts in both languages, made safe at once."""
    from showground.exhibition.actions import record
    from showground.works import queries as works
    from showground.works.actions.make_safe import make_safe
    from showground.works.actions.receive import receive_whole

    for one in films:
        data = film(one["name"], tuple(scene[0] for scene in one["scenes"]))
        work = receive_whole(by, category="video", filename=f"{one['name']}.mp4", size=len(data), pieces=[data], at=at)
        medium = record.attach(record.begin(boards[one["board"] - 1], kind="video", language="zh"), work)
        make_safe(work, jail=works.jail(), at=at, ours=frozenset({hashlib.sha256(data).hexdigest()}))
        medium.refresh_from_db()
        tracks = {lang: captions(one["scenes"], place) for place, lang in enumerate(("zh", "en"), 1)}
        words = {lang: "\n".join(scene[place] for scene in one["scenes"]) for place, lang in enumerate(("zh", "en"), 1)}
        record.say(medium, tracks=tracks, transcripts=words, credit=CREDIT)


def captions(scenes: Sequence[Sequence[Any]], place: int) -> str:
    """Returns the captions of a film as WebVTT: one cue a scene, in the language that stands at `place` in each."""
    ends = list(accumulate(scene[0] for scene in scenes))
    cues = [f"{_stamp(end - scene[0])} --> {_stamp(end - 0.2)}\n{scene[place]}" for end, scene in zip(ends, scenes, strict=True)]
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def _stamp(seconds: float) -> str:
    return f"00:{int(seconds) // 60:02}:{seconds % 60:06.3f}"


@cache
def film(name: str, lengths: tuple[float, ...]) -> bytes:
    """Returns a film as H.264 in MP4: each scene moves, then its last page stays until its time (in seconds) is over."""
    import av

    pages, out = frames(name), io.BytesIO()
    assert len(pages) == MOVES * len(lengths)
    with av.open(out, "w", format="mp4") as box:
        stream = box.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "21", "threads": "2"})
        stream.width, stream.height, stream.pix_fmt = pages[0].width, pages[0].height, "yuv420p"
        for number, page in enumerate(_timed(pages, lengths)):
            shot = av.VideoFrame.from_image(page)
            shot.pts, shot.time_base = number, Fraction(1, FPS)
            box.mux(stream.encode(shot))
        box.mux(stream.encode(None))
    return out.getvalue()


def frames(name: str) -> list[Image]:
    """Returns the pages of a film as pictures, MOVES for each scene."""
    import typst
    from PIL import Image

    made = typst.compile(
        str(HOME / "films.typ"), root=HOME, font_paths=[FACES], format="png", ppi=PPI, sys_inputs={"film": name}, pdf_tags=False
    )
    assert isinstance(made, list)
    return [Image.open(io.BytesIO(page)).convert("RGB") for page in made]


def _timed(pages: Sequence[Image], lengths: Sequence[float]) -> Iterable[Image]:
    for scene, seconds in enumerate(lengths):
        for step in range(round(seconds * FPS)):
            yield pages[scene * MOVES + min(step, MOVES - 1)]
