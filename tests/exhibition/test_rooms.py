"""From a printed file to a page: read in the jail, written, through the gate, shown; as visitors and as other programs see it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from showground.commands import exhibit
from showground.exhibition import jobs
from showground.exhibition.actions import halls, wall, write
from showground.exhibition.actions import intake as taking
from showground.exhibition.models import Board, Hall, Intake, Note, Text
from showground.exhibition.queries import events, search, shown, store
from showground.exhibition.queries.gate import lacks
from showground.ledger.actions.append import open_log
from showground.ledger.models import Minute
from showground.media import boards
from showground.rules.refused import Refused
from showground.works.models import Work
from tests.exhibition.hung import Hung, a_board, brought, published, sheet

pytestmark = pytest.mark.django_db
PAGE = "/en/2026/boards/{}/"


@pytest.fixture
def board(stood: Hung) -> Board:
    return a_board(stood)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# ---- from a file to a draft ----


def test_a_print_file_becomes_a_draft_with_text_regions_and_picture(stood: Hung, board: Board) -> None:
    text = board.texts.get()
    said = [boards.plain(block) for block in text.document["blocks"]]
    assert (text.state, board.shown, board.place) == ("draft", None, 1)
    assert said[0] == "识别诈骗" and "Telling fraud" in said and "挂断后拨打96110核实" in said
    assert all("box" in block for block in text.document["blocks"])
    assert (store.drawn(board.picture["key"]) / "tiles/info.json").is_file()
    assert all(store.rendition(one["file"]).is_file() for one in board.picture["renditions"])
    assert board.picture["contrast"] and min(board.picture["contrast"].values()) > 30


def test_reading_again_after_a_crash_makes_nothing_twice(stood: Hung) -> None:
    brought(stood, sheet())
    one = Intake.objects.get()
    before = Board.objects.count()
    Intake.objects.update(state=Intake.State.WAITING)
    taking.read(one, jail=jobs.works.jail(), at=stood.now, ours=frozenset({one.sha256}))
    assert Board.objects.count() == Text.objects.count() == before


@pytest.mark.parametrize(("data", "code"), [(b"", "work.empty"), (b"GIF89a" + bytes(99), "work.kind")])
def test_what_is_no_print_file_is_refused_and_leaves_nothing(stood: Hung, data: bytes, code: str) -> None:
    with pytest.raises(Refused) as no:
        taking.receive(stood.hall, filename="x.pdf", size=len(data), pieces=[data], language="zh", by=None, at=stood.now)
    assert no.value.code == code and not Intake.objects.exists()
    home = store.original("0").parent
    assert not home.exists() or not list(home.iterdir())


def test_a_damaged_file_is_refused_by_the_jail_and_says_why(stood: Hung) -> None:
    data = sheet()[:2000]
    one = brought(stood, data)
    assert one.state == Intake.State.REFUSED and one.told[0]["code"] and not Board.objects.exists()
    page = stood.client("curator").get("/en/2026/desk/halls/street/")
    assert page.status_code == 200 and "not taken" in text_of(page)


def test_a_file_dropped_on_the_page_waits_for_the_jail(stood: Hung) -> None:
    file = SimpleUploadedFile("boards.pdf", sheet())
    answer = stood.client("curator").post("/en/2026/desk/halls/street/bring/", {"file": file, "language": "zh"})
    one = Intake.objects.get()
    assert answer.status_code == 302 and one.state == "waiting" and one.sha256 == hashlib.sha256(sheet()).hexdigest()
    told = {"file": SimpleUploadedFile("a.exe", b"MZ" + bytes(99)), "language": "zh"}
    refused = stood.client("curator").post("/en/2026/desk/halls/street/bring/", told)
    assert refused.status_code == 422 and "a.exe" in text_of(refused) and Intake.objects.count() == 1


# ---- writing, the gate, publishing ----


def test_the_gate_stops_a_board_until_it_is_whole_or_somebody_says_why(stood: Hung, board: Board) -> None:
    by = stood.people["curator"]
    found = {one.code for one in lacks(board, board.texts.get())}
    assert found == {"alt"}
    with pytest.raises(Refused, match=r"board\.gate"):
        write.publish(board, excuse="", by=by, at=stood.now)
    with pytest.raises(Refused, match=r"board\.gate"):
        write.publish(board, excuse="ok", by=by, at=stood.now)
    text = write.publish(board, excuse="The describer comes on Monday.", by=by, at=stood.now)
    assert text.excuse == "The describer comes on Monday."
    page = stood.client().get(PAGE.format(board.code) + "history/")
    assert "The describer comes on Monday." in text_of(page)


def test_each_rule_of_the_gate_sees_its_lack(stood: Hung, board: Board) -> None:
    text = board.texts.get()
    blocks = text.document["blocks"]
    text.document = {**text.document, "title": {"zh": "题", "en": "T"}, "alt": {"zh": "图", "en": "P"}}
    assert lacks(board, text) == []
    text.document["blocks"] = [*blocks, {"id": "b90", "kind": "picture", "lang": "zh", "text": {}, "by": "ocr"}]
    assert [one.code for one in lacks(board, text)] == ["picture_alt", "unconfirmed"]
    text.document["blocks"] = [one for one in blocks if one["lang"] == "zh"]
    assert [(one.code, one.of[0]) for one in lacks(board, text)] == [("second_language", "en")]
    text.document["blocks"] = []
    assert [one.code for one in lacks(board, text)] == ["text"]
    text.document["blocks"] = blocks
    board.picture["contrast"][blocks[1]["id"]] = 21
    assert [one.code for one in lacks(board, text)] == ["contrast"]
    work = Work.objects.create(
        code="film", owner=stood.people["curator"], category="video", filename="a", declared_size=1, state="safe", started_at=1
    )
    board.media.create(kind="video", language="zh", work=work)
    assert [one.code for one in lacks(board, text)] == ["transcript", "captions", "contrast"]


def test_publishing_numbers_the_text_and_puts_its_hash_into_the_log(stood: Hung, board: Board) -> None:
    open_log(stood.week.origin, vkey="x", policy="")
    published(stood, board)
    first = board.shown
    assert first is not None
    record = json.loads(Minute.objects.get(kind="board.published").entry)
    assert (record["board"], record["version"], record["sha256"]) == (board.code, 1, boards.sha256(first.document))
    name = first.document["blocks"][1]["id"]
    write.mend(board, name, kind="paragraph", texts={"zh": "改了。"}, box=None, by=stood.people["curator"], at=stood.now + 9)
    write.publish(board, excuse="", by=stood.people["curator"], at=stood.now + 9)
    assert list(board.texts.values_list("number", flat=True)) == [2, 1]
    first.refresh_from_db()
    assert boards.sha256(first.document) == first.sha256
    for number in (1, 2):
        answer = stood.client().get(f"{PAGE.format(board.code)}text/{number}.json")
        told = board.texts.get(number=number).sha256
        assert hashlib.sha256(answer.content).hexdigest() == told
        assert told in text_of(stood.client().get(PAGE.format(board.code) + "history/"))


def test_the_editor_mends_moves_adds_drops_and_translates(stood: Hung, board: Board) -> None:
    desk, home = stood.client("curator"), f"/en/2026/desk/boards/{board.code}/"
    ids = [one["id"] for one in board.texts.get().document["blocks"]]
    assert desk.get(f"{home}?block={ids[1]}").status_code == 200
    told = {
        "block": ids[1],
        "kind": "paragraph",
        "text_zh": "新的话。",
        "text_en": "New words.",
        "x": 10,
        "y": 10,
        "w": 100,
        "h": 50,
    }
    assert desk.post(f"{home}block/", told).status_code == 302
    block = board.texts.get().document["blocks"][1]
    assert (block["text"], block["box"], block["by"]) == ({"zh": "新的话。", "en": "New words."}, [10, 10, 100, 50], "person")
    outside = desk.post(f"{home}block/", {**told, "w": 999999})
    assert outside.status_code == 422 and "inside the picture" in text_of(outside)
    desk.post(f"{home}move/", {"block": ids[1], "do": "up"})
    assert [one["id"] for one in board.texts.get().document["blocks"]][:2] == [ids[1], ids[0]]
    desk.post(f"{home}add/", {"after": ids[0], "lang": "en"})
    fresh = board.texts.get().document["blocks"][2]["id"]
    assert fresh not in ids
    desk.post(f"{home}drop/", {"block": fresh})
    assert desk.post(f"{home}languages/", {"to": "en", f"t-{ids[0]}": "Telling a fraud"}).status_code == 302
    assert board.texts.get().document["blocks"][1]["text"]["en"] == "Telling a fraud"
    assert desk.get(f"{home}languages/").status_code == desk.get(f"{home}whole/").status_code == 200


def test_a_hall_with_editors_is_theirs_and_the_organisers(stood: Hung, board: Board) -> None:
    stood.hall.editors.set([stood.people["partner"]])
    path = f"/en/2026/desk/boards/{board.code}/"
    assert [stood.client(who).get(path).status_code for who in ("partner", "organiser", "curator", "author")] == [
        200,
        200,
        404,
        403,
    ]


# ---- what visitors see ----


def test_a_board_reads_without_scripts_and_leads_both_ways(stood: Hung, board: Board) -> None:
    published(stood, board)
    answer = stood.client().get(PAGE.format(board.code))
    html = answer.content.decode()
    assert answer.status_code == 200 and not answer.cookies
    shows, regions = set(re.findall(r'href="#r-(b\d+)"', html)), set(re.findall(r'id="r-(b\d+)"', html))
    texts, backs = set(re.findall(r'id="t-(b\d+)"', html)), set(re.findall(r'class="reg" href="#t-(b\d+)"', html))
    assert shows <= regions == backs <= texts and len(regions) >= 5
    assert 'lang="zh-Hans"' in html and "挂断后拨打96110核实" in html and "board 1 of 1" in text_of(answer)
    assert html.count("<h1") == 1 and "Telling fraud" in html
    levels = [int(one) for one in re.findall(r"<h([1-6])", html)]
    assert all(two - one <= 1 for one, two in pairwise(levels))
    chinese = stood.client().get(f"/zh-hans/2026/boards/{board.code}/")
    assert 'lang="en"' in chinese.content.decode()


def test_what_a_hall_says_of_itself_is_divided_as_its_language_divides(stood: Hung, board: Board) -> None:
    published(stood, board)
    for lang, said in (("en", "1 board, about 1 minute"), ("zh-hans", "1 块展板，大约 1 分钟")):
        assert said in text_of(stood.client().get(f"/{lang}/2026/halls/"))


def test_a_crawl_without_scripts_goes_from_hall_to_board_and_on_without_a_cookie(stood: Hung, board: Board) -> None:
    published(stood, board)
    client = stood.client()
    paths = ("/en/2026/halls/", "/en/2026/halls/street/", PAGE.format(board.code), "/en/2026/boards/?q=银行", "/en/2026/programme/")
    seen = {path: client.get(path) for path in paths}
    assert {path: answer.status_code for path, answer in seen.items()} == dict.fromkeys(seen, 200)
    assert f"/boards/{board.code}/" in seen["/en/2026/halls/street/"].content.decode()
    assert all(len(answer.content) < 60_000 for answer in seen.values())
    assert client.get(PAGE.format(board.code) + "report/")["Location"] == "/en/2026/report/"
    assert client.get(PAGE.format(board.code) + "quiz/")["Location"] == "/en/2026/quiz/"
    assert client.cookies == {}


def test_a_door_fetches_two_pictures_at_once_and_a_third_where_it_is_seen(stood: Hung, board: Board) -> None:
    for one in (board, a_board(stood), a_board(stood)):
        published(stood, one)
    html = stood.client().get("/en/2026/halls/").content.decode()
    found = re.findall(r'<img class="hung"[^>]+>', html)
    assert [("lazy" in one, 'fetchpriority="high"' in one) for one in found] == [(False, True), (False, False), (True, False)]


def test_a_board_drawn_before_there_were_lighter_pictures_shows_what_it_has(stood: Hung, board: Board) -> None:
    published(stood, board)
    made = board.picture["renditions"]
    light = {one["width"]: f"/media/{one['file']}" for one in made if one["type"] == "image/avif" or one["width"] == 360}
    assert set(light) == {360, 640}
    look = stood.client().get(PAGE.format(board.code)).content.decode()
    assert all(url in look for url in light.values())
    board.picture["renditions"] = [one for one in made if one["width"] not in light]
    board.save(update_fields=["picture"])
    look, found = stood.client().get(PAGE.format(board.code)).content.decode(), shown.picture(board)
    assert not any(url in look for url in light.values()) and "<source" not in look
    assert found is not None and found.thumb == found.small and f'src="{found.src}"' in look


def test_nobody_sees_a_draft_a_withdrawn_board_or_a_hall_to_come(stood: Hung, board: Board) -> None:
    client = stood.client()
    paths = [PAGE.format(board.code), f"/{board.code}", f"/iiif/{board.code}/manifest.json", f"/iiif/{board.code}/tiles/info.json"]
    assert {client.get(path, follow=True).status_code for path in paths} == {404}
    published(stood, board)
    assert {client.get(path).status_code for path in paths} == {200, 302}
    wall.withdraw(board, gone=True, by=stood.people["curator"], at=stood.now)
    assert {client.get(path, follow=True).status_code for path in paths} == {404}
    wall.withdraw(board, gone=False, by=stood.people["curator"], at=stood.now)
    Hall.objects.update(opens=stood.now + 60)
    assert {client.get(path, follow=True).status_code for path in [*paths, "/en/2026/halls/street/"]} == {404}


def test_the_short_address_speaks_the_visitors_language(stood: Hung, board: Board) -> None:
    published(stood, board)
    for told, lang in (("zh-CN,zh;q=0.9", "zh-hans"), ("en-GB", "en"), ("de", "en")):
        answer = stood.client().get(f"/{board.code}", HTTP_ACCEPT_LANGUAGE=told)
        assert answer["Location"] == f"/{lang}/2026/boards/{board.code}/?via=qr"
    assert not answer.cookies


# ---- what other programs see ----


def test_the_manifest_its_tiles_and_the_collection_are_there_for_any_viewer(stood: Hung, board: Board, settings: Any) -> None:
    published(stood, board)
    client = stood.client()
    answer = client.get(f"/iiif/{board.code}/manifest.json")
    told = json.loads(answer.content)
    assert answer["Access-Control-Allow-Origin"] == "*" and told["id"] == f"{settings.SITE_URL}/iiif/{board.code}/manifest.json"
    service = told["items"][0]["items"][0]["items"][0]["body"]["service"][0]["id"].removeprefix(settings.SITE_URL)
    info = json.loads(client.get(f"{service}/info.json").content)
    assert info["id"] == settings.SITE_URL + service
    for size in info["sizes"]:
        assert client.get(f"{service}/full/{size['width']},{size['height']}/0/default.jpg").status_code == 200
    assert client.get(f"{service}/full/max/0/default.jpg")["Content-Type"] == "image/jpeg"
    assert client.get(f"{service}/0,0,512,512/512,512/0/default.jpg").status_code == 200
    assert client.get(f"{service}/../../{board.picture['key']}/tiles/info.json").status_code == 404
    assert client.get(f"{service}/vips-properties.xml").status_code == 404
    hall = json.loads(client.get("/iiif/halls/2026/street/collection.json").content)
    assert [one["id"] for one in hall["items"]] == [told["id"]] and told["partOf"][0]["id"] == hall["id"]
    assert client.get(f"/iiif/{board.code}/board.json").content == boards.encoded(board.shown.document)  # type: ignore[union-attr]


def test_printed_copies_are_made_once_and_made_anew_for_another_text(stood: Hung, board: Board) -> None:
    published(stood, board)
    shutil.rmtree(store.printed("x").parent, ignore_errors=True)  # other tests print the same board into the same store
    assert stood.client().get(PAGE.format(board.code) + "board.pdf").status_code == 404
    assert jobs.print_missing() == 5 and jobs.print_missing() == 0
    answer = stood.client().get(PAGE.format(board.code) + "board.pdf")
    assert answer.content.startswith(b"%PDF-1.7") and b"/MarkInfo" in answer.content
    assert stood.client().get("/en/2026/halls/street/catalogue.pdf").content.startswith(b"%PDF")
    assert stood.client("curator").get("/en/2026/desk/halls/street/signs.pdf").content.startswith(b"%PDF")


def test_an_exported_hall_stands_by_itself(stood: Hung, board: Board, tmp_path: Path) -> None:
    published(stood, board)
    assert exhibit.main(["export", "2026", "street", str(tmp_path / "usb"), "--at", "https://school.example/x"]) == 0
    home = tmp_path / "usb" / board.code
    info = json.loads((home / "tiles/info.json").read_text(encoding="utf-8"))
    assert info["id"] == f"https://school.example/x/{board.code}/tiles" and (home / "tiles/full/max/0/default.jpg").is_file()
    kept = json.loads((store.drawn(board.picture["key"]) / "tiles/info.json").read_text(encoding="utf-8"))
    assert "school" not in kept["id"]
    page = (home / "index.html").read_text(encoding="utf-8")
    assert "Hang up first" in page and not re.search("<script(?! src=)", page)
    for target in re.findall(r'(?:href|src)="([^"#]+)"', page):
        assert (home / target).exists(), target
    listed = json.loads((tmp_path / "usb/collection.json").read_text(encoding="utf-8"))["items"]
    assert [one["id"] for one in listed] == [f"https://school.example/x/{board.code}/manifest.json"]
    assert exhibit.main(["export", "2026", "nowhere", str(tmp_path / "no")]) == 1


# ---- search, counts, guest book, programme ----


def test_search_finds_two_chinese_characters_and_whole_words(stood: Hung, board: Board) -> None:
    published(stood, board)
    listed = [Board.objects.select_related("shown", "hall__week").get()]
    for query in ("银行", "诈骗", "验证码", "核实", "bank", "hang up", "识", "96110", "银行 bank"):
        assert [one.row.board for one in search.find(listed, query)] == listed, query
    for query in ("行银", "银行的猫", "cat", "!!", ""):
        assert search.find(listed, query) == [], query
    page = stood.client().get("/en/2026/boards/", {"q": "核实"})
    assert re.search(rf"/boards/{board.code}/\?via=search#t-b\d+", page.content.decode())


def test_nothing_of_the_guest_book_shows_before_a_person_let_it(stood: Hung, board: Board) -> None:
    published(stood, board)
    client, path = stood.client(), "/en/2026/halls/street/guest-book/"
    told = {"kind": "question", "words": "Is my bank safe?", "signed": "Ann", "board": board.code}
    assert client.post(path, told, HTTP_ORIGIN="https://evil.example").status_code == client.post(path, told).status_code == 422
    assert client.post(path, told, HTTP_ORIGIN="http://localhost:8300").status_code == 302
    assert client.post(path, {**told, "words": "  "}, HTTP_ORIGIN="http://localhost:8300").status_code == 422
    note = Note.objects.get()
    assert "Is my bank safe?" not in text_of(client.get("/en/2026/halls/street/")) and client.cookies == {}
    desk = stood.client("curator")
    assert "Is my bank safe?" in text_of(desk.get("/en/2026/desk/guest-book/"))
    bare = desk.post(f"/en/2026/desk/guest-book/{note.pk}/", {"do": "show", "answer": " "})
    assert bare.status_code == 422 and "a question shows with its answer" in text_of(bare) and "Nothing waits" not in text_of(bare)
    desk.post(f"/en/2026/desk/guest-book/{note.pk}/", {"do": "show", "answer": "Ask them by phone."})
    for page in ("/en/2026/halls/street/", PAGE.format(board.code)):
        assert "Ask them by phone." in text_of(client.get(page))
    desk.post(f"/en/2026/desk/guest-book/{note.pk}/", {"do": "hide", "reason": "names"})
    assert "Is my bank safe?" not in text_of(client.get("/en/2026/halls/street/"))
    assert not any("127.0.0.1" in str(value) for value in Note.objects.values_list().get())


def test_the_programme_knows_now_and_next_and_goes_into_a_calendar(stood: Hung) -> None:
    for code, starts in (("a", -600), ("b", 600)):
        title = {
            "en": f"Talk {code}, with a very long name; that must be folded over two lines at least, {code}",
            "zh": f"讲座 {code}",
        }
        stood.week.events.create(code=code, kind="talk", title=title, starts=stood.now + starts, ends=stood.now + starts + 1000)
    listed = events.told(stood.week)
    on, following = events.now_and_next(listed, stood.now)
    assert [one.code for one in on] == ["a"] and following is not None and following.code == "b"
    assert stood.client().get("/en/2026/programme/").status_code == 200
    feed = stood.client().get("/en/2026/programme.ics").content
    assert feed.count(b"BEGIN:VEVENT") == 2 and all(len(line) <= 75 for line in feed.split(b"\r\n")) and b"\\," in feed


def test_a_winners_hall_waits_for_the_result(stood: Hung) -> None:
    halls.build(stood.week, code="won", name={"en": "Winners", "zh": "获奖厅"}, about={}, opens=stood.now, kind=Hall.Kind.WINNERS)
    page = stood.client().get("/en/2026/halls/won/")
    assert page.status_code == 200 and "Nothing hangs here yet." in text_of(page)
    assert stood.client().get("/en/2026/halls/").status_code == 200


def test_a_document_reads_in_a_language_with_the_rest_apart() -> None:
    document = {
        **{"picture": {"width": 500, "height": 1000, "drawn": True}},
        "blocks": [
            {"id": "b1", "kind": "heading3", "lang": "zh", "text": {"zh": "题", "en": "T"}, "box": [0, 900, 500, 100]},
            {"id": "b2", "kind": "paragraph", "lang": "zh", "text": {"zh": "只有中文"}},
            {"id": "b3", "kind": "list_item", "lang": "en", "text": {"en": "one"}, "mark": "1."},
            {"id": "b4", "kind": "list_item", "lang": "en", "text": {"en": "two"}, "mark": "2."},
        ],
    }
    mine, foreign = shown.parts(document, "en")
    assert [(part.id, part.tag, part.lang) for part in mine] == [("b1", "h2", ""), ("b3", "li", ""), ("b4", "li", "")]
    assert [(part.id, part.lang) for part in foreign] == [("b2", "zh-Hans")]
    assert [(group.tag, len(group.parts)) for group in shown.grouped(mine)] == [("h2", 1), ("ol", 2)]
    region = mine[0].region
    assert region is not None and (region.x, region.y, region.width, region.height, region.up) == (0, 1800, 1000, 200, True)
