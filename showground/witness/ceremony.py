"""What the notary does with the log besides cosigning: opens the jury's sheets after the gate, puts a seed into each draw, signs a
statement at the end.

In a rehearsal the witness program looks every second; in a real week the notary starts a look by hand. Nothing is opened or
said about records that this witness has not itself cosigned: the log is rebuilt from its public files first.
"""

from __future__ import annotations

import base64
import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from showground.rules import records
from showground.rules.refused import Refused
from showground.tlog import Malformed, Unverified, checkpoint, merkle, tiles
from showground.tlog.malformed import to_base64
from showground.witness.app import Witness
from showground.witness.escrow import open_escrow
from showground.witness.keys import Keys, Signer, signature
from showground.witness.recount import recount
from showground.witness.state import Log

MAX_ANSWER = 32 * 1024 * 1024
_KINDS = {
    "jury.committed", "jury.closed", "jury.opened", "award.decided", "notary.statement",
    "quiz.rules", "draw.pool_frozen", "draw.seed_committed", "draw.seed_opened", "draw.beacon",
}  # fmt: skip
PARTY = "notary"


class SiteFault(Exception):
    """The site did not answer, or not with what it should; `code` is its own word for it, if it said one."""

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.code = code


@dataclass
class Outcome:
    """What one look did: sheets opened, sheets that would not open with the reason, the size a statement covers."""

    size: int = 0
    opened: int = 0
    unopened: list[str] = field(default_factory=list)
    statement: int | None = None
    adopted: bool = False
    seeds: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        said = [f"{self.size} records seen"]
        if self.adopted:
            said.append("the witness's state was behind its own cosignature and has caught up: was it restored?")
        if self.opened or self.unopened:
            said.append(f"{self.opened} sheets opened")
        said += self.unopened
        said += self.seeds
        if self.statement is not None:
            said.append(f"statement signed over {self.statement} records")
        return ", ".join(said)


class Site:
    """The public addresses of one week on a site."""

    def __init__(self, url: str, week: str, timeout: float = 10) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"not a web address: {url}")
        self.url = url.rstrip("/")
        self.week = week
        self._timeout = timeout

    def log_file(self, path: str) -> bytes:
        """Returns a file of the published log, such as `checkpoint` or `tile/entries/000`."""
        return self._ask(urllib.request.Request(f"{self.url}/log/{self.week}/{path}"))

    def send_openings(self, openings: list[records.Record]) -> None:
        """The site has the jury's openings."""
        self._post(f"{self.url}/jury/openings/{self.week}", {"openings": openings})

    def send_statement(self, text: str, covers_size: int, sig: str) -> None:
        """The site has the notary's statement."""
        self._post(f"{self.url}/notary/statements/{self.week}", {"text": text, "covers_size": covers_size, "sig": sig})

    def send_seed(self, told: dict[str, str]) -> None:
        """The site has the notary's seed of a draw, sealed or open."""
        self._post(f"{self.url}/notary/seeds/{self.week}", told)

    def _post(self, url: str, value: object) -> None:
        data = json.dumps(value, ensure_ascii=False).encode()
        self._ask(urllib.request.Request(url, data, {"Content-Type": "application/json"}, method="POST"))

    def _ask(self, request: urllib.request.Request) -> bytes:
        try:
            with _opener(self.url).open(request, timeout=self._timeout) as answer:
                data: bytes = answer.read(MAX_ANSWER + 1)
        except urllib.error.HTTPError as fault:
            code = _error_code(fault.read(10_000))
            raise SiteFault(f"{request.full_url}: {fault.code} {code}".strip(), code) from None
        except (OSError, http.client.HTTPException) as fault:
            raise SiteFault(f"{request.full_url}: {fault}") from None
        if len(data) > MAX_ANSWER:
            raise SiteFault(f"{request.full_url}: the answer is too long")
        return data


def _opener(url: str) -> urllib.request.OpenerDirector:
    """A proxy for the outside world is of no use on the way to one's own machine."""
    local = urllib.parse.urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}
    return urllib.request.build_opener(*[urllib.request.ProxyHandler({})] if local else [])


def _error_code(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"])[:100]
    except (ValueError, KeyError, TypeError):
        return ""


class Watch:
    """Follows one log of one site as far as this witness has cosigned it; `look` does what is due.

    A `patient` watch signs its statement only when a look found no new records, so that one covers all awards.
    """

    def __init__(self, site: Site, origin: str, witness: Witness, keys: Keys, patient: bool = False) -> None:
        self.site = site
        self.origin = origin
        self._witness = witness
        self._keys = keys
        self._patient = patient
        self._tree = merkle.Tree()
        self._found: dict[str, list[tuple[int, records.Record]]] = {kind: [] for kind in _KINDS}
        self._sent: set[tuple[int, str]] = set()  # sheets the site has taken from us
        self._seeds_sent: set[tuple[str, str]] = set()
        self._stated = 0

    def look(self) -> Outcome:
        """Returns what was done now. Raises SiteFault, or Unverified if the site shows another log than was cosigned."""
        published = self.site.log_file("checkpoint").decode("utf-8", "replace")
        done = Outcome(adopted=self._witness.adopt(published))
        log = self._witness.state.log(self.origin)
        if log is None:
            raise SiteFault(f"the log {self.origin} is not one this witness knows; see 'witness add-log'")
        head = checkpoint.open_checkpoint(published, log.key).checkpoint
        before = self._tree.size
        self._read_to(log, head.size)
        done.size = self._tree.size
        self._open_sheets(done)
        self._put_seeds(done)
        if not self._patient or done.size == before:
            self._state_result(log, done, head.size)
        return done

    def _read_to(self, log: Log, published: int) -> None:
        if log.size <= self._tree.size or published < log.size:
            return
        entries = self._entries(self._tree.size, log.size, published)
        tree = merkle.Tree(self._tree.size, self._tree.peaks)
        tree.extend(map(merkle.leaf_hash, entries))
        if tree.root() != log.root:
            raise Unverified(f"the records of {self.origin} do not have the root that was cosigned at {log.size}")
        for index, entry in enumerate(entries, self._tree.size):
            self._note(index, entry)
        self._tree = tree

    def _entries(self, start: int, end: int, published: int) -> list[bytes]:
        found: list[bytes] = []
        for number in range(start // tiles.WIDTH, -(-end // tiles.WIDTH)):
            width = min(tiles.WIDTH, published - number * tiles.WIDTH)
            found += tiles.decode_entries(self.site.log_file(tiles.entries_path(number, width)), width)
        first = start // tiles.WIDTH * tiles.WIDTH
        return found[start - first : end - first]

    def _note(self, index: int, entry: bytes) -> None:
        if b'"type":"ballot.cast"' in entry:  # nearly all records are ballots, and none of them matters here
            return
        try:
            record = records.parse(entry)
            records.check(record)
        except Refused:  # what is wrong with a record is the verifier's to say
            return
        if record.get("type") in _KINDS and record.get("log") == self.origin:
            self._found[record["type"]].append((index, record))

    # ---- the jury's gate ----

    def _open_sheets(self, done: Outcome) -> None:
        due = {key: record for key, record in self._committed().items() if key not in self._opened() | self._sent}
        if not due:
            return
        openings = []
        for (juror, sheet), record in due.items():
            try:
                openings.append(self._open(record))
            except (SiteFault, Malformed, Refused) as fault:
                done.unopened.append(f"juror {juror}, sheet {sheet}: {fault}")
        if openings:
            self.site.send_openings(openings)
            self._sent |= {(opening["juror"], opening["sheet"]) for opening in openings}
            done.opened = len(openings)

    def _committed(self) -> dict[tuple[int, str], records.Record]:
        """The last commitment of each juror and sheet below the jury's gate; none before the gate is cosigned."""
        gate = self._found["jury.closed"]
        if not gate:
            return {}
        return {(r["juror"], r["sheet"]): r for index, r in self._found["jury.committed"] if index < gate[0][0]}

    def _opened(self) -> set[tuple[int, str]]:
        return {(r["juror"], r["sheet"]) for _, r in self._found["jury.opened"]}

    def _open(self, committed: records.Record) -> records.Record:
        wanted = committed["escrow_sha256"]
        blob = self.site.log_file(f"assets/{wanted}")
        if sha256(blob).hexdigest() != wanted:
            raise Unverified("the escrow blob is not the one whose hash was logged")
        juror, sheet = committed["juror"], committed["sheet"]
        data = open_escrow(blob, self._keys.escrow, self.origin, juror, sheet)
        if sha256(data).hexdigest() != committed["commit"]:
            raise Unverified("the opening is not the one that was committed")
        opening = records.parse(data)
        if (opening.get("type"), opening.get("juror"), opening.get("sheet")) != ("jury.opening", juror, sheet):
            raise Unverified("the opening names another juror or sheet")
        return opening

    # ---- seeds of draws ----

    def _put_seeds(self, done: Outcome) -> None:
        """RULE ledger 6.4: a seed is sealed once this witness has cosigned the frozen list, and opened once it has every seal."""
        rules = {r["quiz"]: r["rules"]["draw"] for _, r in self._found["quiz.rules"] if "draw" in r["rules"]}
        over = {r["draw"] for _, r in self._found["draw.beacon"]}
        for _, frozen in self._found["draw.pool_frozen"]:
            ruled = rules.get(frozen["quiz"], {})
            if PARTY in ruled.get("parties", []) and frozen["count"] and frozen["draw"] not in over:
                self._put_seed(ruled, done)

    def _put_seed(self, ruled: records.Record, done: Outcome) -> None:
        draw, now = ruled["draw"], self._witness.now()
        sealed = {r["party"] for _, r in self._found["draw.seed_committed"] if r["draw"] == draw}
        opened = {r["party"] for _, r in self._found["draw.seed_opened"] if r["draw"] == draw}
        if PARTY not in sealed and now <= ruled["commit_by"] and not opened:
            self._send_seed(draw, "sealed", done)
        elif PARTY in sealed - opened and now <= ruled["open_by"] and (sealed == set(ruled["parties"]) or now > ruled["commit_by"]):
            self._send_seed(draw, "open", done)

    def _send_seed(self, draw: str, word: str, done: Outcome) -> None:
        """The site has the seed; it asks again later where its own gate is still shut."""
        if (draw, word) in self._seeds_sent:
            return
        seed, salt = seed_of(self.origin, draw, self._keys.statements)
        commit = records.commitment(records.draw_seed(self.origin, draw, PARTY, seed, salt))
        told = {"draw": draw, "commit": commit} if word == "sealed" else {"draw": draw, "seed": seed, "salt": salt}
        text = seed_note(self.origin, **told)
        try:
            self.site.send_seed({**told, "sig": signature(text, self._keys.statements)})
        except SiteFault as fault:
            if fault.code != "draw.gate_shut":
                raise
            return
        self._seeds_sent.add((draw, word))
        done.seeds.append(f"seed of draw {draw} {word}")

    # ---- the statement ----

    def _state_result(self, log: Log, done: Outcome, published: int) -> None:
        awards = [index for index, _ in self._found["award.decided"]]
        covered = max([self._stated, *(r["covers_size"] for _, r in self._found["notary.statement"])])
        if not awards or awards[-1] < covered or log.size != self._tree.size:
            return
        entries = self._entries(0, log.size, published)
        counted = recount(entries, lambda digest: self.site.log_file(f"assets/{digest}"))
        text = statement_text(self.origin, log.size, log.root, counted)
        self.site.send_statement(text, log.size, signature(text, self._keys.statements))
        self._stated = done.statement = log.size


def seed_note(origin: str, draw: str, *, commit: str = "", seed: str = "", salt: str = "") -> str:
    """Returns the text that the notary signs over the seal of a seed (`commit`) or over its opening (`seed` and `salt`)."""
    said = f"open\n{seed}\n{salt}" if seed else f"sealed\n{commit}"
    return f"showground draw seed v1\n{origin}\n{draw}\n{PARTY}\n{said}\n"


def seed_of(origin: str, draw: str, signer: Signer) -> tuple[str, str]:
    """Returns the notary's seed of a draw (64 hex digits) and its salt.

    Both follow from the key and the draw's name alone: Ed25519 signs a text in one way only, so that there is no second seed to
    choose from, nothing to keep, and nobody without the key can know it before it is opened.
    """
    secret = signer.sign(f"showground draw seed secret v1\n{origin}\n{draw}\n".encode())
    salted = sha256(b"salt\n" + secret).digest()
    return sha256(b"seed\n" + secret).hexdigest(), base64.urlsafe_b64encode(salted).rstrip(b"=").decode()


def statement_text(origin: str, size: int, root: bytes, counted: tuple[str, str] | None = None) -> str:
    """Returns what the notary says about a log: five lines or more, so that it can never be read as a checkpoint.

    `counted` are the hashes of count and result that the notary's program computed again and found equal to the published ones.
    """
    text = (
        f"showground notary statement v1\n{origin}\n{size}\n{to_base64(root)}\n"
        f"The notary's witness saw this log at {size} records with this root, found it to continue "
        "everything it had seen of it before, and cosigned it.\n"
    )
    if counted is None:
        return text
    return text + (
        "The notary's program counted the opened ballots and combined them with the opened sheets by the frozen rule; "
        f"it got the published count {counted[0]} and the published result {counted[1]}.\n"
    )


def sign_statement(text: str, keys: Keys) -> str:
    """Returns base64(key id || signature) of the statements key over a text."""
    return signature(text, keys.statements)


def look_at_all(watches: Iterable[Watch], say: Callable[[str, str], None]) -> None:
    """Each watch has looked once; what it did or what went wrong is said with its origin, and keeps no other from looking."""
    for watch in watches:
        try:
            done = watch.look()
        except (SiteFault, Malformed) as fault:
            say(watch.origin, str(fault))
            continue
        if done.opened or done.unopened or done.adopted or done.seeds or done.statement is not None:
            say(watch.origin, str(done))
