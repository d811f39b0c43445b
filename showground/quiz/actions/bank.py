"""What authors do with questions: write, ask for a second reader, approve, return, retire, bring in from files."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from showground.people.models import Person
from showground.quiz.models import Question, Version
from showground.quiz.queries.bank import writers
from showground.rules.questions import KINDS, check_question
from showground.rules.refused import Refused

Document = dict[str, Any]
State = Version.State
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


# ---- a beginning for every kind ----


def _options(*keys: str) -> list[Document]:
    return [{"key": key, "text": {}, "credit": [int(place == 0), 1]} for place, key in enumerate(keys)]


def _beginning(kind: str) -> Document:
    if kind in {"single", "multiple"}:
        return {"options": _options("a", "b", "c", "d")}
    if kind == "true_false":
        right = [{"en": "True", "zh": "正确"}, {"en": "False", "zh": "错误"}]
        return {"options": [one | {"text": text} for one, text in zip(_options("true", "false"), right, strict=True)]}
    if kind == "short":
        return {"accepted": [{"text": "", "credit": [1, 1]}]}
    if kind == "numeric":
        return {"accepted": [{"value": "", "tolerance": "0", "credit": [1, 1]}]}
    if kind == "matching":
        sides = {side: [{"key": key, "text": {}} for key in "abc"] for side in ("left", "right")}
        return {**sides, "pairs": [[key, key] for key in "abc"]}
    if kind == "ordering":
        return {"options": [{"key": key, "text": {}} for key in "abc"]}
    if kind == "cloze":
        return {"gaps": [{"key": "g1", "kind": "single", "weight": 1, "options": _options("a", "b", "c")}]}
    roles = ("from", "subject", "text", "link")
    lines = [{"key": key, "role": role, "text": {}} for key, role in zip("abcd", roles, strict=True)]
    return {"channel": "mail", "trick": True, "lines": lines}


@transaction.atomic
def start_question(kind: str, *, by: Person, at: int, code: str = "") -> Version:
    """An empty question of a kind is in the bank as a draft."""
    if kind not in KINDS:
        raise Refused("question.kind", kind=kind)
    code = code or "q-" + "".join(secrets.choice(LETTERS) for _ in range(6))
    if Question.objects.filter(code=code).exists():
        raise Refused("question.code_taken", question=code)
    question = Question.objects.create(code=code, kind=kind)
    document = {"v": 1, "code": code, "kind": kind, "text": {}, **_beginning(kind)}
    return Version.objects.create(question=question, number=1, document=document, written_by=by, written_at=at)


# ---- writing ----


def _locked(question: Question) -> Question:
    return Question.objects.select_for_update(of=("self",)).get(pk=question.pk)


def _newest(question: Question) -> Version:
    found = question.versions.order_by("-number").first()
    if found is None:
        raise Refused("question.no_version", question=question.code)
    return found


@transaction.atomic
def write_question(question: Question, document: Document, *, by: Person, at: int) -> Version:
    """The newest draft says what its author says now; words of somebody else, or read before, stay as a version of their own."""
    question = _locked(question)
    newest = _newest(question)
    document = {**document, "v": 1, "code": question.code, "kind": question.kind}
    if document == newest.document:
        return newest
    if newest.state == State.WAITING:
        raise Refused("question.waiting", question=question.code)
    _shelve(question, document)
    if newest.state == State.DRAFT and newest.written_by_id == by.pk:
        newest.document, newest.written_at = document, at
        newest.save(update_fields=["document", "written_at"])
        return newest
    return Version.objects.create(question=question, number=newest.number + 1, document=document, written_by=by, written_at=at)


def _shelve(question: Question, document: Document) -> None:
    question.category, question.tags = str(document.get("category", ""))[:60], list(document.get("tags", []))
    question.save(update_fields=["category", "tags"])


def _empty(text: Any) -> bool:
    return not (text.strip() if isinstance(text, str) else text)


def finished(document: Document) -> Document:
    """Returns the document without the rows that nobody filled in."""
    whole = dict(document)
    for holder in ("options", "left", "right", "lines"):
        if holder in whole and document["kind"] != "true_false":
            whole[holder] = [item for item in whole[holder] if not _empty(item["text"])]
    if "pairs" in whole:
        left, right = ({item["key"] for item in whole[side]} for side in ("left", "right"))
        whole["pairs"] = [pair for pair in whole["pairs"] if pair[0] in left and pair[1] in right]
    if "accepted" in whole:
        whole["accepted"] = _answers(whole["accepted"])
    if "gaps" in whole:
        whole["gaps"] = [_gap(gap) for gap in whole["gaps"]]
    return whole


def _answers(accepted: list[Document]) -> list[Document]:
    return [item for item in accepted if not _empty(item.get("text", item.get("value", item.get("low"))))]


def _gap(gap: Document) -> Document:
    if "options" in gap:
        return {**gap, "options": [option for option in gap["options"] if not _empty(option["text"])]}
    return {**gap, "accepted": _answers(gap["accepted"])}


# ---- the second reader ----


@transaction.atomic
def ask_reader(question: Question, *, by: Person, at: int) -> Version:
    """The newest draft waits for another person; rows left empty are gone. What is no whole question is refused."""
    version = _newest(_locked(question))
    if version.state != State.DRAFT:
        raise Refused("question.not_draft", state=version.state)
    document = finished(version.document)
    check_question(document)
    version.document, version.state, version.note = document, State.WAITING, ""
    version.save(update_fields=["document", "state", "note"])
    return version


@transaction.atomic
def take_back(question: Question, *, by: Person, at: int) -> Version:
    """A version that waits is its writer's draft again."""
    version = _newest(_locked(question))
    if version.state != State.WAITING:
        raise Refused("question.not_waiting", state=version.state)
    if version.written_by_id != by.pk:
        raise Refused("question.not_yours")
    version.state = State.DRAFT
    version.save(update_fields=["state"])
    return version


def _to_read(question: Question, number: int, by: Person, at: int) -> Version:
    version = _newest(_locked(question))
    if version.state != State.WAITING or version.number != number:
        raise Refused("question.not_waiting", state=version.state)
    if by.pk in writers(version):
        # RULE bank: nobody approves their own words, nor a text that still holds some of them.
        raise Refused("question.own")
    version.read_by, version.read_at = by, at
    return version


@transaction.atomic
def approve_question(question: Question, number: int, *, by: Person, at: int, note: str = "") -> Version:
    """Version `number`, the one that was read, is the wording that new quizzes ask."""
    version = _to_read(question, number, by, at)
    check_question(version.document)
    version.state, version.note = State.APPROVED, note
    version.save()
    Question.objects.filter(pk=version.question_id).update(current=version)
    return version


@transaction.atomic
def return_question(question: Question, number: int, *, by: Person, at: int, note: str) -> Version:
    """Version `number` is back with its author, with what the second reader says."""
    version = _to_read(question, number, by, at)
    if not note.strip():
        raise Refused("question.note_missing")
    version.state, version.note = State.RETURNED, note
    version.save()
    return version


@transaction.atomic
def retire_question(question: Question, *, retired: bool, by: Person) -> Question:
    """New quizzes ask the question no more (or again); quizzes that are announced keep it."""
    question = _locked(question)
    question.retired = retired
    question.save(update_fields=["retired"])
    return question


# ---- files ----


def _code(wish: str, taken: set[str]) -> str:
    code, n = wish[:64], 1
    while code in taken:
        n += 1
        code = f"{wish[:58]}-{n}"
    return code


@transaction.atomic
def bring_in(questions: Sequence[Document], *, by: Person | None, at: int) -> list[Version]:
    """Each question is a draft of the bank; one whose code is taken gets the next free code, nothing there is overwritten."""
    taken = set(Question.objects.values_list("code", flat=True))
    made = []
    for document in questions:
        code = _code(str(document["code"]), taken)
        taken.add(code)
        document = {**document, "code": code}
        check_question(document)
        question = Question.objects.create(code=code, kind=document["kind"])
        _shelve(question, document)
        made.append(Version.objects.create(question=question, number=1, document=document, written_by=by, written_at=at))
    return made
