"""Weeks that lie, one lie each: every step must catch its own, and name the file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from showground.rules import awards, records
from showground.rules.ruleset import awareness_week
from showground.tlog import checkpoint, merkle, note
from showground.verify import verdict
from showground.verify.bundle import Bundle
from showground.verify.case import FAIL, GAP, NOT_CHECKED, NOT_YET
from showground.verify.checks import STEPS, Outcome, check
from tests.harness import week as harness
from tests.harness.week import Signer, Week, sealed_again

Files = dict[str, bytes]


def verified(files: Files, policy: tuple[str, bytes] | None = None) -> Outcome:
    return check(Bundle("memory", list(files), files.__getitem__), policy)


def failed(outcome: Outcome) -> dict[str, str]:
    """Step -> file of everything that failed."""
    return {step.name: next(f.file for f in step.findings if f.word == FAIL) for step in outcome.steps if step.word == FAIL}


def lie(kind: str, nth: int = 0, **fields: Any) -> Callable[[int, dict], dict]:
    """An edit that changes some fields of the nth record of a type; a callable value gets the old one."""
    seen = -1

    def edit(_: int, record: dict) -> dict:
        nonlocal seen
        if record["type"] == kind:
            seen += 1
            if seen == nth:
                told = {name: value(record[name]) if callable(value) else value for name, value in fields.items()}
                return record | told
        return record

    return edit


@pytest.fixture(scope="module")
def done() -> Files:
    return Week(voters=5, days=1).run().files()


# ---- weeks that hold ----


def test_check_passes_every_step_of_a_whole_week(done: Files) -> None:
    outcome = verified(done)
    assert {step.name: step.word for step in outcome.steps} == {name: "PASS" for name, *_ in STEPS}
    assert verdict.first_line(outcome) == "VERIFIED (rehearsal: times are invented)"
    assert verdict.exit_code(outcome) == 0


@pytest.mark.parametrize(
    "made",
    [
        {"seal": "live"},
        {"clock": None, "origin": "vote.example.org/2026"},
        {"voters": 0},
        {"works": 1},
        {"jurors": 0},
        {"jurors": 2},
        {"voters": 130, "days": 0},
        {"rule": awareness_week() | {"scope": "week"}},
    ],
    ids=["live", "real", "no-voters", "one-work", "no-jurors", "too-few-jurors", "two-tiles", "one-scope"],
)
def test_check_holds_for_other_weeks(made: dict[str, Any]) -> None:
    outcome = verified(Week(**{"voters": 4, "days": 1} | made).run().files())
    assert failed(outcome) == {}
    assert verdict.exit_code(outcome) == 0


def test_first_line_of_a_real_week_says_no_rehearsal() -> None:
    outcome = verified(Week(voters=2, days=0, clock=None, origin="vote.example.org/2026").run().files())
    assert verdict.first_line(outcome) == "VERIFIED"


@pytest.mark.parametrize("until", harness.STAGES[:-1])
def test_check_of_an_unfinished_week_says_so_far(until: str) -> None:
    outcome = verified(Week(voters=4, days=1).run(until).files())
    assert failed(outcome) == {}
    assert verdict.first_line(outcome) == "VERIFIED so far (rehearsal: times are invented)"
    assert verdict.exit_code(outcome) == 0
    assert NOT_YET in outcome.words


# ---- lies inside the records: signed, witnessed, and wrong ----

SMALL: dict[str, Any] = {"voters": 5, "days": 1}
LIES: list[tuple[str, dict[str, Any], str]] = [
    ("another first prize", {"edit": lie("award.decided", prize="second")}, "awards"),
    ("an award for another work", {"edit": lie("award.decided", 1, category="h5")}, "awards"),
    ("another reason", {"edit": lie("award.decided", basis=lambda b: b | {"decided_by": "votes"})}, "awards"),
    ("another result", {"edit": lie("award.decided", basis=lambda b: b | {"result_sha256": "0" * 64})}, "result"),
    ("another total", {"edit": lie("tally.published", without_voids=1)}, "tally"),
    ("another top", {"edit": lie("tally.published", top=lambda rows: rows[::-1])}, "tally"),
    ("another algorithm", {"edit": lie("tally.published", algorithm="magic/1")}, "tally"),
    ("a short shortlist", {"edit": lie("shortlist.declared", entries=lambda e: e[:-1])}, "shortlist"),
    ("a sheet signed by nobody", {"edit": lie("jury.committed", sig="A" * 92 + "AAA=")}, "jury"),
    ("fewer papers than voters", {"edit": lie("credentials.issued", count=3)}, "credentials"),
    ("other papers at the close", {"edit": lie("vote.closed", credentials_total=999)}, "credentials"),
    ("closed at another time", {"edit": lie("vote.closed", at=lambda at: at - 60)}, "rule"),
    ("a day that turned at another time", {"edit": lie("scope.turned", 1, at=lambda at: at + 1)}, "rule"),
    ("openings of part of the vote", {"edit": lie("ballots.opened", **{"from": lambda i: i + 1})}, "openings"),
    ("another number of openings", {"edit": lie("ballots.opened", count=1)}, "openings"),
    ("a log key that is not named", {"edit": lie("log.opened", vkeys=[])}, "keys"),
    ("another policy than named", {"edit": lie("log.opened", policy_sha256="0" * 64)}, "keys"),
    ("a juror's key under another name", {"edit": lie("key.declared", 2, vkey=Signer("x", "someone").vkey)}, "keys"),
    ("an escrow key that signs", {"edit": lie("key.declared", 1, vkey=Signer("x", "someone").vkey)}, "keys"),
    ("a statement over another log", {"edit": lie("notary.statement", text=lambda t: t.replace("saw", "read"))}, "statements"),
    ("a record of another log", {"edit": lie("ballot.cast", 1, log="other.rehearsal.invalid")}, "records"),
    ("a record of no known type", {"edit": lie("entry.returned", type="entry.lost")}, "records"),
    ("a record with a space", {"edit": lambda i, r: records.canonical(r).replace(b":", b": ", 1) if i == 3 else r}, "records"),
    ("a ballot of a scope that is over", {"edit": lie("ballot.cast", 5, scope="2026-09-05")}, "records"),
    ("another rule", {"edit": lie("ruleset.frozen", ruleset=lambda r: r | {"casts": 5})}, "records"),
    ("an opened sheet with other points", {"edit": lie("jury.opened", scores=lambda s: [[e, c, 0] for e, c, _ in s])}, "records"),
    ("the vote announced after it opened", {"delays": {"vote.opened": 7210}}, "gates"),
    ("a midnight witnessed before it came", {"delays": {"scope.turned": -30}}, "gates"),
    ("opened before the witness saw the close", {"skip_witness": {"jury.closed"}}, "gates"),
    ("a witness whose time runs backwards", {"delays": {"shortlist": -4000}}, "checkpoints"),
    (
        "ballots after their scope",
        {"days": 0, "delays": {"ballots": 40_000, "vote.closed": 12_000, "shortlist": 12_000}},
        "ballots",
    ),
]


@pytest.mark.parametrize(("made", "step"), [(made, step) for _, made, step in LIES], ids=[name for name, *_ in LIES])
def test_check_catches_the_lie(made: dict[str, Any], step: str) -> None:
    edit = made.get("edit")
    outcome = verified(Week(**SMALL | made | ({"edit": edit} if edit else {})).run().files())
    assert step in failed(outcome)
    assert failed(outcome)[step]
    assert verdict.exit_code(outcome) == 1
    assert verdict.first_line(outcome) == "NOT VERIFIED"


def test_check_prints_a_gap_when_the_close_was_witnessed_late() -> None:
    outcome = verified(Week(**SMALL, delays={"vote.closed": 1000}).run().files())
    gates = next(step for step in outcome.steps if step.name == "gates")
    assert gates.word == GAP
    assert any("witnessed 1030 s after it, 430 s beyond the grace" in f.text for f in gates.findings)
    assert verdict.exit_code(outcome) == 0
    assert "GAP" in verdict.as_text(outcome).split("\n\n")[0]


def test_check_catches_a_ballot_that_stands_twice() -> None:
    week = Week(**SMALL).run("vote")
    week.append_record(next(r for _, r in reversed(week._cast())))
    for stage in harness.STAGES[3:]:
        getattr(week, f"_{stage}")()
    assert "ballots" in failed(verified(week.files()))


def test_check_catches_a_ballot_that_replaces_another_voters() -> None:
    week = Week(**SMALL).run("vote")
    first = week._cast()[-1]
    week.cast(records.pseudonym(b"k" * 32, week.origin, first[1]["scope"], "voter 4"), first[1]["scope"], [], replaces=first[0])
    for stage in harness.STAGES[3:]:
        getattr(week, f"_{stage}")()
    assert set(failed(verified(week.files()))) == {"ballots"}


def test_check_catches_an_opening_that_names_other_works() -> None:
    week = Week(**SMALL).run("jury")
    index = min(week.openings)
    week.openings[index] = week.openings[index] | {"choices": sorted(week.week.votable())[:1]}
    for stage in harness.STAGES[5:]:
        getattr(week, f"_{stage}")()
    asset = f"assets/{week.week.ballots_opened['asset_sha256']}"  # type: ignore[index]
    assert failed(verified(week.files()))["openings"] == asset


def test_check_catches_a_ballot_that_was_never_opened() -> None:
    week = Week(**SMALL).run("jury")
    week.openings.pop(min(week.openings))
    for stage in harness.STAGES[5:]:
        getattr(week, f"_{stage}")()
    assert "openings" in failed(verified(week.files()))


def test_check_catches_a_sheet_that_was_passed_over() -> None:
    week = Week(**SMALL).run("jury")
    week.sheets.pop()
    for stage in harness.STAGES[5:]:
        getattr(week, f"_{stage}")()
    assert "jury" in failed(verified(week.files()))


def test_check_takes_a_sheet_that_is_excused_and_counts_it_out() -> None:
    week = Week(**SMALL).run("jury")
    week.sheets.pop()
    week._opened()
    week.append("jury.unopened", juror=3, sheet="all", reason="ill")
    week._tally()
    week._done()
    outcome = verified(week.files())
    assert failed(outcome) == {} and outcome.case.numbers["sheets"] == {"sealed": 3, "opened": 2, "unopened": 1}


def test_check_says_that_awards_are_missing() -> None:
    week = Week(**SMALL).run("tally")
    assert week.week.tally is not None
    found = awards.result_of(week.week, week.count.votes)
    week.asset(records.canonical(awards.as_table(found)))
    for fields in awards.decided(found, week.week.tally[0])[:-2]:
        week.append("award.decided", **fields)
    week.witness("awards", week.jury_at + 500)
    outcome = verified(week.files())
    step = next(step for step in outcome.steps if step.name == "awards")
    assert (step.word, step.findings[0].text[:24]) == (NOT_YET, "2 of 8 awards are not de")
    week.append("log.closed", final_count=len(week.entries) + 1, reason="over")
    week.witness("end", week.jury_at + 600)
    assert "awards" in failed(verified(week.files()))


# ---- lies around the records ----


def test_check_catches_a_file_beside(done: Files) -> None:
    assert failed(verified(done | {"assets/" + "0" * 64: b"x"}))["files"] == "assets/" + "0" * 64


def test_check_catches_a_file_of_no_known_name(done: Files) -> None:
    assert failed(verified(sealed_again(done | {"notes.txt": b"x"})))["files"] == "notes.txt"


@pytest.mark.parametrize("name", ["tile/0/001", "tile/1/000.p/1", "tile/entries/000.p/1", "tile/0/000.p/1"])
def test_check_catches_a_tile_too_many(done: Files, name: str) -> None:
    assert failed(verified(sealed_again(done | {name: b"x" * 32})))["tree"] == name


@pytest.mark.parametrize("name", ["MANIFEST", "policy", "checkpoint"])
def test_check_cannot_say_without_a_file_that_everything_needs(done: Files, name: str) -> None:
    left = {n: data for n, data in done.items() if n != name}
    outcome = verified(left if name == "MANIFEST" else sealed_again(left))
    assert verdict.exit_code(outcome) == 2 and verdict.first_line(outcome) == "CANNOT SAY"
    assert outcome.unreadable is not None and outcome.unreadable.file == name
    assert name in verdict.as_text(outcome)


@pytest.mark.parametrize("part", ["tile/entries/", "tile/0/", "assets/"])
def test_check_cannot_say_when_a_part_is_missing(done: Files, part: str) -> None:
    name = next(n for n in done if n.startswith(part))
    for files in ({n: d for n, d in done.items() if n != name}, sealed_again({n: d for n, d in done.items() if n != name})):
        outcome = verified(files)
        assert verdict.exit_code(outcome) == 2
        assert outcome.unreadable is not None and outcome.unreadable.file == name


def _signed(week: Week, size: int, root: bytes, time: int) -> bytes:
    text = checkpoint.body(week.origin, size, root)
    return note.join(text, [week.log_key.line(text), week.witness_key.cosign(text, time)]).encode()


def test_check_catches_a_fork() -> None:
    week = Week(**SMALL).run()
    week.notes[3] = _signed(week, 3, b"f" * 32, harness.START)
    assert failed(verified(week.files()))["growth"] == "checkpoints/3"


def test_check_catches_a_log_that_became_shorter() -> None:
    week = Week(**SMALL).run()
    files = week.files()
    older = sorted(week.notes)[-2]
    outcome = verified(sealed_again(files | {"checkpoint": week.notes[older]}))
    assert failed(outcome)["checkpoints"] == "checkpoint"


def test_check_catches_a_checkpoint_under_another_size(done: Files) -> None:
    size = next(n for n in done if n.startswith("checkpoints/"))
    assert failed(verified(sealed_again(done | {"checkpoints/1": done[size]})))["checkpoints"] == "checkpoints/1"


@pytest.mark.parametrize("line", ["stranger", "twice", "other time"])
def test_check_catches_a_signature_line_too_many(line: str) -> None:
    week = Week(**SMALL).run()
    files = week.files()
    text = note.parse(files["checkpoint"]).text
    more = {
        "stranger": Signer("x", "stranger.example").line(text),
        "twice": week.log_key.line(text),
        "other time": week.witness_key.cosign(text, 2_000_000_000),
    }[line]
    outcome = verified(sealed_again(files | {"checkpoint": files["checkpoint"] + more.encode()}))
    assert failed(outcome)["checkpoints"] == "checkpoint"


@pytest.mark.parametrize("signer", ["log", "witness"])
def test_check_catches_a_signature_line_too_few(signer: str) -> None:
    week = Week(**SMALL).run()
    files = week.files()
    opened = note.parse(files["checkpoint"])
    lines = [s.line for s in opened.signatures if (s.name == week.origin) == (signer == "witness")]
    outcome = verified(sealed_again(files | {"checkpoint": note.join(opened.text, lines).encode()}))
    assert failed(outcome)["checkpoints"] == "checkpoint"


def test_check_catches_entries_that_were_signed_away(done: Files) -> None:
    name = next(n for n in done if n.startswith("tile/entries/"))
    data = bytearray(done[name])
    data[-1] ^= 1
    outcome = verified(sealed_again(done | {name: bytes(data)}))
    assert failed(outcome)["tree"] == name


def test_check_catches_a_tile_that_does_not_fit(done: Files) -> None:
    name = next(n for n in done if n.startswith("tile/0/"))
    assert failed(verified(sealed_again(done | {name: done[name][:-1] + b"?"})))["tree"] == name


@pytest.mark.parametrize(
    "change",
    [
        lambda e: e[0]["title"].update(en="Another"),
        lambda e: e[0].update(maker="Another"),
        lambda e: e.append(e[0]),
        lambda e: e[0]["openings"]["files_commit"].update(value=["0" * 64]),
        lambda e: e[0].update(entry="zzzzzz"),
        lambda e: e[0].update(note="best"),
        lambda e: e[0]["openings"].pop("title_commit"),
        lambda e: e[0]["openings"].update(pledge={}),
        lambda e: e.__setitem__(0, 7),
    ],
)
def test_check_catches_an_entry_told_otherwise(change: Callable[[list], None]) -> None:
    week = Week(**SMALL).run()
    change(week.told)
    assert failed(verified(week.files()))["entries"] == "entries.json"


def test_check_takes_an_erased_entry_without_its_openings() -> None:
    week = Week(**SMALL).run()
    week.told[0] = {"entry": week.told[0]["entry"]}
    week.told.pop()
    assert verdict.exit_code(verified(week.files())) == 0


# ---- the reader's own policy ----


def test_check_with_ones_own_policy_of_the_same_keys_holds_and_says_so(done: Files) -> None:
    own = b"# from the notary's site\n" + done["policy"]
    outcome = verified(done, ("mine", own))
    assert verdict.exit_code(outcome) == 0
    assert outcome.case.numbers["policy_sha256"] == hashlib.sha256(own).hexdigest()
    assert not any("came with the bundle" in text for text in verdict.weakest(outcome))


def test_check_with_ones_own_policy_of_another_witness_fails(done: Files) -> None:
    week = Week(**SMALL)
    other = Signer("other", harness.WITNESS, note.COSIGNATURE)
    own = f"log {week.log_key.vkey}\nwitness w {other.vkey}\nquorum w\n".encode()
    outcome = verified(done, ("mine", own))
    assert "checkpoints" in failed(outcome)


def test_check_with_a_policy_of_another_log_fails_and_names_it(done: Files) -> None:
    own = f"log {Signer('x', 'other.example').vkey}\nquorum none\n".encode()
    assert failed(verified(done, ("mine", own))) == {"policy": "mine"}


def test_check_fails_gates_when_no_witness_is_asked_for(done: Files) -> None:
    week = Week(**SMALL)
    own = f"log {week.log_key.vkey}\nwitness w {week.witness_key.vkey}\nquorum none\n".encode()
    assert "gates" in failed(verified(done, ("mine", own)))


def test_steps_that_cannot_be_done_are_not_passed(done: Files) -> None:
    outcome = verified(sealed_again(done | {"checkpoint": b"x"}))
    words = {step.name: step.word for step in outcome.steps}
    assert words["policy"] == FAIL and words["records"] == words["tally"] == words["awards"] == NOT_CHECKED


def test_trees_of_many_tiles_verify() -> None:
    week = Week(voters=260, days=0).run("vote")
    outcome = verified(week.files())
    assert outcome.case.numbers["records"] > 256
    assert merkle.root(outcome.case.leaves) == outcome.case.head.root
    assert verdict.exit_code(outcome) == 0
