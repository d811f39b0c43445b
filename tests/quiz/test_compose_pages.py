"""The organiser's pages: drafts, pool, rules, rounds, announcing, voucher codes."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse

from showground.ledger.models import Minute
from showground.quiz.actions import compose
from showground.quiz.actions.sealing import unseal
from showground.quiz.forms.rules import from_figures, rules_of, suggested
from showground.quiz.models import Draw, Quiz, Voucher
from showground.quiz.queries.compose import odds
from showground.rules.quiz_rules import PROMOTION, check_rules, prize_quiz
from showground.rules.refused import Refused
from tests.entries.test_pages import text
from tests.quiz.sample import Bank, a_bank
from tests.quiz.test_bank_pages import enter

HOME = "/en/2026/desk/quizzes/"
DAY = 86400


@pytest.fixture
def room(db: None, settings: Any, tmp_path: Path) -> Bank:
    settings.LOG_ROOT, settings.MEDIA_STORE, settings.KEYS = tmp_path / "log", tmp_path / "media", tmp_path / "keys"
    made = a_bank()
    settings.CLOCK = lambda: made.now
    return made


def draft(room: Bank, kind: str = "prize", code: str = "second", questions: int = 6, items: int = 2) -> Quiz:
    opens = room.now + DAY
    name = {"en": "Second prize", "zh": "第二轮"}
    quiz = compose.start_quiz(room.week, kind=kind, code=code, at=room.now, name=name, opens=opens, closes=opens + DAY, items=items)
    codes = [room.approved("single", f"{code}-{n}").code for n in range(questions)]
    compose.choose_pool(quiz, among=codes, chosen=codes)
    return quiz


def whole(quiz: Quiz) -> dict[str, Any]:
    """Rules of a draft that lack nothing."""
    freezes = quiz.closes + DAY
    made = prize_quiz(
        quiz.code, f"{quiz.code}-draw", opens=quiz.opens, closes=quiz.closes, freezes=freezes, commit_by=freezes + 3600,
        open_by=freezes + 7200, draws_at=freezes + 10800, beacon={"kind": "dice", "digits": 24},
    )  # fmt: skip
    return {**made, "pass": 1}


def fields(page: HttpResponse) -> dict[str, str]:
    """What a browser would send with the last form of a page as it stands."""
    form = max(re.findall(r"<form.*?</form>", page.content.decode(), re.S), key=len)
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if "name" in said and (said.get("type") not in {"checkbox", "radio"} or " checked" in tag):
            found[said["name"]] = html.unescape(said.get("value", ""))
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = html.unescape(value).strip("\n")
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)"[^>]* selected', options)
        found[name] = chosen[1] if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


# ---- drafts and pools ----


def test_a_week_without_quizzes_says_what_one_is(room: Bank) -> None:
    assert "There is no quiz yet" in text(enter(room, "organiser").get(HOME))


def test_a_draft_is_begun_and_changed(room: Bank) -> None:
    browser = enter(room, "organiser")
    sent = fields(browser.get(f"{HOME}new/")) | {"kind": "practice", "code": "warm-up", "name_en": "Warm up", "name_zh": "热身"}
    answer = browser.post(f"{HOME}new/", sent)
    assert answer["Location"] == f"{HOME}warm-up/"
    assert browser.post(f"{HOME}new/", sent).status_code == 422
    sent = fields(browser.get(f"{HOME}warm-up/edit/")) | {"items": "3"}
    assert browser.post(f"{HOME}warm-up/edit/", sent).status_code == 302
    assert Quiz.objects.get().items == 3 and Quiz.objects.get().name == {"en": "Warm up", "zh": "热身"}
    assert browser.post(f"{HOME}warm-up/edit/", sent | {"closes": sent["opens"]}).status_code == 422
    assert browser.post(f"{HOME}warm-up/drop/").status_code == 302 and not Quiz.objects.exists()


def test_only_organisers_compose(room: Bank) -> None:
    assert enter(room, "author").get(HOME).status_code == 403


def test_the_pool_keeps_what_a_search_did_not_show(room: Bank) -> None:
    quiz = draft(room, "practice", questions=3)
    other = room.approved("short", "other")
    browser, address = enter(room, "organiser"), f"{HOME}second/pool/"
    page = browser.get(f"{address}?words=96110").content.decode()
    assert "second-1" not in page
    browser.post(address, {"among": [other.code, "second-0"], "chosen": [other.code]})
    assert set(quiz.pool.values_list("code", flat=True)) == {"other", "second-1", "second-2"}
    browser.post(address, {"among": ["other", "second-1"], "do": "none"})
    assert set(quiz.pool.values_list("code", flat=True)) == {"second-2"}
    browser.post(address, {"among": ["other", "nonsense"], "do": "all"})
    assert set(quiz.pool.values_list("code", flat=True)) == {"second-2", "other"}


def test_a_pool_page_never_has_more_fields_than_a_form_may_send(room: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    draft(room, "practice", questions=4)
    monkeypatch.setattr("showground.quiz.staff.compose.MOST_ROWS", 3)
    page = enter(room, "organiser").get(f"{HOME}second/pool/")
    assert page.content.decode().count('name="among"') == 3 and "Rows 1 to 3 of 4" in text(page)


def test_a_practice_quiz_is_announced_when_nothing_is_missing(room: Bank) -> None:
    quiz = draft(room, "practice", questions=1)
    browser = enter(room, "organiser")
    assert "The pool has 1 questions, but 2 are asked." in text(browser.get(f"{HOME}second/"))
    assert browser.post(f"{HOME}second/announce/").status_code == 422
    compose.mend_quiz(quiz, items=1)
    assert browser.post(f"{HOME}second/announce/").status_code == 302
    quiz.refresh_from_db()
    assert quiz.state == "announced" and "announced" in text(browser.get(f"{HOME}second/"))
    assert browser.post(f"{HOME}second/edit/", fields(browser.get(f"{HOME}second/edit/"))).status_code == 422


# ---- rules ----


def test_every_promotion_text_is_a_required_field(room: Bank) -> None:
    draft(room)
    page = enter(room, "organiser").get(f"{HOME}second/rules/").content.decode()
    for name in PROMOTION:
        for language in ("en", "zh"):
            assert re.search(rf'<textarea name="{name}_{language}"[^>]* required', page), name


def test_suggested_rules_need_only_prizes_and_a_contact(room: Bank) -> None:
    draft(room)
    browser, address = enter(room, "organiser"), f"{HOME}second/rules/"
    sent = fields(browser.get(address))
    assert browser.post(address, sent).status_code == 422
    sent |= {"contact": "quiz@example.org", "prizes.0.prize": "key", "prizes.0.count": "3", "prizes.0.name.en": "A key"}
    sent |= {"prizes.0.name.zh": "硬件密钥", "prizes.0.worth": "199.90", "prizes.0.currency": "CNY", "do": "fill"}
    page = browser.post(address, sent)
    assert page.status_code == 200 and "3 × A key." in text(page) and "199.90 CNY" in text(page)
    answer = browser.post(address, fields(page))
    assert answer.status_code == 302, text(answer)
    quiz = Quiz.objects.get()
    check_rules(compose.whole_rules(quiz))
    assert quiz.rules["draw"]["prizes"][0]["worth"] == 19990
    assert fields(browser.get(address)) == fields(page)


def test_wrong_rules_are_kept_and_told(room: Bank) -> None:
    draft(room)
    browser, address = enter(room, "organiser"), f"{HOME}second/rules/"
    sent = fields(browser.get(address)) | {"contact": "here", "prizes.0.prize": "key", "prizes.0.count": "many", "delivery_zh": ""}
    answer = browser.post(address, sent)
    assert answer.status_code == 422 and "Kept as a draft, not whole yet." in text(answer)
    assert Quiz.objects.get().rules["contact"] == "here"
    assert browser.post(f"{HOME}second/announce/").status_code == 422


def test_texts_that_follow_from_figures_are_written_in_both_languages(room: Bank) -> None:
    quiz = draft(room)
    rules = suggested(quiz, rehearsal=True)
    rules["draw"]["prizes"] = whole(quiz)["draw"]["prizes"]
    texts = from_figures(quiz, rules)
    assert texts["number"]["zh"].startswith("共 13 份奖品") and "13 prizes" in texts["number"]["en"]
    assert set(texts) | set(rules["promotion"]) == set(PROMOTION)


def test_a_prize_quiz_is_announced_with_rules_and_a_committed_key(room: Bank) -> None:
    quiz = draft(room)
    compose.say_rules(quiz, whole(quiz))
    browser = enter(room, "organiser")
    assert "Nothing is missing." in text(browser.get(f"{HOME}second/"))
    assert browser.post(f"{HOME}second/announce/").status_code == 302
    assert list(Minute.objects.values_list("kind", flat=True)) == ["quiz.rules", "quiz.key_committed"]
    assert Draw.objects.get().code == "second-draw"
    assert browser.post(f"{HOME}second/announce/").status_code == 422
    assert browser.get(f"{HOME}second/rules/").status_code == 302


def test_odds_with_fewer_tickets_than_prizes_are_certain() -> None:
    found = odds([{"count": 60}], (50, 200))
    assert [(one.prizes, one.chance) for one in found] == [(50, 100.0), (60, 30.0)]


@pytest.mark.parametrize(
    ("typed", "minor"), [("200", 20000), ("1,500.5", 150050), ("199.90", 19990), ("free", -1), ("", -1), ("-3", -1)]
)
def test_amounts_are_read_to_the_smallest_coin(room: Bank, typed: str, minor: int) -> None:
    from showground.quiz.forms.author import Posted

    quiz = draft(room)
    rules = rules_of(quiz, Posted({"prizes.0.prize": "a", "prizes.0.worth": typed}))
    assert rules["draw"]["prizes"][0]["worth"] == minor


# ---- rounds ----


def test_rounds_of_practice_share_the_pool_a_week_apart(room: Bank) -> None:
    quiz = draft(room, "practice")
    assert enter(room, "organiser").post(f"{HOME}second/series/", {"rounds": "3", "every_days": "7"}).status_code == 302
    rounds = list(Quiz.objects.order_by("opens"))
    assert [one.code for one in rounds] == ["second", "second-2", "second-3"]
    assert [one.opens - quiz.opens for one in rounds] == [0, 7 * DAY, 14 * DAY]
    assert all(one.pool.count() == 6 for one in rounds)


def test_rounds_with_prizes_never_ask_a_question_twice(room: Bank) -> None:
    quiz = draft(room)
    compose.say_rules(quiz, whole(quiz))
    compose.start_series(quiz, rounds=3, every_days=7)
    rounds = list(Quiz.objects.order_by("opens"))
    codes = [set(one.pool.values_list("code", flat=True)) for one in rounds]
    assert all(len(one) == 2 for one in codes) and len(set.union(*codes)) == 6
    for one in rounds:
        check_rules(compose.whole_rules(one))
    assert len({one.rules["draw"]["draw"] for one in rounds}) == 3


def test_too_few_questions_for_the_rounds_are_refused_whole(room: Bank) -> None:
    quiz = draft(room)
    answer = enter(room, "organiser").post(f"{HOME}second/series/", {"rounds": "4", "every_days": "7"})
    assert answer.status_code == 422 and "8 in all" in text(answer)
    quiz.refresh_from_db()
    assert quiz.series is None and Quiz.objects.count() == 1 and quiz.pool.count() == 6


# ---- voucher codes ----


@pytest.fixture
def announced(room: Bank) -> Draw:
    quiz = draft(room)
    compose.say_rules(quiz, whole(quiz))
    compose.publish_quiz(quiz, by=room.people["organiser"], at=room.now)
    return Draw.objects.get()


def test_voucher_codes_lie_sealed(room: Bank, announced: Draw) -> None:
    browser = enter(room, "organiser")
    told = {"prize": "first", "codes": "first-code-1\n\nsecond-code-2\nfirst-code-1\n"}
    assert browser.post(f"{HOME}second/vouchers/", told).status_code == 302
    lying = [bytes(one.sealed) for one in Voucher.objects.all()]
    assert sorted(map(unseal, lying)) == ["first-code-1", "second-code-2"]
    assert all(b"first" not in one and b"second" not in one for one in lying)
    page = browser.get(f"{HOME}second/").content.decode()
    assert "first-code-1" not in page


def test_more_codes_than_prizes_and_none_at_all_are_refused(announced: Draw) -> None:
    with pytest.raises(Refused, match=r"voucher\.too_many"):
        compose.bring_vouchers(announced, prize="first", codes=["a", "b", "c", "d"])
    with pytest.raises(Refused, match=r"voucher\.none"):
        compose.bring_vouchers(announced, prize="first", codes=[" ", ""])
    with pytest.raises(Refused, match=r"voucher\.prize"):
        compose.bring_vouchers(announced, prize="third", codes=["a"])


def test_codes_of_another_key_are_refused_not_shown(announced: Draw, settings: Any, tmp_path: Path) -> None:
    compose.bring_vouchers(announced, prize="first", codes=["a"])
    settings.KEYS = tmp_path / "other"
    with pytest.raises(Refused, match=r"seal\.broken"):
        unseal(Voucher.objects.get().sealed)
