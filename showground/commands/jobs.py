"""Does what happens later: hands records to the door, makes uploads safe, takes the week's next step."""

from __future__ import annotations

import argparse
import logging
import threading
import time
from collections.abc import Callable

from showground.commands._django import ready

PAUSE = 0.15


def _lane(name: str, work: Callable[[], object], pause: float) -> None:
    """Repeats one kind of work; whatever goes wrong is told and tried again, since the state of the rows is the queue."""
    from django.db import close_old_connections

    told = logging.getLogger(f"showground.jobs.{name}")
    while True:
        try:
            work()
        except Exception:
            told.exception("%s failed and comes again", name)
            close_old_connections()
            time.sleep(2)
        time.sleep(pause)


def main(argv: list[str]) -> int:
    """Works until stopped, in lanes: minutes, two for media, boards, weeks, quizzes, downloads."""
    argparse.ArgumentParser(prog="showground jobs", description=__doc__).parse_args(argv)
    ready()
    from django.conf import settings

    from showground.awards.jobs import follow
    from showground.exhibition.jobs import follow as follow_boards
    from showground.ledger.jobs import hand_over
    from showground.quiz.jobs import follow as follow_quizzes
    from showground.reports.jobs import follow as follow_desk
    from showground.showcase.jobs import refresh_downloads
    from showground.works.jobs import make_waiting_safe

    lanes: list[tuple[str, Callable[[], object], float]] = [
        ("minutes", hand_over, PAUSE),
        ("media-0", lambda: make_waiting_safe(settings.CLOCK, lane=0, lanes=2), 0.3),
        ("media-1", lambda: make_waiting_safe(settings.CLOCK, lane=1, lanes=2), 0.3),
        ("boards", lambda: follow_boards(settings.CLOCK), 1.0),
        ("weeks", lambda: follow(settings.CLOCK()), 0.3),
        ("quizzes", lambda: follow_quizzes(settings.CLOCK()), 0.3),
        ("desk", lambda: follow_desk(settings.CLOCK()), 1.0),
        ("downloads", lambda: refresh_downloads(settings.CLOCK()), 3.0),
    ]
    threads = [threading.Thread(target=_lane, args=lane, daemon=True, name=lane[0]) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0
