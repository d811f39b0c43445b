"""The short films of the demo's hall: as long as their captions say, with words in both languages, and no scene left out."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image, ImageChops

from showground.commands import _films, _halls
from showground.exhibition.queries import recordings, store
from showground.media import captions
from tests.exhibition.hung import a_board, a_hall

FILMS = _halls.told()["film"]


@pytest.mark.parametrize("one", FILMS, ids=lambda one: one["name"])
def test_a_film_has_a_caption_for_every_scene_in_both_languages(one: dict[str, Any]) -> None:
    length = round(1000 * sum(scene[0] for scene in one["scenes"]))
    zh, en = (captions.read(_films.captions(one["scenes"], place), length_ms=length) for place in (1, 2))
    assert len(zh) == len(en) == len(one["scenes"])
    assert [(cue.starts, cue.ends) for cue in zh] == [(cue.starts, cue.ends) for cue in en]
    for cues, signs in ((zh, 9), (en, 21)):  # signs a second that can be read in peace
        assert max(len(cue.words) / (cue.ends - cue.starts) * 1000 for cue in cues) <= signs


@pytest.mark.django_db
def test_a_film_hangs_at_its_board_with_nothing_wanting_and_each_scene_moves(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_STORE, settings.WORKS = tmp_path / "media", tmp_path / "works"
    quick = [[0.75, zh, en] for _seconds, zh, en in FILMS[0]["scenes"]]
    stood, one = a_hall(), {**FILMS[0], "board": 1, "scenes": quick}
    board = a_board(stood)
    _films.shown([one], [board], stood.people["curator"], stood.now)
    (film,) = recordings.shown(board)
    assert ([track.lang for track in film.tracks], len(film.lines)) == (["zh", "en"], len(one["scenes"]))
    lengths = [scene[0] for scene in one["scenes"]]
    assert (film.seconds, film.width, film.height) == (round(sum(lengths)), 960, 540)
    with av.open(str(store.rendition(film.src.removeprefix("/media/")))) as box:
        pictures = [shot.to_image().convert("L") for shot in box.decode(video=0)]
    assert len(pictures) == round(sum(lengths) * _films.FPS)
    starts = [round(sum(lengths[:scene]) * _films.FPS) for scene in range(len(lengths))]
    still = [pictures[begins + _films.MOVES + 1] for begins in starts]
    assert all(_apart(pictures[at], end) for at, end in zip(starts, still, strict=True))
    assert all(_apart(before, after) for before, after in pairwise(still))


def _apart(one: Image.Image, other: Image.Image) -> bool:
    return int(ImageChops.difference(one, other).getextrema()[1]) > 60
