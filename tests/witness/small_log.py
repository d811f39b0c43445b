"""A log of a few records with its own key, as the publisher would sign it; used by the witness's tests only."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from showground.tlog import checkpoint, merkle, note, tiles
from showground.tlog.malformed import to_base64


class SmallLog:
    """Signs the tree of its entries at any size."""

    def __init__(self, origin: str = "vote.example.org/2026", entries: list[bytes] | None = None) -> None:
        self.origin = origin
        self.private = Ed25519PrivateKey.from_private_bytes(b"log" + bytes(29))
        self.key = note.Key(origin, note.ED25519, self.private.public_key().public_bytes_raw())
        self.entries = entries if entries is not None else [f"record {i}".encode() for i in range(400)]

    @property
    def leaves(self) -> list[bytes]:
        return [merkle.leaf_hash(entry) for entry in self.entries]

    def body(self, size: int) -> str:
        return checkpoint.body(self.origin, size, merkle.root(self.leaves[:size]))

    def signed(self, size: int, body: str | None = None) -> str:
        body = body or self.body(size)
        return note.join(body, [note.sign(body, self.origin, note.ED25519, self.key.public, self.private.sign)])

    def path(self, old: int, size: int) -> list[bytes]:
        return merkle.consistency_path(old, self.leaves[:size])

    def request(self, old: int, size: int, *, path: list[bytes] | None = None, signed: str | None = None) -> bytes:
        hashes = self.path(old, size) if path is None else path
        lines = [f"old {old}", *map(to_base64, hashes), "", signed or self.signed(size)]
        return "\n".join(lines).encode()

    def files(self, size: int) -> dict[str, bytes]:
        """The static files of the log at a size, without checkpoint."""
        return {
            tile.entries_path: tiles.encode_entries(self.entries[tile.n * 256 : tile.n * 256 + tile.width])
            for tile in tiles.tiles_for(size)
            if tile.level == 0
        }


def ask(url: str, method: str, path: str, body: bytes | None = None) -> tuple[int, str, str]:
    """Returns status, content type and body of one HTTP exchange."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read().decode()
    finally:
        connection.close()


def add(url: str, request: bytes) -> tuple[int, str, str]:
    """Posts an add-checkpoint request."""
    return ask(url, "POST", "/add-checkpoint", request)
