"""What happens to works later: each waiting one goes through the jail, the bytes of erased ones go. The state is the queue."""

from __future__ import annotations

import logging
from collections.abc import Callable

from showground.works import queries
from showground.works.actions.erase import remove_erased
from showground.works.actions.make_safe import make_safe

told = logging.getLogger(__name__)


def make_waiting_safe(now: Callable[[], int], *, lane: int = 0, lanes: int = 1, most: int = 4) -> int:
    """Returns how many waiting works were opened; a work whose worker died is still waiting and comes again.

    The first lane sees to it that what was erased is gone, also where a process died before it could.
    """
    done = 0
    if lane == 0:
        remove_erased()
    for work in queries.waiting(now(), lane=lane, lanes=lanes)[:most]:
        make_safe(work, jail=queries.jail(), at=now(), ours=queries.ours())
        told.info("work %s is %s", work.code, work.state)
        done += 1
    return done
