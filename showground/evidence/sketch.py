"""A sketch of a text: 64 numbers of which two near-equal texts share most (MinHash), under a key, so that it says nothing without it."""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata

from showground.evidence import links

PLACES = 64
# Longer texts are sketched by their beginning: the rest of a mail is signature and footer.
_LONGEST = 20_000
_WORDS, _CHARACTERS = 3, 4
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]|[^\W_]+")
# ASCII only: Chinese words touch the link that they speak of.
_PRINTED = re.compile(r"[!-~]+")
_LINK = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,24}(?![a-z])")
_NUMBERS = struct.Struct(f"<{PLACES}I")


def shingles(text: str) -> set[str]:
    """Returns the pieces that a text is compared by: three words in a row, four characters in a row where words are not spaced.

    Links and digits are what a sender changes from one message to the next: links are left out, digits are all one digit.
    """
    plain = unicodedata.normalize("NFKC", links.refang(text[:_LONGEST])).casefold()
    tokens = _TOKEN.findall(re.sub(r"\d+", "0", _PRINTED.sub(_unlinked, plain)))
    han = "".join(one if _HAN.match(one) else " " for one in tokens)
    spaced = [one for one in tokens if not _HAN.match(one)]
    found = {" ".join(spaced[at : at + _WORDS]) for at in range(len(spaced) - _WORDS + 1)}
    return found | {run[at : at + _CHARACTERS] for run in han.split() for at in range(len(run) - _CHARACTERS + 1)}


def _unlinked(word: re.Match[str]) -> str:
    """Returns a word, or a blank for a link or a mail address."""
    return " " if "://" in word[0] or "@" in word[0] or "www." in word[0] or _LINK.match(word[0]) else word[0]


def of(text: str, key: bytes) -> tuple[int, ...]:
    """Returns the sketch of a text under a key of 32 bytes: 64 numbers below 2^32, none for a text too short to compare."""
    pieces = shingles(text)
    if len(pieces) < 3:
        return ()
    rows = [_NUMBERS.unpack(hashlib.shake_128(key + piece.encode("utf-8", "replace")).digest(_NUMBERS.size)) for piece in pieces]
    return tuple(map(min, zip(*rows, strict=True)))


def alike(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Returns how much of two texts is common, 0.0 to 1.0, as their sketches tell (standard error at most 0.0625)."""
    return sum(map(int.__eq__, one, other)) / PLACES if one and other else 0.0
