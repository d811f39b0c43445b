"""Hand-outs on the desk: what can be taken home from a hall, the file of each, how often it was taken."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.exhibition.actions import handouts as laying
from showground.exhibition.actions.visits import flush
from showground.exhibition.forms import HandoutForm
from showground.exhibition.models import Hall, Handout
from showground.exhibition.queries import halls as queries
from showground.exhibition.queries import handouts as lying
from showground.exhibition.staff.bringing import take_piece, take_start, take_whole, told_no, upload
from showground.exhibition.staff.desk import CURATORS
from showground.exhibition.staff.frame import desk_page, fresh, seen
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.queries import said
from showground.weeks.staff import StaffRequest, only

STEPS = {"action": "file", "start": "start"}


def _hall(request: StaffRequest, code: str) -> Hall:
    return queries.desk_hall(request.week, code, request.user, request.duties)


def _handout(request: StaffRequest, code: str, part: str) -> Handout:
    return lying.handout_or_404(_hall(request, code), part)


@only(*CURATORS)
@never_cache
@require_safe
def handouts(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Lists a hall's hand-outs with how often each was taken."""
    flush(request.now)
    hall = _hall(request, code)
    takings = lying.takings(hall)
    rows = [
        {"handout": one, "title": said(one.title), "shown": lying.preview(one), "taken": takings[one.pk]}
        for one in lying.for_desk(hall)
    ]
    context = {"hall": hall, "name": said(hall.name), "rows": rows}
    return desk_page(request, "exhibition/desk_handouts.html", context, nav="curator")


@only(*CURATORS)
@never_cache
def new(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Lays out a hand-out; its file follows on its page."""
    hall = _hall(request, code)
    form = HandoutForm(request.POST or None, fresh=True)
    if request.method == "POST" and form.is_valid():
        try:
            made = laying.lay_out(hall, **form.values())
        except Refused as refused:
            form.add_error("code" if refused.code == "handout.code" else None, refusal(refused))
        else:
            return redirect("exhibition:desk_handout", week=week, code=code, part=made.code)
    return _page(request, hall, None, form)


@only(*CURATORS)
@never_cache
def handout(request: StaffRequest, week: str, code: str, part: str) -> HttpResponse:
    """Shows a hand-out with its file, and changes what is said of it."""
    found = _handout(request, code, part)
    told = _initial(found)
    form = HandoutForm(request.POST or None, fresh=False, initial=told)
    if request.method == "POST" and form.is_valid() and fresh(request, form, told):
        try:
            laying.change(found, **form.values())
        except Refused as refused:
            form.add_error("kind" if refused.code == "handout.kind" else None, refusal(refused))
        else:
            return redirect("exhibition:desk_handout", week=week, code=code, part=part)
    return _page(request, found.hall, found, form)


def _initial(found: Handout) -> dict[str, Any]:
    texts = {f"{name}_{lang}": getattr(found, name).get(lang, "") for name in ("title", "about") for lang in ("zh", "en")}
    return {**texts, **{name: getattr(found, name) for name in ("kind", "language", "credit", "licence", "order")}}


def _page(request: StaffRequest, hall: Hall, found: Handout | None, form: HandoutForm, *, wrong: str = "") -> HttpResponse:
    context: dict[str, Any] = {"hall": hall, "hall_name": said(hall.name), "form": form, "handout": found, "wrong": wrong}
    if found is not None:
        here = [request.week.code, hall.code, found.code]
        category = lying.CATEGORY[Handout.Kind(found.kind)]
        to = {step: reverse(f"exhibition:handout_{name}", args=here) for step, name in STEPS.items()}
        context |= seen(request, form, _initial(found))
        context |= {"name": said(found.title), "made": lying.preview(found), "upload": upload(found.work, category, **to)}
    status = 422 if wrong or form.is_bound else 200
    return desk_page(request, "exhibition/desk_handout.html", context, nav="curator", status=status)


@only(*CURATORS)
@require_POST
def file(request: StaffRequest, week: str, code: str, part: str) -> HttpResponse:
    """Takes the hand-out's file in one plain form."""
    found = _handout(request, code, part)
    category = lying.CATEGORY[Handout.Kind(found.kind)]
    wrong = take_whole(request, category, lambda work: laying.attach(found, work))
    if wrong:
        return _page(request, found.hall, found, HandoutForm(fresh=False, initial=_initial(found)), wrong=wrong)
    return redirect("exhibition:desk_handout", week=week, code=code, part=part)


@only(*CURATORS)
@require_POST
def start(request: StaffRequest, week: str, code: str, part: str) -> HttpResponse:
    """Begins an upload in pieces."""
    found = _handout(request, code, part)
    return take_start(
        request, found.work, lying.CATEGORY[Handout.Kind(found.kind)], lambda work: laying.attach(found, work),
        lambda upload: reverse("exhibition:handout_piece", args=[week, code, part, upload]),
    )  # fmt: skip


@told_no
@only(*CURATORS)
@require_POST
def piece(request: StaffRequest, week: str, code: str, part: str, upload: str) -> HttpResponse:
    """Takes the next piece of a file at the address that its upload got when it began."""
    return take_piece(request, _handout(request, code, part).work, upload)


@only(*CURATORS)
@require_POST
def drop(request: StaffRequest, week: str, code: str, part: str) -> HttpResponse:
    """Takes a hand-out away, with its file."""
    laying.drop(_handout(request, code, part))
    return redirect("exhibition:desk_handouts", week=week, code=code)
