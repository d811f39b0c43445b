"""The head of a log: origin, size, root. SPEC tlog-checkpoint, without extension lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from showground.tlog import cosignature
from showground.tlog.malformed import Malformed, Unverified, read_decimal, read_hash, read_utf8, to_base64
from showground.tlog.note import COSIGNATURE, Key, Note, open_note


@dataclass(frozen=True)
class Checkpoint:
    """`size` leaves of the log `origin` have this 32-byte `root`."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The three lines that are signed."""
        return body(self.origin, self.size, self.root)


@dataclass(frozen=True)
class Signed:
    """A checkpoint signed by its log; `cosigned` maps each witness key that signed it to its latest time."""

    checkpoint: Checkpoint
    note: Note
    cosigned: Mapping[Key, int] = field(default_factory=dict)


def body(origin: str, size: int, root: bytes) -> str:
    """Returns the three lines that are signed: origin, decimal size, base64 root."""
    if not origin or any(c < " " for c in origin) or size < 0 or len(root) != 32:
        raise ValueError("a checkpoint has an origin of one line, a size and a root of 32 bytes")
    return f"{origin}\n{size}\n{to_base64(root)}\n"


def parse(text: bytes | str) -> Checkpoint:
    """Returns the checkpoint of a note's text; anything but three exact lines is Malformed."""
    lines = read_utf8(text, "the checkpoint").split("\n")
    if len(lines) != 4 or lines[3]:
        raise Malformed("a checkpoint has three lines: origin, size, root")
    if not lines[0] or any(c < " " for c in lines[0]):
        raise Malformed("the checkpoint names no origin")
    return Checkpoint(lines[0], read_decimal(lines[1], "the size"), read_hash(lines[2], "the root"))


def open_checkpoint(data: bytes | str, log: Key, witnesses: Iterable[Key] = ()) -> Signed:
    """Returns a checkpoint that the log key signed and the witnesses' times on it; bad lines of known keys refuse it.

    The log key's name is the origin. Lines of unknown keys are ignored.
    """
    opened = open_note(data, [log, *witnesses])
    if not any(key == log for key, _ in opened.verified):
        raise Unverified(f"no signature by the log {log.name}")
    head = parse(opened.text)
    if head.origin != log.name:
        raise Unverified(f"the checkpoint is of {head.origin}, not of {log.name}")
    times: dict[Key, int] = {}
    for key, signature in opened.verified:
        if key.type == COSIGNATURE:
            times[key] = max(times.get(key, 0), cosignature.decode(signature.payload)[0])
    return Signed(head, opened.note, times)
