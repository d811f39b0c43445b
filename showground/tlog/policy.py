"""Whom to trust: logs, witnesses, groups and the quorum. SPEC tlog-policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from showground.tlog import note
from showground.tlog.malformed import Malformed, read_decimal, read_utf8

NONE = "none"


@dataclass(frozen=True)
class Group:
    """Holds when at least `threshold` of its `members` (witnesses or groups) hold."""

    threshold: int
    members: tuple[str, ...]


@dataclass
class Policy:
    """Logs by origin, witnesses and groups by their names here, and the name that must hold ("none": nothing must)."""

    logs: dict[str, note.Key] = field(default_factory=dict)
    witnesses: dict[str, note.Key] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    quorum: str = NONE

    def satisfied(self, cosigners: Iterable[note.Key]) -> bool:
        """Tells whether these witness keys, each with a good cosignature, are enough."""
        return self.quorum == NONE or self._holds(self.quorum, set(cosigners))

    def _holds(self, name: str, cosigners: set[note.Key]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name] in cosigners
        group = self.groups[name]
        return sum(self._holds(member, cosigners) for member in group.members) >= group.threshold


def parse(data: bytes | str) -> Policy:
    """Returns the policy of a file; an unknown word, a name used before it is defined or a key given twice is Malformed."""
    reader = _Reader()
    for number, line in enumerate(read_utf8(data, "the policy").split("\n"), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        try:
            reader.read(words)
        except Malformed as fault:
            raise Malformed(f"line {number} of the policy: {fault}") from None
    if not reader.has_quorum:
        raise Malformed("the policy has no quorum line")
    return reader.policy


class _Reader:
    def __init__(self) -> None:
        self.policy = Policy()
        self.has_quorum = False
        self._publics: set[bytes] = set()
        self._grouped: set[str] = set()

    def read(self, words: list[str]) -> None:
        readers = {"log": self._log, "witness": self._witness, "group": self._group, "quorum": self._quorum}
        if words[0] not in readers:
            raise Malformed(f"unknown word {words[0][:50]!r}")
        readers[words[0]](words[1:])

    def _log(self, words: list[str]) -> None:
        if len(words) not in (1, 2):
            raise Malformed("log <vkey> [url]")
        key = self._key(words[0], note.ED25519)
        if key.name in self.policy.logs:
            raise Malformed(f"log {key.name} is given twice")
        self.policy.logs[key.name] = key
        self._url(key.name, words[1:])

    def _witness(self, words: list[str]) -> None:
        if len(words) not in (2, 3):
            raise Malformed("witness <name> <vkey> [url]")
        name = self._fresh(words[0])
        self.policy.witnesses[name] = self._key(words[1], note.COSIGNATURE)
        self._url(name, words[2:])

    def _group(self, words: list[str]) -> None:
        if len(words) < 3:
            raise Malformed("group <name> all|any|<number> <member>...")
        name, members = self._fresh(words[0]), tuple(words[2:])
        for member in members:
            self._claim(member)
        self.policy.groups[name] = Group(_threshold(words[1], len(members)), members)

    def _quorum(self, words: list[str]) -> None:
        if len(words) != 1 or self.has_quorum:
            raise Malformed("exactly one line: quorum <name>|none")
        if words[0] != NONE and not self._defined(words[0]):
            raise Malformed(f"{words[0][:50]!r} is not defined above")
        self.policy.quorum, self.has_quorum = words[0], True

    def _key(self, vkey: str, type: int) -> note.Key:
        key = note.parse_vkey(vkey)
        if key.type != type:
            raise Malformed(f"the key must be of type {type:02x}, not {key.type:02x}")
        if key.public in self._publics:
            raise Malformed("the same public key is given twice")
        self._publics.add(key.public)
        return key

    def _url(self, name: str, words: list[str]) -> None:
        if words:
            self.policy.urls[name] = words[0]

    def _defined(self, name: str) -> bool:
        return name in self.policy.witnesses or name in self.policy.groups

    def _fresh(self, name: str) -> str:
        if name == NONE or self._defined(name):
            raise Malformed(f"the name {name[:50]!r} is taken")
        return name

    def _claim(self, member: str) -> None:
        if not self._defined(member):
            raise Malformed(f"{member[:50]!r} is not defined above")
        if member in self._grouped:
            raise Malformed(f"{member[:50]!r} is in a group already")
        self._grouped.add(member)


def _threshold(word: str, members: int) -> int:
    fixed = {"all": members, "any": 1}
    threshold = fixed[word] if word in fixed else read_decimal(word, "the threshold", members)
    if threshold < 1:
        raise Malformed("the threshold is at least 1")
    return threshold
