"""By fives: which things are counted now and which wait, so that no published number stands for fewer than five.

RULE figures 1 (by fives): a thing is counted once, in the first week in which every row that it falls into gets at least five. What
is not counted waits for its like; how much waits is published nowhere. So a row of a week says 0 or at least five, rows add up to
their total, weeks add up to years, and no number is hidden beside another.

Why nobody is found by subtraction: take a week and a row that counted nothing. Put up to four things there, as things that still wait
or as things that the row counts later. Fewer than five in a row are never counted, so every number before, in and after that week stays
as it was. Whoever has all figures that were ever published cannot tell these worlds apart, and no sum or difference of them can. The same
holds for a row that counted: that all of it came in that very week fits just as well as that it came before. What is not by fives are
acts of the desk (counting.py), and in the log the number of its steps in each hour, all kinds together: a report alone is two of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import Final, TypeVar

LEAST: Final = 5
Key = TypeVar("Key", bound=Hashable)
Rows = tuple[tuple[str, str], ...]  # of each table the row that a thing falls into: (("category", "scam"), ("channel", "web"))


def split(things: Mapping[Key, Rows], least: int = LEAST) -> tuple[set[Key], set[Key]]:
    """Returns (counted, waiting): the greatest set in which no row has from 1 to `least` - 1 things, and the others."""
    counted = set(things)
    while few := _few(things, counted, least):
        counted -= few
    return counted, set(things) - counted


def _few(things: Mapping[Key, Rows], counted: set[Key], least: int) -> set[Key]:
    """Those of the counted that stand in a row of fewer than `least`: none of them can be in any set that is allowed."""
    sizes = Counter(row for key in counted for row in things[key])
    return {key for key in counted if any(sizes[row] < least for row in things[key])}


def table(things: Mapping[Key, Rows], counted: Iterable[Key], name: str) -> Counter[str]:
    """Returns how many of the counted fall into each row of a table."""
    return Counter(row for key in counted for told, row in things[key] if told == name)
