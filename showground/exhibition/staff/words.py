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
from showground.exhibition.staff.frame import desk_page, fresh, seen
from showground.media import boards
from showground.rules.refused import Refused
from showground.weeks.staff import StaffRequest, only

PARTS = ("title", "alt", "notes")


def _read(request: StaffRequest, code: str) -> tuple[Board, dict[str, Any]]:
    """Returns a board that this person may work on, and its text as the desk sees it."""
    found = board_of(request, code)
    text = queries.current(found)
    assert text is not None
    return found, text.document


def _page(request: StaffRequest, template: str, found: Board, document: dict[str, Any], **more: Any) -> HttpResponse:
    context = {"board": found, "name": shown.title(document, found.code), **more}
    status = 422 if request.method == "POST" else 200  # what was kept has led on already
    return desk_page(request, f"exhibition/{template}.html", context, nav="curator", status=status)


@only(*CURATORS)
@never_cache
def whole(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Changes what is said of the board as a whole, and where it leads."""
    found, document = _read(request, code)
    told = {f"{part}_{lang}": document[part].get(lang, "") for part in PARTS for lang in ("zh", "en")}
    told |= {"quiz": found.quiz, "harm": found.harm, "minutes": found.minutes}
    form = WholeForm(request.POST or None, week=request.week, initial=told)
    if request.method == "POST" and form.is_valid() and fresh(request, form, told) and _keep_whole(request, found, form, document):
        return back(found)
    return _page(request, "desk_whole", found, document, form=form, picture=shown.picture(found), **seen(request, form, told))


def _keep_whole(request: StaffRequest, found: Board, form: WholeForm, document: dict[str, Any]) -> bool:
    """Tells whether it was kept; the form says why not."""
    texts = {part: form.texts(part) for part in PARTS}
    ways = {name: form.cleaned_data[name] for name in ("quiz", "harm", "minutes")}
    mark = boards.mark(write.whole(found, document))
    try:
        write.keep_whole(found, texts=texts, **ways, by=request.user, at=request.now, seen=mark)
    except Refused as refused:
        form.add_error(None, said(refused))
        return False
    return True


@only(*CURATORS)
@never_cache
def languages(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Shows what is printed and, beside each block, a field for the other language."""
    found, document = _read(request, code)
    goal = request.GET.get("to") or request.POST.get("to") or ("en" if boards.languages(document)[:1] == ["zh"] else "zh")
    goal = goal if goal in {"zh", "en"} else "en"
    typed = {name[2:]: str(typed) for name, typed in request.POST.items() if name.startswith("t-")}
    wrong = ""
    if request.method == "POST":
        try:
            write.translate(found, goal, typed, by=request.user, at=request.now, seen=request.POST.get("seen", ""))
            return back(found)
        except Refused as refused:
            wrong = said(refused)
    rows = [_pair(one, goal, typed) for one in document["blocks"] if one["lang"] != goal][:350]
    mark = boards.mark(document["blocks"])
    return _page(request, "desk_languages", found, document, rows=rows, goal=goal, wrong=wrong, seen=mark)


def _pair(one: dict[str, Any], goal: str, typed: dict[str, str]) -> dict[str, Any]:
    """Returns a block with what is printed, what stands in its field, and, after a refusal, what is there now."""
    there = boards.plain(one, goal)
    told = {"id": one["id"], "kind": KIND_NAMES[one["kind"]], "lang": one["lang"], "from": boards.plain(one)}
    return {**told, "to": typed.get(one["id"], there), "theirs": there if typed else ""}
