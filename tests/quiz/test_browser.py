"""Quizzes in a real browser: spot the phish at 320 px with the keyboard alone and without scripts, at twice the letters, axe clean;
with scripts the work before the beginning, and answers kept as they are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from showground.quiz.models import PoolItem, Quiz, Sitting, Version
from tests.harness.browser import axe, complaints, tab
from tests.harness.browser import browser as browser
from tests.intake.conftest import folder as folder
from tests.quiz.played import KINDS, Stage, both, home, option
from tests.quiz.played import stage as stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE = "document.documentElement.scrollWidth - innerWidth"


def _press_until(page: Page, found: Callable[[], bool], key: str = "Tab", most: int = 60) -> None:
    for _ in range(most):
        if found():
            return
        page.keyboard.press(key)
    raise AssertionError("the keyboard does not get there")


def _focused(page: Page, selector: str) -> Callable[[], bool]:
    return lambda: bool(page.locator(f"{selector}:focus").count())


def test_a_message_is_marked_at_320_px_with_keys_alone_without_scripts(stage: Stage, browser: Browser, live_server: Any) -> None:
    quiz = stage.prize_quiz(kinds=("phish",) * 5, first=2)
    with tab(browser, width=320, height=640, javascript=False) as page:
        page.goto(live_server.url + home(quiz))
        _press_until(page, _focused(page, "#begin button"))
        page.keyboard.press("Enter")
        page.wait_for_url("**/1/")
        assert page.locator("h1").first.is_visible()
        _press_until(page, _focused(page, "input[name=verdict]"))
        page.keyboard.press("Space")
        expect(page.locator("input[name=verdict][value=trick]")).to_be_checked()
        _press_until(page, _focused(page, "input[name=mark][value='1']"))
        page.keyboard.press("Space")
        _press_until(page, _focused(page, "summary"))
        page.keyboard.press("Enter")
        assert "e1den".replace("e", "e") and page.locator(".letters-row:visible").first.inner_text().replace("\n", "").startswith(
            "se1"
        )
        _press_until(page, _focused(page, "button[value=next]"))
        page.keyboard.press("Enter")
        page.wait_for_url("**/2/")
        assert Sitting.objects.get().answers[Sitting.objects.get().items[0]] == {"verdict": "trick", "marks": [1]}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_clean_and_narrow_also_with_twice_the_letters(
    kind: str, stage: Stage, browser: Browser, live_server: Any
) -> None:
    quiz = stage.prize_quiz(kinds=(kind,) * 5, first=2)
    with tab(browser, width=320, height=640, dark=kind == "phish") as page:
        heard = complaints(page)
        page.goto(live_server.url + home(quiz))
        page.click("#begin button")
        page.wait_for_url("**/1/")
        for details in page.locator(".more details").all():
            details.locator("summary").click()
        assert axe(page) == [] and page.evaluate(WIDE) <= 0
        small = page.evaluate(
            "[...document.querySelectorAll('main button, main summary, main label, main select')].filter(e => { const b = "
            "e.getBoundingClientRect(); return b.height < 44 && !e.querySelector('input[type=hidden]') }).map(e => e.outerHTML.slice(0, 90))"
        )
        assert [one for one in small if "f-label" not in one and 'for="' not in one] == []
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(WIDE) <= 0, "something does not fit at twice the letters"
        assert heard == []


def test_the_work_before_the_beginning_is_done_by_a_worker_and_proved(stage: Stage, browser: Browser, live_server: Any) -> None:
    quiz = stage.prize_quiz()
    with tab(browser, width=390) as page:
        heard = complaints(page)
        page.goto(live_server.url + home(quiz))
        assert page.context.cookies() == []
        page.click("#begin button")
        page.wait_for_url("**/1/")
        assert Sitting.objects.get().proved is True and heard == []
        assert {c["path"] for c in page.context.cookies()} == {home(quiz), home(quiz, "zh-hans")}
        assert all(c["httpOnly"] and c["sameSite"] == "Lax" for c in page.context.cookies())


def test_answers_are_kept_as_they_are_given_and_two_marks_exclude_each_other(
    stage: Stage, browser: Browser, live_server: Any
) -> None:
    quiz = stage.prize_quiz(kinds=("phish",) * 5, first=2)
    with tab(browser, width=390) as page:
        page.goto(live_server.url + home(quiz))
        page.click("#begin button")
        page.wait_for_url("**/1/")
        page.check("input[name=verdict][value=genuine]")
        page.check("input[name=nothing]")
        page.check("input[name=mark][value='2']")
        expect(page.locator("input[name=nothing]")).not_to_be_checked()
        expect(page.locator("[data-status]")).to_have_text("Kept.")
        sitting = Sitting.objects.get()
        assert sitting.answers[sitting.items[0]] == {"verdict": "genuine", "marks": [2]}
        page.reload()
        expect(page.locator("input[name=mark][value='2']")).to_be_checked()


def _spots(quiz: Quiz) -> None:
    document = {
        "v": 1, "code": "q001", "kind": "single", "text": both("Where is the fault?", "哪里不对？"),
        "media": [{"kind": "picture", "sha256": "a" * 64, "alt": both("A page with three fields", "有三栏的页面")}],
        "options": [
            option("a", "The upper field", [1, 1], area=[50, 50, 400, 200]),
            option("b", "The lower field", area=[50, 600, 400, 200]),
        ],
    }  # fmt: skip
    item = PoolItem.objects.get(quiz=quiz, code="q001")
    Version.objects.filter(pk=item.version_id).update(document=document)


def test_a_place_in_a_picture_is_chosen_there_or_in_the_list(stage: Stage, browser: Browser, live_server: Any) -> None:
    quiz = stage.prize_quiz(kinds=("single",) * 5)
    _spots(quiz)
    Quiz.objects.filter(pk=quiz.pk).update(items=1)
    with tab(browser, width=390) as page:
        page.goto(live_server.url + home(quiz))
        page.click("#begin button")
        page.wait_for_url("**/1/")
        Sitting.objects.update(items=["q001"])
        page.reload()
        page.evaluate("document.querySelector('.spots img').style.height = '300px'")
        slots = {o.inner_text().split("\n")[-1].strip(): o for o in page.locator(".picks label").all()}
        assert len(slots) == 2 and axe(page) == []
        page.locator(".spot").nth(1).click()
        expect(page.locator(".picks input").nth(1)).to_be_checked()
        page.locator(".picks label").nth(0).click()
        expect(page.locator(".picks input").nth(0)).to_be_checked()
        box = page.locator(".spots").bounding_box()
        spot = page.locator(".spot").first.bounding_box()
        assert box and spot and abs((spot["x"] - box["x"]) / box["width"] - 0.05) < 0.01
