"""Makes the demo's works: real PNG, JPEG, WebP, MP4 and ZIP files from the sources in this folder.

Drawn works come from SVG whose lettering is already outlines, so no font is asked for; animations are SVG frames encoded
by PyAV; H5 packages are folders zipped with fixed times. Photographs and one film clip come from packages that ship them
(`fetch.py`); where these cannot be reached the works that need them are left out and `prepare` says so.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import queue
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from showground.commands.demo_works import clips, fetch

HERE = Path(__file__).parent
ENDINGS = {"png": ".png", "jpeg": ".jpg", "webp": ".webp"}
OUR_LICENCE = "Apache-2.0"
EPOCH = (1980, 1, 1, 0, 0, 0)
Progress = Callable[[str], None]
Job = tuple[dict[str, Any], Path | None, Path]  # a row of works.toml, its fetched material, the cache


@dataclass(frozen=True)
class DemoWork:
    """One work as an entrant would hand it in; texts are keyed "en" and "zh", `poster` is an H5 work's still picture."""

    key: str
    category: str
    genre: str
    title: dict[str, str]
    statement: dict[str, str]
    alt: dict[str, str]
    maker: dict[str, str]
    credit: str
    licence: str
    file: Path
    filename: str
    poster: Path | None


def listed() -> list[dict[str, Any]]:
    """Every work of works.toml in hanging order, as plain tables."""
    with (HERE / "works.toml").open("rb") as f:
        return list(tomllib.load(f)["work"])


def prepare(cache: Path, only: list[str] | None = None, progress: Progress = print) -> list[DemoWork]:
    """The works whose files now lie in `cache`, in the order of works.toml; with `only`, just these keys.

    Nothing is made twice: a file's name carries the hash of what it was made from. Works whose photograph or clip cannot
    be fetched are missing from the answer, and `progress` gets one line for each.
    """
    rows = _chosen(only)
    cache.mkdir(parents=True, exist_ok=True)
    material = fetch.material(cache, {r["file"]["from"] for r in rows if "from" in r["file"]}, progress)
    ready = [r for r in rows if _reachable(r, material, progress)]
    jobs = [(r, material.get(r["file"].get("from", "")), cache) for r in ready]
    missing = [job for job in jobs if not all(p.exists() for p in _paths(*job))]
    _make_all(missing, progress)
    return [_work(*job) for job in jobs]


def _chosen(only: list[str] | None) -> list[dict[str, Any]]:
    rows = listed()
    unknown = set(only or []) - {r["key"] for r in rows}
    if unknown:
        raise KeyError(f"no such demo work: {', '.join(sorted(unknown))}")
    return [r for r in rows if only is None or r["key"] in only]


def _reachable(row: dict[str, Any], material: dict[str, Path], progress: Progress) -> bool:
    name = row["file"].get("from")
    if name and name not in material:
        progress(f"{row['key']}: left out, {name} could not be fetched")
        return False
    return True


def _make_all(jobs: list[Job], progress: Progress) -> None:
    """Every job's files exist; two or more jobs are dealt to as many processes as there are cores (at most four)."""
    workers = min(4, os.cpu_count() or 1, len(jobs))
    if workers < 2:
        for job in jobs:
            progress(_make(*job))
        return
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    with ThreadPoolExecutor(workers) as threads:
        running = [threads.submit(_make_apart, hand, lines) for hand in _dealt(jobs, workers)]
        for _ in jobs:
            progress(lines.get())
        for each in running:
            each.result()


def _dealt(jobs: list[Job], hands: int) -> list[list[Job]]:
    """The jobs in `hands` piles of about equal work: the heaviest first, each onto the lightest pile."""
    piles: list[list[Job]] = [[] for _ in range(hands)]
    for job in sorted(jobs, key=_weight, reverse=True):
        min(piles, key=lambda pile: sum(map(_weight, pile))).append(job)
    return [pile for pile in piles if pile]


def _weight(job: Job) -> float:
    """About how many seconds the job takes."""
    rule = job[0]["file"]
    return clips.CLIPS[rule["clip"]].seconds / 2 if rule["kind"] == "clip" else 0.6


def _make_apart(jobs: list[Job], lines: queue.SimpleQueue[str]) -> None:
    """The jobs were done by one new process, which says a line for each; a failure also ends the waiting for lines."""
    command = [sys.executable, "-m", __spec__.name, str(jobs[0][2].resolve()), *(job[0]["key"] for job in jobs)]
    said = 0
    with subprocess.Popen(command, cwd=HERE.parents[2], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None and worker.stderr is not None
        for line in worker.stdout:
            lines.put(line.rstrip())
            said += 1
        trouble = worker.stderr.read()
    for job in jobs[said:]:
        lines.put(f"{job[0]['key']}: not made")
    if worker.returncode:
        raise RuntimeError(f"the demo's works could not be made:\n{trouble}")


def _make(row: dict[str, Any], material: Path | None, cache: Path) -> str:
    """A line for the log, after the work's file (and its poster) were written whole."""
    paths = _paths(row, material, cache)
    for path, body in zip(paths, MAKERS[row["file"]["kind"]](row, material), strict=True):
        part = path.with_name(path.name + ".part")
        part.write_bytes(body)
        part.replace(path)
    return f"{row['key']}: {paths[0].stat().st_size // 1024} kB"


def _paths(row: dict[str, Any], material: Path | None, cache: Path) -> list[Path]:
    stem = f"{row['key']}-{_fingerprint(row, material)}"
    names = [stem + Path(row["filename"]).suffix]
    if row["file"]["kind"] == "h5":
        names.append(stem + "-poster.png")
    return [cache / name for name in names]


def _fingerprint(row: dict[str, Any], material: Path | None) -> str:
    """Twelve hex digits that change whenever anything the file is made from changes."""
    digest = hashlib.sha256(json.dumps(row["file"], sort_keys=True).encode())
    for path in [*_sources(row["file"]), *([material] if material else [])]:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update(_recipe())
    return digest.hexdigest()[:12]


@cache
def _recipe() -> bytes:
    return hashlib.sha256(Path(__file__).read_bytes() + Path(clips.__file__).read_bytes()).digest()


def _sources(rule: dict[str, Any]) -> Iterator[Path]:
    if "svg" in rule:
        yield HERE / "posters" / rule["svg"]
    if "folder" in rule:
        yield from sorted(p for p in (HERE / "h5" / rule["folder"]).rglob("*") if p.is_file())
    if rule["kind"] == "clip":
        yield clips.LETTERING


def _work(row: dict[str, Any], material: Path | None, cache: Path) -> DemoWork:
    file, *poster = _paths(row, material, cache)
    texts = {name: row[name] for name in ("key", "category", "genre", "title", "statement", "alt", "maker", "filename")}
    credit, licence = row.get("credit", ""), row.get("licence", OUR_LICENCE)
    return DemoWork(**texts, credit=credit, licence=licence, file=file, poster=poster[0] if poster else None)


# ---- one maker per kind of file: (row, fetched material) -> the bodies of its files ----


def _drawn(row: dict[str, Any], _: Path | None) -> list[bytes]:
    rule = row["file"]
    svg = (HERE / "posters" / rule["svg"]).read_text("utf-8")
    return [_encode(render(svg, rule["width"]).convert("RGB"), row["filename"])]


def _photo(row: dict[str, Any], material: Path | None) -> list[bytes]:
    """A photograph cropped to the sheet, treated as the rule says, with the drawn layer on top."""
    assert material is not None
    rule = row["file"]
    layer = render((HERE / "posters" / rule["svg"]).read_text("utf-8"), rule["width"])
    with Image.open(material) as original:
        picture = _cropped(original.convert("RGB"), rule["crop"], layer.size)
    sheet = TREATMENTS[rule["treatment"]](picture, rule)
    sheet.paste(layer, (0, 0), layer)
    return [_encode(sheet, row["filename"])]


def _cropped(picture: Image.Image, crop: list[float], size: tuple[int, int]) -> Image.Image:
    """The part of the picture inside crop (left, top, right, bottom as shares of 1), filling `size` without distortion."""
    w, h = picture.size
    left, top, right, bottom = crop
    part = picture.crop((round(left * w), round(top * h), round(right * w), round(bottom * h)))
    return ImageOps.fit(part, size, Image.Resampling.LANCZOS)


def _plain(picture: Image.Image, rule: dict[str, Any]) -> Image.Image:
    return picture


def _halftone(picture: Image.Image, rule: dict[str, Any]) -> Image.Image:
    """Dots of rule["ink"] on rule["paper"], one per cell of width/rule["cells"], as dark as the photograph there."""
    cell = picture.width / rule["cells"]
    rows = round(picture.height / cell * 1.1547)
    grey = ImageOps.autocontrast(ImageOps.grayscale(picture), cutoff=1).resize((rule["cells"], rows))
    dots: dict[int, list[str]] = {}
    for y in range(rows):
        for x in range(rule["cells"]):
            dark = 1 - grey.getpixel((x, y)) / 255  # type: ignore[operator]
            width = round(dark**0.6 * 24)
            if width:
                dots.setdefault(width, []).append(f"M{(x + (y % 2) / 2 + 0.25) * 20:.0f} {(y + 0.5) * 17.32:.0f}h0")
    ink = "".join(f'<path stroke-width="{w}" d="{"".join(d)}"/>' for w, d in sorted(dots.items()))
    wide = rule["cells"] * 20
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {wide * picture.height / picture.width:.0f}">'
        f'<rect width="100%" height="100%" fill="{rule["paper"]}"/>'
        f'<g stroke="{rule["ink"]}" stroke-linecap="round">{ink}</g></svg>'
    )
    return ImageOps.fit(render(svg, picture.width).convert("RGB"), picture.size)


def _duotone(picture: Image.Image, rule: dict[str, Any]) -> Image.Image:
    return ImageOps.colorize(ImageOps.autocontrast(ImageOps.grayscale(picture), cutoff=1), rule["ink"], rule["paper"])


def _clip(row: dict[str, Any], _: Path | None) -> list[bytes]:
    return [clips.encode(row["file"]["clip"], render)]


def _film(row: dict[str, Any], material: Path | None) -> list[bytes]:
    assert material is not None
    return [material.read_bytes()]


def _package(row: dict[str, Any], _: Path | None) -> list[bytes]:
    """The folder as a zip with fixed times and order, and its poster as PNG (also inside the zip)."""
    folder = HERE / "h5" / row["file"]["folder"]
    poster = _encode(render((folder / "poster.svg").read_text("utf-8"), 1200).convert("RGB"), "poster.png")
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    del files["poster.svg"]
    files["poster.png"] = poster
    return [zipped(files), poster]


MAKERS: dict[str, Callable[[dict[str, Any], Path | None], list[bytes]]] = {
    "drawn": _drawn,
    "photo": _photo,
    "clip": _clip,
    "film": _film,
    "h5": _package,
}
TREATMENTS: dict[str, Callable[[Image.Image, dict[str, Any]], Image.Image]] = {
    "plain": _plain,
    "halftone": _halftone,
    "duotone": _duotone,
}


# ---- tools ----


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of name -> body whose bytes depend on nothing else."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            archive.writestr(info, files[name])
    return out.getvalue()


def render(svg: str, width: int) -> Image.Image:
    """The SVG as an RGBA picture `width` pixels wide; system fonts are not looked at."""
    try:
        import resvg_py
    except ModuleNotFoundError as error:
        raise RuntimeError("The demo's drawn works need the package resvg-py: pip install resvg-py") from error
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, width=width))
    return Image.open(io.BytesIO(png)).convert("RGBA")


def _encode(picture: Image.Image, filename: str) -> bytes:
    out = io.BytesIO()
    ending = Path(filename).suffix
    if ending == ".png":
        picture.save(out, "PNG", compress_level=6)
    elif ending == ".jpg":
        picture.save(out, "JPEG", quality=90, progressive=True)
    else:
        picture.save(out, "WEBP", quality=90, method=3)
    return out.getvalue()


def main(cache: str, *keys: str) -> None:
    """Makes the works named by `keys` in this process, one line each: the other half of `_make_apart`."""
    folder = Path(cache)
    for row in _chosen(list(keys)):
        name = row["file"].get("from", "")
        print(_make(row, fetch.material(folder, {name} - {""}, print).get(name), folder), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
