"""Halls, print files that are brought, the guest book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.exhibition.actions import halls as building
from showground.exhibition.actions import intake as taking
from showground.exhibition.actions import notes as moderating
from showground.exhibition.forms import BringForm, HallForm
from showground.exhibition.models import Hall, Intake, Note
from showground.exhibition.queries import halls as queries
from showground.exhibition.queries import notes as told
from showground.exhibition.queries import store
from showground.exhibition.staff.brought import brought, rows
from showground.exhibition.staff.frame import desk_page, fresh, seen
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.queries import said
from showground.weeks.staff import StaffRequest, only

CURATORS = ("curator", "organiser")
SHOWN = 50  # lines of the guest book that wait, on one page


@only(*CURATORS)
@never_cache
@require_safe
def halls(request: StaffRequest, week: str) -> HttpResponse:
    """Lists the halls that this person works on."""
    counts = queries.counts(request.week)
    rows = [
        {
            "hall": hall,
            "name": said(hall.name),
            "boards": counts.get(hall.pk, (0, 0))[0],
            "public": counts.get(hall.pk, (0, 0))[1],
            "open": hall.opens <= request.now,
            "closed": _over(hall, request.now),
            "winners": hall.kind == Hall.Kind.WINNERS,
        }
        for hall in queries.desk_halls(request.week, request.user, request.duties)
    ]
    return desk_page(request, "exhibition/desk_halls.html", {"rows": rows}, nav="curator")


@only(*CURATORS)
@never_cache
def new(request: StaffRequest, week: str) -> HttpResponse:
    """Builds a hall."""
    form = HallForm(request.POST or None, week=request.week, fresh=True, initial={"opens": request.now - request.now % 3600})
    form.fields["editors"].disabled = "organiser" not in request.duties
    if request.method == "POST" and form.is_valid():
        made = _kept(request, None, form)
        if made is not None:
            return redirect("exhibition:desk_hall", week=week, code=made.code)
    context = {"form": form, "hall": None}
    return desk_page(request, "exhibition/desk_hall_form.html", context, nav="curator", status=422 if form.is_bound else 200)


def _over(hall: Hall, now: int) -> bool:
    """Tells whether a hall's time is over; visitors still read it."""
    return hall.closes is not None and hall.closes <= now


def _hall(request: StaffRequest, code: str) -> Hall:
    return queries.desk_hall(request.week, code, request.user, request.duties)


def _kept(request: StaffRequest, found: Hall | None, form: HallForm) -> Hall | None:
    """Returns the hall as the form says it is; None after telling the form what cannot be. Only an organiser entrusts a hall."""
    told = form.values()
    editors = told.pop("editors")
    try:
        with transaction.atomic():
            hall = building.build(request.week, **told) if found is None else building.change(found, **told)
            if "organiser" in request.duties:
                building.entrust(hall, editors)
    except Refused as refused:
        form.add_error({"hall.code": "code", "hall.editor": "editors", "hall.closes": "closes"}.get(refused.code), refusal(refused))
        return None
    return hall


@only(*CURATORS)
@never_cache
def change(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Changes a hall."""
    hall = _hall(request, code)
    texts = {f"{part}_{lang}": getattr(hall, part).get(lang, "") for part in ("name", "about", "partner") for lang in ("zh", "en")}
    editors = "\n".join(hall.editors.order_by("email").values_list("email", flat=True))
    told = {**texts, "opens": hall.opens, "closes": hall.closes, "order": hall.order, "editors": editors}
    form = HallForm(request.POST or None, week=request.week, fresh=False, initial=told)
    form.fields["editors"].disabled = "organiser" not in request.duties
    if request.method == "POST" and form.is_valid() and fresh(request, form, told) and _kept(request, hall, form) is not None:
        return redirect("exhibition:desk_hall", week=week, code=code)
    context = {"form": form, "hall": hall, "name": said(hall.name), **seen(request, form, told)}
    return desk_page(request, "exhibition/desk_hall_form.html", context, nav="curator", status=422 if form.is_bound else 200)


@only(*CURATORS)
@never_cache
@require_safe
def hall(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Shows a hall with its boards and the files that were brought."""
    return _overview(request, _hall(request, code))


def _overview(
    request: StaffRequest, hall: Hall, *, form: BringForm | None = None, wrong: Sequence[str] = (), others: bool = False
) -> HttpResponse:
    """Returns the page of a hall; `wrong`: files that were not taken, and why; `others`: some that came with them were."""
    listed = list(hall.boards.select_related("shown", "hall__week"))
    visible = [board for board in listed if board.shown and not board.withdrawn]
    files = brought(hall)
    context = {
        "hall": hall,
        "name": said(hall.name),
        "open": hall.opens <= request.now,
        "closed": _over(hall, request.now),
        "boards": rows(hall, listed),
        "files": files,
        "now": next((row.state for row in files if row.reading), ""),
        "waiting": any(row.intake.state == Intake.State.WAITING for row in files),
        "form": form or BringForm(),
        "wrong": wrong,
        "others": others,
        "moved": (request.GET.get("moved", ""), request.GET.get("way", "")),
        "public": len(visible),
        "signs": bool(visible) and store.printed(told.signs_name(hall, visible, settings.SITE_URL)).is_file(),
        "winners": hall.kind == Hall.Kind.WINNERS,
    }
    return desk_page(request, "exhibition/desk_hall.html", context, nav="curator", status=422 if wrong else 200)


@only(*CURATORS)
@require_POST
def bring(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Takes print files into quarantine; each waits for the jail. What is refused at once is said by name, the others are taken.

    A script that asks for JSON gets the refusals as a list.
    """
    hall, form = _hall(request, code), BringForm(request.POST, request.FILES)
    if form.is_valid():
        wrong = list(_taken(request, hall, form))
    else:
        wrong = [str(form.errors["pages"][0] if "pages" in form.errors else _("Choose a file."))]
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"refused": wrong}, status=422 if wrong else 200)
    if wrong:
        return _overview(
            request, hall, form=form, wrong=wrong, others=form.is_valid() and len(wrong) < len(request.FILES.getlist("file"))
        )
    return redirect("exhibition:desk_hall", week=week, code=code)


def _taken(request: StaffRequest, hall: Hall, form: BringForm) -> Iterator[str]:
    """Takes each file; yields in words why one was not taken."""
    language, pages = form.cleaned_data["language"], form.part()
    for file in request.FILES.getlist("file"):
        pieces, name = file.chunks(1 << 20), file.name or ""
        try:
            taking.receive(
                hall, filename=name, size=file.size or 0, pieces=pieces, language=language, by=request.user, at=request.now, pages=pages
            )  # fmt: skip
        except Refused as refused:
            yield f"{name}: {refusal(refused)}"


@only(*CURATORS)
@require_safe
def signs(request: StaffRequest, week: str, code: str) -> HttpResponse:
    """Sends the hall's sheet of QR signs."""
    hall = _hall(request, code)
    file = store.printed(told.signs_name(hall, queries.hanging(hall), settings.SITE_URL))
    if not file.is_file():
        raise Http404(code)
    headers = {"Content-Disposition": f'inline; filename="{week}-{code}-signs.pdf"'}
    return HttpResponse(file.read_bytes(), content_type="application/pdf", headers=headers)


# ---- guest book and questions ----


@only(*CURATORS)
@never_cache
@require_safe
def notes(request: StaffRequest, week: str) -> HttpResponse:
    """Shows what visitors wrote in the halls that this person works on: what waits first, then what was decided."""
    return _notes(request)


def _notes(request: StaffRequest, *, said: str = "", typed: tuple[int, str] = (0, "")) -> HttpResponse:
    """Returns the page of notes; `typed` is the number of one that was refused, and the answer that was typed to it."""
    halls = queries.desk_halls(request.week, request.user, request.duties)
    found = told.waiting(request.week, halls)
    waiting, decided = ([_line(note, typed) for note in listed] for listed in (found[:SHOWN], told.decided(halls)))
    context = {"waiting": waiting, "count": found.count(), "decided": decided, "said": said, "refused": typed[0]}
    return desk_page(request, "exhibition/desk_notes.html", context, nav="notes", status=422 if said else 200)


def _line(note: Note, typed: tuple[int, str]) -> dict[str, Any]:
    """Returns a line with the mark of what was decided so far, and what stands in the field for its answer."""
    mine = note.pk == typed[0]
    return {"note": note, "seen": moderating.standing(note), "answer": typed[1] if mine else note.answer, "open": mine}


@only(*CURATORS)
@require_POST
def decide(request: StaffRequest, week: str, number: int) -> HttpResponse:
    """Lets a line show, with an answer or without, or hides it for a reason."""
    note = told.of_halls(queries.desk_halls(request.week, request.user, request.duties), number)
    show = request.POST.get("do") == "show"
    answer, reason, seen = request.POST.get("answer", "")[:2000], request.POST.get("reason", "other"), request.POST.get("seen", "")
    try:
        moderating.decide(note, show=show, answer=answer, reason=reason, by=request.user, seen=seen)
    except Refused as refused:
        return _notes(request, said=refusal(refused), typed=(number, answer))
    return redirect("exhibition:notes", week=week)
