"""A booth's own address: the same pages, no cookie at all, cleared after half a minute without a touch."""

from __future__ import annotations

import json

from showground.people.actions import keyed
from showground.rules.records import canonical
from showground.rules.refused import Refused
from showground.vault import boxes

LIVES = 40 * 86400


def token_for(name: str, *, at: int) -> str:
    """Returns what stands in the address of a booth's device, good for forty days: its name, sealed."""
    return boxes.seal(_key(), canonical({"name": name[:40], "until": at + LIVES}), "kiosk").hex()


def name_in(token: str, *, at: int) -> str:
    """Returns the name of the booth, or nothing if the token is none of ours or has run out."""
    try:
        told = json.loads(boxes.unseal(_key(), bytes.fromhex(token), "kiosk"))
    except (ValueError, Refused):
        return ""
    return str(told["name"]) if at <= told["until"] else ""


def _key() -> bytes:
    return bytes.fromhex(keyed("reports.kiosk", ""))
