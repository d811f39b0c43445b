"""The kinds of record a week may publish, and their one canonical byte form.

A record (a leaf of the log) is a small JSON object in a restricted RFC 8785 form: keys `[a-z][a-z0-9_]*`, values string, integer,
boolean, array or object; no null, no float; strings in NFC; at most six levels. Every record has `v` (1), `log` (the origin) and
`type`. A type once released never changes; whoever needs a new one adds it to `SCHEMAS` with its fields.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from showground.rules.draws import SAMPLER
from showground.rules.refused import Refused

Record = dict[str, Any]
Kind = Callable[[object], bool]

MAX_BYTES: Final = 65_535  # SPEC tlog-tiles: an entry bundle writes the length of an entry in two bytes
MAX_DEPTH: Final = 6
MAX_INTEGER: Final = 2**53 - 1
_KEY = re.compile(r"[a-z][a-z0-9_]*\Z")


# ---- canonical bytes ----


def _checked(value: object, depth: int) -> None:
    if isinstance(value, str):
        if value.isascii():  # most text here; the two questions below cost ten times as much
            return
        if not unicodedata.is_normalized("NFC", value) or any(0xD800 <= ord(c) <= 0xDFFF for c in value):
            raise Refused("record.text", value=value[:40])
    elif isinstance(value, bool):
        return
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise Refused("record.number", value=value)
    elif depth >= MAX_DEPTH:
        raise Refused("record.depth", deepest=MAX_DEPTH)
    elif isinstance(value, list):
        for item in value:
            _checked(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not _KEY.match(key):
                raise Refused("record.key", key=str(key)[:40])
            _checked(item, depth + 1)
    else:
        raise Refused("record.value", kind=type(value).__name__)


def canonical(value: object) -> bytes:
    """Returns the one byte form of `value`; SPEC RFC 8785 on the restricted profile of docs/formats/records.md."""
    _checked(value, 0)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _no_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("record.twin_key", keys=sorted(key for key, _ in pairs))
    return found


def parse(entry: bytes) -> Record:
    """Returns the object in `entry`; refuses bytes that are not the canonical form of an object."""
    try:
        value = json.loads(entry.decode("utf-8"), object_pairs_hook=_no_twins)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refused("record.not_json", detail=str(error)[:80])
    if not isinstance(value, dict) or canonical(value) != entry:
        raise Refused("record.not_canonical")
    return value


def lines(values: Iterable[Record]) -> bytes:
    """Returns an asset of many objects: the canonical bytes of each and a newline."""
    return b"".join(canonical(value) + b"\n" for value in values)


def sha256_hex(data: bytes) -> str:
    """Returns SHA-256 as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def commitment(opening: Record) -> str:
    """Returns the commitment to an opening object: the SHA-256 of its canonical bytes, in hex."""
    return sha256_hex(canonical(opening))


# ---- kinds of value ----


def _match(pattern: str) -> Kind:
    compiled = re.compile(pattern + r"\Z")
    return lambda value: isinstance(value, str) and compiled.match(value) is not None


def _whole(low: int, high: int) -> Kind:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _list_of(kind: Kind) -> Kind:
    return lambda value: isinstance(value, list) and all(kind(item) for item in value)


def _row(*kinds: Kind) -> Kind:
    def fits(value: object) -> bool:
        return isinstance(value, list) and len(value) == len(kinds) and all(k(v) for k, v in zip(kinds, value, strict=True))

    return fits


def _one_of(*values: str) -> Kind:
    return lambda value: value in values


def _mapping(value: object) -> bool:
    return isinstance(value, dict)


def _flag(value: object) -> bool:
    return isinstance(value, bool)


def _code32(length: int) -> Kind:
    """Base64url without padding and without stray bits, so that a value has one spelling."""

    def fits(value: object) -> bool:
        if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_-]+", value):
            return False
        try:
            raw = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        except ValueError:
            return False
        return len(raw) == length and base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == value

    return fits


TEXT: Final = _match(r"(?s).{1,8000}")
WORD: Final = _match(r"[a-z][a-z0-9_.-]{0,63}")
HEX64: Final = _match(r"[0-9a-f]{64}")
ENTRY: Final = _match(r"[a-z2-7]{6}")
SCOPE: Final = _match(r"week|[0-9]{4}-[0-9]{2}-[0-9]{2}")
VOTER: Final = _code32(16)
SALT: Final = _code32(32)
INDEX: Final = _whole(0, MAX_INTEGER)
COUNT: Final = _whole(0, MAX_INTEGER)
JUROR: Final = _whole(1, 9999)
TIME: Final = _whole(0, MAX_INTEGER)
SIGNATURE: Final = _match(r"[A-Za-z0-9+/=]{8,400}")
THROWS: Final = _match(r"[1-6]{24,400}")
POINT48: Final = _match(r"[0-9a-f]{96}")
_CHOICES: Final = _list_of(ENTRY)
_SCORES: Final = _list_of(_row(ENTRY, WORD, _whole(0, 1000)))
_VOTES: Final = _list_of(_row(ENTRY, COUNT))

_ENTRY_FIELDS: Final[dict[str, Kind]] = {
    "entry": ENTRY, "category": WORD, "genre": WORD, "title_commit": HEX64, "files_commit": HEX64,
    "pledge_sha256": HEX64, "submitter": HEX64,
}  # fmt: skip

# A name that ends in "?" may be absent.
SCHEMAS: Final[dict[str, dict[str, Kind]]] = {
    "log.opened": {
        "software": TEXT, "policy_sha256": HEX64, "operator": TEXT, "vkeys": _list_of(TEXT), "clock?": _one_of("rehearsal"),
    },
    "key.declared": {"role": _one_of("statement", "escrow", "juror"), "vkey": TEXT, "juror?": JUROR},
    "ruleset.frozen": {"ruleset": _mapping, "ruleset_sha256": HEX64},
    "entry.submitted": _ENTRY_FIELDS,
    "entry.returned": {"entry": ENTRY, "reason_code": WORD},
    "entry.accepted": _ENTRY_FIELDS,
    "entry.withdrawn": {"entry": ENTRY, "reason_code": WORD},
    "entry.withheld": {"entry": ENTRY, "reason_code": WORD},
    "entry.restored": {"entry": ENTRY, "reason_code": WORD},
    "entries.closed": {"count": COUNT, "list_sha256": HEX64},
    "jury.appointed": {"juror": JUROR, "categories": _list_of(WORD)},
    "vote.opened": {
        "ruleset_sha256": HEX64, "entries_list_sha256": HEX64, "opens": TIME, "closes": TIME,
        "pseudonym_key_commit": HEX64, "canary_commit?": HEX64, "seal": _one_of("sealed", "live"), "credentials_rule": TEXT,
    },
    "credentials.issued": {"scope": SCOPE, "channel": WORD, "count": COUNT},
    "scope.turned": {"scope": SCOPE, "at": TIME},
    "ballot.cast": {
        "voter": VOTER, "scope": SCOPE, "channel": WORD, "replaces?": INDEX, "commit?": HEX64, "choices?": _CHOICES, "nonce?": SALT,
    },
    "vote.closed": {"ballots": COUNT, "credentials_total": COUNT, "at": TIME},
    "shortlist.declared": {"entries": _list_of(ENTRY), "through_index": INDEX},
    "jury.committed": {"juror": JUROR, "sheet": WORD, "commit": HEX64, "escrow_sha256": HEX64, "sig": SIGNATURE},
    "jury.closed": {"sheets": COUNT, "at": TIME},
    "ballots.opened": {"from": INDEX, "to": INDEX, "asset_sha256": HEX64, "count": COUNT},
    "jury.opened": {"juror": JUROR, "sheet": WORD, "scores": _SCORES, "salt": SALT},
    "jury.unopened": {"juror": JUROR, "sheet": WORD, "reason": WORD},
    "tally.published": {
        "through_index": INDEX, "algorithm": TEXT, "table_sha256": HEX64, "top": _VOTES,
        "with_voids": COUNT, "without_voids": COUNT,
    },
    "award.decided": {"entry": ENTRY, "prize": WORD, "category": WORD, "basis": _mapping},
    "notary.statement": {"text": TEXT, "covers_size": COUNT, "sig": SIGNATURE},
    "log.closed": {"final_count": COUNT, "reason": WORD},
    "quiz.rules": {"quiz": WORD, "rules": _mapping, "rules_sha256": HEX64},
    "quiz.key_committed": {"quiz": WORD, "commit": HEX64, "questions": COUNT},
    "quiz.attempt": {"quiz": WORD, "passed": _flag, "commit": HEX64},
    "quiz.closed": {"quiz": WORD, "attempts": COUNT, "passed": COUNT, "at": TIME},
    "quiz.entry_struck": {"quiz": WORD, "index": INDEX, "reason_code": WORD, "rule": TEXT},
    "quiz.entry_restored": {"quiz": WORD, "index": INDEX, "reason_code": WORD},
    "draw.pool_frozen": {
        "draw": WORD, "quiz": WORD, "count": COUNT, "pool_sha256": HEX64, "rules_sha256": HEX64, "prizes": COUNT,
        "beacon": _mapping, "commit_by": TIME, "open_by": TIME,
    },
    "draw.seed_committed": {"draw": WORD, "party": WORD, "commit": HEX64},
    "draw.seed_opened": {"draw": WORD, "party": WORD, "seed": HEX64, "salt": SALT},
    "draw.beacon": {
        "draw": WORD, "kind": _one_of("drand", "dice"), "chain?": HEX64, "round?": COUNT, "signature?": POINT48,
        "randomness?": HEX64, "throws?": THROWS,
    },
    "draw.result": {
        "draw": WORD, "seed_text": HEX64, "winners": _list_of(COUNT), "alternates": _list_of(COUNT), "sampler": _one_of(SAMPLER),
    },
    "draw.claim": {
        "draw": WORD, "position": COUNT, "prize": WORD,
        "state": _one_of("notified", "claimed", "checked", "handed_over", "expired", "refused"),
    },
    "quiz.key_revealed": {"quiz": WORD, "key_sha256": HEX64, "openings_sha256": HEX64, "count": COUNT},
    "desk.batch": {"at": TIME, "count": COUNT, "root": HEX64},
    "figures.published": {"from": TIME, "to": TIME, "sha256": HEX64},
    "board.published": {"board": WORD, "version": COUNT, "sha256": HEX64},
    "board.withdrawn": {"board": WORD, "version": COUNT},
    "board.restored": {"board": WORD, "version": COUNT},
}  # fmt: skip

# Where a record has one of several sets of optional fields: exactly one of them, whole.
_EITHER: Final[dict[str, tuple[set[str], ...]]] = {
    "ballot.cast": ({"commit"}, {"choices", "nonce"}),
    "draw.beacon": ({"chain", "round", "signature", "randomness"}, {"throws"}),
}


def _check_either(kind: str, record: Record) -> None:
    sets = _EITHER[kind]
    present = set().union(*sets) & set(record)
    wanted = sets if kind == "ballot.cast" else (sets[record["kind"] == "dice"],)
    if present not in wanted:
        raise Refused("record.field", type=kind, field=min(wanted[0] ^ present))


def check(record: Record) -> None:
    """Refuses a record whose fields are not those of `SCHEMAS`; what may be absent is there in whole sets."""
    kind = record.get("type")
    if record.get("v") != 1 or not isinstance(kind, str) or kind not in SCHEMAS:
        raise Refused("record.type_unknown", type=str(kind))
    if not isinstance(record.get("log"), str) or not record["log"]:
        raise Refused("record.field", type=kind, field="log")
    allowed = {"v", "log", "type"}
    for name, fits in SCHEMAS[kind].items():
        field = name.rstrip("?")
        allowed.add(field)
        if (field in record or field == name) and not fits(record.get(field)):
            raise Refused("record.field", type=kind, field=field)
    if extra := sorted(set(record) - allowed):
        raise Refused("record.field_unknown", type=kind, field=extra[0])
    if kind in _EITHER:
        _check_either(kind, record)


def build(kind: str, log: str, /, **fields: object) -> Record:
    """Returns a checked record of type `kind` in the log with origin `log`; a field given as None is left out."""
    record: Record = {"v": 1, "log": log, "type": kind}
    record.update({name: value for name, value in fields.items() if value is not None})
    check(record)
    if len(canonical(record)) > MAX_BYTES:
        raise Refused("record.too_long", type=kind, most=MAX_BYTES)
    return record


# ---- the objects behind commitments ----


def ballot_opening(log: str, voter: str, scope: str, choices: list[str], salt: str) -> Record:
    """Returns the opening object of a sealed ballot: choices as a sorted set, salt of 32 random bytes."""
    if not SALT(salt):
        raise Refused("ballot.salt")
    return {
        "type": "ballot.opening",
        "log": log,
        "voter": voter,
        "scope": scope,
        "choices": sorted(set(choices)),
        "salt": salt,
    }


def jury_opening(log: str, juror: int, sheet: str, scores: list[list[Any]], salt: str) -> Record:
    """Returns the opening object of a jury sheet: rows [entry, criterion, points] in order, salt of 32 random bytes."""
    return {"type": "jury.opening", "log": log, "juror": juror, "sheet": sheet, "scores": sorted(scores), "salt": salt}


def jury_note(log: str, juror: int, sheet: str, commit: str) -> str:
    """Returns the text that a juror signs over a committed sheet."""
    return f"showground jury commitment v1\n{log}\n{juror}\n{sheet}\n{commit}\n"


def salted(kind: str, log: str, entry: str, value: object, salt: str) -> Record:
    """Returns the opening object behind `title_commit`, `files_commit` or `submitter` of an entry."""
    return {"type": kind, "log": log, "entry": entry, "value": value, "salt": salt}


def quiz_key(log: str, quiz: str, questions: Iterable[Mapping[str, Any]], salt: str) -> Record:
    """Returns the opening object of a quiz's key: code and hash of every question of its pool, sorted by code."""
    listed = sorted([question["code"], commitment(dict(question))] for question in questions)
    return {"type": "quiz.key", "log": log, "quiz": quiz, "questions": listed, "salt": salt}


def quiz_attempt(log: str, quiz: str, seed: str, items: list[str], answers: list[Record], claim: str, salt: str) -> Record:
    """Returns the opening object of an attempt: answers in the order of items, `claim` the SHA-256 of the entrant's secret."""
    told = {"seed": seed, "items": items, "answers": answers, "claim": claim}
    return {"type": "quiz.attempt", "log": log, "quiz": quiz, **told, "salt": salt}


def draw_seed(log: str, draw: str, party: str, seed: str, salt: str) -> Record:
    """Returns the opening object of the seed (32 random bytes in hex) that a party puts into a draw."""
    return {"type": "draw.seed", "log": log, "draw": draw, "party": party, "seed": seed, "salt": salt}


def ballot(
    log: str, voter: str, scope: str, channel: str, choices: list[str], salt: str, *, seal: str, replaces: int | None
) -> tuple[Record, Record | None]:
    """Returns the record of a cast ballot and, when sealed, the opening that stays with the door."""
    opening = ballot_opening(log, voter, scope, choices, salt)
    if seal == "live":
        fields: dict[str, object] = {"choices": opening["choices"], "nonce": salt}
        return build("ballot.cast", log, voter=voter, scope=scope, channel=channel, replaces=replaces, **fields), None
    commit = commitment(opening)
    return build("ballot.cast", log, voter=voter, scope=scope, channel=channel, replaces=replaces, commit=commit), opening


def pseudonym(key: bytes, log: str, scope: str, subject: str) -> str:
    """Returns the voter's name for one scope: 22 characters nobody can link to another scope without the key."""
    code = hmac.digest(key, canonical({"log": log, "scope": scope, "subject": subject}), "sha256")[:16]
    return base64.urlsafe_b64encode(code).rstrip(b"=").decode()


def pseudonym_key_commit(key: bytes) -> str:
    """Returns the commitment to the pseudonym key that stands in `vote.opened`."""
    return sha256_hex(b"showground pseudonym key v1\n" + key)


def list_sha256(entries: list[str]) -> str:
    """Returns the hash of a list of entries: sorted ids joined by newlines."""
    return sha256_hex("\n".join(sorted(entries)).encode())
