"""The link by which a partner answers: good for 90 days after the last word, renewed by an officer, recalled at once."""

from __future__ import annotations

from django.db import transaction

from showground.reports.actions import partner_mail
from showground.reports.actions.note import note
from showground.reports.actions.refer import OPEN, S, held
from showground.reports.models import Referral
from showground.reports.queries import answers
from showground.reports.queries.keys import Unlocked
from showground.rules.refused import Refused
from showground.ui import letters


@transaction.atomic
def recall_link(referral: Referral, *, who: Unlocked, at: int, log: str) -> Referral:
    """The link takes no answer any more and never will again; the next one is another. Refuses a notice with no open link."""
    referral = _open_notice(referral, who)
    if answers.over(referral, at):
        raise Refused("referral.state", now=referral.state)
    referral.link_turn, referral.link_until = referral.link_turn + 1, at
    referral.save(update_fields=["link_turn", "link_until"])
    note("referral", referral.pk, "link_recalled", role="officer", at=at, log=log)
    return referral


def renew_link(referral: Referral, *, who: Unlocked, week: str, at: int, log: str) -> Referral:
    """The link is good for another 90 days, a new one if it was recalled, and the partner has it by letter.

    Refuses a notice that has its answer or is not sent (`referral.state`), a case whose content is destroyed (`referral.erased`);
    and mail that is away or does not say (`referral.mail_later`): then the link is good all the same.
    """
    referral = _renewed(referral, who=who, at=at, log=log)
    context = {"reply": answers.reply_url(referral, week), "until": referral.link_until}
    try:
        letters.post(partner_mail.in_words("reports/letters/link.txt", referral, context, what=f"link {referral.link_until}"))
    except OSError:
        raise Refused("referral.mail_later")
    return referral


@transaction.atomic
def _renewed(referral: Referral, *, who: Unlocked, at: int, log: str) -> Referral:
    referral = _open_notice(referral, who)
    if not referral.decision.facts_sealed:
        raise Refused("referral.erased")
    referral.token_sha256, referral.link_until = answers.stored(answers.token_of(referral)), at + answers.LINK
    referral.save(update_fields=["token_sha256", "link_until"])
    note("referral", referral.pk, "link_renewed", role="officer", at=at, log=log)
    return referral


def _open_notice(referral: Referral, who: Unlocked) -> Referral:
    referral = held(referral, who)
    if referral.state not in OPEN - {S.POSTING}:
        raise Refused("referral.state", now=referral.state)
    return referral
