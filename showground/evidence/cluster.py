"""Which reports are about the same thing: strong keys link, weak keys only suggest, and two kinds of weak keys together link.

It sees keyed values only (RULE reports 3.6): a caller hands in the HMAC of each observable under the desk's key, sketches made under that
key, and fingerprints of pictures, which stay in memory while a shift is unlocked. A link never changes a report; to undo it is to
forget it, so that groups are always what the remaining links say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from showground.evidence import fingerprint, sketch

# RULE reports 3.6: texts this alike are one campaign's; those less alike are worth a look. Where both reports name a
# host, phone or account and none is common, the same words may be a template that several crews use: then the words must be nearly all.
SAME_TEXT, SAME_TEXT_OTHER_SENDER, LIKE_TEXT = 0.7, 0.9, 0.5
_IDENTITY = frozenset({"site", "url", "phone", "account", "wallet", "mail"})
# Weak keys that are evidence of their own beside a text; a sender's name is part of the text, and everyone plays the same bank.
_SECOND = frozenset({"link", "ip", "attachment", "code"})
# Two near-equal texts of one band meet: 16 bands of 4 find 0.7 in 99 of 100 cases.
_BANDS, _ROWS = 16, 4
# A weak key that this many reports have says nothing any more, and pairs on it are not even suggested.
COMMON = 40
STRENGTH = {"file": 1.0, "text": 1.0, "url": 0.95, "wallet": 0.95, "account": 0.95, "phone": 0.9, "mail": 0.9, "attachment": 0.95}
STRENGTH |= {"code": 0.95, "site": 0.85, "ip": 0.8, "picture": 0.85}


@dataclass(frozen=True)
class Key:
    """An observable as clustering sees it: its type, its HMAC, and whether it is weak."""

    type: str
    value: str
    weak: bool = False


@dataclass(frozen=True)
class Item:
    """One report as clustering sees it; `ref` is the caller's own name for it."""

    ref: str
    keys: tuple[Key, ...] = ()
    sketch: tuple[int, ...] = ()
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """Two reports that share something: `new` came later, `rule` says what, `score` 0 to 1; `strong` links, otherwise it suggests."""

    new: str
    old: str
    rule: str
    score: float
    strong: bool


@dataclass
class Index:
    """Everything seen so far; `add` answers for one report and remembers it."""

    holders: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    bands: dict[tuple[int, tuple[int, ...]], list[str]] = field(default_factory=lambda: defaultdict(list))
    items: dict[str, Item] = field(default_factory=dict)

    def add(self, item: Item) -> list[Link]:
        """Returns the links of a new report to those before it, best first, at most one per pair; the report is then known."""
        found = self.links(item)
        self.know(item)
        return found

    def know(self, item: Item) -> None:
        """Remembers a report whose links are known already."""
        self.items[item.ref] = item
        for key in item.keys:
            self.holders[key.type, key.value].append(item.ref)
        for band in _bands(item.sketch):
            self.bands[band].append(item.ref)

    def drop(self, ref: str) -> None:
        """Forgets a report: nothing will be linked to it any more."""
        item = self.items.pop(ref, None)
        if item is None:
            return
        for held in (self.holders[key.type, key.value] for key in item.keys):
            held.remove(ref)
        for band in _bands(item.sketch):
            self.bands[band].remove(ref)

    def links(self, item: Item) -> list[Link]:
        """Returns what `add` returns, without remembering anything."""
        best: dict[str, Link] = {}
        hints: dict[str, dict[str, float]] = defaultdict(dict)
        for link in (*self._keyed(item, hints), *self._worded(item, hints), *self._pictured(item)):
            if link.old not in best or link.score > best[link.old].score:
                best[link.old] = link
        for old, rules in hints.items():
            if old not in best:
                best[old] = _weighed(item.ref, old, rules)
        return sorted(best.values(), key=lambda link: (not link.strong, -link.score, link.old))

    def _keyed(self, item: Item, hints: dict[str, dict[str, float]]) -> Iterator[Link]:
        """Yields a link to the first holder of each strong key (the others hang on it already); notes weak ones in `hints`."""
        for key in item.keys:
            held = self.holders.get((key.type, key.value), [])
            if not key.weak and held:
                yield Link(item.ref, held[0], key.type, STRENGTH.get(key.type, 0.8), strong=True)
            elif len(held) <= COMMON:
                for old in held:
                    hints[old][_kind(key.type)] = max(hints[old].get(_kind(key.type), 0.0), 0.4)

    def _worded(self, item: Item, hints: dict[str, dict[str, float]]) -> Iterator[Link]:
        """Yields a link to the report whose text is nearest, if it is the same text; notes those that are like it."""
        near = {old for band in _bands(item.sketch) for old in self.bands.get(band, [])[:COMMON]}
        scored = sorted(
            ((sketch.alike(item.sketch, self.items[old].sketch), old) for old in near), key=lambda one: (-one[0], one[1])
        )
        same = next(((score, old) for score, old in scored if score >= self._enough(item, old)), None)
        if same:
            yield Link(item.ref, same[1], "words", round(same[0], 3), strong=True)
        for score, old in scored[:COMMON]:
            if score >= LIKE_TEXT:
                hints[old]["words"] = score

    def _enough(self, item: Item, old: str) -> float:
        """Returns how alike two texts must be to link by themselves."""
        own, other = _identity(item), _identity(self.items[old])
        return SAME_TEXT_OTHER_SENDER if own and other and not own & other else SAME_TEXT

    def _pictured(self, item: Item) -> Iterator[Link]:
        """Yields a link to the report whose picture is nearest, if it is near enough."""
        for own in filter(None, item.pictures):
            others = ((fingerprint.apart(own, other), ref) for ref, old in self.items.items() for other in old.pictures if other)
            bits, ref = min(others, default=(fingerprint.BITS, ""))
            if bits <= fingerprint.ALIKE:
                yield Link(item.ref, ref, "picture", round(1 - bits / fingerprint.BITS, 3), strong=True)


def _kind(key: str) -> str:
    """Returns the kind that a weak key counts as: a link and its host are one kind of evidence, not two."""
    return "link" if key in {"url", "host", "site"} else key


def _weighed(new: str, old: str, rules: dict[str, float]) -> Link:
    """Returns a link on weak keys: strong only if a text that is alike and another key agree (RULE reports 3.6, second key)."""
    score = min(0.8, sum(rules.values()))
    return Link(new, old, "+".join(sorted(rules)), round(score, 3), strong="words" in rules and bool(rules.keys() & _SECOND))


def _identity(item: Item) -> set[Key]:
    return {key for key in item.keys if key.type in _IDENTITY}


def _bands(numbers: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
    return ((at, numbers[at : at + _ROWS]) for at in range(0, _BANDS * _ROWS, _ROWS)) if numbers else iter(())


def groups(refs: Iterable[str], links: Iterable[Link]) -> list[list[str]]:
    """Returns the groups that the strong links make, each sorted, largest first; to undo a link, leave it out."""
    parent = {ref: ref for ref in refs}

    def root(ref: str) -> str:
        while parent[ref] != ref:
            parent[ref] = parent[parent[ref]]
            ref = parent[ref]
        return ref

    for link in links:
        if link.strong and link.new in parent and link.old in parent:
            one, other = sorted((root(link.new), root(link.old)))
            parent[other] = one
    found: dict[str, list[str]] = defaultdict(list)
    for ref in parent:
        found[root(ref)].append(ref)
    return sorted((sorted(group) for group in found.values()), key=lambda group: (-len(group), group[0]))
