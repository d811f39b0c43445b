"""A text and the lines that sign it. SPEC signed-note; keys are written as SPEC vkeys `name+id+base64`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

from showground.tlog import cosignature, ed25519
from showground.tlog.malformed import Malformed, Unverified, from_base64, read_utf8, to_base64

ED25519 = 0x01
COSIGNATURE = 0x04
PRIVATE = 0xFF  # keys of our own kind, such as the escrow key: never for signing notes

MAX_NOTE = 1_000_000
MAX_SIGNATURES = 100
_DASH = "— "


@dataclass(frozen=True)
class Key:
    """A public key with its name: `type` as in the vkey, `public` the bytes behind the type byte."""

    name: str
    type: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that stand before a signature."""
        return key_id(self.name, self.type, self.public)

    @property
    def vkey(self) -> str:
        """The key as people configure it: name+hex id+base64."""
        return f"{self.name}+{self.id.hex()}+{to_base64(bytes([self.type]) + self.public)}"


@dataclass(frozen=True)
class Signature:
    """One signature line: `payload` is what follows the key id."""

    name: str
    id: bytes
    payload: bytes

    @property
    def line(self) -> str:
        """The line as it stands under the text, with its newline."""
        return f"{_DASH}{self.name} {to_base64(self.id + self.payload)}\n"


@dataclass(frozen=True)
class Note:
    """A text (ends with a newline) and its signature lines, in order."""

    text: str
    signatures: tuple[Signature, ...]

    @property
    def data(self) -> str:
        """The whole note as it travels."""
        return self.text + "\n" + "".join(signature.line for signature in self.signatures)

    def has(self, key: Key) -> bool:
        """Tells whether a line claims to be by this key; nothing is verified."""
        return any((s.name, s.id) == (key.name, key.id) for s in self.signatures)


def key_id(name: str, type: int, public: bytes) -> bytes:
    """Returns the four-byte key id. SPEC signed-note: SHA-256(name || 0x0A || type || public key)[:4]."""
    return sha256(name.encode() + b"\n" + bytes([type]) + public).digest()[:4]


def check_name(name: str) -> str:
    """Returns a key name that may stand in a signature line; spaces, plus signs and emptiness are Malformed."""
    if not name or "+" in name or any(c.isspace() or c < " " for c in name):
        raise Malformed(f"not a key name: {name[:100]!r}")
    return name


def parse_vkey(text: str) -> Key:
    """Returns the key of a vkey of type 01, 04 or ff; a wrong key id or an Ed25519 key of small order is Malformed."""
    parts = read_utf8(text, "the vkey").split("+", 2)
    if len(parts) != 3 or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise Malformed("a vkey reads name+8 hex digits+base64")
    raw = from_base64(parts[2], "the key in the vkey")
    if len(raw) < 2 or raw[0] not in (ED25519, COSIGNATURE, PRIVATE):
        raise Malformed("the vkey is of no known type")
    key = Key(check_name(parts[0]), raw[0], raw[1:])
    if key.id.hex() != parts[1]:
        raise Malformed(f"the key id of the vkey should be {key.id.hex()}")
    if key.type != PRIVATE and not ed25519.is_public_key(key.public):
        raise Malformed("the vkey holds no usable Ed25519 key")
    return key


def format_vkey(name: str, type: int, public: bytes) -> str:
    """Returns the vkey of a public key."""
    return Key(check_name(name), type, public).vkey


def parse(data: bytes | str) -> Note:
    """Returns a note in its one strict form; no signature is verified."""
    if len(data) > MAX_NOTE:
        raise Malformed(f"the note is longer than {MAX_NOTE} bytes")
    whole = read_utf8(data, "the note")
    if any(c < " " and c != "\n" for c in whole):
        raise Malformed("the note holds a control character")
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise Malformed("the note lacks its empty line or its signatures")
    rows = lines[:-1].split("\n")
    if len(rows) > MAX_SIGNATURES:
        raise Malformed(f"the note has more than {MAX_SIGNATURES} signatures")
    return Note(text + "\n", tuple(_parse_line(row) for row in rows))


def _parse_line(row: str) -> Signature:
    name, space, encoded = row.removeprefix(_DASH).partition(" ")
    if not row.startswith(_DASH) or not space:
        raise Malformed("a signature line does not read '— name base64'")
    raw = from_base64(encoded, "the signature")
    if len(raw) < 5:
        raise Malformed("a signature is too short")
    return Signature(check_name(name), raw[:4], raw[4:])


def verify(key: Key, text: str, signature: Signature) -> bool:
    """Tells whether the line is a good signature by the key over the text (type 01 or 04)."""
    if (signature.name, signature.id) != (key.name, key.id):
        return False
    if key.type == COSIGNATURE:
        return cosignature.verify(key.public, text, signature.payload) is not None
    return key.type == ED25519 and ed25519.verify(key.public, text.encode(), signature.payload)


@dataclass(frozen=True)
class Opened:
    """A note with at least one good signature by a known key: `verified` pairs each key with its line."""

    note: Note
    verified: tuple[tuple[Key, Signature], ...]

    @property
    def text(self) -> str:
        """What was signed."""
        return self.note.text


def open_note(data: bytes | str | Note, keys: Iterable[Key]) -> Opened:
    """Returns a note that at least one of the keys signed; a bad line of a known key refuses the whole note.

    Lines of unknown keys are ignored. Raises Malformed for the form and Unverified for the signatures.
    """
    note = data if isinstance(data, Note) else parse(data)
    known = {(key.name, key.id): key for key in keys}
    verified = []
    for signature in dict.fromkeys(note.signatures):
        key = known.get((signature.name, signature.id))
        if key is None:
            continue
        if not verify(key, note.text, signature):
            raise Unverified(f"bad signature by {key.name}")
        verified.append((key, signature))
    if not verified:
        raise Unverified("no signature by a known key")
    return Opened(note, tuple(verified))


def sign(text: str, name: str, key_type: int, public: bytes, sign: Callable[[bytes], bytes]) -> str:
    """Returns the signature line over a text; `sign` makes 64 bytes of Ed25519 over the bytes it gets."""
    if key_type != ED25519:
        raise ValueError("only a key of type 01 signs a plain text; see cosign")
    _check_text(text)
    return Signature(check_name(name), key_id(name, key_type, public), sign(text.encode())).line


def cosign(text: str, name: str, public: bytes, time: int, sign: Callable[[bytes], bytes]) -> str:
    """Returns the cosignature line (type 04) over a checkpoint body at a time in Unix seconds."""
    _check_text(text)
    payload = cosignature.encode(time, sign(cosignature.message(text, time)))
    return Signature(check_name(name), key_id(name, COSIGNATURE, public), payload).line


def join(text: str, lines: Iterable[str]) -> str:
    """Returns the signed note of a text and its signature lines."""
    return text + "\n" + "".join(lines)


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(c < " " and c != "\n" for c in text):
        raise ValueError("a text to sign ends with a newline and holds no other control character")
