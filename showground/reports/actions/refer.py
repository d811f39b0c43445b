"""A notice goes to a partner: drafted, read by a second person, sent; answered as data. Corrections are in correct.py.

RULE reports 3.7, 3.9: never without a law, never to the owner of the place itself, never while figures are overdue.
"""

from __future__ import annotations

import json

from django.db import transaction
from nacl.public import PublicKey

from showground.evidence import links
from showground.interchange.notices import art16
from showground.people.models import Person
from showground.reports.actions import partner_mail
from showground.reports.actions.at_work import at_work
from showground.reports.actions.note import note
from showground.reports.actions.recuse import may
from showground.reports.models import Case, Clock, Decision, Partner, Referral
from showground.reports.queries import answers, figures
from showground.reports.queries.keys import Unlocked, desk_key
from showground.reports.queries.operator import sender
from showground.rules.records import canonical, sha256_hex
from showground.rules.refused import Refused
from showground.ui import letters
from showground.vault import boxes

S = Referral.State
OPEN = frozenset({S.POSTING, S.SENT, S.ACKNOWLEDGED, S.NEED_MORE, S.NO_ANSWER, S.RELAPSED})
CHILD_KINDS = frozenset({Partner.Kind.HOTLINE, Partner.Kind.POLICE})
FIRST, SECOND = 48 * 3600, 7 * 86400  # reminders; after the second the state says that no answer came
MOST_ANSWER, MOST_REF = 4000, 80


@transaction.atomic
def draft_referral(
    decision: Decision, partner: Partner, *, explanation: str, places: list[str], ask: str, who: Unlocked, by: Person, at: int,
    log: str, original: str = "",
) -> Referral:  # fmt: skip
    """A notice to one partner is drafted and sealed to the desk; `by` wrote it, somebody else reads it before it is sent.

    Refuses: a decision that refers nothing (`referral.decision`) or cites no fitting law (`referral.law`), a place that is the
    partner's own and legitimate (`referral.legitimate`), a child's case to anybody but a hotline or the police.
    """
    case, law = decision.case, decision.legal_basis
    if decision.outcome != Decision.Outcome.REFER or decision.replaced_by_id is not None:
        raise Refused("referral.decision")
    if law is None or (law.categories and case.category not in law.categories):
        raise Refused("referral.law")
    if case.category == "child" and partner.kind not in CHILD_KINDS:
        raise Refused("decision.child_partner")
    check_places(places)
    notice = art16.build(
        case=case.number, category=case.category, at=at, explanation=explanation,
        law=art16.Law(law.jurisdiction, law.citation, law.url), places=places, ask=ask, evidence=_evidence(case), sender=sender(),
        original=original, several=_several(case),
    )  # fmt: skip
    lock, plain = boxes.new_lock(), canonical(notice)
    referral = Referral.objects.create(
        decision=decision,
        partner=partner,
        drafted_by=by,
        wrapped=boxes.wrap(lock, PublicKey(bytes(desk_key().public))),
        notice_sealed=boxes.seal(lock, plain, "referral.notice"),
        notice_sha256=sha256_hex(plain),
    )
    note("referral", referral.pk, "drafted", role="officer", at=at, log=log, facts={"partner": partner.code})
    return referral


def _evidence(case: Case) -> list[str]:
    """SHA-256 of each report of the case as it was sealed; of a child's case none, so that nothing can be looked up by it."""
    if case.category == "child":
        return []
    return [str(value) for value in case.reports.exclude(report_sha256="").values_list("report_sha256", flat=True)]


def _several(case: Case) -> bool:
    """Tells whether the case's reports came on more than one day or by more than one channel: so much is hard to make up alone."""
    rows = case.reports.values_list("channel", "received_at")
    return len({channel for channel, _ in rows}) > 1 or len({at // 86400 for _, at in rows}) > 1


def check_places(places: list[str]) -> None:
    """Refuses a notice that names no exact place or too many (`notice.places`), or one that is on some partner's list of true hosts."""
    if not 0 < len([place for place in places if place.strip()]) <= art16.MOST_PLACES:
        raise Refused("notice.places", most=art16.MOST_PLACES)
    known = {str(host).lower().strip(".") for hosts in Partner.objects.values_list("legitimate_hosts", flat=True) for host in hosts}
    for place in places:
        host = _host(place)
        labels = host.split(".")
        own = {".".join(labels[at:]) for at in range(len(labels))} & known
        if own:
            raise Refused("referral.legitimate", host=min(own))


def _host(place: str) -> str:
    """Returns the host of a place as a browser finds it: two readings of one address would be a way around the list."""
    return str(links.read(place, via="header")["ascii"]).strip(".")


def open_notice(referral: Referral, who: Unlocked) -> art16.Notice:
    """Returns the notice as it was drafted; refuses one that is destroyed (`referral.erased`), and (`vault.shut`) without the key."""
    if not referral.wrapped:
        raise Refused("referral.erased")
    return dict(json.loads(boxes.unseal(_lock(referral, who), bytes(referral.notice_sealed), "referral.notice")))


def _lock(referral: Referral, who: Unlocked) -> bytes:
    if who.desk is None:
        raise Refused("vault.shut", purpose="referral")
    return boxes.unwrap(bytes(referral.wrapped), who.desk)


@transaction.atomic
def read_referral(referral: Referral, *, who: Unlocked, at: int, log: str) -> Referral:
    """A second person has read the notice and it may go out. Refuses the one who wrote it, and whoever stays out of the case."""
    referral = held(referral, who)
    if referral.state != S.DRAFTED:
        raise Refused("referral.state", now=referral.state)
    if referral.drafted_by_id == who.holder.person_id:
        raise Refused("decision.same_person")
    open_notice(referral, who)
    referral.state, referral.read_by = S.SECOND_READ, who.holder.person
    referral.save(update_fields=["state", "read_by"])
    note("referral", referral.pk, "second_read", role="officer", at=at, log=log)
    return referral


def held(referral: Referral, who: Unlocked) -> Referral:
    """Returns the notice as it is now, for this transaction alone, to an officer who works here still and has to do with its case."""
    at_work(who.holder.person)
    found = _now(referral)
    may(found.decision.case, who.holder.person)
    return found


def _now(referral: Referral) -> Referral:
    return Referral.objects.select_for_update().get(pk=referral.pk)


# ---- the letter: what is known is written before it goes and after, never while it goes ----


def send_referral(referral: Referral, *, who: Unlocked, week: str, at: int, log: str) -> Referral:
    """The notice is with the partner: words in both languages, exact data attached, and a link that takes the answer.

    `week` is the code under which the partner's page stands. Refuses one not read by two (`referral.state`), a decision that no
    longer holds, hosts that became legitimate since, every notice while figures are overdue (`referral.figures`); mail that is away
    (`referral.mail_away`), then nothing has changed; and mail that does not say (`referral.mail_unsure`), then it is `posting`.
    """
    return _post(referral, S.SECOND_READ, who=who, week=week, at=at, log=log)


def post_again(referral: Referral, *, who: Unlocked, week: str, at: int, log: str) -> Referral:
    """A notice of which nobody knows whether it left is with the partner: the same letter under the same number.

    Refuses what `send_referral` refuses.
    """
    return _post(referral, S.POSTING, who=who, week=week, at=at, log=log)


def _post(referral: Referral, now_in: str, *, who: Unlocked, week: str, at: int, log: str) -> Referral:
    may(referral.decision.case, who.holder.person)
    notice = open_notice(referral, who)
    letter = partner_mail.notice(referral, notice, week)  # whatever is wrong with it shows before anything is written
    _begin(referral, now_in, notice["places"], who=who, at=at, log=log)
    try:
        letters.post(letter)
    except letters.Away:
        if _is_here(referral):
            raise Refused("referral.mail_away")
        raise Refused("referral.mail_unsure")
    except letters.Unsure:
        raise Refused("referral.mail_unsure")
    return _left(referral, at=at, log=log)


@transaction.atomic
def _begin(referral: Referral, now_in: str, places: list[str], *, who: Unlocked, at: int, log: str) -> None:
    referral = held(referral, who)
    if figures.referrals_stop(at):
        raise Refused("referral.figures")
    if referral.state != now_in or referral.read_by_id is None:
        raise Refused("referral.state", now=referral.state)
    law = referral.decision.legal_basis
    if referral.decision.replaced_by_id is not None or law is None or (law.valid_to is not None and law.valid_to <= at):
        raise Refused("referral.decision")
    check_places(places)
    referral.token_sha256, referral.state = answers.stored(answers.token_of(referral)), S.POSTING
    referral.posting_at, referral.posts = at, referral.posts + 1
    referral.save(update_fields=["token_sha256", "state", "posting_at", "posts"])
    if referral.posts > 1:
        note("referral", referral.pk, "posted_again", role="officer", at=at, log=log, facts={"turn": referral.posts})


def _is_here(referral: Referral) -> bool:
    """The notice did not leave and waits as before; False if it was posted more than once: another time it may have left."""
    once = Referral.objects.filter(pk=referral.pk, state=S.POSTING, posts=1)
    return bool(once.update(state=S.SECOND_READ, posts=0, posting_at=None, token_sha256=None))


@transaction.atomic
def _left(referral: Referral, *, at: int, log: str) -> Referral:
    referral = _now(referral)
    if referral.state == S.POSTING:
        _sent(referral, at=at, log=log)
    return referral


def _sent(referral: Referral, *, at: int, log: str) -> None:
    """The letter is with the partner: whoever learns it first writes it down, once."""
    referral.state, referral.sent_at, referral.posting_at, referral.link_until = S.SENT, at, None, at + answers.LINK
    referral.save(update_fields=["state", "sent_at", "posting_at", "link_until"])
    Clock.objects.create(thing="referral", thing_id=referral.pk, kind="answer", started_at=at, due_at=at + SECOND)
    note("referral", referral.pk, "sent", role="officer", at=at, log=log, facts={"sha256": referral.notice_sha256})


# ---- what the partner says ----

CHOICES: dict[str, str] = {
    "received": S.ACKNOWLEDGED, "need_more": S.NEED_MORE, "acted": S.ACTED, "partly": S.PARTLY, "refused": S.REFUSED,
    "already_gone": S.ALREADY_GONE,
}  # fmt: skip
FINAL = frozenset({S.ACTED, S.PARTLY, S.REFUSED, S.ALREADY_GONE})
NEEDS_WORDS = frozenset({"need_more", "refused", "partly"})


@transaction.atomic
def answer_referral(token: str, choice: str, *, words: str, reference: str, at: int, log: str) -> Referral:
    """The partner's answer is kept as data: what it did, its own number, and its words sealed to the desk.

    The link is good until one final answer. Refuses an unknown link (`referral.link`), a second final answer, an unknown choice,
    and silence where a reason is wanted.
    """
    found = Referral.objects.select_for_update().filter(token_sha256=answers.stored(token)).first()
    if found is None:
        raise Refused("referral.link")
    if found.state not in OPEN:
        raise Refused("referral.answered")
    if answers.over(found, at):
        raise Refused("referral.link_over", mail=sender().mail)
    if choice not in CHOICES:
        raise Refused("referral.choice")
    words = words.strip()
    if choice in NEEDS_WORDS and not words:
        raise Refused("referral.reason")
    if len(words) > MOST_ANSWER or len(reference) > MOST_REF:
        raise Refused("report.too_long", most=MOST_ANSWER, length=len(words))
    if found.state == S.POSTING:  # who answers has the letter
        _sent(found, at=found.posting_at or at, log=log)
    found.state, found.answered_at, found.link_until = CHOICES[choice], at, at + answers.LINK
    found.partner_ref = reference.strip() or found.partner_ref
    found.answer_sealed = answers.added(found, {"at": at, "choice": choice, "words": words, "reference": reference.strip()})
    found.closed_at = at if found.state in FINAL else None
    found.save(update_fields=["state", "answered_at", "link_until", "partner_ref", "answer_sealed", "closed_at"])
    Clock.objects.filter(thing="referral", thing_id=found.pk, met_at=None).update(met_at=at)
    note("referral", found.pk, "answered", role="partner", at=at, log=log, facts={"answer": choice})
    return found


@transaction.atomic
def relapse(referral: Referral, *, who: Unlocked, at: int, log: str) -> Referral:
    """What was gone is back: the link takes answers again, and the partner is asked anew; not while figures are overdue."""
    referral = held(referral, who)
    if figures.referrals_stop(at):
        raise Refused("referral.figures")
    if referral.state not in {S.ACTED, S.PARTLY, S.ALREADY_GONE}:
        raise Refused("referral.state", now=referral.state)
    referral.state, referral.closed_at, referral.reminded, referral.link_until = S.RELAPSED, None, 0, at + answers.LINK
    referral.token_sha256 = answers.stored(answers.token_of(referral))
    referral.save(update_fields=["state", "closed_at", "reminded", "link_until", "token_sha256"])
    note("referral", referral.pk, "relapsed", role="officer", at=at, log=log)
    return referral


def remind(*, at: int, log: str, week: str) -> int:
    """Partners who have not said a word are asked again after 48 hours and after 7 days; then the state says so. Returns how many.

    None while figures are overdue: what is asked again is asked.
    """
    done = 0
    if figures.referrals_stop(at):
        return done
    waiting = Referral.objects.filter(state__in=[S.SENT, S.RELAPSED], reminded__lt=2, sent_at__lte=at - FIRST)
    for referral in waiting.select_related("partner", "decision__case"):
        turn = 2 if (referral.sent_at or at) <= at - SECOND else 1
        if turn <= referral.reminded or answers.over(referral, at):
            continue
        since = referral.answered_at or referral.sent_at  # what came back after an answer is another matter, another letter
        context = {"reply": answers.reply_url(referral, week)}
        letter = partner_mail.in_words("reports/letters/reminder.txt", referral, context, what=f"reminder {turn} of {since}")
        if partner_mail.went(letter):
            done += _reminded(referral, turn, at=at, log=log)
    return done


@transaction.atomic
def _reminded(referral: Referral, turn: int, *, at: int, log: str) -> bool:
    """Notes it; nothing if the partner answered while the letter went."""
    state = S.NO_ANSWER if turn == 2 else referral.state
    still = Referral.objects.filter(pk=referral.pk, state=referral.state, reminded=referral.reminded)
    if not still.update(reminded=turn, state=state, link_until=at + answers.LINK):
        return False
    note("referral", referral.pk, "reminded", role="desk", at=at, log=log, facts={"turn": turn})
    return True
