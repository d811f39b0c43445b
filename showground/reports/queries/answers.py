"""The links that partners and affected persons get, and the answers that came in through them.

A link's token is a keyed hash of what it opens, so that a reminder can carry it again; the database holds only its SHA-256. It opens
no report: who has a link can answer, or read the reasons, and nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import Any

from django.conf import settings
from django.urls import reverse
from nacl.public import PublicKey

from showground.people.actions import keyed
from showground.reports.models import Decision, Referral
from showground.reports.queries.keys import Unlocked, desk_key
from showground.rules.records import canonical
from showground.rules.refused import Refused
from showground.vault import boxes

LENGTH = 32
LINK = 90 * 86400  # how long a partner's link is good after the last word of either side


def token_of(referral: Referral) -> str:
    """Returns the token of a referral's reply link; one that was recalled has another."""
    turn = f"\n{referral.link_turn}" if referral.link_turn else ""
    return keyed("reports.referral", f"{referral.pk}\n{referral.notice_sha256}{turn}")[:LENGTH]


def link_ends(referral: Referral) -> int | None:
    """Returns when the reply link ends, None before there is one."""
    last = referral.answered_at or referral.sent_at
    return referral.link_until if referral.link_until is not None or last is None else last + LINK


def over(referral: Referral, at: int) -> bool:
    """True once the link takes no answer: its time is over, it was recalled, or what the desk wrote of the case is destroyed."""
    ends = link_ends(referral)
    return (ends is not None and at >= ends) or not referral.decision.facts_sealed


def stored(token: str) -> str:
    """Returns what the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def by_token(token: str) -> Referral:
    """Returns the referral that a link answers; refuses one that is none (`referral.link`)."""
    found = Referral.objects.select_related("partner", "decision__case").filter(token_sha256=stored(token)).first()
    if found is None:
        raise Refused("referral.link")
    return found


def reply_url(referral: Referral, week: str) -> str:
    """Returns the whole address of the partner's page."""
    return f"{settings.SITE_URL}{reverse('reports:answer', args=[week, token_of(referral)])}"


# ---- the affected person ----


PROOF = 24
_CODE = re.compile(rf"[0-9a-f]{{{PROOF + 16}}}|([1-9][0-9]{{0,11}})-[0-9a-f]{{{PROOF}}}")


def _proof(number: int) -> str:
    return keyed("reports.affected", str(number))[:PROOF]


def _mask(proof: str) -> int:
    return int(keyed("reports.affected.number", proof)[:16], 16)


def code_of(decision: Decision) -> str:
    """Returns the code under which the person whom a decision affects reads its reasons: 24 digits, and its number under a mask.

    Every partner has such a code in a notice: two of them tell nobody how many decisions lie between.
    """
    proof = _proof(decision.pk)
    return f"{proof}{decision.pk ^ _mask(proof):016x}"


def _named(code: str) -> tuple[int, str]:
    """The decision that a code names and the code it must be; letters of before carry another: the number in clear, then 24 digits."""
    told = _CODE.fullmatch(code)
    if told is None:
        return 0, ""
    number = int(told[1]) if told[1] else int(code[PROOF:], 16) ^ _mask(code[:PROOF])
    return (number if number < 2**63 else 0), f"{number}-{_proof(number)}" if told[1] else f"{_proof(number)}{code[PROOF:]}"


def by_code(code: str) -> Decision:
    """Returns the decision that a code opens; refuses any other code in the same words (`notice.code`)."""
    typed = code.strip().lower()
    number, right = _named(typed)
    found = None
    if right and hmac.compare_digest(right, typed):
        found = Decision.objects.select_related("case", "legal_basis", "replaced_by").filter(pk=number).first()
    if found is None:
        raise Refused("notice.code")
    return found


def notice_url(decision: Decision, week: str) -> str:
    """Returns the whole address of the page with a decision's reasons for the person it affects."""
    return f"{settings.SITE_URL}{reverse('reports:notice', args=[week, code_of(decision)])}"


# ---- answers, one sealed box after the other ----


def added(referral: Referral, answer: dict[str, Any]) -> bytes:
    """Returns the answers so far and one more, each sealed to the desk: the site cannot read what it took."""
    box = boxes.wrap(canonical(answer), PublicKey(bytes(desk_key().public)))
    return bytes(referral.answer_sealed) + len(box).to_bytes(4, "big") + box


def read(referral: Referral, who: Unlocked) -> list[dict[str, Any]]:
    """Returns the partner's answers {at, choice, words, reference}, oldest first; refuses (`vault.shut`) without the desk's key."""
    if who.desk is None:
        raise Refused("vault.shut", purpose="answer")
    found, rest = [], bytes(referral.answer_sealed)
    while rest:
        size = int.from_bytes(rest[:4], "big")
        found.append(json.loads(boxes.unwrap(rest[4 : 4 + size], who.desk)))
        rest = rest[4 + size :]
    return found
