"""Ballot papers: the door mints them, the site only says who has proven an address."""

from __future__ import annotations

from typing import Any

from showground.ledger.queries import door
from showground.people.actions import keyed
from showground.weeks.models import Week

CHANNEL = "email"


def subject_of(week: Week, address: str) -> str:
    """Returns the keyed hash under which a proven address votes in this week; the address itself is not kept."""
    return keyed(f"voter:{week.origin}", f"{CHANNEL}:{address}")


def issue_paper(week: Week, *, subject: str) -> dict[str, Any]:
    """The voter has a signed ballot paper for the scope that is open; asking again gives the same pseudonym."""
    return door().post("/paper", {"log": week.origin, "subject": subject, "channel": CHANNEL})
