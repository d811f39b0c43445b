"""Notices to partners and warnings to everybody, each read by a second person before it goes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from showground.interchange.notices import art16
from showground.interchange.notices.files import File
from showground.interchange.notices.share import FORMS
from showground.reports.actions import cards, correct, notice_files, refer, reply_link
from showground.reports.forms.officer import REFERRAL_WORDS
from showground.reports.models import Card, Referral
from showground.reports.queries import answers, figures
from showground.reports.queries import case as queries
from showground.reports.staff.case import case_of
from showground.reports.staff.frame import DeskRequest, desk_page, keyed, log_of, number, told
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.queries import said as in_words

STATES = {
    "drafted": "draft", "second_read": "", "posting": "late", "sent": "rec", "acknowledged": "work", "need_more": "late",
    "acted": "rec", "partly": "rec", "refused": "no", "no_answer": "late", "already_gone": "rec", "relapsed": "late",
    "corrected": "gone",
}  # fmt: skip


Step = Callable[..., Referral]
STEPS: dict[str, Step] = {
    "read": refer.read_referral, "back": refer.relapse, "recall": reply_link.recall_link, "take_back": correct.take_back,
}  # fmt: skip
LETTERS: dict[str, Step] = {"send": refer.send_referral, "again": refer.post_again, "renew": reply_link.renew_link}


@keyed("officer")
@never_cache
def notice(request: DeskRequest, week: str, number: int) -> HttpResponse:
    """Shows a notice as its partner gets it; a second person reads it, then it is sent."""
    found = get_object_or_404(Referral.objects.select_related("decision__case", "partner", "drafted_by", "read_by"), pk=number)
    if queries.shut_to(found.decision.case, request.user):
        raise Http404
    said = ""
    if request.method == "POST":
        do = request.POST.get("do", "")
        try:
            if do in FORMS:
                return _download(notice_files.hand_out(found, do, request.POST.get("scope", ""), **told(request)))
            if do in STEPS:
                STEPS[do](found, **told(request))
            elif do in LETTERS:
                LETTERS[do](found, week=week, **told(request))
            return redirect("reports:staff_notice", week=week, number=number)
        except Refused as refused:
            said = refusal(refused)
            found.refresh_from_db()
    opened = refer.open_notice(found, request.who) if found.wrapped else None  # destroyed in its time, actions/keep.py
    language = "zh" if (get_language() or "en").startswith("zh") else "en"
    return desk_page(
        request,
        "reports/desk_notice.html",
        {
            "row": found,
            "case": found.decision.case,
            "partner": in_words(found.partner.name) or found.partner.code,
            "words": art16.text(opened, language) if opened else "",
            "state": REFERRAL_WORDS[found.state],
            "mark": STATES[found.state],
            "own": found.drafted_by_id == request.user.pk,
            "answers": answers.read(found, request.who) if found.answer_sealed else [],
            "stopped": figures.referrals_stop(request.now),
            "files": _files(found, opened) if opened else {},
            "link": _link(found, request.now),
            "owes_words": found.state == Referral.State.CORRECTED and found.closed_at is None,
            "owes_files": correct.owes_files(found),
            "said": said,
        },
        nav="reports",
        status=422 if said else 200,
    )


def _link(found: Referral, now: int) -> dict[str, Any]:
    """Returns what the page says of the partner's link, nothing while there is none or after the last answer."""
    if found.state not in refer.OPEN or found.sent_at is None:
        return {}
    return {"until": answers.link_ends(found), "over": answers.over(found, now), "again": bool(found.decision.facts_sealed)}


def _files(found: Referral, opened: art16.Notice) -> dict[str, Any]:
    """Returns what the page says of files for programs: whether there are any, of how many notices, which forms the partner takes."""
    if found.read_by_id is None or not notice_files.offers(opened):
        return {}
    gone = found.state == Referral.State.CORRECTED
    return {
        "here": not gone or found.sent_at is not None,
        "gone": gone,
        "all": len(notice_files.in_force(found)),
        "attached": " + ".join({"stix": "STIX 2.1", "misp": "MISP"}[form] for form in FORMS if form in found.partner.formats),
    }


def _download(file: File) -> HttpResponse:
    return HttpResponse(
        file.text,
        content_type=file.media,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"', "X-Content-Type-Options": "nosniff",
                 "Content-Security-Policy": "sandbox; default-src 'none'", "Cross-Origin-Resource-Policy": "same-origin"},
    )  # fmt: skip


PARTS = ("title", "how", "act")


@keyed("officer")
@never_cache
def write_card(request: DeskRequest, week: str, code: str) -> HttpResponse:
    """Writes a warning from a case: how it goes and what to do, in both languages, naming nobody."""
    case, said = case_of(request, code), ""
    if request.method == "POST":
        parts = {name: {lang: request.POST.get(f"{name}.{lang}", "") for lang in ("en", "zh")} for name in PARTS}
        try:
            cards.write_card(case, parts, by=request.user, at=request.now, log=log_of(request))
            return redirect("reports:staff_cards", week=week)
        except Refused as refused:
            said = refusal(refused)
    names = {"title": _("Title"), "how": _("How it goes"), "act": _("What to do")}
    rows = [
        {
            "name": name,
            "said": names[name],
            "most": cards.MOST[name],
            "en": request.POST.get(f"{name}.en", ""),
            "zh": request.POST.get(f"{name}.zh", ""),
        }
        for name in PARTS
    ]
    return desk_page(
        request, "reports/desk_card.html", {"case": case, "rows": rows, "said": said}, nav="cards", status=422 if said else 200
    )


@keyed("officer")
@never_cache
def every_card(request: DeskRequest, week: str) -> HttpResponse:
    """Shows the warnings: those that wait for a second reader, and those that everybody can read."""
    said = ""
    if request.method == "POST":
        found = get_object_or_404(Card, pk=number(request.POST, "which"))
        act = cards.publish_card if request.POST.get("do") == "publish" else cards.withdraw_card
        try:
            act(found, by=request.user, at=request.now, log=log_of(request))
            return redirect("reports:staff_cards", week=week)
        except Refused as refused:
            said = refusal(refused)
    rows = [
        {
            "row": one,
            "title": in_words(one.title),
            "how": in_words(one.how),
            "act": in_words(one.act),
            "own": one.written_by_id == request.user.pk,
            "both": one,
        }
        for one in Card.objects.select_related("case", "written_by", "read_by").order_by("-pk")[:100]
    ]
    return desk_page(request, "reports/desk_cards.html", {"rows": rows, "said": said}, nav="cards", status=422 if said else 200)
