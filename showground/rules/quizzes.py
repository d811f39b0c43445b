"""Quizzes and their draws as the log tells them: the state that `Chronicle` keeps, and the readers it hands quiz and draw records to.

    QuizState, DrawState                     week.quizzes[code], week.draws[code] of a Chronicle
    pool_frozen(quiz) -> fields              what draw.pool_frozen must say now
    result(draw) -> fields                   what draw.result must say now
    check_rules(rules)                       rules/quiz_rules.py

A reader refuses what order and content alone show to be wrong; what needs times, assets or a pairing is for verify/.
Refusals name the attack: quiz.late_entry, quiz.key_swapped, draw.struck_late, draw.pool_differs, draw.round, draw.seed_late,
draw.seed_differs, draw.twice, draw.result_differs.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from showground.rules import draws, records
from showground.rules.quiz_rules import check_rules, prize_words
from showground.rules.records import Record
from showground.rules.refused import Refused

# From which states a claim may come to each; "" is a position nobody has been told of yet.
CLAIMS: Final[dict[str, tuple[str, ...]]] = {
    "notified": ("",),
    "claimed": ("notified",),
    "checked": ("claimed",),
    "handed_over": ("checked",),
    "expired": ("notified", "claimed", "checked"),
    "refused": ("notified", "claimed", "checked"),
}
LOST: Final = ("expired", "refused")


@dataclass
class QuizState:
    """One quiz: its rules, its committed key, its attempts by index (`passed` ascending, eight bytes each), what was struck."""

    quiz: str
    rules: dict[str, Any]
    rules_sha256: str
    rules_index: int
    key: tuple[int, Record] | None = None
    attempts: int = 0
    last_attempt: int | None = None
    passed: array[int] = field(default_factory=lambda: array("Q"))
    struck: dict[int, str] = field(default_factory=dict)  # index -> reason code
    closed: int | None = None
    revealed: tuple[int, Record] | None = None

    def tickets(self) -> Iterator[int]:
        """Yields the indexes of passed attempts that are not struck, ascending."""
        return (index for index in self.passed if index not in self.struck)

    def has_passed(self, index: int) -> bool:
        """Tells whether record `index` is a passed attempt of this quiz."""
        place = bisect_left(self.passed, index)
        return place < len(self.passed) and self.passed[place] == index


@dataclass
class DrawState:
    """One draw: the frozen pool (`tickets[p - 1]` is the index at position p), seeds, beacon, result, and who holds which prize."""

    draw: str
    quiz: str
    rules: dict[str, Any]
    frozen: tuple[int, Record] | None = None
    tickets: array[int] = field(default_factory=lambda: array("Q"))
    commits: dict[str, tuple[int, Record]] = field(default_factory=dict)  # by party
    opened: dict[str, tuple[int, Record]] = field(default_factory=dict)
    beacon: tuple[int, Record] | None = None
    result: tuple[int, Record] | None = None
    claims: dict[int, tuple[str, str]] = field(default_factory=dict)  # position -> (state, prize)

    def vacant(self) -> list[str]:
        """Returns the prizes that their holders lost and no alternate has been told of."""
        told = list(self.claims.items())
        lost = [prize for _, (state, prize) in told if state in LOST]
        for position, (_, prize) in told:
            if self.result is not None and position in self.result[1]["alternates"]:
                lost.remove(prize)
        return lost

    def due(self) -> dict[int, list[str]]:
        """Returns whom to notify now: winners not told yet, and the next alternate if a prize is vacant; position -> prizes."""
        if self.result is None:
            return {}
        said, prizes = self.result[1], prize_words(self.rules)
        due = {p: [prize] for p, prize in zip(said["winners"], prizes, strict=False) if p not in self.claims}
        following = next((p for p in said["alternates"] if p not in self.claims), None)
        vacant = self.vacant()
        return due | ({following: vacant} if following is not None and vacant else {})


class Log(Protocol):
    """The part of a Chronicle that quizzes and draws live in."""

    log: str
    clock: str
    quizzes: dict[str, QuizState]
    draws: dict[str, DrawState]


# ---- what a record must say ----


def pool_frozen(quiz: QuizState) -> dict[str, Any]:
    """Returns the fields of draw.pool_frozen for the tickets that stand now."""
    draw, tickets = quiz.rules["draw"], list(quiz.tickets())
    return {
        "draw": draw["draw"], "quiz": quiz.quiz, "count": len(tickets), "pool_sha256": draws.pool_sha256(tickets),
        "rules_sha256": quiz.rules_sha256, "prizes": len(prize_words(quiz.rules)), "beacon": draws.named_beacon(quiz.rules),
        "commit_by": draw["commit_by"], "open_by": draw["open_by"],
    }  # fmt: skip


def result(draw: DrawState) -> dict[str, Any]:
    """Returns the fields of draw.result that follow from the pool, the opened seeds and the beacon; refuses if one is missing."""
    if draw.frozen is None:
        raise Refused("draw.not_frozen", draw=draw.draw)
    if draw.beacon is None and draw.frozen[1]["count"]:
        raise Refused("draw.beacon_missing", draw=draw.draw)
    seeds = {party: record["seed"] for party, (_, record) in draw.opened.items()}
    value = draws.beacon_value(draw.beacon[1] if draw.beacon else None)
    seed = draws.seed_text(draw.draw, draw.frozen[1]["pool_sha256"], seeds, value)
    said = draw.rules["draw"]
    winners, alternates = draws.picks(seed, len(draw.tickets), len(prize_words(draw.rules)), said["alternates"])
    return {"draw": draw.draw, "seed_text": seed, "winners": winners, "alternates": alternates, "sampler": draws.SAMPLER}


# ---- readers: quizzes ----


def _must(condition: bool, code: str, **facts: object) -> None:
    if not condition:
        raise Refused(code, **facts)


def _quiz(week: Log, index: int, r: Record) -> QuizState:
    _must(r["quiz"] in week.quizzes, "quiz.unknown", index=index, quiz=r["quiz"])
    return week.quizzes[r["quiz"]]


def _rules(week: Log, index: int, r: Record) -> None:
    code, rules = r["quiz"], r["rules"]
    _must(code not in week.quizzes, "quiz.rules_twice", index=index, quiz=code)
    check_rules(rules)
    _must(rules["quiz"] == code, "quiz.rules_other", index=index, quiz=code)
    _must(records.commitment(rules) == r["rules_sha256"], "quiz.rules_hash", index=index, quiz=code)
    week.quizzes[code] = QuizState(code, rules, r["rules_sha256"], index)
    if "draw" in rules:
        draw = rules["draw"]["draw"]
        _must(draw not in week.draws, "draw.code_taken", index=index, draw=draw)
        invented = week.clock != "real" and rules["draw"]["beacon"]["kind"] != "dice"
        _must(not invented, "draw.invented_clock", index=index, draw=draw)
        week.draws[draw] = DrawState(draw, code, rules)


def _key_committed(week: Log, index: int, r: Record) -> None:
    quiz = _quiz(week, index, r)
    _must(quiz.key is None, "quiz.key_swapped", index=index, quiz=quiz.quiz)
    _must(r["questions"] == quiz.rules["pool"], "quiz.pool_size", index=index, quiz=quiz.quiz)
    quiz.key = (index, r)


def _attempt(week: Log, index: int, r: Record) -> None:
    quiz = _quiz(week, index, r)
    _must(quiz.key is not None, "quiz.not_open", index=index, quiz=quiz.quiz)
    _must(quiz.closed is None, "quiz.late_entry", index=index, quiz=quiz.quiz)
    quiz.attempts += 1
    quiz.last_attempt = index
    if r["passed"]:
        quiz.passed.append(index)


def _closed(week: Log, index: int, r: Record) -> None:
    quiz = _quiz(week, index, r)
    _must(quiz.key is not None, "quiz.not_open", index=index, quiz=quiz.quiz)
    _must(quiz.closed is None, "quiz.closed_twice", index=index, quiz=quiz.quiz)
    _must((r["attempts"], r["passed"]) == (quiz.attempts, len(quiz.passed)), "quiz.count", index=index, quiz=quiz.quiz)
    _must(r["at"] == quiz.rules["closes"], "quiz.closes", index=index, quiz=quiz.quiz)
    quiz.closed = index


def _may_strike(week: Log, index: int, r: Record) -> QuizState:
    quiz = _quiz(week, index, r)
    draw = week.draws.get(quiz.rules.get("draw", {}).get("draw", ""))
    _must(draw is None or draw.frozen is None, "draw.struck_late", index=index, entry=r["index"])
    _must(quiz.revealed is None, "draw.struck_late", index=index, entry=r["index"])
    _must(quiz.has_passed(r["index"]), "quiz.entry_unknown", index=index, entry=r["index"])
    return quiz


def _entry_struck(week: Log, index: int, r: Record) -> None:
    quiz = _may_strike(week, index, r)
    _must(r["index"] not in quiz.struck, "quiz.struck_twice", index=index, entry=r["index"])
    quiz.struck[r["index"]] = r["reason_code"]


def _entry_restored(week: Log, index: int, r: Record) -> None:
    quiz = _may_strike(week, index, r)
    _must(r["index"] in quiz.struck, "quiz.not_struck", index=index, entry=r["index"])
    del quiz.struck[r["index"]]


def _key_revealed(week: Log, index: int, r: Record) -> None:
    quiz = _quiz(week, index, r)
    drawn = all(draw.result is not None for draw in week.draws.values() if draw.quiz == quiz.quiz)
    _must(quiz.closed is not None and drawn, "quiz.key_early", index=index, quiz=quiz.quiz)
    _must(quiz.revealed is None, "quiz.key_swapped", index=index, quiz=quiz.quiz)
    _must(r["count"] == quiz.attempts, "quiz.count", index=index, quiz=quiz.quiz)
    quiz.revealed = (index, r)


# ---- readers: draws ----


def _draw(week: Log, index: int, r: Record) -> DrawState:
    _must(r["draw"] in week.draws, "draw.unknown", index=index, draw=r["draw"])
    return week.draws[r["draw"]]


def _running(week: Log, index: int, r: Record) -> DrawState:
    """The draw of a record that may only stand between the frozen pool and the result."""
    draw = _draw(week, index, r)
    _must(draw.frozen is not None, "draw.not_frozen", index=index, draw=draw.draw)
    _must(draw.result is None, "draw.twice", index=index, draw=draw.draw)
    return draw


def _pool_frozen(week: Log, index: int, r: Record) -> None:
    draw, quiz = _draw(week, index, r), _quiz(week, index, r)
    _must(draw.frozen is None, "draw.twice", index=index, draw=draw.draw)
    _must(quiz.closed is not None, "draw.pool_early", index=index, draw=draw.draw)
    wanted = pool_frozen(quiz)
    _must(r["beacon"] == wanted["beacon"], "draw.round", index=index, draw=draw.draw, wanted=wanted["beacon"])
    for name in ("count", "pool_sha256"):
        _must(r[name] == wanted[name], "draw.pool_differs", index=index, draw=draw.draw, field=name)
    for name, value in wanted.items():
        _must(r[name] == value, "draw.rules_differ", index=index, draw=draw.draw, field=name)
    draw.frozen, draw.tickets = (index, r), array("Q", quiz.tickets())


def _seed_committed(week: Log, index: int, r: Record) -> None:
    draw = _running(week, index, r)
    facts: dict[str, Any] = {"index": index, "draw": draw.draw, "party": r["party"]}
    _must(r["party"] in draw.rules["draw"]["parties"], "draw.party_unknown", **facts)
    _must(r["party"] not in draw.commits, "draw.seed_twice", **facts)
    _must(not draw.opened and draw.beacon is None, "draw.seed_late", **facts)
    draw.commits[r["party"]] = (index, r)


def _seed_opened(week: Log, index: int, r: Record) -> None:
    draw = _running(week, index, r)
    facts: dict[str, Any] = {"index": index, "draw": draw.draw, "party": r["party"]}
    _must(draw.beacon is None, "draw.seed_late", **facts)
    _must(r["party"] in draw.commits, "draw.seed_unknown", **facts)
    _must(r["party"] not in draw.opened, "draw.seed_twice", **facts)
    opening = records.draw_seed(week.log, draw.draw, r["party"], r["seed"], r["salt"])
    _must(records.commitment(opening) == draw.commits[r["party"]][1]["commit"], "draw.seed_differs", **facts)
    draw.opened[r["party"]] = (index, r)


def _beacon(week: Log, index: int, r: Record) -> None:
    draw = _running(week, index, r)
    facts: dict[str, Any] = {"index": index, "draw": draw.draw}
    _must(draw.beacon is None, "draw.twice", **facts)
    ruled = draws.named_beacon(draw.rules)
    if r["kind"] == "dice":  # for a rule that names drand this is the fallback; verify/ looks at its time
        _must(len(r["throws"]) == ruled.get("digits", draws.LEAST_THROWS), "draw.throws", **facts)
    else:
        _must((r["kind"], r["chain"]) == (ruled["kind"], ruled.get("chain")), "draw.chain", **facts)
        _must(r["round"] == ruled["round"], "draw.round", round=r["round"], wanted=ruled["round"], **facts)
        hashed = records.sha256_hex(bytes.fromhex(r["signature"]))
        _must(hashed == r["randomness"], "draw.randomness", **facts)
    draw.beacon = (index, r)


def _result(week: Log, index: int, r: Record) -> None:
    draw = _running(week, index, r)
    for name, value in result(draw).items():
        _must(r[name] == value, "draw.result_differs", index=index, draw=draw.draw, field=name)
    draw.result = (index, r)


def _claim(week: Log, index: int, r: Record) -> None:
    draw, position, state = _draw(week, index, r), r["position"], r["state"]
    facts: dict[str, Any] = {"index": index, "draw": draw.draw, "position": position}
    _must(draw.result is not None, "draw.claim_early", **facts)
    before, prize = draw.claims.get(position, ("", r["prize"]))
    _must(before in CLAIMS[state], "draw.claim_order", before=before, state=state, **facts)
    _must(prize == r["prize"], "draw.claim_prize", **facts)
    if state == "notified":
        due = draw.due()
        _must(position in due, "draw.claim_position", **facts)
        _must(prize in due[position], "draw.claim_prize", **facts)
    draw.claims[position] = (state, prize)


READERS: Final[dict[str, Callable[[Log, int, Record], None]]] = {
    "quiz.rules": _rules,
    "quiz.key_committed": _key_committed,
    "quiz.attempt": _attempt,
    "quiz.closed": _closed,
    "quiz.entry_struck": _entry_struck,
    "quiz.entry_restored": _entry_restored,
    "draw.pool_frozen": _pool_frozen,
    "draw.seed_committed": _seed_committed,
    "draw.seed_opened": _seed_opened,
    "draw.beacon": _beacon,
    "draw.result": _result,
    "draw.claim": _claim,
    "quiz.key_revealed": _key_revealed,
}
