"""What happened at the desk, each step with a commitment that goes into the log's next batch."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from showground.reports.models import Event
from showground.rules import desk, records


def fresh_salt() -> str:
    """Returns 32 random bytes as they stand in an opening."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def prepared(thing: str, thing_id: int, verb: str, *, role: str, at: int, log: str, facts: dict[str, Any] | None = None) -> Event:
    """Returns a step that is not kept yet; `facts` are codes and counts, never words of a person."""
    salt, told = fresh_salt(), facts or {}
    event = {"thing": thing, "thing_id": thing_id, "verb": verb, "role": role, "at": at, "facts": told}
    opening = desk.event_opening(log, records.sha256_hex(records.canonical(event)), salt)
    commit = records.commitment(opening)
    return Event(thing=thing, thing_id=thing_id, verb=verb, role=role, at=at, facts=told, log=log, salt=salt, commit=commit)


def note(thing: str, thing_id: int, verb: str, *, role: str, at: int, log: str, facts: dict[str, Any] | None = None) -> Event:
    """The step is kept and waits for the next batch."""
    event = prepared(thing, thing_id, verb, role=role, at=at, log=log, facts=facts)
    event.save(force_insert=True)
    return event
