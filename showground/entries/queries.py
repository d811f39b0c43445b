"""What can be known about entries."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from showground.entries.models import Entry
from showground.people.models import Person
from showground.weeks import queries as weeks
from showground.weeks.models import Week
from showground.works.queries import Picture, closed_address, film, package, pictures

PUBLIC = (Entry.State.ACCEPTED,)
# Who goes on seeing a work that is withheld from everybody else: whoever judges, counts or answers for it.
KEEP_SEEING = frozenset({"juror", "notary", "screener", "organiser", "officer"})


WITHHELD_WORDS = {
    "deception": n_("It may deceive people or lead them into danger."),
    "persons": n_("It may violate the rights of a person."),
    "rights": n_("It may use what belongs to somebody else without leave."),
}


def withheld_reason(entry: Entry) -> str:
    """Returns why a work is withheld, in a sentence for everybody; "" while it is shown."""
    return _(WITHHELD_WORDS[entry.withheld_for]) if entry.withheld_for else ""


def as_shown(entry: Entry) -> Entry:
    """Returns the entry as the public may see it: itself, or while it is withheld a copy with no word, name or file of its maker.

    Every page, file or feed for the public makes what it shows from this.
    """
    if entry.withheld_at is None:
        return entry
    bare = copy.copy(entry)
    bare.title_en, bare.title_zh, bare.maker_name, bare.work = "Withheld work", "暂不展示的作品", _("Maker not named"), None
    for name in ("statement_en", "statement_zh", "alt_en", "alt_zh", "credit"):
        setattr(bare, name, "")
    return bare


def withheld_codes(week: Week) -> list[str]:
    """Returns the codes of the works of a week that are withheld now, sorted."""
    return sorted(Entry.objects.filter(week=week, withheld_at__isnull=False).values_list("code", flat=True))


def may_see_withheld(entry: Entry, person: Any) -> bool:
    """Tells whether this person goes on seeing the work while it is withheld: its maker, the jury, the notary, those who work on it."""
    if not person.is_authenticated:
        return False
    return bool(entry.person_id == person.pk or weeks.duties(person, entry.week) & KEEP_SEEING)


def public_entries(week: Week, *, category: str = "", genre: str = "") -> QuerySet[Entry]:
    """Returns the entries that are shown, with their works, in the order of acceptance."""
    found = Entry.objects.filter(week=week, state__in=PUBLIC).select_related("work").order_by("number")
    if category:
        found = found.filter(category=category)
    return found.filter(genre=genre) if genre else found


def public_entry(week: Week, code: str) -> Entry:
    """Returns one entry that is shown."""
    found = Entry.objects.filter(week=week, code=code, state__in=PUBLIC).select_related("work", "week").first()
    if found is None:
        raise Http404(code)
    return found


def by_codes(week: Week, codes: list[str]) -> dict[str, Entry]:
    """Returns entries of a week by code, whatever their state."""
    return {e.code: e for e in Entry.objects.filter(week=week, code__in=codes).select_related("work")}


def by_code(code: str) -> Entry | None:
    """Returns the entry with this code in whichever week and state; None if there is none."""
    return Entry.objects.filter(code=code).select_related("work", "week", "person").first()


def own_entries(week: Week, person: Person) -> QuerySet[Entry]:
    """Returns a person's entries to a week."""
    return Entry.objects.filter(week=week, person=person).select_related("work", "week")


def own_entry(week: Week, person: Person, code: str) -> Entry:
    """Returns one entry of this person."""
    found = own_entries(week, person).filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


def made_by(code: str, person: Person) -> bool:
    """Tells whether this person handed in the work with this code, in whichever week."""
    return Entry.objects.filter(code=code, person=person).exists()


def to_screen(week: Week) -> QuerySet[Entry]:
    """Returns what waits for a screener, the oldest first."""
    found = Entry.objects.filter(week=week, state=Entry.State.SUBMITTED)
    return found.select_related("work", "person", "week").order_by("submitted_at", "pk")


def states(week: Week) -> dict[str, int]:
    """Returns how many entries are in each state."""
    counted = Counter(Entry.objects.filter(week=week).values_list("state", flat=True))
    return {str(state): counted.get(str(state), 0) for state in Entry.State.values}


def counts(week: Week) -> dict[str, int]:
    """Returns how many shown entries each category has."""
    return dict(Counter(public_entries(week).values_list("category", flat=True)))


@dataclass(frozen=True)
class Seen:
    """An entry as its maker and its screener see it, in the reader's language; renditions only, never the file as sent."""

    entry: Entry
    title: str
    category: str
    genre: str
    statement: str
    alt: str
    pictures: list[Picture]
    film: Picture | None
    media: dict[str, Any]
    runs_at: str = ""  # under which w<...> an interactive work runs

    @property
    def thumb(self) -> Picture | None:
        """The smallest picture."""
        return self.pictures[0] if self.pictures else None

    @property
    def large(self) -> Picture | None:
        """The largest picture."""
        return self.pictures[-1] if self.pictures else None


def seen(entry: Entry) -> Seen:
    """Returns an entry as a working page shows it."""
    week, held = entry.week, entry.withheld_at is not None
    return Seen(
        entry=entry,
        title=weeks.said({"en": entry.title_en, "zh": entry.title_zh}) or entry.code,
        category=weeks.said(weeks.row(week, "categories", entry.category)["name"]),
        genre=weeks.said(weeks.row(week, "genres", entry.genre)["name"]),
        statement=weeks.said({"en": entry.statement_en, "zh": entry.statement_zh}),
        alt=weeks.said({"en": entry.alt_en, "zh": entry.alt_zh}),
        pictures=pictures(entry.work, held=held),
        film=film(entry.work, held=held),
        media=entry.work.media if entry.work else {},
        runs_at=package(entry.work, held=held),
    )


def missing(entry: Entry) -> str:
    """Returns what keeps a draft from being sent in: "work", or the state of its work; empty when nothing does."""
    if entry.work is None:
        return "work"
    return "" if entry.work.state == "safe" else str(entry.work.state)


def may_mend(entry: Entry, now: int) -> bool:
    """Tells whether its maker may change the entry now: a draft while the call is open, a returned one until the vote opens."""
    if entry.state == Entry.State.RETURNED:
        return bool(now < entry.week.vote_opens)
    return entry.state == Entry.State.DRAFT and bool(entry.week.call_opens <= now < entry.week.call_closes)


def entry_of_package(hash32: str) -> Entry | None:
    """Returns the entry whose interactive work runs at w<hash32>, also by the address it has for the jury while it is withheld."""
    found = Entry.objects.filter(work__media__hash32=hash32, state__in=PUBLIC).select_related("week").first()
    if found is not None:
        return found
    held = Entry.objects.filter(withheld_at__isnull=False, state__in=PUBLIC).select_related("week", "work")
    return next((e for e in held if hash32 == closed_address(package(e.work))), None)


def known_to_log(week: Week) -> QuerySet[Entry]:
    """Returns every entry that was ever handed in, in order."""
    found = Entry.objects.filter(week=week, submitted_at__isnull=False)
    return found.select_related("work", "person", "week").order_by("pk")
