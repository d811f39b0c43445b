"""Halls: built, changed, given to editors."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from showground.exhibition.models import Hall
from showground.people.models import Person
from showground.rules.refused import Refused
from showground.weeks import queries as weeks
from showground.weeks.models import Week


@transaction.atomic
def build(
    week: Week, *, code: str, name: dict[str, str], about: dict[str, str], opens: int, closes: int | None = None,
    kind: str = Hall.Kind.BOARDS, partner: dict[str, str] | None = None, order: int = 1, editors: Iterable[Person] = (),
) -> Hall:  # fmt: skip
    """The week has one more hall; nobody sees it before it opens."""
    if Hall.objects.filter(week=week, code=code).exists():
        raise Refused("hall.code", code=code)
    if closes is not None and closes <= opens:
        raise Refused("hall.closes")
    hall = Hall.objects.create(
        week=week, code=code, kind=kind, name=name, about=about, partner=partner or {}, order=order, opens=opens, closes=closes
    )
    hall.editors.set(editors)
    return hall


@transaction.atomic
def change(
    hall: Hall, *, name: dict[str, str], about: dict[str, str], partner: dict[str, str], opens: int, closes: int | None, order: int
) -> Hall:
    """The hall is called this, is open then and stands there in the list."""
    if closes is not None and closes <= opens:
        raise Refused("hall.closes")
    hall.name, hall.about, hall.partner, hall.opens, hall.closes, hall.order = name, about, partner, opens, closes, order
    hall.save(update_fields=["name", "about", "partner", "opens", "closes", "order"])
    return hall


@transaction.atomic
def entrust(hall: Hall, emails: Iterable[str]) -> Hall:
    """The hall is worked on by these curators and the organisers only; with none named, by every curator of the week."""
    known = {person.email.lower(): person for person in weeks.holders(hall.week, "curator")}
    found = []
    for email in dict.fromkeys(emails):
        if email not in known:
            raise Refused("hall.editor", email=email)
        found.append(known[email])
    hall.editors.set(found)
    return hall
