"""What a QTI item of another system declares: the right answers, the points of each, and numbers as questions hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from showground.interchange.questions.hardened import Element
from showground.interchange.questions.qti_xml import fraction
from showground.rules.questions import decimal


@dataclass
class Declared:
    """A response declaration: its cardinality, base type, right values and mapping (key, points, capitals count)."""

    identifier: str
    cardinality: str
    base: str
    correct: list[str] = field(default_factory=list)
    entries: list[tuple[str, Fraction, bool]] = field(default_factory=list)
    high: Fraction | None = None
    default: Fraction = Fraction(0)
    area: bool = False

    @classmethod
    def of(cls, element: Element) -> Declared:
        """Returns what an element declares."""
        made = cls(
            str(element.get("identifier", "")),
            str(element.get("cardinality", "single")),
            str(element.get("baseType", "identifier")),
        )
        made.correct = [_plain(value) for value in element.iterfind("correctResponse/value")]
        made.area = element.find("areaMapping") is not None
        for mapping in element.iterfind("mapping"):
            made.high = fraction(mapping.get("upperBound"))
            made.default = fraction(mapping.get("defaultValue")) or Fraction(0)
            for entry in mapping.iterfind("mapEntry"):
                case = str(entry.get("caseSensitive", "false")) in {"true", "1"}
                made.entries.append((str(entry.get("mapKey", "")), fraction(entry.get("mappedValue")) or Fraction(0), case))
        return made


def _plain(element: Element) -> str:
    return (element.text or "").strip(" \t\r\n")


def around(right: str, bounds: list[str], relative: bool) -> dict[str, Any] | None:
    """Returns what is accepted around a number: a tolerance, or low and high if the two bounds differ; None if one is no number."""
    if not all(bounds):
        return None
    if relative:
        bounds = [plain_number(str(abs(Decimal(right)) * Decimal(bound) / 100)) for bound in bounds]
    if bounds[0] == bounds[1]:
        return {"value": right, "tolerance": bounds[0]}
    low, high = Decimal(right) - Decimal(bounds[0]), Decimal(right) + Decimal(bounds[1])
    return {"low": plain_number(str(low)), "high": plain_number(str(high))}


def plain_number(text: str | None) -> str:
    """Returns a number as digits, a sign and a point; "" for what is none or too long for that."""
    words = (text or "").strip()
    if decimal(words) is not None:
        return words
    try:
        value = Decimal(words)
    except InvalidOperation:
        return ""
    if not value.is_finite() or not -30 < value.adjusted() < 30:
        return ""
    plain = format(value, "f")
    return plain if decimal(plain) is not None else ""
