from __future__ import annotations

import pytest

from showground.media.jail import Jail, best_available, rlimits_only
from showground.works import queries
from showground.works.actions import receive
from showground.works.actions.make_safe import ATTEMPTS, BACKOFF, make_safe
from showground.works.models import Work
from tests.entries.sample import Desks
from tests.entries.test_pages import png

NOW = 1_787_000_000
needs_bwrap = pytest.mark.skipif(not best_available().strong, reason="needs bubblewrap")


def waiting(room: Desks, data: bytes) -> Work:
    return receive.receive_whole(room.maker, category="picture", filename="a.png", size=len(data), pieces=[data], at=NOW)


@needs_bwrap
def test_a_safe_picture_has_renditions_and_an_untouched_original(room: Desks) -> None:
    data = png(400)
    work = make_safe(waiting(room, data), jail=best_available(), at=NOW)
    assert work.state == "safe", work.refusal
    assert receive.original(work).read_bytes() == data and not receive.quarantine(work).exists()
    [smallest, *_rest] = queries.pictures(work)
    assert smallest.url.startswith("/media/") and smallest.ratio == 1
    assert make_safe(work, jail=best_available(), at=NOW).state == "safe"  # a second run finds it done


@needs_bwrap
def test_a_picture_cut_off_in_the_middle_is_refused_as_such(room: Desks) -> None:
    data = png(400)
    work = make_safe(waiting(room, data[: len(data) // 2]), jail=best_available(), at=NOW)
    assert (work.state, work.refusal["code"]) == ("refused", "work.cut_off")
    assert not receive.quarantine(work).exists()


def test_without_a_strong_jail_only_our_own_works_are_opened(room: Desks) -> None:
    data = png(60)
    stranger = make_safe(waiting(room, data), jail=rlimits_only(), at=NOW)
    assert (stranger.state, stranger.refusal) == ("refused", {"code": "work.no_jail"})
    ours = waiting(room, data)
    assert make_safe(ours, jail=rlimits_only(), at=NOW, ours=frozenset({ours.sha256})).state == "safe"


def test_a_broken_jail_leaves_the_work_waiting_and_gives_up_at_last(room: Desks) -> None:
    broken, work = Jail("bwrap", "", "/bin/false"), waiting(room, png(60))
    for turn in range(1, ATTEMPTS):
        work = make_safe(work, jail=broken, at=NOW)
        assert (work.state, work.attempts, work.not_before) == ("waiting", turn, NOW + BACKOFF * turn)
        assert list(queries.waiting(NOW)) == [] and list(queries.waiting(work.not_before)) == [work]
    work = make_safe(work, jail=broken, at=NOW)
    assert (work.state, work.refusal["code"]) == ("refused", "media.unreadable")
