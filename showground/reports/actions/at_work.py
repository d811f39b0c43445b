"""Whether somebody works at the desk still, asked at the moment that counts and held until the act is done."""

from __future__ import annotations

from showground.people.models import Person
from showground.reports.models import Holder
from showground.rules.refused import Refused

OFFICER = Holder.Duty.OFFICER


def at_work(person: Person, duty: str = OFFICER) -> Holder:
    """Returns the person's key in use; neither it nor the duty is taken away before this transaction ends.

    To be asked before anything else is locked: whoever takes a key away locks keys first and cases after. Refuses (`desk.off_duty`)
    a person whose key or duty ended, however lately: a request that began before is not finished.
    """
    keys = Holder.objects.select_for_update(no_key=True).filter(person=person, duty=duty, revoked_at=None)
    held = keys.first() if person.is_active else None
    if held is None or not list(person.roles.select_for_update(no_key=True).filter(duty=duty)):
        raise Refused("desk.off_duty")
    return held
