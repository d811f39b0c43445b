"""The plots of the quiz desk, as SVG drawn at the width they are shown; each page has the same figures as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BASE = 34, 344, 14, 146


@dataclass(frozen=True)
class Line:
    """One line: its name at its start, values from 0 to 100, and whether it is the one that should rise."""

    name: str
    values: tuple[float, ...]
    key: bool = False


def _text(x: float, y: float, text: str, anchor: str = "middle", kind: str = "") -> str:
    return f'<text{f" class={kind!r}" if kind else ""} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _y(value: float) -> float:
    return BASE - (BASE - TOP) * min(100.0, max(0.0, value)) / 100


def _spread(wanted: Sequence[float], least: float = 13) -> list[float]:
    """Moves labels apart so that none covers another, as little as it takes."""
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    found, last = list(wanted), -1e9
    for at in order:
        last = found[at] = max(wanted[at], last + least)
    over = max(0.0, last - (BASE + 4))
    return [y - over if over else y for y in found]


def fifths(lines: Sequence[Line], finding: str) -> SafeString:
    """Draws who chooses what: one line for each option over the fifths of the people by total score, the key in pencil blue."""
    step = (RIGHT - LEFT - 26) / 4
    xs = [LEFT + 22 + step * at for at in range(5)]
    out = []
    for mark, begin in ((0, LEFT + 18), (50, LEFT), (100, LEFT)):
        out.append(_text(LEFT - 8, _y(mark) + 4, str(mark), "end"))
        out.append(f'<line class="{"gr" if mark else "ax"}" x1="{begin}" x2="{RIGHT}" y1="{_y(mark):.1f}" y2="{_y(mark):.1f}"/>')
    labels = _spread([_y(line.values[0]) + 4 for line in lines])
    for line, label in zip(lines, labels, strict=True):
        kind = "key" if line.key else "line"
        points = " ".join(f"{x:.1f},{_y(value):.1f}" for x, value in zip(xs, line.values, strict=True))
        out.append(f'<polyline class="{kind}" points="{points}"/>')
        out += [f'<circle class="{kind}" cx="{x:.1f}" cy="{_y(v):.1f}" r="3"/>' for x, v in zip(xs, line.values, strict=True)]
        out.append(_text(LEFT + 14, label, line.name, "end", "v"))
    for at, name in ((0, _("lowest fifth")), (2, _("middle")), (4, _("highest"))):
        out.append(
            _text(xs[at] if at < 4 else RIGHT, BASE + 18, name, ("start", "", "middle", "", "end")[at] if at != 0 else "start")
        )
    out.append(_text((LEFT + RIGHT) / 2, BASE + 36, _("people by total score")))
    return _svg(finding, out)


def marks(counts: Mapping[str, int], finding: str) -> SafeString:
    """Draws how many people reached each total, names under the bars, counts over them."""
    most = max([*counts.values(), 1])
    pitch = (RIGHT - LEFT) / max(1, len(counts))
    every = 1 + (len(counts) - 1) // 12
    out = [f'<line class="ax" x1="{LEFT}" x2="{RIGHT}" y1="{BASE}" y2="{BASE}"/>']
    for at, (name, count) in enumerate(counts.items()):
        middle, height = LEFT + pitch * (at + 0.5), (BASE - TOP - 14) * count / most
        thick = min(40.0, pitch * 0.62)
        out.append(
            f'<rect class="a" x="{middle - thick / 2:.1f}" y="{BASE - height:.1f}" width="{thick:.1f}" height="{height:.1f}"/>'
        )
        if at % every == 0:
            out.append(_text(middle, BASE + 18, name))
            out.append(_text(middle, BASE - height - 5, str(count), "middle", "v"))
    out.append(_text((LEFT + RIGHT) / 2, BASE + 36, _("points")))
    return _svg(finding, out)


def _svg(finding: str, parts: Sequence[str]) -> SafeString:
    label = escape(finding)
    drawn = f'<svg class="plot q-plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
    return mark_safe(drawn)  # noqa: S308
