"""What can be known about the bank: questions by search, their versions, what an author is warned of, what changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

from django.db.models import F, Max, Q, QuerySet
from django.http import Http404

from showground.people.models import Person
from showground.quiz.models import Question, Version
from showground.rules.questions import LANGUAGES, check_question, texts
from showground.rules.refused import Refused

Document = dict[str, Any]
PAGE = 50
LONG = 2.0  # an option this many times as long as the others draws guesses
SEARCHED = ("text__en", "text__zh", "title__en", "title__zh", "explanation__en", "explanation__zh")


# ---- the list ----


@dataclass(frozen=True)
class Asked:
    """What somebody looks for; an empty field asks for everything. `gap` is a language that something lacks."""

    words: str = ""
    kind: str = ""
    category: str = ""
    tag: str = ""
    state: str = ""
    gap: str = ""

    def any(self) -> bool:
        """Tells whether anything is asked for."""
        return any(vars(self).values())


def latest() -> QuerySet[Version]:
    """Returns the newest version of every question, with question and writer, by code."""
    newest = Version.objects.alias(newest=Max("question__versions__number")).filter(number=F("newest"))
    return newest.select_related("question", "question__current", "written_by").order_by("question__code")


def search(asked: Asked) -> QuerySet[Version]:
    """Returns the newest versions of the questions asked for; retired ones only by their state."""
    found = latest().filter(question__retired=asked.state == "retired")
    for name, value in (("question__kind", asked.kind), ("question__category", asked.category)):
        found = found.filter(**{name: value}) if value else found
    if asked.state == "used":
        found = found.filter(question__current__isnull=False)
    elif asked.state in Version.State.values:
        found = found.filter(state=asked.state)
    if asked.words:
        found = found.filter(_says(asked.words))
    if asked.tag:
        found = found.filter(question__in=[pk for pk, tags in Question.objects.values_list("pk", "tags") if asked.tag in tags])
    if asked.gap:
        found = found.filter(pk__in=[v.pk for v in found.iterator() if asked.gap in gaps(v.document)])
    return found


def _says(words: str) -> Q:
    where = Q(question__code__icontains=words)
    for path in SEARCHED:
        where |= Q(**{f"document__{path}__icontains": words})
    return where


def shelves() -> tuple[list[str], list[str]]:
    """Returns the categories and the tags in use, each in order."""
    categories, tags = set[str](), set[str]()
    for category, tagged in Question.objects.values_list("category", "tags"):
        categories |= {category} - {""}
        tags |= set(tagged)
    return sorted(categories), sorted(tags)


@cache
def category_names() -> dict[str, dict[str, str]]:
    """Returns what the categories of the starter bank are called; an author's own category is its own name."""
    names = Path(__file__).resolve().parents[1] / "bank" / "categories.json"
    return dict(json.loads(names.read_text(encoding="utf-8"))) if names.exists() else {}


def waiting() -> int:
    """Returns how many versions wait for a second reader."""
    return Version.objects.filter(state=Version.State.WAITING, question__retired=False).count()


def states() -> dict[str, int]:
    """Returns how many questions are in use, retired, and how many newest versions are in each other state."""
    counted = {str(state): 0 for state in Version.State.values}
    for state in latest().filter(question__retired=False).values_list("state", flat=True):
        counted[state] += 1
    used = Question.objects.filter(retired=False, current__isnull=False).count()
    return {**counted, "used": used, "retired": Question.objects.filter(retired=True).count()}


# ---- one question ----


def question_or_404(code: str) -> Question:
    """Returns the question with this code."""
    found = Question.objects.filter(code=code).select_related("current").first()
    if found is None:
        raise Http404(code)
    return found


def versions(question: Question) -> list[Version]:
    """Returns all versions of a question, the newest first."""
    return list(question.versions.select_related("written_by", "read_by").order_by("-number"))


def version_or_404(question: Question, number: int | None) -> Version:
    """Returns one version, by default the newest."""
    listed = question.versions.order_by("-number")
    found = (listed.filter(number=number) if number else listed).first()
    if found is None:
        raise Http404(str(number))
    return found


def writers(version: Version) -> set[int]:
    """Returns who wrote any wording since the last approved one, this version's included: none of them may approve it."""
    approved = version.question.versions.filter(state=Version.State.APPROVED, number__lt=version.number)
    since = approved.aggregate(most=Max("number"))["most"] or 0
    wrote = version.question.versions.filter(number__gt=since, number__lte=version.number)
    return {pk for pk in wrote.values_list("written_by", flat=True) if pk is not None}


def may_read(version: Version, person: Person) -> bool:
    """Tells whether this person may be the second reader of a waiting version."""
    return version.state == Version.State.WAITING and person.pk not in writers(version)


# ---- what an author is told ----


@dataclass(frozen=True)
class Warning:
    """Something to look at, never a verdict: at which place, in which language ("" for none), what, and with what facts."""

    place: str
    language: str
    what: str
    facts: tuple[tuple[str, object], ...] = ()


def gaps(document: Document) -> list[str]:
    """Returns the languages in which at least one text of a document is missing."""
    lacking = {language for _, text in _texts(document) if text for language in LANGUAGES if not text.get(language)}
    return [language for language in LANGUAGES if language in lacking]


def _texts(document: Document) -> Iterator[tuple[str, dict[str, str]]]:
    """Every text that stands, with its place; unlike `texts` it reads unfinished drafts too."""
    yield from texts(document)
    for holder in [document, *document.get("gaps", [])]:
        for place, item in enumerate(holder.get("accepted", [])):
            if "why" in item:
                yield f"{'gaps.' + holder['key'] + '.' if holder is not document else ''}accepted.{place}.why", item["why"]


def missing(document: Document) -> Iterator[Warning]:
    """Yields the places where one language speaks and the other does not."""
    for place, text in _texts(document):
        for language in LANGUAGES:
            if text and not text.get(language):
                yield Warning(place, language, "missing")


def _breadth(text: str) -> float:
    """How wide words stand: a Chinese character counts as two Latin letters."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def long_options(options: Sequence[Document], prefix: str = "options") -> Iterator[Warning]:
    """Yields the options that are twice as long as the mean of the others in a language, and longer than a few words."""
    for language in LANGUAGES:
        widths = [_breadth(option["text"].get(language, "")) for option in options]
        for place, width in enumerate(widths):
            others = [other for at, other in enumerate(widths) if at != place and other]
            if len(others) > 1 and width > 24 and width >= LONG * mean(others):
                yield Warning(f"{prefix}.{options[place]['key']}", language, "long")


def _untold(document: Document) -> Iterator[Warning]:
    if not document.get("explanation"):
        yield Warning("explanation", "", "no_explanation")
    if not document.get("source"):
        yield Warning("source", "", "no_source")
    for line in document.get("lines", []):
        if line.get("cue") and not line.get("why"):
            yield Warning(f"lines.{line['key']}", "", "cue_without_why")
        if line.get("role") in {"link", "button", "qr"} and not line.get("leads"):
            yield Warning(f"lines.{line['key']}", "", "leads_nowhere")


def warnings(document: Document, older: Sequence[Document] = ()) -> list[Warning]:
    """Returns what to look at in a document; `older` are the wordings before it, the newest first."""
    found = [*missing(document), *_untold(document), *stale([document, *older])]
    if document["kind"] in {"single", "multiple"}:
        found += long_options(document["options"])
    for gap in document.get("gaps", []):
        found += long_options(gap.get("options", []), f"gaps.{gap['key']}")
    return found


def sound(document: Document) -> bool:
    """Tells whether a document is a whole question."""
    try:
        check_question(document)
    except Refused:
        return False
    return True


def stale(newest_first: Sequence[Document]) -> list[Warning]:
    """Returns the places whose words in one language changed after the other language's: "changed in English after this".

    `facts` holds `since`, how many versions back the stale words were written.
    """
    told = [dict(_texts(document)) for document in newest_first]
    found = []
    for place, text in told[0].items():
        if not all(text.get(language) for language in LANGUAGES):
            continue
        ages = {language: _age(told, place, language) for language in LANGUAGES}
        fresh, old = sorted(LANGUAGES, key=lambda language: ages[language])
        if ages[fresh] < ages[old]:
            found.append(Warning(place, old, "changed_after", (("since", ages[old]), ("other", fresh))))
    return found


def _age(told: Sequence[dict[str, dict[str, str]]], place: str, language: str) -> int:
    """How many versions ago the words at a place were written as they are now."""
    now, age = told[0][place].get(language), 0
    while age + 1 < len(told) and told[age + 1].get(place, {}).get(language) == now:
        age += 1
    return age


# ---- two versions ----


@dataclass(frozen=True)
class Difference:
    """One place that reads otherwise in the second of two versions."""

    place: str
    language: str
    before: str
    after: str


def flat(document: Document) -> dict[tuple[str, str], str]:
    """Returns all that a document says as (place, language) -> words, in reading order; what is no text has the language ""."""
    told = {(place, language): words for place, text in _texts(document) for language, words in sorted(text.items())}
    for name in ("title", "text", "explanation", "feedback", "v", "code"):
        document = {key: value for key, value in document.items() if key != name}
    return told | {(place, ""): value for place, value in _plain("", document)}


def _plain(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """Everything but the texts: keys, credits, roles, tags ... as words."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key not in {"text", "why", "key", "alt", "transcript"} or (isinstance(one, str) and key == "text"):
                yield from _plain(f"{place}.{key}".lstrip("."), one)
    elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        for at, one in enumerate(value):
            yield from _plain(f"{place}.{one.get('key', at)}", one)
    elif isinstance(value, list):
        yield place, " ".join("/".join(map(str, one)) if isinstance(one, list) else str(one) for one in value)
    else:
        yield place, str(value)


def differences(before: Document, after: Document) -> list[Difference]:
    """Returns what reads otherwise in `after`, in its reading order, what is gone last."""
    old, new = flat(before), flat(after)
    places = [*new, *(place for place in old if place not in new)]
    changed = [place for place in places if old.get(place, "") != new.get(place, "")]
    return [
        Difference(place, language, old.get((place, language), ""), new.get((place, language), "")) for place, language in changed
    ]
