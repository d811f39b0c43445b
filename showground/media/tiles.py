"""A board's picture cut into tiles that any IIIF viewer reads from plain files (level 0), and in the sizes a page shows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyvips

from showground.media import board_pdf, sniff, whole
from showground.rules.refused import Refused

TILE, QUALITY = 512, 82
WIDTHS = (360, 480, 720, 960, 1600, 2400)
# What a phone of middle strength shows: a picture beside others, and one as wide as its page; pages only, so WebP only.
PHONE = (360, 720)
PHONE_QUALITY = 74  # its pixels are small there: a seventh lighter than the others, and no eye sees it
# The same for a phone that knows AVIF: two fifths lighter again, and made in a tenth of a second.
SLIM, SLIM_AVIF = 640, {"Q": 50, "effort": 1, "compression": "av1"}
# RULE boards: pixels of a picture in all and a side. A0 at 600 dpi is 558 million.
PIXELS, SIDE = 600_000_000, 65_000
WHOLE = 4096  # a picture larger than this is not also kept in one file of its full size
_KINDS = {"webp": "image/webp", "avif": "image/avif", "jpg": "image/jpeg"}
_SAVERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "webp": ("webpsave", {"Q": 80, "effort": 4}),
    "avif": ("heifsave", {"Q": 58, "effort": 2, "compression": "av1"}),
    "jpg": ("jpegsave", {"Q": QUALITY, "optimize_coding": True, "interlace": True}),
}
_LOADERS = {"jpeg": "Jpeg", "png": "Png", "webp": "Webp", "tiff": "Tiff", "avif": "Heif"}


def make(source: Path, out: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Writes `out`/tiles and the renditions of a picture, or of one page (`page`, `dpi`) of a PDF.

    `last`: of the pages up to that one, as many as one run draws. `tiles_only`: in JPEG only. `kept_only`: in AVIF for phones
    only, for it is slow and no page of a site uses more.
    """
    kind = sniff.check(source, "board")
    _guard()
    try:
        if kind == "pdf":
            return _from_pdf(source, out, options)
        return {"kind": kind, **_write(*_opened(source, kind), out, _formats(options))}
    except pyvips.Error:
        raise whole.undecodable(source, kind, "tiles")


def size_of(source: Path, kind: str) -> tuple[int, int]:
    """Returns the width and height of a picture, upright, by its header; refuses what is too large."""
    _guard()
    try:
        image = _load(source, kind)
    except pyvips.Error:
        raise whole.undecodable(source, kind, "board")
    _check(image.width, image.height)
    return (image.height, image.width) if _turned(image) >= 5 else (image.width, image.height)


def _guard() -> None:
    """Leaves libvips five decoders; no file name, no header and no metadata can reach another."""
    pyvips.operation_block_set("VipsForeignLoad", True)
    for name in _LOADERS.values():
        pyvips.operation_block_set(f"VipsForeignLoad{name}", False)
    pyvips.block_untrusted_set(True)
    pyvips.cache_set_max(0)


def _check(width: int, height: int) -> None:
    if width * height > PIXELS or max(width, height) > SIDE:
        raise Refused("work.too_many_pixels", width=width, height=height, limit=PIXELS)


def _load(source: Path, kind: str, **more: Any) -> Any:
    loader = getattr(pyvips.Image, _LOADERS[kind].lower() + "load")
    return loader(str(source), access="sequential", fail_on="truncated", **more)


def _turned(image: Any) -> int:
    """Returns how the camera lay, 1 to 8."""
    return int(image.get("orientation")) if image.get_typeof("orientation") else 1


def _opened(source: Path, kind: str) -> tuple[Any, Any]:
    """Returns the picture at full size, and not wider than the widest rendition; both upright, 8 bits, sRGB, on white."""
    image = _load(source, kind)
    _check(image.width, image.height)
    upright = _upright(image)
    wide = min(WIDTHS[-1], upright.width)
    small = _plain(_upright(_load(source, kind))).thumbnail_image(wide, height=WIDTHS[-1] * 20, size="down")
    return _plain(upright), small.copy_memory()


def small(source: Path, kind: str, side: int) -> Any:
    """Returns a picture upright in sRGB on white, not larger than `side`; refuses what is too large or cannot be read."""
    _guard()
    try:
        image = _load(source, kind)
        _check(image.width, image.height)
        return _plain(_upright(image)).thumbnail_image(side, height=side, size="down").copy_memory()
    except pyvips.Error:
        raise whole.undecodable(source, kind, "tiles")


def _upright(image: Any) -> Any:
    return image.copy_memory().autorot() if _turned(image) > 1 else image


def _plain(image: Any) -> Any:
    """Returns a picture of three bands of 8 bits in sRGB without metadata."""
    if image.get_typeof("icc-profile-data") and image.interpretation in {"cmyk", "srgb", "rgb16", "b-w", "grey16"}:
        try:
            image = image.icc_transform("srgb", embedded=True, intent="relative")
        except pyvips.Error:
            image = image.colourspace("srgb")
    elif image.interpretation != "srgb" or image.format != "uchar":
        image = image.colourspace("srgb")
    if image.hasalpha():
        image = image.flatten(background=[255, 255, 255])
    return image.cast("uchar") if image.format != "uchar" else image


def _from_pdf(source: Path, out: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    with board_pdf.opened(source) as document:
        number, dpi = int(options.get("page", 1)), int(options.get("dpi", board_pdf.DPI))
        if not 1 <= number <= len(document):
            raise Refused("board.no_page", page=number, pages=len(document))
        if "last" not in options:
            return {"kind": "pdf", **_page(document, number, dpi, out, _formats(options))}
        made = list(_run(document, range(number, min(int(options["last"]), len(document)) + 1), dpi, out, _formats(options)))
        told = [{name: page[name] for name in ("page", "width", "height", "color")} for page in made]
        return {"kind": "pdf", "pages": told, "renditions": [one for page in made for one in page["renditions"]]}


def _run(document: Any, wanted: range, dpi: int, out: Path, formats: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Draws pages one after the other until they have as many pixels as one page may have; yields what was made of each.

    A start of the jail costs more than a small page. Tiles are left in `out`/p7/tiles, renditions beside: p7-w480.webp.
    """
    left = board_pdf.PIXELS
    for number in wanted:
        left -= _pixels(document, number, dpi)
        if left < 0 and number != wanted[0]:
            return
        home = out / f"p{number}"
        home.mkdir()
        made = _page(document, number, dpi, home, formats)
        for one in made["renditions"]:
            (home / one["name"]).rename(out / f"p{number}-{one['name']}")
            one |= {"name": f"p{number}-{one['name']}", "page": number}
        yield made


def _pixels(document: Any, number: int, dpi: int) -> int:
    page = board_pdf.page_of(document, number)
    width, height = board_pdf.pixels(page, board_pdf.dpi_for(page, dpi))
    page.close()
    return width * height


def _page(document: Any, number: int, wanted: int, out: Path, formats: Sequence[str]) -> dict[str, Any]:
    page = board_pdf.page_of(document, number)
    dpi = board_pdf.dpi_for(page, wanted)
    width, height = board_pdf.pixels(page, dpi)
    bitmap = board_pdf.draw(page, width, height)
    held = pyvips.Image.new_from_memory(bitmap.buffer, width, height, 3, "uchar").copy(interpretation="srgb")
    small = held.thumbnail_image(min(WIDTHS[-1], width), height=WIDTHS[-1] * 20, size="down").copy_memory()
    made = {"page": number, "dpi": int(dpi), **_write(held, small, out, formats)}
    del held
    bitmap.close()
    page.close()
    return made


def _formats(options: Mapping[str, Any]) -> Sequence[str]:
    """Returns the endings of the renditions to make; `tiles_only`: those that the tiles need, `kept_only`: those that a site keeps."""
    return ("jpg",) if options.get("tiles_only") else ("webp", "jpg") if options.get("kept_only") else tuple(_KINDS)


def _write(image: Any, small: Any, out: Path, formats: Sequence[str]) -> dict[str, Any]:
    """Writes everything that is made of one picture and returns what was made."""
    width, height = image.width, image.height
    image.dzsave(
        *(str(out / "tiles"),),
        layout="iiif3",
        suffix=f".jpg[Q={QUALITY}]",
        tile_size=TILE,
        overlap=0,
        id="https://boards.invalid",
        keep="none",
    )
    made = [one for wide in widths(width) for one in _rendition(small, wide, out, formats)]
    made += _slim(small, out) if "webp" in formats and width > SLIM else []
    sizes = _singles(out / "tiles", width, height, small, made, out)
    told = info("https://boards.invalid/tiles", width, height, sizes)
    (out / "tiles/info.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    (out / "tiles/vips-properties.xml").unlink(missing_ok=True)
    count = sum(1 for _ in (out / "tiles").rglob("*.jpg"))
    return {"width": width, "height": height, "color": _color(small), "tiles": count, "renditions": made}


def widths(width: int) -> list[int]:
    """Returns the widths a picture is shown in: 360, 480, 720, 960, 1600, 2400, never wider than it is."""
    return list(dict.fromkeys(min(wide, width) for wide in WIDTHS))


def _rendition(small: Any, wide: int, out: Path, formats: Sequence[str]) -> list[dict[str, Any]]:
    image = small if wide == small.width else small.thumbnail_image(wide, height=WIDTHS[-1] * 20)
    image = image.copy_memory()
    wanted = [end for end in formats if wide not in PHONE or wide == small.width or end == "webp"]
    for end in wanted:
        save, more = _SAVERS[end]
        sharp = {"Q": PHONE_QUALITY} if wide in PHONE and wide < small.width else {}
        getattr(image, save)(str(out / f"w{wide}.{end}"), keep="none", **{**more, **sharp})
    shape = {"width": wide, "height": image.height}
    return [{"name": f"w{wide}.{end}", "use": "picture", "type": _KINDS[end], **shape} for end in wanted]


def _slim(small: Any, out: Path) -> list[dict[str, Any]]:
    image = small.thumbnail_image(SLIM, height=WIDTHS[-1] * 20)
    image.heifsave(str(out / f"w{SLIM}.avif"), keep="none", **SLIM_AVIF)
    return [{"name": f"w{SLIM}.avif", "use": "picture", "type": _KINDS["avif"], "width": SLIM, "height": image.height}]


def _singles(tiles: Path, width: int, height: int, small: Any, made: list[dict[str, Any]], out: Path) -> list[tuple[int, int]]:
    """Writes the picture in one piece in several sizes, "max" among them, and returns the sizes; the largest is "max".

    dzsave leaves "max" out, and a viewer or validator that follows the standard asks for it first.
    """
    sizes = {tuple(int(side) for side in path.parent.parent.name.split(",")) for path in tiles.glob("full/*/0/default.jpg")}
    for one in made:
        if one["type"] == "image/jpeg" and one["width"] < width:
            _keep(out / one["name"], tiles, f"{one['width']},{one['height']}")
            sizes.add((one["width"], one["height"]))
    if max(width, height) <= WHOLE:
        held = pyvips.Image.jpegload(str(out / f"w{width}.jpg")) if width <= small.width else None
        largest = (width, height)
        _whole(tiles, out, width, height, held)
    else:
        largest = (small.width, small.height)
        _keep(out / f"w{small.width}.jpg", tiles, "max")
    _keep(tiles / "full/max/0/default.jpg", tiles, f"{largest[0]},{largest[1]}")
    return sorted({*sizes, largest})  # type: ignore[arg-type]


def _whole(tiles: Path, out: Path, width: int, height: int, held: Any) -> None:
    """Writes "max" for a picture small enough: its rendition at full width, or put together from its tiles."""
    if held is not None:
        _keep(out / f"w{width}.jpg", tiles, "max")
        return
    across = [
        pyvips.Image.jpegload(str(_tile(tiles, x, y, width, height))) for y in range(0, height, TILE) for x in range(0, width, TILE)
    ]
    image = pyvips.Image.arrayjoin(across, across=-(-width // TILE), hspacing=TILE, vspacing=TILE).crop(0, 0, width, height)
    (tiles / "full/max/0").mkdir(parents=True)
    image.jpegsave(str(tiles / "full/max/0/default.jpg"), keep="none", Q=90, optimize_coding=True)


def _tile(tiles: Path, x: int, y: int, width: int, height: int) -> Path:
    wide, high = min(TILE, width - x), min(TILE, height - y)
    return tiles / f"{x},{y},{wide},{high}" / f"{wide},{high}" / "0/default.jpg"


def _keep(path: Path, tiles: Path, size: str) -> None:
    place = tiles / f"full/{size}/0"
    place.mkdir(parents=True, exist_ok=True)
    if path != place / "default.jpg":
        shutil.copyfile(path, place / "default.jpg")


def info(service: str, width: int, height: int, sizes: list[tuple[int, int]]) -> dict[str, Any]:
    """Returns the image's info.json; SPEC iiif image 3.0: level 0, `maxWidth` and `maxHeight` where "max" is not the full size."""
    factors = [1]
    while max(width, height) > TILE * factors[-1]:
        factors.append(2 * factors[-1])
    largest = sizes[-1]
    limit = {"maxWidth": largest[0], "maxHeight": largest[1]} if largest != (width, height) else {}
    return {
        "@context": "http://iiif.io/api/image/3/context.json",
        "id": service,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level0",
        "width": width,
        "height": height,
        **limit,
        "sizes": [{"width": wide, "height": high} for wide, high in sizes],
        "tiles": [{"width": TILE, "height": TILE, "scaleFactors": factors}],
    }


def _color(small: Any) -> str:
    """Returns the average colour as "#rrggbb", for the place a picture will fill."""
    pixel = small.thumbnail_image(1, height=1, size="force")(0, 0)
    return "#" + bytes(min(255, max(0, round(level))) for level in pixel[:3]).hex()
