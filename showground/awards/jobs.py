"""What happens after the close, each step when its gate is witnessed; every step is safe to run twice."""

from __future__ import annotations

import logging

from showground.awards.actions import declare_shortlist
from showground.intake.client import DoorAway
from showground.jury.actions import close_jury
from showground.ledger.queries import chronicle, door, find_log, witnessed_size
from showground.rules.refused import Refused
from showground.voting.actions.count import publish_tally
from showground.weeks.models import Week
from showground.weeks.queries import weeks

told = logging.getLogger(__name__)


def follow(now: int) -> None:
    """Every week has taken the next step of its procedure for which the log is ready."""
    for week in weeks():
        try:
            if find_log(week.origin) is not None and now >= week.vote_closes:
                _next_step(week, now)
        except DoorAway:
            return
        except Refused as refused:
            told.warning("%s: %s", week.code, refused)


def _next_step(week: Week, now: int) -> None:
    log, seen = chronicle(week.origin), witnessed_size(week.origin)
    if log.vote_closed is None or log.tally is not None:
        return
    if log.shortlist is None:
        if seen > log.vote_closed:
            declare_shortlist(week, at=now)
    elif log.jury_closed is None:
        close_jury(week, at=now)
    elif log.ballots_opened is None:
        if seen > log.jury_closed:
            door().post("/open-ballots", {"log": week.origin})
    elif set(log.sheets) <= set(log.opened) | set(log.unopened):
        publish_tally(week, at=now)  # RULE ledger 5.6: ballots and sheets are open, both, before anything is counted
