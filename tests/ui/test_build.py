"""What the front-end build made: budgets of the first view, and nothing that the policy forbids."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DIST = ROOT / "showground/ui/static/ui/dist"


def weight(name: str) -> int:
    path = DIST / name
    return path.stat().st_size if path.suffix == ".woff2" else len(gzip.compress(path.read_bytes(), 9))


def test_first_view_stays_under_its_budget():
    shared = ("showground.css", "app.js", "htmx.js")
    fonts = ("fonts/besley-latin-600-normal.woff2", "fonts/instrument-sans-latin-wght-normal.woff2")
    assert weight("showground.css") < 12_500
    assert weight("song.css") < 4_000
    assert sum(weight(name) for name in shared + fonts) < 90_000


@pytest.mark.parametrize("name", ["showground.css", "desk.css", "song.css", "report.css", "open.css"])
def test_style_sheet_holds_no_data_address_and_fetches_from_nowhere_else(name):
    sheet = (DIST / name).read_text(encoding="utf-8")
    assert not re.search(r"\(['\"]?data:", sheet)
    assert "http" not in sheet
    for address in re.findall(r'url\("?([^")]+)"?\)', sheet):
        assert (DIST / address).is_file(), address


@pytest.mark.parametrize(
    ("sheet", "heads"),
    [
        ("report.css", "发生了什么有人冒充我单位私密影像请输入编号工作人员正在处理已经有决定先保住钱"),
        ("open.css", "该找谁收到了处理得怎样转交有权理由"),
    ],
)
def test_chinese_heads_of_the_desk_are_set_in_song_without_a_face_of_their_own_on_the_phone(sheet, heads):
    rules = re.findall(r'@font-face\{font-family:"Song Heads";[^}]*', (DIST / sheet).read_text(encoding="utf-8"))
    there = {chr(int(one, 16)) for rule in rules for one in re.findall(r"U\+([0-9a-f]+)", rule)}
    assert len(rules) == 2 and set(heads) <= there


def test_a_first_page_for_those_who_report_is_light_in_chinese_too():
    needed = ("report.css", "app.js", "song/song-door.woff2", "fonts/basic-instrument-sans.woff2")
    assert sum(weight(name) for name in needed) < 50_000, "with its scripts and its own text it stays under 60 kB"


def test_sheets_are_asked_for_before_faces_so_that_they_get_the_first_connection():
    frame = (ROOT / "showground/ui/templates/ui/base.html").read_text(encoding="utf-8")
    assert 0 < frame.index('showground.css" %}') < frame.index("{% block sheet %}") < frame.index("{% block faces %}")


def test_the_small_faces_of_a_hall_are_pieces_of_the_whole_ones():
    def weights(name):
        sheet = (DIST / name).read_text(encoding="utf-8")
        faces = re.findall(r'@font-face\{font-family:"?([^";]+)"?;font-weight:([^;]+);', sheet)
        return {(family, weight) for family, weight in faces if family in {"Besley", "Instrument Sans"}}

    assert len(weights("hall.css")) == 2 and weights("hall.css") <= weights("showground.css"), "else a browser fetches both"


def test_pictures_move_from_page_to_page_only_where_the_reader_lets_things_move():
    sheet = (DIST / "hall.css").read_text(encoding="utf-8")
    before, moving = sheet.split("@media(prefers-reduced-motion:no-preference){@view-transition{navigation:auto}")
    assert "view-transition" not in before + moving.partition("}}")[2]


def test_style_sheet_has_the_class_of_every_ratio():
    sheet = (DIST / "showground.css").read_text(encoding="utf-8")
    for name in (".r-30{", ".r-133{", ".r-320{", ".g-1{", ".g-80{", ".h-14{", ".h-34{"):
        assert name in sheet


def test_lock_names_no_registry():
    assert "resolved" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
