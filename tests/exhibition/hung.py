"""A week with a hall, a curator and a board that was read from a printed page by the real jail."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.test.utils import override_settings

from showground.commands.demo_week import week_file
from showground.exhibition.actions import halls, intake, write
from showground.exhibition.models import Board, Hall, Intake
from showground.exhibition.queries import store
from showground.media.jail import best_available
from showground.people.actions import welcome
from showground.people.models import Person
from showground.weeks.actions import give_duty, open_week, read_week_file
from showground.weeks.models import Week
from tests.media.made import head, pdf

SHEET = """
= 识别诈骗
诈骗分子常冒充银行，要求你“立即验证”账户信息。真正的银行从不在短信里索要验证码。
== 记住三件事
- 不转账，不透露验证码
- 挂断后拨打96110核实
#set text(lang: "en")
= Telling fraud
A real bank never asks for a one-time code in a message. Hang up first, then call the number printed on your card.
"""


@dataclass
class Hung:
    """The week, its hall, who works there, the instant that everything happens at."""

    week: Week
    hall: Hall
    people: dict[str, Person]
    now: int

    def client(self, who: str = "") -> Client:
        client = Client(SERVER_NAME="localhost", SERVER_PORT="8300")
        if who:
            client.force_login(self.people[who])
        return client


@cache
def sheet(size: int = 9) -> bytes:
    """A small page in both languages."""
    return pdf(head(width=148, height=210, margin=14, size=size) + SHEET)


def a_hall(code: str = "2026") -> Hung:
    """Returns a week whose vote is open, with one open hall and nothing in it."""
    now = settings.CLOCK()
    text, _ = week_file(code, anchor=now - 86400, name=("Second Look", "再看一眼"))
    week = open_week(read_week_file(text))
    people = {
        duty: welcome(f"{duty}@{code}.example", language="en", at=now) for duty in ("curator", "organiser", "author", "partner")
    }
    for duty in ("curator", "organiser", "author"):
        give_duty(week, person=people[duty], duty=duty)
    give_duty(week, person=people["partner"], duty="curator")
    names = {"en": "The street", "zh": "街上"}
    hall = halls.build(
        week, code="street", name=names, about={"en": "What happens out there.", "zh": "街上会发生什么。"}, opens=now - 60
    )
    return Hung(week, hall, people, now)


def brought(stood: Hung, data: bytes, name: str = "boards.pdf") -> Intake:
    """A file is brought and read at once; a weak jail may open it, since it is ours."""
    pieces = [data[: len(data) // 2], data[len(data) // 2 :]]
    one = intake.receive(
        stood.hall, filename=name, size=len(data), pieces=pieces, language="zh", by=stood.people["curator"], at=stood.now
    )
    return intake.read(one, jail=best_available(), at=stood.now, ours=frozenset({hashlib.sha256(data).hexdigest()}))


@dataclass(frozen=True)
class Read:
    """What the jail found in the small sheet, without the week it was read in: the document, the picture, and its files by their path."""

    document: dict[str, Any]
    picture: dict[str, Any]
    files: dict[Path, bytes]


@cache
def _sheet_as_read() -> Read:
    """The jail reads the sheet once for all tests, in a week and in folders of its own: of them nothing stays, no test is the first."""
    with TemporaryDirectory() as own, override_settings(MEDIA_STORE=Path(own), WORKS=Path(own)), transaction.atomic():
        one = brought(a_hall("read"), sheet())
        assert one.state == Intake.State.READ
        board = Board.objects.get(intake=one)
        read = Read(board.texts.get().document, board.picture, _files_of(board.picture))
        transaction.set_rollback(True)
    return read


def a_board(stood: Hung) -> Board:
    """A board of the small sheet, with its picture's files in the store."""
    made = _sheet_as_read()
    for path, data in made.files.items():
        lying = Path(settings.MEDIA_STORE) / path
        lying.parent.mkdir(parents=True, exist_ok=True)
        lying.write_bytes(data)
    board = intake.hang(stood.hall, copy.deepcopy(made.document), by=stood.people["curator"], at=stood.now)
    board.picture = copy.deepcopy(made.picture)
    board.save(update_fields=["picture"])
    return board


def _files_of(picture: dict[str, Any]) -> dict[Path, bytes]:
    """Returns the bytes of the tiles and renditions of a picture by their path in the store."""
    found = [one for one in store.drawn(picture["key"]).rglob("*") if one.is_file()]
    found += [store.rendition(one["file"]) for one in picture["renditions"]]
    return {one.relative_to(settings.MEDIA_STORE): one.read_bytes() for one in found}


def published(stood: Hung, board: Board, **more: Any) -> Board:
    """The board has its title and alt text in both languages and is on show."""
    by = stood.people["curator"]
    title = {"en": "Telling fraud", "zh": "识别诈骗"}
    alt = {"en": "A board about calls from a bank.", "zh": "讲冒充银行来电的展板。"}
    write.say(board, title=title, alt=alt, notes=more.get("notes", {"en": "Welcome.\nLook.", "zh": "欢迎。"}), by=by, at=stood.now)
    write.publish(board, excuse=more.get("excuse", ""), by=by, at=stood.now)
    board.refresh_from_db()
    return board
