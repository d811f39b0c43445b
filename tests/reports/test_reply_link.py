"""A partner's link: it ends 90 days after the last word, an officer renews and recalls it, and an old one says what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from showground.reports.actions import decide, keep, refer, reply_link
from showground.reports.actions.recuse import recuse
from showground.reports.models import Case, Event, Referral
from showground.reports.queries import answers
from showground.rules.refused import Refused
from tests.reports.office import LOG, NOW, an_office, written
from tests.reports.test_officer import HOME, Room, text

pytestmark = pytest.mark.django_db
DAY, WEEK = 86400, "sample"


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Room:
    office = an_office(tmp_path / "desk", settings)
    settings.CLOCK = lambda: office.now
    return Room(office)


@pytest.fixture
def referral(room: Room) -> Referral:
    case = room.office.case()
    decide.propose(case, written("refer"), who=room.office.who("ada"), at=NOW, log=LOG)
    decide.confirm(case, who=room.office.who("ben"), at=NOW, log=LOG)
    found = refer.read_referral(Referral.objects.get(), who=room.office.who("ben"), at=NOW, log=LOG)
    return refer.send_referral(found, who=room.office.who("ben"), week=WEEK, at=NOW, log=LOG)


def path_of(letter: Any) -> str:
    """Returns the path of the partner's page that a letter links to."""
    return "/" + next(line for line in letter.body.splitlines() if "/partner/" in line).split("/", 3)[3]


def test_a_link_ends_ninety_days_after_the_last_word_and_says_what_to_do(room: Room, referral: Referral) -> None:
    page, told = path_of(mail.outbox[0]), {"choice": "received", "words": "", "reference": ""}
    room.office.now = NOW + 89 * DAY
    assert Client().post(page, told).status_code == 200
    room.office.now = NOW + 178 * DAY
    assert Client().get(page).status_code == 200, "the partner's own word counts"
    room.office.now = NOW + 179 * DAY
    english = ("This link has ended.", "report@localhost", "case number")
    for at, words in ((page, english), (page.replace("/en/", "/zh-hans/"), ("report@localhost",))):
        over = Client().get(at)
        assert over.status_code == 410 and all(word in text(over) for word in words)
        assert referral.decision.case.number not in over.content.decode()
    assert Client().post(page, {**told, "choice": "acted"}).status_code == 410
    with pytest.raises(Refused, match="link_over"):
        refer.answer_referral(answers.token_of(referral), "acted", words="", reference="", at=room.office.now, log=LOG)
    assert Referral.objects.get().state == "acknowledged"


def test_an_ended_link_is_renewed_and_goes_out_again(room: Room, referral: Referral) -> None:
    room.office.now = NOW + 90 * DAY
    here, ada = f"{HOME}notices/{referral.pk}/", room.enter("ada")
    assert "It has ended and takes no answer." in text(ada.get(here))
    assert ada.post(here, {"do": "renew"}).status_code == 302 and "It takes an answer until" in text(ada.get(here))
    letter = mail.outbox[-1]
    assert letter.to == [referral.partner.mail] and path_of(letter) == path_of(mail.outbox[0])
    assert letter.extra_headers["In-Reply-To"] == mail.outbox[0].extra_headers["Message-ID"] != letter.extra_headers["Message-ID"]
    assert Client().post(path_of(letter), {"choice": "acted", "words": "", "reference": ""}).status_code == 200
    assert "The partner’s link" not in text(ada.get(here)) and ada.post(here, {"do": "renew"}).status_code == 422


def test_a_recalled_link_never_opens_again_and_the_next_is_another(room: Room, referral: Referral) -> None:
    old, here, ada = path_of(mail.outbox[0]), f"{HOME}notices/{referral.pk}/", room.enter("ada")
    assert ada.post(here, {"do": "recall"}).status_code == 302 and ada.post(here, {"do": "recall"}).status_code == 422
    assert Client().get(old).status_code == 410
    assert refer.remind(at=NOW + 49 * 3600, log=LOG, week=WEEK) == 0, "nobody is reminded of a link that is recalled"
    assert ada.post(here, {"do": "renew"}).status_code == 302
    new = path_of(mail.outbox[-1])
    assert new != old and Client().get(old).status_code == 404 and Client().get(new).status_code == 200
    assert list(Event.objects.filter(verb__startswith="link_").values_list("verb", flat=True)) == ["link_recalled", "link_renewed"]
    assert refer.remind(at=NOW + 49 * 3600, log=LOG, week=WEEK) == 1 and path_of(mail.outbox[-1]) == new


def test_a_link_that_could_not_be_sent_is_good_all_the_same(room: Room, referral: Referral, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 9
    with pytest.raises(Refused, match="mail_later"):
        reply_link.renew_link(referral, who=room.office.who("ada"), week=WEEK, at=NOW + DAY, log=LOG)
    assert Referral.objects.get().link_until == NOW + 91 * DAY


def test_with_the_content_of_the_case_its_notices_and_the_link_are_gone(room: Room, referral: Referral) -> None:
    Case.objects.update(state="closed", closed_at=NOW)
    room.office.now = NOW + 215 * DAY
    answered = Referral.objects.filter(pk=referral.pk)
    answered.update(answer_sealed=b"x", link_until=NOW + 300 * DAY)
    assert keep.keep(room.office.now, log=LOG)["cases"] == 1
    assert answered.values_list("wrapped", "notice_sealed", "answer_sealed").get() == (b"", b"", b"")
    shown = room.enter("ada").get(f"{HOME}notices/{referral.pk}/")
    assert shown.status_code == 200 and "destroyed in its time" in text(shown) and "harbour-bank-login" not in text(shown)
    assert Client().get(path_of(mail.outbox[0])).status_code == 410
    with pytest.raises(Refused, match="erased"):
        reply_link.renew_link(referral, who=room.office.who("ada"), week=WEEK, at=NOW, log=LOG)


def test_a_link_of_before_has_its_ninety_days_too(room: Room, referral: Referral) -> None:
    Referral.objects.update(link_until=None)
    assert Client().get(path_of(mail.outbox[0])).status_code == 200
    room.office.now = NOW + 90 * DAY
    assert Client().get(path_of(mail.outbox[0])).status_code == 410


def test_somebody_who_stays_out_of_the_case_touches_no_link(room: Room, referral: Referral) -> None:
    recuse(referral.decision.case, room.office.people["cyd"], reason_code="knows_accused", at=NOW, log=LOG)
    for act in (reply_link.recall_link, reply_link.renew_link):
        more = {"week": WEEK} if act is reply_link.renew_link else {}
        with pytest.raises(Refused, match="recused"):
            act(referral, who=room.office.who("cyd"), at=NOW, log=LOG, **more)
    assert not Event.objects.filter(verb__startswith="link_").exists()


def test_a_reminder_of_what_came_back_is_another_letter(room: Room, referral: Referral) -> None:
    refer.remind(at=NOW + 49 * 3600, log=LOG, week=WEEK)
    token = answers.token_of(referral)
    refer.answer_referral(token, "acted", words="", reference="", at=NOW + 3 * DAY, log=LOG)
    refer.relapse(referral, who=room.office.who("ada"), at=NOW + 4 * DAY, log=LOG)
    assert refer.remind(at=NOW + 4 * DAY, log=LOG, week=WEEK) == 1
    numbers = [letter.extra_headers["Message-ID"] for letter in mail.outbox]
    assert len(set(numbers)) == 3 and {letter.extra_headers.get("References", numbers[0]) for letter in mail.outbox} == {numbers[0]}
