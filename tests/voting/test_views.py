from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from showground.entries.actions import withhold_entry
from showground.entries.models import Entry
from showground.ledger import queries as ledger
from showground.ledger.actions.append import hand_over
from showground.ledger.models import Log
from showground.rules import records
from showground.rules.refused import Refused
from showground.tlog import proof
from showground.ui.refusals import SENTENCES
from showground.voting import queries
from tests.harness.week import DAY
from tests.harness.words import english_left, text
from tests.showcase.conftest import Hang
from tests.showcase.conftest import hang as hang
from tests.voting.conftest import VOTE, Booth, form

PATHS = {"en": "/en/2026/vote/", "zh-hans": "/zh-hans/2026/vote/"}


def test_before_and_after_the_vote_the_booth_says_when(booth: Booth) -> None:
    booth.move(booth.row.vote_opens - DAY)
    early = Client().get(VOTE)
    assert early.status_code == 200 and "The vote opens on Sunday 6 September, 09:00." in text(early.content)
    booth.move(booth.row.vote_closes + 60)
    late = Client().get(VOTE)
    assert late.status_code == 200 and "The vote is closed." in text(late.content)
    assert b"<form" not in late.content and b"<form" not in early.content


def test_booth_asks_for_an_address_and_keeps_the_work_to_add(booth: Booth) -> None:
    code = booth.codes()[0]
    page = Client().get(f"{VOTE}?add={code}&o=5")
    assert f'action="/en/2026/vote/address/?add={code}&amp;o=5"' in page.content.decode()
    assert f"Then “Work {code}” is already marked on it." in text(page.content)
    sent = Client().post(f"{VOTE}address/?add={code}&o=5", {"email": "ada@example.org"})
    assert sent.status_code == 302 and sent.headers["Location"] == f"{VOTE}?add={code}&o=5"


def test_an_address_that_is_none_is_refused_beside_the_field(booth: Booth) -> None:
    page = Client().post(f"{VOTE}address/", {"email": "ada at example"})
    assert page.status_code == 422 and b'class="err"' in page.content


def test_a_wrong_code_is_counted_down_and_the_letter_box_is_near(booth: Booth) -> None:
    visitor = Client()
    visitor.post(f"{VOTE}address/", {"email": "ada@example.org"})
    assert b"/en/2026/letters/" in visitor.get(VOTE).content
    page = visitor.post(f"{VOTE}code/", {"code": "000 000"})
    assert page.status_code == 422 and "Tries left: 4" in text(page.content)
    visitor.post(f"{VOTE}another/")
    assert "Your e-mail address" in text(visitor.get(VOTE).content)


def test_paper_lists_every_work_once_with_a_box(booth: Booth) -> None:
    page = booth.voter("ada@example.org").get(VOTE)
    boxes = re.findall(r'<input type="checkbox" name="choice" value="(\w+)"', page.content.decode())
    assert sorted(boxes) == booth.codes() and page.status_code == 200
    assert "no-store" in page["Cache-Control"]


def test_work_to_add_is_marked_and_the_fourth_is_not(booth: Booth) -> None:
    voter, codes = booth.voter("ada@example.org"), booth.codes()
    assert form(voter.get(f"{VOTE}?add={codes[3]}"))["choice"] == [codes[3]]
    voter.post(f"{VOTE}cast/", {**form(voter.get(VOTE)), "choice": codes[:3]})
    page = voter.get(f"{VOTE}?add={codes[3]}")
    assert sorted(form(page)["choice"]) == codes[:3]
    assert "Three used. Take one off to add this one." in text(page.content)
    assert "3 of 3 used" in text(page.content) and "Cast and counted in the log" in text(page.content)


def test_plain_form_casts_and_leads_to_the_receipt(booth: Booth) -> None:
    voter, codes = booth.voter("ada@example.org"), booth.codes()
    done = voter.post(f"{VOTE}cast/", {**form(voter.get(VOTE)), "choice": codes[:2]})
    assert done.status_code == 302
    page = voter.get(done.headers["Location"])
    said = text(page.content)
    assert page.status_code == 200 and "Your ballot is in the log." in said and "Two works." in said
    assert "It is accepted and will stand as record" in said and "Not witnessed yet" in said
    assert b'hx-trigger="every 4s"' in page.content
    part = voter.get(done.headers["Location"], headers={"HX-Request": "true"})
    assert part.content.lstrip().startswith(b'<div id="standing"') and b"<html" not in part.content


def test_a_second_press_of_the_same_form_is_the_same_ballot(booth: Booth) -> None:
    voter = booth.voter("ada@example.org")
    fields = {**form(voter.get(VOTE)), "choice": booth.codes()[:1]}
    one, two = voter.post(f"{VOTE}cast/", fields), voter.post(f"{VOTE}cast/", fields)
    assert one.headers["Location"] == two.headers["Location"]


def test_a_ballot_cast_elsewhere_meanwhile_is_shown_not_wiped(booth: Booth) -> None:
    codes = booth.codes()
    phone, laptop = (booth.voter("ada@example.org") for _ in range(2))
    on_laptop = form(laptop.get(VOTE))
    phone.post(f"{VOTE}cast/", {**form(phone.get(VOTE)), "choice": [codes[0]]})
    page = laptop.post(f"{VOTE}cast/", {**on_laptop, "choice": [codes[1]]})
    said = text(page.content)
    assert page.status_code == 409 and f"Counted now, from the other device: Work {codes[0]}." in said
    again = form(page)
    assert again["choice"] == [codes[1]] and again["replaces"]
    assert laptop.post(f"{VOTE}cast/", again).status_code == 302
    assert form(phone.get(VOTE))["choice"] == [codes[1]]


def test_a_work_withheld_while_the_vote_is_open_stays_on_the_paper_and_the_door_takes_it(booth: Booth) -> None:
    """RULE entries 5: the record goes through the real door, and a ballot that names the work is as good as before."""
    voter, (held, other) = booth.voter("ada@example.org"), booth.codes("picture")[:2]
    voter.post(f"{VOTE}cast/", {**form(voter.get(VOTE)), "choice": [held]})
    entry = Entry.objects.get(code=held)
    withhold_entry(entry, reason_code="rights", by=entry.person, at=booth.running.now)
    assert hand_over(Log.objects.get(), booth.running.door) == 1
    page = voter.get(VOTE)
    assert form(page)["choice"] == [held] and "Withheld work" in text(page.content)
    assert entry.title_en not in page.content.decode() and 'src=""' not in page.content.decode()
    assert voter.post(f"{VOTE}cast/", {**form(page), "choice": [held, other]}).status_code == 302
    assert sorted(form(voter.get(VOTE))["choice"]) == sorted([held, other])
    again = records.canonical(records.build("entry.withheld", booth.week.origin, entry=held, reason_code="rights")).decode()
    with pytest.raises(Refused, match=r"entry\.withheld_twice"):
        booth.running.door.post("/minutes", {"log": booth.week.origin, "minutes": [{"id": "again", "entry": again}]})


def test_an_empty_ballot_takes_back_what_was_cast(booth: Booth) -> None:
    voter = booth.voter("ada@example.org")
    voter.post(f"{VOTE}cast/", {**form(voter.get(VOTE)), "choice": booth.codes()[:1]})
    fields = form(voter.get(VOTE))
    fields["choice"] = []
    done = voter.post(f"{VOTE}cast/", fields)
    assert "It is empty" in text(voter.get(done.headers["Location"]).content)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f, codes: {**f, "choice": codes[:4]}, "A ballot names at most 3 works; you chose 4."),
        (lambda f, codes: {**f, "choice": ["zzzzzz"]}, "A work on your ballot is not on the list (zzzzzz)."),
        (lambda f, codes: {**f, "choice": codes[:1], "salt": "short"}, "The ballot came in a form that cannot be read."),
    ],
)
def test_a_ballot_against_the_rule_is_refused_in_words(booth: Booth, change: Any, words: str) -> None:
    voter, codes = booth.voter("ada@example.org"), booth.codes()
    page = voter.post(f"{VOTE}cast/", change(form(voter.get(VOTE)), codes))
    assert page.status_code == 422 and words in text(page.content)


def test_yesterdays_paper_is_changed_for_todays_without_a_new_code(booth: Booth) -> None:
    voter = booth.voter("ada@example.org")
    booth.move(booth.row.vote_opens + DAY)
    assert booth.running.site is not None
    page = voter.get(VOTE)
    assert page.status_code == 200 and b'id="ballot"' in page.content
    assert queries.cookie_name(booth.row) in page.cookies


def test_without_the_door_the_paper_stays_and_says_so(booth: Booth, settings: Any) -> None:
    voter, code = booth.voter("ada@example.org"), booth.codes()[0]
    settings.DOOR_PRIVATE = booth.letters / "nobody.sock"
    ledger.door.cache_clear()
    page = voter.get(f"{VOTE}?add={code}")
    assert page.status_code == 503 and form(page)["choice"] == [code]
    assert "The ballot box does not answer just now." in text(page.content)


def test_booth_never_frames_runs_or_styles_inline(booth: Booth) -> None:
    page = booth.voter("ada@example.org").get(VOTE)
    policy = page["Content-Security-Policy"]
    assert "unsafe" not in policy and "frame-src 'none'" in policy
    assert b' style="' not in page.content and not re.search(rb"<script(?![^>]*src)", page.content)
    assert b'<script type="module" src=' in page.content


def test_turnout_at_the_entrance_counts_voters_not_casts(booth: Booth) -> None:
    for name in ("ada", "bo"):
        voter = booth.voter(f"{name}@example.org")
        for choice in booth.codes()[:2]:
            fields = form(voter.get(VOTE))
            voter.post(f"{VOTE}cast/", {**fields, "choice": [choice]})
    said = text(Client().get("/en/2026/").content)
    assert "2 ballots on the first day" in said and "the log holds 4." in said and "Nobody can see who is ahead." in said


def test_chinese_booth_speaks_chinese(booth: Booth) -> None:
    names = ("Maker", *booth.codes(), "ada@example.org", "ada")
    visitor = Client()
    pages = [visitor.get(PATHS["zh-hans"])]
    visitor.post(f"{PATHS['zh-hans']}address/", {"email": "ada@example.org"})
    pages.append(visitor.get(PATHS["zh-hans"]))
    voter = booth.voter("bo@example.org", "zh-hans")
    pages.append(voter.get(PATHS["zh-hans"]))
    done = voter.post(f"{PATHS['zh-hans']}cast/", {**form(pages[-1]), "choice": booth.codes()[:2]})
    pages += [voter.get(done.headers["Location"]), visitor.get("/zh-hans/2026/letters/"), visitor.get("/zh-hans/2026/sign-in/")]
    assert [english_left(page.content, (*names, "bo@example.org")) for page in pages] == [[] for _ in pages]
    assert "今天有 3 票" in text(pages[2].content) and "您的选票已记入账本" in text(pages[3].content)


# ---- receipts of a finished week ----


def test_receipt_of_a_stranger_shows_no_choice(hang: Hang, settings: Any) -> None:
    week, row = hang()
    settings.CLOCK = lambda: row.results_at + 60
    index = min(week.openings)
    said = text(Client().get(f"/en/2026/receipt/{index}/").content)
    assert "This ballot is in the log." in said and "Work " not in said
    assert "Witnessed" in said and "signed the first" in said


def test_receipt_says_what_became_of_each_ballot(hang: Hang, settings: Any) -> None:
    week, row = hang()
    settings.CLOCK = lambda: row.results_at + 60
    replaced = next(i for i, reason in week.count.dropped.items() if reason == "replaced")
    said = text(Client().get(f"/en/2026/receipt/{replaced}/").content)
    later = queries.replaced_by(row, replaced)
    assert later is not None and later > replaced
    assert "Replaced" in said and f"record {later} took its place" in said
    counted = text(Client().get(f"/en/2026/receipt/{week.count.counted[0].index}/").content)
    assert "It was opened and counted by the rule" in counted


def test_receipt_file_of_a_stranger_holds_the_record_alone(hang: Hang, settings: Any) -> None:
    week, row = hang()
    settings.CLOCK = lambda: row.results_at + 60
    index = min(week.openings)
    sent = Client().get(f"/en/2026/receipt/{index}/file")
    assert sent["Content-Disposition"] == f'attachment; filename="ballot-{index}.tlog-proof"'
    found = proof.parse(sent.content.decode())
    assert found.index == index and records.parse(found.extra) == {"leaf": records.parse(week.entries[index])}


@pytest.mark.parametrize(("index", "words"), [(0, "is no ballot"), (999999, "There is no record")])
def test_receipt_of_something_else_says_so(hang: Hang, settings: Any, index: int, words: str) -> None:
    _, row = hang()
    settings.CLOCK = lambda: row.results_at + 60
    page = Client().get(f"/en/2026/receipt/{index}/")
    assert words in text(page.content) and page.status_code == (404 if index else 200)
    assert Client().get(f"/en/2026/receipt/{index}/file").status_code == 404


def test_every_refusal_is_a_sentence_in_chinese() -> None:
    from django.utils.translation import gettext, override

    with override("zh-hans"):
        assert [code for code, sentence in SENTENCES.items() if gettext(sentence) == sentence] == []


def test_receipt_shows_the_choice_to_its_voter_only(booth: Booth) -> None:
    voter, codes = booth.voter("ada@example.org"), booth.codes()
    address = voter.post(f"{VOTE}cast/", {**form(voter.get(VOTE)), "choice": [codes[0]]}).headers["Location"]
    assert f"Work {codes[0]}" in text(voter.get(address).content)
    stranger = booth.voter("bo@example.org").get(address)
    assert stranger.status_code == 404 and "There is no record" in text(stranger.content)
    booth.move(booth.row.vote_closes + 60)
    assert f"Work {codes[0]}" in text(voter.get(address).content)
