"""A work is withheld and restored: the record, the files, and who goes on seeing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from showground.entries import actions, queries
from showground.entries.models import Entry
from showground.rules import records
from showground.rules.chronicle import Chronicle
from showground.weeks.actions import give_duty
from showground.works.actions.hold import MARK, keep_all_shut
from showground.works.models import HeldFile
from showground.works.queries import closed_address, held_key
from tests.entries.conftest import Enter
from tests.entries.sample import Desks
from tests.entries.test_actions import refused

WORDS = {"en": "It copies a poster of another school.", "zh": "它照搬了另一所学校的海报。"}


def withhold(room: Desks, entry: Entry, **more: Any) -> Entry:
    told = {"reason_code": "rights", "by": room.organiser, "at": room.calling + 500, **more}
    return actions.withhold_entry(entry, **told)


def restore(room: Desks, entry: Entry, **more: Any) -> Entry:
    return actions.restore_entry(entry, **{"reason_code": "appeal", "by": room.organiser, "at": room.calling + 900, **more})


def test_withholding_leaves_the_state_and_writes_one_record(room: Desks) -> None:
    entry = withhold(room, room.accepted(), words=WORDS)
    assert (entry.state, entry.withheld_at, entry.withheld_for) == ("accepted", room.calling + 500, "rights")
    assert room.records("entry.withheld") == [
        records.build("entry.withheld", room.week.origin, entry=entry.code, reason_code="rights")
    ]
    assert queries.withheld_codes(room.week) == [entry.code] and list(queries.public_entries(room.week)) == [entry]


def test_restoring_leaves_nothing_behind_but_the_record(room: Desks) -> None:
    entry = restore(room, withhold(room, room.accepted(), words=WORDS))
    entry.refresh_from_db()
    assert (entry.withheld_at, entry.withheld_for, entry.withheld_words) == (None, "", {})
    assert [r["type"] for r in room.records("entry.")][-2:] == ["entry.withheld", "entry.restored"]
    assert not HeldFile.objects.exists()


def test_the_outbox_is_a_log_that_may_stand(room: Desks) -> None:
    """What the site writes is what the chronicle takes, in this order."""
    entry = restore(room, withhold(room, room.accepted()))
    withhold(room, entry)
    opened = records.build(
        "log.opened", room.week.origin, software="x", policy_sha256="0" * 64, operator="x", vkeys=[], clock="rehearsal"
    )
    week = Chronicle()
    for record in [opened, *room.records("entry.")]:
        week.read(record)
    assert week.entries[entry.code].withheld is not None and week.votable() == {entry.code}


@pytest.mark.parametrize(
    ("state", "code"), [("draft", "entry.not_shown"), ("returned", "entry.not_shown"), ("withdrawn", "entry.not_shown")]
)
def test_what_nobody_is_shown_cannot_be_withheld(room: Desks, state: str, code: str) -> None:
    entry = actions.withdraw_entry(room.accepted(), at=room.calling) if state == "withdrawn" else getattr(room, state)()
    assert refused(lambda: withhold(room, entry)) == code


def test_twice_unknown_reasons_and_restoring_what_is_shown_are_refused(room: Desks) -> None:
    entry = room.accepted()
    assert refused(lambda: restore(room, entry)) == "entry.not_withheld"
    assert refused(lambda: withhold(room, entry, reason_code="opinion")) == "entry.reason"
    withhold(room, entry)
    assert refused(lambda: withhold(room, entry)) == "entry.withheld_twice"
    assert refused(lambda: restore(room, entry, reason_code="maker")) == "entry.reason"
    assert len(room.records("entry.withheld")) == 1 and not room.records("entry.restored")


def test_the_public_copy_has_no_word_of_the_maker_and_the_entry_keeps_all(room: Desks) -> None:
    entry = withhold(room, room.accepted(credit="Photo: Wu"))
    bare = queries.as_shown(entry)
    told = " ".join(str(getattr(bare, name)) for name in actions.FIELDS)
    assert not any(word in told for word in ("Bait", "饵", "Lin Zhao", "hook", "Wu")) and bare.work is None
    assert entry.work is not None and entry.title_en == "Bait" and (bare.code, bare.number) == (entry.code, entry.number)


def test_whoever_judges_or_made_it_goes_on_seeing_it(room: Desks) -> None:
    entry = withhold(room, room.accepted())
    sees = {name for name, person in room.people.items() if queries.may_see_withheld(entry, person)}
    assert sees == {"maker", "screener", "organiser", "notary"}
    give_duty(room.week, person=room.other, duty="juror")
    assert queries.may_see_withheld(entry, room.other)
    assert "?k=" in queries.seen(entry).pictures[0].url


def test_a_work_that_comes_again_while_it_is_withheld_is_held_back_too(room: Desks) -> None:
    entry = withhold(room, room.submitted())
    entry = actions.return_entry(entry, by=room.screener, at=room.calling + 600, reason="rights", text="x")
    fresh = room.work(room.maker)
    entry = actions.attach_work(entry, work=fresh, at=room.calling + 700)
    actions.submit_entry(entry, pledge="I made it.", at=room.calling + 800)
    assert HeldFile.objects.filter(work=fresh).exists()


# ---- the files ----


def served(enter: Enter, name: str, key: str = "") -> Any:
    return enter().get(f"/media/{name}" + (f"?k={key}" if key else ""))


def test_files_are_not_served_while_their_work_is_withheld_but_to_who_has_the_key(room: Desks, enter: Enter, settings: Any) -> None:
    entry = room.accepted()
    name = entry.work.media["renditions"][0]["file"]
    place = Path(settings.MEDIA_STORE) / name[:2] / name
    place.parent.mkdir(parents=True)
    place.write_bytes(b"picture")
    assert b"".join(served(enter, name).streaming_content) == b"picture"
    withhold(room, entry)
    shut = served(enter, name)
    assert (shut.status_code, shut.content, shut["Cache-Control"]) == (451, b"", "no-store")
    assert served(enter, name, "0" * 32).status_code == 451
    opened = served(enter, name, held_key(name))
    assert b"".join(opened.streaming_content) == b"picture" and opened["Cache-Control"] == "private, no-store"
    restore(room, entry)
    assert "immutable" in served(enter, name)["Cache-Control"]


def test_a_copy_of_the_same_file_stays_shut_until_both_are_free(room: Desks, enter: Enter, settings: Any) -> None:
    one, other = room.accepted(), room.accepted(room.other)
    other.work.media = one.work.media
    other.work.save()
    name = one.work.media["renditions"][0]["file"]
    place = Path(settings.MEDIA_STORE) / name[:2] / name
    place.parent.mkdir(parents=True)
    place.write_bytes(b"picture")
    withhold(room, one)
    withhold(room, other)
    restore(room, one)
    assert served(enter, name).status_code == 451


@pytest.mark.django_db(transaction=True)
def test_a_package_moves_to_an_address_that_nobody_can_guess(room: Desks, settings: Any) -> None:
    home = "a" * 32
    store = Path(settings.H5_STORE)
    (store / home).mkdir(parents=True)
    (store / home / "manifest.json").write_text("{}")
    entry = room.accepted(category="h5", genre="game")
    entry.work.media = {"renditions": [], "hash32": home}
    entry.work.save()
    entry = withhold(room, entry)
    closed = queries.seen(entry).runs_at
    assert closed == closed_address(home) != home and (store / f"{home}.gone").read_bytes() == MARK
    assert (store / closed / "manifest.json").read_text() == "{}"
    assert queries.entry_of_package(closed) == queries.entry_of_package(home) == entry
    restore(room, entry)
    assert not (store / f"{home}.gone").exists() and not (store / closed).exists() and queries.entry_of_package(closed) is None


def test_a_decision_that_is_rolled_back_shuts_nothing(room: Desks, settings: Any) -> None:
    home, entry = "b" * 32, room.accepted(category="h5", genre="game")
    entry.work.media = {"hash32": home}
    entry.work.save()
    with transaction.atomic():
        withhold(room, entry)
        transaction.set_rollback(True)
    assert not HeldFile.objects.exists() and not (Path(settings.H5_STORE) / f"{home}.gone").exists()


def test_marks_follow_the_database_after_a_crash_and_an_operators_own_mark_stays(room: Desks, settings: Any) -> None:
    home, store = "c" * 32, Path(settings.H5_STORE)
    entry = room.accepted(category="h5", genre="game")
    entry.work.media = {"hash32": home}
    entry.work.save()
    withhold(room, entry)  # the transaction of the test never commits, as if the process had died
    assert not (store / f"{home}.gone").exists()
    keep_all_shut()
    assert (store / f"{home}.gone").exists()
    HeldFile.objects.all().delete()
    (store / f"{'d' * 32}.gone").write_bytes(b"")
    keep_all_shut()
    assert [file.name for file in store.glob("*.gone")] == [f"{'d' * 32}.gone"]


# ---- what its maker reads ----


@pytest.mark.parametrize(("language", "said"), [("en", "Withheld since"), ("zh-hans", "暂不展示")])
def test_its_maker_reads_that_it_is_withheld_and_where_the_appeal_is(room: Desks, enter: Enter, language: str, said: str) -> None:
    entry = room.accepted()
    page = f"/{language}/2026/enter/{entry.code}/"
    assert said not in enter("maker").get(page).content.decode()
    withhold(room, entry)
    told = enter("maker").get(page).content.decode()
    assert said in told and ("A letter to you says why" in told or "如何申诉" in told)
    assert said in enter("maker").get(f"/{language}/2026/enter/").content.decode()
