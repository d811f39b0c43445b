"""Pictures: decoded once, laid out anew, and written as fresh WebP and JPEG that carry pixels and nothing else."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms

from showground.media import sniff, whole
from showground.rules.refused import Refused

WIDTHS = (480, 960, 1920)
SHARE = 1200
# RULE uploads: pixels in all, pixels a side, frames.
PIXELS, SIDE, FRAMES = 50_000_000, 16_384, 300
WEBP_SIDE = 16_383
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow raises for broken files.
BROKEN = (
    *(OSError, SyntaxError, ValueError, LookupError, ArithmeticError, TypeError, struct.error),
    *(Image.DecompressionBombWarning, Image.DecompressionBombError),
)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")


def make(source: Path, out: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Writes the renditions of a picture into `out` and returns its size in pixels, dominant colour and renditions."""
    return render(source, out, sniff.check(source, "picture"))


def render(source: Path, out: Path, kind: str, before: str = "") -> dict[str, Any]:
    """Does what `make` does for a file of a known kind; the renditions' names begin with `before`."""
    try:
        picture, frames = decoded(source)
    except BROKEN:
        raise whole.undecodable(source, kind, "picture")
    return {
        "kind": kind,
        "width": picture.width,
        "height": picture.height,
        "frames": frames,
        "color": dominant(picture),
        "renditions": [*_webps(picture, out, before), _share(picture, out, before)],
    }


def decoded(source: Path) -> tuple[Image.Image, int]:
    """Returns the first frame upright in sRGB (RGB or RGBA) without any metadata, and the number of frames."""
    Image.MAX_IMAGE_PIXELS = None  # so that we can name the size that we refuse
    with Image.open(source, formats=FORMATS) as opened:
        _check_size(opened)
        frames = int(getattr(opened, "n_frames", 1))
        if frames > FRAMES:
            raise Refused("work.too_many_frames", frames=frames, limit=FRAMES)
        opened.seek(0)
        opened.load()
        return _bare(_in_srgb(_upright(opened), opened.info.get("icc_profile"))), frames


def _upright(opened: Image.Image) -> Image.Image:
    """Returns the picture as its EXIF orientation means it; EXIF that cannot be read turns nothing."""
    try:
        turn = _TURNS.get(opened.getexif().get(_ORIENTATION, 1))
    except BROKEN:
        turn = None
    return opened if turn is None else opened.transpose(turn)


def _check_size(opened: Image.Image) -> None:
    """Refuses what is too large by its header, and makes Pillow fail on any frame that grows beyond it."""
    width, height = opened.size
    if width * height > PIXELS or max(width, height) > SIDE:
        raise Refused("work.too_many_pixels", width=width, height=height, limit=PIXELS)
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Returns the picture as RGB or RGBA; colours follow the embedded profile if it can be read."""
    if picture.mode.startswith("I;16") or picture.mode == "I":
        picture = picture.point(lambda level: level / 256).convert("L")
    clear = "A" in picture.getbands() or "transparency" in picture.info
    wanted = "RGBA" if clear else "RGB"
    if profile and picture.mode in {"RGB", "RGBA", "CMYK", "L"}:
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, given, ImageCms.createProfile("sRGB"), outputMode=wanted)
            return turned if turned is not None else picture.convert(wanted)
        except (ImageCms.PyCMSError, ValueError, OSError):
            pass
    return picture.convert(wanted)


def _bare(picture: Image.Image) -> Image.Image:
    """Returns the same pixels in a new image, so that no metadata can follow them."""
    fresh = Image.new(picture.mode, picture.size)
    fresh.paste(picture)
    return fresh


def _webps(picture: Image.Image, out: Path, before: str) -> list[dict[str, Any]]:
    """Writes one WebP for each width that is not wider than the picture, and one at its own width if that is below the widest."""
    widths = [width for width in WIDTHS if width < picture.width] + [min(picture.width, WIDTHS[-1])]
    made = []
    for width in dict.fromkeys(widths):
        small = _fitted(picture, width, WEBP_SIDE)
        name = f"{before}w{width}.webp"
        small.save(out / name, "WEBP", quality=82, method=4)
        made.append(_told(name, "picture", "image/webp", small))
    return made


def _share(picture: Image.Image, out: Path, before: str) -> dict[str, Any]:
    """Writes one JPEG inside 1200 x 1200 on white, for previews elsewhere."""
    small = on_white(_fitted(picture, SHARE, SHARE))
    name = f"{before}share.jpg"
    small.save(out / name, "JPEG", quality=84, optimize=True, progressive=True)
    return _told(name, "share", "image/jpeg", small)


def on_white(picture: Image.Image) -> Image.Image:
    """Returns the picture without transparency."""
    if picture.mode != "RGBA":
        return picture
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def _fitted(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Returns the picture inside a box, never larger than it is."""
    scale = min(1.0, width / picture.width, height / picture.height)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _told(name: str, use: str, kind: str, picture: Image.Image) -> dict[str, Any]:
    return {"name": name, "use": use, "type": kind, "width": picture.width, "height": picture.height}


def dominant(picture: Image.Image) -> str:
    """Returns the commonest colour of a picture as "#rrggbb", taken from eight that stand for it."""
    tiny = picture.convert("RGB").resize((48, 48)).quantize(8)
    counts = tiny.histogram()
    most = counts.index(max(counts))
    palette = tiny.getpalette() or [128] * 768
    return "#" + bytes(palette[3 * most : 3 * most + 3]).hex()
