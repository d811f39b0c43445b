"""Question files in and out: read in the jail, chosen by a person, written in every format."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from showground.interchange.questions import FORMATS
from showground.interchange.questions.contract import REASONS, Left
from showground.quiz.actions import exchange as actions
from showground.quiz.forms.words import FORMAT_NAMES, KIND_NAMES, LEFT_WORDS
from showground.quiz.queries import bank as queries
from showground.quiz.queries.shown import shown
from showground.quiz.staff.frame import desk_page, shelf, title_of
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.staff import only

READERS = ("author", "organiser")
MOST_SHOWN = 500


@only(*READERS)
@never_cache
def exchange(request: HttpRequest, week: str) -> HttpResponse:
    """Takes a file to read, or offers the bank as one."""
    wrong = ""
    if request.method == "POST":
        try:
            return redirect("quiz:brought", week=week, token=_read(request))
        except Refused as refused:
            wrong = refusal(refused)
    return _page(request, wrong)


def _page(request: HttpRequest, wrong: str = "", left: list[Any] | None = None) -> HttpResponse:
    categories, tags = shelf()
    context = {
        "formats": [(name, FORMAT_NAMES.get(name, name), one.languages) for name, one in FORMATS.items()],
        "written": [(name, FORMAT_NAMES.get(name, name), one.languages) for name, one in FORMATS.items() if one.writes],
        "categories": categories, "tags": tags, "states": queries.states(), "wrong": wrong, "left": left or [],
    }  # fmt: skip
    return desk_page(request, "quiz/desk_exchange.html", context, nav="import", status=422 if wrong else 200)


def _read(request: HttpRequest) -> str:
    sent = request.FILES.get("file")
    if sent is None or not sent.size:
        raise Refused("exchange.no_file")
    format = request.POST.get("format", "")
    language = "zh" if request.POST.get("language") == "zh" else "en"
    if sent.size > actions.MOST_BYTES:
        raise Refused("exchange.too_large", limit=actions.MOST_BYTES)
    known = format if format in FORMATS else ""
    return actions.read_file(sent.name or "", sent.read(), language=language, format=known, by=request.user, at=request.now)


def _brought(request: HttpRequest, token: str) -> actions.Brought:
    found = actions.brought(token, request.user)
    if found is None:
        raise Http404(token)
    return found


@only(*READERS)
@never_cache
def brought(request: HttpRequest, week: str, token: str) -> HttpResponse:
    """Shows what a file gave by kind, what was not taken and why, and puts the chosen questions into the bank as drafts."""
    file, wrong = _brought(request, token), ""
    if request.method == "POST":
        codes = request.POST.getlist("chosen")
        if request.POST.get("do") == "all":
            codes = [question["code"] for question in file.taken.questions]
        try:
            actions.take(file, codes, by=request.user, at=request.now)
        except Refused as refused:
            wrong = refusal(refused)
        else:
            return redirect("quiz:brought", week=week, token=token)
    context = {
        "file": file,
        "format": FORMAT_NAMES.get(file.taken.format, file.taken.format),
        "kinds": [(KIND_NAMES[kind], count) for kind, count in file.taken.kinds().items()],
        "rows": [_row(question, file) for question in file.taken.questions[:MOST_SHOWN]],
        "more": max(0, len(file.taken.questions) - MOST_SHOWN),
        "left": _told(file.taken.left),
        "open": len(file.taken.questions) - len(file.done),
        "wrong": wrong,
    }
    return desk_page(request, "quiz/desk_brought.html", context, nav="import", status=422 if wrong else 200)


def _row(question: dict[str, Any], file: actions.Brought) -> dict[str, Any]:
    return {
        "code": question["code"], "title": title_of(question), "kind": KIND_NAMES[question["kind"]], "gaps": queries.gaps(question),
        "media": len(question.get("media", [])), "done": file.done.get(question["code"], ""), "seen": _words(question),
    }  # fmt: skip


def _words(question: dict[str, Any]) -> str:
    """What can be chosen in a question, in a line."""
    language = "en" if question["text"].get("en") else "zh"
    found = shown(question, "0" * 64, {}, language)
    parts = [str(one["text"]) for holder in ("options", "steps", "rows", "lines") for one in found.get(holder, [])]
    line = " · ".join(parts)
    return line if len(line) <= 200 else line[:199] + "…"


def _told(left: list[Left]) -> list[dict[str, Any]]:
    """What was not taken, the same part and reason of many items in one line."""
    counted = Counter((one.part, one.reason, one.detail if one.item == "" else "") for one in left)
    rows = []
    for (part, reason, detail), count in counted.most_common(200):
        items = [one for one in left if (one.part, one.reason) == (part, reason) and (one.item == "" or detail == "")]
        words = LEFT_WORDS.get(reason) or REASONS.get(reason, reason)
        rows.append(
            {"part": part, "said": words, "count": count, "detail": detail, "items": items[:12], "more": max(0, len(items) - 12)}
        )
    return rows


@only(*READERS)
@require_POST
def export(request: HttpRequest, week: str) -> HttpResponse:
    """Writes the questions asked for in one file; with `check` it shows first what the format cannot carry."""
    format, language = request.POST.get("format", ""), "zh" if request.POST.get("language") == "zh" else "en"
    asked = queries.Asked(category=request.POST.get("category", ""), tag=request.POST.get("tag", ""), state="used")
    if request.POST.get("state") == "newest":
        asked = queries.Asked(category=asked.category, tag=asked.tag)
    documents = [_document(version, asked.state) for version in queries.search(asked)]
    documents = [one for one in documents if queries.sound(one)]
    try:
        if not documents:
            raise Refused("exchange.none")
        data, left = actions.write_file(documents, format, language=language)
    except Refused as refused:
        return _page(request, refusal(refused))
    if request.POST.get("do") == "check":
        return _page(
            request, left=_told(left) or [{"part": "", "said": _("Everything is carried."), "count": 0, "detail": "", "items": []}]
        )
    if not data.strip():
        return _page(request, refusal(Refused("exchange.none_carried")), _told(left))
    name = f"questions-{request.now}{FORMATS[format].suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type="application/octet-stream", headers=headers)


def _document(version: Any, state: str) -> dict[str, Any]:
    current = version.question.current
    return dict(current.document if state == "used" and current is not None else version.document)
