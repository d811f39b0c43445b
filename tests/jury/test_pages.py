from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from showground.entries.actions import withhold_entry
from showground.entries.models import Entry
from showground.jury.models import Juror, Sheet
from showground.rules import records
from tests.entries.conftest import Enter
from tests.entries.sample import Desks
from tests.entries.test_pages import text
from tests.harness.juror import PythonJuror
from tests.jury.conftest import Sit
from tests.jury.sample import Judging, judging

HOME = "/en/2026/jury/"


def seat(room: Desks) -> Juror:
    from showground.jury.actions import appoint_juror

    return appoint_juror(room.week, person=room.other, categories=["picture"], at=room.calling)


# ---- what the page says ----


def test_before_the_shortlist_the_desk_makes_a_key_and_shows_no_work(room: Desks, enter: Enter) -> None:
    seat(room)
    room.accepted()
    page = enter("other").get(HOME)
    said = text(page)
    assert page.status_code == 200 and "Make your key" in said and "There is nothing to score yet." in said
    assert "data-entry=" not in page.content.decode()


def test_the_desk_shows_the_shortlist_without_makers_or_votes(panel: Judging, sit: Sit) -> None:
    page = sit(1).get(HOME)
    body = page.content.decode()
    shown = [code for code in panel.played.week.entries if f'data-entry="{code}"' in body]
    assert sorted(shown) == panel.listed and len(panel.listed) > 2
    assert "Maker " not in text(page) and "maker hidden" in text(page)
    assert "I drew it in one night" in text(page)


def test_a_work_that_is_withheld_from_everybody_else_is_judged_all_the_same(panel: Judging, sit: Sit) -> None:
    """RULE entries 5: the jury goes on seeing it, by addresses of its own, and is told that the public does not."""
    before = sit(1).get(HOME).content.decode()
    entry = Entry.objects.get(code=panel.listed[0])
    assert "The public is not shown" not in before
    withhold_entry(entry, reason_code="persons", by=entry.person, at=panel.judging)
    after = sit(1).get(HOME).content.decode()
    assert after.count("The public is not shown this work since") == 1 and "?k=" in after
    assert entry.title_en in after and f'data-entry="{entry.code}"' in after


def test_criteria_have_names_and_limits_of_the_frozen_rule(panel: Judging, sit: Sit) -> None:
    body = sit(1).get(HOME).content.decode()
    for row in panel.played.rule["jury"]["criteria"]:
        assert f'data-criterion="{row["key"]}" min="0" max="{row["max"]}"' in body
    assert "创意" in sit(1).get("/zh-hans/2026/jury/").content.decode()


def test_a_juror_of_one_category_scores_that_category(panel: Judging, sit: Sit) -> None:
    Juror.objects.filter(number=1).update(categories=["video"])
    body = sit(1).get(HOME).content.decode()
    category_of = panel.played.week.category_of()
    assert {code for code in panel.listed if f'data-entry="{code}"' in body} == {
        c for c in panel.listed if category_of[c] == "video"
    }


def test_after_the_deadline_the_desk_takes_nothing_and_says_what_follows(panel: Judging, sit: Sit) -> None:
    page = sit(1, panel.row.jury_closes).get(HOME)
    assert "No sheet was sealed" in text(page) and "desk.js" not in page.content.decode()
    PythonJuror(sit(2), "2026").declare()
    juror = PythonJuror(sit(3), "2026")
    juror.declare(), juror.seal(panel.rows())
    page = sit(3, panel.row.jury_closes).get(HOME)
    assert "The notary opens all sheets at once" in text(page)


@pytest.mark.parametrize(
    ("secure", "host", "works"), [(False, "localhost:8300", True), (False, "week.example", False), (True, "week.example", True)]
)
def test_the_desk_wants_a_secure_address_and_says_so(
    panel: Judging, sit: Sit, settings: Any, secure: bool, host: str, works: bool
) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "week.example"]
    page = sit(1).get(HOME, headers={"host": host}, secure=secure)
    assert ("This page needs a secure address" in text(page)) != works
    assert ("desk.js" in page.content.decode()) == works


def test_without_javascript_the_desk_says_why_it_needs_it(panel: Judging, sit: Sit) -> None:
    body = sit(1).get(HOME).content.decode()
    inside = body.split("<noscript>")[1].split("</noscript>")[0]
    assert "This page needs JavaScript" in inside
    assert body.count("<script") == body.count("<script src=") + body.count('type="application/json"') + body.count(
        '<script type="module" src='
    )


@pytest.mark.parametrize("who", ["maker", "screener", "organiser", "notary"])
def test_nobody_else_sits_at_the_desk(room: Desks, enter: Enter, who: str) -> None:
    browser = enter(who)
    assert browser.get(HOME).status_code == 403
    for what in ("key", "draft", "seal"):
        assert browser.post(f"{HOME}{what}/", "{}", content_type="application/json").status_code == 403


# ---- what it takes ----


def test_a_sheet_goes_all_the_way_over_http(panel: Judging, sit: Sit) -> None:
    juror = PythonJuror(sit(2), "2026")
    assert juror.declare().status_code == 200
    answer = juror.seal(panel.rows())
    sheet = Sheet.objects.get()
    assert answer.json() == {"done": True, "commit": sheet.commit} and sheet.juror.number == 2
    assert sheet.commit in text(juror.client.get(HOME))


def test_no_answer_ever_holds_a_score(panel: Judging, sit: Sit, settings: Any) -> None:
    juror = PythonJuror(sit(2), "2026")
    juror.declare(), juror.seal(panel.rows(7))
    kept = json.dumps(list(Juror.objects.values("wrapped_key", "draft", "vkey")) + list(Sheet.objects.values("opening", "commit")))
    assert panel.listed[0] not in kept
    blob = next(settings.LOG_ROOT.glob("*/assets/" + Sheet.objects.get().escrow_sha256)).read_bytes()
    assert panel.listed[0].encode() not in blob


@pytest.mark.parametrize(
    ("what", "value", "code"),
    [
        ("key", {"vkey": "x"}, "jury.key"),
        ("key", [1], "jury.opening"),
        ("draft", {"data": "x" * 70_000}, "jury.draft_too_long"),
        ("seal", {}, "jury.no_key"),
        ("seal", {"escrow": "%%"}, "jury.escrow"),
    ],
)
def test_what_cannot_be_taken_is_answered_in_words(panel: Judging, sit: Sit, what: str, value: object, code: str) -> None:
    answer = sit(1).post(f"{HOME}{what}/", json.dumps(value), content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (422, code)
    assert len(answer.json()["said"]) > 10


def test_drafts_come_back_to_their_juror_only(panel: Judging, sit: Sit) -> None:
    box = {"nonce": "bm9uY2U=", "data": "c2VjcmV0"}
    sit(1).post(f"{HOME}draft/", json.dumps(box), content_type="application/json")
    assert PythonJuror(sit(1), "2026").facts["draft"] == box
    assert PythonJuror(sit(2), "2026").facts["draft"] == {}


def test_a_post_without_the_token_is_refused(panel: Judging) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(panel.person(1))
    assert strict.post(f"{HOME}seal/", "{}", content_type="application/json").status_code == 403


# ---- what the notary's program hands in ----


def hand_in(sheets: list[dict[str, Any]]) -> Any:
    return Client().post("/jury/openings/2026", json.dumps({"openings": sheets}), content_type="application/json")


def test_openings_before_the_gate_are_told_to_wait(panel: Judging, sit: Sit) -> None:
    answer = hand_in([{"juror": 1, "sheet": "final"}])
    assert (answer.status_code, answer.json()["error"]) == (409, "jury.gate_shut")


def test_openings_prove_themselves_without_a_login(db: None, folders: None) -> None:
    stood = judging("jury")
    for opening, juror in zip(stood.played.sheets, stood.jurors, strict=True):
        told = {"name": opening["sheet"], "commit": records.commitment(opening), "escrow_sha256": "0" * 64}
        Sheet.objects.create(juror=juror, committed_at=stood.judging, **told)
    forged = {**stood.played.sheets[0], "salt": "A" * 43}
    assert hand_in([forged]).json()["error"] == "jury.opening_differs"
    assert hand_in(stood.played.sheets).json() == {"opened": 3}
    assert hand_in(stood.played.sheets).json() == {"opened": 0}


def test_a_statement_that_is_not_the_notarys_is_refused(panel: Judging) -> None:
    told = {"text": "showground notary statement v1\n", "covers_size": 1, "sig": "AAAA"}
    with CaptureQueriesContext(connection) as asked:
        answer = Client().post("/notary/statements/2026", json.dumps(told), content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (422, "statement.signature")
    assert not [one for one in asked.captured_queries if "SAVEPOINT" in one["sql"]], "the log is read before the database is held"
