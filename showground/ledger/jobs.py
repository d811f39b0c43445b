"""What happens to the log later: waiting records are handed to the door; the publisher's round."""

from __future__ import annotations

import logging

from django.conf import settings

from showground.intake.client import DoorAway
from showground.ledger.actions.append import hand_over_all
from showground.ledger.actions.cosign import WitnessAway, cosign
from showground.ledger.actions.publish import Forked, Publisher
from showground.ledger.models import Checkpoint, Log
from showground.ledger.queries import door
from showground.rules.refused import Refused

COSIGN_EVERY = 60
told = logging.getLogger(__name__)


def hand_over() -> int:
    """Returns how many waiting records the door took."""
    return hand_over_all(door())


class Rounds:
    """The publisher's rounds over all logs of the site."""

    def __init__(self) -> None:
        self.door = door()
        self.publishers: dict[str, Publisher] = {}
        self.silent: dict[str, str] = {}

    def go(self, now: int) -> int:
        """Every log is published as far as the door has it, and cosigned when it is due; returns how many records were new."""
        taken = 0
        for log in Log.objects.all():
            try:
                taken += self._one(log, now)
            except DoorAway:
                continue
            except Refused as refused:
                # A log whose first record is still on its way is not known to the door yet; a published one must be.
                if refused.code != "log.unknown" or Checkpoint.objects.filter(log=log).exists():
                    raise Forked(f"{log.origin}: the door says {refused}")
            except WitnessAway as away:
                if self.silent.get(log.origin) != str(away):
                    told.warning("witness away: %s", away)
                self.silent[log.origin] = str(away)
        return taken

    def _one(self, log: Log, now: int) -> int:
        publisher = self.publishers.get(log.origin)
        if publisher is None:
            publisher = self.publishers[log.origin] = Publisher(log, self.door)
        taken = publisher.publish(at=now)
        if publisher.at_gate or self._due(log, now):
            cosign(log, url=settings.WITNESS_URL)
            publisher.at_gate = False
            self.silent.pop(log.origin, None)
        return taken

    def _due(self, log: Log, now: int) -> bool:
        """A head without a cosignature is due a minute after the last one that has one."""
        newest = Checkpoint.objects.filter(log=log).first()
        if newest is None or newest.witnessed_at is not None:
            return False
        last = Checkpoint.objects.filter(log=log, witnessed_at__isnull=False).first()
        return last is None or now - (last.witnessed_at or 0) >= COSIGN_EVERY
