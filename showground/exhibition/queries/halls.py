"""What can be known about halls and boards: which are open, in what order they hang, what stands beside."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from showground.exhibition.models import Board, Hall, Text
from showground.people.models import Person
from showground.weeks.models import Week


def halls(week: Week, now: int) -> list[Hall]:
    """Returns the halls that are open now, in order; a hall that has closed stays readable, one to come is not shown."""
    return list(Hall.objects.filter(week=week, opens__lte=now))


def has_halls(week: Week) -> bool:
    """Tells whether a week has a hall, open or to come."""
    return Hall.objects.filter(week=week).exists()


def coming(week: Week, now: int) -> list[Hall]:
    """Returns the halls that open later."""
    return list(Hall.objects.filter(week=week, opens__gt=now).order_by("opens"))


def hall_or_404(week: Week, code: str, now: int) -> Hall:
    """Returns an open hall."""
    found = Hall.objects.filter(week=week, code=code, opens__lte=now).first()
    if found is None:
        raise Http404(code)
    return found


def find_hall(week: str, code: str) -> Hall | None:
    """Returns the hall with this code in the week with that code, open or not."""
    return Hall.objects.filter(week__code=week, code=code).select_related("week").first()


def hanging(hall: Hall) -> list[Board]:
    """Returns the boards that visitors see, in the order of the route."""
    return list(_on_show().filter(hall=hall))


def _on_show() -> QuerySet[Board]:
    return Board.objects.filter(shown__isnull=False, withdrawn=False).select_related("shown", "hall__week")


def board_or_404(week: Week, code: str, now: int) -> Board:
    """Returns a board that visitors may read."""
    found = _on_show().filter(hall__week=week, code=code, hall__opens__lte=now).first()
    if found is None:
        raise Http404(code)
    return found


def once_shown_or_404(week: Week, code: str, now: int) -> Board:
    """Returns a board that visitors may read, or could before it was taken down."""
    found = Board.objects.filter(shown__isnull=False, hall__week=week, code=code, hall__opens__lte=now)
    board = found.select_related("shown", "hall__week").first()
    if board is None:
        raise Http404(code)
    return board


def by_short(code: str, now: int) -> Board:
    """Returns the board of a short address, whatever its week; what cannot be one does not reach the database."""
    found = _on_show().filter(code=code, hall__opens__lte=now).first() if code.isalnum() else None
    if found is None:
        raise Http404(code)
    return found


def open_boards(week: Week, now: int) -> list[Board]:
    """Returns every board of a week that visitors may read, by hall and place."""
    return list(_on_show().filter(hall__week=week, hall__opens__lte=now).order_by("hall__order", "hall__code", "place"))


def texts(board: Board) -> list[Text]:
    """Returns every text that the board ever showed, the newest first."""
    return list(board.texts.filter(state=Text.State.PUBLISHED).select_related("minute").order_by("-number"))


def text_or_404(board: Board, number: int) -> Text:
    """Returns a text that was published, by its number."""
    found = board.texts.filter(state=Text.State.PUBLISHED, number=number).select_related("minute").first()
    if found is None:
        raise Http404(str(number))
    return found


# ---- for the desk ----


def desk_halls(week: Week, person: Person, duties: set[str]) -> list[Hall]:
    """Returns the halls that a person may work on: an organiser all of them, a curator those with no editors or with them as one."""
    found = Hall.objects.filter(week=week)
    if "organiser" not in duties:
        found = found.filter(Q(editors=None) | Q(editors=person)).distinct()
    return list(found)


def counts(week: Week) -> dict[int, tuple[int, int]]:
    """Returns how many boards hang in each hall of a week, by the hall's key: in all, and on show."""
    shown = Count("pk", filter=Q(shown__isnull=False, withdrawn=False))
    listed = Board.objects.filter(hall__week=week).order_by().values_list("hall").annotate(boards=Count("pk"), public=shown)
    return {hall: (boards, public) for hall, boards, public in listed}


def desk_hall(week: Week, code: str, person: Person, duties: set[str]) -> Hall:
    """Returns a hall that the person may work on, or 404."""
    for hall in desk_halls(week, person, duties):
        if hall.code == code:
            return hall
    raise Http404(code)


def desk_board(week: Week, code: str, person: Person, duties: set[str]) -> Board:
    """Returns a board that the person may work on, published or not, or 404."""
    found = Board.objects.filter(hall__week=week, code=code).select_related("hall__week", "shown", "intake").first()
    if found is None or found.hall not in desk_halls(week, person, duties):
        raise Http404(code)
    return found


def draft(board: Board) -> Text | None:
    """Returns the text that is being written, None where nothing was changed since the last publishing."""
    return board.texts.filter(state=Text.State.DRAFT).first()


def current(board: Board) -> Text | None:
    """Returns the text as the desk sees it: the draft, else what is shown."""
    return draft(board) or board.shown


def unpublished(week: Week) -> int:
    """Returns how many boards wait for somebody to publish them or their changes."""
    return Text.objects.filter(board__hall__week=week, state=Text.State.DRAFT, board__withdrawn=False).count()


def minutes_in(boards: Iterable[Board]) -> int:
    """Returns how long the boards take to read, in minutes."""
    return sum(board.minutes for board in boards)


def day_of(instant: int, zone: datetime.tzinfo) -> tuple[str, int]:
    """Returns the day ("2026-09-14") and the hour of an instant in a zone."""
    local = datetime.datetime.fromtimestamp(instant, zone)
    return local.date().isoformat(), local.hour
