"""Figures count what happened, five at a time, so that nobody can be worked out of them, and stand in the log by their hash."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from showground.ledger.actions.append import open_log
from showground.ledger.models import Minute
from showground.reports import jobs
from showground.reports.actions import decide, publish, refer
from showground.reports.models import Batch, Case, Clock, Decision, FigureSnapshot, Partner, Referral, Report
from showground.reports.queries import annex, answers, counting, figures, statements
from showground.rules import records
from showground.rules.harms import CODES, EXCLUDED
from showground.rules.refused import Refused
from tests.house.sample_week import a_week
from tests.reports.office import LOG, NOW, Office, an_office, written

TEMPLATES = Path(__file__).resolve().parents[3] / "shared/data/dsa"
SINCE = figures.week_of(NOW)
UNTIL = SINCE + figures.EVERY


# ---- counting ----

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Office:
    settings.CLOCK = lambda: NOW
    jobs._last.clear()
    open_log(a_week("sample").week.origin, vkey="v", policy="p")
    return an_office(tmp_path / "desk", settings)


def many(office: Office) -> None:
    """Twelve reports of phishing, six of scams, two of malware: two of them decided, one told to a partner that acted."""
    for number in range(12):
        office.file(f"Card data, page https://bad{number}.example/x", at=NOW - 3600)
    for number in range(6):
        office.file(f"A loan that costs first, {number}", "scam", language="zh-hans", at=NOW - 1800)
    for number in range(2):
        office.file(f"An app from https://apk{number}.example/a", "malware", channel="mail", at=NOW - 900)


def counted(since: int = SINCE, until: int = UNTIL) -> dict[str, Any]:
    """The figures of a week that nothing waited for."""
    return counting.counted(since, until)[0]


def test_figures_count_what_came_in_and_the_few_wait(office: Office) -> None:
    many(office)
    told, waiting = counting.counted(SINCE, UNTIL)
    category = dict(told["received"]["category"]["rows"])
    assert (category["phishing"], category["scam"], category["malware"], category["child"]) == (12, 6, 0, 0)
    assert {table["total"] for table in told["received"].values()} == {18}, "every table counts the same reports"
    assert len(waiting["report"]) == 2, "two of malware, which came by mail"
    assert told["automation"] == {"decisions": 0, "said": "none"}
    assert counted(UNTIL, UNTIL + figures.EVERY)["received"]["category"]["total"] == 0, "periods do not overlap"


def test_what_waited_is_counted_with_its_like_and_once(office: Office) -> None:
    many(office)
    publish.publish_due(at=UNTIL)
    for number in range(3):
        office.file(f"An app from https://later{number}.example/a", "malware", channel="mail", at=UNTIL + 60)
    publish.publish_due(at=UNTIL + figures.EVERY)
    publish.publish_due(at=UNTIL + 2 * figures.EVERY)
    newer = [dict(one.figures["received"]["category"]["rows"])["malware"] for one in figures.snapshots()]
    assert newer == [0, 5, 0]
    whole = figures.span("opened", list(figures.snapshots())).figures
    assert dict(whole["received"]["category"]["rows"])["malware"] == 5 and whole["received"]["category"]["total"] == 23
    assert [one.waiting for one in figures.snapshots()][1:] == [{}, {}], "only the newest knows what waits"


def test_no_number_from_one_to_four_is_in_any_file(office: Office) -> None:
    many(office)
    for part, _table, row, value in figures.lines(counted()):
        assert part in {"openings", "log"} or row == "" or not 0 < int(value) < 5


def test_each_outcome_is_counted_lawful_ones_too(office: Office) -> None:
    for words in ("He writes at night", "Posters with my face", "Calls to my office", "A group laughs", "Letters under the door"):
        case = office.case(words, "harassment", standing="target")
        decide.propose(case, written("unfounded"), who=office.who(), at=NOW, log=LOG)
    Decision.objects.update(outcome="lawful_no_action")
    told = counted()
    assert dict(told["decisions"]["outcome"]["rows"])["lawful_no_action"] == 5
    assert told["times"]["decision"]["total"] == 5


def test_a_decision_waits_for_its_case_and_a_case_for_a_report_of_it(office: Office) -> None:
    for number, words in enumerate(("He writes at night", "Posters with my face", "Calls to my office", "A group laughs")):
        case = office.case(words, "harassment", standing="target")
        decide.propose(case, written("unfounded"), who=office.who(), at=NOW + number, log=LOG)
    case = office.case("A page like that of my bank")
    decide.propose(case, written("unfounded"), who=office.who(), at=NOW + 9, log=LOG)
    told, waiting = counting.counted(SINCE, UNTIL)
    assert [len(waiting[kind]) for kind in ("report", "case", "decision", "decision_time")] == [5, 5, 5, 5]
    assert told["decisions"]["outcome"]["total"] == 0, "five decisions, but of reports of whom there are four and one"


def test_a_complaint_of_a_public_body_and_a_late_step_are_counted_singly(office: Office) -> None:
    case = office.case()
    Case.objects.filter(pk=case.pk).update(by_public_body=True)
    decide.propose(case, written("unfounded"), who=office.who(), at=NOW + 10, log=LOG)
    Clock.objects.filter(thing="case").update(due_at=NOW)
    told = counted()
    assert (told["cases"]["by_public_bodies"], told["decisions"]["about_public_bodies"]) == (1, 1)
    assert told["times"]["met_late"] == 1 and told["cases"]["category"]["total"] == 0


def test_referrals_are_counted_by_partner_and_answer(office: Office) -> None:
    case = office.case()
    decide.propose(case, written("refer"), who=office.who("ada"), at=NOW, log=LOG)
    decision = decide.confirm(Case.objects.get(pk=case.pk), who=office.who("ben"), at=NOW, log=LOG)
    first = decision.referrals.get()
    refer.read_referral(first, who=office.who("ben"), at=NOW, log=LOG)
    refer.send_referral(first, who=office.who("ben"), week="sample", at=NOW, log=LOG)
    refer.answer_referral(answers.token_of(first), "acted", words="", reference="", at=NOW + 7200, log=LOG)
    for number in range(4):
        office.file(f"Card data, page https://bad{number}.example/x", at=NOW)
    row = Referral.objects.values().get()
    told_as_one(case)
    for number in range(5):
        Referral.objects.create(
            **{**row, "id": None, "token_sha256": f"{number:064d}", "state": "sent" if number == 4 else "acted"}
        )
    told = counted()["referrals"]
    assert told["partner"] == {"rows": [["harbour", 5]], "total": 5} and told["names"] == [["harbour", {"en": "Harbour Bank"}]]
    assert dict(told["answer"]["rows"])["done"] == told["answer"]["total"] == 5, "the sixth has a week to be answered"
    assert dict(counted()["times"]["takedown"]["rows"])[str(4 * 3600)] == 5


def told_as_one(case: Case) -> None:
    """Four more cases and decisions like this one, each with a report of its own."""
    decision = Decision.objects.values().get(case=case)
    rows = Case.objects.values().get(pk=case.pk)
    for report in Report.objects.filter(case=None):
        report.case = Case.objects.create(**{**rows, "id": None, "number": f"K{report.pk:06d}"})
        report.save(update_fields=["case"])
        Decision.objects.create(**{**decision, "id": None, "case_id": report.case.pk})
    Report.objects.update(state="clustered")


# ---- publishing ----


def test_each_week_is_published_once_in_order_and_hashed_into_the_log(office: Office) -> None:
    many(office)
    assert publish.publish_due(at=UNTIL - 1) == []
    done = publish.publish_due(at=UNTIL + figures.EVERY + 5)
    assert [(one.period_from, one.period_to) for one in done] == [(SINCE, UNTIL), (UNTIL, UNTIL + figures.EVERY)]
    assert publish.publish_due(at=UNTIL + figures.EVERY + 6) == []
    for one, minute in zip(done, Minute.objects.filter(kind="figures.published").order_by("pk"), strict=True):
        record = records.parse(minute.entry.encode())
        assert record["sha256"] == one.sha256 == records.sha256_hex(figures.file_of(one))
        assert (record["from"], record["to"]) == (one.period_from, one.period_to)


def test_a_period_cannot_be_left_out_or_chosen(office: Office) -> None:
    for since, until in ((SINCE, UNTIL + 99 * figures.EVERY), (UNTIL, SINCE)):
        with pytest.raises(Refused):
            publish.publish(since, until, at=UNTIL)
    publish.publish(SINCE, UNTIL, at=UNTIL)
    with pytest.raises(Refused) as no:
        publish.publish(UNTIL + figures.EVERY, UNTIL + 2 * figures.EVERY, at=UNTIL + 9 * figures.EVERY)
    assert no.value.code == "figures.order"


def test_changed_figures_are_not_shown(office: Office) -> None:
    (snapshot,) = publish.publish_due(at=UNTIL)
    snapshot.figures["received"]["category"]["total"] = 9
    with pytest.raises(ValueError, match="not those that were published"):
        figures.file_of(snapshot)


def test_the_page_says_when_figures_are_overdue_and_what_stops(office: Office, settings: Any) -> None:
    page = "/en/sample/figures/"
    assert "The first figures come on" in Client().get(page).content.decode()
    settings.CLOCK = lambda: UNTIL + figures.DUE_WITHIN + 1
    late = Client().get(page).content.decode()
    assert "The figures are overdue." in late and "first week" not in late
    settings.CLOCK = lambda: UNTIL + figures.DUE_WITHIN + figures.OVERDUE + 2
    assert "this desk refers nothing to anybody" in Client().get(page).content.decode()
    publish.publish_due(at=settings.CLOCK())
    assert "overdue" not in Client().get(page).content.decode()


def everything(settings: Any, first: int) -> dict[str, bytes]:
    """All that is public after two weeks: three ways to be a small desk that differ in what came when."""
    settings.CLOCK = lambda: UNTIL + figures.EVERY + 5
    FigureSnapshot.objects.all().delete()
    Report.objects.all().delete()
    kinds = [("phishing", SINCE)] * 12 + [("scam", UNTIL)] * 6 + [("malware", SINCE)] * first + [("malware", UNTIL)] * (5 - first)
    Report.objects.bulk_create(
        Report(number=f"R{place:06d}", category=kind, channel="web", language="en", received_at=at + 60, state="screened")
        for place, (kind, at) in enumerate([*kinds, ("rights", SINCE if first % 2 else UNTIL)])
    )
    publish.publish_due(at=UNTIL + figures.EVERY)
    home, days = "/en/sample/figures", ("2026-09-21", "2026-09-28", "opened")
    names = ("", "figures.json", "figures.csv", "statements.json", *(f"annex-{part}.csv" for part in annex.PARTS))
    return {path: Client().get(path).content for path in [f"{home}/", *(f"{home}/{day}/{name}" for day in days for name in names)]}


def test_desks_that_differ_in_a_small_number_publish_the_same_bytes(office: Office, settings: Any) -> None:
    """Whoever reads every page and every file of all weeks cannot say whether malware was reported in the first week, or how often."""
    Minute.objects.all().delete()
    office.now = UNTIL
    told = [everything(settings, first) for first in range(5)]
    assert len(told[0]) == 31 and all(one == told[0] for one in told)
    assert b'["malware",5]' in told[0]["/en/sample/figures/2026-09-28/figures.json"]
    assert everything(settings, 5) != told[0], "five in the first week are no small number"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_has_a_table_for_every_drawing_and_files_beside_it(office: Office, language: str) -> None:
    many(office)
    (snapshot,) = publish.publish_due(at=UNTIL)
    client, day = Client(), "2026-09-21"
    text = client.get(f"/{language}/sample/figures/").content.decode()
    assert text.count("<figure>") >= 1 and text.count("<svg") == 2 * text.count("<figure>")
    assert text.count("<table") >= text.count("<figure>") + 5 and 'aria-label="' in text
    assert client.get(f"/{language}/sample/figures/{day}/").status_code == 200
    data = client.get(f"/{language}/sample/figures/{day}/figures.json").content
    assert records.sha256_hex(data) == snapshot.sha256
    rows = list(csv.DictReader(io.StringIO(client.get(f"/{language}/sample/figures/{day}/figures.csv").content.decode())))
    assert {"part": "received", "table": "category", "row": "phishing", "value": "12"} in rows
    assert client.get(f"/{language}/sample/figures/2026-09-22/").status_code == 404


def test_the_desk_s_own_work_needs_no_key_and_runs_again_unharmed(office: Office) -> None:
    many(office)
    later = UNTIL + 3601
    for _ in range(2):
        jobs.follow(later)
    assert Batch.objects.count() == 1 and FigureSnapshot.objects.count() == 1
    assert Report.objects.exclude(body_sealed=b"").count() == 20, "nothing is destroyed before its time"


# ---- the DSA's templates ----


@pytest.mark.parametrize("part", annex.PARTS)
def test_header_rows_are_those_of_annex_i_byte_for_byte(office: Office, part: str) -> None:
    if not TEMPLATES.exists():
        pytest.skip("the templates of Annex I are not beside the project (shared/data/dsa)")
    many(office)
    (snapshot,) = publish.publish_due(at=UNTIL)
    template = next(TEMPLATES.glob(f"*_Part_{part}_*.csv")).read_bytes()
    made = annex.part(part, figures.week(snapshot, ""), service="Showground")
    assert made.split(b"\n")[0] == template.split(b"\n")[0]
    rows = list(csv.reader(io.StringIO(made.decode())))
    assert len({len(row) for row in rows}) == 1 and len(rows) > 1
    if part in {"1", "7", "8", "11"}:
        known = {tuple(cell for cell in row if cell) for row in csv.reader(io.StringIO(template.decode()))}
        labels = [row[3:-2] if part in {"7", "8"} else row[2:3] if part == "1" else row[3:4] for row in rows[1:]]
        assert all(any(set(label) <= set(row) for row in known) for label in labels), "rows are the template's own"


def test_no_part_holds_a_category_of_others_or_a_small_number(office: Office) -> None:
    many(office)
    (snapshot,) = publish.publish_due(at=UNTIL)
    for part in annex.PARTS:
        text = annex.part(part, figures.week(snapshot, ""), service="Showground").decode()
        assert not any(word in text for word in EXCLUDED)
    rows = list(csv.reader(io.StringIO(annex.part("4", figures.week(snapshot, ""), service="Showground").decode())))
    assert rows[1][3:6] == ["TOTAL", "", "18"]
    by_code = {(row[3], row[4]): row for row in rows}
    assert by_code[("KEYWORD_PHISHING", "")][5] == "12" and by_code[("KEYWORD_OTHER", "malware")][5] == ""
    assert by_code[("STATEMENT_CATEGORY_SCAMS_AND_FRAUD", "")][5] == "18", "a sum of what was counted"
    assert annex.SMALL in by_code[("KEYWORD_OTHER", "malware")]


def test_a_statement_stands_for_what_the_desk_did_as_host(office: Office) -> None:
    case = office.case()
    Case.objects.filter(pk=case.pk).update(work="abcdef")
    case.refresh_from_db()
    told = written("act_here", legal_basis=written("refer").legal_basis)
    decide.propose(case, told, who=office.who("ada"), at=NOW, log=LOG)
    decide.confirm(Case.objects.get(pk=case.pk), who=office.who("ben"), at=NOW, log=LOG)
    (found,) = statements.of_host(SINCE, UNTIL)
    assert found["decision_facts"] == "Because of this, affected, en." and found["content_type"] == ["CONTENT_TYPE_IMAGE"]
    assert found["category"] == "STATEMENT_CATEGORY_SCAMS_AND_FRAUD" and found["illegal_content_legal_ground"] == "Fraud Act s. 2"
    assert json.dumps(found).count("example") == 0, "no address of anybody"


@pytest.mark.parametrize("value", sorted(EXCLUDED))
def test_values_outside_the_closed_list_cannot_be_stored(office: Office, value: str) -> None:
    case = office.case()
    decide.propose(case, written("unfounded"), who=office.who(), at=NOW, log=LOG)
    assert value not in CODES
    for model, field in ((Report, "category"), (Case, "category"), (Decision, "outcome")):
        with (
            transaction.atomic(),
            pytest.raises(DatabaseError),
        ):  # PostgreSQL finds some of them too long before it finds them wrong
            model.objects.update(**{field: value})  # type: ignore[attr-defined]


def test_partners_names_come_from_the_desk_s_own_list(office: Office) -> None:
    Partner.objects.filter(code="harbour").update(name={"en": "A", "zh": "甲"})
    assert counted()["referrals"]["partner"] == {"rows": [], "total": 0}
