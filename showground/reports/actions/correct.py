"""When a decision does not hold: every partner that was told of it is owed a correction, in words and for its programs.

The words go at once, by whoever comes first. What takes signs back for programs is made from the notice, so only an officer's key
can make it: it goes with the words where one is at hand, else from the notice's page.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q

from showground.interchange.notices import files, share, xarf
from showground.interchange.notices.files import File
from showground.reports.actions import partner_mail
from showground.reports.actions.note import note
from showground.reports.actions.recuse import may
from showground.reports.actions.refer import S, open_notice
from showground.reports.models import Decision, Event, Referral
from showground.reports.queries.keys import Unlocked
from showground.rules.harms import BY_CODE
from showground.rules.refused import Refused
from showground.ui import letters

LETTER = "reports/letters/correction.txt"


@transaction.atomic
def correct(decision: Decision, *, who: Unlocked, at: int, log: str) -> list[Referral]:
    """Every partner that was told of a decision which no longer holds is owed a correction; drafts go nowhere any more."""
    told = _correct(decision, role="officer", at=at, log=log)
    transaction.on_commit(partial(send_corrections, at=at, log=log, who=who, decision=decision))
    return told


def _correct(decision: Decision, *, role: str, at: int, log: str) -> list[Referral]:
    told = []
    for referral in Referral.objects.select_for_update().filter(decision=decision).exclude(state=S.CORRECTED):
        referral.sent_at = referral.sent_at or referral.posting_at  # it may have left: whoever may have it is told
        went = referral.sent_at is not None
        referral.state, referral.posting_at, referral.closed_at = S.CORRECTED, None, None if went else at
        referral.save(update_fields=["state", "posting_at", "sent_at", "closed_at"])
        note("referral", referral.pk, "corrected", role=role, at=at, log=log, facts={"sent": went})
        told += [referral] if went else []
    return told


@transaction.atomic
def correct_replaced(*, at: int, log: str) -> int:
    """Where a case was decided anew and nothing is referred any more, partners are owed a correction too; returns how many."""
    old = Decision.objects.filter(outcome=Decision.Outcome.REFER, replaced_by__isnull=False)
    done = 0
    for decision in old.exclude(referrals=None).filter(~Q(referrals__state=S.CORRECTED)).distinct():
        if decision.case.decisions.filter(replaced_by=None, outcome=Decision.Outcome.REFER).exists():
            continue
        done += len(_correct(decision, role="desk", at=at, log=log))
    return done


def send_corrections(*, at: int, log: str, who: Unlocked | None = None, decision: Decision | None = None) -> int:
    """Every correction that is owed (of one decision) has gone out, or waits for the next try; returns how many went."""
    owed = Referral.objects.filter(state=S.CORRECTED, closed_at=None).select_related("partner", "decision__case")
    done = 0
    for referral in owed if decision is None else owed.filter(decision=decision):
        beside, told = _taken_back(referral, who, at)
        if partner_mail.went(partner_mail.in_words(LETTER, referral, told, what="correction", beside=beside)):
            done += _sent(referral, _facts(beside, who), at=at, log=log)
    return done


@transaction.atomic
def _sent(referral: Referral, facts: dict[str, Any], *, at: int, log: str) -> bool:
    """Notes it once: whoever posts the same letter at the same moment notes nothing."""
    first = Referral.objects.filter(pk=referral.pk, closed_at=None).update(closed_at=at)
    if first:
        note("referral", referral.pk, "correction_sent", role="desk", at=at, log=log, facts=facts)
    return bool(first)


def _facts(beside: list[File], who: Unlocked | None) -> dict[str, Any]:
    return {"files": len(beside), "whole": who is not None and who.desk is not None}


def _taken_back(referral: Referral, who: Unlocked | None, at: int) -> tuple[list[File], dict[str, Any]]:
    """Returns the files that take back what the partner's programs got, and what the letter says of them.

    X-ARF knows no withdrawal (SPEC xarf-v4): sent again it would be a second report. The letter names the numbers of the reports.
    """
    told: dict[str, Any] = {"sha256": referral.notice_sha256, "files": [], "xarf": [], "later": False}
    if who is None or who.desk is None or not referral.wrapped:
        return [], {**told, "later": owes_files(referral)}
    opened = open_notice(referral, who)
    found = files.fitting(share.of([opened], gone_at=gone_at(referral) or at), referral.partner.formats)
    return found, {**told, "files": [file.name for file in found], "xarf": [one["report_id"] for one in xarf.reports(opened)]}


def owes_files(referral: Referral) -> bool:
    """True while a partner whose programs got files may have none that takes them back."""
    if referral.state != S.CORRECTED or referral.sent_at is None or not referral.wrapped or not _for_programs(referral):
        return False
    letters_gone = Event.objects.filter(thing="referral", thing_id=referral.pk, verb__in=["correction_sent", "taken_back"])
    return not any(facts.get("whole") for facts in letters_gone.values_list("facts", flat=True))


def _for_programs(referral: Referral) -> bool:
    harm = BY_CODE[referral.decision.case.category]
    return harm.code in share.HARMS and bool(set(share.FORMS) & set(referral.partner.formats))


def gone_at(referral: Referral) -> int | None:
    """Returns when the desk took back what it had sent, None while it stands or if it never went."""
    if referral.state != S.CORRECTED or referral.sent_at is None:
        return None
    steps = Event.objects.filter(thing="referral", thing_id=referral.pk, verb="corrected")
    return int(steps.values_list("at", flat=True).last() or referral.closed_at or referral.sent_at)


def take_back(referral: Referral, *, who: Unlocked, at: int, log: str) -> Referral:
    """The partner has the correction with the files that take back what its programs got.

    Refuses a notice that stands or never went (`referral.state`), and mail that is away or does not say (`referral.mail_later`).
    """
    may(referral.decision.case, who.holder.person)
    if gone_at(referral) is None:
        raise Refused("referral.state", now=referral.state)
    beside, told = _taken_back(referral, who, at)
    again = referral.closed_at is not None  # the words are with the partner: this is another letter
    try:
        letters.post(partner_mail.in_words(LETTER, referral, told, what="taken back" if again else "correction", beside=beside))
    except OSError:
        raise Refused("referral.mail_later")
    if not _sent(referral, _facts(beside, who), at=at, log=log):
        note("referral", referral.pk, "taken_back", role="officer", at=at, log=log, facts=_facts(beside, who))
    referral.refresh_from_db()
    return referral
