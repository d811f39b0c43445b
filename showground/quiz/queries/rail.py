"""The rooms of the quiz desk, for the rail at the left of its pages."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from showground.quiz.models import Flag, Quiz
from showground.quiz.queries.bank import waiting
from showground.weeks.models import Week


def rail(week: Week, duties: set[str]) -> list[dict[str, object]]:
    """Returns the rooms that a person with these duties works in; a count is what waits for somebody there."""
    rooms = [
        ("rooms", _("All rooms"), "backstage:desk", None, {"organiser", "author"}),
        ("bank", _("Questions"), "quiz:bank", waiting() or None, {"organiser", "author"}),
        ("import", _("Files in and out"), "quiz:exchange", None, {"organiser", "author"}),
        ("quizzes", _("Quizzes"), "quiz:desk", drafts(week) or None, {"organiser"}),
        ("hosting", _("Host a round"), "quiz:hosting", None, {"organiser", "author"}),
        ("flags", _("Entries to look at"), "quiz:flags", flags_waiting(week) or None, {"organiser"}),
    ]
    return [
        {"key": key, "name": name, "url": reverse(url, args=[week.code]), "count": count, "late": key == "flags" and bool(count)}
        for key, name, url, count, needed in rooms
        if needed & duties
    ]


def drafts(week: Week) -> int:
    """Returns how many quizzes of a week are not announced yet."""
    return Quiz.objects.filter(week=week, state=Quiz.State.DRAFT).count()


def flags_waiting(week: Week) -> int:
    """Returns how many entries wait for a decision, or for a second one after an appeal."""
    waits = Flag.objects.filter(sitting__quiz__week=week, state=Flag.State.WAITING).count()
    appeals = Flag.objects.filter(sitting__quiz__week=week, state=Flag.State.STRUCK, appealed_at__isnull=False, answer="")
    return waits + appeals.count()


def to_do(week: Week) -> int:
    """Returns how much waits for somebody at the quiz desk: questions to read, quizzes to announce, entries to look at."""
    return waiting() + drafts(week) + flags_waiting(week)
