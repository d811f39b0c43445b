"""One file gives a week its desk; what is wrong in it is named, and then nothing has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from showground.commands import desk_setup
from showground.people.models import Person
from showground.reports.models import Holder, LegalBasis, Partner
from showground.weeks.models import Role
from tests.house.sample_week import a_week

pytestmark = pytest.mark.django_db
DEMO = Path(desk_setup.__file__).parent / "desk_samples" / "desk.toml"


@pytest.fixture(autouse=True)
def week() -> Any:
    return a_week().week


def test_the_demo_desk_has_people_laws_and_partners(week: Any) -> None:
    assert desk_setup.main([week.code, str(DEMO)]) == 0
    ours = Role.objects.filter(week=week, person__email__endswith="@demo.example")
    assert sorted(ours.values_list("duty", flat=True)) == ["approver", "custodian", "officer", "officer", "officer"]
    assert LegalBasis.objects.count() == 5 and Partner.objects.count() == 9
    assert Partner.objects.get(code="harbour-bank").legitimate_hosts == ["harbourbank.example"]


def test_run_twice_nothing_is_there_twice(week: Any) -> None:
    for _ in range(2):
        assert desk_setup.main([week.code, str(DEMO)]) == 0
    assert LegalBasis.objects.count() == 5 and Partner.objects.count() == 9


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ('[[partners]]\ncode = "a"\nkind = "bank"\nname = { en = "A" }\nmail = "a@a.example"\n', "partners[0].name"),
        ('[[partners]]\ncode = "a"\nkind = "rumour office"\nname = { en = "A", zh = "甲" }\nmail = "a@a.example"\n', "partners[0].kind"),
        ('[[laws]]\nkind = "statute"\ncitation = { en = "A", zh = "甲" }\nsince = "long ago"\n', "laws[0].since"),
        ('[[laws]]\nkind = "statute"\ncitation = { en = "A", zh = "甲" }\nsince = 2020-01-01\ncategories = ["rumours"]\n', "laws[0].categories"),
        ('[[people]]\nemail = "x@demo.example"\nduty = "organiser"\n', "people[0]"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_changed(
    wrong: str, named: str, week: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = '[[partners]]\ncode = "good"\nkind = "bank"\nname = { en = "Good", zh = "好" }\nmail = "g@g.example"\n'
    file = tmp_path / "desk.toml"
    file.write_text(good + wrong.replace("partners[0]", "partners[1]"), encoding="utf-8")
    assert desk_setup.main([week.code, str(file)]) == 1
    assert named.replace("partners[0]", "partners[1]") in capsys.readouterr().err
    assert not Partner.objects.exists() and not LegalBasis.objects.exists()


def test_a_week_that_is_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert desk_setup.main(["nowhere", str(DEMO)]) == 1
    assert "week" in capsys.readouterr().err


def test_a_person_whose_duty_ended_has_it_no_longer_but_not_the_last_who_opens_the_desk(
    week: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk_setup.main([week.code, str(DEMO)]) == 0
    ended = tmp_path / "ended.toml"
    ended.write_text('[[people]]\nemail = "officer@demo.example"\nduty = "officer"\nended = true\n', encoding="utf-8")
    person = Person.objects.get(email="officer@demo.example")
    Holder.objects.create(person=person, duty="officer", public=b"", kept=b"", desk_wrapped=b"x", added_at=0)
    assert desk_setup.main([week.code, str(ended)]) == 1 and "last key of the desk" in capsys.readouterr().err
    assert person.roles.filter(duty="officer").exists()
    other = Person.objects.get(email="officer2@demo.example")
    Holder.objects.create(person=other, duty="officer", public=b"", kept=b"", desk_wrapped=b"x", added_at=0)
    assert desk_setup.main([week.code, str(ended)]) == 0
    assert not person.roles.exists() and other.roles.filter(duty="officer").exists()
