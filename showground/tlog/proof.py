"""A receipt as a file: one leaf's place in a signed tree. SPEC tlog-proof (extension .tlog-proof)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from showground.tlog import merkle, note
from showground.tlog.checkpoint import Signed, open_checkpoint
from showground.tlog.malformed import (
    Malformed,
    Unverified,
    from_base64,
    read_decimal,
    read_hash,
    read_utf8,
    to_base64,
)

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PATH = 63


@dataclass(frozen=True)
class Proof:
    """Leaf `index`, its `path` (sibling first), the signed `checkpoint` verbatim, and `extra` bytes for the holder."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    @property
    def data(self) -> str:
        """The receipt as a file."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {to_base64(self.extra)}")
        lines += [f"index {self.index}", *map(to_base64, self.path), "", self.checkpoint]
        return "\n".join(lines)


def parse(data: bytes | str) -> Proof:
    """Returns the receipt of a file in its one strict form; nothing is verified yet."""
    text = read_utf8(data, "the receipt")
    head, gap, signed = text.partition("\n\n")
    lines = head.split("\n")
    if lines.pop(0) != HEADER:
        raise Malformed(f"a receipt begins with {HEADER}")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = from_base64(lines.pop(0).removeprefix("extra "), "the extra line")
    if not lines or not lines[0].startswith("index "):
        raise Malformed("the receipt lacks its index line")
    index = read_decimal(lines.pop(0).removeprefix("index "), "the index")
    if len(lines) > MAX_PATH:
        raise Malformed(f"the receipt has more than {MAX_PATH} hashes")
    path = tuple(read_hash(line, "a hash of the receipt") for line in lines)
    if not gap:
        raise Malformed("the receipt lacks its checkpoint")
    note.parse(signed)
    return Proof(index, path, signed, extra)


def check(proof: Proof, leaf: bytes, log: note.Key, witnesses: Iterable[note.Key] = ()) -> Signed:
    """Returns the signed checkpoint under which leaf hash `leaf` stands at the receipt's index, else Unverified.

    Whether the witnesses' signatures suffice is for the policy to say: see `policy.Policy.satisfied`.
    """
    signed = open_checkpoint(proof.checkpoint, log, witnesses)
    head = signed.checkpoint
    if not merkle.check_inclusion(leaf, proof.index, head.size, proof.path, head.root):
        raise Unverified(f"the path does not lead from leaf {proof.index} to the signed root")
    return signed
