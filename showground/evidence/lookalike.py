"""Hosts that want to be taken for another's: compared by what the eye sees, with the names that a site protects."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import confusable_homoglyphs

from showground.evidence import hosts

Told = dict[str, Any]
# Shorter names are within one letter of too many honest ones; a part of a host must be longer still to mean the name.
NEAR_FROM, PART_FROM, INSIDE_FROM = 5, 4, 6
_WRITTEN_WITH_LATIN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
_TWINS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_DIGITS = str.maketrans("01|", "oll")


@dataclass(frozen=True)
class Names:
    """What a site protects: registrable domains that are real, and for each chosen label its skeleton and its words."""

    official: frozenset[str] = frozenset()
    labels: tuple[tuple[str, str], ...] = ()  # (label, registrable domain)
    words: tuple[tuple[str, str], ...] = ()  # (a name in words, case folded; registrable domain)


NOBODY = Names()


def read_names(text: str) -> Names:
    """Returns the protected names of a text file: a line is `domain = Name, another name`; `#` begins a comment."""
    official: set[str] = set()
    labels: dict[str, str] = {}
    words: dict[str, str] = {}
    for line in hosts.lines(text.splitlines()):
        domain, _, said = line.partition("=")
        ascii_site = hosts.site(_ascii(domain.strip()))
        if ascii_site:
            official.add(ascii_site)
            labels.setdefault(unicode_of(ascii_site).partition(".")[0], ascii_site)
            words |= {word.strip().casefold(): ascii_site for word in said.split(",") if word.strip()}
    return Names(frozenset(official), tuple(labels.items()), tuple(words.items()))


def flags(host: str, names: Names) -> list[Told]:
    """Returns what is untrue about an ASCII host: scripts mixed in a label, and protected names it plays on."""
    shown = unicode_of(host)
    found: list[Told] = [{"code": "host.mixed_script", "label": part} for part in shown.split(".") if mixed(part)][:1]
    if hosts.address(host) is None and hosts.site(host) not in names.official:
        found += _played_on(shown, host, names)
    return found


def _played_on(shown: str, host: str, names: Names) -> list[Told]:
    own = unicode_of(hosts.site(host)).partition(".")[0]
    for label, official in names.labels:
        code = _likeness(own, label) or ("host.contains_name" if _contains(shown, label) else "")
        if code:
            return [{"code": code, "name": official, "host": shown}]
    return []


def _likeness(own: str, label: str) -> str:
    """Returns how a chosen label resembles a protected one: same letters, same look, one letter off, or "" if it does not."""
    if own == label:
        return "host.other_ending"
    seen, wanted = skeleton(own), skeleton(label)
    if seen == wanted:
        return "host.look_alike"
    return "host.one_letter_off" if len(wanted) >= NEAR_FROM and one_apart(seen, wanted) else ""


def _contains(shown: str, label: str) -> bool:
    """Tells whether a host carries a protected name as a part or, if it is long enough, anywhere; hyphens make no difference."""
    wanted = skeleton(label).replace("-", "")
    wholes = {skeleton(name).replace("-", "") for name in shown.split(".")}
    parts = {skeleton(part) for name in shown.split(".") for part in name.split("-")}
    if len(label) >= PART_FROM and wanted in wholes | parts:
        return True
    return len(label) >= INSIDE_FROM and any(wanted in whole for whole in wholes)


@lru_cache(maxsize=8192)
def skeleton(label: str) -> str:
    """Returns what a label looks like (SPEC uts39 4, with digits and pairs that pass for letters folded too)."""
    plain = unicodedata.normalize("NFD", label.casefold())
    seen = unicodedata.normalize("NFD", "".join(_prototypes().get(char, char) for char in plain if not unicodedata.combining(char)))
    seen = seen.casefold().translate(_DIGITS)
    for pair, one in _TWINS:
        seen = seen.replace(pair, one)
    return seen


@cache
def _prototypes() -> Mapping[str, str]:
    """Returns for each character that passes for Latin letters the letters it passes for; the data is Unicode's confusables."""
    file = Path(confusable_homoglyphs.__file__).with_name("confusables.json")
    table: dict[str, list[dict[str, str]]] = json.loads(file.read_text(encoding="utf-8"))
    found = {}
    for char, others in table.items():
        latin = [other["c"] for other in others if other["c"].isascii() and other["c"].isalnum()]
        if latin and len(char) == 1 and not char.isascii():
            found[char] = min(latin, key=lambda one: (not one.islower(), len(one), one)).lower()
    return found


def one_apart(one: str, other: str) -> bool:
    """Tells whether one letter changed, missing, added, or swapped with its neighbour turns one text into the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[:at] + one[at : at + 2][::-1] + one[at + 2 :]
    return one[at + 1 :] == other[at + 1 :] or swapped == other


def mixed(label: str) -> bool:
    """Tells whether a label mixes scripts that no language writes together (SPEC uts39 5.2, highly restrictive)."""
    scripts = {_script(char) for char in label if char.isalpha()}
    return len(scripts) > 1 and not (scripts - _WRITTEN_WITH_LATIN <= {"LATIN"})


def _script(char: str) -> str:
    return unicodedata.name(char, "?").split()[0].split("-")[0]


def unicode_of(host: str) -> str:
    """Returns a host as its owner reads it; labels that decode to nothing stay as they are."""
    return ".".join(_label_shown(label) for label in host.split("."))


def _label_shown(label: str) -> str:
    if not label.startswith("xn--") or len(label) > 63:
        return label
    try:
        return label[4:].encode("ascii").decode("punycode").lower()
    except (UnicodeError, ValueError):
        return label


def _ascii(domain: str) -> str:
    import ada_url

    try:
        return str(ada_url.URL(f"https://{domain}/").hostname)
    except ValueError:
        return ""


def names_in(text: str, names: Names) -> Iterable[tuple[str, str]]:
    """Yields the protected names that a text says in words, with their registrable domains."""
    said = unicodedata.normalize("NFKC", text).casefold()
    return ((word, official) for word, official in names.words if word in said)
