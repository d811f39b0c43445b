"""Boards on the wall: when one was taken down and hung again is written for ever, on its page of history and in the log."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from showground.exhibition.actions import intake as taking
from showground.exhibition.actions import wall, write
from showground.exhibition.models import Board, Hanging
from showground.exhibition.queries import store
from showground.ledger.actions.append import open_log
from showground.ledger.models import Minute
from showground.media.jail import best_available
from showground.rules import records
from showground.rules.chronicle import Chronicle
from showground.rules.refused import Refused
from tests.exhibition.hung import Hung, a_board, published, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(stood: Hung) -> Board:
    open_log(stood.week.origin, vkey="x", policy="")
    return published(stood, a_board(stood))


def turn(stood: Hung, board: Board, *, gone: bool, later: int) -> Board:
    return wall.withdraw(board, gone=gone, by=stood.people["curator"], at=stood.now + later)


def changed(stood: Hung, board: Board, later: int) -> None:
    told: dict[str, Any] = {"by": stood.people["curator"], "at": stood.now + later}
    write.mend(board, "b2", kind="paragraph", texts={"zh": f"第{later}次。", "en": "Again."}, box=None, **told)
    write.publish(board, excuse="", **told)


def written(stood: Hung) -> list[tuple[str, int]]:
    """The kinds and versions that the log has of boards; it takes them in this order."""
    week = Chronicle()
    opened = records.build("log.opened", stood.week.origin, software="s", policy_sha256="0" * 64, operator="A", vkeys=[])
    entries = [json.loads(minute.entry) for minute in Minute.objects.order_by("pk")]
    for record in [opened, *entries]:
        week.read(record)
    return [(record["type"].partition(".")[2], record["version"]) for record in entries]


def test_each_time_a_board_is_taken_down_and_hung_again_stands_in_the_log(stood: Hung, board: Board) -> None:
    for gone, later in ((True, 10), (True, 11), (False, 20), (False, 21)):
        turn(stood, board, gone=gone, later=later)
    turn(stood, board, gone=True, later=30)
    changed(stood, board, 40)
    turn(stood, board, gone=True, later=50)
    assert written(stood) == [
        *(("published", 1), ("withdrawn", 1), ("restored", 1), ("withdrawn", 1)),
        *(("published", 2), ("withdrawn", 2)),
    ]
    assert [one.at - stood.now for one in Hanging.objects.all()] == [10, 20, 30, 50], "what is so already is not written twice"


def test_the_history_says_when_a_board_hung_and_when_not(stood: Hung, board: Board) -> None:
    home = f"/en/2026/boards/{board.code}/history/"
    turn(stood, board, gone=True, later=3600)
    turn(stood, board, gone=False, later=7200)
    page = stood.client().get(home).content.decode()
    told = page.split('class="versions"')[1].split("</ol>")[0]
    assert re.findall(r"<dt>([^<]*)</dt>", told) == ["Shown", "SHA-256", "In the log", "Taken down", "Hung again"]
    assert page.count("on its way") == 3 and "shown now" in page
    turn(stood, board, gone=True, later=10_800)
    gone = stood.client().get(home)
    down = gone.content.decode()
    assert gone.status_code == 200 and "The board is taken down." in down and "shown now" not in down
    assert "Telling fraud" not in down and "/text/1.json" not in down, "what was taken down is not told again"
    assert stood.client().get(f"/en/2026/boards/{board.code}/text/1.json").status_code == 404


def test_a_board_that_was_taken_down_before_the_log_knew_of_that_writes_nothing_the_door_would_refuse(
    stood: Hung, board: Board
) -> None:
    Board.objects.update(withdrawn=True)  # as before this was recorded
    turn(stood, board, gone=False, later=10)
    assert written(stood) == [("published", 1)]
    turn(stood, board, gone=True, later=20)
    assert written(stood) == [("published", 1), ("withdrawn", 1)]


def test_a_board_that_never_hung_is_not_taken_down(stood: Hung) -> None:
    with pytest.raises(Refused, match=r"board\.not_shown"):
        turn(stood, a_board(stood), gone=True, later=1)
    assert not Hanging.objects.exists() and not Board.objects.get().withdrawn


def test_the_desk_takes_a_board_down_and_leads_to_its_history(stood: Hung, board: Board) -> None:
    desk, home = stood.client("curator"), f"/en/2026/desk/boards/{board.code}/"
    assert desk.post(f"{home}withdraw/", {"do": "withdraw"})["Location"] == f"{home}#gate"
    page = desk.get(home).content.decode()
    assert "Hang it again" in page and f"/en/2026/boards/{board.code}/history/" in page
    assert f'href="/en/2026/boards/{board.code}/"' not in page, "nobody is led to a page that is not there"
    assert Hanging.objects.get().by == stood.people["curator"]


def test_a_place_on_the_route_is_where_the_board_hangs_whatever_others_did_meanwhile(stood: Hung) -> None:
    first, second, third = (a_board(stood) for _ in range(3))
    wall.rehang(first, 1)
    wall.rehang(first, to=3)  # the page still said that it hangs first
    assert list(Board.objects.order_by("place")) == [second, third, first]


def test_a_picture_that_is_drawn_for_a_board_taken_away_leaves_no_file(stood: Hung) -> None:
    data, jail, by = sheet(size=7), best_available(), stood.people["curator"]
    one = taking.receive(stood.hall, filename="a.pdf", size=len(data), pieces=[data], language="zh", by=by, at=stood.now)
    taking._hang(one, taking._part(one, jail, 20), stood.now)
    board = Board.objects.get()
    documents = {board.pk: board.texts.get().document}
    wall.take_away(board)
    assert taking._draw_run(one, [board], documents, jail, 20) == 1
    assert not store.drawn(f"{one.sha256}-{board.page}").exists()


def test_what_a_machine_read_never_takes_the_place_of_what_a_person_wrote(stood: Hung) -> None:
    board = a_board(stood)
    text = board.texts.get()
    read = {**text.document, "blocks": [{**text.document["blocks"][0], "by": "ocr"}]}
    assert not taking.put_draft(text, read, stood.now), "somebody wrote while the machine read"
    text.document, text.confirmed = {**text.document, "blocks": []}, True
    text.save()
    assert taking.put_draft(text, read, stood.now)
    text.refresh_from_db()
    assert text.document == read and not text.confirmed, "what was confirmed before was another text"
    write.publish(board, excuse="It has to hang today.", by=stood.people["curator"], at=stood.now)
    text.refresh_from_db()
    assert not taking.put_draft(text, {**read, "blocks": []}, stood.now) and text.document == read, "published is published"
