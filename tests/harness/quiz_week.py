"""Makes whole quizzes with their draws for tests: every record, opening, seed and asset, in memory, the same for the same seed.

    QuizWeek().play()                          a quiz of 12 entrants, drawn by dice, in a rehearsal log; play(until="opened") stops
    QuizWeek(beacon="drand").play()            a real log drawn by quicknet: its calendar ends just before round 657413 (2023-09-15)
    QuizWeek().run().play()                    the same quiz after a whole week

Witness gates: announced, attempts, closed, frozen, committed, opened, chance, result, claims, revealed; `delays` and `skip_witness`
work as in `Week`, `edit` changes a record on its way into the log, `force` appends one that no honest door would take.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from showground.rules import answers, draws, quizzes, records
from showground.rules.quiz_rules import prize_quiz
from showground.rules.records import Record
from showground.tlog import merkle
from showground.tlog.proof import Proof
from showground.verify.receipt import extra
from tests.harness.week import DAY, Week

DRAND = json.loads((Path(__file__).parents[1] / "vectors" / "drand.json").read_text(encoding="utf-8"))["quicknet"]
ROUND = DRAND["beacon"]["round"]
ROUND_TIME = draws.time_of_round(draws.QUICKNET, ROUND)
STEPS = ("announced", "attempts", "closed", "frozen", "committed", "opened", "chance", "result", "claims", "revealed")
QUIZ, DRAW = "phish-quiz", "phish-draw"


def question(number: int) -> dict[str, Any]:
    """A question whose option "a" is right."""
    options = [
        {"key": key, "text": {"en": f"Answer {key} of {number}", "zh": f"第{number}题答案{key}"}, "credit": [int(key == "a"), 1]}
        for key in "abc"
    ]
    text = {"en": f"Question {number}?", "zh": f"问题{number}？"}
    return {"v": 1, "code": f"q{number:02}", "kind": "single", "text": text, "options": options}


@dataclass
class QuizWeek(Week):
    """One quiz with a draw in a log of its own, or after a week that was run before."""

    entrants: int = 12
    beacon: str = "dice"
    throws: str = "614253" * 4
    losers: int = 3  # of every four entrants one fails, up to so many
    rules: dict[str, Any] = field(default_factory=dict)  # changes of the quiz's rules
    prizes: tuple[int, int] = (1, 2)
    alternates: int = 2

    def __post_init__(self) -> None:
        if self.beacon == "drand":
            self.clock, self.origin = None, "quiz.example.org/2023"
        super().__post_init__()
        self.draws_at = ROUND_TIME - 1 if self.beacon == "drand" else self.jury_at + 10 * DAY
        self.questions = [question(number) for number in range(1, 7)]
        self.attempts: dict[int, Record] = {}
        self.secrets: dict[int, str] = {}
        self.made = self._rules()
        self.seeds = {party: (self.random.randbytes(32).hex(), self.salt()) for party in self.made["draw"]["parties"]}
        self.key = records.quiz_key(self.origin, QUIZ, self.questions, self.salt())

    def _rules(self) -> dict[str, Any]:
        at = self.draws_at
        times = {"opens": at - 5 * DAY, "closes": at - 2 * DAY, "freezes": at - DAY, "commit_by": at - 7200, "open_by": at - 3600}
        beacon = {"kind": "dice", "digits": 24} if self.beacon == "dice" else None
        made = prize_quiz(QUIZ, DRAW, **times, draws_at=at, beacon=beacon)
        for prize, count in zip(made["draw"]["prizes"], self.prizes, strict=True):
            prize["count"] = count
        made["draw"]["alternates"] = self.alternates
        return made | {"pool": 6, "items": 3, "pass": 2} | self.rules

    @property
    def quiz(self) -> quizzes.QuizState:
        return self.week.quizzes[QUIZ]

    @property
    def draw(self) -> quizzes.DrawState:
        return self.week.draws[DRAW]

    def force(self, kind: str, /, **fields: object) -> int:
        """A record stands in the log although no chronicle would take it there."""
        return self.force_record(records.build(kind, self.origin, **fields))

    def force_record(self, record: Record) -> int:
        self.entries.append(records.canonical(record))
        return len(self.entries) - 1

    def play(self, until: str = "revealed", start: str = "announced") -> QuizWeek:
        if not self.entries:
            said = {"software": "showground 0.1.0", "operator": "A city", "clock": self.clock}
            vkeys = [self.log_key.vkey, self.witness_key.vkey]
            self.append("log.opened", policy_sha256=hashlib.sha256(self.policy).hexdigest(), vkeys=vkeys, **said)
        for step in STEPS[STEPS.index(start) : STEPS.index(until) + 1]:
            getattr(self, f"_do_{step}")()
        return self

    def entry_receipt(self, index: int, **changes: Any) -> bytes:
        """The receipt of an attempt under the newest checkpoint, with its secret."""
        leaves = [merkle.leaf_hash(entry) for entry in self.entries[: max(self.notes)]]
        told = {
            "leaf": records.parse(self.entries[index]),
            "opening": self.attempts[index],
            "secret": self.secrets[index],
        } | changes
        path, note = tuple(merkle.inclusion_path(index, leaves)), self.notes[max(self.notes)].decode()
        return Proof(index, path, note, extra(told["leaf"], told["opening"], told["secret"])).data.encode()

    # ---- the quiz ----

    def _do_announced(self) -> None:
        self.append("quiz.rules", quiz=QUIZ, rules=self.made, rules_sha256=records.commitment(self.made))
        self.append("quiz.key_committed", quiz=QUIZ, commit=records.commitment(self.key), questions=len(self.questions))
        self.witness("announced", self.made["opens"] - 3600)

    def opening(self, number: int, right: int) -> Record:
        """The opening of an attempt of which `right` items are right."""
        seed, secret = self.random.randbytes(32).hex(), f"secret {number}"
        by_code = {question["code"]: question for question in self.questions}
        items = draws.chosen(seed, by_code, self.made["items"])
        given = []
        for place, code in enumerate(items):
            slots = [option["key"] for option in answers.slots(by_code[code], seed)]
            given.append({"choice": slots.index("a" if place < right else "b")})
        claim = hashlib.sha256(secret.encode()).hexdigest()
        return records.quiz_attempt(self.origin, QUIZ, seed, items, given, claim, self.salt())

    def attempt(self, number: int, passed: bool) -> int:
        opening = self.opening(number, self.made["pass"] if passed else self.made["pass"] - 1)
        index = self.append("quiz.attempt", quiz=QUIZ, passed=passed, commit=records.commitment(opening))
        self.attempts[index], self.secrets[index] = opening, f"secret {number}"
        return index

    def _do_attempts(self) -> None:
        for number in range(self.entrants):
            self.attempt(number, not (number % 4 == 3 and number // 4 < self.losers))
            if number == self.entrants // 2:
                self.witness("attempts", self.made["opens"] + DAY)

    def _do_closed(self) -> None:
        counts = {"attempts": self.quiz.attempts, "passed": len(self.quiz.passed)}
        self.append("quiz.closed", quiz=QUIZ, **counts, at=self.made["closes"])
        self.witness("closed", self.made["closes"] + 30)

    # ---- the draw ----

    def strike(self, index: int) -> None:
        self.append("quiz.entry_struck", quiz=QUIZ, index=index, reason_code="twin", rule="one ticket per person")

    def _do_frozen(self) -> None:
        if len(self.quiz.passed) > 2:
            for index in self.quiz.passed[:2]:
                self.strike(index)
            self.append("quiz.entry_restored", quiz=QUIZ, index=self.quiz.passed[1], reason_code="appeal")
        self.append("draw.pool_frozen", **quizzes.pool_frozen(self.quiz))
        self.witness("frozen", self.made["freezes"] + 30)

    def _do_committed(self) -> None:
        for party, (seed, salt) in self.seeds.items():
            opening = records.draw_seed(self.origin, DRAW, party, seed, salt)
            self.append("draw.seed_committed", draw=DRAW, party=party, commit=records.commitment(opening))
        self.witness("committed", self.made["draw"]["commit_by"] - 60)

    def _do_opened(self) -> None:
        for party, (seed, salt) in self.seeds.items():
            self.append("draw.seed_opened", draw=DRAW, party=party, seed=seed, salt=salt)
        self.witness("opened", self.made["draw"]["open_by"] - 60)

    def said_beacon(self) -> dict[str, Any]:
        """The fields of draw.beacon."""
        if self.beacon == "dice":
            return {"draw": DRAW, "kind": "dice", "throws": self.throws}
        return {"draw": DRAW, "kind": "drand", "chain": DRAND["chain_hash"]} | DRAND["beacon"]

    def _do_chance(self) -> None:
        self.append("draw.beacon", **self.said_beacon())
        self.witness("chance", self.draws_at + 60)

    def _do_result(self) -> None:
        self.append("draw.result", **quizzes.result(self.draw))
        self.witness("result", self.draws_at + 120)

    def claim(self, position: int, prize: str, *states: str) -> None:
        for state in states:
            self.append("draw.claim", draw=DRAW, position=position, prize=prize, state=state)

    def _do_claims(self) -> None:
        """The first winner does not claim; an alternate takes the prize; all are handed over."""
        for number, (position, prizes) in enumerate(list(self.draw.due().items())):
            expires = number == 0 and len(self.draw.tickets) > 3
            self.claim(position, prizes[0], "notified", *(["expired"] if expires else ["claimed", "checked", "handed_over"]))
        for position, prizes in self.draw.due().items():
            self.claim(position, prizes[0], "notified", "claimed", "checked", "handed_over")
        self.witness("claims", self.draws_at + 5 * DAY)

    def _do_revealed(self) -> None:
        key = self.asset(records.lines([self.key, *self.questions]))
        openings = self.asset(records.lines(self.attempts.values()))
        self.append("quiz.key_revealed", quiz=QUIZ, key_sha256=key, openings_sha256=openings, count=self.quiz.attempts)
        self.witness("revealed", self.draws_at + 6 * DAY)
