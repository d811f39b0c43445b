"""Figures count what happened, hide small numbers so that nobody can work them out, and stand in the log by their hash."""

from __future__ import annotations

import csv
import io
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from showground.ledger.actions.append import open_log
from showground.ledger.models import Minute
from showground.reports import jobs
from showground.reports.actions import decide, publish, refer
from showground.reports.models import Batch, Case, Decision, FigureSnapshot, Partner, Referral, Report
from showground.reports.queries import annex, answers, figures, hidden, statements
from showground.rules import records
from showground.rules.harms import CODES, EXCLUDED
from showground.rules.refused import Refused
from tests.house.sample_week import a_week
from tests.reports.office import LOG, NOW, Office, an_office, written

TEMPLATES = Path(__file__).resolve().parents[3] / "shared/data/dsa"
SINCE = figures.week_of(NOW)
UNTIL = SINCE + figures.EVERY


# ---- hiding ----


def bounds(cells: dict[str, int], shown: dict[str, int | None], total: int | None) -> dict[str, set[int]]:
    """What a reader who knows the rule can think of each hidden cell: every value that fits the total and what is shown."""
    dark = [name for name in cells if shown[name] is None]
    rest = None if total is None else total - sum(value for value in shown.values() if value is not None)
    found: dict[str, set[int]] = {name: set() for name in dark}
    zeros = any(cells[name] == 0 for name in dark)
    for values in itertools.product(range(0 if zeros else 1, 9), repeat=len(dark)):
        if rest is None or sum(values) == rest:
            for name, value in zip(dark, values, strict=True):
                found[name].add(value)
    return found


@given(st.lists(st.integers(0, 8), min_size=1, max_size=5))
@hypothesis_settings(max_examples=120, deadline=None)
def test_no_small_number_can_be_worked_out(values: list[int]) -> None:
    cells = {f"c{place}": value for place, value in enumerate(values)}
    shown, total = hidden.row(cells)
    assert all(value is None or not 0 < value < 5 for value in [*shown.values(), total])
    for name, possible in bounds(cells, shown, total).items():
        assert len(possible) > 1, f"{cells}: {name} is {possible}"


def test_big_numbers_are_left_alone() -> None:
    assert hidden.row({"a": 7, "b": 0, "c": 12}) == ({"a": 7, "b": 0, "c": 12}, 19)
    assert hidden.row({"a": 40, "b": 3, "c": 6}) == ({"a": 40, "b": None, "c": None}, 49), "the smallest other one goes too"


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=4))
@hypothesis_settings(max_examples=120, deadline=None)
def test_no_cell_of_a_grid_falls_out_of_a_line(rows: list[list[int]]) -> None:
    cells = {f"r{n}": {f"c{m}": value for m, value in enumerate(row)} for n, row in enumerate(rows)}
    shown = hidden.grid(cells)
    assert all(value is None or not 0 < value < 5 for row in shown.values() for value in row.values())
    lines = [list(row.values()) for row in shown.values()]
    lines += [list(column) for column in zip(*lines, strict=True)]
    for line in lines:
        assert (
            sum(value is None for value in line) != 1
            or (line[-1] is None and len(line) == 2)
            or all(value in (0, None) for value in line)
        ), f"{cells}: {line}"


def test_a_percentile_of_few_says_nothing() -> None:
    assert figures.percentile([1, 2, 3, 4], 50) is None
    assert (figures.percentile([5, 1, 4, 2, 3], 50), figures.percentile(list(range(1, 101)), 90)) == (3, 90)


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


def test_figures_count_what_came_in(office: Office) -> None:
    many(office)
    told = figures.counted(SINCE, UNTIL)
    category = dict(told["received"]["category"]["rows"])
    assert (category["phishing"], category["child"], told["received"]["category"]["total"]) == (12, 0, 20)
    assert category["malware"] == category["scam"] == "hidden", "two of malware, and the six that would give them away"
    assert dict(told["received"]["channel"]["rows"])["mail"] == "hidden"
    assert told["automation"] == {"decisions": 0, "said": "none"}
    assert figures.counted(UNTIL, UNTIL + figures.EVERY)["received"]["category"]["total"] == 0, "periods do not overlap"


def test_no_number_from_one_to_four_is_in_any_file(office: Office) -> None:
    many(office)
    told = figures.counted(SINCE, UNTIL)
    for part, _table, _row, value in figures.lines(told):
        assert part in {"openings", "log"} or value == "hidden" or not 0 < value < 5


def test_each_outcome_is_counted_lawful_ones_too(office: Office) -> None:
    for words in ("He writes at night", "Posters with my face", "Calls to my office", "A group laughs", "Letters under the door"):
        case = office.case(words, "harassment", standing="target")
        decide.propose(case, written("unfounded"), who=office.who(), at=NOW, log=LOG)
    Decision.objects.update(outcome="lawful_no_action")
    assert dict(figures.counted(SINCE, UNTIL)["decisions"]["outcome"]["rows"])["lawful_no_action"] == 5
    assert figures.counted(SINCE, UNTIL)["times"]["decision"]["count"] == 5


def test_referrals_are_counted_by_partner_and_answer(office: Office) -> None:
    case = office.case()
    decide.propose(case, written("refer"), who=office.who("ada"), at=NOW, log=LOG)
    decision = decide.confirm(Case.objects.get(pk=case.pk), who=office.who("ben"), at=NOW, log=LOG)
    first = decision.referrals.get()
    refer.read_referral(first, who=office.who("ben"), at=NOW, log=LOG)
    refer.send_referral(first, who=office.who("ben"), week="sample", at=NOW, log=LOG)
    refer.answer_referral(answers.token_of(first), "acted", words="", reference="", at=NOW + 7200, log=LOG)
    row = Referral.objects.values().get()
    for number in range(5):
        Referral.objects.create(**{**row, "id": None, "token_sha256": f"{number:064d}"})
    told = figures.counted(SINCE, UNTIL)
    assert told["referrals"]["partners"] == [["harbour", {"en": "Harbour Bank"}, [6], 6]]
    assert told["times"]["takedown"] == {"count": 6, "median": 7200, "p90": 7200}


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
    assert "The figures are overdue." in Client().get(page).content.decode()
    settings.CLOCK = lambda: UNTIL + figures.DUE_WITHIN + figures.OVERDUE + 2
    assert "this desk refers nothing to anybody" in Client().get(page).content.decode()
    publish.publish_due(at=settings.CLOCK())
    assert "overdue" not in Client().get(page).content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_has_a_table_for_every_drawing_and_files_beside_it(office: Office, language: str) -> None:
    many(office)
    for number in range(7):
        office.file(f"Another app {number}", "malware", at=NOW - 5)
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
    made = annex.part(part, snapshot, service="Showground")
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
        text = annex.part(part, snapshot, service="Showground").decode()
        assert not any(word in text for word in EXCLUDED)
    rows = list(csv.reader(io.StringIO(annex.part("4", snapshot, service="Showground").decode())))
    assert rows[1][3:6] == ["TOTAL", "", "20"]
    by_code = {(row[3], row[4]): row for row in rows}
    assert by_code[("KEYWORD_PHISHING", "")][5] == "12" and by_code[("KEYWORD_OTHER", "malware")][5] == ""
    assert by_code[("STATEMENT_CATEGORY_SCAMS_AND_FRAUD", "")][5] == "", "a sum with a hidden part is hidden"


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
        with transaction.atomic(), pytest.raises(IntegrityError):
            model.objects.update(**{field: value})  # type: ignore[attr-defined]


def test_partners_names_come_from_the_desk_s_own_list(office: Office) -> None:
    Partner.objects.filter(code="harbour").update(name={"en": "A", "zh": "甲"})
    assert figures.counted(SINCE, UNTIL)["referrals"] == {"answers": [], "partners": [], "totals": [], "total": 0}
