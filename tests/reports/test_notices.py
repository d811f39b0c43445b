"""From decision to notice to reversal on the pages: a partner is told by two, the appeal is heard by a third, the correction follows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from showground.reports.actions import decide
from showground.reports.actions.appeal import lodge
from showground.reports.models import Appeal, Card, Identity, IdentityAccess, Referral
from showground.reports.queries.reading import by_officer
from tests.reports.office import LOG, NOW, an_office, written
from tests.reports.test_officer import HOME, Room, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Room:
    office = an_office(tmp_path / "desk", settings)
    settings.CLOCK = lambda: office.now
    return Room(office)


def test_a_notice_is_read_by_another_person_on_its_page(room: Room) -> None:
    case = room.office.case()
    decide.propose(case, written("refer"), who=room.office.who("ada"), at=NOW, log=LOG)
    decide.confirm(case, who=room.office.who("ben"), at=NOW, log=LOG)
    referral = Referral.objects.get()
    here, ada, ben = f"{HOME}notices/{referral.pk}/", room.enter("ada"), room.enter("ben")
    assert "harbour-bank-login[.]example" in text(ada.get(here)) and "another officer reads it" in text(ada.get(here))
    assert ada.post(here, {"do": "read"}).status_code == 422
    assert ben.post(here, {"do": "read"}).status_code == 302
    referral.refresh_from_db()
    assert referral.state == "second_read" and referral.read_by == room.office.people["ben"]
    assert f"/notices/{referral.pk}/" in ada.get(f"{HOME}case/{case.number}/").content.decode()


def test_an_appeal_is_heard_and_reversed_on_its_page_by_a_third(room: Room) -> None:
    case = room.office.case()
    decide.propose(case, written("refer"), who=room.office.who("ada"), at=NOW, log=LOG)
    decide.confirm(case, who=room.office.who("ben"), at=NOW, log=LOG)
    held = by_officer(case.reports.get(), room.office.who())
    appeal = lodge(held, "That page is the bank's own.", at=NOW, log=LOG)
    here, ada, cyd = f"{HOME}appeals/{appeal.pk}/", room.enter("ada"), room.enter("cyd")
    assert "No appeal waits for you" in text(ada.get(f"{HOME}appeals/")) and ada.get(here).status_code == 404
    assert case.number in text(cyd.get(f"{HOME}appeals/")) and "bank's own" not in text(cyd.get(here)).replace("&#x27;", "'")
    cyd.post(here, {"do": "take"})
    assert "bank's own" in text(cyd.get(here)).replace("&#x27;", "'")
    told = {
        "do": "decide",
        "outcome": "reversed",
        "instead": "unfounded",
        "reasons.en": "It is genuine.",
        "reasons.zh": "确系官方页面。",
    }
    assert cyd.post(here, told).status_code == 302
    assert Appeal.objects.get().outcome == "reversed" and Referral.objects.get().state == "corrected"
    assert "replaced" in text(cyd.get(f"{HOME}case/{case.number}/"))


def test_a_warning_takes_two_and_points_at_nobody(room: Room) -> None:
    case = room.office.case()
    here, ada, ben = f"{HOME}case/{case.number}/card/", room.enter("ada"), room.enter("ben")
    parts = {f"{name}.{lang}": f"{name} {lang}" for name in ("title", "how", "act") for lang in ("en", "zh")}
    assert (
        ada.post(here, {**parts, "how.en": "They call from harbour-bank-login.com"}).status_code == 422
        and not Card.objects.exists()
    )
    assert ada.post(here, parts).status_code == 302
    card = Card.objects.get()
    assert ada.post(f"{HOME}cards/", {"which": card.pk, "do": "publish"}).status_code == 422
    assert ben.post(f"{HOME}cards/", {"which": card.pk, "do": "publish"}).status_code == 302
    card.refresh_from_db()
    assert card.published_at == NOW


def test_a_name_is_asked_for_agreed_to_and_read_once_on_the_page(room: Room) -> None:
    report, _ = room.office.file(identity={"name": "Lin Example"})
    custodian, approver, ada = room.enter("custodian"), room.enter("approver"), room.enter("ada")
    home = f"{HOME}identities/"
    assert ada.get(home).status_code == 403
    told = {"report": report.number, "reason": "court_order", "words": "Order 12/26"}
    assert custodian.post(f"{home}ask/", told).status_code == 302
    access = IdentityAccess.objects.get()
    assert "Order 12/26" in text(approver.get(home)) and "Lin Example" not in text(approver.get(home))
    assert custodian.post(f"{home}{access.pk}/answer/", {"do": "agree"}).status_code in {302, 403}
    assert custodian.post(f"{home}{access.pk}/read/").status_code == 422
    approver.post(f"{home}{access.pk}/answer/", {"do": "agree"})
    read = custodian.post(f"{home}{access.pk}/read/")
    assert "Lin Example" in text(read) and "no-store" in read["Cache-Control"]
    assert "Lin Example" not in text(custodian.get(home)) and custodian.post(f"{home}{access.pk}/read/").status_code == 422
    assert Identity.objects.get().sealed


def test_a_deletion_is_agreed_and_objected_to_on_the_page(room: Room) -> None:
    case = room.office.case()
    report = case.reports.get()
    ada, ben, cyd = room.enter("ada"), room.enter("ben"), room.enter("cyd")
    ada.post(f"{HOME}case/{case.number}/destroy/", {"report": report.number, "reason": "third_person"})
    page = f"{HOME}deletions/"
    which = {"which": case.reports.get().deletion.pk}
    assert ada.post(page, {**which, "do": "agree"}).status_code == 422
    assert ben.post(page, {**which, "do": "agree"}).status_code == 302 and "unless somebody objects" in text(ada.get(page))
    cyd.post(page, {**which, "do": "object"})
    assert "Nothing is to be destroyed" in text(ada.get(page))
