"""From decision to notice to reversal on the pages: a partner is told by two, the appeal is heard by a third, the correction follows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from showground.reports.actions import correct, decide, refer
from showground.reports.actions.appeal import lodge
from showground.reports.actions.lists import put_partner
from showground.reports.actions.notice_files import hand_out
from showground.reports.models import Appeal, Card, Event, Identity, IdentityAccess, LegalBasis, Partner, Referral
from showground.reports.queries import figures
from showground.reports.queries.reading import by_officer
from showground.rules.refused import Refused
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


# ---- files for programs ----

OWN = "I am Lin Example, 138 0013 8000, lin@home.example; my sister Mei told me."
LINK = "https://harbour-bank-login.example/verify?id=8841&email=lin@home.example"


def _agreed(room: Room, *, words: str = "", **more: Any) -> Referral:
    case = room.office.case(f"{words} {LINK}", identity={"name": "Lin Example", "contact": "lin@home.example"})
    told = {"places": [LINK, "agent77@other-place.example"], "facts": "Lin Example says it copies a bank.", **more}
    decide.propose(case, written("refer", **told), who=room.office.who("ada"), at=NOW, log=LOG)
    decide.confirm(case, who=room.office.who("ben"), at=NOW, log=LOG)
    return Referral.objects.get(decision__case=case)


def _read(room: Room, **more: Any) -> Referral:
    referral = _agreed(room, **more)
    return refer.read_referral(referral, who=room.office.who("ben"), at=NOW, log=LOG)


def test_what_an_officer_hands_out_has_nothing_of_the_reporter(room: Room) -> None:
    referral = _read(room, words=OWN)
    here, ada = f"{HOME}notices/{referral.pk}/", room.enter("ada")
    assert "For programs of a CERT" in text(ada.get(here))
    for form, scope in (("stix", "notice"), ("stix", "case"), ("misp", "notice"), ("misp", "case")):
        answer = ada.post(here, {"do": form, "scope": scope})
        assert answer.status_code == 200 and answer["Content-Disposition"].startswith(f'attachment; filename="{form}-')
        assert "sandbox" in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]
        said = answer.content.decode()
        assert "https://harbour-bank-login.example/verify?id=8841" in said and "agent77@other-place.example" in said
        report = referral.decision.case.reports.get()
        for secret in ("Lin", "lin@", "home.example", "138", "Mei", "bank.", report.report_sha256, report.number, "Because of"):
            assert secret not in said.replace("harbour-bank-login.", ""), secret
    noted = Event.objects.filter(thing="referral", thing_id=referral.pk, verb="handed_out")
    assert [one.facts for one in noted[:2]] == [{"form": "stix", "scope": "notice"}, {"form": "stix", "scope": "case"}]


def test_nothing_is_handed_out_before_two_have_read_it(room: Room) -> None:
    referral = _agreed(room)
    here, ada = f"{HOME}notices/{referral.pk}/", room.enter("ada")
    assert "For programs of a CERT" not in text(ada.get(here))
    for told in ({"do": "stix", "scope": "notice"}, {"do": "stix", "scope": "case"}, {"do": "misp", "scope": "week"}):
        assert ada.post(here, told).status_code == 422
    assert not Event.objects.filter(verb="handed_out").exists()


@pytest.mark.parametrize("why", ["figures", "legitimate", "replaced"])
def test_nothing_is_handed_out_that_must_not_go(room: Room, why: str) -> None:
    referral = _read(room)
    at = NOW
    if why == "figures":
        at = figures.week_of(NOW) + figures.EVERY + figures.DUE_WITHIN + figures.OVERDUE + 1
    elif why == "legitimate":
        Partner.objects.filter(code="hotline").update(legitimate_hosts=["harbour-bank-login.example"])
    else:
        correct.correct(referral.decision, who=room.office.who("cyd"), at=NOW, log=LOG)
        referral.refresh_from_db()
    with pytest.raises(Refused) as no:
        hand_out(referral, "misp", "notice", who=room.office.who("ada"), at=at, log=LOG)
    assert no.value.code == {"replaced": "referral.decision"}.get(why, f"referral.{why}")


def test_a_partner_that_takes_other_forms_has_them_beside_the_letter_and_can_take_them_back(room: Room) -> None:
    put_partner(
        {
            "code": "harbour",
            "kind": "cert",
            "name": {"en": "CERT", "zh": "应急中心"},
            "mail": "cert@cert.example",
            "forms": ["stix", "misp"],
        },
        at=NOW,
    )
    with pytest.raises(Refused):
        put_partner({"code": "x", "kind": "cert", "name": {"en": "x", "zh": "x"}, "mail": "x@x.example", "forms": ["csv"]}, at=NOW)
    referral = refer.send_referral(_read(room, words=OWN), who=room.office.who("ben"), week="sample", at=NOW, log=LOG)
    files = {name.split("-")[0]: json.loads(data) for name, data, _kind in mail.outbox[0].attachments}
    assert sorted(files) == ["misp", "notice", "stix", "xarf"] and mail.outbox[0].message().as_bytes()
    assert "lin@home.example" not in json.dumps([files["misp"], files["stix"]])
    correct.correct(referral.decision, who=room.office.who("cyd"), at=NOW + 60, log=LOG)
    here, ada = f"{HOME}notices/{referral.pk}/", room.enter("ada")
    assert "To take back what went out" in text(ada.get(here))
    back = json.loads(ada.post(here, {"do": "stix", "scope": "notice"}).content)
    sent = {one["id"] for one in files["stix"]["objects"]}
    assert all(one["id"] in sent and one["revoked"] for one in back["objects"] if one["type"] == "indicator")
    assert ada.post(here, {"do": "stix", "scope": "case"}).status_code == 422, "nothing of the case stands"


def _for_programs(room: Room) -> Referral:
    told = {"code": "harbour", "kind": "cert", "name": {"en": "CERT", "zh": "应急中心"}, "mail": "cert@cert.example"}
    put_partner({**told, "forms": ["stix", "misp"]}, at=NOW)
    return refer.send_referral(_read(room, words=OWN), who=room.office.who("ben"), week="sample", at=NOW, log=LOG)


def test_a_correction_by_an_officer_carries_what_takes_the_signs_back(
    room: Room, django_capture_on_commit_callbacks: Any
) -> None:  # fmt: skip
    referral = _for_programs(room)
    with django_capture_on_commit_callbacks(execute=True):
        correct.correct(referral.decision, who=room.office.who("cyd"), at=NOW + 60, log=LOG)
    (first, letter), files = mail.outbox, {}
    for one in mail.outbox:
        files[one.subject] = {name.split("-")[0]: json.loads(data) for name, data, _kind in one.attachments}
    went, back = files[first.subject], files[letter.subject]
    assert sorted(back) == ["misp", "stix"] and "lin@home.example" not in json.dumps(back)
    assert all(one["revoked"] for one in back["stix"]["objects"] if one["type"] == "indicator")
    assert {one["id"] for one in back["stix"]["objects"] if one["type"] == "indicator"} <= {
        one["id"] for one in went["stix"]["objects"]
    }
    assert went["xarf"]["report_id"] in letter.body and "takes back every sign" in letter.body
    referral.refresh_from_db()
    assert referral.closed_at == NOW + 60 and not correct.owes_files(referral) and correct.send_corrections(at=NOW, log=LOG) == 0


def test_without_a_key_the_words_go_and_the_files_are_owed_until_an_officer_comes(room: Room) -> None:
    referral = _for_programs(room)
    correct.correct(referral.decision, who=room.office.who("cyd"), at=NOW + 60, log=LOG)
    here, ada = f"{HOME}notices/{referral.pk}/", room.enter("ada")
    assert "tried every ten minutes" in text(ada.get(here))
    assert correct.send_corrections(at=NOW + 90, log=LOG) == 1
    letter = mail.outbox[-1]
    assert letter.attachments == [] and "follows in a letter of its own" in letter.body
    assert "not yet the file" in text(ada.get(here))
    assert ada.post(here, {"do": "take_back"}).status_code == 302 and "not yet the file" not in text(ada.get(here))
    assert [name.split("-")[0] for name, _data, _kind in mail.outbox[-1].attachments] == ["stix", "misp"]
    assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == 3
    verbs = Event.objects.filter(thing="referral", thing_id=referral.pk).values_list("verb", flat=True)
    assert list(verbs)[-3:] == ["corrected", "correction_sent", "taken_back"]


def test_a_partner_without_forms_has_the_correction_in_words_only(
    room: Room, django_capture_on_commit_callbacks: Any
) -> None:  # fmt: skip
    referral = refer.send_referral(_read(room), who=room.office.who("ben"), week="sample", at=NOW, log=LOG)
    with django_capture_on_commit_callbacks(execute=True):
        correct.correct(referral.decision, who=room.office.who("cyd"), at=NOW + 60, log=LOG)
    assert mail.outbox[-1].attachments == [] and "For your programs" not in mail.outbox[-1].body
    assert "Send it now" not in text(room.enter("ada").get(f"{HOME}notices/{referral.pk}/"))


@pytest.mark.parametrize(
    "mail", ["a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "A <a@b.example>", "a b@c.example", "@", "a@b@c"]
)
def test_a_partner_has_one_plain_address(db: None, mail: str) -> None:
    with pytest.raises(Refused):
        put_partner({"code": "x", "kind": "cert", "name": {"en": "x", "zh": "x"}, "mail": mail}, at=NOW)


def test_of_a_case_with_one_target_there_is_no_file(room: Room) -> None:
    case = room.office.case("They post my address on https://bad-page.example/me", "privacy", standing="target")
    LegalBasis.objects.update(categories=["privacy"])
    decide.propose(case, written("refer", places=["https://bad-page.example/me"]), who=room.office.who("ada"), at=NOW, log=LOG)
    decide.confirm(case, who=room.office.who("ben"), at=NOW, log=LOG)
    referral = refer.read_referral(Referral.objects.get(), who=room.office.who("ben"), at=NOW, log=LOG)
    ada = room.enter("ada")
    assert "For programs of a CERT" not in text(ada.get(f"{HOME}notices/{referral.pk}/"))
    assert ada.post(f"{HOME}notices/{referral.pk}/", {"do": "stix", "scope": "notice"}).status_code == 422


@pytest.mark.parametrize(
    "place",
    [
        "https://harbour-bank.example\\.evil.example/", "https://harbour-bank%2Eexample/", "https://ＨＡＲＢＯＵＲ-bank。example/",
        "https://evil.example@harbour-bank.example/", "https:harbour-bank.example/login", "https:\\\\harbour-bank.example\\login",
        "https://harbour\t-bank.example/",
    ],
)  # fmt: skip
def test_a_true_owner_s_place_is_known_however_it_is_written(db: None, place: str) -> None:
    Partner.objects.create(
        code="harbour", kind="bank", name={"en": "x"}, mail="x@x.example", legitimate_hosts=["harbour-bank.example"]
    )
    with pytest.raises(Refused) as no:
        refer.check_places([place])
    assert no.value.code == "referral.legitimate"
    refer.check_places(
        ["https://harbour-bank.example.evil.example/", "+44 7700 900123", "0f" * 32, "https://evil.example\\@harbour-bank.example/"]
    )
