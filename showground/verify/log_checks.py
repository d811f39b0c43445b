"""Is this one log, whole, signed and witnessed? Steps that know nothing of votes: files, policy, checkpoints, tree, prefixes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from showground.tlog import checkpoint, cosignature, merkle, note, policy, tiles
from showground.tlog.malformed import Malformed
from showground.verify.bundle import MANIFEST, Unreadable, is_expected, read_manifest
from showground.verify.case import FAIL, PASS, Case, Finding, Head, many


def files(case: Case) -> Iterator[Finding]:
    """Every file stands in MANIFEST with its hash, and no other file lies beside."""
    try:
        listed = read_manifest(case.bundle.read(MANIFEST))
    except ValueError as error:
        yield Finding(FAIL, str(error), MANIFEST)
        return
    for name in case.bundle.names:
        if name == MANIFEST:
            continue
        if name not in listed:
            yield Finding(FAIL, "the file is not in MANIFEST", name)
        elif not is_expected(name):
            yield Finding(FAIL, "a bundle has no file of this name", name)
        elif hashlib.sha256(case.bundle.read(name)).hexdigest() != listed[name]:
            yield Finding(FAIL, "the file has not the hash that MANIFEST gives", name)
    for name in listed:
        if name not in case.bundle:
            raise Unreadable("MANIFEST lists a file that is missing", name)
    case.numbers["files"] = len(listed)
    yield Finding(PASS, f"{many(len(listed), 'file')}, each with the hash that MANIFEST gives")


def trust(case: Case) -> Iterator[Finding]:
    """The policy names the log's key, the witnesses and the quorum."""
    if not case.policy_from:
        case.policy_bytes = case.bundle.read("policy")
    where = case.policy_from or "policy"
    case.numbers["policy_sha256"] = hashlib.sha256(case.policy_bytes).hexdigest()
    try:
        case.policy = policy.parse(case.policy_bytes)
    except Malformed as error:
        yield Finding(FAIL, str(error), where)
        return
    try:
        origin = note.parse(case.bundle.read("checkpoint")).text.split("\n", 1)[0]
    except Malformed as error:
        yield Finding(FAIL, str(error), "checkpoint")
        return
    if origin not in case.policy.logs:
        yield Finding(FAIL, f"the policy does not know the log {origin[:100]}", where)
        return
    case.log = case.policy.logs[origin]
    case.numbers["origin"] = origin
    witnesses = ", ".join(key.name for key in case.policy.witnesses.values()) or "none"
    yield Finding(PASS, f"log {origin}; witnesses: {witnesses}; quorum: {case.policy.quorum}")


# ---- checkpoints ----


def checkpoints(case: Case) -> Iterator[Finding]:
    """Each checkpoint is signed by the log and by enough witnesses, and carries no other line."""
    names = [name for name in case.bundle.names if name.startswith("checkpoints/")]
    found: list[Head] = []
    for name in [*sorted(names, key=lambda n: int(n.split("/")[1])), "checkpoint"]:
        try:
            found.append(_head(case, name))
        except Malformed as error:
            yield Finding(FAIL, str(error), name)
    if not found or found[-1].file != "checkpoint":
        return
    yield from _in_order(found)
    case.heads = found
    cosigned = sum(len(head.times) for head in found)
    case.numbers |= {"checkpoints": len(found), "cosignatures": cosigned}
    case.numbers["witnessed_at"] = found[-1].quorum_at(case.policy) or 0
    yield Finding(
        PASS, f"{many(len(found), 'checkpoint')}, {many(cosigned, 'cosignature')}; {found[-1].size} records in the newest"
    )


def _head(case: Case, name: str) -> Head:
    assert case.log is not None
    witnesses = list(case.policy.witnesses.values())
    signed = checkpoint.open_checkpoint(case.bundle.read(name), case.log, witnesses)
    known = {(key.name, key.id): key for key in (case.log, *witnesses)}
    times: dict[note.Key, int] = {}
    seen = set()
    for line in signed.note.signatures:
        key = known.get((line.name, line.id))
        if key is None:
            raise Malformed(f"a signature line by {line.name}, which the policy does not know")
        if key in seen:
            raise Malformed(f"two signature lines by {line.name}")
        seen.add(key)
        if key.type == note.COSIGNATURE:
            times[key] = cosignature.decode(line.payload)[0]
    if not case.policy.satisfied(times):
        raise Malformed(f"{many(len(times), 'cosignature')}: not the quorum of the policy")
    if name not in {"checkpoint", f"checkpoints/{signed.checkpoint.size}"}:
        raise Malformed(f"the checkpoint is of size {signed.checkpoint.size}")
    return Head(signed.checkpoint.size, signed.checkpoint.root, name, times)


def _in_order(found: Iterable[Head]) -> Iterator[Finding]:
    """Sizes never fall, and no witness's time runs backwards."""
    last: Head | None = None
    latest: dict[note.Key, int] = {}
    for head in found:
        if last is not None and head.size < last.size:
            yield Finding(FAIL, f"the newest checkpoint is smaller than {last.file}", head.file)
        if last is not None and head.size == last.size and head.root != last.root:
            yield Finding(FAIL, f"a fork: {last.file} signs another root for the same size", head.file)
        for key, time in head.times.items():
            if time < latest.get(key, 0) and (last is None or head.size > last.size):
                yield Finding(FAIL, f"the time of {key.name} runs backwards", head.file)
            latest[key] = max(time, latest.get(key, 0))
        last = head


# ---- the tree ----


def tree(case: Case) -> Iterator[Finding]:
    """The tree rebuilt from the entries has the signed root, and every tile is exactly what it must be."""
    size = case.head.size
    expected = tiles.tiles_for(size)
    yield from _beside(case, expected)
    for tile in expected:
        if tile.level == 0:
            try:
                case.entries += tiles.decode_entries(case.bundle.read(tile.entries_path), tile.width)
            except Malformed as error:
                yield Finding(FAIL, str(error), tile.entries_path)
                return
    case.leaves = [merkle.leaf_hash(entry) for entry in case.entries]
    if merkle.root(case.leaves) == case.head.root:
        yield from _tiles(case, expected)
    else:
        yield from _entries(case, expected)
        yield Finding(FAIL, f"the {size} entries do not give the root of the checkpoint", "checkpoint")
    case.numbers["records"] = size
    yield Finding(PASS, f"{size} entries give the signed root; {many(len(expected), 'tile')} as the format says")


def _beside(case: Case, expected: list[tiles.Tile]) -> Iterator[Finding]:
    wanted = {tile.path for tile in expected} | {tile.entries_path for tile in expected if tile.level == 0}
    for name in case.bundle.names:
        if name.startswith("tile/") and name not in wanted:
            yield Finding(FAIL, f"a tree of {case.head.size} has no such tile", name)


def _tiles(case: Case, expected: list[tiles.Tile]) -> Iterator[Finding]:
    """The entries are the signed ones: a tile that differs is wrong."""
    levels = tiles.levels(case.leaves)
    for tile in expected:
        if case.bundle.read(tile.path) != tiles.tile_bytes(tile, levels[tile.level]):
            yield Finding(FAIL, "the tile does not hold the hashes of the entries", tile.path)


def _entries(case: Case, expected: list[tiles.Tile]) -> Iterator[Finding]:
    """The entries are not the signed ones: those that do not fit their tile are wrong, unless the tiles are."""
    for tile in expected:
        if tile.level == 0:
            first = tile.n * tiles.WIDTH
            here = b"".join(case.leaves[first : first + tile.width])
            held = case.bundle.read(tile.path)
            if here != held:
                at = next((i for i in range(0, len(here), 32) if here[i : i + 32] != held[i : i + 32]), 0)
                yield Finding(FAIL, f"record {first + at // 32} is not the one whose hash is in {tile.path}", tile.entries_path)


def prefixes(case: Case) -> Iterator[Finding]:
    """The first n records of the log have the root that each retained checkpoint of size n signed: it only grew."""
    grown = merkle.Tree()
    for head in case.heads:
        grown.extend(case.leaves[grown.size : head.size])
        if grown.root() != head.root:
            yield Finding(FAIL, f"a fork: the first {head.size} records here have another root than was signed", head.file)
    yield Finding(PASS, f"the log only grew: {len(case.heads)} signed roots belong to this one tree")
