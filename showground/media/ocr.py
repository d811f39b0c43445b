"""Text recognition for boards that are only pictures: a draft with its places, marked as read by a machine, for a person to check.

It needs the extra `ocr` (RapidOCR and ONNX Runtime, models in the wheel, no network). Runs in the jail like every other decoder.
"""

from __future__ import annotations

import importlib.util
import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from showground.media import board, boards, layout, script, sniff
from showground.media.glyphs import Glyph
from showground.rules.refused import Refused

FILE = "blocks.json"
SIDE = 2_600  # pixels of the longer side that is looked at; more finds no more on a board made to be read standing
SURE = 0.6  # lines that the machine believes in less are left out
THREADS = 2
_NEAR, _STEP, _HIGH = 1.13, 0.92, 1.15  # how near sizes of one kind of type lie, how far the next step of headings, height in em
_NARROW, _WIDE = frozenset("ijltfrI1.,;:!'|()[]‘’"), frozenset("mwMW@%")


@dataclass(frozen=True)
class Found:
    """A line as the machine read it: its text, how sure it is (0 to 1), its edges in pixels of what was looked at."""

    text: str
    score: float
    box: tuple[float, float, float, float]

    @property
    def down(self) -> bool:
        """Tells whether the line runs down the page."""
        return len(self.text) > 1 and self.box[3] - self.box[1] > 1.5 * (self.box[2] - self.box[0])

    @property
    def size(self) -> float:
        """How large its type is, in pixels: told by how wide its letters run, for boxes are drawn around ink and vary."""
        if self.down:
            return self.box[2] - self.box[0]
        return min((self.box[2] - self.box[0]) / max(0.5, sum(map(_share, self.text))), self.box[3] - self.box[1])


def available() -> bool:
    """Tells whether the extra is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2"))


def make(source: Path, out: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Writes `out`/blocks.json: what is read off a picture, or off one page (`page`) of a PDF, placed on `width` x `height` pixels."""
    if not available():
        raise Refused("board.no_ocr")
    kind = sniff.check(source, "board")
    seen, wide, high = _page(source, int(options.get("page", 1))) if kind == "pdf" else _picture(source, kind)
    found = [one for one in _lines(seen, wide, high) if one.score >= SURE and one.text.strip()]
    width, height = int(options.get("width", wide)), int(options.get("height", high))
    blocks = placed(found, (width / wide, height / high), width, height)
    (out / FILE).write_text(json.dumps(blocks, ensure_ascii=False), encoding="utf-8")
    sure = statistics.fmean(one.score for one in found) if found else 0.0
    return {"lines": len(found), "blocks": len(blocks), "sure": round(100 * sure), "file": FILE}


def _page(source: Path, number: int) -> tuple[bytes, int, int]:
    from showground.media import board_pdf

    with board_pdf.opened(source) as document:
        if not 1 <= number <= len(document):
            raise Refused("board.no_page", page=number, pages=len(document))
        page = board_pdf.page_of(document, number)
        wide, high = page.get_size()
        scale = SIDE / max(wide, high)
        width, height = max(1, round(wide * scale)), max(1, round(high * scale))
        return bytes(board_pdf.draw(page, width, height).buffer), width, height


def _picture(source: Path, kind: str) -> tuple[bytes, int, int]:
    from showground.media import tiles

    small = tiles.small(source, kind, SIDE)
    return bytes(small.write_to_memory()), small.width, small.height


def _lines(pixels: bytes, width: int, height: int) -> list[Found]:
    """Returns what the machine reads in a picture of three bytes a pixel."""
    import numpy
    from rapidocr import RapidOCR

    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,  # boards hang upright
            "Global.max_side_len": SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    seen = numpy.frombuffer(pixels, numpy.uint8).reshape(height, width, 3)[:, :, ::-1]  # it wants blue first
    told = engine(numpy.ascontiguousarray(seen))
    if told.boxes is None or told.txts is None or told.scores is None:
        return []
    return [
        Found(str(text), float(score), _edges(box)) for text, score, box in zip(told.txts, told.scores, told.boxes, strict=True)
    ]


def _edges(corners: Sequence[Sequence[float]]) -> tuple[float, float, float, float]:
    across, down = [float(one[0]) for one in corners], [float(one[1]) for one in corners]
    return min(across), min(down), max(across), max(down)


def placed(found: Sequence[Found], scale: tuple[float, float], width: int, height: int) -> list[boards.Block]:
    """Returns lines as blocks in reading order, each marked as read by a machine."""
    glyphs = _glyphs(found, _sizes(found))
    pieces = layout.read(glyphs, [])
    return [{**block, "by": "ocr"} for block in board.blocked(pieces, scale, width, height)]


def _share(char: str) -> float:
    """Returns how wide a letter usually is, in em."""
    if script.solid(char):
        return 1.0
    if char.isspace():
        return 0.25
    return 0.3 if char in _NARROW else 0.85 if char in _WIDE else 0.66 if char.isupper() else 0.54


def _sizes(found: Sequence[Found]) -> list[float]:
    """Returns the size of type of each line: the text's for all that are near it, and larger ones in steps, as print has them."""
    weighed = sorted((one.size, len(one.text)) for one in found)
    half, body = sum(weight for _, weight in weighed) / 2, 0.0
    for size, weight in weighed:
        half -= weight
        if half <= 0:
            body = size
            break
    steps: list[float] = []
    for size in sorted((one.size for one in found if one.size > _NEAR * body), reverse=True):
        if not steps or size < _STEP * steps[-1]:
            steps.append(size)
    return [_rounded(one.size, body, steps) for one in found]


def _rounded(size: float, body: float, steps: Sequence[float]) -> float:
    if body / _NEAR <= size <= _NEAR * body:
        return body
    return next((step for step in steps if _STEP * step <= size <= step), size)


def _glyphs(found: Sequence[Found], sizes: Sequence[float]) -> list[Glyph]:
    """Returns the characters of lines, spread over each line as wide as such letters are."""
    made: list[Glyph] = []
    for line, size in zip(found, sizes, strict=True):
        text = boards.clean(line.text)
        left, top, right, bottom = _trimmed(line, size)
        at, length = (top, bottom - top) if line.down else (left, right - left)
        shares = [1.0 if line.down else _share(char) for char in text]
        unit = length / max(sum(shares), 0.1)
        for char, share in zip(text, shares, strict=True):
            end = at + share * unit
            box = (left, at, right, end) if line.down else (at, top, end, bottom)
            made.append(Glyph(char, box, size, len(made)))
            at = end
        made.append(Glyph(" ", (right, top, right, bottom), size, len(made)))
    return made


def _trimmed(line: Found, size: float) -> tuple[float, float, float, float]:
    """Returns the line's edges, as high (or as wide, if it runs down) as its type."""
    left, top, right, bottom = line.box
    if line.down:
        middle = (left + right) / 2
        return middle - _HIGH * size / 2, top, middle + _HIGH * size / 2, bottom
    middle = (top + bottom) / 2
    return left, middle - _HIGH * size / 2, right, middle + _HIGH * size / 2
