from __future__ import annotations

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[2] / "showground/ui/css/tokens.css").read_text(encoding="utf-8")
LIGHT, DARK = SHEET.split("@media (prefers-color-scheme: dark) {", 1)
WALLS = ("", "harvest", "sage", "lilac", "chalk")


def block(selector: str, sheet: str = LIGHT) -> dict[str, str]:
    body = re.search(rf"^\s*{re.escape(selector)} \{{(.*?)\}}", sheet, re.S | re.M)[1]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", body))


def palette(theme: str, wall: str) -> dict[str, str]:
    colours = block(":root")
    if wall:
        colours |= block(f"[data-wall={wall}]")
    if theme == "dark":
        colours |= block(":root", DARK)
        if wall:
            colours |= block(f"[data-wall={wall}]", DARK)
    return colours


def light(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("wall", WALLS)
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("wall-ink", "wall", 7), ("wall-2", "wall", 4.5), ("flag-ink", "flag", 4.5), ("focus", "wall", 3),
        ("wall-ink", "wall-3", 4.5),
    ],
)  # fmt: skip
def test_week_colours_can_be_read_on_their_wall(theme, wall, ink, ground, least):
    colours = palette(theme, wall)
    assert contrast(colours[ink], colours[ground]) >= least


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "grounds", "least"),
    [
        ("ink", ("paper", "sheet", "tint"), 7), ("ink-2", ("paper", "sheet", "tint"), 4.5), ("ink-3", ("sheet", "paper"), 4.5),
        ("seal", ("paper", "sheet", "tint"), 4.5), ("edge", ("paper", "sheet"), 3), ("focus", ("paper", "sheet"), 3),
        ("pencil", ("sheet", "paper", "pencil-wash"), 4.5), ("ochre", ("sheet", "paper", "ochre-wash", "pencil-wash"), 4.5),
        ("on-ink", ("ink",), 7),
        ("ink", ("pencil-wash", "ochre-wash"), 7), ("chop", ("paper", "sheet"), 3), ("on-ink", ("pencil",), 4.5),
    ],
)  # fmt: skip
def test_inks_can_be_read_on_paper(theme, ink, grounds, least):
    colours = palette(theme, "")
    for ground in grounds:
        assert contrast(colours[ink], colours[ground]) >= least, ground


@pytest.mark.parametrize("wall", WALLS[1:])
def test_the_dark_sets_every_colour_of_a_wall_that_the_light_set(wall):
    selector = f"[data-wall={wall}]"
    assert set(block(selector, DARK)) == set(block(selector)), "else a wall by night keeps a colour of the day, or of another wall"
    assert len(block(selector, DARK)) >= 4
