"""One board on the desk: its text and regions, the second language beside the first, the gate, publishing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.exhibition.actions import write
from showground.exhibition.actions.intake import ask_reading
from showground.exhibition.forms import KIND_NAMES, BlockForm, RecordingForm, WholeForm
from showground.exhibition.models import Board
from showground.exhibition.queries import halls as queries
from showground.exhibition.queries import shown
from showground.exhibition.queries.gate import lacks
from showground.exhibition.staff.desk import CURATORS
from showground.exhibition.staff.frame import LACKS, desk_page, in_words
from showground.exhibition.staff.listed import rows as recordings
from showground.media import boards, easel
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.staff import StaffRequest, only


def _board(request: StaffRequest, code: str) -> Board:
    return queries.desk_board(request.week, code, request.user, request.duties)


def _back(board: Board, block: str = "") -> HttpResponse:
    home = reverse("exhibition:edit", args=[board.hall.week.code, board.code])
    return redirect(f"{home}?block={block}#e-{block}" if block else home)


@only(*CURATORS)
@never_cache
@require_safe
def board(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Shows a board with its regions, its blocks in order, what the gate lists, and the block that is being mended."""
    return overview(request, _board(request, code), block=request.GET.get("block", ""))


def overview(
    request: StaffRequest, found: Board, *, block: str = "", form: BlockForm | None = None, wrong: str = ""
) -> HttpResponse:
    """Returns the editor's page."""
    text = queries.current(found)
    assert text is not None
    document = text.document
    chosen = next((one for one in document["blocks"] if one["id"] == block), None)
    draft = queries.draft(found)
    context = {
        "board": found,
        "text": text,
        "draft": draft,
        "name": shown.title(document, found.code),
        "picture": shown.picture(found),
        "high": shown.height(document),
        "document": document,
        "rows": [_row(document, one) for one in document["blocks"]],
        "chosen": chosen,
        "form": form or (BlockForm(initial=_initial(chosen)) if chosen else None),
        "warnings": in_words(document["warnings"]),
        "lacks": [{"words": _(LACKS[one.code]), "of": ", ".join(one.of[:12])} for one in lacks(found, text)] if draft else [],
        "doubtful": any(one.get("by") == "ocr" for one in document["blocks"]) and not text.confirmed,
        "recordings": recordings(found),
        "unread": draft is not None and easel.unread(document),
        "asked": bool(found.picture.get("asked")),
        "can_read": easel.can_recognise() and found.intake is not None,
        "begin": RecordingForm(initial={"language": boards.languages(document)[:1]}),
        "wrong": wrong,
        "short": f"/{found.code}",
    }
    return desk_page(request, "exhibition/desk_board.html", context, nav="curator", status=422 if wrong or form else 200)


def _row(document: dict[str, Any], block: dict[str, Any]) -> dict[str, Any]:
    region = shown.region(document, block)
    return {
        "id": block["id"],
        "kind": KIND_NAMES[block["kind"]],
        "tag": block["kind"],
        "zh": boards.plain(block, "zh"),
        "en": boards.plain(block, "en"),
        "other": boards.plain(block) if block["lang"] not in {"zh", "en"} else "",
        "lang": block["lang"],
        "region": region,
        "ocr": block.get("by") == "ocr",
    }


def _initial(block: dict[str, Any]) -> dict[str, Any]:
    x, y, w, h = block.get("box", [None] * 4)
    return {
        "kind": block["kind"],
        "text_zh": boards.plain(block, "zh"),
        "text_en": boards.plain(block, "en"),
        "x": x,
        "y": y,
        "w": w,
        "h": h,
    }


@only(*CURATORS)
@never_cache
def whole(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Changes what is said of the board as a whole, and where it leads."""
    found = _board(request, code)
    text = queries.current(found)
    assert text is not None
    texts = {f"{part}_{lang}": text.document[part].get(lang, "") for part in ("title", "alt", "notes") for lang in ("zh", "en")}
    form = WholeForm(
        request.POST or None, week=request.week, initial={**texts, "quiz": found.quiz, "harm": found.harm, "minutes": found.minutes}
    )
    if request.method == "POST" and form.is_valid():
        told = {part: form.texts(part) for part in ("title", "alt", "notes")}
        if any(text.document[part] != held for part, held in told.items()):
            write.say(found, **told, by=request.user, at=request.now)
        write.settle(found, quiz=form.cleaned_data["quiz"], harm=form.cleaned_data["harm"], minutes=form.cleaned_data["minutes"])
        return _back(found)
    context = {"board": found, "form": form, "name": shown.title(text.document, code), "picture": shown.picture(found)}
    return desk_page(request, "exhibition/desk_whole.html", context, nav="curator", status=422 if form.is_bound else 200)


@only(*CURATORS)
@require_POST
def block(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Keeps one block as it was typed and drawn."""
    found, name = _board(request, code), request.POST.get("block", "")
    form = BlockForm(request.POST)
    if not form.is_valid():
        return overview(request, found, block=name, form=form)
    try:
        write.mend(found, name, kind=form.cleaned_data["kind"], texts=form.texts(), box=form.box(), by=request.user, at=request.now)
    except Refused as refused:
        return overview(request, found, block=name, form=form, wrong=_said(refused))
    return _back(found, name)


def _said(refused: Refused) -> str:
    if refused.code == "board.document":
        return _("The place must lie inside the picture, and the text must not be longer than 20,000 characters.")
    return refusal(refused)


def _step(request: StaffRequest, code: str, act: Any, *, block: str = "") -> HttpResponse:
    """Does one small thing and leads back to the board, or says why not."""
    found = _board(request, code)
    try:
        done = act(found)
    except Refused as refused:
        return overview(request, found, wrong=_said(refused))
    return _back(found, done if isinstance(done, str) else block)


@only(*CURATORS)
@require_POST
def move(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Moves a block in the reading order."""
    name, places = request.POST.get("block", ""), -1 if request.POST.get("do") == "up" else 1
    return _step(request, code, lambda found: write.move(found, name, places, by=request.user, at=request.now), block=name)


@only(*CURATORS)
@require_POST
def add(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Adds an empty paragraph."""
    after, lang = request.POST.get("after", ""), "en" if request.POST.get("lang") == "en" else "zh"
    return _step(request, code, lambda found: write.add(found, lang=lang, after=after, by=request.user, at=request.now))


@only(*CURATORS)
@require_POST
def drop(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Takes a block away from the draft."""
    name = request.POST.get("block", "")
    return _step(request, code, lambda found: write.drop(found, name, by=request.user, at=request.now))


@only(*CURATORS)
@require_POST
def confirm(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Says that a person has read what a machine had read."""
    return _step(request, code, lambda found: write.confirm(found, by=request.user, at=request.now))


@only(*CURATORS)
@require_POST
def read_picture(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Has a machine make a draft of the text of a board that is only a picture."""
    return _step(request, code, ask_reading)


@only(*CURATORS)
@require_POST
def publish(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Publishes the draft, if the gate lets it or a person says why not to wait."""
    excuse = request.POST.get("excuse", "")[:1000]
    return _step(request, code, lambda found: write.publish(found, excuse=excuse, by=request.user, at=request.now))


@only(*CURATORS)
@require_POST
def rehang(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Hangs the board one place earlier or later on the route."""
    found = _board(request, code)
    write.rehang(found, -1 if request.POST.get("do") == "up" else 1)
    return redirect("exhibition:desk_hall", week=week, code=found.hall.code)


@only(*CURATORS)
@require_POST
def withdraw(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Takes the board off the wall, or hangs it again."""
    return _step(request, code, lambda found: write.withdraw(found, gone=request.POST.get("do") == "withdraw"))


@only(*CURATORS)
@never_cache
def languages(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Shows what is printed and, beside each block, a field for the other language."""
    found = _board(request, code)
    text = queries.current(found)
    assert text is not None
    goal = request.GET.get("to") or request.POST.get("to") or ("en" if boards.languages(text.document)[:1] == ["zh"] else "zh")
    goal = goal if goal in {"zh", "en"} else "en"
    if request.method == "POST":
        told = {name[2:]: str(said) for name, said in request.POST.items() if name.startswith("t-")}
        try:
            write.translate(found, goal, told, by=request.user, at=request.now)
        except Refused as refused:
            return overview(request, found, wrong=_said(refused))
        return _back(found)
    rows = [
        {
            "id": one["id"],
            "kind": KIND_NAMES[one["kind"]],
            "lang": one["lang"],
            "from": boards.plain(one),
            "to": boards.plain(one, goal),
        }
        for one in text.document["blocks"]
        if one["lang"] != goal
    ]
    context = {"board": found, "rows": rows[:350], "goal": goal, "name": shown.title(text.document, code)}
    return desk_page(request, "exhibition/desk_languages.html", context, nav="curator")
