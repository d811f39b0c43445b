"""A report is sealed before anybody looks; its code, an officer's shift, and nothing else opens it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from showground.people.models import Person
from showground.reports.actions import file, keys
from showground.reports.models import DeskKey, Evidence, Holder, Report, Shift
from showground.reports.queries import reading
from showground.reports.queries.keys import unlocked
from showground.rules.refused import Refused
from tests.reports.office import a_duty

pytestmark = pytest.mark.django_db
LOG, NOW = "2026.week.example", 1_790_000_000
WORDS = "They said my account at Harbour Bank is frozen; the link was hxxps://harbour-bank.example/login"


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, settings: Any) -> None:
    settings.DESK_STORE = tmp_path / "desk"


def _person(name: str) -> Person:
    return Person.objects.create(email=f"{name}@desk.example")


def _desk() -> Holder:
    first = keys.make_key(_person("officer"), "officer", "a long passphrase", at=NOW)
    keys.open_desk(first, at=NOW)
    keys.make_key(_person("custodian"), "custodian", "another long one", at=NOW)
    keys.make_key(_person("approver"), "approver", "and a third one", at=NOW)
    return first


def _told(**more: Any) -> file.Told:
    return file.Told(**{"category": "phishing", "language": "en", "words": WORDS, **more})


def test_the_code_opens_what_was_filed() -> None:
    _desk()
    report, code = file.file_report(_told(files=[file.Upload("a.png", "image/png", b"PNG bytes")]), log=LOG, at=NOW)
    held = reading.by_code(code)
    assert held.report == report and reading.body(held)["words"] == WORDS
    assert reading.original(held, report.evidence.get(), 0) == b"PNG bytes"


def test_an_officer_reads_during_a_shift_and_not_after() -> None:
    officer = _desk()
    report, _ = file.file_report(_told(), log=LOG, at=NOW)
    token = keys.start_shift(officer, "a long passphrase", at=NOW)
    who = unlocked(token, at=NOW + 60)
    assert who is not None and reading.body(reading.by_officer(report, who))["words"] == WORDS
    assert unlocked(token, at=NOW + keys.SHIFT_SECONDS) is None
    keys.end_shift(token)
    assert unlocked(token, at=NOW + 60) is None


def test_a_wrong_passphrase_or_a_revoked_key_opens_nothing() -> None:
    officer = _desk()
    with pytest.raises(Refused, match=r"vault\.shut"):
        keys.start_shift(officer, "a wrong passphrase", at=NOW)
    token = keys.start_shift(officer, "a long passphrase", at=NOW)
    with pytest.raises(Refused, match=r"desk\.last_key"):
        keys.revoke_key(officer, at=NOW, log=LOG)
    who = unlocked(token, at=NOW)
    assert who is not None
    a_duty(second := _person("second"))
    keys.admit_officer(keys.make_key(second, "officer", "yet another one", at=NOW), by=who)
    keys.revoke_key(officer, at=NOW, log=LOG)
    assert unlocked(token, at=NOW) is None
    with pytest.raises(Refused, match=r"desk\.key_revoked"):
        keys.start_shift(officer, "a long passphrase", at=NOW)


def test_a_second_officer_is_admitted_by_the_first_only() -> None:
    officer = _desk()
    second = keys.make_key(_person("second"), "officer", "yet another one", at=NOW)
    report, _ = file.file_report(_told(), log=LOG, at=NOW)
    token = keys.start_shift(second, "yet another one", at=NOW)
    shut = unlocked(token, at=NOW)
    assert shut is not None
    with pytest.raises(Refused, match=r"vault\.shut"):
        reading.by_officer(report, shut)
    first = unlocked(keys.start_shift(officer, "a long passphrase", at=NOW), at=NOW)
    assert first is not None
    keys.admit_officer(second, by=first)
    admitted = unlocked(token, at=NOW)
    assert admitted is not None and reading.body(reading.by_officer(report, admitted))["words"] == WORDS


def test_nobody_holds_both_halves_of_an_identity() -> None:
    _desk()
    with pytest.raises(Refused, match=r"desk\.key_held"):
        keys.make_key(Person.objects.get(email="custodian@desk.example"), "approver", "and a third one", at=NOW)


def test_codes_of_others_and_mistyped_ones_open_nothing() -> None:
    from showground.vault import codes

    _desk()
    file.file_report(_told(), log=LOG, at=NOW)
    with pytest.raises(Refused, match=r"code\.unknown"):
        reading.by_code(codes.new_code())
    with pytest.raises(Refused, match=r"code\.check"):
        reading.by_code("1234 5678 9012 3456 00")


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"category": "hate_speech"}, "report.category"),
        ({"words": "  "}, "report.empty"),
        ({"words": "x" * 20_001}, "report.too_long"),
        ({"category": "child", "files": [file.Upload("a", "b", b"c")]}, "report.no_files_here"),
        ({"category": "harassment"}, "report.standing"),
        ({"files": [file.Upload("a", "b", b"c")] * 6}, "report.too_many_files"),
        ({"files": [file.Upload("a", "b", bytes(11 * 2**20))]}, "report.file_too_big"),
    ],
)
def test_what_the_desk_does_not_take_is_told_and_leaves_nothing(told: dict[str, Any], why: str) -> None:
    _desk()
    with pytest.raises(Refused) as no:
        file.file_report(_told(**told), log=LOG, at=NOW)
    assert no.value.code == why and not Report.objects.exists()


def test_no_report_is_taken_that_nobody_could_read() -> None:
    with pytest.raises(Refused, match=r"desk\.not_open"):
        file.file_report(_told(), log=LOG, at=NOW)


def _dump() -> str:
    """Returns every value of every table of the desk, binary ones as Latin-1, as an administrator could read them."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(bytes(v), "latin-1") if isinstance(v, bytes | memoryview) else str(v) for row in cursor for v in row]
    return "\n".join(found)


def test_an_administrator_with_database_and_files_reads_no_content_and_no_identity() -> None:
    officer = _desk()
    keys.start_shift(officer, "a long passphrase", at=NOW)
    secret = file.Upload("harbour-notice.txt", "text/plain", b"plain words of the evidence")
    _, code = file.file_report(
        _told(files=[secret], contact="reporter@home.example", identity={"name": "Lin Example", "phone": "555-0100"}),
        log=LOG,
        at=NOW,
    )
    files = "\n".join(p.read_bytes().decode("latin-1") for p in Path(settings.DESK_STORE).rglob("*") if p.is_file())
    everything = _dump() + files
    for words in (
        "frozen",
        "harbour-bank",
        "plain words",
        "harbour-notice",
        "reporter@home",
        "Lin Example",
        "555-0100",
        code,
        code[:16],
    ):
        assert words not in everything, words
    assert Report.objects.count() == Evidence.objects.count() == 1 and DeskKey.objects.count() == Shift.objects.count() == 1
    assert "phishing" in everything, "the dump is a real one"
