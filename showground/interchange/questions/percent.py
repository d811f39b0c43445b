"""Credits as percentages, exactly: a third is written 33.33333 and read as a third."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

FINEST: Final = 1000  # the largest denominator that five decimals of a percentage tell apart safely
_DIGITS: Final = Decimal("0.00001")
_FORM: Final = re.compile(r"\s*([+-]?[0-9]{1,6}(?:\.([0-9]{0,20}))?)\s*")
# What people write for parts that have no short decimal: 33 or 34 for a third, 66 or 67 for two, 16 or 17 for a sixth, 83 for five.
_ROUND: Final = {
    33: Fraction(1, 3),
    34: Fraction(1, 3),
    66: Fraction(2, 3),
    67: Fraction(2, 3),
    16: Fraction(1, 6),
    17: Fraction(1, 6),
    83: Fraction(5, 6),
}


def to_percent(worth: Fraction) -> str:
    """Returns a credit as a percentage that `from_percent` reads as the same credit, if its denominator is at most FINEST."""
    percent = worth * 100
    if percent.denominator == 1 and abs(percent.numerator) not in _ROUND:
        return str(percent.numerator)
    return str((Decimal(percent.numerator) / Decimal(percent.denominator)).quantize(_DIGITS, ROUND_HALF_UP))


def from_percent(text: str) -> Fraction | None:
    """Returns the credit that a percentage means, None if it is none; outside -100 to 100 it is none."""
    found = _FORM.fullmatch(text)
    if not found:
        return None
    given, digits = Fraction(found[1].rstrip(".")), len(found[2] or "")
    if not -100 <= given <= 100:
        return None
    return _meant(given, digits)


def _meant(given: Fraction, digits: int) -> Fraction:
    sign, size = (-1 if given < 0 else 1), abs(given)
    if not digits and size.denominator == 1 and int(size) in _ROUND:
        return sign * _ROUND[int(size)]
    near = (size / 100).limit_denominator(FINEST)
    if digits >= 5 and abs(near * 100 - size) <= Fraction(1, 10**5):
        return sign * near
    simple = (size / 100).limit_denominator(12)
    if digits and simple.denominator % 3 * (simple.denominator % 7) == 0 and abs(simple * 100 - size) < Fraction(1, 10**digits):
        return sign * simple
    return sign * size / 100


def nearest(worth: Fraction) -> Fraction:
    """Returns the nearest credit that a percentage can carry exactly."""
    return worth.limit_denominator(FINEST)
