"""One case: its reports open on the desk, its links, its reporter, its hands, its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.evidence.links import defang
from showground.reports.actions import keep, link, recuse, triage
from showground.reports.actions.answer import ping
from showground.reports.actions.decide import read
from showground.reports.actions.desk_note import write_note
from showground.reports.forms import officer as words
from showground.reports.models import (
    Case,
    CaseLink,
    Channel,
    Decision,
    Deletion,
    Evidence,
    Holder,
    LegalBasis,
    Partner,
    Proposal,
    Report,
)
from showground.reports.queries import case as queries
from showground.reports.queries import clocks, here
from showground.reports.queries.harms import shown
from showground.reports.queries.states import ACTS, NEEDS_LAW, OPEN
from showground.reports.staff import evidence
from showground.reports.staff.frame import desk_page, keyed, log_of
from showground.reports.staff.queue import severity
from showground.rules.refused import Refused
from showground.ui import typeset
from showground.ui.plots import Bar
from showground.ui.refusals import refusal
from showground.weeks.queries import said as in_words

LISTED = 60


def case_of(request: HttpRequest, code: str) -> Case:
    """Returns the case of the address; to somebody who stays out of it there is none."""
    case = queries.case_or_404(code)
    if queries.shut_to(case, request.user):
        raise Http404(code)
    return case


def render(request: HttpRequest, case: Case, *, said: str = "", at: str = "", written: Any = None, draft: str = "") -> HttpResponse:
    """Returns the page of a case; `said` is why something was not done, `at` the part of the page that it belongs to."""
    reports = queries.reports(case)
    current = next((report for report in reports if report.number == request.GET.get("report")), reports[0] if reports else None)
    one = queries.opened(current, request.who) if current else None
    proposal = Proposal.objects.filter(case=case).select_related("by").first()
    decided = list(case.decisions.select_related("legal_basis", "decided_by", "second_by", "same_as", "where_to").order_by("pk"))
    mine = case.assignee_id == request.user.pk
    return desk_page(
        request,
        "reports/desk_case.html",
        {
            "case": case,
            "name": shown(case.category).name,
            "severity": severity(case.severity),
            "state": words.STATES[case.state],
            "mark": words.STATE_MARKS[case.state],
            "open": case.state in OPEN,
            "mine": mine,
            "clocks": clocks.of_case(case.pk, [report.pk for report in reports], request.now),
            "reports": reports,
            "current": current,
            "spoken": _spoken(current),
            "one": one,
            **_evidence(one),
            **_cluster(case, reports, current, request),
            "may_write": mine and case.state == Case.State.ASSESSING,
            "officers": queries.officers(case),
            "notes": queries.notes(case, request.who),
            "templates": words.TEMPLATES,
            "draft": draft or _template(request, current),
            "recuse_words": words.RECUSE_WORDS.items(),
            "reopen_words": words.REOPEN_WORDS.items(),
            "delete_words": words.DELETE_WORDS.items(),
            "deletion": Deletion.objects.filter(report=current, objected_at=None).first() if current else None,
            "said": said,
            "at": at,
            **_decision(request, case, proposal, decided, written, mine),
        },
        nav="reports",
        status=422 if said else 200,
    )


def _spoken(report: Report | None) -> str:
    """Returns the name of the language that a report is written in."""
    return dict(settings.LANGUAGES).get(report.language, report.language) if report else ""


def _evidence(one: queries.Opened | None) -> dict[str, Any]:
    if one is None or one.shut:
        return {}
    readings = [one.told, *(file.told for file in one.files)]
    files = [evidence.file(file) for file in one.files]
    return {
        "words": evidence.text(one.words),
        "files": files,
        "pictures": sum(len(file["copies"]) for file in files),
        "links": evidence.where_links_lead(readings),
        "things": evidence.said_things(one),
    }


def _template(request: HttpRequest, current: Report | None) -> str:
    """Returns the words of the chosen template in the language of the report."""
    chosen = next((one for one in words.TEMPLATES if one.code == request.GET.get("words")), None)
    if chosen is None or current is None:
        return ""
    return chosen.zh if current.language.startswith("zh") else chosen.en


def _cluster(case: Case, reports: list[Report], current: Report | None, request: HttpRequest) -> dict[str, Any]:
    standing: dict[int, CaseLink] = {}
    for one in CaseLink.objects.filter(report__in=reports, suggested=False, undone_at=None).order_by("pk"):
        standing[one.report_id] = one
    days = Counter(report.received_at // 86400 for report in reports)
    first, last = (min(days), max(days)) if days else (0, 0)
    here = current.received_at // 86400 if current else 0
    span = range(max(first, last - 20), last + 1)
    suggested = []
    for one in queries.suggestions(case):
        if not queries.shut_to(one.case, request.user):
            name = shown(one.case.category).name
            suggested.append({"link": one, "why": words.rule_words(one.rule), "name": name, "state": words.STATES[one.case.state]})
    return {
        "rows": [
            {
                "report": report,
                "link": standing.get(report.pk),
                "why": words.rule_words(standing[report.pk].rule) if report.pk in standing else "",
                "undoable": report.pk in standing and standing[report.pk].rule not in {"first", "apart"},
                "channel": words.CHANNELS[report.channel],
                "now": current is not None and report.pk == current.pk,
            }
            for report in reports[:LISTED]
        ],
        "bars": [Bar(typeset.day_short(day * 86400 + 43200), days.get(day, 0), day == here) for day in span]
        if len(span) > 1
        else [],
        "spread": _spread(reports, len(days)),
        "suggested": suggested,
    }


def _spread(reports: list[Report], days: int) -> str:
    """Returns how many reports there are, over how many days and channels."""
    count, channels = len(reports), len({report.channel for report in reports})
    parts = [ngettext("%(shown)s report", "%(shown)s reports", count) % {"shown": typeset.number(count)}]
    parts += [_("%(days)s days") % {"days": days}] if days > 1 else []
    parts += [_("%(channels)s channels") % {"channels": channels}] if channels > 1 else []
    return pgettext("between values", ", ").join([*parts, _("names hidden")])


def _decision(
    request: HttpRequest, case: Case, proposal: Proposal | None, decided: list[Decision], written: Any, mine: bool
) -> dict[str, Any]:
    chosen = written or read(proposal, request.who)
    reader = proposal is not None and proposal.state == Proposal.State.PROPOSED and proposal.by_id != request.user.pk
    form = mine and case.state == Case.State.ASSESSING and (proposal is None or proposal.state != Proposal.State.PROPOSED)
    places = []
    if form or reader or (proposal and proposal.state == Proposal.State.PROPOSED):
        places = [
            {
                "url": one["url"],
                "shown": one.get("defanged", ""),
                "on": one["url"] in chosen.places or (not chosen.places and not proposal),
            }
            for one in queries.links_of(case, request.who)
        ]
    known = {one["url"] for one in places}
    places += [{"url": one, "shown": defang(one), "on": True} for one in chosen.places if one not in known]
    bases = [
        {"row": row, "said": in_words(row.citation), "on": row.pk == chosen.legal_basis}
        for row in LegalBasis.objects.filter(valid_from__lte=request.now).order_by("pk")
        if (row.valid_to is None or row.valid_to > request.now) and (not row.categories or case.category in row.categories)
    ]
    return {
        "proposal": proposal,
        "written": chosen,
        "form": form,
        "reader": reader,
        "own_proposal": proposal is not None and proposal.state == Proposal.State.PROPOSED and proposal.by_id == request.user.pk,
        "outcomes": [
            {
                "key": key,
                "said": pair[0],
                "hint": pair[1],
                "on": key == chosen.outcome,
                "acts": key in ACTS,
                "law": key in NEEDS_LAW,
            }
            for key, pair in words.OUTCOMES.items()
        ],
        "here": (named := chosen.here or case.work or here.named_in(one["url"] for one in places)),
        "thing": here.made(named),
        "outcome_said": words.OUTCOMES[chosen.outcome][0] if chosen.outcome in words.OUTCOMES else "",
        "bases": bases,
        "basis_said": next((one["said"] for one in bases if one["on"]), ""),
        "lawful": words.lawful_rows(chosen),
        "audiences": words.reason_rows(chosen),
        "partners": [
            {"row": row, "said": in_words(row.name), "on": row.code in chosen.partners}
            for row in Partner.objects.order_by("kind", "code")
        ],
        "asks": words.ASK_WORDS.items(),
        "ask_said": words.ASK_WORDS.get(chosen.ask, ""),
        "places": places,
        "where": [
            {"row": row, "said": in_words(row.name), "on": row.code == chosen.where_to}
            for row in Channel.objects.exclude(kind="exit")
        ],
        "decided": [_told(request, one) for one in decided],
    }


def _told(request: HttpRequest, one: Decision) -> dict[str, Any]:
    zh = (get_language() or "en").startswith("zh")
    reasons = [row for row in one.reasons.all() if row.words and row.language.startswith("zh") == zh]
    return {
        "row": one,
        "outcome": words.OUTCOMES[one.outcome][0],
        "facts": queries.facts(one, request.who),
        "law": in_words(one.legal_basis.citation) if one.legal_basis else "",
        "reasons": [(words.AUDIENCE_WORDS[row.audience][0], row.words) for row in sorted(reasons, key=lambda row: row.audience)],
        "doubts": [words.LAWFUL_WORDS[name] for name, answer in one.lawful_speech.items() if answer and name in words.LAWFUL_WORDS],
        "referrals": [
            {"row": row, "partner": in_words(row.partner.name) or row.partner.code, "said": words.REFERRAL_WORDS[row.state]}
            for row in one.referrals.select_related("partner")
        ],
        "appeals": [{"row": row, "said": words.APPEAL_WORDS.get(row.outcome, "")} for row in one.appeals.all()],
    }


@keyed("officer")
@never_cache
@require_safe
def show(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows a case with one of its reports open."""
    return render(request, case_of(request, code))


@keyed("officer")
@never_cache
@require_safe
def picture(request: HttpRequest, week: str, code: str, index: int, number: int) -> HttpResponse:
    """Sends pixels of a picture or page: made in the jail, codes painted over; only while the shift is open."""
    case = case_of(request, code)
    found = get_object_or_404(Evidence.objects.select_related("report"), pk=index, report__case=case)
    try:
        data = queries.pixels(found.report, found, number, request.who)
    except Refused:
        raise Http404 from None
    return HttpResponse(
        data, content_type="image/png", headers={"Content-Disposition": "inline", "Cross-Origin-Resource-Policy": "same-origin"}
    )


# ---- acts ----


def act(request: HttpRequest, code: str, do: Callable[[Case], Any], *, at: str = "", to: str = "") -> HttpResponse:
    """Does something to a case and leads back to it (`to`: a part of the page), or shows why not."""
    case = case_of(request, code)
    try:
        do(case)
    except Refused as refused:
        return render(request, queries.case_or_404(code), said=refusal(refused), at=at, draft=request.POST.get("message", ""))
    report = request.POST.get("report", "")
    back = reverse("reports:case", args=[request.week.code, code])
    return HttpResponseRedirect(f"{back}{f'?report={report}' if report.isalnum() else ''}{f'#{to}' if to else ''}")


def _facts(request: HttpRequest) -> dict[str, Any]:
    return {"at": request.now, "log": log_of(request)}


@keyed("officer")
@require_POST
def assign(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Puts the case into an officer's hands, the person's own if nobody is named."""

    def do(case: Case) -> None:
        named = request.POST.get("to", "")
        to = Holder.objects.filter(pk=named, duty="officer").first() if named.isdigit() else request.who.holder
        if to is None:
            raise Refused("desk.cannot_admit")
        triage.assign(case, to, who=request.who, **_facts(request))

    return act(request, code, do)


@keyed("officer")
@require_POST
def begin(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Begins work on a case that was assigned, or goes on without the reporter's answer."""

    def do(case: Case) -> None:
        if case.state == Case.State.AWAITING_REPORTER:
            triage.go_on(case, why="officer", **_facts(request))
        else:
            triage.begin(case, by=request.user, **_facts(request))

    return act(request, code, do)


@keyed("officer")
@require_POST
def step_aside(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Takes the person out of the case for good."""
    case = case_of(request, code)
    try:
        recuse.recuse(case, request.user, reason_code=request.POST.get("reason", ""), **_facts(request))
    except Refused as refused:
        return render(request, case, said=refusal(refused))
    return redirect("reports:queue", week=week)


@keyed("officer")
@require_POST
def say(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Writes to the reporter, and waits for an answer if asked to; a letter without content says that there is news."""

    def do(case: Case) -> None:
        report = get_object_or_404(Report, number=request.POST.get("report", ""), case=case)
        wait = request.POST.get("do") == "ask"
        held = triage.tell(case, report, request.POST.get("message", ""), who=request.who, wait=wait, **_facts(request))
        ping(held, **_facts(request))

    return act(request, code, do, at="thread", to="thread")


@keyed("officer")
@require_POST
def jot(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Keeps a note for colleagues."""
    return act(
        request,
        code,
        lambda case: write_note(case, request.POST.get("note", ""), who=request.who, **_facts(request)),
        at="notes",
        to="notes",
    )


@keyed("officer")
@require_POST
def links(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Undoes a link, takes or drops a suggestion, or joins another case to this one."""

    def do(case: Case) -> None:
        told = {"by": request.user, **_facts(request)}
        what, name = request.POST.get("do", ""), request.POST.get("which", "")
        if what == "undo":
            link.undo(get_object_or_404(Report, number=name, case=case), **told)
        elif what in {"take", "drop"}:
            one = get_object_or_404(CaseLink, pk=int(name) if name.isdigit() else 0, report__case=case)
            recuse.may(one.case, request.user)
            (link.take_suggestion if what == "take" else link.drop_suggestion)(one, **told)
        elif what == "merge":
            other = Case.objects.filter(number=request.POST.get("other", "").strip().upper()).first()
            if other is None:
                raise Refused("decision.same_as")
            recuse.may(other, request.user)
            link.merge(other, case, **told)

    return act(request, code, do, at="cluster", to="cluster")


@keyed("officer")
@require_POST
def more_time(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Gives a hard case 30 days and tells its reporters why."""
    why = {"en": request.POST.get("why.en", ""), "zh": request.POST.get("why.zh", "")}
    return act(request, code, lambda case: triage.extend(case, why, who=request.who, **_facts(request)), at="more")


@keyed("officer")
@require_POST
def know(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Notes that a public body complains, or sets or ends a legal hold."""

    def do(case: Case) -> None:
        if request.POST.get("do") == "hold":
            triage.hold(case, request.POST.get("hold", ""), by=request.user, **_facts(request))
        else:
            triage.tag_public_body(case, "public_body" in request.POST, by=request.user, **_facts(request))

    return act(request, code, do, at="more")


@keyed("officer")
@require_POST
def end(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Closes a decided case, or takes up a closed one again."""

    def do(case: Case) -> None:
        if request.POST.get("do") == "reopen":
            triage.reopen(case, request.POST.get("why", ""), by=request.user, **_facts(request))
        else:
            triage.close(case, by=request.user, **_facts(request))

    return act(request, code, do)


@keyed("officer")
@require_POST
def destroy(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Asks that a report be destroyed before its time."""

    def do(case: Case) -> None:
        report = get_object_or_404(Report, number=request.POST.get("report", ""), case=case)
        keep.ask_deletion(report, request.POST.get("reason", ""), by=request.user, **_facts(request))

    return act(request, code, do, at="more")
