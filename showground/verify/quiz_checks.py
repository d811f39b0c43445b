"""Was the quiz fair? Rules and key fixed before it opened, attempts in time, and, once the key is revealed, every attempt re-scored."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from typing import Any

from showground.rules import answers, draws, questions, records
from showground.rules.quizzes import QuizState
from showground.rules.records import Record
from showground.rules.refused import Refused
from showground.verify.case import FAIL, GAP, NOT_YET, PASS, SKEW, Case, Finding, many

Attempts = list[tuple[int, Record]]


class _Wrong(Exception):
    """A revealed key or an opening does not hold; says why."""


def quizzes(case: Case) -> Iterator[Finding]:
    """Every quiz of the log: announced in time, entered in time, and re-scored as published."""
    if not case.week.quizzes:
        yield Finding(PASS, "there is no quiz in this log")
        return
    by_quiz: dict[str, Attempts] = {code: [] for code in case.week.quizzes}
    for index, record in case.of_type("quiz.attempt"):
        by_quiz[record["quiz"]].append((index, record))
    yield from _twins(case, [pair for attempts in by_quiz.values() for pair in attempts])
    told = {}
    for code, quiz in case.week.quizzes.items():
        told[code] = {"attempts": quiz.attempts, "passed": len(quiz.passed), "struck": len(quiz.struck)}
        yield from _announced(case, quiz)
        yield from _in_time(case, quiz, by_quiz[code])
        yield from _closed(case, quiz)
        yield from _revealed(case, quiz, by_quiz[code])
        if quiz.revealed is not None:
            told[code]["rescored"] = len(by_quiz[code])
    case.numbers["quizzes"] = told


def _twins(case: Case, attempts: Attempts) -> Iterator[Finding]:
    seen: dict[bytes, int] = {}
    for index, _ in attempts:
        first = seen.setdefault(case.leaves[index], index)
        if first != index:
            yield Finding(FAIL, f"record {index}: two tickets for one attempt: the same stands at {first}", case.file_of(index))


def _announced(case: Case, quiz: QuizState) -> Iterator[Finding]:
    """Witnesses saw the rules and the commitment to the key before the quiz opened."""
    opens = quiz.rules["opens"]
    if quiz.key is None:
        late = case.newest > opens
        yield Finding(NOT_YET, f"quiz {quiz.quiz}: no key is committed{', so it cannot open' if late else ''}")
        return
    for name, index in (("rules", quiz.rules_index), ("key", quiz.key[0])):
        seen = case.witnessed_at(index)
        if seen is None:
            yield Finding(FAIL, f"record {index}: no quorum of witnesses saw the {name} of {quiz.quiz}", case.file_of(index))
        elif seen > opens + SKEW:
            text = f"record {index}: late {name}: witnessed {seen - opens} s after the quiz {quiz.quiz} opened"
            yield Finding(FAIL, text, case.file_of(index))
    yield Finding(PASS, f"quiz {quiz.quiz}: rules and key were fixed before it opened")


def _in_time(case: Case, quiz: QuizState, attempts: Attempts) -> Iterator[Finding]:
    """No attempt was witnessed before the quiz opened, none came after a checkpoint witnessed when it and the grace were over."""
    opens, ends = quiz.rules["opens"], quiz.rules["closes"] + quiz.rules["grace"]
    sizes = [head.size for head in case.heads]
    latest = [max(head.times.values(), default=0) for head in case.heads]
    if attempts and (early := [h for h in case.having(attempts[0][0]) if any(t + SKEW < opens for t in h.times.values())]):
        index = attempts[0][0]
        text = f"record {index}: early entry: witnessed before {quiz.quiz} opened in {early[0].file}"
        yield Finding(FAIL, text, case.file_of(index))
    for index, _ in attempts:
        before = bisect.bisect_right(sizes, index)  # checkpoints that did not yet contain it
        if before and latest[before - 1] > ends:
            text = f"record {index}: late entry: {quiz.quiz} had ended {latest[before - 1] - quiz.rules['closes']} s before"
            yield Finding(FAIL, text, case.file_of(index))
            return


def _closed(case: Case, quiz: QuizState) -> Iterator[Finding]:
    code, closes, grace = quiz.quiz, quiz.rules["closes"], quiz.rules["grace"]
    if quiz.closed is None:
        word = FAIL if case.week.log_closed is not None else NOT_YET
        yield Finding(word, f"quiz {code} has not closed: {many(quiz.attempts, 'attempt')} so far", case.file_of(quiz.rules_index))
        return
    file, seen = case.file_of(quiz.closed), case.witnessed_at(quiz.closed)
    if any(time + SKEW < closes for head in case.having(quiz.closed) for time in head.times.values()):
        yield Finding(FAIL, f"record {quiz.closed}: quiz {code} was closed before its time", file)
    elif seen is None:
        yield Finding(FAIL, f"record {quiz.closed}: no quorum of witnesses saw the close of {code}", file)
    elif seen > closes + grace:
        text = f"record {quiz.closed}: the close of {code} was witnessed {seen - closes - grace} s beyond the grace"
        yield Finding(GAP, text, file)
    said = f"{many(quiz.attempts, 'attempt')}, {len(quiz.passed)} passed, {len(quiz.struck)} struck"
    yield Finding(PASS, f"quiz {code}: {said}; it closed on time")


# ---- the key and the answers ----


def _revealed(case: Case, quiz: QuizState, attempts: Attempts) -> Iterator[Finding]:
    if quiz.revealed is None:
        yield from _sealed(case, quiz)
        return
    _, record = quiz.revealed
    key_file, openings_file = (f"assets/{record[name]}" for name in ("key_sha256", "openings_sha256"))
    try:
        key = _key(case, quiz, _lines(case, record["key_sha256"]))
    except (_Wrong, Refused) as no:
        yield Finding(FAIL, f"swapped key: {no}", key_file)
        return
    try:
        lines = _lines(case, record["openings_sha256"])
        if len(lines) != len(attempts):
            raise _Wrong(f"altered answers: {len(lines)} openings, {len(attempts)} attempts")
        for number, (line, (index, attempt)) in enumerate(zip(lines, attempts, strict=True), 1):
            _rescored(quiz, key, line, index, attempt, number)
    except _Wrong as wrong:
        yield Finding(FAIL, f"quiz {quiz.quiz}: {wrong}", openings_file)
        return
    yield Finding(
        PASS, f"quiz {quiz.quiz}: the key is the committed one; {many(len(lines), 'attempt')} re-scored, each as published"
    )


def _sealed(case: Case, quiz: QuizState) -> Iterator[Finding]:
    """A key that stays sealed hides how attempts were scored: there is an end to waiting."""
    draw = quiz.rules.get("draw")
    last = draw["draws_at"] + 3600 * draw["fallback_hours"] + 86400 * draw["claim_days"] if draw else None
    file = case.file_of(quiz.rules_index)
    if case.week.log_closed is not None:
        yield Finding(FAIL, f"withheld key: the log is closed and the key of {quiz.quiz} was never revealed", file)
    elif last is not None and case.newest > last:
        yield Finding(GAP, f"withheld key: the key of {quiz.quiz} is still sealed after every prize was due", file)
    else:
        yield Finding(NOT_YET, f"the key of {quiz.quiz} is sealed, so no attempt can be re-scored")


def _lines(case: Case, digest: str) -> list[bytes]:
    data = case.bundle.read(f"assets/{digest}")
    if records.sha256_hex(data) != digest:
        raise _Wrong("the asset has another hash than quiz.key_revealed says")
    lines = data.split(b"\n")
    if lines.pop() != b"":
        raise _Wrong("the last line of the asset does not end")
    return lines


def _key(case: Case, quiz: QuizState, lines: list[bytes]) -> dict[str, questions.Question]:
    """The questions of the pool by code, from the asset whose first line is the committed opening."""
    assert quiz.key is not None
    if not lines or records.sha256_hex(lines[0]) != quiz.key[1]["commit"]:
        raise _Wrong("what was revealed is not what was committed to before the quiz")
    opening, found = records.parse(lines[0]), [records.parse(line) for line in lines[1:]]
    for question in found:
        questions.check_question(question)
    if opening != records.quiz_key(case.week.log, quiz.quiz, found, str(opening.get("salt"))):
        raise _Wrong("a question is not the one that the key names")
    key = {question["code"]: question for question in found}
    if not len(key) == len(found) == quiz.rules["pool"]:
        raise _Wrong(f"{len(key)} questions, the rules say {quiz.rules['pool']}")
    return key


_ATTEMPT = {"type", "log", "quiz", "seed", "items", "answers", "claim", "salt"}


def _rescored(quiz: QuizState, key: dict[str, Any], line: bytes, index: int, attempt: Record, number: int) -> None:
    """One attempt: its opening is the committed one, asks what its seed gives, and passed exactly if the published record says so."""
    where = f"line {number}, attempt {index}"
    if records.sha256_hex(line) != attempt["commit"]:
        raise _Wrong(f"{where}: altered answers: the opening does not fit the commitment")
    try:
        opening = records.parse(line)
    except Refused as no:
        raise _Wrong(f"{where}: {no}")
    if set(opening) != _ATTEMPT or [opening[n] for n in ("type", "log", "quiz")] != ["quiz.attempt", attempt["log"], quiz.quiz]:
        raise _Wrong(f"{where}: not the opening of an attempt at this quiz")
    if not records.HEX64(opening["seed"]) or opening["items"] != draws.chosen(opening["seed"], key, quiz.rules["items"]):
        raise _Wrong(f"{where}: hand-picked questions: they are not those that its seed draws")
    given = opening["answers"]
    if not isinstance(given, list) or len(given) != len(opening["items"]):
        raise _Wrong(f"{where}: {len(given) if isinstance(given, list) else 'no'} answers")
    right = sum(_right(key[code], answer, opening["seed"]) for code, answer in zip(opening["items"], given, strict=True))
    if (right >= quiz.rules["pass"]) != attempt["passed"]:
        said = "passed" if attempt["passed"] else "failed"
        raise _Wrong(f"{where}: wrong score: published as {said} with {right} right of {quiz.rules['pass']} needed")


def _right(question: questions.Question, answer: Any, seed: str) -> bool:
    """An answer is right if it is worth the whole point; what is no answer to its question is worth nothing."""
    try:
        return answers.score(question, answer, seed) == 1
    except Refused:
        return False
