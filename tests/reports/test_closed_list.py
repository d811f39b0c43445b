"""Somebody with every right tries to make the desk a tool against speech: no way in stores it, no setting knows it, no export says it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from showground import env
from showground.commands import desk_setup
from showground.commands.desk_mail import taker
from showground.interchange.notices import art16, statement, xarf
from showground.reports.actions import file, hold, mail_in, spool
from showground.reports.actions.token import give_token
from showground.reports.models import Case, LegalBasis, Partner, Report
from showground.rules.harms import CODES, EXCLUDED, HARMS
from showground.rules.refused import Refused
from tests.reports.visitor import HOME, Desk, open_desk, send

pytestmark = pytest.mark.django_db
# Excluded by name, the same words as a person would write them, what other services take, and near misses of our own.
SHORT = {word.removeprefix("STATEMENT_CATEGORY_").removeprefix("KEYWORD_").lower() for word in EXCLUDED}
TRIED = sorted(
    EXCLUDED | SHORT | {"rumour", "谣言", "reputation", "national_security", "politics", "other", "Scam", "scam ", "SCAM\n", ""}
)


@pytest.fixture
def desk(settings: Any, tmp_path: Path) -> Desk:
    hold.buckets.full_at.clear()
    return open_desk(settings, tmp_path)


def _kept() -> set[str]:
    return {*Report.objects.values_list("category", flat=True), *Case.objects.values_list("category", flat=True)}


def test_what_is_excluded_is_in_no_list_of_ours() -> None:
    ours = {word for harm in HARMS for word in (harm.code, harm.dsa, *harm.keywords)}
    assert not ours & EXCLUDED and not ours & set(TRIED) and not EXCLUDED & (statement.CATEGORIES | statement.KEYWORDS)


@pytest.mark.parametrize("word", TRIED)
def test_no_row_can_be_written_by_any_means(desk: Desk, word: str) -> None:
    send(Client())
    report, case = Report.objects.get(), Case.objects.create(number="K222222", category="scam", opened_at=1)
    fresh = {"language": "en", "received_at": 1}
    ways: list[Any] = [
        lambda: Report.objects.create(number="R1", category=word[:20], **fresh),
        lambda: Report.objects.bulk_create([Report(number="R2", category=word[:20], **fresh)]),
        lambda: Report.objects.filter(pk=report.pk).update(category=word[:20]),
        lambda: Case.objects.create(number="K333333", category=word[:20], opened_at=1),
        lambda: Case.objects.filter(pk=case.pk).update(category=word[:20]),
        lambda: connection.cursor().execute("UPDATE reports_report SET category = %s", [word[:20]]),
        lambda: connection.cursor().execute("UPDATE reports_case SET category = %s", [word[:20]]),
    ]
    for way in ways:
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            way()
    assert _kept() == {"phishing", "scam"}


@pytest.mark.parametrize("word", TRIED)
def test_no_page_and_no_program_hands_one_in(desk: Desk, word: str) -> None:
    client = Client()
    assert client.post(HOME, {"category": word}).status_code == 422 and send(client, category=word).status_code == 422
    for _ in range(hold.NETWORK[0] + 2):
        hold.lane(address="198.51.100.9", proof="", at=desk.now)
    crowd = Client(REMOTE_ADDR="198.51.100.9")
    assert send(crowd).status_code == 202 and send(crowd, category=word).status_code == 422, "in a flood as well"
    Partner.objects.create(code="bank", kind="bank", name={"en": "A bank"}, mail="a@bank.example")
    head = {"Authorization": f"Bearer {give_token('bank')}"}
    answer = client.post(f"{HOME}api/", json.dumps({"category": word, "words": "x"}), content_type="application/json", headers=head)
    assert answer.status_code == 422 and json.loads(answer.content)["error"] == "report.category"
    spool.drain()
    assert _kept() == {"phishing"}


@pytest.mark.parametrize("word", TRIED)
def test_a_mail_that_names_one_is_an_ordinary_report(desk: Desk, word: str) -> None:
    assert mail_in.category_of(f"report+{word}@city.example") in CODES
    taker("")(b"From: a@b.example\r\nSubject: x\r\n\r\nx", f"report+{word}@city.example".replace("\n", ""), "")
    assert _kept() <= {mail_in.USUAL, "scam"}


def test_a_line_forged_on_the_spool_is_laid_aside_and_stops_nothing(desk: Desk) -> None:
    told = file.Told("scam", "en", "words")
    rows = [file.sealed_row(told, log="x", at=desk.now, channel="web", proved=False, held_until=None)[0] for _ in range(5)]
    rows[2].facts["category"] = "defamation"
    for row in rows:
        spool._append(spool._line(row))
    assert spool.drain() == 4 and _kept() == {"scam"}
    assert b"defamation" in (desk.settings.DESK_STORE / "spool" / "refused").read_bytes()


def test_no_setting_knows_of_kinds_of_harm(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [v.name for v in env.VARIABLES if any(word in v.name for word in ("HARM", "CATEGOR", "KEYWORD", "REMIT"))]
    for name in ("SHOWGROUND_HARMS", "SHOWGROUND_CATEGORIES", "SHOWGROUND_DESK_CATEGORIES"):
        monkeypatch.setenv(name, "KEYWORD_DEFAMATION")
    code = "from showground.rules.harms import HARMS; print([h.code for h in HARMS])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == str(list(CODES))
    desk.settings.HARMS = desk.settings.REPORT_CATEGORIES = ["defamation"]
    assert send(Client(), category="defamation").status_code == 422


@pytest.mark.parametrize("word", [word for word in TRIED if word])
def test_the_desk_s_own_file_cannot_name_one(desk: Desk, word: str) -> None:
    law = {
        "jurisdiction": "x", "kind": "statute", "citation": {"en": "An act", "zh": "法"}, "categories": ["scam", word],
        "since": date(2026, 1, 1),
    }  # fmt: skip
    with pytest.raises(Refused, match=r"week\.field"), transaction.atomic():
        desk_setup.set_up("sample", {"laws": [law]})
    assert not LegalBasis.objects.exists()


# ---- what goes out ----

LAW = art16.Law("Example", {"en": "An act", "zh": "法"})


@pytest.mark.parametrize("word", TRIED)
def test_no_notice_and_no_statement_says_one(word: str) -> None:
    sender = art16.Sender("Desk", "report@city.example", "city.example")
    plain: dict[str, Any] = {
        "case": "K222222", "at": 1_790_000_000, "explanation": "x", "law": LAW, "places": ["https://a.example/x"], "ask": "remove",
        "evidence": [], "sender": sender,
    }  # fmt: skip
    with pytest.raises(Refused):
        art16.build(category=word, **plain)
    forged = {**art16.build(category="scam", **plain), "category": word}
    try:
        made = xarf.reports(forged)
    except (Refused, KeyError):
        made = []
    assert made == [], "no report is made of what is none of ours"
    with pytest.raises(Refused):
        statement.build(
            harm=word, ground=statement.GROUNDS[0], law="x", explanation="x", facts="x", content_type="CONTENT_TYPE_TEXT", language="en",
            content_at=1_789_000_000, at=1_790_000_000, puid="a-1",
        )  # fmt: skip


@pytest.mark.parametrize("word", sorted(EXCLUDED))
@pytest.mark.parametrize("field", ["category", "category_addition", "category_specification", "category_specification_other"])
def test_a_statement_with_one_of_them_anywhere_is_refused(word: str, field: str) -> None:
    told = statement.build(
        harm="scam", ground=statement.GROUNDS[0], law="x", explanation="x", facts="x", content_type="CONTENT_TYPE_TEXT", language="en",
        content_at=1_789_000_000, at=1_790_000_000, puid="a-1",
    )  # fmt: skip
    forged = {**told, field: word if field in {"category", "category_specification_other"} else [word]}
    with pytest.raises(Refused, match="statement"):
        statement.check(forged)
