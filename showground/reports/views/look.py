"""With the code: what became of the report, messages, and every right of the one who made it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from showground.people.actions import allow
from showground.reports.actions import added, hold
from showground.reports.actions import answer as answers
from showground.reports.actions import appeal as appeals
from showground.reports.actions import withdraw as withdrawals
from showground.reports.actions.file import leave_name
from showground.reports.actions.note import note
from showground.reports.forms.visitor import EMPTY, LIMITS, AppealForm, ContactForm, NameForm, SayForm, read_files
from showground.reports.models import Identity, IdentityAccess
from showground.reports.queries import harms, proofs, reading, reporter
from showground.reports.queries.reading import Held
from showground.reports.views.quiet import STATUS, quiet, show
from showground.reports.views.report import log_of
from showground.reports.views.visit import Visit, end_visit, keep_visit, mark_of, visit_in
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.vault import boxes, codes
from showground.weeks.middleware import WeekRequest


@quiet
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: WeekRequest, week: str) -> HttpResponse:
    """Asks for the code (`?ask`: also while another report is open), or shows what became of the report that it opens."""
    if request.method == "POST":
        return _open(request)
    visit = visit_in(request)
    if visit is None:
        return _ask(request)
    return _ask(request, said=refusal(Refused("code.other_report"))) if "ask" in request.GET else status_page(request, visit)


def _ask(
    request: WeekRequest, *, said: str = "", wait: int = 0, place: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    """The page that asks for a code; it carries along what was written on a page that had closed, and sends nothing of it."""
    task = hold.challenge(request.now)
    context = {"said": said, "wait": wait, "place": place, "typed": typed, "task": task, "written": _written(request)}
    answer = show(request, "reports/look.html", context, status=status)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def _open(request: WeekRequest) -> HttpResponse:
    """Tries a code: mistyped ones are told before any work, the others wait their turn while many are being tried."""
    typed, place = request.POST.get("code", "")[:60], request.POST.get("place", "")
    try:
        codes.read_code(typed)
    except Refused as refused:
        return _ask(request, said=refusal(refused), typed=typed, status=422)
    wait, place = hold.look_wait(proof=request.POST.get("altcha", ""), place=place, at=request.now)
    if wait:
        return _ask(request, wait=wait, place=place, typed=typed, status=429)
    hold.use_place(request.POST.get("place", ""), at=request.now)
    try:
        held = reading.by_code(typed)
    except Refused as refused:
        if refused.code == "code.unknown":
            hold.count_wrong(at=request.now)
        return _ask(request, said=refusal(refused), typed=typed, status=422)
    return status_page(request, Visit(held.report.pk, held.lock, request.now), **_again(request))


WRITTEN = ("words", "grounds", "address", "name", "reach")  # the fields of a report's page


def _written(request: WeekRequest) -> dict[str, str]:
    """What somebody has written on the page of a report."""
    return {name: words for name in WRITTEN if (words := request.POST.get(name, "")).strip()}


def _again(request: WeekRequest) -> dict[str, Any]:
    """The forms with what was written before and is not sent yet."""
    written = _written(request)
    forms = {"say_form": SayForm, "contact_form": ContactForm, "appeal_form": AppealForm, "name_form": NameForm}
    return {name: form(initial=written) for name, form in forms.items()} | {"unsent": written} if written else {}


def status_page(request: WeekRequest, visit: Visit, *, status: int = 200, **forms: Any) -> HttpResponse:
    """Returns the page of one report; the visit lasts twenty minutes from now."""
    held = visit.held()
    found = reporter.status(held, at=request.now, window=appeals.WINDOW)
    grounds = forms.get("unsent", {}).get("grounds", "")
    if grounds and not found.may_appeal_until:  # the field of appeals is not there any more
        forms["say_form"] = SayForm(initial={"words": grounds})
    context = {
        "status": found,
        "report": held.report,
        "told": _told(held),
        "harm": harms.shown(held.report.category),
        "takes": reporter.harm_takes(held.report.category),
        "hotlines": reporter.hotlines(held.report.category) if held.report.state == "out_of_scope" else [],
        "has_contact": bool(held.report.contact_sealed),
        "say_form": SayForm(),
        "contact_form": ContactForm(),
        "appeal_form": AppealForm(),
        "name_form": NameForm(),
        "has_name": Identity.objects.filter(report=held.report).exists(),
        "of": mark_of(held.report.pk),
        "limits": LIMITS,
        **forms,
    }
    answer = show(request, "reports/status.html", context, status=status)
    _seen(held, found, request)
    keep_visit(request, answer, visit)
    return answer


def _told(held: Held) -> str:
    """What the reporter wrote, for their own eyes."""
    return str(reading.body(held).get("words", ""))


def _seen(held: Held, found: reporter.Status, request: WeekRequest) -> None:
    """What stood on the page counts as shown, messages and openings of the identity alike."""
    with transaction.atomic():
        held.report.messages.filter(way="to_reporter", seen_at=None).update(seen_at=request.now)
        for pk in found.unseen_openings:
            IdentityAccess.objects.filter(pk=pk, shown_at=None).update(shown_at=request.now)
            note("identity", pk, "shown", role="desk", at=request.now, log=log_of(request))


DEEDS = 60  # in an hour, with one code
Deed = Callable[[WeekRequest, Visit, Held], HttpResponse | None]


def deed(do: Deed) -> Callable[..., HttpResponse]:
    """Makes a view of a deed with an open report: done, it leads back to the page; refused, the page says why."""

    @quiet
    @require_POST
    @wraps(do)
    def view(request: WeekRequest, week: str) -> HttpResponse:
        visit = visit_in(request)
        if visit is None:
            return _ask(request, said=refusal(Refused("code.visit_over")), status=422)
        if not mark_of(visit.report).startswith(request.POST.get("of", "")):
            return _ask(request, said=refusal(Refused("code.other_report")), status=422)
        try:
            allow("report.deed", str(visit.report), most=DEEDS, per=3600, at=request.now)
            answer = do(request, visit, visit.held())
        except Refused as refused:
            return status_page(request, visit, said=refusal(refused), status=422, **_again(request))
        if answer is None:
            answer = redirect("reports:look", week)
            keep_visit(request, answer, visit)
        return answer

    return view


def _facts(request: WeekRequest) -> dict[str, Any]:
    return {"at": request.now, "log": log_of(request)}


@deed
def say(request: WeekRequest, visit: Visit, held: Held) -> HttpResponse | None:
    """Takes a message, more detail or files to the desk."""
    form = SayForm(request.POST)
    if not form.is_valid():
        return status_page(request, visit, say_form=form, status=422)
    try:
        files = read_files(request)
        if form.cleaned_data["words"] or files:
            added.answer_with(held, form.cleaned_data["words"], files, **_facts(request))
            return None
        form.add_error("words", EMPTY["required"])
        status = 422
    except Refused as refused:
        form.add_error("words", refusal(refused))
        status = STATUS.get(refused.code, 422)
    return status_page(request, visit, say_form=form, status=status)


@deed
def contact(request: WeekRequest, visit: Visit, held: Held) -> HttpResponse | None:
    """Keeps, sealed, where a letter without content goes when there is news; or drops it."""
    if "drop" in request.POST:
        answers.keep_contact(held, "", **_facts(request))
        return None
    form = ContactForm(request.POST)
    if not form.is_valid():
        return status_page(request, visit, contact_form=form, status=422)
    answers.keep_contact(held, form.cleaned_data["address"], **_facts(request))
    return None


@deed
def name(request: WeekRequest, visit: Visit, held: Held) -> HttpResponse | None:
    """Keeps, apart and for two persons together, who the reporter is."""
    form = NameForm(request.POST)
    if not form.is_valid():
        return status_page(request, visit, name_form=form, status=422)
    leave_name(held.report, {key: value for key, value in form.cleaned_data.items() if value}, **_facts(request))
    return None


@deed
def withdraw(request: WeekRequest, visit: Visit, held: Held) -> HttpResponse | None:
    """Takes the report back."""
    if "sure" not in request.POST:
        raise Refused("report.sure")
    withdrawals.withdraw(held, **_facts(request))
    return None


@deed
def erase(request: WeekRequest, visit: Visit, held: Held) -> HttpResponse | None:
    """Erases what was told and added; the thread stays."""
    if "sure" not in request.POST:
        raise Refused("report.sure")
    withdrawals.erase(held, **_facts(request))
    return None


@deed
def appeal(request: WeekRequest, visit: Visit, held: Held) -> HttpResponse | None:
    """Lodges an appeal against the decision."""
    form = AppealForm(request.POST)
    if not form.is_valid():
        return status_page(request, visit, appeal_form=form, status=422)
    appeals.lodge(held, form.cleaned_data["grounds"], **_facts(request))
    return None


@deed
def proof(request: WeekRequest, visit: Visit, held: Held) -> HttpResponse | None:
    """Returns the file that proves to a third party that this report was filed."""
    data = proofs.filing_proof(held.report)
    if data is None:
        raise Refused("report.no_proof_yet")
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Content-Disposition"] = 'attachment; filename="filed.tlog-proof"'
    keep_visit(request, answer, visit)
    return answer


@deed
def copy(request: WeekRequest, visit: Visit, held: Held) -> HttpResponse | None:
    """Returns the report as it was sealed, byte for byte: its SHA-256 is the one that the proof of filing names."""
    if not held.report.body_sealed:
        raise Refused("report.erased")
    data = boxes.unseal(held.lock, bytes(held.report.body_sealed), "report.body")
    answer = HttpResponse(data, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="report.json"'
    keep_visit(request, answer, visit)
    return answer


@quiet
@require_POST
def close(request: WeekRequest, week: str) -> HttpResponse:
    """Ends the visit; the code opens the page again at any time."""
    answer = redirect("reports:look", week)
    end_visit(request, answer)
    answer["Clear-Site-Data"] = '"cache"'
    return answer
