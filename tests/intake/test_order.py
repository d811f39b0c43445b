"""The order of the log: casts, scopes, minutes, the opening; on both stores."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from showground.intake.client import Door
from showground.intake.commit import Fenced
from showground.intake.store_sqlite import SqliteShelf
from showground.rules import records
from showground.rules.chronicle import Chronicle
from showground.rules.refused import Refused
from tests.harness.quiz_week import DRAW, QUIZ, QuizWeek

from . import sample
from .conftest import LOG, Running


def log_of(running: Running) -> list[dict[str, Any]]:
    return [json.loads(text) for text in sample.entries(running.door, LOG)]


def code_of(door: Door, target: str, body: dict[str, Any]) -> str:
    with pytest.raises(Refused) as refused:
        door.post(target, body)
    return refused.value.code


# ---- casts ----


def test_cast_is_answered_with_the_leaf_as_it_stands_in_the_log(either: Running) -> None:
    status, told = either.cast(either.paper("ann"), ["dddddd", "aaaaaa"])
    assert status == 200
    entry = sample.entries(either.door, LOG)[told["index"]]
    assert entry == told["entry"]
    assert sha256(b"\0" + entry.encode()).hexdigest() == told["leaf_hash"]
    assert json.loads(entry)["commit"] == records.commitment(told["opening"])
    assert told["choices"] == told["opening"]["choices"] == ["aaaaaa", "dddddd"]


def test_double_click_is_answered_with_the_first_receipt(either: Running) -> None:
    paper, salt = either.paper("ann"), sample.salt()
    first = either.cast(paper, ["aaaaaa"], salt=salt)
    size = len(log_of(either))
    assert either.cast(paper, ["aaaaaa"], salt=salt) == first
    assert len(log_of(either)) == size


def test_equal_leaf_is_found_before_replaces_is_compared(running: Running) -> None:
    paper, salt = running.paper("ann"), sample.salt()
    _, first = running.cast(paper, ["aaaaaa"], salt=salt)
    running.cast(paper, ["bbbbbb"], replaces=first["index"])
    assert running.cast(paper, ["aaaaaa"], salt=salt) == (200, first)


def test_equal_leaf_is_found_after_the_close(running: Running) -> None:
    paper, salt = running.paper("ann"), sample.salt()
    running.now = sample.MIDNIGHT + sample.DAY
    paper = running.paper("ann")
    _, first = running.cast(paper, ["aaaaaa"], salt=salt)
    running.now = sample.CLOSES + 5
    assert running.cast(paper, ["aaaaaa"], salt=salt) == (200, first)
    assert running.cast(paper, ["aaaaaa"])[1]["error"] == "vote.closed"


def test_second_device_gets_409_with_both_ballots(either: Running) -> None:
    phone, laptop = either.paper("ann"), either.paper("ann", channel="code")
    _, first = either.cast(phone, ["aaaaaa"])
    status, told = either.cast(laptop, ["bbbbbb"])
    counted = {"index": first["index"], "choices": ["aaaaaa"]}
    assert (status, told) == (409, {"error": "ballot.overtaken", "counted": counted, "yours": {"choices": ["bbbbbb"]}})
    assert either.cast(laptop, ["bbbbbb"], replaces=first["index"])[0] == 200
    assert either.counted(phone)[1]["choices"] == ["bbbbbb"]


def test_replaces_without_a_counted_ballot_is_overtaken(running: Running) -> None:
    status, told = running.cast(running.paper("ann"), ["aaaaaa"], replaces=3)
    assert (status, told["error"], told["counted"]) == (409, "ballot.overtaken", {})


def test_counted_ballot_is_empty_before_the_first_cast_and_the_last_one_after(either: Running) -> None:
    paper = either.paper("ann")
    status, told = either.counted(paper)
    assert status == 200 and "index" not in told
    assert (told["scope"], told["limit"], told["casts_left"]) == ("2026-03-01", {"works": 2, "per": "category"}, 20)
    _, first = either.cast(paper, ["aaaaaa"])
    _, second = either.cast(paper, [], replaces=first["index"])
    told = either.counted(paper)[1]
    assert (told["index"], told["choices"], told["casts_left"]) == (second["index"], [], 18)


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        (["zzzzzz"], "ballot.choice_unknown"),
        (["aaaaaa", "bbbbbb", "cccccc"], "ballot.too_many"),
        (["AAAAAA"], "ballot.shape"),
        ("aaaaaa", "ballot.shape"),
        ([["aaaaaa"]], "ballot.shape"),
        (["aaaaaa"] * 300, "ballot.shape"),
        (None, "ballot.shape"),
    ],
)
def test_choices_no_rule_allows_are_refused(running: Running, choices: Any, code: str) -> None:
    paper, size = running.paper("ann"), len(log_of(running))
    status, told = running.cast(paper, choices)
    assert (status, told["error"]) == (422, code)
    assert len(log_of(running)) == size


@pytest.mark.parametrize(
    "more",
    [{"salt": "x"}, {"salt": None}, {"salt": "A" * 44}, {"replaces": -1}, {"replaces": "1"}, {"replaces": True}, {"x": 1}],
)
def test_cast_of_another_shape_is_refused(running: Running, more: dict[str, Any]) -> None:
    status, told = running.cast(running.paper("ann"), ["aaaaaa"], **more)
    assert (status, told["error"]) == (422, "ballot.shape")


def test_withdrawn_entry_can_no_longer_be_chosen(running: Running) -> None:
    paper = running.paper("ann")
    assert running.cast(running.paper("bob"), ["bbbbbb"])[0] == 200
    sample.hand_over(running.door, LOG, [sample.minute("entry.withdrawn", LOG, entry="bbbbbb", reason_code="wish")], 500)
    assert running.cast(paper, ["bbbbbb"])[1] == {"error": "ballot.choice_unknown", "entry": "bbbbbb"}


def test_twenty_casts_count_and_the_next_is_refused(running: Running) -> None:
    paper, last = running.paper("ann"), {}
    for place in range(20):
        running.now += 10
        more = {"replaces": last["index"]} if last else {}
        status, last = running.cast(paper, [["aaaaaa"], ["bbbbbb"]][place % 2], **more)
        assert status == 200
    running.now += 10
    status, told = running.cast(paper, ["aaaaaa"], replaces=last["index"])
    assert (status, told) == (422, {"error": "ballot.too_often", "most": 20})


def test_eleventh_cast_in_a_minute_waits(running: Running) -> None:
    paper = running.paper("ann")
    answers = [running.cast(paper, ["zzzzzz"])[0] for _ in range(11)]
    assert answers == [422] * 10 + [429]
    status, told = running.cast(paper, ["aaaaaa"])
    assert (status, told["error"]) == (429, "ballot.too_fast") and 1 <= told["retry_after"] <= 6
    assert running.cast(running.paper("bob"), ["aaaaaa"])[0] == 200
    running.now += told["retry_after"]
    assert running.cast(paper, ["aaaaaa"])[0] == 200


def test_live_ballots_stand_open_in_the_log(bare: Running) -> None:
    sample.prepare(bare.door, LOG, seal="live", scope="week")
    bare.now = sample.OPENS
    status, told = bare.cast(bare.paper("ann"), ["aaaaaa"])
    assert status == 200 and "opening" not in told
    leaf = log_of(bare)[told["index"]]
    assert (leaf["choices"], leaf["scope"], "commit" in leaf) == (["aaaaaa"], "week", False)
    assert bare.counted(bare.paper("ann"))[1]["choices"] == ["aaaaaa"]


# ---- the door's clock ----


def test_vote_is_not_open_before_its_hour(bare: Running) -> None:
    sample.prepare(bare.door, LOG)
    bare.now = sample.OPENS - 1
    assert code_of(bare.door, "/paper", {"log": LOG, "subject": "ann", "channel": "email"}) == "vote.not_open"
    bare.now = sample.OPENS
    assert bare.paper("ann")
    assert log_of(bare)[-1] == {"v": 1, "log": LOG, "type": "scope.turned", "scope": "2026-03-01", "at": sample.OPENS}


def test_midnight_turns_the_scope_and_logs_the_papers_before(either: Running) -> None:
    either.paper("ann")
    either.paper("ann")
    either.paper("bob")
    either.paper("cid", channel="code")
    yesterday = either.paper("ann")
    either.now = sample.MIDNIGHT - 1
    assert either.cast(yesterday, ["aaaaaa"])[0] == 200
    either.now = sample.MIDNIGHT
    status, told = either.cast(yesterday, ["bbbbbb"])
    assert (status, told) == (403, {"error": "paper.scope_over", "scope": "2026-03-01", "open": "2026-03-02"})
    said = [(r["type"], r.get("channel"), r.get("count"), r.get("at")) for r in log_of(either)[-4:]]
    assert said == [
        ("ballot.cast", "email", None, None),
        ("credentials.issued", "code", 1, None),
        ("credentials.issued", "email", 2, None),
        ("scope.turned", None, None, sample.MIDNIGHT),
    ]
    assert either.cast(either.paper("ann"), ["bbbbbb"])[0] == 200


def test_scope_turns_by_itself_when_nobody_asks(running: Running) -> None:
    running.now = sample.MIDNIGHT
    for _ in range(1000):
        if (last := log_of(running)[-1])["type"] == "scope.turned" and last["at"] == sample.MIDNIGHT:
            return
        time.sleep(0.02)
    raise AssertionError("the tick never turned the scope")


def test_ballot_in_the_closing_second_is_refused_and_the_one_before_counted(either: Running) -> None:
    either.now = sample.CLOSES - 1
    ann, bob = either.paper("ann"), either.paper("bob")
    assert either.cast(ann, ["aaaaaa"])[0] == 200
    either.now = sample.CLOSES
    status, told = either.cast(bob, ["aaaaaa"])
    assert (status, told) == (422, {"error": "vote.closed", "closes": sample.CLOSES})
    last = log_of(either)[-1]
    total = sum(r["count"] for r in log_of(either) if r["type"] == "credentials.issued")
    assert (last["type"], last["ballots"], last["credentials_total"], last["at"]) == ("vote.closed", 1, total, sample.CLOSES)
    assert either.counted(ann)[1]["error"] == "vote.closed"


def test_door_that_slept_through_the_vote_writes_every_boundary(running: Running) -> None:
    running.stop()
    running.now = sample.CLOSES + sample.DAY
    running.start()
    running.counted("")  # answered when all before it is on disk
    said = [(r["type"], r.get("at")) for r in log_of(running) if r["type"] in {"scope.turned", "vote.closed"}]
    turned = [("scope.turned", at) for at in (sample.OPENS, sample.MIDNIGHT, sample.MIDNIGHT + sample.DAY)]
    assert said == [*turned, ("vote.closed", sample.CLOSES)]


# ---- papers ----


def test_forged_expired_and_missing_papers_are_told_apart(running: Running) -> None:
    paper = running.paper("ann")
    payload, _, seal = paper.partition(".")
    for forged in (f"{payload}x.{seal}", f"{payload}.{seal[:-2]}AA", f"{payload}.", payload, "." + seal, "é" * 20, "x" * 5000):
        status, told = running.post({"log": LOG}, "", Cookie=f"paper-{sha256(LOG.encode()).hexdigest()[:8]}={forged}")
        assert (status, told["error"]) == (403, "paper.forged"), forged
    assert running.cast("", ["aaaaaa"])[:2] == (401, {"error": "paper.missing"})
    assert running.site is not None
    old = replace(running.site.press.read(paper), expires=running.now)
    assert running.cast(running.site.press.mint(old), ["aaaaaa"]) == (403, {"error": "paper.expired", "expires": running.now})
    other = replace(running.site.press.read(paper), log="other.example/1")
    assert running.cast(running.site.press.mint(other), ["aaaaaa"])[1]["error"] == "paper.other_log"


def test_paper_names_the_same_voter_on_every_device_and_another_one_the_next_day(either: Running) -> None:
    asked = {"log": LOG, "subject": "ann", "channel": "email"}
    first, again = either.door.post("/paper", asked), either.door.post("/paper", asked)
    assert first["voter"] == again["voter"] and first["expires"] == sample.MIDNIGHT
    assert either.door.get("/state", log=LOG)["papers"] == 1
    either.now = sample.MIDNIGHT
    assert either.door.post("/paper", asked)["voter"] != first["voter"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"channel": "fax"}, "paper.channel"),
        ({"subject": ""}, "paper.shape"),
        ({"log": "x"}, "log.unknown"),
        ({"subject": "\ud800"}, "record.text"),
    ],
)
def test_paper_asked_for_wrongly_is_refused(running: Running, change: dict[str, str], code: str) -> None:
    assert code_of(running.door, "/paper", {"log": LOG, "subject": "ann", "channel": "email"} | change) == code


# ---- minutes ----


def test_minutes_are_appended_once_by_id_also_after_a_restart(bare: Running) -> None:
    sample.prepare(bare.door, LOG)
    before = sample.entries(bare.door, LOG)
    again = [{"id": f"m{place}", "entry": text} for place, text in enumerate(before)]
    for _ in range(2):
        told = bare.door.post("/minutes", {"log": LOG, "minutes": again})
        assert told == {"indexes": {f"m{place}": place for place in range(len(before))}}
        assert sample.entries(bare.door, LOG) == before
        bare.restart()
    other = sample.minute("entry.withdrawn", LOG, entry="aaaaaa", reason_code="wish")
    assert code_of(bare.door, "/minutes", {"log": LOG, "minutes": [{"id": "m3", "entry": other}]}) == "minute.id_reused"


def test_refused_minute_ends_the_call_and_those_before_it_stay(running: Running) -> None:
    good = sample.minute("entry.withdrawn", LOG, entry="aaaaaa", reason_code="wish")
    late = sample.minute("jury.appointed", LOG, juror=9, categories=["h5"])
    size = running.door.get("/state", log=LOG)["size"]
    minutes = [{"id": "a", "entry": good}, {"id": "b", "entry": late}, {"id": "c", "entry": good}]
    with pytest.raises(Refused) as refused:
        running.door.post("/minutes", {"log": LOG, "minutes": minutes})
    at = refused.value.facts["indexes"]["a"]  # type: ignore[index]
    assert (refused.value.code, refused.value.facts["id"]) == ("jury.late", "b")
    assert at >= size and len(log_of(running)) == at + 1


@pytest.mark.parametrize("kind", ["vote.closed", "scope.turned"])
def test_kinds_the_door_writes_itself_are_refused(running: Running, kind: str) -> None:
    fields = {"vote.closed": {"ballots": 0, "credentials_total": 0, "at": 1}, "scope.turned": {"scope": "week", "at": 1}}[kind]
    text = sample.minute(kind, LOG, **fields)
    assert code_of(running.door, "/minutes", {"log": LOG, "minutes": [{"id": "x", "entry": text}]}) == "minute.doors_own"


@pytest.mark.parametrize(
    ("minutes", "code"),
    [
        ("x", "minute.shape"),
        ([{"id": "x"}], "minute.shape"),
        ([{"id": "x", "entry": "{}"}], "record.type_unknown"),
        ([{"id": "x", "entry": '{"b":1,"a":2}'}], "record.not_canonical"),
        ([{"id": "x", "entry": "\ud800"}], "record.not_json"),
        ([{"id": "x", "entry": '"' + "x" * 70_000 + '"'}], "record.too_long"),
    ],
)
def test_minutes_that_are_no_records_are_refused(running: Running, minutes: Any, code: str) -> None:
    assert code_of(running.door, "/minutes", {"log": LOG, "minutes": minutes}) == code


def test_log_begins_with_log_opened_only(bare: Running) -> None:
    wrong = sample.minute("entry.withdrawn", LOG, entry="aaaaaa", reason_code="wish")
    assert code_of(bare.door, "/minutes", {"log": LOG, "minutes": [{"id": "x", "entry": wrong}]}) == "log.order"
    assert code_of(bare.door, "/minutes", {"log": LOG, "minutes": []}) == "log.unknown"
    other = [{"id": "x", "entry": sample.first("other.example/1")[0]}]
    assert code_of(bare.door, "/minutes", {"log": LOG, "minutes": other}) == "log.unknown"
    assert bare.door.get("/health") == {"logs": [], "failing": []}


def test_rehearsal_clock_needs_a_rehearsal_origin(bare: Running) -> None:
    wrong = json.loads(sample.first(LOG)[0]) | {"clock": "rehearsal"}
    minutes = [{"id": "x", "entry": records.canonical(wrong).decode()}]
    assert code_of(bare.door, "/minutes", {"log": LOG, "minutes": minutes}) == "log.clock"
    sample.hand_over(bare.door, "week.rehearsal.invalid", sample.first("week.rehearsal.invalid"))
    bare.stop()
    bare.start(rehearsal=True)
    real = [{"id": "x", "entry": sample.first(LOG)[0]}]
    assert code_of(bare.door, "/minutes", {"log": LOG, "minutes": real}) == "log.clock"


def test_vote_opened_names_the_doors_own_pseudonym_key(bare: Running) -> None:
    sample.hand_over(bare.door, LOG, sample.first(LOG))
    with pytest.raises(Refused) as refused:
        sample.hand_over(bare.door, LOG, sample.until_vote(LOG, "0" * 64), 1)
    assert refused.value.code == "vote.key_commit"


# ---- what leaves the door ----


def finish_vote(running: Running) -> list[dict[str, Any]]:
    """Four voters cast, one of them twice; the vote closes; returns the openings of all casts in index order."""
    receipts = []
    for name, choices in [("ann", ["aaaaaa", "dddddd"]), ("bob", ["aaaaaa", "ffffff"]), ("cid", ["bbbbbb", "eeeeee"]), ("dee", [])]:
        receipts.append(running.cast(running.paper(name), choices)[1])
    receipts.append(running.cast(running.paper("ann"), ["bbbbbb"], replaces=receipts[0]["index"])[1])
    running.now = sample.CLOSES
    running.counted("")
    return [r["opening"] for r in sorted(receipts, key=lambda r: r["index"])]


def close_jury(running: Running) -> None:
    told = running.door.post("/shortlist", {"log": LOG})
    declared = sample.minute("shortlist.declared", LOG, **told)
    sample.hand_over(running.door, LOG, [declared, sample.minute("jury.closed", LOG, sheets=0, at=sample.CLOSES + 9)], 800)


def test_shortlist_is_a_set_in_entry_order_after_the_close_only(either: Running) -> None:
    assert code_of(either.door, "/shortlist", {"log": LOG}) == "vote.not_closed"
    finish_vote(either)
    told = either.door.post("/shortlist", {"log": LOG})
    assert told == {"entries": ["bbbbbb", "eeeeee", "ffffff"], "through_index": len(log_of(either)) - 1}
    close_jury(either)
    assert log_of(either)[-2]["entries"] == told["entries"]


def test_ballots_are_opened_once_after_the_jurys_gate(either: Running) -> None:
    openings = finish_vote(either)
    assert code_of(either.door, "/open-ballots", {"log": LOG}) == "ballots.opened_early"
    close_jury(either)
    told = either.door.post("/open-ballots", {"log": LOG})
    assert either.door.post("/open-ballots", {"log": LOG}) == told
    either.restart()
    assert either.door.post("/open-ballots", {"log": LOG}) == told
    asset = either.door.asset(LOG, told["asset_sha256"])
    assert sha256(asset).hexdigest() == told["asset_sha256"]
    assert asset == b"".join(records.canonical(opening) + b"\n" for opening in openings)
    record = log_of(either)[told["index"]]
    assert (record["type"], record["count"]) == ("ballots.opened", 5)
    cast = [index for index, r in enumerate(log_of(either)) if r["type"] == "ballot.cast"]
    assert record["from"] <= cast[0] and cast[-1] <= record["to"]
    with pytest.raises(Refused, match=r"http\.not_found"):
        either.door.asset(LOG, "0" * 64)


def test_every_question_to_the_openings_is_an_audit_line(either: Running) -> None:
    finish_vote(either)
    close_jury(either)
    either.door.post("/open-ballots", {"log": LOG})
    either.stop()
    store = either.shelf().open(LOG.replace("/", "_"))
    assert store.audits() == [(sample.CLOSES, "shortlist"), (sample.CLOSES, "open-ballots")]
    store.close()
    either.start()


def test_entries_and_state_tell_no_choices_while_sealed(running: Running) -> None:
    running.cast(running.paper("ann"), ["aaaaaa"])
    ballot = next(r for r in log_of(running) if r["type"] == "ballot.cast")
    assert "aaaaaa" not in json.dumps([running.door.get("/state", log=LOG), ballot])
    assert running.door.get("/state", log=LOG)["turnout"] == {"2026-03-01": {"voters": 1, "ballots": 1, "papers": 1}}


# ---- rebuilt ----


def test_restarted_door_knows_everything_it_knew(either: Running) -> None:
    ann, bob = either.paper("ann"), either.paper("bob")
    salt = sample.salt()
    _, first = either.cast(ann, ["aaaaaa"], salt=salt)
    either.cast(bob, ["cccccc"])
    either.cast(ann, ["bbbbbb"], replaces=first["index"])
    either.paper("cid")
    assert either.site is not None

    def known() -> tuple[Any, ...]:
        assert either.site is not None
        order = either.site.order(LOG)
        return order.week, order.seats, order.papers, order.minutes, order.voters, order.casts, order.state()

    before, told = known(), either.counted(ann)
    either.restart()
    assert known() == before
    assert either.counted(ann) == told
    assert either.cast(ann, ["aaaaaa"], salt=salt) == (200, first)
    again = Chronicle()
    for text in sample.entries(either.door, LOG):
        again.read(records.parse(text.encode()))
    assert again == known()[0]


def test_two_logs_do_not_mix(either: Running) -> None:
    sample.prepare(either.door, "week.example/2027", casts=3)
    either.cast(either.paper("ann"), ["aaaaaa"])
    other = either.paper("ann", log="week.example/2027")
    status, told = either.cast(other, ["bbbbbb"], log="week.example/2027")
    assert status == 422 or told["error"] == "paper.missing"
    either.restart()
    assert either.door.get("/health")["logs"] == ["week.example/2026", "week.example/2027"]
    assert [e["log"] for e in log_of(either)] == [LOG] * len(log_of(either))


def test_second_door_does_not_start(either: Running) -> None:
    with pytest.raises(Fenced, match="Another door already writes"):
        either.shelf().open(LOG.replace("/", "_"))
    second = Running(either.folder, either.database)
    with pytest.raises(Fenced, match=r"door\.lock"):
        second.start()


def test_files_of_the_door_are_for_its_user_alone(running: Running) -> None:
    assert isinstance(running.shelf(), SqliteShelf)
    running.cast(running.paper("ann"), ["aaaaaa"])
    modes = {p.name: p.stat().st_mode & 0o777 for p in (running.folder / "door").iterdir()}
    assert set(modes.values()) == {0o600} and {"paper.key", "week.example_2026.key", "week.example_2026.sqlite"} <= set(modes)


# ---- quizzes and draws ----


def test_a_quiz_and_its_draw_come_in_as_minutes_also_after_a_restart(bare: Running) -> None:
    quiz = QuizWeek(beacon="drand").play()
    texts = [entry.decode() for entry in quiz.entries]
    half = len(texts) // 2
    sample.hand_over(bare.door, quiz.origin, texts[:half])
    bare.restart()
    assert list(sample.hand_over(bare.door, quiz.origin, texts[half:], start=half).values()) == [*range(half, len(texts))]
    assert sample.entries(bare.door, quiz.origin) == texts


@pytest.mark.parametrize(
    ("until", "kind", "fields", "code"),
    [
        ("closed", "quiz.attempt", {"quiz": QUIZ, "passed": True, "commit": "ab" * 32}, "quiz.late_entry"),
        ("frozen", "quiz.entry_struck", {"quiz": QUIZ, "index": 4, "reason_code": "twin", "rule": "one"}, "draw.struck_late"),
        ("result", "draw.beacon", {"draw": DRAW, "kind": "dice", "throws": "1" * 24}, "draw.twice"),
    ],
)
def test_the_door_refuses_what_a_draw_may_not_have(bare: Running, until: str, kind: str, fields: dict, code: str) -> None:
    quiz = QuizWeek().play(until)
    sample.hand_over(bare.door, quiz.origin, [entry.decode() for entry in quiz.entries])
    late = records.canonical({"v": 1, "log": quiz.origin, "type": kind} | fields).decode()
    assert code_of(bare.door, "/minutes", {"log": quiz.origin, "minutes": [{"id": "late", "entry": late}]}) == code
