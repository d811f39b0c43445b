"""What can be known about persons."""

from __future__ import annotations

from collections.abc import Iterable

from showground.people.models import Person


def person_of(email: str) -> Person | None:
    """Returns the person with this address, in any spelling of its letters' case."""
    return Person.objects.filter(email=normalised(email)).first()


def normalised(address: str) -> str:
    """Returns an address in the one form that identifies it: lower case, no +tag."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.split('+', 1)[0]}@{domain}"


def persons(keys: Iterable[int]) -> list[Person]:
    """Returns the persons with these keys."""
    return list(Person.objects.filter(pk__in=keys))
