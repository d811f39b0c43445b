from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from showground.media import video
from showground.rules.refused import Refused

from . import corpus

Run = Callable[..., dict[str, Any]]
Refuses = Callable[..., Refused]


def test_video_becomes_a_plain_mp4_with_a_poster(run: Run, out: Path, tmp_path: Path) -> None:
    answer = run("video", corpus.film(tmp_path / "film.mp4", size="1920x1080"))
    assert [(made["use"], made["width"]) for made in answer["renditions"]] == [
        ("video", 1280),
        ("picture", 480),
        ("picture", 960),
        ("picture", 1280),
        ("share", 1200),
    ]
    assert (answer["width"], answer["height"], answer["audio"], answer["codec"]) == (1920, 1080, True, "h264")
    assert 900 < answer["duration_ms"] < 1100
    with av.open(str(out / "video.mp4")) as film:
        assert [stream.codec_context.name for stream in film.streams] == ["h264", "aac"]
        assert (film.streams.video[0].height, film.streams.video[0].pix_fmt) == (720, "yuv420p")


def test_video_starts_before_it_is_loaded(run: Run, out: Path, tmp_path: Path) -> None:
    run("video", corpus.film(tmp_path / "film.mp4"))
    body = (out / "video.mp4").read_bytes()
    assert body.index(b"moov") < body.index(b"mdat")


def test_video_without_a_trace_of_where_it_was_taken(run: Run, out: Path, tmp_path: Path) -> None:
    path = corpus.film(tmp_path / "film.mov")
    assert b"WHEREIWAS" in path.read_bytes()
    run("video", path)
    for made in out.iterdir():
        body = made.read_bytes()
        assert not [trace for trace in (b"WHEREIWAS", b"+31.2304", b"Lavf") if trace in body]


@pytest.mark.parametrize(
    ("name", "size", "made"),
    [("odd.webm", "321x577", (320, 576)), ("old.mp4", "640x480", (640, 480)), ("tall.mkv", "1080x1920", (720, 1280))],
)
def test_video_keeps_its_shape_with_even_sides(run: Run, tmp_path: Path, name: str, size: str, made: tuple[int, int]) -> None:
    film = corpus.film(tmp_path / name, size=size, seconds=0.12, sound=False)
    rendition = run("video", film)["renditions"][0]
    assert (rendition["width"], rendition["height"]) == made


def test_video_of_a_phone_on_its_side_stands_upright(run: Run, tmp_path: Path) -> None:
    lying = corpus.film(tmp_path / "lying.mp4", sound=False)
    turned = tmp_path / "turned.mov"
    command = [video.find_ffmpeg(), "-v", "error", "-i", lying, "-c", "copy", "-metadata:s:v", "rotate=90", turned]
    subprocess.run(command, check=True)
    answer = run("video", turned)
    assert (answer["width"], answer["height"]) == (180, 320)
    assert (answer["renditions"][0]["width"], answer["renditions"][0]["height"]) == (180, 320)


def test_video_with_subtitles_and_data_drops_them(run: Run, out: Path, tmp_path: Path) -> None:
    (tmp_path / "words.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nWHEREIWAS\n", encoding="utf-8")
    words, every = ("-i", str(tmp_path / "words.srt")), ("-map", "0", "-map", "1", "-map", "2", "-c:s", "srt")
    run("video", corpus.film(tmp_path / "film.mkv", also=words, extra=every))
    with av.open(str(out / "video.mp4")) as film:
        assert {stream.type for stream in film.streams} == {"video", "audio"}


def test_video_cut_off_is_refused_though_ffmpeg_would_play_it(refused: Refuses, tmp_path: Path) -> None:
    whole = corpus.film(tmp_path / "film.mp4", extra=("-movflags", "+faststart")).read_bytes()
    no = refused("video", whole[: len(whole) * 7 // 10])
    assert (no.code, no.facts) == ("work.cut_off", {"found": "mp4"})


def test_video_cut_off_before_its_index_is_refused(refused: Refuses, tmp_path: Path) -> None:
    whole = corpus.film(tmp_path / "film.mp4").read_bytes()
    assert refused("video", whole[: len(whole) // 2]).code == "work.cut_off"


def test_video_cut_off_in_a_matroska_segment_is_refused(refused: Refuses, tmp_path: Path) -> None:
    whole = corpus.film(tmp_path / "film.webm").read_bytes()
    assert refused("video", whole[: len(whole) * 7 // 10]).code == "work.cut_off"


@pytest.mark.parametrize(
    "playlist",
    [
        b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ],
)
def test_video_that_is_a_playlist_is_refused_by_its_content(refused: Refuses, playlist: bytes) -> None:
    no = refused("video", playlist)
    assert (no.code, no.facts["found"]) == ("work.kind", "playlist")


def test_video_with_a_playlist_behind_a_film_s_magic_is_never_followed(refused: Refuses) -> None:
    upload = b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"\n#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
    assert refused("video", upload).code in {"media.unreadable", "work.cut_off"}


def test_video_of_sound_alone_is_refused(refused: Refuses, tmp_path: Path) -> None:
    path = tmp_path / "song.mp4"
    subprocess.run([video.find_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", "sine=d=1", path], check=True)
    assert refused("video", path).code == "work.no_picture"


def test_video_in_an_odd_codec_is_refused_by_name(refused: Refuses, tmp_path: Path) -> None:
    film = corpus.film(tmp_path / "film.mkv", sound=False, extra=("-c:v", "ffv1"))
    no = refused("video", film)
    assert (no.code, no.facts) == ("work.codec", {"found": "ffv1"})


def test_video_that_declares_eleven_minutes_is_refused(refused: Refuses, tmp_path: Path) -> None:
    film = corpus.film(tmp_path / "film.mp4", size="16x16", seconds=660, sound=False, extra=("-r", "1"))
    no = refused("video", film)
    assert (no.code, no.facts["limit"]) == ("work.too_long", 600)
    assert 660 <= no.facts["seconds"] <= 662


def test_video_with_too_many_pixels_is_refused(refused: Refuses, tmp_path: Path) -> None:
    film = corpus.film(tmp_path / "film.mp4", size="4098x32", seconds=0.1, sound=False)
    assert refused("video", film).code == "work.too_many_pixels"


def test_probe_tells_a_film_without_writing_anything(run: Run, out: Path, tmp_path: Path) -> None:
    told = run("probe", corpus.film(tmp_path / "film.webm"))
    assert (told["kind"], told["codec"], told["width"], told["rate"]) == ("webm", "vp8", 320, 25.0)
    assert not list(out.iterdir())
