"""A board's words besides its blocks: title, alt text and script as a whole, and the second language beside the first."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.cache import never_cache

from showground.exhibition.actions import write
from showground.exhibition.forms import KIND_NAMES, WholeForm
from showground.exhibition.models import Board
from showground.exhibition.queries import halls as queries
from showground.exhibition.queries import shown
from showground.exhibition.staff.desk import CURATORS
from showground.exhibition.staff.editor import back, board_of, said
from showground.exhibition.staff.frame import desk_page
from showground.media import boards
from showground.rules.refused import Refused
from showground.weeks.staff import StaffRequest, only


@only(*CURATORS)
@never_cache
def whole(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Changes what is said of the board as a whole, and where it leads."""
    found = board_of(request, code)
    text = queries.current(found)
    assert text is not None
    texts = {f"{part}_{lang}": text.document[part].get(lang, "") for part in ("title", "alt", "notes") for lang in ("zh", "en")}
    form = WholeForm(
        request.POST or None, week=request.week, initial={**texts, "quiz": found.quiz, "harm": found.harm, "minutes": found.minutes}
    )
    seen = boards.mark(write.spoken(text.document))
    if request.method == "POST" and form.is_valid():
        try:
            _keep_whole(request, found, form, text.document)
            return back(found)
        except Refused as refused:
            form.add_error(None, said(refused))
    elif request.method == "POST":
        seen = request.POST.get("seen", seen)
    context = {
        "board": found,
        "form": form,
        "seen": seen,
        "name": shown.title(text.document, code),
        "picture": shown.picture(found),
    }
    return desk_page(request, "exhibition/desk_whole.html", context, nav="curator", status=422 if form.is_bound else 200)


def _keep_whole(request: StaffRequest, found: Board, form: WholeForm, document: dict[str, Any]) -> None:
    told = {part: form.texts(part) for part in ("title", "alt", "notes")}
    if any(document[part] != held for part, held in told.items()):
        write.say(found, **told, by=request.user, at=request.now, seen=request.POST.get("seen", ""))
    write.settle(found, quiz=form.cleaned_data["quiz"], harm=form.cleaned_data["harm"], minutes=form.cleaned_data["minutes"])


@only(*CURATORS)
@never_cache
def languages(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Shows what is printed and, beside each block, a field for the other language."""
    found = board_of(request, code)
    text = queries.current(found)
    assert text is not None
    goal = request.GET.get("to") or request.POST.get("to") or ("en" if boards.languages(text.document)[:1] == ["zh"] else "zh")
    goal = goal if goal in {"zh", "en"} else "en"
    typed = {name[2:]: str(typed) for name, typed in request.POST.items() if name.startswith("t-")}
    wrong = ""
    if request.method == "POST":
        try:
            write.translate(found, goal, typed, by=request.user, at=request.now, seen=request.POST.get("seen", ""))
            return back(found)
        except Refused as refused:
            wrong = said(refused)
    blocks = [one for one in text.document["blocks"] if one["lang"] != goal]
    rows = [
        {**_pair(one), "to": typed.get(one["id"], boards.plain(one, goal)), "theirs": boards.plain(one, goal) if typed else ""}
        for one in blocks[:350]
    ]
    context = {"board": found, "rows": rows, "goal": goal, "name": shown.title(text.document, code), "wrong": wrong}
    context["seen"] = boards.mark(text.document["blocks"])
    return desk_page(request, "exhibition/desk_languages.html", context, nav="curator", status=422 if wrong else 200)


def _pair(one: dict[str, Any]) -> dict[str, Any]:
    return {"id": one["id"], "kind": KIND_NAMES[one["kind"]], "lang": one["lang"], "from": boards.plain(one)}
