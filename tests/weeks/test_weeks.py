"""The week file: read whole or refused with the field that is wrong; duties that must stay apart."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from showground.commands.demo_week import week_file
from showground.people.actions import welcome
from showground.rules.refused import Refused
from showground.weeks import queries
from showground.weeks.actions import give_duty, open_week, read_week_file
from showground.weeks.models import Week

AT = 1_790_000_000
TEXT, CALENDAR = week_file("sample", anchor=AT, name=("Sample", "样例"))


def refused(text: str) -> Refused:
    with pytest.raises(Refused) as caught:
        read_week_file(text)
    return caught.value


def test_a_good_week_file_is_read_with_its_times_in_its_zone() -> None:
    document = read_week_file(TEXT)
    assert document["calendar"] == CALENDAR
    opens = datetime.fromtimestamp(CALENDAR["vote_opens"], ZoneInfo("Asia/Shanghai"))
    assert (opens.hour, opens.minute) == (9, 0)
    assert document["rule"]["categories"] == ["picture", "video", "h5"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('zh = "样例"', 'zh = ""', "name.zh"),
        ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Nowhere"', None),
        ('kind = "picture"', 'kind = "painting"', "categories[].kind"),
        ('category = "h5"', 'category = "h6"', "genres[].category"),
        ("call_opens = ", "call_starts = ", "calendar.call_opens"),
        ('en = "Anyone may enter', 'fr = "Anyone may enter', "terms.en"),
    ],
)
def test_a_wrong_field_is_named(old: str, new: str, field: str | None) -> None:
    assert old in TEXT
    told = refused(TEXT.replace(old, new, 1) if old != 'category = "h5"' else TEXT.replace(old, new))
    assert told.facts.get("field") == field


def test_a_calendar_out_of_order_is_refused() -> None:
    lines = TEXT.splitlines()
    opens = next(i for i, line in enumerate(lines) if line.startswith("vote_opens"))
    closes = next(i for i, line in enumerate(lines) if line.startswith("vote_closes"))
    lines[opens], lines[closes] = (
        lines[opens].replace("vote_opens", "vote_closes"),
        lines[closes].replace("vote_closes", "vote_opens"),
    )
    assert refused("\n".join(lines)).code == "week.calendar_order"


def test_a_rule_that_cannot_be_computed_is_refused() -> None:
    told = refused(TEXT.replace("weight = [60, 100]", "weight = [70, 100]"))
    assert told.code.startswith("ruleset.")


def test_what_is_not_toml_is_refused_with_the_place() -> None:
    told = refused("code = \n")
    assert told.code == "week.not_toml" and "line 1" in str(told.facts["detail"])


@pytest.mark.django_db
def test_a_week_is_opened_once_and_keeps_its_origin() -> None:
    document = read_week_file(TEXT)
    open_week(document)
    open_week(document)
    assert Week.objects.count() == 1
    with pytest.raises(Refused) as caught:
        open_week({**document, "origin": "other.rehearsal.invalid"})
    assert caught.value.code == "week.origin_fixed"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "second"), [("organiser", "notary"), ("juror", "screener"), ("notary", "juror"), ("organiser", "juror")]
)
def test_duties_that_must_stay_apart(first: str, second: str) -> None:
    week, person = open_week(read_week_file(TEXT)), welcome("a@b.example", language="en", at=AT)
    give_duty(week, person=person, duty=first)
    with pytest.raises(Refused) as caught:
        give_duty(week, person=person, duty=second)
    assert caught.value.code == "week.duties_apart"
    assert queries.duties(person, week) == {first}


@pytest.mark.django_db
def test_phases_and_the_current_week() -> None:
    week = open_week(read_week_file(TEXT))
    states = {p.key: p.state for p in queries.phases(week, week.vote_opens + 5)}
    assert states == {"call": "past", "vote": "now", "jury": "shut", "results": "shut"}
    assert queries.phase(week, week.vote_closes) == "jury"
    assert queries.current_week(week.call_opens - 10) == week
    assert queries.current_week(week.call_opens + 10) == week


def test_a_text_is_said_in_the_reader_s_language_or_the_other() -> None:
    with translation.override("zh-hans"):
        assert queries.said({"en": "Works", "zh": "作品"}) == "作品"
        assert queries.said({"en": "Works", "zh": ""}) == "Works"
    with translation.override("en"):
        assert queries.said({"en": "Works", "zh": "作品"}) == "Works"


@pytest.mark.django_db
def test_what_the_log_has_announced_cannot_be_changed_by_a_new_file(monkeypatch: pytest.MonkeyPatch) -> None:
    from showground.ledger.actions.append import append, open_log

    document = read_week_file(TEXT)
    week = open_week(document)
    open_log(week.origin, vkey="x", policy="")
    rule = document["rule"]
    digest = "0" * 64
    append(week.origin, "ruleset.frozen", written_at=AT, ruleset=rule, ruleset_sha256=digest)
    other = read_week_file(TEXT.replace("per_category = 5", "per_category = 4"))
    with pytest.raises(Refused) as caught:
        open_week(other)
    assert caught.value.code == "week.rule_frozen"
    later = read_week_file(TEXT)
    later["calendar"]["vote_closes"] += 3600
    open_week(later)  # the hours may still move: the vote is not announced
    week.refresh_from_db()
    append(
        week.origin, "vote.opened", written_at=AT, ruleset_sha256=digest, entries_list_sha256=digest, opens=week.vote_opens,
        closes=week.vote_closes, pseudonym_key_commit=digest, seal="sealed", credentials_rule="x",
    )  # fmt: skip
    with pytest.raises(Refused) as caught:
        open_week(document)
    assert caught.value.code == "week.calendar_fixed"
