"""Makes whole weeks for tests: every record, signature, tile and asset of a bundle, in memory, the same for the same seed.

    week = Week(seed=1, voters=12).run()             a finished week; run(until="vote") stops earlier
    week.files()                                     {name: bytes} of its bundle, MANIFEST included
    week.write(folder)

A test that needs a wrong week sets `edit` (changes a record on its way into the log; may return raw bytes), `delays` (seconds by
which the witness of a gate is late), `skip_witness` (gates without a checkpoint), or plays the last stages by hand.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from showground.rules import awards, phases, records, tally
from showground.rules.ballots import Ballot, ballot_of
from showground.rules.chronicle import Chronicle
from showground.rules.records import Record
from showground.rules.ruleset import awareness_week
from showground.tlog import checkpoint, merkle, note, tiles
from showground.verify.bundle import manifest
from showground.verify.receipt import extra

ORIGIN = "2026.week.rehearsal.invalid"
WITNESS = "notary.example/witness-1"
START = 1_788_192_000  # 2026-09-01 00:00 in Shanghai
DAY = 86_400
STAGES = ("call", "announced", "vote", "closed", "jury", "opened", "tally", "done")


class Signer:
    """An Ed25519 key of a name, made of a seed."""

    def __init__(self, seed: str, name: str, type: int = note.ED25519) -> None:
        self.name, self.type = name, type
        self.private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"{seed}/{name}/{type}".encode()).digest())
        self.public = self.private.public_key().public_bytes_raw()
        self.vkey = note.format_vkey(name, type, self.public)

    def line(self, text: str) -> str:
        return note.sign(text, self.name, self.type, self.public, self.private.sign)

    def cosign(self, text: str, time: int) -> str:
        return note.cosign(text, self.name, self.public, time, self.private.sign)

    def sig(self, text: str) -> str:
        return self.line(text).split(" ")[2].strip()


@dataclass
class Week:
    """One synthetic week; `run` plays it, `files` is its bundle."""

    seed: int = 1
    voters: int = 10
    days: int = 2
    works: int = 9
    jurors: int = 3
    seal: str = "sealed"
    clock: str | None = "rehearsal"
    origin: str = ORIGIN
    edit: Callable[[int, Record], Record | bytes] | None = None
    delays: dict[str, int] = field(default_factory=dict)
    skip_witness: set[str] = field(default_factory=set)
    rule: dict[str, Any] = field(default_factory=awareness_week)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.log_key = Signer(str(self.seed), self.origin)
        self.witness_key = Signer(str(self.seed), WITNESS, note.COSIGNATURE)
        self.statement_key = Signer(str(self.seed), "notary.example/statements")
        self.juror_keys = {n: Signer(str(self.seed), f"{self.origin}/jury/{n}") for n in range(1, self.jurors + 1)}
        self.policy = (
            f"log {self.log_key.vkey}\nwitness w1 {self.witness_key.vkey}\ngroup notary all w1\nquorum notary\n"
        ).encode()
        self.rule["seal"] = self.seal
        self.week = Chronicle()
        self.entries: list[bytes] = []
        self.openings: dict[int, Record] = {}
        self.sheets: list[Record] = []
        self.notes: dict[int, bytes] = {}
        self.assets: dict[str, bytes] = {}
        self.told: list[dict[str, Any]] = []
        self.opens, self.closes = START + 5 * DAY + 9 * 3600, START + (5 + self.days) * DAY + 18 * 3600
        self.jury_at = self.closes + 3 * DAY

    # ---- pieces ----

    def salt(self) -> str:
        return base64.urlsafe_b64encode(self.random.randbytes(32)).rstrip(b"=").decode()

    def append(self, kind: str, /, **fields: object) -> int:
        return self.append_record(records.build(kind, self.origin, **fields))

    def append_record(self, record: Record) -> int:
        index = len(self.entries)
        self.week.read(record)
        logged = self.edit(index, dict(record)) if self.edit else record
        self.entries.append(logged if isinstance(logged, bytes) else records.canonical(logged))
        return index

    def asset(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        self.assets[digest] = data
        return digest

    def witness(self, gate: str, at: int) -> None:
        """A checkpoint of all records so far, cosigned at `at` plus the delay of the gate."""
        if gate in self.skip_witness:
            return
        text = checkpoint.body(self.origin, len(self.entries), merkle.root([merkle.leaf_hash(e) for e in self.entries]))
        time = at + self.delays.get(gate, 0)
        self.notes[len(self.entries)] = note.join(text, [self.log_key.line(text), self.witness_key.cosign(text, time)]).encode()

    # ---- the week, stage by stage ----

    def run(self, until: str = "done") -> Week:
        for stage in STAGES[: STAGES.index(until) + 1]:
            getattr(self, f"_{stage}")()
        return self

    def _call(self) -> None:
        vkeys = [self.log_key.vkey, self.witness_key.vkey]
        digest = hashlib.sha256(self.policy).hexdigest()
        said = {"software": "showground 0.1.0", "operator": "A city", "clock": self.clock}
        self.append("log.opened", policy_sha256=digest, vkeys=vkeys, **said)
        self.append("key.declared", role="statement", vkey=self.statement_key.vkey)
        escrow = note.format_vkey("notary.example/escrow", note.PRIVATE, b"showground-x25519-v1" + self.random.randbytes(32))
        self.append("key.declared", role="escrow", vkey=escrow)
        categories = self.rule["categories"]
        for number in range(self.works):
            code = "".join(self.random.choice("abcdefghijkmnpqrstuvwxyz234567") for _ in range(6))
            self._entry(code, categories[number % len(categories)])
        gone = self.told[-1]["entry"]
        self.append("entry.withdrawn", entry=gone, reason_code="maker")
        listed = sorted(self.week.votable())
        self.append("entries.closed", count=len(listed), list_sha256=records.list_sha256(listed))
        self.witness("call", START + 4 * DAY)

    def _entry(self, code: str, category: str) -> None:
        values = {
            "title_commit": ("entry.title", {"en": f"Work {code}", "zh": f"作品 {code}", "maker": f"Maker {code}"}),
            "files_commit": ("entry.files", [hashlib.sha256(code.encode()).hexdigest()]),
            "submitter": ("entry.submitter", hashlib.sha256(b"who" + code.encode()).hexdigest()),
        }
        opened = {name: records.salted(kind, self.origin, code, value, self.salt()) for name, (kind, value) in values.items()}
        fields = {name: records.commitment(opening) for name, opening in opened.items()}
        fields |= {
            "entry": code,
            "category": category,
            "genre": "poster",
            "pledge_sha256": hashlib.sha256(b"I made it").hexdigest(),
        }
        self.append("entry.submitted", **fields)
        if len(self.told) == 1:
            self.append("entry.returned", entry=code, reason_code="sound")
            self.append("entry.submitted", **fields)
        self.append("entry.accepted", **fields)
        title = values["title_commit"][1]
        assert isinstance(title, dict)
        self.told.append(
            {"entry": code, "title": {"en": title["en"], "zh": title["zh"]}, "maker": title["maker"],
             "openings": {"title_commit": opened["title_commit"], "files_commit": opened["files_commit"]}}
        )  # fmt: skip

    def _announced(self) -> None:
        for number, key in self.juror_keys.items():
            self.append("jury.appointed", juror=number, categories=[])
            self.append("key.declared", role="juror", juror=number, vkey=key.vkey)
        self.append("ruleset.frozen", ruleset=self.rule, ruleset_sha256=records.sha256_hex(records.canonical(self.rule)))
        self.append(
            "vote.opened",
            ruleset_sha256=self.week.ruleset_sha256,
            entries_list_sha256=records.list_sha256(sorted(self.week.votable())),
            opens=self.opens,
            closes=self.closes,
            pseudonym_key_commit=records.pseudonym_key_commit(b"k" * 32),
            seal=self.seal,
            credentials_rule="one paper per address proved by a code",
        )
        self.witness("vote.opened", self.opens - 7200)

    def _vote(self) -> None:
        for at, scope in phases.boundaries(self.rule, self.opens, self.closes):
            self._issued()
            self.append("scope.turned", scope=scope, at=at)
            self.witness("scope.turned", at + 20)
            self._ballots(scope)
            self.witness("ballots", at + 3600)
            self._ballots(scope, again=True)

    def _issued(self) -> None:
        if self.week.scope is not None:
            self.append("credentials.issued", scope=self.week.scope, channel="email", count=self.voters)

    def _ballots(self, scope: str, again: bool = False) -> None:
        listed = sorted(self.week.votable())
        by_voter = {r["voter"]: i for i, r in self._cast() if r["scope"] == scope}
        for number in range(self.voters):
            voter = records.pseudonym(b"k" * 32, self.origin, scope, f"voter {number}")
            if again and number % 3:
                continue
            choices = self.random.sample(listed, min(self.random.randint(1, 3), len(listed)))
            self.cast(voter, scope, choices, by_voter.get(voter))

    def cast(self, voter: str, scope: str, choices: list[str], replaces: int | None = None) -> int:
        record, opening = records.ballot(
            self.origin, voter, scope, "email", choices, self.salt(), seal=self.seal, replaces=replaces
        )
        index = self.append_record(record)
        if opening is not None:
            self.openings[index] = opening
        return index

    def _cast(self) -> list[tuple[int, Record]]:
        parsed = [(i, json.loads(entry)) for i, entry in enumerate(self.entries)]
        return [(i, r) for i, r in parsed if r["type"] == "ballot.cast"]

    def _closed(self) -> None:
        self._issued()
        total = sum(self.week.credentials.values())
        self.append("vote.closed", ballots=self.week.ballots, credentials_total=total, at=self.closes)
        self.witness("vote.closed", self.closes + 30)

    def _counted(self) -> tally.Count:
        cast: list[Ballot] = [ballot_of(i, r, self.openings.get(i)) for i, r in self._cast()]
        return tally.votes_of(self.week, cast)

    def _jury(self) -> None:
        votes, closed = self._counted().votes, self.week.vote_closed
        assert closed is not None
        listed = awards.shortlist(self.rule, votes, self.week.category_of(), self.week.standing(closed))
        self.append("shortlist.declared", entries=listed, through_index=closed)
        self.witness("shortlist", self.closes + 3600)
        for number, key in self.juror_keys.items():
            self._sheet(number, key, sorted(listed))
        self.append("jury.closed", sheets=len(self.week.sheets), at=self.jury_at)
        self.witness("jury.closed", self.jury_at + 30)

    def _sheet(self, number: int, key: Signer, listed: list[str]) -> None:
        rows = [[e, c["key"], self.random.randint(0, c["max"])] for e in listed for c in self.rule["jury"]["criteria"]]
        opening = records.jury_opening(self.origin, number, "all", rows, self.salt())
        commit = records.commitment(opening)
        blob = self.asset(self.random.randbytes(32 + 12 + len(records.canonical(opening)) + 16))
        sig = key.sig(records.jury_note(self.origin, number, "all", commit))
        self.append("jury.committed", juror=number, sheet="all", commit=commit, escrow_sha256=blob, sig=sig)
        self.sheets.append(opening)

    def _opened(self) -> None:
        lines = b"".join(records.canonical(opening) + b"\n" for _, opening in sorted(self.openings.items()))
        span = {"from": self.week.vote_index, "to": self.week.vote_closed}
        self.append("ballots.opened", **span, asset_sha256=self.asset(lines), count=len(self.openings))
        for opening in self.sheets:
            self.append("jury.opened", **{name: opening[name] for name in ("juror", "sheet", "scores", "salt")})
        self.witness("opened", self.jury_at + 300)

    def _tally(self) -> None:
        self.count = self._counted()
        self.append("tally.published", **tally.published(self.count.table))
        self.asset(records.canonical(self.count.table))
        self.witness("tally", self.jury_at + 400)

    def _done(self) -> None:
        assert self.week.tally is not None
        self.result = awards.result_of(self.week, self.count.votes)
        self.asset(records.canonical(awards.as_table(self.result)))
        for fields in awards.decided(self.result, self.week.tally[0]):
            self.append("award.decided", **fields)
        self.witness("awards", self.jury_at + 500)
        if "awards" not in self.skip_witness:
            size, head = len(self.entries), self.notes[len(self.entries)]
            root = note.parse(head).text.split("\n")[2]
            text = f"showground notary statement v1\n{self.origin}\n{size}\n{root}\nI saw this record.\n"
            self.append("notary.statement", text=text, covers_size=size, sig=self.statement_key.sig(text))
        self.witness("statement", self.jury_at + 600)

    # ---- what comes out ----

    def receipt(self, index: int) -> bytes:
        """The receipt of one ballot under the newest checkpoint."""
        size = max(self.notes)
        leaves = [merkle.leaf_hash(entry) for entry in self.entries[:size]]
        path = merkle.inclusion_path(index, leaves)
        from showground.tlog.proof import Proof

        said = extra(json.loads(self.entries[index]), self.openings.get(index))
        return Proof(index, tuple(path), self.notes[size].decode(), said).data.encode()

    def files(self) -> dict[str, bytes]:
        size = max(self.notes)
        leaves = tiles.levels([merkle.leaf_hash(entry) for entry in self.entries[:size]])
        found = {"policy": self.policy, "checkpoint": self.notes[size], "README.txt": b"A week of showground.\n"}
        found |= {f"checkpoints/{at}": text for at, text in self.notes.items()}
        for tile in tiles.tiles_for(size):
            found[tile.path] = tiles.tile_bytes(tile, leaves[tile.level])
            if tile.level == 0:
                first = tile.n * tiles.WIDTH
                found[tile.entries_path] = tiles.encode_entries(self.entries[first : first + tile.width])
        found |= {f"assets/{digest}": data for digest, data in self.assets.items()}
        found["entries.json"] = records.canonical(self.told)
        return found | {"MANIFEST": manifest(found)}

    def write(self, folder: Path) -> Path:
        return write(self.files(), folder)


def write(files: dict[str, bytes], folder: Path) -> Path:
    """The files of a bundle lie in a folder."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def sealed_again(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same files with a MANIFEST that fits them."""
    return files | {"MANIFEST": manifest(files)}
