"""Plots as SVG, drawn on the server at the width they are shown (twice: slim and wide), always from zero, figures as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from showground.ui.typeset import number

WIDE, SLIM = 650, 352
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Bar:
    """One bar: a short label under it and its value; a bar to come has none. `now`: this is the one that the page is about."""

    label: str
    value: int | None = None
    now: bool = False


@dataclass(frozen=True)
class Split:
    """One line of a split plot: a name, its parts (drawn end to end; none: a figure that is not told), the sum as it is written."""

    name: str
    parts: tuple[float, ...]
    shown: str


def scale(most: float) -> list[int]:
    """Returns the figures of the axis from 0, three to five steps, the last at least `most`."""
    if most <= 4:
        return list(range(0, max(1, int(-(-most // 1))) + 1))
    rough = most / 4
    power = 1
    while power * 10 <= rough:
        power *= 10
    step = next(int(power * factor) for factor in STEPS if power * factor >= rough and power * factor == int(power * factor))
    return [step * place for place in range(-(-int(most) // step) + 1)]


def bars(items: Sequence[Bar], finding: str, to_come: str = "", base: int = 212) -> SafeString:
    """Returns both drawings of a bar plot; `finding` says in words what it shows, `to_come` stands over bars without a value.

    `base` is where the axis lies, in units from the top.
    """
    pair = (_bars(items, finding, to_come, WIDE, "plot-wide", base), _bars(items, finding, to_come, SLIM, "plot-slim", base))
    return mark_safe("".join(pair))  # noqa: S308


def splits(items: Sequence[Split], finding: str, most: float) -> SafeString:
    """Returns both drawings of lines split into parts, from 0 to `most`."""
    return mark_safe(_splits(items, finding, most, WIDE, "plot-wide") + _splits(items, finding, most, SLIM, "plot-slim"))  # noqa: S308


def _bars(items: Sequence[Bar], finding: str, to_come: str, width: int, kind: str, base: int) -> str:
    marks = scale(max([item.value or 0 for item in items] + [1]))
    left, top = 10 + 8 * len(number(marks[-1])), 24
    pitch = (width - left) / max(1, len(items))
    thick = min(44.0, pitch * 0.58)
    out = [_grid(marks, left, width, top, base)]
    most = max(range(len(items)), key=lambda place: items[place].value or 0, default=0)
    known = [place for place, item in enumerate(items) if item.value is not None]
    roomy = pitch >= 8 * max((len(number(item.value or 0)) for item in items), default=1) + 4
    every = 1 + int(max((_width(item.label) for item in items), default=0) + 6) // max(1, int(pitch))
    for place, item in enumerate(items):
        middle = left + pitch * (place + 0.5)
        if place % every == 0:
            out.append(_text(middle, base + 20, item.label))
        if item.value is None:
            out.append(_rect("e", middle - thick / 2, base - 6, thick, 6))
            continue
        height = (base - top) * item.value / marks[-1]
        out.append(_rect("n" if item.now else "a", middle - thick / 2, base - height, thick, height))
        if roomy or place in (most, known[-1] if abs(known[-1] - most) > 1 else most):
            out.append(_text(middle, base - height - 6, number(item.value), "v"))
    waiting = [place for place, item in enumerate(items) if item.value is None]
    if waiting and to_come:
        out.append(_text(left + pitch * (waiting[0] + waiting[-1] + 1) / 2, base - 16, to_come))
    out.append(f'<line class="ax" x1="{left}" x2="{width}" y1="{base}" y2="{base}"/>')
    return _svg(width, base + 28, kind, finding, out)


def _grid(marks: Sequence[int], left: int, width: int, top: int, base: int) -> str:
    lines = []
    for mark in marks:
        y = base - (base - top) * mark / marks[-1]
        lines.append(_text(left - 8, y + 4, number(mark), "", "end"))
        if mark:
            lines.append(f'<line class="gr" x1="{left}" x2="{width}" y1="{y:.1f}" y2="{y:.1f}"/>')
    return "".join(lines)


def _splits(items: Sequence[Split], finding: str, most: float, width: int, kind: str) -> str:
    slim = width < 400
    left = 1 if slim else 20 + min(190, max(_width(item.name) for item in items))
    room = width - left - (8 if slim else 56)
    step, thick = (44, 20) if slim else (38, 22)
    out = []
    bottom = len(items) * step + 4
    for mark in range(0, 101, 50 if slim else 25):
        x = left + room * mark / 100
        out.append(f'<line class="gr" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{bottom}"/>')
        anchor = "start" if slim and mark == 0 else "end" if slim and mark == 100 else "middle"
        out.append(_text(x, bottom + 18, f"{most * mark / 100:g}", "", anchor))
    for place, item in enumerate(items):
        y = place * step + (20 if slim else 6)
        out.append(_text(0, y - 6, item.name, "", "start") if slim else _text(left - 12, y + 15, item.name, "", "end"))
        x = float(left)
        for part, share in enumerate(item.parts):
            wide = room * share / most
            out.append(_rect("ab"[part % 2], x, y, wide, thick))
            x += wide
        bold = "v" if item.parts else ""
        out.append(_text(width, y - 6, item.shown, bold, "end") if slim else _text(x + 8, y + 15, item.shown, bold, "start"))
        out.append(f'<line class="ax" x1="{left}" x2="{left}" y1="{y - 3}" y2="{y + thick + 3}"/>')
    return _svg(width, bottom + 26, kind, finding, out)


def _width(text: str) -> float:
    return sum(13.0 if ord(character) > 0x2E7F else 7.4 for character in text)


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "middle") -> str:
    name = f' class="{kind}"' if kind else ""
    return f'<text{name} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _rect(kind: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _svg(width: int, height: int, kind: str, finding: str, parts: Sequence[str]) -> str:
    return (
        f'<svg class="plot {kind}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(finding)}">{"".join(parts)}</svg>'
    )
