"""Words to search by, also where no spaces part them: Chinese as overlapping pairs of characters, other scripts as whole words.

The pairs of one run end with its last character alone. So one character is found as the beginning of a pair, two are a pair, and
three or more are pairs that follow one another; and nothing is found across a full stop.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from showground.media import script

LONGEST = 200  # characters of a query that are looked at
_RUN = re.compile(r"[^\W_]+")


def tokens(text: str) -> list[str]:
    """Returns the tokens of a text in order, in lower case and plain forms (full-width letters become ordinary ones)."""
    return [token for run in _runs(text) for token in (_pairs(run) if script.solid(run[0]) else [run])]


def _runs(text: str) -> Iterator[str]:
    """Yields runs of letters and digits, cut where a script without spaces begins or ends."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for found in _RUN.finditer(plain):
        start, run = 0, found[0]
        for place in range(1, len(run) + 1):
            if place == len(run) or script.solid(run[place]) != script.solid(run[start]):
                yield run[start:place]
                start = place


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run))]


def indexed(text: str) -> str:
    """Returns what goes into a column of SQLite's FTS5 (tokenizer unicode61 with remove_diacritics 0)."""
    return " ".join(tokens(text))


def vector(text: str) -> str:
    """Returns what goes into a column of PostgreSQL as a tsvector literal, places and all, so that no parser comes between."""
    places: dict[str, list[int]] = {}
    for place, token in enumerate(tokens(text)[:16_000], 1):
        held = places.setdefault(token, [])
        if len(held) < 255:
            held.append(place)
    return " ".join(f"'{token}':{','.join(map(str, held))}" for token, held in sorted(places.items()))


def asked(query: str) -> list[list[str]]:
    """Returns what must all be found: tokens that stand in a row; the last of each may go on if it ends in "*"."""
    groups: list[list[str]] = []
    for run in _runs(query[:LONGEST]):
        if not script.solid(run[0]):
            groups.append([f"{run}*" if len(run) > 2 else run])
        elif len(run) == 1:
            groups.append([f"{run}*"])
        else:
            groups.append(_pairs(run)[:-1])
    return groups


def match(query: str) -> str:
    """Returns the MATCH expression of FTS5 for what somebody typed; "" if there is nothing to look for."""
    return " AND ".join(_quoted(group) for group in asked(query))


def _quoted(group: list[str]) -> str:
    words = " ".join(token.removesuffix("*") for token in group)
    return f'"{words}"' + ("*" if group[-1].endswith("*") else "")


def tsquery(query: str) -> str:
    """Returns the text of a PostgreSQL tsquery for what somebody typed; "" if there is nothing to look for."""
    return " & ".join("(" + " <-> ".join(_lexeme(token) for token in group) + ")" for group in asked(query))


def _lexeme(token: str) -> str:
    return f"'{token.removesuffix('*')}'" + (":*" if token.endswith("*") else "")
