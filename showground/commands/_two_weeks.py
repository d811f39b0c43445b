"""Plays the demo's weeks on a demo site: one from the first entry to the notary's statement, one up to today."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from showground import clock
from showground.commands import _halls
from showground.commands._desk_play import DeskPlay
from showground.commands._quizzes import HOUR, QuizPlay, halves
from showground.commands._rehearse import Play
from showground.commands._site import FINISHED, OPEN, STAFF, Site, export, open_week, opening, prepare_site
from showground.commands._stage import Stage
from showground.commands.demo_week import DAY, midnight
from showground.commands.demo_works import make

VERSION = 3  # of what is played; a demo folder of another version is made anew


def demo_works(cache: Path, say: Callable[[str], None]) -> list[Any]:
    """Returns the demo's works as files, made now or kept from the last time."""
    return make.prepare(cache, progress=lambda line: say(f"    {line}"))


def selection(works: list[Any], part: int) -> list[Any]:
    """Returns the works of one of the two weeks: all films and packages, two thirds of the pictures, so that each week has its own face."""
    chosen = []
    for category in ("picture", "video", "h5"):
        here = [work for work in works if work.category == category]
        chosen += [work for number, work in enumerate(here) if category != "picture" or (number + part) % 3]
    return chosen


def _ours(site: Site, works: list[Any]) -> None:
    lines = {hashlib.sha256(work.file.read_bytes()).hexdigest() for work in works}
    (site.data / "ours.txt").write_text("\n".join(sorted(lines)), encoding="ascii")


def fresh(site: Site, works: list[Any], today: int) -> None:
    """The site has its folder, its keys and its database, knows the demo's own works, and its clock stands four months back."""
    site.data.mkdir(parents=True, exist_ok=True)
    _ours(site, works)
    clock.Rehearsal(site.data / "clock.json").move_to(today - 120 * DAY)
    prepare_site(site)


def play_finished(
    site: Site, code: str, calendar: dict[str, int], works: list[Any], voters: int, seed: int, entrants: int,
    desk: Callable[[Any], Any],
) -> tuple[Any, Any, Any]:  # fmt: skip
    """A whole week with its prize quiz is played, from the first entry to the notary's statement; returns the play, its quizzes, its desk."""
    stage = Stage(site.url, site.data, seed=seed, say=site.say)
    play = Play(stage, code, calendar, STAFF)
    stage.timed("entries handed in and made safe", lambda: play.enter_all(works))
    stage.timed("refusals at the desk", lambda: play.trouble_at_the_desk(works))
    stage.timed("screening", play.screen_all)
    stage.timed("rule, jury, opening", play.prepare_vote)
    quizzes = QuizPlay(play)
    opens = calendar["vote_opens"] + HOUR
    closes = midnight(calendar["vote_opens"]) + 9 * DAY + 19 * HOUR
    draws_at = closes + 3 * HOUR
    stage.timed("the quiz announced", lambda: quizzes.announce_prize(opens, closes, draws_at, halves()[0]))
    at_desk = desk(play)

    def draw() -> None:
        quizzes.decide_flags()
        quizzes.close_and_draw(closes, draws_at)

    beside = {
        **at_desk.days(),
        5: lambda: stage.timed("the quiz", lambda: quizzes.sit(entrants, quick=2)),
        9: lambda: stage.timed("the draw", draw),
    }
    stage.timed("the vote, and the quiz beside it", lambda: play.vote(voters, [0, 2, 5, 10], beside=beside, dawn=at_desk.dawn))
    stage.timed("claims", lambda: quizzes.claim(8))
    stage.timed("refusals at the door", play.trouble_at_the_door)
    stage.timed("close and shortlist", play.close)
    stage.timed("score sheets", play.score)
    stage.timed("opening, count, result", play.finish)
    stage.timed("the desk's last word", at_desk.end)
    return play, quizzes, at_desk


def play_open(site: Site, code: str, calendar: dict[str, int], works: list[Any], voters: int, seed: int, desk: Any) -> None:
    """A week is played up to today, in the middle of its vote, a prize quiz and a practice round open; then the clock is the real one."""
    stage = Stage(site.url, site.data, seed=seed, say=site.say)
    play = Play(stage, code, calendar, STAFF)
    desk.beside(play)
    stage.timed("entries handed in and made safe", lambda: play.enter_all(works))
    stage.timed("screening", play.screen_all)
    stage.timed("rule, jury, opening", play.prepare_vote)
    now = clock.real()
    quizzes, opens = QuizPlay(play), calendar["vote_opens"] + HOUR
    closes = midnight(calendar["vote_opens"]) + 9 * DAY + 19 * HOUR
    prize, practice = halves()[::-1]
    stage.timed("quizzes announced", lambda: quizzes.announce_prize(opens, closes, closes + 3 * HOUR, prize))
    quizzes.announce_practice(opens, closes, practice)
    quizzes.announce_classroom(opens, closes, practice)
    beside = {1: lambda: stage.timed("the quiz so far", lambda: quizzes.sit(24))}
    stage.timed("the vote so far", lambda: play.vote(voters, [0, 1, 2, 3], until=now, beside=beside, dawn=desk.dawn))
    stage.move_to(now + DAY)  # never more than real time: the offset is 0 now


def build_demo(site: Site, cache: Path, voters: int) -> None:
    """The demo's two weeks are there: one finished, one whose vote is open today."""
    site.say("works:")
    works = demo_works(cache, site.say)
    site.say("site:")
    today = midnight(clock.real())
    fresh(site, works, today)
    finished = open_week(site, FINISHED, today - 56 * DAY)
    site.start([FINISHED, OPEN])
    site.say(f"the finished week ({FINISHED}):")
    desk = DeskPlay(site.environment)
    play, _, _ = play_finished(site, FINISHED, finished, selection(works, 1), voters, seed=1, entrants=60, desk=desk.beside)
    export(site, FINISHED)
    play.stage.timed("the winners' hall", lambda: _halls.hang(site, FINISHED, ("winners",)))
    play.stage.timed("the desk between the weeks", lambda: play.stage.move_to(opening(OPEN, today - 3 * DAY)))
    # After nine in the morning the vote has been open for three days and some hours; earlier in the day for a day less.
    opened = open_week(site, OPEN, today - 3 * DAY)
    site.say(f"the week whose vote is open ({OPEN}):")
    play_open(site, OPEN, opened, selection(works, 0), voters // 3, seed=2, desk=desk)
    told = desk.play.stage.timed("the desk as it stands", desk.stand_still)
    play.stage.timed("the desk's own hall", lambda: _halls.hang(site, OPEN, ("desk",)))
    (site.data / "ready.json").write_text(json.dumps({"version": VERSION, "desk": told}), encoding="ascii")
