"""What can be known about the vote while it runs and afterwards."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from showground.intake.client import Door, DoorAway
from showground.rules.refused import Refused
from showground.voting.models import Count
from showground.weeks.models import Week


@dataclass(frozen=True)
class Turnout:
    """Ballots in the log and papers issued, in all and by scope; no choices. Empty while the door does not answer."""

    ballots: int = 0
    papers: int = 0
    scope: str = ""
    closed: bool = False
    opened: bool = False
    by_scope: list[dict[str, Any]] = field(default_factory=list)


def cookie_name(week: Week) -> str:
    """Returns the name of the cookie that holds a voter's paper for this week."""
    return "paper-" + hashlib.sha256(week.origin.encode()).hexdigest()[:8]


def turnout(week: Week) -> Turnout:
    """Returns how many took part so far."""
    try:
        state = Door(settings.DOOR_PRIVATE, timeout=3).get("/state", log=week.origin)
    except (DoorAway, Refused):
        return Turnout()
    by_scope = state.get("turnout") or {}
    rows = by_scope if isinstance(by_scope, list) else [{"scope": k, **v} for k, v in sorted(by_scope.items())]
    return Turnout(state["ballots"], state["papers"], state["scope"] or "", state["closed"], bool(state["scope"]), rows)


def counted(week: Week, paper: str) -> dict[str, Any]:
    """Returns the voter's counted ballot in the paper's scope; empty if there is none."""
    return Door(settings.DOOR_PRIVATE).counted(week.origin, paper)


def count_of(week: Week) -> Count | None:
    """Returns the published count of a week."""
    return Count.objects.filter(week=week).first()
