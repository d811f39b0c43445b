"""From "What happened?" to the code and back with it, over HTTP, as a browser without scripts."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from showground.people.models import Person
from showground.reports.actions import answer, appeal, keys
from showground.reports.models import (
    Appeal,
    Case,
    Channel,
    Clock,
    Decision,
    Event,
    Evidence,
    Identity,
    IdentityAccess,
    LegalBasis,
    Message,
    Report,
)
from showground.reports.queries import reading
from showground.rules import records
from showground.rules.harms import HARMS
from showground.ui import letterbox
from showground.vault import boxes, codes
from tests.reports.visitor import HOME, Desk, code_in, open_desk, report, send

pytestmark = pytest.mark.django_db
PICTURE = b"\x89PNG these bytes are evidence"


@pytest.fixture
def desk(settings: Any, tmp_path: Path) -> Desk:
    return open_desk(settings, tmp_path)


@pytest.fixture
def client() -> Client:
    return Client()


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("screen.png", PICTURE, "image/png")


def look(client: Client, code: str) -> Any:
    return client.post(f"{HOME}look/", {"code": code})


# ---- before the code ----


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nine_buttons_and_the_emergency_number_and_no_cookie(desk: Desk, client: Client, language: str) -> None:
    page = client.get(f"/{language}/sample/report/")
    text = page.content.decode()
    assert re.findall(r'name="category" value="(\w+)"', text) == [harm.code for harm in HARMS]
    assert text.index('href="tel:110"') < text.index('name="category"')
    assert not page.cookies and "csrf" not in text
    assert page["Cache-Control"] == "no-store" and page["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("harm", HARMS, ids=[harm.code for harm in HARMS])
def test_at_most_three_required_inputs_and_files_only_where_they_are_taken(desk: Desk, client: Client, harm: Any) -> None:
    page = client.post(HOME, {"category": harm.code})
    text = page.content.decode()
    names = {re.search(r'name="(\w+)"', tag)[1] for tag in re.findall(r"<(?:input|textarea)[^>]*\brequired[^>]*>", text)}  # type: ignore[index]
    assert len(names) + 1 <= 3, "the button and what the page asks"
    assert ('type="file"' in text) == harm.uploads and ('name="standing"' in text) == harm.target_only
    assert ("Call your bank now" in text) == (harm.advice == "bank")
    assert not page.cookies and not Report.objects.exists()


def test_the_number_to_call_stands_before_the_field_where_there_is_danger_or_money_gone(desk: Desk, client: Client) -> None:
    Channel.objects.create(
        code="h", kind="hotline", name={"en": "Helpline"}, about={}, reach={"phone": "12355"}, categories=["child", "scam"]
    )
    child, scam, copied = (client.post(HOME, {"category": category}).content.decode() for category in ("child", "scam", "rights"))
    assert (
        child.index("12355") < child.index("<textarea") and scam.index("12355") < scam.index("<textarea") and "12355" not in copied
    )
    assert scam.index("Pay nobody who promises") < scam.index("<textarea"), "the steps open on this page: what was typed stays"
    assert "12355" in client.get(f"{HOME}advice/").content.decode()


def test_a_page_outside_the_list_of_nine_does_not_exist(desk: Desk, client: Client) -> None:
    page = client.post(HOME, {"category": "rumour"})
    assert page.status_code == 422 and not Report.objects.exists()


def test_without_an_officer_the_page_says_whom_to_turn_to(db: None, client: Client) -> None:
    from tests.house.sample_week import a_week

    a_week()
    page = client.get(HOME).content.decode()
    assert "The desk is not open yet." in page and 'name="category"' not in page


# ---- the code ----


def test_a_report_is_sent_and_its_code_opens_it(desk: Desk, client: Client) -> None:
    page = send(client, words="They wanted 40 for a parcel", files=picture())
    code = code_in(page)
    assert page.status_code == 200 and page["Cache-Control"] == "no-store"
    held = reading.by_code(code)
    assert reading.body(held)["words"] == "They wanted 40 for a parcel"
    assert reading.original(held, held.report.evidence.get(), 0) == PICTURE
    assert code not in "".join(str(row) for row in Event.objects.values_list())
    assert f'<p class="vh" translate="no">{" ".join(code[:4])}, ' in page.content.decode(), "read out digit by digit"
    assert f"?{code}" not in page.content.decode() and codes.read_code(code) not in re.findall(
        r'href="([^"]*)"', page.content.decode()
    )


def test_the_code_page_leads_nowhere_before_it_is_written_down(desk: Desk, client: Client) -> None:
    text = send(client).content.decode()
    away = set(re.findall(r'<a [^>]*href="([^"#][^"]*)"', text))
    assert away == {"tel:110", f"{HOME}leave/"}
    assert re.search(r'<input type="checkbox" name="kept" required', text)
    assert code_in(client.get(f"{HOME}code/")) in " ".join(re.findall(r"<span>(\d{2,4})</span>", text))
    assert client.post(f"{HOME}code/", {"kept": "on"})["Location"] == f"{HOME}look/"
    assert client.get(f"{HOME}code/").status_code == 302, "the browser no longer holds it"


def test_a_page_loaded_again_files_once(desk: Desk, client: Client) -> None:
    first, second = (send(client, once="a-page-s-own-word") for _ in range(2))
    assert code_in(first) == code_in(second) and Report.objects.count() == 1
    assert code_in(send(client, once="another")) != code_in(first) and Report.objects.count() == 2


def test_a_second_report_in_another_tab_shows_nobody_its_code_in_the_place_of_the_first(desk: Desk, client: Client) -> None:
    first, second = send(client, once="one"), send(client, once="two", category="scam", words="Another thing")
    marks = [re.search(r'name="of" value="(\w{8})"', page.content.decode())[1] for page in (first, second)]  # type: ignore[index]
    assert code_in(client.get(f"{HOME}code/", {"of": marks[1]})) == code_in(second)
    for told in (client.get(f"{HOME}code/", {"of": marks[0]}), client.post(f"{HOME}code/", {"kept": "on", "of": marks[0]})):
        assert told.status_code == 302 and told["Location"] == f"{HOME}look/?ask"
    asks = client.get(f"{HOME}look/?ask").content.decode()
    assert "Type your code." in asks and "Another thing" not in asks
    assert "A message said my parcel waits." in client.post(f"{HOME}look/", {"code": code_in(first)}).content.decode()


def test_the_code_as_a_small_file(desk: Desk, client: Client) -> None:
    code = code_in(send(client))
    file = client.post(f"{HOME}code/note.txt", {"code": codes.read_code(code)})
    assert file.content.decode().strip() == code and 'filename="note.txt"' in file["Content-Disposition"]


def test_the_cookie_goes_to_the_desk_s_pages_only_and_opens_nothing_after_twenty_minutes(desk: Desk, client: Client) -> None:
    page = send(client)
    for name, path in (("kept-en", HOME), ("kept-zh-hans", "/zh-hans/sample/report/")):
        cookie = page.cookies[name]
        assert cookie["path"] == path and cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["max-age"] == 1200
    assert client.get(f"{HOME}look/").status_code == 200 and "What you told us" in client.get(f"{HOME}look/").content.decode()
    desk.move(desk.now + 1201)
    assert "Type your code." in client.get(f"{HOME}look/").content.decode()


def test_leaving_forgets_the_visit_and_asks_the_browser_to_forget_the_pages(desk: Desk, client: Client) -> None:
    send(client)
    gone = client.get(f"{HOME}leave/")
    assert gone.status_code == 303 and gone["Location"].startswith("https://") and gone["Clear-Site-Data"] == '"cache"'
    assert "Type your code." in client.get(f"{HOME}look/").content.decode()


@pytest.mark.parametrize(
    ("told", "status", "says"),
    [
        ({"words": "  "}, 422, "Write a word or add a picture"),
        ({"category": "harassment"}, 422, "Say whom it is about"),
        ({"category": "intimate", "standing": "target", "files": b"x"}, 422, "No pictures or files here"),
    ],
)
def test_what_is_not_taken_is_told_and_nothing_typed_is_lost(
    desk: Desk, client: Client, told: dict[str, Any], status: int, says: str
) -> None:
    if "files" in told:
        told = {**told, "files": picture()}
    page = send(client, **{"words": "my own words", **told})
    assert page.status_code == status and says in page.content.decode() and not Report.objects.exists()
    if "words" not in told:
        assert "my own words" in page.content.decode()


def test_files_of_a_refused_page_wait_sealed_and_need_not_be_chosen_again(desk: Desk, client: Client) -> None:
    page = send(client, category="harassment", files=picture())
    (waiting,) = re.findall(r'name="waiting" value="([0-9a-f]+)"', page.content.decode())
    assert PICTURE not in b"".join(p.read_bytes() for p in Path(site.DESK_STORE).rglob("*") if p.is_file())
    code = code_in(send(client, category="harassment", standing="target", waiting=waiting))
    held = reading.by_code(code)
    assert reading.original(held, held.report.evidence.get(), 0) == PICTURE
    assert not list((Path(site.DESK_STORE) / "stash").iterdir())
    assert send(client, waiting=waiting).status_code == 422, "used up"


def test_another_language_shows_the_field_again_and_sends_nothing(desk: Desk, client: Client) -> None:
    refused = send(client, category="harassment", words="my own words").content.decode()
    (action,) = re.findall(r'formaction="([^"]+)"', refused)
    page = client.post(action, {"category": "harassment", "words": "my own words", "standing": "target"})
    assert action == "/zh-hans/sample/report/" and page.status_code == 200 and not Report.objects.exists()
    assert "my own words" in page.content.decode() and 'value="target" required checked' in page.content.decode()


# ---- nothing on the disk, nothing about the device ----


def test_an_upload_touches_no_disk_before_it_is_sealed(desk: Desk, client: Client) -> None:
    written: list[str] = []
    watching = [True]

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if watching[0] and event == "open" and isinstance(args[0], str) and isinstance(args[1], str) and set(args[1]) & set("wax+"):
            written.append(args[0])
        if watching[0] and event.startswith("tempfile."):
            written.append(event)

    sys.addaudithook(hook)
    with tempfile.TemporaryDirectory() as here:
        Path(here, "seen").write_text("the hook sees writes")
    assert any("seen" in one for one in written) and any(one.startswith("tempfile") for one in written)
    written.clear()
    try:
        send(client, files=SimpleUploadedFile("big.bin", bytes(3_000_000), "application/octet-stream"))
    finally:
        watching[0] = False
    assert Evidence.objects.get().size == 3_000_000
    stray = [one for one in written if not one.startswith(str(site.DESK_STORE)) and "sqlite" not in one]
    assert stray == [] and written, written


def test_too_large_a_file_and_too_heavy_a_form_are_told(desk: Desk, client: Client) -> None:
    big = SimpleUploadedFile("film.mp4", bytes(10 * 2**20 + 1), "video/mp4")
    page = send(client, files=big)
    assert page.status_code == 413 and "film.mp4" in page.content.decode()
    heavy = client.generic(
        "POST", f"{HOME}send/", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(40 * 2**20)
    )
    assert heavy.status_code == 413 and not Report.objects.exists()


def test_nothing_of_the_device_is_kept(desk: Desk) -> None:
    client = Client(REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="A phone of a certain maker", HTTP_ACCEPT_LANGUAGE="en")
    look(client, code_in(send(client)))
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        dump = ""
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            dump += "".join(
                str(bytes(v), "latin-1") if isinstance(v, bytes | memoryview) else str(v) for row in cursor for v in row
            )
    assert "203.0.113" not in dump and "certain maker" not in dump and "phishing" in dump
    assert "sessionid" not in client.cookies and not any("sid" in name for name in client.cookies)


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://localhost:8300"}, True),
        ({"Origin": "https://elsewhere.example"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
    ],
)
def test_a_form_of_another_site_files_nothing(desk: Desk, headers: dict[str, str], taken: bool) -> None:
    send(Client(headers=headers))
    assert Report.objects.exists() == taken


# ---- with the code ----


def test_a_message_a_contact_and_a_letter_that_says_nothing(desk: Desk, client: Client) -> None:
    code = code_in(send(client, words="the parcel-fee page"))
    client.post(f"{HOME}look/say/", {"words": "It came again."})
    client.post(f"{HOME}look/contact/", {"address": "me@home.example"})
    held = reading.by_officer(report(), desk.shift())
    answer.write(held, "Which number was it?", way="to_reporter", at=desk.now, log=desk.origin)
    assert answer.ping(held, at=desk.now, log=desk.origin) and not answer.ping(held, at=desk.now + 60, log=desk.origin)
    letter = letterbox.read(site.LETTERS, to="me@home.example")[0]
    assert "There is news" in letter.subject and "parcel" not in letter.text and "report" not in letter.text.lower()
    page = look(Client(), code).content.decode()
    assert "It came again." in page and "Which number was it?" in page
    assert Message.objects.get(way="to_reporter").seen_at == desk.now
    client.post(f"{HOME}look/contact/", {"drop": "1"})
    assert report().contact_sealed == b"" and not answer.ping(reading.by_code(code), at=desk.now + 9999, log=desk.origin)


def test_an_answer_sets_a_waiting_case_going_again(desk: Desk, client: Client) -> None:
    send(client)
    case = _case(desk, state=Case.State.AWAITING_REPORTER)
    Clock.objects.create(thing="case", thing_id=case.pk, kind="decision", started_at=0, due_at=1000 + desk.now, paused_at=desk.now)
    desk.move(desk.now + 600)
    assert "until you answer" in client.get(f"{HOME}look/").content.decode()
    client.post(f"{HOME}look/say/", {"words": "yes"})
    case.refresh_from_db()
    clock = Clock.objects.get(thing="case")
    assert case.state == Case.State.ASSESSING and (clock.paused_at, clock.paused_for, clock.due_at) == (None, 600, desk.now + 1000)


def _case(desk: Desk, **more: Any) -> Case:
    case = Case.objects.create(number="C1", category="phishing", opened_at=desk.now, **more)
    Report.objects.update(case=case, state="clustered")
    return case


def _decide(desk: Desk, case: Case, outcome: str = "refer") -> Decision:
    Case.objects.filter(pk=case.pk).update(state="decided")
    second = Person.objects.create(email="second@desk.example")
    law = LegalBasis.objects.create(jurisdiction="CN", kind="statute", citation={"en": "Art. 1"}, valid_from=0)
    return Decision.objects.create(
        case=case, outcome=outcome, wrapped=b"", facts_sealed=b"", decided_by=desk.officer.person, decided_at=desk.now,
        legal_basis=law, second_by=second, second_at=desk.now,
    )  # fmt: skip


def test_the_decision_its_reasons_and_what_others_did_stand_on_the_page(desk: Desk, client: Client) -> None:
    from showground.reports.models import Partner, Reasons, Referral

    send(client)
    decision = _decide(desk, _case(desk))
    Reasons.objects.create(decision=decision, audience="public", language="en", words="The page copied the post office.")
    Reasons.objects.create(decision=decision, audience="affected", language="en", words="Not for the reporter.")
    partner = Partner.objects.create(code="registrar", kind="registrar", name={"en": "A registrar"}, mail="a@r.example")
    Referral.objects.create(
        decision=decision, partner=partner, state="acted", drafted_by=desk.officer.person, wrapped=b"", notice_sealed=b"",
        notice_sha256="0" * 64, sent_at=desk.now, answered_at=desk.now,
    )  # fmt: skip
    page = client.get(f"{HOME}look/").content.decode().replace("\xa0", " ")
    assert (
        re.search(r"<h1>We passed it on", page)
        and page.count("We passed it on") == 1
        and "The page copied the post office." in page
    )
    assert "The seller of the web address acted on it." in page and "Not for the reporter." not in page


@pytest.mark.parametrize(
    ("place", "told", "says"),
    [
        ("say", {"words": " "}, "Nothing is written yet."),
        ("contact", {"address": "nobody@x"}, "This is no e-mail address"),
        ("appeal", {"grounds": ""}, "Nothing is written yet."),
        ("name", {"name": ""}, "Nothing is written yet."),
    ],
)
def test_a_form_that_was_not_filled_in_is_told_in_its_place_and_open(
    desk: Desk, client: Client, place: str, told: dict[str, str], says: str
) -> None:
    send(client)
    _decide(desk, _case(desk), "unfounded")
    first = client.get(f"{HOME}look/").content.decode()
    (at,) = re.findall(rf'action="{HOME}look/{place}/#(\w+)"', first)
    page = client.post(f"{HOME}look/{place}/", told)
    part = re.split(r"</section>", page.content.decode().split(f'id="{at}"', 1)[1])[0]
    assert page.status_code == 422 and says in part, "where the browser's address leads"
    assert ('<details class="why" open>' in part) == (place in {"appeal", "name"})


@pytest.mark.parametrize(("language", "says"), [("en", "It copied the post office."), ("zh-hans", "它仿冒了邮局。")])
def test_the_reasons_stand_once_and_in_the_language_that_is_read(desk: Desk, client: Client, language: str, says: str) -> None:
    from showground.reports.models import Reasons

    held = reading.by_code(code_in(send(client)))
    decision = _decide(desk, _case(desk), "unfounded")
    for code, words in (("en", "It copied the post office."), ("zh", "它仿冒了邮局。")):
        Reasons.objects.create(decision=decision, audience="reporter", language=code, words=words)
    facts = {"at": desk.now, "log": desk.origin}
    answer.write(held, "It copied the post office.", way="to_reporter", **facts)
    answer.write(held, "Ask me if it is unclear.", way="to_reporter", **facts)
    home = HOME.replace("/en/", f"/{language}/")
    page = client.get(f"{home}look/").content.decode()
    assert page.count(says) == 1 and page.count("post office") + page.count("邮局") == 1
    assert "Ask me if it is unclear." in page, "other messages of that moment stand in the thread"


def test_an_appeal_within_six_months_once_and_not_before_a_decision(desk: Desk, client: Client) -> None:
    code = code_in(send(client))
    assert client.post(f"{HOME}look/appeal/", {"grounds": "no"}).status_code == 422
    decision = _decide(desk, _case(desk), "lawful_no_action")
    assert client.post(f"{HOME}look/appeal/", {"grounds": "It is my own picture."}).status_code == 302
    lodged = Appeal.objects.get()
    desk_key = desk.shift().desk
    assert desk_key is not None and lodged.by == "reporter" and lodged.decision == decision
    lock = boxes.unwrap(bytes(lodged.wrapped), desk_key)
    assert boxes.unseal(lock, bytes(lodged.grounds_sealed), "appeal.grounds") == b"It is my own picture."
    assert Clock.objects.get(thing="appeal").due_at == desk.now + appeal.ANSWER_WITHIN
    assert "You have appealed already" in client.post(f"{HOME}look/appeal/", {"grounds": "again"}).content.decode()
    Appeal.objects.all().delete()
    desk.move(desk.now + appeal.WINDOW + 1)
    look(client, code)
    assert "Six months have passed" in client.post(f"{HOME}look/appeal/", {"grounds": "late"}).content.decode()


def test_withdrawn_reports_rest_and_erased_ones_keep_their_thread(desk: Desk, client: Client) -> None:
    code = code_in(send(client, words="words to be erased", files=picture()))
    client.post(f"{HOME}look/say/", {"words": "please forget the picture"})
    assert client.post(f"{HOME}look/erase/", {}).status_code == 422, "not without the box"
    stored = [p for p in Path(site.DESK_STORE).rglob("*") if p.is_file()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda done, **_: done())
        client.post(f"{HOME}look/erase/", {"sure": "on"})
    assert stored and not [p for p in Path(site.DESK_STORE).rglob("*") if p.is_file()]
    held = reading.by_code(code)
    assert reading.body(held) == {} and not Evidence.objects.exists() and held.report.erased_at == desk.now
    page = client.get(f"{HOME}look/").content.decode()
    assert "please forget the picture" in page and "words to be erased" not in page
    client.post(f"{HOME}look/withdraw/", {"sure": "on"})
    assert report().state == "withdrawn" and not Clock.objects.filter(thing="report", met_at=None).exists()
    assert client.post(f"{HOME}look/withdraw/", {"sure": "on"}).status_code == 422


def test_a_legal_hold_keeps_a_report_and_says_so(desk: Desk, client: Client) -> None:
    send(client, words="kept words")
    _case(desk, legal_hold="court order 7")
    page = client.post(f"{HOME}look/erase/", {"sure": "on"})
    assert page.status_code == 422 and "may not be erased yet" in page.content.decode() and report().body_sealed


def test_every_opening_of_the_identity_is_shown_and_marked_as_shown(desk: Desk, client: Client) -> None:
    send(client)
    identity = Identity.objects.create(report=report(), purpose="complainant", sealed=b"")
    asked = IdentityAccess.objects.create(
        identity=identity, asked_by=desk.officer.person, reason_sealed=b"", reason_code="court", asked_at=desk.now
    )
    page = client.get(f"{HOME}look/").content.decode()
    asked.refresh_from_db()
    assert "Who asked for your name" in page and asked.shown_at == desk.now


def test_a_name_lies_apart_for_two_persons_and_is_left_once(desk: Desk, client: Client) -> None:
    send(client)
    refused = client.post(f"{HOME}look/name/", {"name": "Lin Example"})
    assert refused.status_code == 422 and "not appointed" in refused.content.decode() and not Identity.objects.exists()
    for duty in ("custodian", "approver"):
        keys.make_key(Person.objects.create(email=f"{duty}@desk.example"), duty, "a long passphrase", at=desk.now)
    assert client.post(f"{HOME}look/name/", {"name": "Lin Example", "reach": ""}).status_code == 302
    kept = Identity.objects.get()
    assert b"Lin" not in bytes(kept.sealed) and kept.halves.count() == 2
    page = client.get(f"{HOME}look/").content.decode()
    assert "Two persons must agree" in page and "Lin Example" not in page
    assert client.post(f"{HOME}look/name/", {"name": "Other"}).status_code == 422


def test_my_own_copy_is_the_bytes_that_the_proof_names(desk: Desk, client: Client) -> None:
    send(client, words="mine")
    copy = client.post(f"{HOME}look/copy/")
    assert records.sha256_hex(copy.content) == report().report_sha256 and "attachment" in copy["Content-Disposition"]
    assert client.post(f"{HOME}look/proof/").status_code == 422, "its batch is not witnessed yet"


def test_deeds_without_a_visit_ask_for_the_code(desk: Desk, client: Client) -> None:
    send(Client())
    for deed in ("say", "contact", "withdraw", "erase", "appeal", "proof", "copy"):
        page = client.post(f"{HOME}look/{deed}/", {"words": "x", "sure": "on", "grounds": "x"})
        assert page.status_code == 422 and "Type your code" in page.content.decode()
    assert report().state == "received" and not Message.objects.exists()


def test_a_visit_made_up_or_of_another_site_opens_nothing(desk: Desk, client: Client) -> None:
    send(Client())
    client.cookies["kept-en"] = "A" * 200
    assert "Type your code." in client.get(f"{HOME}look/").content.decode()


@pytest.mark.parametrize("typed", ["", "12x4", "1234", "1234 5678 9012 3456 00"])
def test_a_mistyped_code_is_told_before_any_work(desk: Desk, client: Client, typed: str) -> None:
    page = look(client, typed)
    assert page.status_code == 422 and "Not opened." in page.content.decode()
