"""What can be known about the jury. Nobody can read scores before they are opened: the site holds ciphertext only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from showground.entries.models import Entry
from showground.entries.queries import by_codes
from showground.jury.models import Juror, Sheet
from showground.ledger.queries import chronicle
from showground.people.models import Person
from showground.weeks.models import Week


@dataclass(frozen=True)
class Assignment:
    """What a juror scores: the short-listed works of the juror's categories in entry order, and the criteria."""

    works: list[Entry]
    criteria: list[dict[str, Any]]
    escrow_vkey: str


def juror_of(week: Week, person: Person) -> Juror:
    """Returns the juror that this person is."""
    found = Juror.objects.filter(week=week, person=person).select_related("week").first()
    if found is None:
        raise Http404
    return found


def assignment(juror: Juror) -> Assignment | None:
    """Returns what the juror scores, None before the shortlist is declared."""
    log = chronicle(juror.week.origin)
    if log.shortlist is None or log.ruleset is None:
        return None
    category_of = log.category_of()
    codes = [c for c in log.shortlist if not juror.categories or category_of[c] in juror.categories]
    known = by_codes(juror.week, codes)
    works = [known[c] for c in codes if c in known]
    return Assignment(works, log.ruleset["jury"]["criteria"], log.keys.get("escrow", ""))


def last_sheet(juror: Juror) -> Sheet | None:
    """Returns the sheet of a juror that counts so far."""
    return Sheet.objects.filter(juror=juror).last()


def panel(week: Week) -> list[dict[str, Any]]:
    """Returns a row per juror for the organiser: number, person, key declared, sheet sealed, sheet opened; no scores."""
    rows = []
    for juror in Juror.objects.filter(week=week).select_related("person").prefetch_related("sheets"):
        sheets = list(juror.sheets.all())
        rows.append({
            "number": juror.number,
            "person": juror.person,
            "categories": juror.categories,
            "key": bool(juror.vkey),
            "sealed": bool(sheets),
            "opened": bool(sheets and sheets[-1].opening),
            "given_up": bool(sheets and "given_up" in sheets[-1].opening),
        })  # fmt: skip
    return rows
