"""Does what happens later: hands records to the door, makes uploads safe, takes the week's next step."""

from __future__ import annotations

import argparse
import threading

from showground.commands._django import ready
from showground.commands._lanes import Bell, Lane, follow, listen


def main(argv: list[str]) -> int:
    """Works until stopped, in lanes: minutes, two for media, boards, weeks, quizzes, the desk, downloads."""
    argparse.ArgumentParser(prog="showground jobs", description=__doc__).parse_args(argv)
    ready()
    from showground.reports.actions.spool import stirred

    bell = Bell()
    threads = [threading.Thread(target=follow, args=(lane, bell), daemon=True, name=lane.name) for lane in _lanes()]
    threads.append(threading.Thread(target=listen, args=(bell, stirred), daemon=True, name="listen"))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0


def _lanes() -> list[Lane]:
    """What only time makes due is never later than the last number: a door that is back, a second try, a quiz that closes."""
    from django.conf import settings

    from showground.awards.jobs import follow as follow_weeks
    from showground.exhibition.jobs import follow as follow_boards
    from showground.ledger.jobs import hand_over
    from showground.quiz.jobs import follow as follow_quizzes
    from showground.reports.jobs import follow as follow_desk
    from showground.showcase.jobs import refresh_downloads
    from showground.works.jobs import make_waiting_safe

    clock = settings.CLOCK
    return [
        Lane("minutes", hand_over, 0.1, 2.0),
        Lane("media-0", lambda: make_waiting_safe(clock, lane=0, lanes=2), 0.1, 3.0),
        Lane("media-1", lambda: make_waiting_safe(clock, lane=1, lanes=2), 0.1, 3.0),
        Lane("boards", lambda: follow_boards(clock), 0.3, 10.0),
        Lane("weeks", lambda: follow_weeks(clock()), 0.3, 5.0),
        Lane("quizzes", lambda: follow_quizzes(clock()), 0.3, 2.0),
        Lane("desk", lambda: follow_desk(clock()), 1.0, 5.0),
        Lane("downloads", lambda: refresh_downloads(clock()), 3.0, 20.0),
    ]
