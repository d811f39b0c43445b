"""The desk as host: a work of this site is reported, withheld by two persons, its maker appeals, a third one turns it, it hangs again."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from showground.entries.models import Entry
from showground.entries.queries import withheld_codes
from showground.exhibition.actions import halls, notes
from showground.exhibition.models import Note
from showground.ledger.actions.append import open_log
from showground.ledger.models import Log, Minute
from showground.reports.actions import decide, hear
from showground.reports.actions.affected import tell_affected
from showground.reports.actions.appeal import appeal_affected, lodge
from showground.reports.actions.triage import reopen
from showground.reports.models import Appeal, Case, Decision, Event, LegalBasis, Report
from showground.reports.queries import answers, counting, here, statements
from showground.reports.queries.reading import by_officer
from showground.rules.refused import Refused
from tests.reports.office import LOG, NOW, an_office, written
from tests.reports.test_officer import HOME, Room, text

pytestmark = pytest.mark.django_db
WORK, PAGE = "abcdef", "/en/sample/works/abcdef/"
SAID = {"en": "It is the maker's own.", "zh": "确系作者原创。"}


def refused(do: Callable[[], object]) -> str:
    with transaction.atomic(), pytest.raises(Refused) as no:
        do()
    return no.value.code


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Room:
    office = an_office(tmp_path / "desk", settings)
    settings.CLOCK, settings.H5_STORE = lambda: office.now, tmp_path / "h5"
    made = Room(office)
    open_log(made.week.origin, vkey="log.example+00000000+AAAA", policy="")
    return made


def basis() -> int:
    return LegalBasis.objects.get().pk


def act(room: Room, case: Case, at: int = NOW, **more: Any) -> Decision:
    """ada proposes to withhold what the case is about, ben agrees."""
    told = written("act_here", **{"legal_basis": basis(), "here": WORK, **more})
    decide.propose(case, told, who=room.office.who("ada"), at=at, log=LOG)
    case.refresh_from_db()
    return decide.confirm(case, who=room.office.who("ben"), at=at, log=LOG)


def turn(room: Room, appeal: Appeal, instead: str = "unfounded", at: int = NOW + 90) -> None:
    hear.take(appeal, who=room.office.who("cyd"), at=at, log=LOG)
    hear.decide_appeal(appeal, "reversed", SAID, who=room.office.who("cyd"), at=at, log=LOG, instead=instead)


def kinds() -> list[str]:
    return [row.kind for row in Minute.objects.order_by("pk")]


# ---- the whole walk, on the pages ----


def test_report_decision_letter_appeal_reversal_on_the_pages(room: Room) -> None:
    visitor, ada, ben, cyd = Client(), room.enter("ada"), room.enter("ben"), room.enter("cyd")

    shown = visitor.get(PAGE)
    assert shown.status_code == 200 and "/en/sample/report/?about=abcdef" in shown.content.decode()
    asked = visitor.get("/en/sample/report/?about=abcdef")
    assert "It is about the work “One”, No. 101" in text(asked) and 'name="about" value="abcdef"' in asked.content.decode()
    told = visitor.post("/en/sample/report/", {"category": "phishing", "about": WORK})
    assert 'name="about" value="abcdef"' in told.content.decode() and "“One”" in text(told) and not visitor.cookies
    sent = {"category": "phishing", "about": WORK, "words": "The QR code on this poster leads to a false bank."}
    assert visitor.post("/en/sample/report/send/", sent).status_code in {200, 202}
    report = Report.objects.get()
    assert (report.subject, report.channel) == (WORK, "site")

    Report.objects.update(held_until=None)  # as if the browser had sent its proof of work
    room.office.take_in()
    case = Case.objects.get()
    page = f"{HOME}case/{case.number}/"
    ada.post(f"{page}assign/")
    ada.post(f"{page}begin/")
    form = ada.get(page).content.decode()
    assert f'name="here" class="mono" maxlength="12" value="{WORK}"' in form and ">One<" in form
    decision: dict[str, Any] = {
        "outcome": "act_here",
        "facts": "The code leads to a copy of a bank.",
        "legal_basis": basis(),
        "here": WORK,
    }
    decision |= {f"reasons.{who}.{lang}": f"{who} {lang}" for who in ("reporter", "affected", "public") for lang in ("en", "zh")}
    decision |= {f"lawful.{name}": "no" for name in ("opinion", "satire", "reporting", "public_interest", "public_figure")}
    assert ada.post(f"{page}decision/", {**decision, "do": "decide"}).status_code == 302
    assert visitor.get(PAGE).status_code == 200, "not before the second person agrees"
    [seal] = re.findall(r'name="seal" value="(\w+)"', ben.get(page).content.decode())
    assert ben.post(f"{page}second/", {"do": "confirm", "seal": seal}).status_code == 302

    held = visitor.get(PAGE)
    assert held.status_code == 451 and "One" not in text(held) and "public en" in text(held) and "may appeal" in text(held)
    assert "Withheld work" in text(visitor.get("/en/sample/works/?o=1"))
    assert "It was on this site, and we acted on it here." not in text(held)

    assert tell_affected(at=NOW, log=LOG) == 1 and tell_affected(at=NOW, log=LOG) == 0
    letter = mail.outbox[-1]
    assert letter.to == ["entrant@sample.example"] and "phish" not in letter.body.lower() and "One" not in letter.body
    address = re.search(r"https?://[^/]+(/\S+/notice/\S+/)", letter.body)
    assert address
    maker = Client()
    notice = maker.get(address[1])
    assert "affected en" in text(notice) and "Fraud Act s. 2" in text(notice) and "your work “One”" in text(notice)
    assert "votes for it are counted" in text(notice)
    assert maker.post(address[1], {"grounds": "The code leads to our school."}).status_code == 200

    appeal = Appeal.objects.get()
    theirs = f"{HOME}appeals/{appeal.pk}/"
    assert ada.get(theirs).status_code == ben.get(theirs).status_code == 404
    cyd.post(theirs, {"do": "take"})
    answer = {"do": "decide", "outcome": "reversed", "instead": "unfounded", "reasons.en": SAID["en"], "reasons.zh": SAID["zh"]}
    assert cyd.post(theirs, answer).status_code == 302

    back = visitor.get(PAGE)
    assert back.status_code == 200 and "One" in text(back) and "max-age=10" in back["Cache-Control"]
    assert tell_affected(at=NOW + 99, log=LOG) == 1 and address[1] in mail.outbox[-1].body and "News" in mail.outbox[-1].subject
    page_after = text(maker.get(address[1])).replace("&#x27;", "'")
    assert "This decision no longer holds." in page_after and SAID["en"] in page_after
    assert kinds() == ["entry.withheld", "entry.restored"]
    assert [
        Minute.objects.get(kind=kind).entry.count('"reason_code":"' + why)
        for kind, why in (("entry.withheld", "deception"), ("entry.restored", "appeal"))
    ] == [1, 1]


# ---- what a decision does ----


def test_only_a_decision_that_holds_withholds_and_in_one_transaction(room: Room) -> None:
    case = room.office.case(subject=WORK)
    decide.propose(case, written("act_here", legal_basis=basis()), who=room.office.who("ada"), at=NOW, log=LOG)
    assert not withheld_codes(room.week)
    Minute.objects.all().delete()
    Log.objects.all().delete()  # the record cannot be written: nothing holds, nothing is withheld
    assert refused(lambda: decide.confirm(case, who=room.office.who("ben"), at=NOW, log=LOG)) == "log.unknown"
    case.refresh_from_db()
    assert not Decision.objects.exists() and not withheld_codes(room.week) and case.state == "assessing"


def test_the_officer_names_the_work_where_no_report_did(room: Room) -> None:
    case = room.office.case()
    assert case.work == "" and refused(lambda: act(room, case, here="")) == "decision.not_here"
    for code in ("zzzzzz", "note-1", "note-x", "../etc", "ABCDEF"):
        assert refused(lambda code=code: act(room, case, here=code)) == "decision.not_here", code
    act(room, case)
    assert withheld_codes(room.week) == [WORK] and Case.objects.get().work == WORK


def test_a_case_that_withheld_one_thing_does_not_turn_to_another(room: Room) -> None:
    case = room.office.case()
    act(room, case)
    other = Entry.objects.get(code=WORK)
    other.pk, other.code, other.number, other.withheld_at, other.withheld_for = None, "bcdefg", 102, None, ""
    other.save()
    case.refresh_from_db()
    reopen(case, "new_evidence", by=room.office.people["ada"], at=NOW, log=LOG)
    case.refresh_from_db()
    assert refused(lambda: act(room, case, here="bcdefg")) == "decision.other_thing"


def test_its_maker_neither_proposes_nor_agrees(room: Room) -> None:
    case = room.office.case()
    Entry.objects.update(person=room.office.people["ben"])
    assert refused(lambda: act(room, case)) == "desk.recused" and not withheld_codes(room.week)
    Entry.objects.update(person=room.office.people["ada"])
    case = Case.objects.get()
    Case.objects.update(work="")
    case.refresh_from_db()
    decide.Proposal.objects.all().delete()
    assert refused(lambda: act(room, case)) == "desk.recused"


def test_another_decision_restores_it_unless_another_case_withholds_it_too(room: Room) -> None:
    one, other = room.office.case("Words of the one report"), room.office.case("Something else, quite", "scam")
    act(room, one)
    act(room, other)
    assert kinds() == ["entry.withheld"], "once"
    for case, left in ((one, [WORK]), (other, [])):
        case.refresh_from_db()
        reopen(case, "new_evidence", by=room.office.people["ada"], at=NOW, log=LOG)
        case.refresh_from_db()
        decide.propose(case, written("unfounded"), who=room.office.who("ada"), at=NOW, log=LOG)
        assert withheld_codes(room.week) == left
    assert kinds() == ["entry.withheld", "entry.restored"] and "reconsidered" in Minute.objects.last().entry


def test_a_work_that_its_maker_withdrew_meanwhile_breaks_no_reversal(room: Room) -> None:
    case = room.office.case()
    decision = act(room, case)
    appeal = appeal_affected(answers.code_of(decision), "Mine.", at=NOW, log=LOG)
    Entry.objects.update(state="withdrawn")
    turn(room, appeal)
    assert not withheld_codes(room.week) and kinds() == ["entry.withheld", "entry.restored"]


# ---- either side ----


def test_a_reporter_appeals_and_two_others_withhold_it_after_all(room: Room) -> None:
    case = room.office.case(subject=WORK)
    decide.propose(case, written("unfounded"), who=room.office.who("ada"), at=NOW, log=LOG)
    held = by_officer(case.reports.get(), room.office.who())
    turn(room, lodge(held, "Look at the code again.", at=NOW, log=LOG), instead="act_here")
    assert not withheld_codes(room.week), "two persons decide, not the one who heard the appeal"
    case.refresh_from_db()
    assert case.state == "assessing" and case.assignee == room.office.people["cyd"]
    decide.propose(case, written("act_here", legal_basis=basis()), who=room.office.who("cyd"), at=NOW + 99, log=LOG)
    decide.confirm(case, who=room.office.who("ben"), at=NOW + 99, log=LOG)
    assert withheld_codes(room.week) == [WORK] and tell_affected(at=NOW + 99, log=LOG) == 1


def test_a_maker_whose_appeal_fails_has_a_letter_and_the_work_stays_withheld(room: Room) -> None:
    decision = act(room, room.office.case())
    tell_affected(at=NOW, log=LOG)
    appeal = appeal_affected(answers.code_of(decision), "Mine.", at=NOW, log=LOG)
    hear.take(appeal, who=room.office.who("cyd"), at=NOW, log=LOG)
    hear.decide_appeal(appeal, "upheld", SAID, who=room.office.who("cyd"), at=NOW + 50, log=LOG)
    assert withheld_codes(room.week) == [WORK]
    assert [tell_affected(at=NOW + 60, log=LOG) for _ in range(2)] == [1, 0] and len(mail.outbox) == 2


def test_both_sides_are_refused_the_same(room: Room) -> None:
    decision = act(room, room.office.case())
    held, code = by_officer(decision.case.reports.get(), room.office.who()), answers.code_of(decision)
    sides: list[Callable[..., Appeal]] = [
        lambda words, at: lodge(held, words, at=at, log=LOG),
        lambda words, at: appeal_affected(code, words, at=at, log=LOG),
    ]
    for side in sides:
        assert refused(lambda side=side: side("  ", NOW)) == "report.empty"
        assert refused(lambda side=side: side("x" * 20_001, NOW)) == "report.too_long"
        assert refused(lambda side=side: side("x", NOW + 185 * 86400)) == "appeal.late"
        side("I do not agree.", NOW)
        assert refused(lambda side=side: side("Again.", NOW)) == "appeal.twice"
    assert sorted(Event.objects.filter(thing="appeal").values_list("role", flat=True)) == ["affected", "reporter"]
    reopen(decision.case, "new_evidence", by=room.office.people["ada"], at=NOW, log=LOG)
    case = Case.objects.get()
    decide.propose(case, written("unfounded"), who=room.office.who("ada"), at=NOW, log=LOG)
    assert refused(lambda: sides[1]("Once more.", NOW)) == "appeal.replaced"


# ---- a line of the guest book ----


def test_a_line_of_the_guest_book_is_withheld_and_restored_and_nobody_is_told(room: Room) -> None:
    hall = halls.build(room.week, code="desk", name={"en": "Desk", "zh": "中心"}, about={}, opens=0)
    line = {"kind": "guest_book", "signed": "", "language": "en", "address": "192.0.2.1", "at": NOW}
    note = notes.leave(hall, words="Pay at false-bank.example", **line)
    note = notes.decide(note, show=True, answer="", reason="", by=room.office.people["cyd"])
    page = "/en/sample/halls/desk/"
    code = f"note-{note.pk}"
    assert f"about={code}" in Client().get(page).content.decode()
    assert "a line of the guest book" in text(Client().get(f"/en/sample/report/?about={code}"))
    case = room.office.case(subject=code)
    decision = act(room, case, here="")
    assert "false-bank" not in Client().get(page).content.decode() and Note.objects.get().state == "hidden"
    assert tell_affected(at=NOW, log=LOG) == 0 and Event.objects.filter(verb="affected_unknown").count() == 1
    assert statements.of_decision(decision)["content_type"] == ["CONTENT_TYPE_TEXT"]
    held = by_officer(case.reports.get(), room.office.who())
    turn(room, lodge(held, "I was wrong.", at=NOW, log=LOG))
    assert "false-bank" in Client().get(page).content.decode() and not kinds(), (
        "a line of a guest book is not in the log of the vote"
    )


# ---- what a report names ----


def test_a_report_names_only_what_is_there_and_tells_nothing_of_what_is_not_shown(room: Room) -> None:
    for about in ("zzzzzz", "note-9", "note-0", "<b>", "x" * 500):
        assert 'name="about"' not in Client().get("/en/sample/report/", {"about": about}).content.decode(), about
    act(room, room.office.case())
    hidden = Client().post("/en/sample/report/", {"category": "phishing", "about": WORK})
    assert "“One”" not in text(hidden) and here.shown(WORK) is None and here.find(WORK) is not None
    Entry.objects.update(state="draft")
    assert here.find(WORK) is None


def test_reports_of_one_work_are_one_case_and_of_two_works_never(room: Room) -> None:
    other = Entry.objects.get(code=WORK)
    other.pk, other.code, other.number = None, "bcdefg", 102
    other.save()
    same = "The code leads to https://false-bank.example/login?x=1"
    made = [room.office.file(same, subject=subject)[0] for subject in (WORK, "bcdefg", WORK, "")]
    room.office.take_in()
    for report in made:
        report.refresh_from_db()
    one, two, again, unnamed = (report.case for report in made)
    assert one == again != two and unnamed in {one, two}
    assert made[2].links.get(suggested=False).rule == "same_work"


# ---- the figures ----


def test_own_site_decisions_are_in_the_figures_and_have_a_statement_each(room: Room) -> None:
    decision = act(room, room.office.case())
    appeal = appeal_affected(answers.code_of(decision), "Mine.", at=NOW, log=LOG)
    turn(room, appeal)
    told, waiting = counting.counted(NOW - 86400, NOW + 86400)
    assert told["decisions"]["restored_here"] == 1 and len(waiting["decision"]) == 2, "the two wait for their like"
    (found,) = statements.of_host(NOW - 1, NOW + 1)
    assert found["content_type"] == ["CONTENT_TYPE_IMAGE"] and found["source_type"] == "SOURCE_ARTICLE_16"
    number, _, word = str(found["puid"]).partition("-")
    assert number == decision.case.number and re.fullmatch("[0-9a-f]{12}", word), "its own, and none that counts decisions"
    assert statements.of_decision(decision)["puid"] == found["puid"]
