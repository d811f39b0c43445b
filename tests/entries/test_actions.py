from __future__ import annotations

from collections.abc import Callable

import pytest

from showground.entries import actions, queries
from showground.entries.models import Entry
from showground.rules import records
from showground.rules.refused import Refused
from showground.works.models import Work
from tests.entries.sample import FORM, PLEDGE, Desks


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        do()
    return no.value.code


# ---- starting and mending ----


def test_a_draft_leaves_no_record(room: Desks) -> None:
    entry = room.draft()
    assert (entry.state, entry.number, room.records("entry.")) == ("draft", None, [])


def test_start_before_the_call_is_early(room: Desks) -> None:
    at = room.week.call_opens - 1
    assert refused(lambda: actions.start_entry(room.week, by=room.maker, at=at, **FORM)) == "entry.early"


def test_start_at_the_very_close_is_late(room: Desks) -> None:
    at = room.week.call_closes
    assert actions.start_entry(room.week, by=room.maker, at=at - 1, **FORM).pk
    assert refused(lambda: actions.start_entry(room.week, by=room.maker, at=at, **FORM)) == "entry.late"


def test_a_sixth_draft_is_refused_until_one_is_gone(room: Desks) -> None:
    drafts = [room.draft(work=None) for _ in range(5)]
    assert refused(lambda: room.draft(work=None)) == "entry.too_many_drafts"
    actions.withdraw_entry(drafts[0], at=room.calling)
    assert room.draft(work=None).state == "draft"


def test_mend_changes_words_and_drops_a_work_of_another_category(room: Desks) -> None:
    entry = room.draft()
    mended = actions.mend_entry(entry, at=room.calling, title_en="Hook")
    assert (mended.title_en, mended.work) == ("Hook", entry.work)
    moved = actions.mend_entry(entry, at=room.calling, category="video", genre="animation")
    assert (moved.category, moved.work) == ("video", None)


def test_mend_after_sending_in_is_refused(room: Desks) -> None:
    entry = room.submitted()
    assert refused(lambda: actions.mend_entry(entry, at=room.calling, title_en="Late")) == "entry.not_open"
    entry.refresh_from_db()
    assert entry.title_en == "Bait"


def test_a_draft_cannot_be_mended_after_the_call(room: Desks) -> None:
    entry = room.draft()
    assert refused(lambda: actions.mend_entry(entry, at=room.week.call_closes, title_en="Late")) == "entry.late"


def test_a_returned_work_may_be_mended_until_the_vote_opens(room: Desks) -> None:
    entry = room.returned()
    mended = actions.mend_entry(entry, at=room.week.vote_opens - 1, credit="Photo: Ada Berg")
    assert mended.credit == "Photo: Ada Berg"
    assert refused(lambda: actions.mend_entry(entry, at=room.week.vote_opens, credit="x")) == "entry.late"


def test_a_work_of_another_kind_is_not_attached(room: Desks) -> None:
    entry = room.draft(work=None)
    film = room.work(room.maker, category="video")
    assert refused(lambda: actions.attach_work(entry, work=film, at=room.calling)) == "work.category"
    entry.refresh_from_db()
    assert entry.work is None


# ---- sending in ----


@pytest.mark.parametrize(
    ("work", "code"),
    [(None, "entry.no_work"), *[(s, "entry.work_not_safe") for s in ("receiving", "waiting", "refused")]],
)
def test_without_a_safe_work_nothing_is_sent_in(room: Desks, work: str | None, code: str) -> None:
    entry = room.draft(work=work)
    assert refused(lambda: actions.submit_entry(entry, pledge=PLEDGE, at=room.calling)) == code
    assert room.records("entry.") == []


def test_without_a_title_nothing_is_sent_in(room: Desks) -> None:
    entry = room.draft(title_en="", title_zh="")
    assert refused(lambda: actions.submit_entry(entry, pledge=PLEDGE, at=room.calling)) == "entry.no_title"


def test_sending_in_writes_one_record_whose_commitments_open(room: Desks) -> None:
    entry = room.submitted()
    [record] = room.records("entry.")
    assert record["type"] == "entry.submitted" and record["entry"] == entry.code
    assert record["pledge_sha256"] == records.sha256_hex(PLEDGE.encode())
    opened = {name: records.commitment(opening) for name, opening in actions.openings(entry).items()}
    assert opened == {name: record[name] for name in ("title_commit", "files_commit", "submitter")}
    said = str(record)
    assert "Bait" not in said and "Lin" not in said and "maker@" not in said and entry.work.sha256 not in said


def test_sending_in_twice_is_sending_in_once(room: Desks) -> None:
    entry = room.draft()
    first = actions.submit_entry(entry, pledge=PLEDGE, at=room.calling)
    second = actions.submit_entry(entry, pledge=PLEDGE, at=room.calling + 5)
    assert (first.submitted_at, second.submitted_at) == (room.calling, room.calling)
    assert first.salts == second.salts and len(room.records("entry.")) == 1


def test_a_draft_sent_in_at_the_close_is_late(room: Desks) -> None:
    entry = room.draft()
    assert refused(lambda: actions.submit_entry(entry, pledge=PLEDGE, at=room.week.call_closes)) == "entry.late"
    assert (Entry.objects.get(pk=entry.pk).state, room.records("entry.")) == ("draft", [])


def test_a_returned_work_comes_again_with_fresh_salts(room: Desks) -> None:
    entry = room.returned()
    before = dict(entry.salts)
    again = actions.submit_entry(entry, pledge=PLEDGE, at=room.week.call_closes + 60)
    assert (again.state, again.reason_code, again.reason_text) == ("submitted", "", "")
    assert not set(before.values()) & set(again.salts.values())
    assert [r["type"] for r in room.records("entry.")] == ["entry.submitted", "entry.returned", "entry.submitted"]


# ---- screening ----


def test_admitted_entries_are_numbered_from_101_in_order(room: Desks) -> None:
    numbers = [room.accepted().number for _ in range(3)]
    assert numbers == [101, 102, 103]
    assert [r["type"] for r in room.records("entry.")][-1] == "entry.accepted"


def test_a_decision_on_what_is_decided_is_refused(room: Desks) -> None:
    entry = room.accepted()
    told = {"by": room.screener, "at": room.calling + 300}
    assert refused(lambda: actions.admit_entry(entry, **told)) == "entry.not_submitted"
    assert refused(lambda: actions.return_entry(entry, reason="topic", text="", **told)) == "entry.not_submitted"
    assert refused(lambda: actions.admit_entry(room.draft(), **told)) == "entry.not_submitted"


def test_nobody_screens_an_own_work(room: Desks) -> None:
    entry = room.submitted(room.screener)
    told = {"by": room.screener, "at": room.calling + 300}
    assert refused(lambda: actions.admit_entry(entry, **told)) == "entry.own"
    assert refused(lambda: actions.return_entry(entry, reason="topic", text="", **told)) == "entry.own"
    assert [r["type"] for r in room.records("entry.")] == ["entry.submitted"]


def test_once_the_vote_opens_nothing_is_admitted(room: Desks) -> None:
    entry = room.submitted()
    told = {"by": room.screener, "at": room.week.vote_opens}
    assert refused(lambda: actions.admit_entry(entry, **told)) == "entry.late"


def test_a_return_names_its_reason_in_the_log_and_keeps_the_words(room: Desks) -> None:
    entry = room.returned()
    assert (entry.reason_code, entry.reason_text, entry.decided_by) == ("rights", "Name the photographer.", room.screener)
    assert room.records("entry.returned")[0]["reason_code"] == "rights"
    assert "photographer" not in str(room.records("entry.returned"))


# ---- withdrawing and closing ----


def test_a_withdrawn_draft_leaves_no_record(room: Desks) -> None:
    assert actions.withdraw_entry(room.draft(), at=room.calling).state == "withdrawn"
    assert room.records("entry.") == []


def test_withdrawing_twice_writes_one_record(room: Desks) -> None:
    entry = room.accepted()
    for _ in range(2):
        actions.withdraw_entry(entry, at=room.week.vote_opens + 60)
    assert len(room.records("entry.withdrawn")) == 1


def test_withdrawing_after_the_vote_is_late(room: Desks) -> None:
    entry = room.accepted()
    assert refused(lambda: actions.withdraw_entry(entry, at=room.week.vote_closes)) == "entry.late"


def test_the_list_closes_over_the_admitted_only(room: Desks) -> None:
    kept = sorted(room.accepted().code for _ in range(2))
    room.returned()
    actions.withdraw_entry(room.accepted(), at=room.calling)
    assert actions.close_entries(room.week, at=room.week.call_closes) == kept
    [record] = room.records("entries.closed")
    assert (record["count"], record["list_sha256"]) == (2, records.list_sha256(kept))


def test_the_list_waits_for_every_decision(room: Desks) -> None:
    assert refused(lambda: actions.close_entries(room.week, at=room.calling)) == "entries.none"
    room.accepted()
    room.submitted()
    assert refused(lambda: actions.close_entries(room.week, at=room.calling)) == "entries.undecided"
    assert room.records("entries.closed") == []


def test_what_is_missing_is_said_in_one_word(room: Desks) -> None:
    words = [queries.missing(room.draft(work=state)) for state in (None, "receiving", "waiting", "refused")]
    assert words == ["work", "receiving", "waiting", "refused"]
    assert queries.missing(room.draft()) == ""


def test_a_file_that_another_takes_the_place_of_is_erased(room: Desks) -> None:
    entry = room.draft()
    first = entry.work
    entry = actions.attach_work(entry, work=room.work(room.maker, "receiving"), at=room.calling)
    second = entry.work
    entry = actions.attach_work(entry, work=second, at=room.calling)
    assert [Work.objects.get(pk=work.pk).state for work in (first, second)] == ["erasing", "receiving"]
    entry = actions.mend_entry(entry, at=room.calling, category="h5")
    assert entry.work is None and Work.objects.get(pk=second.pk).state == "erasing"


def test_erasing_leaves_a_hash_in_the_log_and_nothing_here(room: Desks) -> None:
    entry = room.submitted()
    assert refused(lambda: actions.erase_entry(entry)) == "entry.not_withdrawn"
    record = room.records()[-1]
    actions.withdraw_entry(entry, at=room.calling)
    work = entry.work
    gone = actions.erase_entry(entry)
    assert Work.objects.get(pk=work.pk).state == "erasing", "its bytes go when this stands"
    assert (gone.title_en, gone.title_zh, gone.maker_name, gone.statement_en, gone.salts, gone.work) == ("", "", "", "", {}, None)
    assert actions.openings(gone) == {}
    assert room.records()[-2]["title_commit"] == record["title_commit"], "the log still holds the commitment"
