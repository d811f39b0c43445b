"""The checks, in the order in which a notary would make them; each step is a function in a file beside this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from showground.verify import board_checks, desk_checks, draw_checks, log_checks, quiz_checks, result_checks, week_checks
from showground.verify.bundle import Bundle, Unreadable
from showground.verify.case import FAIL, NOT_CHECKED, WORST_LAST, Case, Finding

Check = Callable[[Case], Iterator[Finding]]

# (name, what holds if it passes, the check, the steps it cannot do without)
STEPS: Final[tuple[tuple[str, str, Check, tuple[str, ...]], ...]] = (
    ("files", "Every file has the hash in MANIFEST, and none lies beside", log_checks.files, ()),
    ("policy", "The policy names the log, the witnesses and the quorum", log_checks.trust, ()),
    ("checkpoints", "Log and witnesses signed every checkpoint", log_checks.checkpoints, ("policy",)),
    ("tree", "The entries give the signed root and exactly these tiles", log_checks.tree, ("checkpoints",)),
    ("growth", "The log only grew: every older signed root fits", log_checks.prefixes, ("tree",)),
    ("records", "Every record is well formed and in its place", week_checks.each_record, ("tree",)),
    ("keys", "Every key was declared, and the policy is the log's own", week_checks.keys, ("records",)),
    ("gates", "Witnesses saw every gate when they had to", week_checks.gates, ("records",)),
    ("rule", "One rule, frozen before the vote", week_checks.rule, ("records",)),
    ("entries", "The works are those accepted before the vote", week_checks.entries, ("records",)),
    ("ballots", "Every ballot was cast while its scope was open", week_checks.ballots, ("records",)),
    ("openings", "Every sealed ballot was opened as it was cast", result_checks.openings, ("records",)),
    ("credentials", "No more voters than papers given out", week_checks.credentials, ("records",)),
    ("jury", "Every sheet was signed and sealed before the gate", result_checks.jury, ("records",)),
    ("tally", "The votes, counted again, are the published count", result_checks.tallied, ("openings", "ballots")),
    ("shortlist", "The shortlist is the one the rule gives", result_checks.shortlisted, ("tally",)),
    ("result", "Votes and scores, combined again, are the published result", result_checks.combined, ("tally", "jury")),
    ("awards", "The awards are those that follow from the result", result_checks.awarded, ("result",)),
    ("quizzes", "Quizzes were announced, entered and scored by their rules", quiz_checks.quizzes, ("records",)),
    ("draws", "Nobody could steer a draw, and its winners follow", draw_checks.drawn, ("records",)),
    ("desk", "The report desk kept its hours and published its figures", desk_checks.desk, ("records",)),
    ("boards", "Every text of a board stands in its order", board_checks.boards, ("records",)),
    ("statements", "The notary's statements are signed and fit the log", week_checks.statements, ("records",)),
)


@dataclass(frozen=True)
class Step:
    """One step done: its name, what it asks, its worst word and all its findings."""

    name: str
    asks: str
    word: str
    findings: list[Finding]


@dataclass(frozen=True)
class Outcome:
    """All steps done, the case they left behind, and what could not be read (which ends the check)."""

    case: Case
    steps: list[Step]
    unreadable: Finding | None = None

    @property
    def words(self) -> set[str]:
        """The words of all steps."""
        return {step.word for step in self.steps}


def check(bundle: Bundle, policy: tuple[str, bytes] | None = None) -> Outcome:
    """Returns the outcome of every step on a bundle; `policy` is (file name, bytes) of the reader's own policy."""
    case = Case(bundle) if policy is None else Case(bundle, policy_from=policy[0], policy_bytes=policy[1])
    steps: list[Step] = []
    for name, asks, run, needs in STEPS:
        words = {step.name: step.word for step in steps}
        if broken := [need for need in needs if words[need] in {FAIL, NOT_CHECKED}]:
            text = f"cannot be done while the step '{broken[0]}' does not hold"
            steps.append(Step(name, asks, NOT_CHECKED, [Finding(NOT_CHECKED, text)]))
            continue
        found: list[Finding] = []
        try:
            for finding in run(case):
                found.append(finding)
        except Unreadable as lack:
            steps.append(_step(name, asks, found))
            return Outcome(case, steps, Finding(FAIL, f"{name}: {lack}", lack.file))
        steps.append(_step(name, asks, found))
    return Outcome(case, steps)


def _step(name: str, asks: str, found: list[Finding]) -> Step:
    worst = max((WORST_LAST.index(finding.word) for finding in found), default=WORST_LAST.index(NOT_CHECKED))
    bad = any(finding.word == FAIL for finding in found)
    kept = [finding for finding in found if not (bad and finding.word == "PASS")]
    return Step(name, asks, WORST_LAST[worst], kept)
