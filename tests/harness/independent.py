"""A second reader of a published log, written from the C2SP pages alone: it shares no line with the product and imports none of it.

    python -m tests.harness.independent BUNDLE        a folder or a zip file

It rebuilds the root from the exported entry bundles (and once more from the hash tiles), and checks the signature of the log and of
every witness under the newest checkpoint with a library, and draws every prize again.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Read = Callable[[str], bytes]


def opener(where: str | Path) -> Read:
    if Path(where).is_dir():
        return lambda name: (Path(where) / name).read_bytes()
    archive = zipfile.ZipFile(where)
    return archive.read


def place(number: int) -> str:
    """001234067 is x001/x234/067."""
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    return "/".join(["x" + group for group in groups[:-1]] + groups[-1:])


def root(leaves: list[bytes]) -> bytes:
    """Recursive, as RFC 6962 writes it."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


def tile_name(level: str, number: int, items: int) -> str:
    partial = "" if items == 256 else f".p/{items}"
    return f"tile/{level}/{place(number)}{partial}"


def entries(read: Read, size: int) -> list[bytes]:
    found: list[bytes] = []
    for number in range(-(-size // 256)):
        data = read(tile_name("entries", number, min(256, size - number * 256)))
        while data:
            length = data[0] * 256 + data[1]
            found.append(data[2 : 2 + length])
            data = data[2 + length :]
    return found


def root_from_tiles(read: Read, size: int) -> bytes:
    """From the highest level down only what is not covered above is read: the right edge."""
    level, counts = 0, [size]
    while counts[-1] >= 256:
        counts.append(counts[-1] // 256)
    peaks: list[tuple[int, bytes]] = []  # (leaves covered, hash), left to right
    for level in range(len(counts) - 1, -1, -1):
        covered = sum(n for n, _ in peaks) // 256**level
        count = counts[level]
        number = covered // 256
        if covered % 256 or count == covered:
            continue
        data = read(tile_name(str(level), number, count - number * 256))
        hashes = [data[i : i + 32] for i in range(0, len(data), 32)]
        while hashes:
            take = 1 << (len(hashes).bit_length() - 1)
            peaks.append((take * 256**level, root(hashes[:take])))
            hashes = hashes[take:]
    result = peaks.pop()[1]
    while peaks:
        result = hashlib.sha256(b"\x01" + peaks.pop()[1] + result).digest()
    return result


def signatures(policy: str, note: str) -> dict[str, bool]:
    """Which keys of the policy signed the note well: name -> good."""
    body, _, lines = note.rpartition("\n\n")
    body += "\n"
    found = {}
    for vkey in [word for line in policy.splitlines() for word in line.split()[1:3] if word.count("+") >= 2]:
        name, _, key = vkey.split("+", 2)
        raw = base64.b64decode(key)
        wanted = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
        for line in lines.splitlines():
            dash, who, text = line.split(" ")
            payload = base64.b64decode(text)
            if (dash, who, payload[:4]) == ("\u2014", name, wanted):
                found[name] = good(raw, body.encode(), payload[4:])
    return found


def good(key: bytes, body: bytes, payload: bytes) -> bool:
    if key[0] == 4:
        time, payload = int.from_bytes(payload[:8], "big"), payload[8:]
        body = f"cosignature/v1\ntime {time}\n".encode() + body
    try:
        Ed25519PublicKey.from_public_bytes(key[1:]).verify(payload, body)
    except Exception:
        return False
    return True


def read_week(where: str | Path) -> tuple[str, int, bytes, dict[str, bool]]:
    """Returns origin, size, root and good signatures of a bundle; raises AssertionError where it does not fit together."""
    read = opener(where)
    note, policy = read("checkpoint").decode(), read("policy").decode()
    origin, size, said = note.split("\n")[:3]
    leaves = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries(read, int(size))]
    assert len(leaves) == int(size), "the bundles hold another number of entries"
    assert base64.b64encode(root(leaves)).decode() == said, "the entries give another root"
    assert root_from_tiles(read, int(size)) == root(leaves), "the tiles give another root"
    return origin, int(size), root(leaves), signatures(policy, note)


def draw_again(where: str | Path) -> list[tuple[list[int], list[int]]]:
    """Draws every quiz of a log again, from docs/formats/draw.md alone: (positions published, positions found) of each."""
    read = opener(where)
    listed = [json.loads(entry) for entry in entries(read, int(read("checkpoint").decode().split("\n")[1]))]
    found = []
    for result in (record for record in listed if record["type"] == "draw.result"):
        of_draw = [record for record in listed if record.get("draw") == result["draw"]]
        [frozen] = [record for record in of_draw if record["type"] == "draw.pool_frozen"]
        tickets = standing(listed, frozen)
        lines = ["showground draw v1", result["draw"], hashlib.sha256("\n".join(map(str, tickets)).encode()).hexdigest()]
        opened = {record["party"]: record["seed"] for record in of_draw if record["type"] == "draw.seed_opened"}
        lines += [opened[party] for party in sorted(opened)]
        lines += [record.get("throws") or record["randomness"] for record in of_draw if record["type"] == "draw.beacon"]
        seed = hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()
        published = result["winners"] + result["alternates"]
        found.append((published, drawn(seed, len(tickets), len(published))))
    return found


def standing(listed: list[dict], frozen: dict) -> list[int]:
    """Indexes of passed attempts that are not struck when the pool is frozen."""
    tickets: set[int] = set()
    for index, record in enumerate(listed[: listed.index(frozen)]):
        if record.get("quiz") == frozen["quiz"]:
            if record["type"] == "quiz.attempt" and record["passed"]:
                tickets.add(index)
            if record["type"] == "quiz.entry_struck":
                tickets.remove(record["index"])
            if record["type"] == "quiz.entry_restored":
                tickets.add(record["index"])
    return sorted(tickets)


def drawn(seed: str, total: int, count: int) -> list[int]:
    found: list[int] = []
    turn = 0
    while len(found) < count:
        turn += 1
        position = 1 + int(hashlib.sha256(f"{seed},{turn}".encode()).hexdigest(), 16) % total
        if position not in found:
            found.append(position)
    return found


def main() -> int:
    origin, size, top, signed = read_week(sys.argv[1])
    print(f"{origin}: {size} records, root {top.hex()}")
    for name, fine in signed.items():
        print(f"  {'good' if fine else 'BAD '} signature by {name}")
    drawings = draw_again(sys.argv[1])
    for published, found in drawings:
        print(f"  draw: published {published}, found {found}")
    agreed = all(published == found for published, found in drawings)
    return 0 if len(signed) >= 2 and all(signed.values()) and agreed else 1


if __name__ == "__main__":
    sys.exit(main())
