"""An appeal is lodged, by who reported or by whom the decision affects: somebody who did not decide looks again. RULE DSA 20."""

from __future__ import annotations

from django.db import transaction
from nacl.public import PublicKey

from showground.reports.actions.file import MOST_WORDS, one_form
from showground.reports.actions.note import note
from showground.reports.models import Appeal, Clock, Decision, Report
from showground.reports.queries import answers
from showground.reports.queries.keys import desk_key
from showground.reports.queries.reading import Held
from showground.rules.refused import Refused
from showground.vault import boxes

WINDOW = 184 * 86400  # at least six months, RULE DSA 20(1)
ANSWER_WITHIN = 14 * 86400


def standing_decision(held: Held) -> Decision | None:
    """Returns the decision that holds for the report's case, None before there is one."""
    if held.report.case is None:
        return None
    return held.report.case.decisions.filter(replaced_by=None).last()


def lodge(held: Held, grounds: str, *, at: int, log: str) -> Appeal:
    """Who reported appeals; refuses (`appeal.no_decision`) before there is a decision, and what `_lodge` refuses."""
    decision = standing_decision(held)
    if decision is None:
        raise Refused("appeal.no_decision")
    return _lodge(decision, grounds, by="reporter", at=at, log=log, report=held.report)


def appeal_affected(code: str, grounds: str, *, at: int, log: str) -> Appeal:
    """Whom the decision affects appeals with the code of its reasons; refuses an unknown code, and what `_lodge` refuses."""
    return _lodge(answers.by_code(code), grounds, by="affected", at=at, log=log)


@transaction.atomic
def _lodge(decision: Decision, grounds: str, *, by: str, at: int, log: str, report: Report | None = None) -> Appeal:
    """The appeal is lodged, its grounds sealed to the desk; it is heard by a person who did not decide, within 14 days.

    Refuses: a decision that no longer holds, later than six months, a second appeal of the same person, no grounds, too many words.
    """
    decision, text = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk), one_form(grounds).strip()
    if decision.replaced_by_id is not None:
        raise Refused("appeal.replaced")
    if at > decision.decided_at + WINDOW:
        raise Refused("appeal.late")
    if Appeal.objects.filter(decision=decision, by=by, report=report).exists():
        raise Refused("appeal.twice")
    if not text or len(text) > MOST_WORDS:
        raise Refused("report.empty") if not text else Refused("report.too_long", most=MOST_WORDS, length=len(text))
    lock = boxes.new_lock()
    appeal = Appeal.objects.create(
        decision=decision,
        by=by,
        report=report,
        wrapped=boxes.wrap(lock, PublicKey(bytes(desk_key().public))),
        grounds_sealed=boxes.seal(lock, text.encode(), "appeal.grounds"),
        lodged_at=at,
    )
    Clock.objects.create(thing="appeal", thing_id=appeal.pk, kind="decision", started_at=at, due_at=at + ANSWER_WITHIN)
    note("appeal", appeal.pk, "lodged", role=by, at=at, log=log)
    return appeal
