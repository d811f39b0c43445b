"""The person whom a decision affects: told of it, given the reasons, heard on appeal by somebody else. RULE DSA 17, 20; reports 3.9."""

from __future__ import annotations

import smtplib

from django.db import transaction
from nacl.public import PublicKey

from showground.entries.queries import by_codes
from showground.people.models import Person
from showground.reports.actions.appeal import ANSWER_WITHIN, WINDOW
from showground.reports.actions.file import MOST_WORDS, one_form
from showground.reports.actions.note import note
from showground.reports.models import Appeal, Clock, Decision, Event
from showground.reports.queries import answers
from showground.reports.queries.keys import desk_key
from showground.rules.refused import Refused
from showground.ui import letters
from showground.vault import boxes
from showground.weeks.queries import weeks


@transaction.atomic
def appeal_affected(code: str, grounds: str, *, at: int, log: str) -> Appeal:
    """The appeal is lodged, its grounds sealed to the desk; somebody who did not decide hears it within 14 days.

    Refuses: an unknown code, a decision that no longer holds, later than six months, a second appeal, no grounds.
    """
    decision, text = answers.by_code(code), one_form(grounds).strip()
    Decision.objects.select_for_update().get(pk=decision.pk)
    if decision.replaced_by_id is not None:
        raise Refused("appeal.replaced")
    if at > decision.decided_at + WINDOW:
        raise Refused("appeal.late")
    if Appeal.objects.filter(decision=decision, by="affected").exists():
        raise Refused("appeal.twice")
    if not text or len(text) > MOST_WORDS:
        raise Refused("report.empty") if not text else Refused("report.too_long", most=MOST_WORDS, length=len(text))
    lock = boxes.new_lock()
    appeal = Appeal.objects.create(
        decision=decision,
        by="affected",
        wrapped=boxes.wrap(lock, PublicKey(bytes(desk_key().public))),
        grounds_sealed=boxes.seal(lock, text.encode(), "appeal.grounds"),
        lodged_at=at,
    )
    Clock.objects.create(thing="appeal", thing_id=appeal.pk, kind="decision", started_at=at, due_at=at + ANSWER_WITHIN)
    note("appeal", appeal.pk, "lodged", role="affected", at=at, log=log)
    return appeal


def tell_affected(*, at: int, log: str) -> int:
    """Whoever made a work that the desk acted on has a letter with the link to the reasons; returns how many letters went."""
    done = 0
    told = Event.objects.filter(thing="decision", verb="affected_told").values("thing_id")
    acts = Decision.objects.filter(outcome=Decision.Outcome.ACT_HERE, replaced_by=None).exclude(pk__in=told)
    for decision in acts.select_related("case"):
        found = _maker(decision.case.work)
        if found is None:
            continue
        maker, week = found
        context = {"url": answers.notice_url(decision, week), "until": decision.decided_at + WINDOW}
        try:
            letters.send("reports/letters/affected.txt", to=maker.email, context=context, language=maker.language)
        except (OSError, smtplib.SMTPException):
            continue
        note("decision", decision.pk, "affected_told", role="desk", at=at, log=log)
        done += 1
    return done


def _maker(work: str) -> tuple[Person, str] | None:
    """The person behind an entry of this site, and the code of its week."""
    for week in weeks() if work else []:
        entry = by_codes(week, [work]).get(work)
        if entry is not None:
            return entry.person, week.code
    return None
