"""The entrant's desk: register a work, sign the pledge, upload, send in, see its state, withdraw."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from showground.entries import actions, queries
from showground.entries.forms import EntryForm, PledgeForm
from showground.entries.models import Entry
from showground.rules.refused import Refused
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks import queries as weeks
from showground.weeks.staff import signed_in
from showground.works.actions import receive
from showground.works.forms import FileForm
from showground.works.queries import film, jail, pictures


def _own(request: HttpRequest, code: str) -> Entry:
    return queries.own_entry(request.week, request.user, code)


def _entry_page(request: HttpRequest, entry: Entry, *, said: str = "", status: int = 200, **forms: Any) -> HttpResponse:
    may_mend = entry.state in {Entry.State.DRAFT, Entry.State.RETURNED}
    initial = {name: getattr(entry, name) for name in actions.FIELDS}
    return page(
        request,
        "entries/entry.html",
        {
            "entry": entry,
            "nav": "desk",
            "form": forms.get("form") or EntryForm(week=request.week, initial=initial),
            "file_form": FileForm(),
            "pledge_form": forms.get("pledge_form") or PledgeForm(),
            "pledge": weeks.said(request.week.document["pledge"]),
            "category": weeks.row(request.week, "categories", entry.category),
            "may_mend": may_mend,
            "refused_work": _work_refusal(entry),
            "pictures": pictures(entry.work),
            "film": film(entry.work),
            "jail": jail(),
            "said": said,
        },
        status=status,
    )


def _work_refusal(entry: Entry) -> str:
    if entry.work is None or not entry.work.refusal:
        return ""
    facts = dict(entry.work.refusal)
    return refusal(Refused(facts.pop("code"), **facts))


@signed_in
@never_cache
@require_GET
def desk(request: HttpRequest, week: str) -> HttpResponse:
    """Shows a person's entries and starts a new one while the call is open."""
    phase = weeks.phase(request.week, request.now)
    entries = list(queries.own_entries(request.week, request.user))
    return page(request, "entries/desk.html", {"entries": entries, "phase": phase, "calendar": request.week, "nav": "desk"})


@signed_in
@never_cache
def register(request: HttpRequest, week: str) -> HttpResponse:
    """Takes the registration form; a draft exists afterwards."""
    form = EntryForm(request.POST or None, week=request.week, initial={"maker_kind": "person", "maker_name": request.user.name})
    if request.method == "POST" and form.is_valid():
        try:
            entry = actions.start_entry(request.week, by=request.user, at=request.now, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refusal(refused))
        else:
            return redirect("entries:entry", week=week, code=entry.code)
    return page(request, "entries/register.html", {"form": form, "nav": "desk"}, status=422 if form.is_bound else 200)


@signed_in
@never_cache
def entry(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows one entry in its state; takes changes to the form while it may be mended."""
    found = _own(request, code)
    if request.method != "POST":
        return _entry_page(request, found)
    form = EntryForm(request.POST, week=request.week)
    if form.is_valid():
        try:
            actions.mend_entry(found, at=request.now, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refusal(refused))
        else:
            return redirect("entries:entry", week=week, code=code)
    return _entry_page(request, found, form=form, status=422)


@signed_in
@require_POST
def upload(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Takes the work in one plain form; it then waits to be made safe."""
    found = _own(request, code)
    file = request.FILES.get("file")
    if file is None:
        return _entry_page(request, found, said=refusal(Refused("entry.no_work")), status=422)
    try:
        work = receive.receive_whole(
            request.user,
            category=weeks.kind_of(request.week, found.category),
            filename=file.name,
            size=file.size,
            pieces=file.chunks(),
            at=request.now,
        )
        found = actions.attach_work(found, work=work, at=request.now)
    except Refused as refused:
        return _entry_page(request, found, said=refusal(refused), status=422)
    if work.state == work.State.REFUSED:
        return _entry_page(request, found, status=422)
    return redirect("entries:entry", week=week, code=code)


@signed_in
@require_POST
def start_upload(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Starts an upload in pieces (upload.js); answers where to send them."""
    found = _own(request, code)
    try:
        size = int(request.POST.get("size", "0"))
        work = receive.start_work(
            request.user,
            category=weeks.kind_of(request.week, found.category),
            filename=request.POST.get("filename", ""),
            size=size,
            at=request.now,
        )
        actions.attach_work(found, work=work, at=request.now)
    except (Refused, ValueError) as error:
        refused = error if isinstance(error, Refused) else Refused("work.empty")
        return JsonResponse({"error": refused.code, "said": refusal(refused)}, status=422)
    return JsonResponse({"pieces": f"/pieces/{work.code}/", "piece": receive.PIECE // 8})


@signed_in
@require_POST
def submit(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Signs the pledge and hands the entry in."""
    found, form = _own(request, code), PledgeForm(request.POST)
    if not form.is_valid():
        return _entry_page(request, found, pledge_form=form, status=422)
    try:
        actions.submit_entry(found, pledge=request.week.document["pledge"]["en"], at=request.now)
    except Refused as refused:
        return _entry_page(request, found, said=refusal(refused), status=422)
    return redirect("entries:entry", week=week, code=code)


@signed_in
@require_POST
def withdraw(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Withdraws the entry."""
    found = _own(request, code)
    try:
        actions.withdraw_entry(found, at=request.now)
    except Refused as refused:
        return _entry_page(request, found, said=refusal(refused), status=422)
    return redirect("entries:entry", week=week, code=code)
