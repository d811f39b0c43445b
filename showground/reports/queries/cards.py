"""Warnings to everybody that stand now: for the page, the exhibition and the quiz."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from showground.reports.models import Card
from showground.weeks.queries import said


@dataclass(frozen=True)
class Shown:
    """A card in the reader's language."""

    code: str
    title: str
    how: str
    act: str
    at: int


def standing() -> QuerySet[Card]:
    """Returns the cards that two persons stand for and nobody took back, newest first."""
    return Card.objects.filter(withdrawn_at=None).exclude(published_at=None).exclude(read_by=None)


def shown(card: Card) -> Shown:
    """Returns a card as the page says it."""
    return Shown(card.code, said(card.title), said(card.how), said(card.act), card.published_at or 0)


def feed(most: int = 20) -> list[dict[str, Any]]:
    """Returns the newest cards as data {code, title, how, act, at}, both languages in each: for the exhibition and the quiz."""
    return [
        {"code": card.code, "title": card.title, "how": card.how, "act": card.act, "at": card.published_at}
        for card in standing()[:most]
    ]
