from __future__ import annotations

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from showground.jury.models import Juror
from showground.ledger.models import Minute
from showground.media.jail import rlimits_only
from showground.weeks.queries import duties
from tests.entries.conftest import Enter
from tests.entries.sample import Desks
from tests.entries.test_pages import text

HOME = "/en/2026/desk/"
NOTARY = "/en/2026/notary/"


def states(answer: HttpResponse) -> list[str]:
    """The state of each step on the page: done, now or later."""
    steps = re.search(r'<ol class="steps">(.*?)</ol>', answer.content.decode(), re.S)
    assert steps
    return re.findall(r'<li class="(\w+)"', steps[1])


def appoint(room: Desks, enter: Enter, email: str = "judge@example.org", **more: object) -> HttpResponse:
    told = {"email": email, "categories": ["picture", "video"], **more}
    return enter("organiser").post(f"{HOME}panel/", told)


# ---- today ----


def test_a_fresh_week_begins_with_freezing_the_rule(room: Desks, enter: Enter) -> None:
    page = enter("organiser").get(f"{HOME}today/")
    assert states(page) == ["now", *["later"] * 8]
    assert f'action="{HOME}freeze/"' in page.content.decode() and "can never be changed" in text(page)
    assert "0 of 9 done" in text(page) and "Nothing published yet" in text(page)


def test_the_rule_is_frozen_once(room: Desks, enter: Enter) -> None:
    browser = enter("organiser")
    assert browser.post(f"{HOME}freeze/")["Location"] == f"{HOME}today/"
    answer = browser.post(f"{HOME}freeze/")
    assert answer.status_code == 422 and "The rule is already frozen." in text(answer)
    assert len(room.records("ruleset.frozen")) == 1
    assert states(answer)[0] == "done" and f'action="{HOME}freeze/"' not in answer.content.decode()


def test_opening_waits_for_rule_jury_and_every_decision(room: Desks, enter: Enter) -> None:
    browser = enter("organiser")
    entry = room.submitted()
    for make_ready, words in (
        (lambda: None, "1 works still wait for a decision."),
        (lambda: enter("screener").post(f"/en/2026/screening/{entry.code}/admit/"), "Freeze the rule first."),
        (lambda: browser.post(f"{HOME}freeze/"), "Appoint the jury first."),
    ):
        make_ready()
        answer = enter("organiser").post(f"{HOME}open/")
        assert answer.status_code == 422 and words in text(answer)
    assert room.records("entries.closed") == [] and room.records("vote.opened") == []


def test_opening_without_the_door_writes_nothing_at_all(room: Desks, enter: Enter) -> None:
    room.accepted()
    browser = enter("organiser")
    browser.post(f"{HOME}freeze/")
    assert appoint(room, enter).status_code == 302
    page = browser.get(f"{HOME}today/")
    assert "One work goes into the vote" in text(page)
    with CaptureQueriesContext(connection) as asked:
        answer = browser.post(f"{HOME}open/")
    assert answer.status_code == 503 and "The ballot box does not answer just now." in text(answer)
    assert not [one for one in asked.captured_queries if "SAVEPOINT" in one["sql"]], "nobody waited for us while we waited for it"
    assert room.records("entries.closed") == [] and room.records("vote.opened") == []


def test_declaring_too_early_is_refused_in_words(room: Desks, enter: Enter) -> None:
    answer = enter("organiser").post(f"{HOME}declare/")
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert "The count is not published yet." in text(answer) or "time until" in text(answer)


def test_who_waits_for_whom_counts_what_waits(room: Desks, enter: Enter) -> None:
    room.submitted(), room.submitted(), room.returned()
    appoint(room, enter)
    said = text(enter("organiser").get(f"{HOME}today/"))
    assert "You Freeze the rule 1" in said and "Screeners Works to decide on 2" in said
    assert "Entrants Returned works to mend 1" in said and "Jurors Keys to make 1" in said


def test_a_record_that_the_door_refused_is_shown_until_it_is_mended(room: Desks, enter: Enter) -> None:
    room.submitted()
    Minute.objects.update(refused="log.order {'index': 7}")
    said = text(enter("organiser").get(f"{HOME}today/"))
    assert "The log is held up." in said and "entry.submitted" in said and "log.order" in said


def test_a_machine_without_a_jail_is_told_that_uploads_are_off(room: Desks, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("showground.backstage.staff.jail", rlimits_only)
    monkeypatch.setattr("showground.entries.views.jail", rlimits_only)
    entry = room.draft(work=None)
    assert "bwrap is missing" in text(enter("organiser").get(f"{HOME}today/"))
    page = enter("maker").get(f"/en/2026/enter/{entry.code}/")
    assert "Uploads are off on this site." in text(page) and 'type="file"' not in page.content.decode()


# ---- the panel ----


def test_an_appointed_juror_has_a_number_and_a_duty(room: Desks, enter: Enter) -> None:
    assert appoint(room, enter)["Location"] == f"{HOME}panel/"
    juror = Juror.objects.get()
    assert (juror.number, juror.person.email, juror.categories) == (1, "judge@example.org", ["picture", "video"])
    assert duties(juror.person, room.week) == {"juror"}
    said = text(enter("organiser").get(f"{HOME}panel/"))
    assert "judge@example.org" in said and "Picture, Video" in said and "key not made yet" in said


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "nobody"}, "valid email address"),
        ({"email": "screener@example.org"}, "One person cannot be juror and screener in the same week."),
        ({"categories": []}, "required"),
    ],
)
def test_who_cannot_be_a_juror_is_said(room: Desks, enter: Enter, wrong: dict[str, object], words: str) -> None:
    answer = appoint(room, enter, **wrong)
    assert answer.status_code == 422 and words in text(answer)
    assert not Juror.objects.exists() and room.records("jury.appointed") == []


def test_after_the_vote_has_opened_the_panel_is_closed(room: Desks, enter: Enter) -> None:
    page = enter("organiser", room.week.vote_opens).get(f"{HOME}panel/")
    assert "the panel is closed since then" in text(page) and 'name="email"' not in page.content.decode()
    answer = enter("organiser", room.week.vote_opens).post(f"{HOME}panel/", {"email": "a@example.org", "categories": ["picture"]})
    assert answer.status_code == 422 and not Juror.objects.exists()


# ---- who goes where ----


@pytest.mark.parametrize(
    ("who", "goal"),
    [("organiser", f"{HOME}today/"), ("screener", "/en/2026/screening/"), ("notary", NOTARY), ("maker", "/en/2026/enter/")],
)
def test_the_desk_leads_everybody_to_their_room(room: Desks, enter: Enter, who: str, goal: str) -> None:
    assert enter(who).get(HOME)["Location"] == goal


@pytest.mark.parametrize("who", ["maker", "screener", "notary"])
def test_only_the_organiser_acts(room: Desks, enter: Enter, who: str) -> None:
    browser = enter(who)
    assert browser.get(f"{HOME}today/").status_code == browser.get(f"{HOME}panel/").status_code == 403
    assert [browser.post(f"{HOME}{act}/").status_code for act in ("freeze", "open", "declare", "panel")] == [403] * 4
    assert room.records() == []


def test_a_get_never_acts(room: Desks, enter: Enter) -> None:
    assert [enter("organiser").get(f"{HOME}{act}/").status_code for act in ("freeze", "open", "declare")] == [405] * 3


# ---- the notary ----


def test_the_notary_sees_gates_to_come_and_the_lines_to_type(room: Desks, enter: Enter) -> None:
    said = text(enter("notary").get(NOTARY))
    assert said.count("to come") == 7 and "showground witness add-log --vkey log.example+00000000+AAAA" in said
    assert f"open-sheets --site http://localhost:8300 --week 2026={room.week.origin}" in said
    assert "None declared yet" in said


def test_the_head_of_every_desk_says_where_the_week_stands(room: Desks, enter: Enter) -> None:
    week = room.week
    hours = {
        week.call_opens - 60: "The call opens 1 Aug, 09:00",
        week.call_opens: "Call, closes 28 Aug, 18:00",
        week.call_closes: "Screening, the vote opens 1 Sept, 09:00",
        week.vote_opens: "Vote, day 1 of 11, closes 11 Sept, 20:00",
        week.vote_closes - 1: "Vote, day 11 of 11, closes 11 Sept, 20:00",
        week.vote_closes: "Jury, closes 15 Sept, 18:00",
        week.jury_closes: "The result is due 16 Sept, 10:00",
        week.results_at: "Result, due since 16 Sept, 10:00",
    }
    for at, words in hours.items():
        said = text(enter("maker", at).get("/en/2026/enter/")).replace("\u00a0", " ")
        assert words in said, words
