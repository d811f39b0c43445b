"""What the last act on a case did, in a line on the page that follows: what is so now, what comes next, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_
from django.utils.translation import ngettext

from showground.reports.models import Case, Message, Proposal, Referral
from showground.reports.queries.case import case_or_none, shut_to
from showground.reports.staff.frame import DeskRequest
from showground.ui.templatetags.sentence import gap


@dataclass(frozen=True)
class Done:
    """A line: its words, the part of the page it stands in ("": at the top), whether the case is done with, what takes it back.

    `notice` is the row of a notice that the person may read next as its second reader, 0 without one.
    """

    said: str
    at: str = ""
    over: bool = False
    back: str = ""
    other: str = ""
    notice: int = 0


WORDS: dict[str, tuple[str, str]] = {
    "taken": (n_("The case is yours and in work. Its reports open to your own key from now on."), ""),
    "given": (n_("%(officer)s has the case now, with what was written so far."), ""),
    "given_back": (n_("The case waits in the queue again. What was written so far stays."), ""),
    "begun": (n_("The case is in work. Write down what you find under “Decision”."), ""),
    "went_on": (n_("The case goes on without the answer, and its clock runs again."), ""),
    "looked": (n_("The first look is met. The case is still to be taken and decided."), ""),
    "told": (n_("Sent. The reporter reads it with the code."), "thread"),
    "asked": (n_("Sent. The clock stands still until the answer, 14 days at most; then the case is back in your hands by itself."), "thread"),
    "noted": (n_("Kept. Officers of the desk read it, nobody else."), "notes"),
    "apart": (n_("Put apart, into a case of its own:"), "cluster"),
    "joined": (n_("%(other)s and this are one case now. Each report can be put apart again."), "cluster"),
    "dropped": (n_("Noted as not the same. It is not suggested again."), "cluster"),
    "extended": (n_("30 days from the first report. Every reporter of the case was told why."), "more"),
    "held": (n_("The hold stands: nothing of this case is destroyed until it ends."), "more"),
    "hold_end": (n_("Asked for. The hold stands until a second person agrees."), "more"),
    "still_held": (n_("The hold goes on standing."), "more"),
    "unheld": (n_("The hold is ended. What has had its time goes again by itself."), "more"),
    "body": (n_("Kept. Complaints of public bodies are counted and published."), "more"),
    "asked_deletion": (n_("Asked for. A second person must agree; then there are 15 days to object."), "more"),
    "reopened": (n_("The case is in your hands again, with a new clock. The old decision stands until another replaces it."), ""),
    "closed": (n_("Closed. Later reports of the same thing are taken in all the same."), ""),
    "saved": (n_("The draft is kept under lock. Nothing is decided."), "decision"),
    "begun_words": (n_("The usual words stand where nothing was written. Make them yours: they go out as they stand."), "reasons"),
    "proposed": (n_("It waits for its second reader. Until somebody agrees nothing has left the desk."), "decision"),
    "taken_back": (n_("It is a draft again. Nothing left the desk."), "decision"),
    "sent_back": (n_("Sent back with your words. %(officer)s writes again."), "decision"),
    "decided": ("", "decision"),
}  # fmt: skip
# A line is said only while it is so: a page that is loaded again later says nothing that has passed.
STATES = {
    "taken": "assessing", "begun": "assessing", "went_on": "assessing", "reopened": "assessing", "given_back": "new",
    "asked": "awaiting_reporter", "decided": "decided", "closed": "closed",
}  # fmt: skip
PROPOSALS = {"proposed": "proposed", "saved": "draft", "taken_back": "draft", "begun_words": "draft", "sent_back": "returned"}
OVER = frozenset({"given", "given_back", "asked", "closed", "proposed", "decided", "sent_back"})


def done(request: DeskRequest, case: Case) -> Done | None:
    """Returns the line about the act that the address names; None without one, and where it is not so (any more)."""
    code = request.GET.get("did", "")
    if code not in WORDS or not _is_so(code, case):
        return None
    sentence, at = WORDS[code]
    other = _other(request)
    facts: dict[str, Any] = {"officer": case.assignee or "–", "other": other.number if other else "–"}
    said = _decided(case) if code == "decided" else _(sentence) % facts
    back = _way_back(request, code, case, other)
    notice = _notice(request, case) if code == "decided" else 0
    return Done(said, at, code in OVER, back, other.number if other and code == "apart" else "", notice)


def _is_so(code: str, case: Case) -> bool:
    if code in PROPOSALS:
        return Proposal.objects.filter(case=case, state=PROPOSALS[code]).exists()
    return STATES.get(code, case.state) == case.state


def _other(request: DeskRequest) -> Case | None:
    found = case_or_none(request.GET.get("other", ""))
    return found if found is not None and not shut_to(found, request.user) else None


def _way_back(request: DeskRequest, code: str, case: Case, other: Case | None) -> str:
    """Returns what the button “Undo” does: rejoins what was put apart alone, or takes a proposal back."""
    if code == "apart" and other is not None and other.reports.count() == 1:
        return "merge"
    if code == "taken" and case.assignee_id == request.user.pk:
        return "give_back"
    waits = Proposal.objects.filter(case=case, by=request.user, state=Proposal.State.PROPOSED)
    return "take_back" if code == "proposed" and waits.exists() else ""


def _notice(request: DeskRequest, case: Case) -> int:
    """The first notice of the decision that waits for its reader; who wrote a notice does not read it."""
    drafted = Referral.objects.filter(decision__case=case, state=Referral.State.DRAFTED).exclude(drafted_by=request.user)
    first = drafted.order_by("pk").first()
    return first.pk if first else 0


def _decided(case: Case) -> str:
    """It holds: who was told, and what the desk still has to do."""
    last = case.decisions.order_by("pk").last()
    if last is None:
        return _("It holds.")
    told = Message.objects.filter(report__case=case, way=Message.Way.TO_REPORTER, at=last.second_at or last.decided_at)
    count = told.values("report").distinct().count()
    said = ngettext("It holds. %(count)d reporter can read why.", "It holds. %(count)d reporters can read why.", count)
    notices = last.referrals.filter(state="drafted").count()
    more = ngettext("%(count)d notice wants its reader.", "%(count)d notices want their reader.", notices) % {"count": notices}
    return said % {"count": count} + (gap() + more if notices else "")
