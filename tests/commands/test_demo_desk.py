"""The demo's desk: its samples lead nowhere, and after three days its cases stand in many states, each by an officer's own act."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from showground import clock
from showground.commands import _desk as desks
from showground.commands import _desk_texts as texts
from showground.commands._desk import Desk
from showground.commands._desk_play import week_of
from showground.commands.demo_week import midnight
from showground.evidence.opening import open_files
from showground.reports.actions.cards import plant_channels
from showground.reports.models import Case, Event, Holder, Proposal, Report, Shift
from showground.reports.queries import counting, figures
from showground.reports.queries.reading import body, by_code
from showground.rules.harms import CODES
from tests.house.sample_week import a_week

SAMPLES = sorted(file for file in texts.SAMPLES.rglob("*") if file.is_file())
RESERVED = (".example", ".test", ".invalid")  # RFC 2606: nobody can ever own these


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.name)
def test_no_sample_leads_anywhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace("=\n", "")
    hosts = re.findall(r"https?://([\w{}.-]*[\w}])", text) + re.findall(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", text)
    assert all(host.replace("{w}", "x").lower().endswith(RESERVED) for host in hosts), hosts


def test_no_sample_holds_a_number_that_somebody_has() -> None:
    for name in ("reports.toml", "stories.toml"):
        text = re.sub(r"https?://\S+", "", (texts.SAMPLES / name).read_text(encoding="utf-8"))
        assert not re.findall(r"\+?\d[\d -]{6,}\d", text), name


def test_every_single_report_has_its_plan_in_both_languages() -> None:
    for one in texts.read("reports.toml")["singles"]:
        assert len(one["en"]) == len(one["zh"]) == len(one["plans"]), one["category"]
        assert one["category"] in CODES


def test_a_child_or_an_intimate_picture_is_a_state_without_content() -> None:
    told = [one for one in texts.read("stories.toml")["stories"] if one.get("category") in {"child", "intimate"}]
    assert len(told) == 3
    assert all("without content" in one["text"] or "不含内容" in one["text"] for one in told)
    assert not any({"picture", "mail"} & set(one) for one in told)
    every = texts.read("reports.toml")
    assert not any(one["category"] in {"child", "intimate"} for one in every["campaigns"] + every["singles"])


def test_the_mails_say_what_is_wrong_with_them(tmp_path: Path) -> None:
    told = open_files(sorted((texts.SAMPLES / "mails").glob("*.eml")), names="harbourbank.example = Harbour Bank")
    assert len(told) == 4 and all(one["opened"] for one in told)
    assert all(one["mails"][0]["flags"] or one["mails"][0]["links"] or one["mails"][0]["attachments"] for one in told)


def test_a_week_begins_for_the_demo_when_it_begins_for_the_figures() -> None:
    assert all(week_of(at) == figures.week_of(at) for at in range(1_790_000_000, 1_790_000_000 + 8 * texts.DAY, 7200))


@pytest.mark.parametrize("late", [1, 600, 2 * texts.HOUR + 1800, 3 * texts.HOUR, 80 * texts.HOUR])
def test_the_last_hours_are_told_in_their_order_behind_the_figures_that_are_out(late: int) -> None:
    monday = week_of(clock.real())
    now = monday + late
    hours = [now - desks.LAST + second for second in range(0, desks.LAST + 1, 60)]
    as_told = [desks.retold(at, now) for at in hours]
    assert as_told == sorted(as_told) and as_told[0] >= monday and as_told[-1] == now
    assert (as_told == hours) == (late >= desks.LAST), "nothing is moved where no week ended"


def test_a_demo_built_on_a_monday_night_stands_still_with_all_its_last_reports_in_the_new_week() -> None:
    monday, filed = week_of(clock.real()), []
    made = Desk(midnight(monday), monday + 2400, seed=3)
    made.file = lambda arrival, **_: filed.append(arrival.at)  # type: ignore[method-assign]  # when, not what
    made.stand_still(monday + 2400)
    assert len(filed) == 18 and all(monday <= at <= monday + 2400 for at in filed)


@pytest.fixture
def desk(db: Any, settings: Any, tmp_path: Path) -> Desk:
    settings.DESK_STORE, settings.LETTERS = tmp_path / "desk", tmp_path / "letters"
    settings.EMAIL_BACKEND = "showground.ui.letterbox.FolderBackend"
    week = a_week().week
    plant_channels()
    now = week_of(clock.real()) + 3 * texts.DAY + 12 * texts.HOUR  # a Thursday, so that no figures are due meanwhile
    made = Desk(midnight(now), now, seed=3)
    since = midnight(now) - 3 * texts.DAY + 8 * texts.HOUR
    made.open(week.code, since)
    made.texts.rate = lambda day: 5  # type: ignore[method-assign]
    made.texts.stories = [
        one for one in made.texts.stories if "work" not in one
    ]  # this week has no log that could say it is withheld
    made.work(since, now)
    return made


def test_three_days_leave_cases_in_many_states_and_nothing_ahead_of_the_clock(desk: Desk) -> None:
    told = desk.stand_still(desk.ends)
    assert {"new", "assessing", "awaiting_reporter"} <= set(Case.objects.values_list("state", flat=True))
    assert Proposal.objects.exists()
    states = list(Report.objects.values_list("state", flat=True))
    assert states.count("rejected_spam") == 9, "the flood was turned away"
    assert states.count("received") >= 5, "something waits to be taken in"
    assert Report.objects.filter(held_until__gt=desk.ends).count() == 2
    assert Holder.objects.count() == 5 and not Shift.objects.exists()
    assert told["passphrase"].count(" ") == 5
    assert not Event.objects.filter(at__gt=desk.ends).exists()
    counted, waiting = counting.counted(week_of(desk.ends), desk.ends + 1)
    assert counted["received"]["category"]["total"] + len(waiting["report"]) == Report.objects.count()
    _code_opens_messages_both_ways(told["codes"])


def _code_opens_messages_both_ways(codes: list[dict[str, str]]) -> None:
    [one] = [code for code in codes if code["plan"] == "question"]
    held = by_code(one["code"])
    assert "technical help" in body(held)["words"]
    assert list(held.report.messages.values_list("way", flat=True))[:2] == ["to_reporter", "to_desk"]
