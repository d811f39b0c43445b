"""A warning to everybody: one person writes it from a case, another reads it, and it names nobody. RULE reports 3.9."""

from __future__ import annotations

import re
import secrets

from django.db import transaction

from showground.people.models import Person
from showground.reports.actions.at_work import at_work
from showground.reports.actions.file import one_form
from showground.reports.actions.note import note
from showground.reports.actions.recuse import may
from showground.reports.models import Card, Case, Channel
from showground.reports.queries.channels import starter
from showground.rules.refused import Refused

LANGUAGES = ("en", "zh")
MOST = {"title": 90, "how": 900, "act": 600}
# What points at somebody: an address, a mail, a longer number, an account. A card tells how it goes, not who did it.
_POINTS = re.compile(
    r"https?:|www\.|\S@\S|\b[a-z0-9-]+\.(?:com|cn|net|org|top|xyz|info|shop|vip|app|io|cc)\b|\d[\d\s-]{6,}\d", re.I
)


def _checked(parts: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    clean = {name: {lang: one_form(parts.get(name, {}).get(lang, "")).strip() for lang in LANGUAGES} for name in MOST}
    for name, texts in clean.items():
        for text in texts.values():
            if not text:
                raise Refused("card.empty", part=name)
            if len(text) > MOST[name]:
                raise Refused("card.long", part=name, most=MOST[name])
            if found := _POINTS.search(text):
                raise Refused("card.names", found=found[0][:40])
    return clean


@transaction.atomic
def write_card(case: Case, parts: dict[str, dict[str, str]], *, by: Person, at: int, log: str) -> Card:
    """A card waits for its second reader; `parts` is {title, how, act}, each {en, zh}.

    Refuses: somebody who stays out of the case, a case of a child (`card.child`), a missing language, words that point at anybody.
    """
    may(case, by)
    if case.category == "child":
        raise Refused("card.child")
    code = f"{case.category}-{secrets.token_hex(3)}"
    card = Card.objects.create(code=code, case=case, written_by=by, **_checked(parts))
    note("card", card.pk, "written", role="officer", at=at, log=log)
    return card


@transaction.atomic
def publish_card(card: Card, *, by: Person, at: int, log: str) -> Card:
    """Another person has read the card, and everybody can; refuses the one who wrote it (`decision.same_person`)."""
    at_work(by)
    card = Card.objects.select_for_update().get(pk=card.pk)
    if card.case is not None:
        may(card.case, by)
    if card.published_at is not None or card.withdrawn_at is not None:
        raise Refused("card.state")
    if card.written_by_id == by.pk:
        raise Refused("decision.same_person")
    card.read_by, card.published_at = by, at
    card.save(update_fields=["read_by", "published_at"])
    note("card", card.pk, "published", role="officer", at=at, log=log)
    return card


@transaction.atomic
def withdraw_card(card: Card, *, by: Person, at: int, log: str) -> Card:
    """The card is gone from the pages; one person is enough to take a warning back, but none who stays out of its case."""
    card = Card.objects.select_for_update().get(pk=card.pk)
    if card.case is not None:
        may(card.case, by)
    if card.withdrawn_at is None:
        card.withdrawn_at = at
        card.save(update_fields=["withdrawn_at"])
        note("card", card.pk, "withdrawn", role="officer", at=at, log=log)
    return card


@transaction.atomic
def plant_channels() -> int:
    """A directory that is empty holds the starter set; one that somebody keeps is left alone. Returns how many rows were made."""
    if Channel.objects.exists():
        return 0
    names = ("code", "kind", "order", "categories", "name", "about", "reach")
    rows = [Channel(**{name: one[name] for name in names}) for one in starter()["channels"]]
    return len(Channel.objects.bulk_create(rows))
