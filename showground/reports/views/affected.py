"""The page of the person whom a decision affects: what was decided, by which law, why, and a way to have it looked at again."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from showground.reports.actions.appeal import WINDOW, appeal_affected
from showground.reports.forms.visitor import AppealForm
from showground.reports.models import Appeal, Decision
from showground.reports.queries import answers, figure_words, harms, here
from showground.reports.views.quiet import quiet
from showground.reports.views.report import log_of
from showground.rules.refused import Refused
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks.middleware import WeekRequest
from showground.weeks.queries import said


@quiet
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: WeekRequest, week: str, code: str) -> HttpResponse:
    """Shows the reasons under a code, and takes the appeal; a code that is none answers 404 in the same words as any other."""
    try:
        decision = answers.by_code(code)
    except Refused as refused:
        return page(request, "reports/notice.html", {"gone": refusal(refused)}, status=404)
    if request.method != "POST":
        return _page(request, decision, AppealForm())
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _page(request, decision, form, status=422)
    try:
        appeal_affected(code, form.cleaned_data["grounds"], at=request.now, log=log_of(request))
    except Refused as refused:
        return _page(request, decision, form, said_no=refusal(refused), status=422)
    return _page(request, decision, AppealForm(), done=True)


def _page(
    request: WeekRequest, decision: Decision, form: AppealForm, *, said_no: str = "", done: bool = False, status: int = 200
) -> HttpResponse:
    basis, appeal = decision.legal_basis, Appeal.objects.filter(decision=decision, by="affected").first()
    until = decision.decided_at + WINDOW
    context = {
        "thing": here.made(decision.case.work),
        "decision": decision,
        "outcome": _(figure_words.WORDS[decision.outcome]),
        "kind": harms.shown(decision.case.category).name,
        "law": said(basis.citation) if basis else "",
        "jurisdiction": basis.jurisdiction if basis else "",
        "law_url": basis.url if basis else "",
        "reasons": _reasons(decision, request.LANGUAGE_CODE),
        "appeal": appeal,
        "appeal_said": _(figure_words.WORDS[appeal.outcome]) if appeal and appeal.outcome else "",
        "appeal_words": _in(request.LANGUAGE_CODE, appeal.words) if appeal else "",
        "after": _after(decision, request.LANGUAGE_CODE),
        "may": appeal is None and decision.replaced_by_id is None and request.now <= until,
        "until": until,
        "form": form,
        "said": said_no,
        "done": done,
    }
    return page(request, "reports/notice.html", context, status=status)


def _in(language: str, words: dict[str, str]) -> str:
    """Returns what was written in the reader's language, else in the other."""
    return str(words.get("zh" if language.startswith("zh") else "en") or next(iter(words.values()), ""))


def _reasons(decision: Decision, language: str) -> str:
    rows = [row for row in decision.reasons.filter(audience="affected") if row.words]
    return next((row.words for row in rows if row.language[:2] == language[:2]), rows[0].words if rows else "")


def _after(decision: Decision, language: str) -> dict[str, str] | None:
    """The decision that holds instead, if another one does."""
    newest = decision
    while newest.replaced_by is not None:
        newest = newest.replaced_by
    if newest.pk == decision.pk:
        return None
    return {"outcome": _(figure_words.WORDS[newest.outcome]), "reasons": _reasons(newest, language)}
