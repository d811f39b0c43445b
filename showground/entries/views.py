"""The entrant's desk: register a work, sign the pledge, upload, send in, see its state, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.entries import actions, queries
from showground.entries.forms import REASONS, EntryForm, PledgeForm
from showground.entries.models import Entry
from showground.rules.refused import Refused
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks import queries as weeks
from showground.weeks.staff import signed_in
from showground.works.actions import receive
from showground.works.forms import FileForm
from showground.works.queries import jail

PIECE = receive.PIECE // 8


def _own(request: HttpRequest, code: str) -> Entry:
    return queries.own_entry(request.week, request.user, code)


def _entry_page(request: HttpRequest, entry: Entry, *, said: str = "", status: int = 200, **forms: Any) -> HttpResponse:
    seen = queries.seen(entry)
    missing = queries.missing(entry)
    initial = {name: getattr(entry, name) for name in actions.FIELDS}
    return page(
        request,
        "entries/entry.html",
        {
            "entry": entry,
            "title": seen.title,
            "category_name": seen.category,
            "genre_name": seen.genre,
            "category_rules": weeks.said(weeks.row(request.week, "categories", entry.category).get("rules", "")),
            "alt": seen.alt or seen.title,
            "pictures": seen.pictures,
            "large": seen.large,
            "film": seen.film,
            "nav": "entries",
            "phase_line": weeks.phase_line(request.week, request.now),
            "form": forms.get("form") or EntryForm(week=request.week, initial=initial),
            "file_form": FileForm(auto_id="id_upload_%s"),
            "pledge_form": forms.get("pledge_form") or PledgeForm(),
            "pledge": weeks.said(request.week.document["pledge"]),
            "may_mend": queries.may_mend(entry, request.now),
            "may_withdraw": entry.state != Entry.State.WITHDRAWN and request.now < request.week.vote_closes,
            "ready": not missing,
            "missing": MISSING.get(missing, ""),
            "todo": _todo(entry, missing, request.now),
            "withheld_reason": queries.withheld_reason(entry),
            "reason": dict(REASONS).get(entry.reason_code, entry.reason_code),
            "refused_work": _work_refusal(entry),
            "jail": jail(),
            "piece": PIECE,
            "calendar": request.week,
            "said": said,
        },
        status=status,
    )


MISSING = {
    "work": _("Not before the work itself is uploaded."),
    "receiving": _("Not before all of the file is here."),
    "waiting": _("Not before the file is checked."),
    "refused": _("Not before a file is uploaded that can be taken."),
}


def _todo(entry: Entry, missing: str, now: int) -> str:
    if entry.state in {Entry.State.DRAFT, Entry.State.RETURNED} and not queries.may_mend(entry, now):
        return gettext("The time for it is over. What you wrote is kept for you here, and nothing of it goes on.")
    if entry.state == Entry.State.RETURNED:
        return gettext("Change what the reason names, then sign and send it in again.")
    if entry.state == Entry.State.SUBMITTED:
        return gettext("A screener looks at every work. You will see the decision here.")
    if entry.withheld_at is not None and entry.state == Entry.State.ACCEPTED:
        return gettext("It is not shown at present. A letter to you says why and how you can appeal.")
    if entry.state == Entry.State.ACCEPTED:
        return gettext("It is on show and can be voted for when the vote is open.")
    if entry.state == Entry.State.WITHDRAWN:
        return gettext("You withdrew it. It is shown to nobody but you.")
    return str(MISSING_TODO[missing])


MISSING_TODO = {
    "work": _("Next: upload the work itself."),
    "receiving": _("Next: let the upload finish."),
    "waiting": _("Wait a moment: the file is being opened and checked."),
    "refused": _("Next: upload a file that can be taken."),
    "": _("Next: read the pledge, sign it and send the entry in."),
}


def _work_refusal(entry: Entry) -> str:
    if entry.work is None or not entry.work.refusal:
        return ""
    facts = dict(entry.work.refusal)
    return refusal(Refused(facts.pop("code"), **facts))


@signed_in
@never_cache
@require_safe
def desk(request: HttpRequest, week: str) -> HttpResponse:
    """Shows a person's entries and starts a new one while the call is open."""
    phase = weeks.phase(request.week, request.now)
    entries = [queries.seen(entry) for entry in queries.own_entries(request.week, request.user)]
    rows = [{"seen": row, "todo": _todo(row.entry, queries.missing(row.entry), request.now)} for row in entries]
    context = {"entries": rows, "phase": phase, "calendar": request.week, "nav": "entries"}
    return page(request, "entries/desk.html", {**context, "phase_line": weeks.phase_line(request.week, request.now)})


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
    phase = weeks.phase(request.week, request.now)
    context = {"form": form, "nav": "entries", "calendar": request.week, "phase": phase}
    context["phase_line"] = weeks.phase_line(request.week, request.now)
    return page(request, "entries/register.html", context, status=422 if form.is_bound else 200)


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
    return JsonResponse({"pieces": reverse("works:piece", args=[work.code]), "piece": PIECE})


def _act(request: HttpRequest, entry: Entry, act: Callable[[], object]) -> HttpResponse:
    """Back to the entry's page: as it now is, or with the reason why nothing was done."""
    try:
        act()
    except Refused as refused:
        return _entry_page(request, entry, said=refusal(refused), status=422)
    return redirect("entries:entry", week=request.week.code, code=entry.code)


@signed_in
@require_POST
def submit(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Signs the pledge and hands the entry in."""
    found, form = _own(request, code), PledgeForm(request.POST)
    if not form.is_valid():
        return _entry_page(request, found, pledge_form=form, status=422)
    pledge = weeks.said(request.week.document["pledge"])
    return _act(request, found, lambda: actions.submit_entry(found, pledge=pledge, at=request.now))


@signed_in
@require_POST
def withdraw(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Withdraws the entry."""
    found = _own(request, code)
    return _act(request, found, lambda: actions.withdraw_entry(found, at=request.now))


@signed_in
@require_POST
def erase(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Erases the files and words of a withdrawn entry."""
    found = _own(request, code)
    return _act(request, found, lambda: actions.erase_entry(found))
