"""From "What happened?" to the code: two pages and no cookie, then one that keeps the code until it is written down."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from showground.reports.actions import booths, spool, stash
from showground.reports.actions.file import MOST_FILES, Kept, Told, file_open, file_without_code, give_code
from showground.reports.actions.hold import AGAIN, SOON, challenge, code_room, early, lane, minutes, read_ticket, ticket
from showground.reports.forms.visitor import LIMITS, Filled, read_filled
from showground.reports.models import DeskKey, Report
from showground.reports.queries import harms, here, reading, reporter
from showground.reports.queries.proofs import newest_open_log
from showground.reports.views import kiosk
from showground.reports.views.quiet import STATUS, quiet, show
from showground.reports.views.visit import Visit, end_visit, keep_visit, once_hash, visit_in
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.vault import codes
from showground.weeks.middleware import WeekRequest

OF = 8  # letters of a visit's mark by which two tabs of one browser tell their reports apart


def log_of(request: WeekRequest) -> str:
    """Returns the log into which the desk's steps of this moment go."""
    return newest_open_log(request.now) or str(request.week.origin)


@gzip_page
@quiet
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: WeekRequest, week: str) -> HttpResponse:
    """Asks what happened, and then for one thing to show; sets no cookie and writes nothing down."""
    if request.method == "POST":
        filled = read_filled(request)
        return tell_page(request, filled, said=_stash(filled, request.now))
    return nine(request, about=here.shown(request.GET.get("about", "")[:12]))


def nine(request: WeekRequest, **more: Any) -> HttpResponse:
    """Returns the page of the nine buttons."""
    is_open = DeskKey.objects.filter(retired_at=None).exists()
    return show(request, "reports/report.html", {"harms": harms.all_shown(), "is_open": is_open, **more})


def tell_page(request: WeekRequest, filled: Filled, *, said: str = "", status: int = 200) -> HttpResponse:
    """Returns the page with the one field; what was typed and added before is still there, but for files where none are taken."""
    if filled.waiting and not harms.shown(filled.category).harm.uploads:
        for text in filled.waiting:
            stash.drop(text)
        filled.waiting, said = [], said or refusal(Refused("report.no_files_here"))
    takes = reporter.harm_takes(filled.category)
    context = {
        "filled": filled,
        "about": here.shown(filled.about),
        "harm": harms.shown(filled.category),
        "takes": takes,
        "hotlines": reporter.hotlines(filled.category)[:2] if takes["advice"] == "danger" else [],
        "money_lines": reporter.hotlines("scam")[:1] if takes["advice"] == "bank" else [],
        "once": filled.once or secrets.token_urlsafe(18),
        "task": challenge(request.now) if not filled.kiosk else {},
        "said": said,
        "kiosk": filled.kiosk,
        "limits": LIMITS,
        "other_start": _start_in_other(request),
    }
    return show(request, "reports/tell.html", context, status=status)


def _start_in_other(request: WeekRequest) -> str:
    """The start page in the other language: it takes what was typed and shows the field again, and never sends."""
    other = next((code for code, _name in settings.LANGUAGES if code != request.LANGUAGE_CODE), request.LANGUAGE_CODE)
    with override(other):
        return reverse("reports:report", args=[request.week.code])


def _stash(filled: Filled, at: int) -> str:
    """Files that came with a page that is shown again wait sealed, so that nobody has to choose them twice; says why one does not."""
    stash.sweep(at)
    there = [text for text in filled.waiting if stash.is_there(text)]
    texts, why = stash.put_all(filled.files, at=at)
    if why is None and len(there) < len(filled.waiting):
        why = Refused("report.stash")
    filled.waiting, filled.files = [*there, *texts][:MOST_FILES], []
    return refusal(why) if why else ""


@quiet
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: WeekRequest, week: str) -> HttpResponse:
    """Keeps the report and answers with the code; a page that was loaded again does not file twice."""
    if request.method != "POST":
        return redirect("reports:report", week)
    filled, visit = read_filled(request), visit_in(request)
    if visit is not None and visit.code and filled.once and visit.once == once_hash(filled.once):
        held = visit.held()
        if filled.is_in(reading.body(held)):
            return code_page(request, held.report, visit)
    booth = kiosk.name_in(filled.kiosk, at=request.now)
    try:
        told = filled.told(request.LANGUAGE_CODE)
        way = lane(address=request.META["REMOTE_ADDR"], proof=request.POST.get("altcha", ""), kiosk=booth, at=request.now)
        channel = "kiosk" if booth else "share" if filled.shared else "site" if filled.about else "web"
        facts: dict[str, Any] = {"log": log_of(request), "at": request.now, "channel": channel, "held_until": way.held_until}
        if way.wait:
            answer = _wait(request, told, way.wait, filled.kiosk, facts, proved=way.proved)
        else:
            with code_room(proved=way.proved or bool(booth)) as room:
                if room:
                    kept, digits = file_open(told, proved=way.proved, **facts)
                    answer = with_code(request, kept, digits, once=filled.once, booth=filled.kiosk)
                else:
                    answer = _wait(request, told, SOON, filled.kiosk, facts)
    except Refused as refused:
        reasons = dict.fromkeys([refusal(refused), _stash(filled, request.now)])
        return tell_page(request, filled, said=" ".join(filter(None, reasons)), status=STATUS.get(refused.code, 422))
    for text in filled.waiting:
        stash.drop(text)
    if booth:
        booths.filed(filled.kiosk, at=request.now)
    return answer


def with_code(request: WeekRequest, kept: Kept, code: str, *, once: str = "", booth: str = "") -> HttpResponse:
    """Returns the code page; but at a kiosk the browser keeps the visit from now on."""
    visit = Visit(kept.report.pk, kept.lock, request.now, code, once_hash(once))
    answer = code_page(request, kept.report, visit, booth)
    if not booth:
        keep_visit(request, answer, visit)
    return answer


def code_page(request: WeekRequest, report: Report, visit: Visit, booth: str = "") -> HttpResponse:
    """Returns the page that shows the code and leads nowhere until it is written down."""
    context = {
        "code": visit.code,
        "shown": codes.shown(visit.code),
        "groups": codes.shown(visit.code).split(" "),
        "spoken": ", ".join(" ".join(part) for part in codes.shown(visit.code).split(" ")),  # digit by digit, for those who listen
        "harm": harms.shown(report.category),
        "takes": reporter.harm_takes(report.category),
        "kiosk": booth,
        "of": visit.once[:OF],
        "gate": True,
    }
    return show(request, "reports/code.html", context)


def _wait(request: WeekRequest, told: Told, wait: int, booth: str, facts: dict[str, Any], *, proved: bool = False) -> HttpResponse:
    """The report is kept, and its page waits for the code. What came with a proof of work is filed now; the rest a moment later."""
    if proved:
        report, lock = (kept := file_without_code(told, proved=True, **facts)).report, kept.lock
        text = ticket(report.number, report.report_sha256, lock, due=request.now + wait)
    else:
        waiting = spool.put(told, **facts)
        text = ticket(waiting.number, waiting.sha256, waiting.lock, due=request.now + wait)
    answer = _later(request, text, wait, booth, again=SOON)
    if not booth and not proved:
        answer.waits = (text, facts["log"], minutes(wait))  # type: ignore[attr-defined]  # middleware.py answers others with this page
    return answer


_pages: dict[tuple[str, str, int, int, int], bytes] = {}
_HERE, _MOST_PAGES = "ticket-goes-here", 300


def _later(request: WeekRequest, text: str, wait: int, booth: str, *, again: int) -> HttpResponse:
    """Says that the report is kept, when to ask for its code and when it is there at the latest (`wait` seconds from now).

    But for the ticket it is one page for everybody, drawn once a minute.
    """
    again, most = min(again, max(wait, 1)), minutes(wait)
    if booth:
        context = {"ticket": text, "wait": again, "minutes": most, "kiosk": booth, "gate": True}
        answer = show(request, "reports/later.html", context, status=202)
    else:
        answer = HttpResponse(_page(request, again, most).replace(_HERE.encode(), text.encode()), status=202)
    answer["Retry-After"] = str(again)
    return answer


def _page(request: WeekRequest, again: int, most: int) -> bytes:
    name = (request.week.code, request.LANGUAGE_CODE, again, most, request.now // 60)
    if name not in _pages:
        if len(_pages) > _MOST_PAGES:
            _pages.clear()
        context = {"ticket": _HERE, "wait": again, "minutes": most, "gate": True}
        _pages[name] = show(request, "reports/later.html", context).content
    return _pages[name]


@quiet
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: WeekRequest, week: str) -> HttpResponse:
    """Shows the code again while this browser still holds it, or makes the one that had to wait; `kept`: it is written down.

    A second report in another tab takes the visit over: the page of the first one then asks for its code and shows nobody the other's.
    """
    if request.method == "POST" and "ticket" in request.POST:
        return _due(request)
    visit = visit_in(request)
    if visit is None:
        return redirect("reports:look", week)
    of = (request.POST if request.method == "POST" else request.GET).get("of", "")
    if not visit.once.startswith(of):
        return redirect(f"{reverse('reports:look', args=[week])}?ask")
    if request.method == "POST" and "kept" in request.POST:
        answer = redirect("reports:look", week)
        keep_visit(request, answer, Visit(visit.report, visit.lock, request.now, once=visit.once))
        return answer
    if not visit.code:
        return redirect("reports:look", week)
    return code_page(request, visit.held().report, visit)


def _due(request: WeekRequest) -> HttpResponse:
    text, booth = request.POST["ticket"], request.POST.get("kiosk", "")
    told, visit = read_ticket(text, at=request.now), visit_in(request)
    if visit is not None and visit.once == once_hash(text):  # gone back to: the code that was written down stays the code
        return code_page(request, visit.held().report, visit) if visit.code else redirect("reports:look", request.week.code)
    left = told.due - request.now
    report = spool.find(told.number, told.sha256)
    if (left > 0 or report is None) and not early(address=request.META["REMOTE_ADDR"], at=request.now):
        return _later(request, text, max(left, SOON), booth, again=AGAIN if report else SOON)
    with code_room(proved=False) as room:
        if room and report is None:  # the jobs have not come so far
            report = spool.file_now(told.number, told.sha256)
        if not room or report is None:
            return _later(request, text, max(left, SOON), booth, again=SOON)
        return with_code(request, Kept(report, told.lock), give_code(report, told.lock), once=text, booth=booth)


@quiet
@require_POST
def note_file(request: WeekRequest, week: str) -> HttpResponse:
    """Returns the code as a small text file with a name that says nothing."""
    digits = codes.read_code(request.POST.get("code", ""))
    answer = HttpResponse(codes.shown(digits) + "\n", content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="note.txt"'
    return answer


@gzip_page
@quiet
@require_safe
def advice(request: WeekRequest, week: str) -> HttpResponse:
    """Says what to do, in order, when money is gone or a password was told."""
    return show(request, "reports/advice.html", {"hotlines": reporter.hotlines("scam")[:1]})


@quiet
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: WeekRequest, week: str) -> HttpResponse:
    """Leads away at once to a page about the weather; this browser forgets the visit and what it kept of these pages."""
    answer = HttpResponse(status=303, headers={"Location": reporter.exit_to(request.LANGUAGE_CODE)})
    end_visit(request, answer)
    answer["Clear-Site-Data"] = '"cache"'  # not "cookies": a voter in danger would lose the ballot paper with them
    return answer
