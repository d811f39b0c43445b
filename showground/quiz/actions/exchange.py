"""Question files of others: read in the jail, kept for a day, taken into the bank as drafts, each picture drawn anew."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from showground.interchange.questions import FORMATS, native, write
from showground.interchange.questions.contract import MOST_BYTES, Left, Taken
from showground.interchange.questions.jailed import read_in_jail
from showground.media.jail import JailBroken
from showground.people.models import Person
from showground.quiz.actions.bank import bring_in
from showground.quiz.models import Medium, Question, Version
from showground.rules.questions import check_question
from showground.rules.refused import Refused
from showground.works.queries import jail

Document = dict[str, Any]
DAY = 86400
TOKEN = re.compile(r"[0-9a-f]{32}\Z")
HERE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Brought:
    """A file that was read: who brought it, what it gave, what it did not give, and which of it is in the bank by now."""

    token: str
    name: str
    by: int
    at: int
    taken: Taken
    done: dict[str, str]


def _folder() -> Path:
    folder: Path = settings.DATA / "quiz" / "files"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def read_file(name: str, data: bytes, *, language: str, format: str, by: Person, at: int) -> str:
    """The file has been read in the jail and waits for a choice; returns its token. Files of yesterday are gone."""
    _sweep(at)
    if len(data) > MOST_BYTES:
        raise Refused("exchange.too_large", limit=MOST_BYTES)
    if not jail().strong:
        raise Refused("work.no_jail")
    try:
        with tempfile.NamedTemporaryFile(dir=_folder(), suffix=".in") as kept:
            kept.write(data)
            kept.flush()
            taken = read_in_jail(Path(kept.name), name, language=language, format=format, jail=jail())
    except JailBroken:
        raise Refused("work.no_jail") from None
    return _keep(name, taken, by, at)


def _keep(name: str, taken: Taken, by: Person, at: int) -> str:
    token = secrets.token_hex(16)
    lines, _ = native.write(taken.questions, language="en", media=taken.media)
    (_folder() / f"{token}.jsonl").write_bytes(lines)
    told = {
        "name": name[:200],
        "by": by.pk,
        "at": at,
        "format": taken.format,
        "left": [asdict(one) for one in taken.left],
        "done": {},
    }
    (_folder() / f"{token}.json").write_text(json.dumps(told), encoding="utf-8")
    return token


def _sweep(at: int) -> None:
    for kept in _folder().glob("*.json"):
        told = json.loads(kept.read_text(encoding="utf-8"))
        if told["at"] < at - DAY:
            kept.unlink(missing_ok=True)
            kept.with_suffix(".jsonl").unlink(missing_ok=True)


def brought(token: str, by: Person) -> Brought | None:
    """Returns a file that this person brought today; None for anything else."""
    kept = _folder() / f"{token}.json"
    if not TOKEN.match(token) or not kept.exists():
        return None
    told = json.loads(kept.read_text(encoding="utf-8"))
    if told["by"] != by.pk:
        return None
    taken = (
        native.read(kept.with_suffix(".jsonl").read_bytes(), language="en")
        if (kept.with_suffix(".jsonl").stat().st_size)
        else Taken("")
    )
    taken.format, taken.left = told["format"], [Left(**one) for one in told["left"]]
    return Brought(token, told["name"], told["by"], told["at"], taken, told["done"])


def take(file: Brought, codes: Sequence[str], *, by: Person, at: int) -> list[Version]:
    """The chosen questions are drafts in the bank; the file remembers which, so that the others can be taken later."""
    wanted = [question for question in file.taken.questions if question["code"] in set(codes) and question["code"] not in file.done]
    if not wanted:
        raise Refused("exchange.nothing")
    made, lost = _with_safe_media(wanted, file.taken.media)
    with transaction.atomic():
        versions = bring_in(made, by=by, at=at)
        _remember(file, {q["code"]: v.question.code for q, v in zip(wanted, versions, strict=True)}, lost)
    return versions


def _remember(file: Brought, done: Mapping[str, str], lost: Sequence[Left]) -> None:
    kept = _folder() / f"{file.token}.json"
    told = json.loads(kept.read_text(encoding="utf-8"))
    told["done"] |= done
    told["left"] += [asdict(one) for one in lost if asdict(one) not in told["left"]]
    fresh = kept.with_suffix(".part")
    fresh.write_text(json.dumps(told), encoding="utf-8")
    os.replace(fresh, kept)


# ---- media ----


def _with_safe_media(questions: Sequence[Document], media: Mapping[str, tuple[str, bytes]]) -> tuple[list[Document], list[Left]]:
    """The questions with pictures that we drew; sounds and films, and pictures that cannot be drawn, are named as left behind."""
    made, lost = [], []
    for question in questions:
        kept = []
        for item in question.get("media", []):
            safe = _medium(item["kind"], *media.get(item["sha256"], ("", b"")))
            if safe is None:
                lost.append(Left(question["code"], "media", "medium", item.get("name", item["kind"])))
            else:
                kept.append({**item, "sha256": safe.sha256})
        made.append(_without(question, kept))
    return made, lost


def _without(question: Document, media: list[Document]) -> Document:
    """The question with these media; places in a picture that is gone go too."""
    whole = {name: value for name, value in question.items() if name != "media"} | ({"media": media} if media else {})
    if not any(item["kind"] == "picture" for item in media) and any("area" in one for one in whole.get("options", [])):
        whole["options"] = [{name: value for name, value in one.items() if name != "area"} for one in whole["options"]]
    check_question(whole)
    return whole


def _medium(kind: str, name: str, data: bytes) -> Medium | None:
    if kind != "picture" or not data:
        return None
    with tempfile.TemporaryDirectory(dir=_folder()) as folder:
        source, out = Path(folder) / "in", Path(folder) / "out"
        out.mkdir()
        source.write_bytes(data)
        try:
            answer = jail().run("picture", source, out)
        except (Refused, JailBroken, OSError):
            return None
        largest = max((one for one in answer["renditions"] if one["use"] == "picture"), key=lambda one: one["width"])
        return _publish(largest, out, name)


def _publish(rendition: Document, out: Path, name: str) -> Medium:
    stored = f"{rendition['sha256']}.webp"
    goal = Path(settings.MEDIA_STORE) / stored[:2] / stored
    goal.parent.mkdir(parents=True, exist_ok=True)
    if not goal.exists():
        shutil.move(out / rendition["name"], goal.with_suffix(".part"))
        os.replace(goal.with_suffix(".part"), goal)
    found, _ = Medium.objects.get_or_create(
        sha256=rendition["sha256"], defaults={"kind": "picture", "name": stored, "filename": name[:255]}
    )
    return found


# ---- out ----


def write_file(documents: Sequence[Document], format: str, *, language: str) -> tuple[bytes, list[Left]]:
    """Returns a file of the questions in a format and what of them it cannot carry; refuses (`exchange.format`) one not written."""
    if format not in FORMATS or not FORMATS[format].writes:
        raise Refused("exchange.format", format=format)
    return write(documents, format, language=language, media=_bytes_of(documents))


def _bytes_of(documents: Sequence[Document]) -> dict[str, tuple[str, bytes]]:
    hashes = {item["sha256"] for document in documents for item in document.get("media", [])}
    found = {}
    for medium in Medium.objects.filter(sha256__in=hashes):
        stored = Path(settings.MEDIA_STORE) / medium.name[:2] / medium.name
        if stored.exists():
            found[medium.sha256] = (Path(medium.filename).stem[:80] + stored.suffix or medium.name, stored.read_bytes())
    return found


# ---- the starter bank ----


def load_starter_bank(*, at: int) -> int:
    """The starter bank's questions are in the bank, approved; those there by their code already are left alone. Returns how many."""
    there = set(Question.objects.values_list("code", flat=True))
    files = [file for file in sorted((HERE / "bank").glob("*.json")) if file.stem != "categories"]
    documents = [one for file in files for one in json.loads(file.read_text(encoding="utf-8")) if one["code"] not in there]
    with transaction.atomic():
        for version in bring_in(documents, by=None, at=at):
            version.state, version.read_at = Version.State.APPROVED, at
            version.save(update_fields=["state", "read_at"])
            Question.objects.filter(pk=version.question_id).update(current=version)
    return len(documents)
