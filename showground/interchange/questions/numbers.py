"""Numbers as question files write them: `3.14`, `3.14:0.005`, `3.1..3.2`, `1,5`, `2e3`."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from showground.rules.questions import decimal

_WRITTEN = re.compile(r"[+-]?(?:[0-9]{1,30}(?:[.,][0-9]{0,30})?|[.,][0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?")


def as_decimal(text: str) -> str | None:
    """Returns a number as questions hold it ("0.5"), letter by letter if it is one already; None for what is no number."""
    text = text.strip()
    if decimal(text) is not None:
        return text
    if not _WRITTEN.fullmatch(text):
        return None
    try:
        plain = format(Decimal(text.replace(",", ".")), "f").rstrip(".")
    except InvalidOperation:  # pragma: no cover - the pattern admits only numbers
        return None
    return plain if decimal(plain) is not None else None


def accepted_number(text: str) -> dict[str, str] | None:
    """Returns {value, tolerance} or {low, high} of "value", "value:tolerance" or "low..high"; None if it is neither."""
    low, dots, high = text.partition("..")
    value, _, tolerance = text.partition(":")
    one, other = (as_decimal(low), as_decimal(high)) if dots else (as_decimal(value), as_decimal(tolerance.strip() or "0"))
    if one is None or other is None:
        return None
    return {"low": one, "high": other} if dots else {"value": one, "tolerance": other}
