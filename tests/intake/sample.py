"""A small week for the door's tests: the minutes from log.opened to vote.opened, in order."""

from __future__ import annotations

import base64
import json
import secrets
from hashlib import sha256
from typing import Any

from showground.rules import records

OPENS = 1_772_330_400  # 2026-03-01 10:00 in Shanghai
DAY = 86_400
MIDNIGHT = 1_772_380_800  # the first midnight in Shanghai after OPENS
CLOSES = MIDNIGHT + DAY + 8 * 3600
CATEGORY = {"aaaaaa": "picture", "bbbbbb": "picture", "cccccc": "picture", "dddddd": "video", "eeeeee": "video", "ffffff": "h5"}
RULESET: dict[str, Any] = {
    "v": 1, "name": "awareness-week/1", "tz": "Asia/Shanghai", "categories": ["picture", "video", "h5"], "scope": "day",
    "limit": {"works": 2, "per": "category"}, "casts": 20, "seal": "sealed", "grace": 600, "channels": ["email", "code"],
    "shortlist": {"per_category": 1, "tie": "all"},
    "jury": {
        "criteria": [{"key": "idea", "max": 40}, {"key": "craft", "max": 30}, {"key": "reach", "max": 30}],
        "aggregate": "trimmed_mean", "trim": 1, "missing": "drop", "min_sheets": 3,
    },
    "combine": {
        "sources": [
            {"source": "votes", "normaliser": "share_of_most", "weight": [40, 100]},
            {"source": "scores", "normaliser": "share_of_max", "weight": [60, 100]},
        ],
        "round": {"source": {"places": 2, "mode": "half_up"}, "sum": {"places": 2, "mode": "half_up"}},
    },
    "ties": ["scores", "votes", "first_places", "accepted_earlier"],
    "prizes": [{"prize": "first", "count": 1}, {"prize": "second", "count": 1}, {"prize": "third", "count": 1}],
    "participation": {"prize": "participation", "who": "shortlist"},
}  # fmt: skip


def hex64(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def salt() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def minute(kind: str, log: str, **fields: object) -> str:
    return records.canonical(records.build(kind, log, **fields)).decode()


def first(log: str) -> list[str]:
    """The one minute that opens a log; after it the door has a pseudonym key."""
    rehearsal = {"clock": "rehearsal"} if log.endswith(".rehearsal.invalid") else {}
    return [minute("log.opened", log, software="test", policy_sha256=hex64("p"), operator="us", vkeys=["test+0+key"], **rehearsal)]


def until_vote(log: str, key_commit: str, opens: int = OPENS, closes: int = CLOSES, **changes: Any) -> list[str]:
    """The minutes from ruleset.frozen to vote.opened; `changes` replace parts of the ruleset."""
    ruleset = RULESET | changes
    frozen = records.sha256_hex(records.canonical(ruleset))
    made = [minute("ruleset.frozen", log, ruleset=ruleset, ruleset_sha256=frozen)]
    for entry, category in CATEGORY.items():
        fields = {
            "entry": entry, "category": category, "genre": "poster", "title_commit": hex64(entry), "files_commit": hex64(entry),
            "pledge_sha256": hex64("pledge"), "submitter": hex64("maker"),
        }  # fmt: skip
        made += [minute("entry.submitted", log, **fields), minute("entry.accepted", log, **fields)]
    listed = records.list_sha256(sorted(CATEGORY))
    made += [
        minute("entries.closed", log, count=len(CATEGORY), list_sha256=listed),
        minute("jury.appointed", log, juror=1, categories=["picture", "video", "h5"]),
        minute(
            "vote.opened", log, ruleset_sha256=frozen, entries_list_sha256=listed, opens=opens, closes=closes,
            pseudonym_key_commit=key_commit, seal=ruleset["seal"], credentials_rule="one paper per address",
        ),
    ]  # fmt: skip
    return made


def hand_over(door: Any, log: str, minutes: list[str], start: int = 0) -> dict[str, int]:
    """The minutes are in the log; ids are m<start>, m<start+1>, ..."""
    listed = [{"id": f"m{start + place}", "entry": text} for place, text in enumerate(minutes)]
    indexes: dict[str, int] = door.post("/minutes", {"log": log, "minutes": listed})["indexes"]
    return indexes


def prepare(door: Any, log: str, opens: int = OPENS, closes: int = CLOSES, **changes: Any) -> None:
    """The log stands right after vote.opened."""
    hand_over(door, log, first(log))
    commit = door.get("/state", log=log)["pseudonym_key_commit"]
    hand_over(door, log, until_vote(log, commit, opens, closes, **changes), start=1)


def entries(door: Any, log: str) -> list[str]:
    """The whole log, as the publisher reads it."""
    found: list[str] = []
    while True:
        got = door.get("/entries", log=log, from_=len(found), to_=len(found) + 1000)["entries"]
        if not got:
            return found
        found += got


def types(door: Any, log: str) -> list[str]:
    return [json.loads(text)["type"] for text in entries(door, log)]
