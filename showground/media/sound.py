"""Sounds: probed, transcoded to one plain AAC file that any browser plays; nothing of the original's metadata follows."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import av
import av.error

from showground.media import probe, sniff, video, whole
from showground.rules.refused import Refused

# RULE exhibition: seconds of a recording.
SECONDS = 3_600
DEMUXERS: Mapping[str, str] = {
    **probe.DEMUXERS, "mp3": "mp3", "wav": "wav", "flac": "flac", "ogg": "ogg", "aac": "aac",
}  # fmt: skip
CODECS = probe.SOUNDS | {"mp3float", "pcm_u8", "pcm_s32le", "pcm_f64le"}


def make(source: Path, out: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Writes `sound.m4a` into `out`; returns its length in ms, the codec that came, and the rendition."""
    kind = sniff.check(source, "audio")
    told = read(source, kind)
    if whole.cut_off(source, kind):
        raise Refused("work.cut_off", found=kind)
    made = out / "sound.m4a"
    ffmpeg = str(options.get("ffmpeg") or video.find_ffmpeg())
    ended = subprocess.run(_transcode(ffmpeg, source, kind, made), capture_output=True)
    if ended.returncode:
        said = ended.stderr[-2000:].decode("utf-8", "replace")
        if "Cannot allocate memory" in said:
            raise MemoryError
        raise whole.undecodable(source, kind, "sound")
    length = read(made, "mp4")["duration_ms"]
    if not length:
        raise Refused("media.unreadable", tool="sound", ended="empty")
    rendition = {"name": made.name, "use": "sound", "type": "audio/mp4", "width": 0, "height": 0}
    return {"kind": kind, "codec": told["codec"], "duration_ms": length, "renditions": [rendition]}


def read(source: Path, kind: str) -> dict[str, Any]:
    """Returns the codec and the length in ms of a recording of a known kind, or refuses it; its first sound is decoded."""
    try:
        with av.open(str(source), format=DEMUXERS[kind], options={"protocol_whitelist": "file"}) as held:
            if not held.streams.audio:
                raise Refused("work.no_sound", found=kind)
            stream = held.streams.audio[0]
            name = stream.codec_context.codec.canonical_name if stream.codec_context is not None else "unknown"
            if name not in CODECS:
                raise Refused("work.codec", found=name)
            ms = int((held.duration or 0) * 1000 // av.time_base)
            if ms > SECONDS * 1000 + 500:
                raise Refused("sound.too_long", seconds=ms // 1000, limit=SECONDS)
            if next(held.decode(audio=0), None) is None:
                raise whole.undecodable(source, kind, "sound")
            return {"codec": name, "duration_ms": ms}
    except MemoryError:
        raise
    except (av.error.FFmpegError, OSError, ValueError, LookupError, ArithmeticError):
        raise whole.undecodable(source, kind, "sound")


def _transcode(ffmpeg: str, source: Path, kind: str, made: Path) -> list[str]:
    """Returns the command: the first sound stream in, AAC of two channels out, a second more than the rule allows."""
    return [
        *(ffmpeg, "-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-protocol_whitelist", "file,pipe", "-max_streams", "32"),
        *("-f", DEMUXERS[kind], "-t", str(SECONDS + 1), "-i", f"file:{source}"),
        *("-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-c:a", "aac", "-b:a", "96k", "-ac", "2", "-ar", "48000", "-fflags", "+bitexact", "-flags:a", "+bitexact"),
        *("-movflags", "+faststart", "-f", "mp4", f"file:{made}"),
    ]
