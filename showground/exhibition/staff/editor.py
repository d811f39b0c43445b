"""One board on the desk: its text and regions, the gate, publishing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.exhibition.actions import wall, write
from showground.exhibition.actions.intake import ask_reading
from showground.exhibition.forms import KIND_NAMES, BlockForm, RecordingForm
from showground.exhibition.models import Board
from showground.exhibition.queries import halls as queries
from showground.exhibition.queries import shown
from showground.exhibition.staff.desk import CURATORS
from showground.exhibition.staff.frame import desk_page, in_words
from showground.exhibition.staff.lacking import missing
from showground.exhibition.staff.listed import rows as recordings
from showground.media import boards, easel
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.staff import StaffRequest, only


def board_of(request: StaffRequest, code: str) -> Board:
    """Returns a board that this person may work on, or 404."""
    return queries.desk_board(request.week, code, request.user, request.duties)


def back(board: Board, block: str = "", *, kept: str = "", part: str = "") -> HttpResponse:
    """Leads back to the board: to a block that is mended, to one that was `kept`, or to a `part` of the page."""
    home = reverse("exhibition:edit", args=[board.hall.week.code, board.code])
    if kept:
        return redirect(f"{home}?kept={kept}#e-{kept}")
    return redirect(f"{home}?block={block}#e-{block}" if block else f"{home}{part}")


@only(*CURATORS)
@never_cache
@require_safe
def board(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Shows a board with its regions, its blocks in order, what the gate lists, and the block that is being mended."""
    return overview(request, board_of(request, code), block=request.GET.get("block", ""))


def overview(
    request: StaffRequest, found: Board, *, block: str = "", form: BlockForm | None = None, wrong: str = "", seen: str = ""
) -> HttpResponse:
    """Returns the editor's page; `seen` marks the block as the person who mends it saw it, by default as it is."""
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
        "seen": seen or (boards.mark(chosen) if chosen else ""),
        "kept": request.GET.get("kept", ""),
        "moved": (request.GET.get("moved", ""), request.GET.get("way", "")),
        "form": form or (BlockForm(initial=_initial(chosen)) if chosen else None),
        "warnings": in_words(document["warnings"]),
        "whole": boards.mark(document),
        "visible": found.shown is not None and found.hall.opens <= request.now,
        "lacks": missing(found, text) if draft else [],
        "excuse": request.POST.get("excuse", ""),
        "doubtful": any(one.get("by") == "ocr" for one in document["blocks"]) and not text.confirmed,
        "recordings": recordings(found),
        "unread": draft is not None and easel.unread(document),
        "asked": bool(found.picture.get("asked")),
        "can_read": easel.can_recognise() and found.intake is not None,
        "begin": RecordingForm(initial={"language": boards.languages(document)[:1]}),
        "wrong": wrong,
        "short": f"/{found.code}",
        **_beside(found),
    }
    return desk_page(request, "exhibition/desk_board.html", context, nav="curator", status=422 if wrong or form else 200)


def _beside(found: Board) -> dict[str, Any]:
    """The boards before and after on the route, and whether this one was ever shown."""
    hung = found.hall.boards.filter(place__in=[found.place - 1, found.place + 1])
    codes = {one.place: one.code for one in hung}
    before, after = codes.get(found.place - 1, ""), codes.get(found.place + 1, "")
    return {"before": before, "after": after, "was_shown": bool(queries.texts(found)), "count": found.hall.boards.count()}


def _row(document: dict[str, Any], block: dict[str, Any]) -> dict[str, Any]:
    region = shown.region(document, block)
    zh, en = (boards.plain(block, lang).replace("\t", " | ") for lang in ("zh", "en"))  # a bar parts cells where a tab is not seen
    return {
        "id": block["id"],
        "kind": KIND_NAMES[block["kind"]],
        "tag": block["kind"],
        "zh": zh,
        "en": en,
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
@require_POST
def block(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Keeps one block as it was typed and drawn; then it may move, the next one may be mended, or a paragraph be added after it."""
    found, name = board_of(request, code), request.POST.get("block", "")
    form, seen = BlockForm(request.POST), request.POST.get("seen", "")
    if not form.is_valid():
        return overview(request, found, block=name, form=form, seen=seen)
    told = {"kind": form.cleaned_data["kind"], "texts": form.texts(), "box": form.box(), "seen": seen}
    try:
        text = write.mend(found, name, **told, by=request.user, at=request.now)
        seen = ""  # what is there now is what was typed
        return _after(request, found, name, [one["id"] for one in text.document["blocks"]])
    except Refused as refused:
        seen = "" if refused.code == "board.changed" else seen  # kept a second time, it was seen
        return overview(request, found, block=name, form=form, wrong=said(refused), seen=seen)


def _after(request: StaffRequest, found: Board, name: str, listed: list[str]) -> HttpResponse:
    """Does what the button says after keeping: "next", "up", "down" or "after"; else the block is shown as it is kept."""
    do, by, at = request.POST.get("do", ""), request.user, request.now
    if do in {"up", "down"}:
        write.move(found, name, -1 if do == "up" else 1, by=by, at=at)
        return back(found, name)
    if do == "after":
        lang = "en" if request.POST.get("lang") == "en" else "zh"
        return back(found, write.add(found, lang=lang, after=name, by=by, at=at))
    following = listed[listed.index(name) + 1 :]
    return back(found, following[0]) if do == "next" and following else back(found, kept=name)


def said(refused: Refused) -> str:
    """Returns in words why something was not kept."""
    if refused.code == "board.document":
        return _("The place must lie inside the picture, and the text must not be longer than 20,000 characters.")
    return refusal(refused)


def _step(request: StaffRequest, code: str, act: Callable[[Board], object], *, block: str = "", part: str = "") -> HttpResponse:
    """Does one small thing and leads back to the board, or says why not."""
    found = board_of(request, code)
    try:
        done = act(found)
    except Refused as refused:
        return overview(request, found, wrong=said(refused))
    return back(found, done if isinstance(done, str) else block, part=part)


@only(*CURATORS)
@require_POST
def move(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Moves a block in the reading order."""
    name, way = request.POST.get("block", ""), "up" if request.POST.get("do") == "up" else "down"
    places, part = -1 if way == "up" else 1, f"?moved={name}&way={way}#e-{name}"
    return _step(request, code, lambda found: write.move(found, name, places, by=request.user, at=request.now), part=part)


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
    name, seen = request.POST.get("block", ""), request.POST.get("seen", "")
    return _step(request, code, lambda found: write.drop(found, name, by=request.user, at=request.now, seen=seen))


@only(*CURATORS)
@require_POST
def confirm(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Says that a person has read what a machine had read."""
    seen = request.POST.get("seen", "")
    return _step(request, code, lambda found: write.confirm(found, by=request.user, at=request.now, seen=seen), part="#gate")


@only(*CURATORS)
@require_POST
def read_picture(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Has a machine make a draft of the text of a board that is only a picture."""
    return _step(request, code, ask_reading)


@only(*CURATORS)
@require_POST
def publish(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Publishes the draft, if the gate lets it or a person says why not to wait."""
    told = {"excuse": request.POST.get("excuse", "")[:1000], "seen": request.POST.get("seen", "")}
    return _step(request, code, lambda found: write.publish(found, **told, by=request.user, at=request.now), part="#gate")


@only(*CURATORS)
@require_POST
def rehang(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Hangs the board one place earlier or later on the route, or at the place that is named."""
    found, way, place = board_of(request, code), request.POST.get("do", ""), request.POST.get("place", "")
    if place.isdecimal() and len(place) < 5:
        wall.rehang(found, to=max(1, int(place)))
        return back(found)
    wall.rehang(found, -1 if way == "up" else 1)
    home = reverse("exhibition:desk_hall", args=[week, found.hall.code])
    return redirect(f"{home}?moved={found.code}&way={'up' if way == 'up' else 'down'}#{found.code}")


@only(*CURATORS)
@require_POST
def withdraw(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Takes the board off the wall, or hangs it again."""
    gone = request.POST.get("do") == "withdraw"
    return _step(request, code, lambda found: wall.withdraw(found, gone=gone, by=request.user, at=request.now), part="#gate")


@only(*CURATORS)
@require_POST
def take_away(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Takes away a board that was never shown, with everything that was typed."""
    found = board_of(request, code)
    try:
        wall.take_away(found)
    except Refused as refused:
        return overview(request, found, wrong=refusal(refused))
    return redirect("exhibition:desk_hall", week=week, code=found.hall.code)
