"""A running site with a hall of boards, a quiz to practise and an open report desk, all in the week `sample`.

with hall_site(folder) as site:      site.url; site.page("halls/street/") -> its address in English; site.shell(python)
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.harness.desk import DeskSite, desk_site

TITLES = (
    ("Telling fraud", "识别诈骗"),
    ("A call from the bank", "银行来电"),
    ("Who asks for a code", "谁在要验证码"),
    ("Second question first", "先问第二句"),
    ("When it has happened", "已经发生了怎么办"),
    ("Report it", "举报"),
)


@dataclass(frozen=True)
class HallSite:
    """A running site whose hall `street` is open; `boards` are the codes in the order of the route."""

    site: DeskSite
    boards: tuple[str, ...]

    @property
    def url(self) -> str:
        return self.site.url

    @property
    def home(self) -> Path:
        return self.site.home

    def hanging(self) -> list[str]:
        """Returns the codes of the boards that hang now: other tests on the same site may have hung more."""
        told = self.site.shell(
            "from showground.exhibition.models import Board; print('codes', *Board.objects.values_list('code', flat=True))"
        )
        return next(line for line in told.splitlines() if line.startswith("codes")).split()[1:]

    def page(self, path: str, lang: str = "en") -> str:
        """Returns the address of a page of the week."""
        return f"{self.url}/{lang}/sample/{path}"


@contextlib.contextmanager
def hall_site(folder: Path, *, boards: int = 6, **more: str) -> Iterator[HallSite]:
    """Yields the site with so many boards; everything it started is ended."""
    with desk_site(folder, **more) as site:
        told = site.shell(f"from tests.harness.hall import hang_here; print('codes', *hang_here({boards}))")
        codes = next(line for line in told.splitlines() if line.startswith("codes ")).split()[1:]
        yield HallSite(site, tuple(codes))


def hang_here(count: int) -> list[str]:
    """Hangs a hall in the week `sample` of the site that this runs in; returns the boards' codes."""
    from django.conf import settings

    from showground.exhibition.actions import halls
    from showground.people.models import Person
    from showground.weeks.models import Week
    from tests.exhibition.hung import Hung, brought, sheet

    now = settings.CLOCK()
    week = Week.objects.get(code="sample")
    people = {duty: Person.objects.get(email=f"{duty}@sample.example") for duty in ("curator", "organiser", "author")}
    about = {"en": "What happens out there.", "zh": "街上会发生什么。"}
    hall = halls.build(week, code="street", name={"en": "The street", "zh": "街上"}, about=about, opens=now - 60)
    stood = Hung(week, hall, people, now)
    brought(stood, sheet())
    _practice(week, people, now)
    return [_hung(stood, number) for number in range(count)]


def _hung(stood: Any, number: int) -> str:
    from showground.exhibition.actions import intake, write
    from showground.exhibition.models import Board

    first, by = Board.objects.get(place=1), stood.people["curator"]
    board = first
    if number:
        text = first.texts.order_by("pk").first()
        assert text is not None
        board = intake.hang(stood.hall, copy.deepcopy(text.document), by=by, at=stood.now)
        board.picture = copy.deepcopy(first.picture)
    board.quiz = "practice"
    board.save(update_fields=["picture", "quiz"])
    en, zh = TITLES[number % len(TITLES)]
    alt = {"en": "A white board with a list of three rules.", "zh": "一张白色展板，上面列着三条规则。"}
    write.say(
        board, title={"en": en, "zh": zh}, alt=alt, notes={"en": "Welcome.\nLook.", "zh": "欢迎。\n请看。"}, by=by, at=stood.now
    )
    write.publish(board, excuse="", by=by, at=stood.now)
    return board.code


def _practice(week: Any, people: dict[str, Any], now: int) -> None:
    from showground.quiz.actions.announce import announce_quiz
    from showground.quiz.models import PoolItem, Question, Quiz, Version
    from tests.quiz.played import both, question

    quiz = Quiz.objects.create(
        week=week, code="practice", kind="practice", name=both("Look twice", "再看一眼"), items=3, made_at=now,
        opens=now - 60, closes=now + 86400 * 30,
    )  # fmt: skip
    for number, kind in enumerate(("single", "phish", "true_false"), 1):
        document = question(number, kind)
        row = Question.objects.create(code=document["code"], kind=kind)
        row.current = Version.objects.create(
            question=row, number=1, document=document, state=Version.State.APPROVED, written_by=people["author"], written_at=now,
            read_by=people["organiser"], read_at=now,
        )  # fmt: skip
        row.save()
        PoolItem.objects.create(quiz=quiz, version=row.current, code=row.code)
    announce_quiz(quiz, rules=None, by=people["organiser"], at=now)
