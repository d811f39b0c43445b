"""A sealed name opens to two persons together and to nobody alone, whoever has the database, the files and the environment."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.db import IntegrityError, transaction
from nacl.public import PrivateKey

from showground.entries.models import Entry
from showground.reports.actions import decide, identity, keep, keys, triage
from showground.reports.actions.file import Upload
from showground.reports.models import Case, Holder, Identity, IdentityAccess, IdentityHalf, Report
from showground.reports.queries import reading
from showground.rules.refused import Refused
from showground.vault import boxes, codes
from tests.reports.office import LOG, MAIL, NOW, Office, a_duty, an_office, no_duty, written
from tests.reports.test_filing import _dump
from tests.reports.test_officer import HOME, Room, text

pytestmark = pytest.mark.django_db
NAME = {"name": "Lin Example", "phone": "555-0100"}


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Office:
    return an_office(tmp_path / "desk", settings)


def _sealed(office: Office) -> Identity:
    report, _ = office.file(identity=NAME)
    return Identity.objects.get(report=report)


def _ask(office: Office, sealed: Identity) -> IdentityAccess:
    return identity.ask(sealed, "court_order", "Order 12/26 of the court", who=office.who("custodian"), at=NOW, log=LOG)


def test_two_persons_read_it_once(office: Office) -> None:
    access = _ask(office, _sealed(office))
    assert identity.words(access, office.who("approver")) == "Order 12/26 of the court"
    identity.answer(access, True, who=office.who("approver"), at=NOW + 10, log=LOG)
    assert identity.open_identity(access, who=office.who("custodian"), at=NOW + 20, log=LOG) == NAME
    with pytest.raises(Refused, match=r"identity\.read"):
        identity.open_identity(access, who=office.who("custodian"), at=NOW + 30, log=LOG)
    access.refresh_from_db()
    assert access.opened_at == NOW + 20 and access.half_sealed == b"" and access.shown_at is None


def test_neither_alone_and_no_officer_opens_it(office: Office) -> None:
    sealed = _sealed(office)
    access = _ask(office, sealed)
    with pytest.raises(Refused, match=r"identity\.not_agreed"):
        identity.open_identity(access, who=office.who("custodian"), at=NOW, log=LOG)
    with pytest.raises(Refused, match=r"identity\.duty"):
        identity.answer(access, True, who=office.who("custodian"), at=NOW, log=LOG)
    for name in ("approver", "ada"):
        with pytest.raises(Refused, match=r"identity\.duty"):
            identity.open_identity(access, who=office.who(name), at=NOW, log=LOG)
        with pytest.raises(Refused, match=r"identity\.duty"):
            identity.ask(sealed, "court_order", "x", who=office.who(name), at=NOW, log=LOG)
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityAccess.objects.update(decided_by=office.people["custodian"], agreed=True)


def test_every_key_of_one_side_together_gives_nothing(office: Office) -> None:
    """The custodian's key with everything in the database, the approver's likewise, and every officer's: no lock comes out."""
    sealed = _sealed(office)
    halves = list(IdentityHalf.objects.all())
    for name in ("custodian", "approver", "ada", "ben"):
        who = office.who(name)
        found = []
        for half in halves:
            for key in filter(None, (who.key, who.desk)):
                try:
                    found.append(boxes.unwrap(bytes(half.wrapped), key))
                except Refused:
                    continue
        for lock in found:
            with pytest.raises(Refused, match=r"vault\.shut"):
                boxes.unseal(lock, bytes(sealed.sealed), "identity")
    both = [
        boxes.unwrap(bytes(half.wrapped), office.who(half.holder.duty if half.holder.duty != "officer" else "ada").key)
        for half in halves
    ]
    assert json.loads(boxes.unseal(boxes.join(*both), bytes(sealed.sealed), "identity")) == NAME


def test_a_no_stays_a_no_and_agreement_does_not_keep(office: Office) -> None:
    sealed = _sealed(office)
    access = _ask(office, sealed)
    with pytest.raises(Refused, match=r"identity\.asked"):
        _ask(office, sealed)
    identity.answer(access, False, who=office.who("approver"), at=NOW, log=LOG)
    with pytest.raises(Refused, match=r"identity\.answered"):
        identity.answer(access, True, who=office.who("approver"), at=NOW, log=LOG)
    with pytest.raises(Refused, match=r"identity\.not_agreed"):
        identity.open_identity(access, who=office.who("custodian"), at=NOW, log=LOG)
    second = _ask(office, sealed)
    identity.answer(second, True, who=office.who("approver"), at=NOW, log=LOG)
    with pytest.raises(Refused, match=r"identity\.too_late"):
        identity.open_identity(second, who=office.who("custodian"), at=NOW + 8 * 86400, log=LOG)


def test_what_a_custodian_did_not_read_in_seven_days_is_destroyed(office: Office) -> None:
    access = _ask(office, _sealed(office))
    identity.answer(access, True, who=office.who("approver"), at=NOW, log=LOG)
    assert keep.keep(NOW + identity.VALID, log=LOG)["halves"] == 0
    assert keep.keep(NOW + identity.VALID + 1, log=LOG)["halves"] == 1
    assert IdentityAccess.objects.get().half_sealed == b"" and Identity.objects.get().sealed
    with pytest.raises(Refused, match=r"identity\.too_late"):
        identity.open_identity(access, who=office.who("custodian"), at=NOW + identity.VALID + 2, log=LOG)


def test_with_a_custodians_key_goes_the_half_that_was_given_to_it(office: Office) -> None:
    access = _ask(office, _sealed(office))
    identity.answer(access, True, who=office.who("approver"), at=NOW, log=LOG)
    keys.revoke_key(office.holders["custodian"], at=NOW, log=LOG)
    access.refresh_from_db()
    assert access.half_sealed == b"" and not access.identity.halves.filter(holder=office.holders["custodian"]).exists()


@pytest.mark.parametrize("name", ["custodian", "approver"])
def test_who_made_what_was_reported_has_no_part_in_a_name(office: Office, settings: Any, name: str) -> None:
    settings.CLOCK = lambda: NOW
    sealed, room = _sealed(office), Room(office)
    case = Case.objects.create(number="K234567", category="rights", work="abcdef", opened_at=NOW)
    access = _ask(office, sealed)
    if name == "custodian":
        identity.answer(access, True, who=office.who("approver"), at=NOW, log=LOG)
    Report.objects.update(case=case)
    assert sealed.report.number in text(room.enter(name).get(f"{HOME}identities/"))
    Entry.objects.filter(code="abcdef").update(person=office.people[name])
    act = identity.answer if name == "approver" else identity.open_identity
    more = {"agreed": True} if name == "approver" else {}
    with pytest.raises(Refused, match=r"desk\.recused"):
        act(access, who=office.who(name), at=NOW, log=LOG, **more)  # type: ignore[operator]
    assert sealed.report.number not in text(room.enter(name).get(f"{HOME}identities/"))


@pytest.mark.parametrize("begun", ["ask", "answer", "read", "share"])
def test_who_lost_the_duty_a_moment_ago_asks_answers_and_reads_nothing(office: Office, begun: str) -> None:
    sealed = _sealed(office)
    custodian, approver = office.who("custodian"), office.who("approver")
    access = _ask(office, sealed) if begun != "ask" else None
    if begun == "read" and access is not None:
        identity.answer(access, True, who=approver, at=NOW, log=LOG)
    for person in office.people.values():
        no_duty(person)
    facts: dict[str, Any] = {"at": NOW, "log": LOG}
    acts: dict[str, Any] = {
        "ask": lambda: identity.ask(sealed, "court_order", "Because.", who=custodian, **facts),
        "answer": lambda: identity.answer(access, True, who=approver, **facts),  # type: ignore[arg-type]
        "read": lambda: identity.open_identity(access, who=custodian, **facts),  # type: ignore[arg-type]
        "share": lambda: identity.share_halves(office.holders["custodian"], who=custodian, **facts),
    }
    with pytest.raises(Refused, match=r"desk\.off_duty"):
        acts[begun]()


def test_reasons_come_from_the_closed_list_and_in_words(office: Office) -> None:
    sealed = _sealed(office)
    for reason, words, why in (("curiosity", "x", "desk.reason"), ("court_order", " ", "identity.words")):
        with pytest.raises(Refused) as no:
            identity.ask(sealed, reason, words, who=office.who("custodian"), at=NOW, log=LOG)
        assert no.value.code == why


def test_a_new_custodian_gets_the_halves_from_a_colleague(office: Office) -> None:
    from showground.people.models import Person

    sealed = _sealed(office)
    person = Person.objects.create(email="new@desk.example")
    a_duty(person, "custodian")
    fresh = keys.make_key(person, "custodian", "a long passphrase of new", at=NOW)
    with pytest.raises(Refused, match=r"desk\.cannot_admit"):
        identity.share_halves(fresh, who=office.who("approver"), at=NOW, log=LOG)
    assert identity.share_halves(fresh, who=office.who("custodian"), at=NOW, log=LOG) == 1
    assert sealed.halves.count() == 3 and Holder.objects.get(pk=fresh.pk).duty == "custodian"


def _environment(office: Office) -> list[bytes]:
    """Every secret that the process itself has: settings and environment, as keys one could try."""
    words = [str(site.SECRET_KEY).encode(), bytes(site.DESK_PEPPER), *(value.encode() for value in os.environ.values())]
    return [*words, *(word[at : at + 32] for word in words for at in (0, 32) if len(word) >= at + 32)]


def test_an_administrator_reads_nothing_of_a_whole_life_of_a_case(office: Office) -> None:
    """Database, files and the process's environment, while nobody has a shift: waiting, worked on, decided, appealed, closed."""
    report, code = office.file(
        files=[Upload("frozen-account.eml", "message/rfc822", MAIL)], identity=NAME, contact="reporter@home.example", code=True
    )
    office.take_in()
    report.refresh_from_db()
    assert report.case is not None
    case = triage.assign(report.case, office.holders["ada"], who=office.who(), at=NOW, log=LOG)
    from showground.reports.actions.desk_note import write_note

    write_note(case, "Seen with the grey van", who=office.who(), at=NOW, log=LOG)
    triage.tell(case, report, "Which branch was it?", who=office.who(), at=NOW, log=LOG)
    decide.draft(case, written("unfounded", facts="half-written suspicion"), who=office.who(), at=NOW, log=LOG)
    secret = {"reporter.en": "Because nothing fits.", "reporter.zh": "因为不符。"}
    decide.propose(
        case, written("unfounded", facts="the teller remembers nothing", reasons=secret), who=office.who(), at=NOW, log=LOG
    )
    triage.close(case, by=office.people["ada"], at=NOW, log=LOG)
    access = _ask(office, Identity.objects.get(report=report))
    identity.answer(access, True, who=office.who("approver"), at=NOW, log=LOG)
    waiting, _ = office.file("A second one about silverfish-bank.example", identity={"name": "Other Person"})
    files = "\n".join(p.read_bytes().decode("latin-1") for p in Path(site.DESK_STORE).rglob("*") if p.is_file())
    everything = _dump() + files
    for words in (
        "account at Harbour", "harbour-bank-login", "harb0ur", "agent77", "frozen-account", "Lin Example", "555-0100", "reporter@home",
        "grey van", "Which branch", "half-written", "the teller", "silverfish", "Other Person", "Order 12/26", code, code[:16],
    ):  # fmt: skip
        assert words not in everything, words
    assert case.number in everything
    opened = 0
    for one in Report.objects.all():
        for wrap in one.wraps.all():
            for key in _environment(office):
                try:
                    boxes.unwrap(bytes(wrap.wrapped), PrivateKey(key[:32].ljust(32, b"\0")))
                    opened += 1
                except Refused:
                    pass
    assert opened == 0
    with pytest.raises(Refused, match=r"code\.unknown"):
        reading.by_code(codes.new_code())
    assert waiting.state == "received"
