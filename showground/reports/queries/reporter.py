"""What a reporter sees: whom to call first, and with the code what became of the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from showground.reports.models import Appeal, Case, Channel, Clock, Decision, IdentityAccess, Message, Referral, Report
from showground.reports.queries import clocks, proofs
from showground.reports.queries.reading import Held
from showground.rules.harms import BY_CODE
from showground.vault import boxes
from showground.weeks.queries import said

NUMBERS = ("110",)  # where the directory names none: the police in China
EXITS = {"en": "https://www.bing.com/search?q=weather", "zh-hans": "https://www.baidu.com/s?wd=%E5%A4%A9%E6%B0%94"}


@dataclass(frozen=True)
class Call:
    """A number to call, and who answers."""

    number: str
    name: str


def emergency() -> list[Call]:
    """Returns the emergency numbers of the directory of channels, at least one."""
    rows = Channel.objects.filter(kind="emergency")
    found = [Call(str(row.reach.get("phone", "")), said(row.name)) for row in rows if row.reach.get("phone")]
    return found or [Call(number, "") for number in NUMBERS]


def hotlines(category: str) -> list[Channel]:
    """Returns the hotlines for one kind of harm, in the directory's order."""
    rows = [row for row in Channel.objects.filter(kind="hotline") if category in row.categories]
    for row in rows:
        row.said_name, row.said_about = said(row.name), said(row.about)  # type: ignore[attr-defined]
        row.phone, row.url = str(row.reach.get("phone", "")), str(row.reach.get("url", ""))  # type: ignore[attr-defined]
    return rows


def exit_to(language: str) -> str:
    """Returns where the quick way out leads: the directory's row of kind "exit", else a page about the weather."""
    row = Channel.objects.filter(kind="exit").first()
    told = row.reach.get("url") if row else None
    return str(said(told) if told else EXITS.get(language, EXITS["en"]))


# ---- what became of it ----

_REPORT = {
    "received": n_("It has arrived. Nobody has read it yet."),
    "screened": n_("It has been read. Somebody will take it up."),
    "clustered": n_("It has been read and belongs to a case."),
    "rejected_spam": n_("It was taken for junk. If that is wrong, say so below: a person will look again."),
    "out_of_scope": n_("This is not ours to decide. Below we say where to go with it."),
    "withdrawn": n_("You took it back. Nobody works on it any more."),
}
_CASE = {
    "new": n_("It has been read and belongs to a case."),
    "triaged": n_("The case has its officer. Work on it begins."),
    "assessing": n_("An officer is working on it."),
    "awaiting_reporter": n_("The officer has a question for you."),
    "decided": n_("It is decided."),
    "closed": n_("The case is closed."),
}
_OUTCOME = {
    "refer": n_("We passed it on to those who can act, without your name."),
    "warn_public": n_("We warn everybody of it, without naming you."),
    "act_here": n_("It was on this site, and we acted on it here."),
    "lawful_no_action": n_("It is lawful, even if it hurts. We took no action."),
    "insufficient": n_("What we know is not enough to act on."),
    "not_our_remit": n_("It is not ours to decide."),
    "duplicate_of": n_("Others told us of the same thing; it is decided there."),
    "unfounded": n_("We found no sign that it is so."),
}
_REFERRAL = {
    "sent": n_("told %(kind)s; no answer yet"),
    "acknowledged": n_("%(kind)s has it and is looking at it"),
    "need_more": n_("%(kind)s asked us for more"),
    "acted": n_("%(kind)s acted on it"),
    "partly": n_("%(kind)s acted on a part of it"),
    "refused": n_("%(kind)s will not act"),
    "no_answer": n_("%(kind)s does not answer; we asked again"),
    "already_gone": n_("when %(kind)s looked, it was gone"),
    "relapsed": n_("it came back; we told %(kind)s again"),
    "corrected": n_("we corrected what we had told %(kind)s"),
}
_KIND = {
    "platform": n_("the platform"),
    "registrar": n_("the seller of the web address"),
    "registry": n_("the keeper of the address list"),
    "host": n_("the web host"),
    "telco": n_("the phone company"),
    "cert": n_("the computer emergency team"),
    "hotline": n_("the hotline"),
    "police": n_("the police"),
    "bank": n_("the bank"),
}
_APPEAL = {
    "": n_("You appealed. Somebody who did not decide is looking at it."),
    "upheld": n_("Somebody else looked again and came to the same decision."),
    "partly_reversed": n_("Somebody else looked again and changed a part of the decision."),
    "reversed": n_("Somebody else looked again and turned the decision round."),
    "omitted": n_("The appeal ended without a decision; the reason stands in the messages."),
}
_OPENING = {
    None: n_("somebody asked; the second person has not answered"),
    True: n_("the second person agreed"),
    False: n_("the second person said no; nobody saw it"),
}


@dataclass(frozen=True)
class Said:
    """A message of the thread, open."""

    mine: bool
    words: str
    at: int


@dataclass
class Status:
    """Everything the page of one report shows its reporter."""

    report: Report
    state: str
    due: int | None
    paused: bool
    outcome: str = ""
    decided_at: int | None = None
    reasons: list[str] = field(default_factory=list)
    steps: list[tuple[str, int | None]] = field(default_factory=list)
    appeal: str = ""
    may_appeal_until: int | None = None
    thread: list[Said] = field(default_factory=list)
    openings: list[tuple[str, int, int | None]] = field(default_factory=list)
    unseen_openings: list[int] = field(default_factory=list)
    proof: str = "waiting"  # "waiting": its batch is not witnessed yet; "ready"
    files: int = 0

    @property
    def headline(self) -> str:
        """What the page says first: the outcome once it is decided, until then how far it is."""
        case = self.report.case
        over = case is not None and case.state in {Case.State.DECIDED, Case.State.CLOSED}
        return self.outcome if self.outcome and over and self.report.state == Report.State.CLUSTERED else self.state

    @property
    def takes_files(self) -> bool:
        """True while its reporter may add files: not where a child may be in them, not after it was taken back or erased."""
        gone = self.report.erased_at is not None or self.report.state == Report.State.WITHDRAWN
        return BY_CODE[self.report.category].uploads and not gone


def status(held: Held, *, at: int, window: int) -> Status:
    """Returns what became of a report; `window` is for how many seconds after a decision its reporter may appeal."""
    report = held.report
    due, paused = _deadline(report)
    found = Status(report, _state(report), due, paused, files=report.evidence.filter(kind="file").count())
    there = _decided(found, report.case, at=at, window=window)
    found.thread = [one for one in thread(held) if one.mine or (one.at, one.words.strip()) not in there]
    _openings(found, report)
    if proofs.filing_proof(report) is not None:
        found.proof = "ready"
    return found


def thread(held: Held) -> list[Said]:
    """Returns the messages both ways, oldest first, open."""
    return [
        Said(
            row.way == Message.Way.TO_DESK,
            boxes.unseal(held.lock, bytes(row.sealed), f"message.{row.way}").decode(),
            row.at,
        )
        for row in held.report.messages.all()
    ]


def _state(report: Report) -> str:
    if report.state == Report.State.CLUSTERED and report.case is not None:
        return _(_CASE[report.case.state])
    return _(_REPORT[report.state])


def _deadline(report: Report) -> tuple[int | None, bool]:
    """When the next clock of this report or its case runs out, and whether one stands still until its reporter answers.

    The clock of a case began with its first report: what is promised to a later one counts from its own coming, and so tells nobody
    when another person reported the same thing.
    """
    if report.state == Report.State.WITHDRAWN:
        return None, False
    running = Clock.objects.filter(met_at=None)
    rows = [(row.due_at, row.paused_at) for row in running.filter(thing="report", thing_id=report.pk)]
    if report.case_id is not None:
        least = report.received_at + clocks.DECISION
        rows += [(max(row.due_at, least), row.paused_at) for row in running.filter(thing="case", thing_id=report.case_id)]
    return min((due for due, _paused_at in rows), default=None), any(paused_at is not None for _due, paused_at in rows)


def _decided(found: Status, case: Case | None, *, at: int, window: int) -> set[tuple[int, str]]:
    """Fills in the decision that holds; returns what stands there and came as a message too: (when, its words)."""
    decision = case.decisions.filter(replaced_by=None).last() if case else None
    if decision is None:
        return set()
    found.outcome, found.decided_at = _(_OUTCOME[decision.outcome]), decision.decided_at
    found.reasons = _reasons(decision, get_language() or found.report.language)
    for referral in Referral.objects.filter(decision__case=case).select_related("partner").order_by("pk"):
        if referral.state in _REFERRAL:
            words = _(_REFERRAL[referral.state]) % {"kind": _(_KIND[referral.partner.kind])}
            found.steps.append(
                (words[:1].upper() + words[1:] + pgettext("end of values", "."), referral.answered_at or referral.sent_at)
            )
    appeal = Appeal.objects.filter(decision__case=case, by="reporter", report=found.report).order_by("pk").last()
    if appeal is not None:
        found.appeal = _(_APPEAL[appeal.outcome])
    if (appeal is None or appeal.decision_id != decision.pk) and at <= decision.decided_at + window:
        found.may_appeal_until = decision.decided_at + window
    return {
        (decision.decided_at, row.words.strip()) for row in decision.reasons.all() if row.audience == "reporter" and found.reasons
    }


def _reasons(decision: Decision, language: str) -> list[str]:
    """The reasons written for the reporter, else the public ones; sealed ones come as messages of the thread."""
    rows = [row for row in decision.reasons.all() if row.words and row.audience in {"reporter", "public"}]
    own = [row for row in rows if row.audience == "reporter"] or rows
    right = [row for row in own if row.language[:2] == language[:2]] or own
    return [row.words for row in right[:1]]


def _openings(found: Status, report: Report) -> None:
    """Every time somebody asked for the reporter's identity, what became of it, and when it was read."""
    for row in IdentityAccess.objects.filter(identity__report=report).order_by("pk"):
        words = _(_OPENING[row.agreed])
        found.openings.append((words[:1].upper() + words[1:] + pgettext("end of values", "."), row.asked_at, row.opened_at))
        if row.shown_at is None:
            found.unseen_openings.append(row.pk)


def harm_takes(category: str) -> dict[str, Any]:
    """Returns what the field page of a kind of harm must know: advice first, files or not, who may complain."""
    harm = BY_CODE[category]
    return {"advice": harm.advice, "uploads": harm.uploads, "target_only": harm.target_only}
