"""The person whom a decision affects has letters: that there is a decision and where its reasons stand; that there is news of it.

A letter carries a link and no content: what was decided about whom stands on the page that only its code opens. RULE DSA 17, 20(5).
"""

from __future__ import annotations

from collections.abc import Iterator

from showground.reports.actions.appeal import WINDOW
from showground.reports.actions.note import note
from showground.reports.models import Appeal, Decision, Event
from showground.reports.queries import answers, here
from showground.reports.queries.operator import letter_number
from showground.ui import letters

ACT_HERE = Decision.Outcome.ACT_HERE


def tell_affected(*, at: int, log: str) -> int:
    """Whoever made what the desk acted on here has a letter for each decision and for each answer to an appeal; returns how many went.

    Nobody is told twice; a letter that could not be sent is tried again. That nobody is known (a guest book) is noted as well.
    """
    done = 0
    for kind, number, decision in _owed():
        done += _tell(kind, number, decision, at=at, log=log)
    return done


def _owed() -> Iterator[tuple[str, int, Decision]]:
    """Yields (decision or appeal, its number, the decision whose page has the answer) for every letter that is owed."""
    told = {
        kind: Event.objects.filter(thing=kind, verb__startswith="affected_").values("thing_id") for kind in ("decision", "appeal")
    }
    rows = Decision.objects.select_related("case")
    for decision in rows.filter(outcome=ACT_HERE, replaced_by=None).exclude(pk__in=told["decision"]):
        yield "decision", decision.pk, decision
    for fresh in rows.filter(replaces__outcome=ACT_HERE).exclude(outcome=ACT_HERE).exclude(pk__in=told["decision"]):
        yield "decision", fresh.pk, fresh.replaces
    stands = Appeal.objects.filter(by="affected", decided_at__isnull=False, decision__replaced_by=None, decision__outcome=ACT_HERE)
    for appeal in stands.exclude(pk__in=told["appeal"]).select_related("decision__case"):
        yield "appeal", appeal.pk, appeal.decision


def _tell(kind: str, number: int, decision: Decision, *, at: int, log: str) -> bool:
    thing = here.made(decision.case.work)
    if thing is None or thing.maker is None:
        note(kind, number, "affected_unknown", role="desk", at=at, log=log)
        return False
    news = kind == "appeal" or number != decision.pk
    context = {"url": answers.notice_url(decision, thing.week), "until": decision.decided_at + WINDOW, "news": news}
    try:
        letters.send(
            "reports/letters/affected.txt", to=thing.maker.email, context=context, language=thing.maker.language,
            headers={"Message-ID": letter_number("affected", kind, number)},
        )  # fmt: skip
    except OSError:
        return False
    note(kind, number, "affected_told", role="desk", at=at, log=log)
    return True
