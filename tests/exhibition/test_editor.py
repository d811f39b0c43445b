"""The editor's page: what is to be done stands on it, regions move by keys, partner booths have editors of their own."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as site
from playwright.sync_api import Browser, expect

from showground.exhibition.actions import intake as taking
from showground.exhibition.models import Board, Hall
from showground.media import easel
from showground.quiz.models import Quiz
from showground.rules.refused import Refused
from tests.exhibition.hung import Hung, a_board, brought, published
from tests.harness.browser import axe, complaints, tab
from tests.harness.browser import browser as browser
from tests.media import made

HALL = {
    "name_en": "The booth", "name_zh": "展位", "about_en": "", "about_zh": "", "partner_en": "Harbour Bank", "partner_zh": "港湾银行",
    "order": "1", "opens": "2026-09-14T09:00", "closes": "",
}  # fmt: skip


@pytest.mark.django_db
def test_an_organiser_entrusts_a_booth_to_its_own_editors(stood: Hung) -> None:
    organiser, told = stood.client("organiser"), {**HALL, "editors": "Partner@2026.example, partner@2026.example"}
    assert organiser.post("/en/2026/desk/halls/street/edit/", told).status_code == 302
    assert list(stood.hall.editors.all()) == [stood.people["partner"]]
    assert "partner@2026.example" in organiser.get("/en/2026/desk/halls/street/edit/").content.decode()
    assert stood.client("curator").get("/en/2026/desk/halls/street/").status_code == 404
    assert stood.client("partner").get("/en/2026/desk/halls/street/").status_code == 200
    assert stood.client("partner").post("/en/2026/desk/halls/street/edit/", {**HALL, "editors": ""}).status_code == 302
    assert list(stood.hall.editors.all()) == [stood.people["partner"]], "an editor cannot let others in, or everybody"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"editors": "author@2026.example"}, "is no curator of this week"),
        ({"closes": "2026-09-14T09:00"}, "It must close after it opens."),
    ],
)
def test_a_hall_that_cannot_be_is_not_changed_at_all(stood: Hung, more: dict[str, str], said: str) -> None:
    answer = stood.client("organiser").post("/en/2026/desk/halls/street/edit/", {**HALL, "editors": "", **more})
    assert answer.status_code == 422 and said in answer.content.decode()
    hall = Hall.objects.get()
    assert hall.name["en"] == "The street" and not hall.editors.exists()


@pytest.mark.django_db
def test_a_board_leads_to_a_quiz_of_its_week_and_to_a_harm_in_words(stood: Hung) -> None:
    board = a_board(stood)
    Quiz.objects.create(
        week=stood.week, code="spot", kind="practice", name={"en": "Spot it", "zh": "认出来"}, opens=1, closes=2, made_at=1
    )
    desk, home = stood.client("curator"), f"/en/2026/desk/boards/{board.code}/whole/"
    page = desk.get(home).content.decode()
    assert '<option value="spot">Spot it (spot)</option>' in page and '<option value="phishing">Phishing</option>' in page
    assert desk.post(home, {"quiz": "spot", "harm": "phishing", "minutes": "3"}).status_code == 302
    board.refresh_from_db()
    assert (board.quiz, board.harm, board.minutes) == ("spot", "phishing", 3)
    assert desk.post(home, {"quiz": "another-week", "harm": "", "minutes": "3"}).status_code == 422


@pytest.mark.django_db
def test_a_board_that_is_only_a_picture_says_how_it_gets_its_text(stood: Hung) -> None:
    brought(stood, made.pixels(300, 400), "only.png")
    board = Board.objects.get()
    Board.objects.update(picture={**board.picture})
    page = stood.client("curator").get(f"/en/2026/desk/boards/{board.code}/").content.decode()
    answer = stood.client("curator").post(f"/en/2026/desk/boards/{board.code}/read/")
    if easel.can_recognise():
        assert "Have the picture read" in page and answer.status_code == 302
        board.refresh_from_db()
        assert board.picture["asked"]
        assert taking.read_asked(taking_jail(), stood.now, frozenset({str(board.intake and board.intake.sha256)})) == 1
    else:
        assert 'pip install "showground[ocr]"' in page.replace("&quot;", '"')
        assert answer.status_code == 422 and "Text recognition is not installed" in answer.content.decode()
    assert taking.read_asked(taking_jail(), stood.now) == 0


def taking_jail() -> Any:
    from showground.works.queries import jail

    return jail()


@pytest.mark.django_db
def test_a_board_with_text_is_not_read_again(stood: Hung) -> None:
    with pytest.raises(Refused, match=r"board\.not_unread"):
        taking.ask_reading(a_board(stood))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_region_moves_and_grows_by_keys_and_is_typed_without_scripts(stood: Hung, browser: Browser, live_server: Any) -> None:
    board = published(stood, a_board(stood))
    name = board.shown.document["blocks"][1]["id"] if board.shown else ""
    session = stood.client("curator").cookies[site.SESSION_COOKIE_NAME].value
    address = f"{live_server.url}/en/2026/desk/boards/{board.code}/?block={name}"
    cookie: Any = {"name": site.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}

    def box() -> list[int]:
        return list(board.texts.get(state="draft").document["blocks"][1]["box"])

    with tab(browser, width=1280, height=900) as page:
        heard = complaints(page)
        page.context.add_cookies([cookie])
        page.goto(address)
        assert axe(page) == []
        left = page.get_by_label("Left")
        before = [int(page.locator(f"[name={side}]").input_value()) for side in "xywh"]
        left.focus()
        for key in ("ArrowRight", "ArrowDown", "Shift+ArrowRight"):
            page.keyboard.press(key)
        step = int(left.input_value()) - before[0]
        assert step > 0
        drawn = page.locator(".ex-pane .new")
        expect(drawn).not_to_have_attribute("width", "0")
        page.keyboard.press("Enter")
        page.wait_for_url("**#e-*")
        assert box() == [before[0] + step, before[1] + step, before[2] + step, before[3]]
        assert heard == []
    with tab(browser, width=390, javascript=False) as page:
        page.context.add_cookies([cookie])
        page.goto(address)
        page.get_by_label("Left").fill("12")
        page.locator(".ex-blocks button.ink").click()
        assert box()[0] == 12


# ---- keeping: nothing typed is lost, nobody's words are written over unseen ----


def fields(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"')[0]


@pytest.mark.django_db
def test_a_block_is_kept_and_the_next_is_there_to_be_mended(stood: Hung) -> None:
    board, desk = a_board(stood), stood.client("curator")
    home = f"/en/2026/desk/boards/{board.code}/"
    names = [one["id"] for one in board.texts.get().document["blocks"]]
    told = {"block": names[0], "kind": "heading1", "text_zh": "识别骗局", "text_en": "", "lang": "zh"}
    assert desk.post(f"{home}block/", {**told, "do": "next"})["Location"] == f"{home}?block={names[1]}#e-{names[1]}"
    assert desk.post(f"{home}block/", told)["Location"] == f"{home}?kept={names[0]}#e-{names[0]}"
    assert '<span class="st rec" role="status">kept</span>' in desk.get(f"{home}?kept={names[0]}").content.decode()
    assert desk.post(f"{home}block/", {**told, "text_en": "Spot it", "do": "down"}).status_code == 302
    moved = board.texts.get().document["blocks"]
    assert [one["id"] for one in moved[:2]] == [names[1], names[0]] and moved[1]["text"]["en"] == "Spot it"
    new = desk.post(f"{home}block/", {**told, "do": "after"})["Location"].split("=")[1].split("#")[0]
    assert [one["id"] for one in board.texts.get().document["blocks"]][1:3] == [names[0], new]


@pytest.mark.django_db
def test_two_who_mend_one_block_do_not_write_over_each_other_unseen(stood: Hung) -> None:
    board = a_board(stood)
    home = f"/en/2026/desk/boards/{board.code}/"
    mine, theirs = stood.client("curator"), stood.client("organiser")
    seen = fields(mine.get(f"{home}?block=b1").content.decode())
    told = {"block": "b1", "kind": "heading1", "text_zh": "他们的话", "text_en": ""}
    assert theirs.post(f"{home}block/", {**told, "seen": seen}).status_code == 302
    answer = mine.post(f"{home}block/", {**told, "text_zh": "我的话", "seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Somebody changed this" in page and "我的话" in page and "他们的话" in page
    assert mine.post(f"{home}block/", {**told, "text_zh": "我的话", "seen": fields(page)}).status_code == 302
    assert board.texts.get().document["blocks"][0]["text"]["zh"] == "我的话"


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["whole", "languages"])
def test_a_page_of_words_that_somebody_changed_meanwhile_keeps_what_was_typed(stood: Hung, part: str) -> None:
    board = a_board(stood)
    home = f"/en/2026/desk/boards/{board.code}/{part}/"
    mine, theirs = stood.client("curator"), stood.client("organiser")
    seen = fields(mine.get(home).content.decode())
    told = {"title_en": "{}", "minutes": "2", "harm": "", "quiz": "", "to": "en", "t-b1": "{}", "seen": seen}
    assert theirs.post(home, {name: said.format("Theirs") for name, said in told.items()}).status_code == 302
    answer = mine.post(home, {name: said.format("Mine") for name, said in told.items()})
    assert answer.status_code == 422 and "Somebody changed this" in answer.content.decode() and "Mine" in answer.content.decode()
    again = {**told, "seen": fields(answer.content.decode())}
    assert mine.post(home, {name: said.format("Mine") for name, said in again.items()}).status_code == 302


@pytest.mark.django_db
def test_words_too_long_for_a_translation_are_still_in_the_field(stood: Hung) -> None:
    home = f"/en/2026/desk/boards/{a_board(stood).code}/languages/"
    answer = stood.client("curator").post(home, {"to": "en", "t-b1": "x" * 20_001, "t-b2": "Kept in the field"})
    assert answer.status_code == 422 and "Kept in the field" in answer.content.decode()


@pytest.mark.django_db
def test_a_block_that_was_taken_away_meanwhile_gives_back_what_was_typed(stood: Hung) -> None:
    board, desk = a_board(stood), stood.client("curator")
    home = f"/en/2026/desk/boards/{board.code}/"
    desk.post(f"{home}drop/", {"block": "b2"})
    answer = desk.post(f"{home}block/", {"block": "b2", "kind": "paragraph", "text_zh": "一下午的功夫", "text_en": ""})
    assert answer.status_code == 422 and "一下午的功夫" in answer.content.decode()


@pytest.mark.django_db
def test_each_thing_that_is_missing_leads_to_where_it_is_mended(stood: Hung) -> None:
    board, desk = a_board(stood), stood.client("curator")
    home = f"/en/2026/desk/boards/{board.code}/"
    added = desk.post(f"{home}add/", {"lang": "zh"})["Location"].split("=")[1].split("#")[0]
    desk.post(f"{home}block/", {"block": added, "kind": "picture", "text_zh": "", "text_en": ""})
    page = desk.get(home).content.decode()
    for place in (f"{home}whole/#id_alt_en", f"{home}whole/#id_alt_zh", f"?block={added}#e-{added}"):
        assert f'class="s" href="{place}"' in page
    answer = desk.post(f"{home}publish/", {"excuse": "Short"})
    assert answer.status_code == 422 and ">Short</textarea>" in answer.content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_whoever_leaves_words_that_are_not_kept_is_asked(stood: Hung, browser: Browser, live_server: Any) -> None:
    board = a_board(stood)
    session = stood.client("curator").cookies[site.SESSION_COOKIE_NAME].value
    asked: list[str] = []
    with tab(browser) as page:
        page.context.add_cookies([{"name": site.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.goto(f"{live_server.url}/en/2026/desk/boards/{board.code}/?block=b1")

        def stay(dialog: Any) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        page.on("dialog", stay)
        page.get_by_label("English", exact=False).first.fill("Half a sentence")
        with page.expect_event("dialog"):
            page.locator(".ex-steps a").first.click()
        assert asked == ["beforeunload"] and page.get_by_label("English", exact=False).first.input_value() == "Half a sentence"
        page.get_by_role("button", name="Keep", exact=True).click()
        expect(page.locator(".ex-meta [role=status]")).to_have_text("kept")
        assert asked == ["beforeunload"]
