"""A partner's page: one link, no account, one minute. It shows nothing of the report, only what the desk asked and may be told."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from showground.reports.actions.file import one_form
from showground.reports.actions.refer import MOST_ANSWER, MOST_REF, NEEDS_WORDS, OPEN, answer_referral
from showground.reports.models import Referral
from showground.reports.queries import answers
from showground.reports.queries.operator import sender
from showground.reports.views.quiet import quiet
from showground.reports.views.report import log_of
from showground.rules.refused import Refused
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks.middleware import WeekRequest
from showground.weeks.queries import said


def choices() -> list[tuple[str, str, str]]:
    """Returns what a partner can answer: (code, words, what follows)."""
    return [
        ("received", _("We have it and are looking at it"), _("The link stays open for your final answer.")),
        ("need_more", _("We need more"), _("Say below what is missing. The link stays open.")),
        ("acted", _("We acted on it"), _("What you did can stand below; it need not.")),
        ("partly", _("We acted on a part of it"), _("Say below on which part, and why not on the rest.")),
        (
            "refused",
            _("We will not act"),
            _("Say why. It is kept as your decision. Our figures count that you refused, not the reason."),
        ),
        ("already_gone", _("It was gone when we looked"), ""),
    ]


@quiet
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: WeekRequest, week: str, token: str) -> HttpResponse:
    """Takes a partner's answer; a link that is none answers 404, one that has ended 410, one that is spent shows what was answered."""
    try:
        referral = answers.by_token(token)
    except Refused as refused:
        return page(request, "reports/answer.html", {"gone": refusal(refused)}, status=404)
    if answers.over(referral, request.now):
        return page(request, "reports/answer.html", {"over": True, "mail": sender().mail}, status=410)
    if request.method != "POST":
        return _page(request, referral)
    given = {name: one_form(request.POST.get(name, "")) for name in ("choice", "words", "reference")}
    try:
        done = answer_referral(
            token, given["choice"], words=given["words"], reference=given["reference"], at=request.now, log=log_of(request)
        )
    except Refused as refused:
        return _page(request, referral, said_no=refusal(refused), given=given, status=422)
    return _page(request, done, done=True)


def _page(
    request: WeekRequest, referral: Referral, *, said_no: str = "", given: dict[str, str] | None = None, done: bool = False, status: int = 200
) -> HttpResponse:  # fmt: skip
    names = {state: words for state, words in _said_states()}
    context = {
        "referral": referral,
        "partner": said(referral.partner.name),
        "case": referral.decision.case.number,
        "open": referral.state in OPEN,
        "until": answers.link_ends(referral),
        "mail": sender().mail,
        "state": names.get(referral.state, ""),
        "choices": choices(),
        "needs": NEEDS_WORDS,
        "given": given or {},
        "digest": [referral.notice_sha256[at : at + 8] for at in range(0, 64, 8)],
        "said": said_no,
        "done": done,
        "most": MOST_ANSWER,
        "most_ref": MOST_REF,
    }
    return page(request, "reports/answer.html", context, status=status)


def _said_states() -> list[tuple[str, str]]:
    return [
        (Referral.State.ACKNOWLEDGED, _("You have it and are looking at it.")),
        (Referral.State.NEED_MORE, _("You asked for more.")),
        (Referral.State.ACTED, _("You acted on it.")),
        (Referral.State.PARTLY, _("You acted on a part of it.")),
        (Referral.State.REFUSED, _("You will not act.")),
        (Referral.State.ALREADY_GONE, _("It was gone when you looked.")),
        (Referral.State.CORRECTED, _("We have withdrawn this notice. Nothing is asked of you any more.")),
    ]
