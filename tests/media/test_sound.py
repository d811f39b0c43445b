"""Sounds come out as one plain AAC file; what is no sound is refused by name."""

from __future__ import annotations

import subprocess
from pathlib import Path

import av
import pytest

from showground.media import sniff
from tests.media.conftest import Refuses, Run

MAKE = {
    "mp3": ["-c:a", "libmp3lame", "-id3v2_version", "0", "-write_xing", "0"],
    "wav": [],
    "flac": [],
    "ogg": ["-c:a", "libvorbis"],
    "m4a": ["-c:a", "aac", "-metadata", "title=Home address", "-metadata", "location=+31.2+121.5/"],
    "aac": ["-c:a", "aac"],
    "webm": ["-c:a", "libopus"],
}


def recorded(folder: Path, ending: str, seconds: float = 1.5) -> Path:
    file = folder / f"a.{ending}"
    told = ["ffmpeg", "-loglevel", "error", "-y", "-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}", *MAKE[ending]]
    subprocess.run([*told, str(file)], check=True)
    return file


@pytest.mark.parametrize("ending", sorted(MAKE))
def test_sound_of_every_kind_becomes_plain_aac(run: Run, out: Path, tmp_path: Path, ending: str) -> None:
    made = run("sound", recorded(tmp_path, ending))
    assert 1_300 < made["duration_ms"] < 1_900
    (told,) = made["renditions"]
    assert (told["name"], told["use"], told["type"]) == ("sound.m4a", "sound", "audio/mp4") and told["bytes"] > 2_000
    with av.open(str(out / "sound.m4a")) as held:
        stream = held.streams.audio[0]
        assert (stream.codec_context.name, stream.codec_context.sample_rate, len(held.streams.video)) == ("aac", 48_000, 0)


def test_sound_without_a_trace_of_where_it_was_taken(run: Run, out: Path, tmp_path: Path) -> None:
    run("sound", recorded(tmp_path, "m4a"))
    assert b"Home address" not in (out / "sound.m4a").read_bytes()


def test_mp3_without_a_header_is_told_by_its_frames_and_text_is_not(tmp_path: Path) -> None:
    assert sniff.kind_of(recorded(tmp_path, "mp3").read_bytes()[:4096]) == "mp3"
    assert sniff.kind_of("举报".encode("utf-16")) not in {"mp3", "aac"}


def test_film_without_sound_and_pictures_are_no_sounds(refused: Refuses, tmp_path: Path) -> None:
    film = tmp_path / "silent.mp4"
    subprocess.run(
        ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "color=size=64x64:duration=1", "-c:v", "libx264", str(film)],
        check=True,
    )
    assert refused("sound", film).code == "work.no_sound"
    assert refused("sound", b"\x89PNG\r\n\x1a\n" + bytes(99)).code == "work.kind"
    assert refused("sound", b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(20)).code in {"media.unreadable", "work.cut_off"}


def test_a_recording_of_more_than_an_hour_is_refused_by_its_length(refused: Refuses, tmp_path: Path) -> None:
    file = tmp_path / "long.flac"
    told = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "3610", str(file)]
    subprocess.run(told, check=True)
    no = refused("sound", file)
    assert (no.code, no.facts["limit"]) == ("sound.too_long", 3_600)
