"""Films: probed, transcoded to one plain MP4 that any browser plays, with a poster; nothing of the original's metadata follows."""

from __future__ import annotations

import importlib
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from showground.media import picture, probe, sniff, whole
from showground.rules.refused import Refused

LONG, SHORT, RATE = 1280, 720, 60
FFMPEG = ("/usr/bin/ffmpeg", "/usr/local/bin/ffmpeg")
# Even sides inside 1280 x 720 (720 x 1280 if upright), square pixels, never larger than the film.
_BOX = f"min(1,min(if(gte(iw*sar,ih),{LONG},{SHORT})/(iw*sar),if(gte(iw*sar,ih),{SHORT},{LONG})/ih))"
_SCALE = f"scale=w='max(2,trunc(iw*sar*{_BOX}/2)*2)':h='max(2,trunc(ih*{_BOX}/2)*2)',setsar=1"


def make(source: Path, out: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Writes `video.mp4` and the poster's renditions into `out`; returns the film's facts, its colour and all renditions."""
    kind = sniff.check(source, "video")
    told = probe.read(source, kind)
    if whole.cut_off(source, kind):  # ffmpeg would make a shorter film of it and say nothing
        raise Refused("work.cut_off", found=kind)
    ffmpeg = str(options.get("ffmpeg") or find_ffmpeg())
    film = out / "video.mp4"
    _run(_transcode(ffmpeg, source, kind, told["rate"], film), source, kind)
    made = _made(film)
    poster = _poster(ffmpeg, film, out, made["duration_ms"])
    video = {"name": film.name, "use": "video", "type": "video/mp4", "width": made["width"], "height": made["height"]}
    return {
        **{name: told[name] for name in ("kind", "codec", "audio")},
        **_upright(told, made),
        "frames": 1,
        "duration_ms": made["duration_ms"],
        "color": poster["color"],
        "renditions": [video, *poster["renditions"]],
    }


def find_ffmpeg() -> str:
    """Returns the path of the system's ffmpeg, or of the one that imageio-ffmpeg carries, or "" if there is none."""
    found = next((path for path in FFMPEG if Path(path).exists()), "")
    if found:
        return found
    try:
        return str(importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return ""


def _transcode(ffmpeg: str, source: Path, kind: str, rate: float, film: Path) -> list[str]:
    """Returns the command: one picture and one sound stream in, H.264 and AAC out, half a second more than the rule allows."""
    steps = _SCALE + (f",fps={RATE}" if rate > RATE + 1 else "")
    return [
        *_calm(ffmpeg),
        *("-protocol_whitelist", "file,pipe", "-format_whitelist", "mov,matroska,webm", "-max_streams", "32"),
        *("-f", probe.DEMUXERS[kind], "-t", str(probe.SECONDS + 1), "-i", f"file:{source}"),
        *("-map", "0:V:0", "-map", "0:a:0?", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-vf", steps, "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", "4M", "-bufsize", "8M"),
        *("-pix_fmt", "yuv420p", "-profile:v", "high", "-threads", "4", "-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"),
        *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
        *("-movflags", "+faststart", "-max_muxing_queue_size", "1024", "-f", "mp4", f"file:{film}"),
    ]


def _calm(ffmpeg: str) -> list[str]:
    return [ffmpeg, "-hide_banner", "-nostdin", "-loglevel", "error", "-y"]


def _run(command: list[str], source: Path, kind: str) -> None:
    """Runs ffmpeg to its end; MemoryError or a refusal says why it did not get there."""
    ended = subprocess.run(command, capture_output=True)
    if ended.returncode == 0:
        return
    said = ended.stderr[-2000:].decode("utf-8", "replace")
    if "Cannot allocate memory" in said:
        raise MemoryError
    if "File too large" in said:
        raise Refused("media.too_large", tool="video")
    raise whole.undecodable(source, kind, "video")


def _made(film: Path) -> dict[str, Any]:
    """Returns the facts of our own rendition; a film that hid its true length is refused here."""
    made = probe.read(film, "mp4")
    if not made["duration_ms"]:
        raise Refused("work.no_picture", found="mp4")
    return made


def _upright(told: dict[str, Any], made: dict[str, Any]) -> dict[str, int]:
    """Returns the original's size as it is seen: a phone's film may be stored lying on its side."""
    sides = sorted((told["width"], told["height"]))
    return dict(zip(("height", "width") if made["width"] >= made["height"] else ("width", "height"), sides, strict=True))


def _poster(ffmpeg: str, film: Path, out: Path, duration_ms: int) -> dict[str, Any]:
    """Takes a telling frame from the first tenth on and renders it like any picture."""
    still = out / "still.png"
    start = f"{duration_ms / 10_000:.3f}"
    command = [*_calm(ffmpeg), "-ss", start, "-i", f"file:{film}", "-vf", "thumbnail=50", "-frames:v", "1", f"file:{still}"]
    _run(command, film, "mp4")
    poster = picture.render(still, out, "png", before="poster-")
    still.unlink()
    return poster
