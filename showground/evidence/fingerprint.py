"""A picture's fingerprint: 256 bits that stay nearly the same when the picture is scaled, compressed or slightly cut.

The picture is brought to 64 x 64 grey values; of its cosine transform the 16 x 16 slowest waves that are not constant (1 to 16 each way) are
kept; a bit is one where a wave is stronger than the median. Two pictures are alike if few bits differ (`ALIKE`, measured by bench/evidence.py).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageStat

SIDE, WAVES, BITS = 64, 16, 256
ALIKE = 64
# Grey levels: below this deviation a picture is blank, and its waves are noise that would match any other blank.
_BLANK = 3.0


def of(picture: Image.Image) -> str:
    """Returns the fingerprint as 64 hex digits, "" for a picture that is nearly blank."""
    small = picture.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=None)
    if ImageStat.Stat(small).stddev[0] < _BLANK:
        return ""
    raw = small.tobytes()
    rows = [_waves(raw[at : at + SIDE]) for at in range(0, SIDE * SIDE, SIDE)]
    values = [value for column in zip(*rows, strict=True) for value in _waves(column)]
    middle = statistics.median(values)
    bits = sum(1 << place for place, value in enumerate(values) if value > middle)
    return f"{bits:064x}"


def _waves(values: Sequence[float]) -> list[float]:
    return [sum(map(float.__mul__, wave, map(float, values))) for wave in _cosines()]


@cache
def _cosines() -> list[list[float]]:
    """Returns the waves 1 to 16 of the cosine transform (DCT-II) over 64 places."""
    return [[math.cos(math.pi * wave * (2 * at + 1) / (2 * SIDE)) for at in range(SIDE)] for wave in range(1, WAVES + 1)]


def apart(one: str, other: str) -> int:
    """Returns the number of bits, 0 to 256, in which two fingerprints differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
