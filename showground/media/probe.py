"""What a film says of itself, read with PyAV by the one demuxer that its first bytes call for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import av
import av.error

from showground.media import sniff, whole
from showground.rules.refused import Refused

# RULE uploads: seconds, and pixels of the longer and the shorter side.
SECONDS, LONG_SIDE, SHORT_SIDE = 600, 4096, 2304
# SPEC security 2.1: the demuxer is forced, so a playlist named .mp4 is never followed.
DEMUXERS: Mapping[str, str] = {"mp4": "mov", "mov": "mov", "webm": "matroska", "mkv": "matroska"}
PICTURES = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "prores", "mjpeg"})
SOUNDS = frozenset({"aac", "opus", "mp3", "vorbis", "flac", "alac", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_f32le"})


def make(source: Path, out: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Returns kind, size in pixels, duration in ms, frames per second and codecs of a film, or refuses it."""
    return read(source, sniff.check(source, "video"))


def read(source: Path, kind: str) -> dict[str, Any]:
    """Does what `make` does for a file of a known kind; the first frame is decoded, so a damaged one is found here."""
    try:
        with av.open(str(source), format=DEMUXERS[kind], options={"protocol_whitelist": "file"}) as film:
            told = _told(film, kind)
            if next(film.decode(video=0), None) is None:
                raise whole.undecodable(source, kind, "probe")
            return told
    except MemoryError:
        raise
    except (av.error.FFmpegError, OSError, ValueError, LookupError, ArithmeticError):
        raise whole.undecodable(source, kind, "probe")


def _told(film: Any, kind: str) -> dict[str, Any]:
    """Returns the facts of an opened film and refuses what the rules do not take."""
    if not film.streams.video:
        raise Refused("work.no_picture", found=kind)
    moving = film.streams.video[0]
    sounds = [stream for stream in film.streams.audio if stream.codec_context is not None]
    _check_codecs([moving], PICTURES)
    _check_codecs(sounds[:1], SOUNDS)
    _check_size(moving.codec_context.width, moving.codec_context.height)
    return {
        "kind": kind,
        "width": moving.codec_context.width,
        "height": moving.codec_context.height,
        "duration_ms": _duration_ms(film),
        "codec": moving.codec_context.name,
        "audio": bool(sounds),
        "rate": float(moving.average_rate or 0),
    }


def _check_codecs(streams: list[Any], taken: frozenset[str]) -> None:
    for stream in streams:
        name = stream.codec_context.codec.canonical_name if stream.codec_context is not None else "unknown"
        if name not in taken:
            raise Refused("work.codec", found=name)


def _check_size(width: int, height: int) -> None:
    if max(width, height) > LONG_SIDE or min(width, height) > SHORT_SIDE:
        raise Refused("work.too_many_pixels", width=width, height=height, limit=LONG_SIDE * SHORT_SIDE)


def _duration_ms(film: Any) -> int:
    """Returns the declared duration in ms, 0 if none is declared; more than ten minutes is refused."""
    ms = int((film.duration or 0) * 1000 // av.time_base)
    if ms > SECONDS * 1000 + 500:
        raise Refused("work.too_long", seconds=ms // 1000, limit=SECONDS)
    return ms
