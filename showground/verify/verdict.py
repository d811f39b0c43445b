"""What is printed: plain words, then numbers, then the exit code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from showground.verify.case import FAIL, GAP, NOT_CHECKED, NOT_YET, PASS
from showground.verify.checks import Outcome, Step
from showground.verify.receipt import Lights

GOOD: Final = 0
BAD: Final = 1
UNSAID: Final = 2
MOST: Final = 12  # findings printed per step
MOST_DRAWN: Final = 60  # positions printed per draw


def exit_code(outcome: Outcome, lights: Lights | None = None) -> int:
    """Returns 0: nothing failed; 1: something failed; 2: nothing can be said."""
    if FAIL in outcome.words or (lights is not None and not lights.good):
        return BAD
    if outcome.unreadable is not None or PASS not in outcome.words:
        return UNSAID
    return GOOD


def first_line(outcome: Outcome, lights: Lights | None = None) -> str:
    """Returns the verdict in one line."""
    code = exit_code(outcome, lights)
    if code == UNSAID:
        return "CANNOT SAY"
    if code == BAD:
        return "NOT VERIFIED"
    so_far = " so far" if NOT_YET in outcome.words else ""
    rehearsal = " (rehearsal: times are invented)" if outcome.case.numbers.get("rehearsal") else ""
    return f"VERIFIED{so_far}{rehearsal}"


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _named(outcome: Outcome, word: str) -> list[str]:
    return [step.name for step in outcome.steps if step.word == word]


def _words(outcome: Outcome) -> list[str]:
    numbers, code = outcome.case.numbers, exit_code(outcome)
    said = []
    if code == GOOD:
        said.append(f"Nothing of the {numbers['records']} records of {numbers['origin']} was changed or removed,")
        said.append("the rule frozen before the vote gives what was published, and the witnesses saw the same record.")
    if code == BAD:
        said.append(f"What is published does not hold. Steps that failed: {', '.join(_named(outcome, FAIL)) or 'the receipt'}.")
    if outcome.unreadable is not None:
        said.append(f"Unreadable or incomplete at step {outcome.unreadable.text} [{outcome.unreadable.file or 'the bundle'}]")
    if late := _named(outcome, GAP):
        said.append(f"GAP: witnesses saw something later than the grace allows, in: {', '.join(late)}.")
    if code == GOOD and (left := _named(outcome, NOT_CHECKED)):
        said.append(f"NOT CHECKED: {', '.join(left)}.")
    if code == GOOD and (early := _named(outcome, NOT_YET)):
        said.append(f"The week has not come so far yet: {', '.join(early)}.")
    return said


def _step_lines(number: int, step: Step) -> list[str]:
    lines = [f"{number:2}  {step.word:<11} {step.asks}"]
    for finding in step.findings[:MOST]:
        word = "" if finding.word in {step.word, PASS} else f"{finding.word}: "
        place = f"  [step {step.name}, file {finding.file}]" if finding.file else ""
        lines.append(f"{'':16}{word}{finding.text}{place}")
    if len(step.findings) > MOST:
        lines.append(f"{'':16}... and {len(step.findings) - MOST} more")
    return lines


def weakest(outcome: Outcome) -> list[str]:
    """Returns what a reader still has to believe, the weakest first."""
    case = outcome.case
    names = sorted(key.name for key in case.policy.witnesses.values())
    said = []
    if not case.policy_from:
        digest = case.numbers.get("policy_sha256", "")
        said.append(f"the policy came with the bundle; compare its SHA-256 with one you got elsewhere: {digest.upper()}")
    if len(names) == 1:
        said.append(f"1 witness: {names[0]}; if it and the operator act together, this check cannot tell")
    elif not names:
        said.append("no witness: the operator alone says what the record is")
    said.append("people behind the ballots: who got a paper is for the registrar and the notary's sample to check")
    if case.week.quizzes:
        said.append(
            "people behind the tickets: that one person holds one, and none is the organiser's, is seen when prizes are claimed"
        )
    if any(draw.rules["draw"]["beacon"]["kind"] == "dice" for draw in case.week.draws.values()):
        said.append("the dice: that they were thrown once, before people, and read rightly")
    return said


def _flat(numbers: dict[str, Any]) -> list[str]:
    lines = []
    for name, value in numbers.items():
        if name in {"result", "origin", "policy_sha256", "rehearsal", "quizzes", "draws"}:
            continue
        if name == "witnessed_at":
            value = _instant(value) if value else "never"
        elif isinstance(value, dict):
            value = ", ".join(f"{key} {number}" for key, number in value.items())
        lines.append(f"    {name.replace('_', ' '):<14} {value}")
    return lines


def _points(value: int, places: int) -> str:
    whole = str(value).rjust(places + 1, "0")
    return f"{whole[:-places]}.{whole[-places:]}" if places else whole


def _result(outcome: Outcome) -> list[str]:
    if outcome.case.result is None:
        return []
    found, lines = outcome.case.result, []
    for category, rows in found.categories.items():
        lines.append(f"    {category}")
        for row in rows:
            votes, score = _points(row.vote_points, found.source_places), _points(row.jury_points, found.source_places)
            total = _points(row.combined, found.sum_places)
            shares = f"votes {row.votes} ({votes})  jury {score}"
            lines.append(f"      {row.place:>2}. {row.entry}  {total:>7}  {shares}  {row.prize or '-'}  by {row.decided_by}")
    return lines


def _quizzes(outcome: Outcome) -> list[str]:
    """Quizzes with their counts, draws with every position drawn."""
    numbers, lines = outcome.case.numbers, []
    for code, told in numbers.get("quizzes", {}).items():
        lines.append(f"    quiz {code}: " + ", ".join(f"{name} {value}" for name, value in told.items()))
    for code, told in numbers.get("draws", {}).items():
        lines.append(f"    draw {code}: tickets {told['tickets']}")
        for place, (position, index, prize, state) in enumerate(told["drawn"][:MOST_DRAWN], 1):
            lines.append(f"      {place:>3}. position {position}, entry {index}  {prize or 'alternate'}  {state or '-'}")
        if (more := len(told["drawn"]) - MOST_DRAWN) > 0:
            lines.append(f"      ... and {more} more")
    return lines


def as_text(outcome: Outcome, lights: Lights | None = None) -> str:
    """Returns the verdict as lines for people; the last one is the exit code."""
    lines = [first_line(outcome, lights), *_words(outcome), ""]
    for number, step in enumerate(outcome.steps, 1):
        lines += _step_lines(number, step)
    lines += ["", "Numbers", *_flat(outcome.case.numbers)]
    if result := _result(outcome):
        lines += ["", "Result", *result]
    if drawn := _quizzes(outcome):
        lines += ["", "Quizzes and draws", *drawn]
    if lights is not None:
        lines += ["", "Receipt", *receipt_lines(lights)]
    lines += ["", "What is left to believe", *(f"    {text}" for text in weakest(outcome))]
    return "\n".join([*lines, "", f"exit {exit_code(outcome, lights)}", ""])


def receipt_lines(lights: Lights) -> list[str]:
    """Returns one line per light of a receipt."""
    return [f"    {finding.word:<8} {finding.text}  [file {finding.file}]" for finding in lights.findings]


def as_json(outcome: Outcome, lights: Lights | None = None) -> dict[str, Any]:
    """Returns the verdict as one JSON object: docs/formats/verdict.md."""
    told: dict[str, Any] = {
        "verdict": first_line(outcome, lights),
        "exit": exit_code(outcome, lights),
        "steps": [
            {
                "step": step.name,
                "asks": step.asks,
                "word": step.word,
                "findings": [{"word": f.word, "text": f.text, "file": f.file} for f in step.findings],
            }
            for step in outcome.steps
        ],
        "numbers": outcome.case.numbers,
        "left_to_believe": weakest(outcome),
    }
    if outcome.unreadable is not None:
        told["unreadable"] = {"text": outcome.unreadable.text, "file": outcome.unreadable.file}
    if lights is not None:
        told["receipt"] = {"index": lights.index, "lights": [{"word": f.word, "text": f.text} for f in lights.findings]}
    return told
