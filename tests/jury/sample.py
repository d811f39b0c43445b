"""A week after its vote has closed: the shortlist is declared and witnessed, the escrow key is one that the test holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from showground.jury.models import Juror
from showground.people.actions import welcome
from showground.people.models import Person
from showground.rules import awards
from showground.rules.records import Record
from showground.tlog import note
from showground.weeks.actions import give_duty
from showground.weeks.models import Week as Row
from tests.harness.site import stand
from tests.harness.week import Week

ESCROW = X25519PrivateKey.from_private_bytes(bytes([2]) * 32)
ESCROW_VKEY = note.format_vkey(
    "notary.example/escrow", note.PRIVATE, b"showground-x25519-v1" + ESCROW.public_key().public_bytes_raw()
)


@dataclass(frozen=True)
class Judging:
    """The synthetic week, its row, its jurors as persons; `listed` is the shortlist."""

    played: Week
    row: Row
    jurors: list[Juror]
    listed: list[str]

    @property
    def judging(self) -> int:
        return self.row.vote_closes + 3600

    def person(self, number: int) -> Person:
        return self.jurors[number - 1].person

    def rows(self, points: int = 5) -> list[list[Any]]:
        return sorted(
            [code, criterion["key"], points] for code in self.listed for criterion in self.played.rule["jury"]["criteria"]
        )


def _own_escrow(index: int, record: Record) -> Record:
    return {**record, "vkey": ESCROW_VKEY} if record.get("role") == "escrow" else record


def judging(stage: str = "shortlist", jurors: int = 3) -> Judging:
    """Returns a week that waits for its sheets; `stage` "closed" has no shortlist yet, "jury" has a witnessed gate."""
    played = Week(seed=4, voters=9, jurors=jurors, edit=_own_escrow).run("jury" if stage == "jury" else "closed")
    if stage == "shortlist":
        _declare(played)
    row = stand(played)
    seats = []
    for number in range(1, jurors + 1):
        person = welcome(f"juror{number}@example.org", language="en", at=0, name=f"Juror {number}")
        give_duty(row, person=person, duty="juror")
        seats.append(Juror.objects.create(week=row, person=person, number=number, categories=[]))
    return Judging(played, row, seats, sorted(played.week.shortlist or []))


def _declare(played: Week) -> None:
    closed = played.week.vote_closed
    assert closed is not None
    listed = awards.shortlist(played.rule, played._counted().votes, played.week.category_of(), played.week.standing(closed))
    played.append("shortlist.declared", entries=listed, through_index=closed)
    played.witness("shortlist", played.closes + 3600)
