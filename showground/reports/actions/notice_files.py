"""What an officer takes out of a notice for programs of a CERT or a partner: signs that two persons have read, never unnoticed."""

from __future__ import annotations

from django.db import transaction

from showground.interchange.notices import files, share
from showground.interchange.notices.art16 import Notice
from showground.interchange.notices.files import File
from showground.reports.actions.correct import gone_at
from showground.reports.actions.note import note
from showground.reports.actions.refer import check_places, held, open_notice
from showground.reports.models import Referral
from showground.reports.queries import figures
from showground.reports.queries.keys import Unlocked
from showground.rules.refused import Refused

SCOPES = ("notice", "case")


@transaction.atomic
def hand_out(referral: Referral, form: str, scope: str, *, who: Unlocked, at: int, log: str) -> File:
    """The notice, or all that two persons have read in its case, as a file in the form; that it was taken out is noted.

    After a correction it is the file that takes back what went out. Refuses a notice that nobody else has read (`referral.state`), a
    decision that does not hold, hosts that are a partner's own, everything new while figures are overdue (`referral.figures`), and
    what has no signs (`notice.no_signs`).
    """
    if scope not in SCOPES:
        raise Refused("notice.form")
    referral = held(referral, who)
    taken = gone_at(referral) if scope == "notice" else None
    if taken is None and figures.referrals_stop(at):
        raise Refused("referral.figures")
    notices = [open_notice(one, who) for one in ([_readable(referral)] if scope == "notice" else in_force(referral))]
    if taken is None:
        for one in notices:
            check_places(one["places"])
    file = files.made(share.of(notices, scope=scope, gone_at=taken), form)
    note("referral", referral.pk, "handed_out", role="officer", at=at, log=log, facts={"form": form, "scope": scope})
    return file


def _readable(referral: Referral) -> Referral:
    if referral.read_by_id is None:
        raise Refused("referral.state", now=referral.state)
    if referral.sent_at is None and referral.state == Referral.State.CORRECTED:
        raise Refused("referral.decision")
    if referral.decision.replaced_by_id is not None and gone_at(referral) is None:
        raise Refused("referral.decision")
    return referral


def in_force(referral: Referral) -> list[Referral]:
    """Returns the notices of the same case that two persons have read and that stand."""
    same = Referral.objects.filter(decision__case=referral.decision.case_id, decision__replaced_by=None, read_by__isnull=False)
    return list(same.exclude(state=Referral.State.CORRECTED).select_related("decision").order_by("pk"))


def offers(notice: Notice) -> bool:
    """Tells whether a notice has signs that may be passed on at all."""
    return share.of([notice]) is not None
