"""The share sheet, a partner's program, and what an officer takes down by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from showground.people.models import Person
from showground.reports.actions import hold
from showground.reports.actions.token import give_token
from showground.reports.models import DeskKey, Partner, Report
from showground.reports.queries import reading
from showground.weeks.models import Role
from tests.reports.visitor import HOME, Desk, code_in, open_desk, report, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Any, tmp_path: Path) -> Desk:
    hold.buckets.full_at.clear()
    return open_desk(settings, tmp_path)


def test_the_page_can_be_installed_and_takes_what_a_phone_shares(desk: Desk) -> None:
    told = json.loads(Client().get(f"{HOME}app.webmanifest").content)
    target = told["share_target"]
    assert target["method"] == "POST" and target["action"] == f"{HOME}share/" and told["start_url"] == HOME
    client = Client(headers={"Origin": "null", "Sec-Fetch-Site": "none"})
    shared = client.post(
        target["action"],
        {
            "title": "Parcel",
            "text": "Pay 40",
            "url": "https://x.example",
            "files": SimpleUploadedFile("a.png", b"pixels", "image/png"),
        },
    )
    text = shared.content.decode()
    (waiting,) = re.findall(r'name="waiting" value="([0-9a-f]+)"', text)
    assert "Parcel\nPay 40\nhttps://x.example" in text and not Report.objects.exists()
    page = Client().post(HOME, {"category": "phishing", "words": "Parcel\nPay 40", "waiting": waiting}).content.decode()
    assert "Added: a.png" in page and "Pay 40" in page
    held = reading.by_code(code_in(send(Client(), words="Pay 40", waiting=waiting, shared="1")))
    assert held.report.channel == "share" and reading.original(held, held.report.evidence.get(), 0) == b"pixels"


def test_pictures_shared_into_a_category_without_pictures_are_dropped_and_told(desk: Desk) -> None:
    shared = Client(headers={"Sec-Fetch-Site": "none"}).post(
        f"{HOME}share/", {"files": SimpleUploadedFile("a.png", b"pixels", "image/png")}
    )
    (waiting,) = re.findall(r'name="waiting" value="([0-9a-f]+)"', shared.content.decode())
    page = Client().post(HOME, {"category": "child", "waiting": waiting}).content.decode()
    assert "No pictures or files here" in page and waiting not in page
    assert list((Path(desk.settings.DESK_STORE) / "stash").iterdir()) == []


def test_what_was_shared_and_never_sent_is_gone_after_an_hour(desk: Desk) -> None:
    client = Client(headers={"Sec-Fetch-Site": "none"})
    client.post(f"{HOME}share/", {"files": SimpleUploadedFile("a.png", b"pixels", "image/png")})
    stash = Path(desk.settings.DESK_STORE) / "stash"
    assert len(list(stash.iterdir())) == 1
    desk.move(desk.now + 3601)
    client.post(f"{HOME}share/", {"text": "x"})
    assert list(stash.iterdir()) == []


def _ask(token: str, told: Any) -> Any:
    return Client().post(
        f"{HOME}api/", json.dumps(told), content_type="application/json", headers={"Authorization": f"Bearer {token}"}
    )


def test_a_partner_s_program_reports_with_its_token_and_gets_the_code(desk: Desk) -> None:
    Partner.objects.create(code="bank", kind="bank", name={"en": "Bank"}, mail="a@bank.example")
    old, token = give_token("bank"), give_token("bank")
    assert _ask(old, {"category": "scam", "words": "x"}).status_code == 401
    answer = _ask(token, {"category": "scam", "words": "A caller asked for codes", "language": "zh-hans"})
    told = json.loads(answer.content)
    assert answer.status_code == 201 and answer["Cache-Control"] == "no-store" and report().channel == "partner"
    assert reading.by_code(told["code"]).report.number == told["number"] and report().language == "zh-hans"
    assert _ask("x" * 40, {"category": "scam", "words": "x"}).status_code == 401
    assert _ask(token, ["no", "report"]).status_code == 422
    assert json.loads(_ask(token, {"category": "rumour", "words": "x"}).content)["error"] == "report.category"
    assert Report.objects.count() == 1
    give_token("bank", end=True)
    assert _ask(token, {"category": "scam", "words": "x"}).status_code == 401
    with pytest.raises(LookupError):
        give_token("nobody")


def _officer(desk: Desk) -> Client:
    person = Person.objects.create(email="at-the-phone@desk.example")
    Role.objects.create(week=desk.sample.week, person=person, duty="officer")
    client = Client()
    client.force_login(person)
    return client


def test_an_officer_takes_a_call_down_and_the_code_is_shown_once(desk: Desk) -> None:
    client, where = _officer(desk), "/en/sample/reports/by-hand/"
    assert client.get(where).status_code == 200
    assert client.post(where, {"channel": "phone", "category": "", "words": "x"}).status_code == 422
    told = {
        "channel": "phone",
        "category": "harassment",
        "standing": "guardian",
        "words": "His classmates write him",
        "language": "zh-hans",
    }
    page = client.post(where, told)
    code = re.search(r'class="bigcode"[^>]*>([\d ]+)<', page.content.decode())
    assert code and reading.body(reading.by_code(code[1]))["standing"] == "guardian"
    assert report().channel == "phone" and not any(name.startswith("kept") for name in client.cookies)
    assert "/en/sample/reports/booths/" in client.get(where).content.decode()


def test_only_officers_take_reports_down(desk: Desk) -> None:
    stranger = Client()
    stranger.force_login(Person.objects.create(email="stranger@desk.example"))
    assert stranger.get("/en/sample/reports/by-hand/").status_code == 403
    assert Client().get("/en/sample/reports/by-hand/").status_code == 302


# ---- from every page ----


@pytest.mark.parametrize(
    "page", ["/en/sample/", "/en/sample/call/", "/en/sample/check/", "/zh-hans/sample/", "/en/sample/channels/"]
)
def test_every_page_of_the_week_leads_to_the_desk_in_the_same_place(desk: Desk, page: str) -> None:
    foot = Client().get(page).content.decode().split('<footer class="foot"')[1]
    language = page.split("/")[1]
    links = re.findall(r'href="([^"]+)"', foot)
    first = next(at for at, link in enumerate(links) if link == f"/{language}/sample/report/")
    assert links[first : first + 4] == [f"/{language}/sample/{name}/" for name in ("report", "channels", "cards", "figures")]
    assert [Client().get(link).status_code for link in links[first : first + 4]] == [200, 200, 200, 200]


def test_while_no_desk_is_open_its_page_says_so(desk: Desk) -> None:
    DeskKey.objects.all().delete()
    page = Client().get(HOME)
    assert page.status_code == 200 and 'class="nine"' not in page.content.decode() and "not open" in page.content.decode()
