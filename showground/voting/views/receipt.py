"""Receipts: what is known of a ballot, and the file that proves it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from showground.entries.queries import by_codes
from showground.intake.client import DoorAway
from showground.ledger.queries import covering, receipt, record_at
from showground.rules import records
from showground.rules.refused import Refused
from showground.tlog.merkle import leaf_hash
from showground.ui import typeset
from showground.ui.pages import page
from showground.ui.typeset import in_groups, number
from showground.voting import queries
from showground.voting.views.papers import paper_of
from showground.weeks import queries as weeks


def _mine(request: HttpRequest, index: int, record: dict[str, Any] | None) -> dict[str, Any]:
    """The voter's own cast behind the record at `index`, if this browser's paper shows it; else nothing.

    The opening is believed only if it fits the published record.
    """
    try:
        told = queries.own_cast(request.week, paper_of(request)) if paper_of(request) else {}
    except (DoorAway, Refused):
        return {}
    if told.get("index") != index:
        return {}
    fits = record is None or "opening" not in told or records.commitment(told["opening"]) == record.get("commit")
    return told if fits else {}


def _lights(request: HttpRequest, index: int, *, published: bool, head: Any) -> dict[str, Any]:
    """The three lights of a ballot in words."""
    notary = weeks.said(request.week.document["notary"])
    recorded = _("It stands as record %(index)s. It cannot be taken out without everyone noticing.") % {"index": number(index)}
    coming = _("It is accepted and will stand as record %(index)s within seconds.") % {"index": number(index)}
    signed = _("%(notary)s has not signed it yet. That comes within a minute.") % {"notary": notary}
    if head is not None and head.witnessed_at is not None:
        facts = {"notary": notary, "time": typeset.when(head.witnessed_at), "size": number(head.size)}
        signed = _("%(notary)s signed the first %(size)s records on %(time)s; yours is among them.") % facts
    return {
        "recorded": {"said": recorded if published else coming},
        "witnessed": {"said": signed, "root": head.root} if head else {"said": signed, "off": True},
        "counted": _counted_light(request, index),
    }


def _counted_light(request: HttpRequest, index: int) -> dict[str, Any]:
    fate = queries.fate(request.week, index)
    if fate == "counted":
        return {"said": _("It was opened and counted by the rule that was fixed before the vote.")}
    if fate == "replaced":
        later = queries.replaced_by(request.week, index)
        said = _("Its voter cast again: record %(index)s took its place. Only the last ballot counts.")
        plain = _("Its voter cast again; only the last ballot counts.")
        return {"word": _("Replaced"), "said": said % {"index": number(later)} if later is not None else plain}
    if fate:
        return {"word": _("Not counted"), "said": _("The rule does not let it count (%(reason)s).") % {"reason": fate}}
    opens = typeset.when(request.week.jury_closes)
    said = _("All ballots are opened together when the jury’s time is up, on %(time)s. This page then says how yours was counted.")
    return {"off": True, "said": said % {"time": opens}}


@never_cache
@require_safe
def show_receipt(request: HttpRequest, week: str, index: int) -> HttpResponse:
    """Shows what is known of the ballot at `index`: recorded, witnessed, counted; its choices only to the one who cast it."""
    record = record_at(request.week.origin, index)
    is_ballot = record is None or record["type"] == "ballot.cast"
    mine = _mine(request, index, record)
    choices = mine.get("choices", (record or {}).get("choices"))
    shown = by_codes(request.week, choices or [])
    entry = records.canonical(record) if record else mine.get("entry", "").encode()
    leaf = leaf_hash(entry).hex() if entry else ""
    head = covering(request.week.origin, index) if record else None
    address = settings.SITE_URL + reverse("voting:receipt", args=[request.week.code, index])
    known = bool(record or mine)
    return page(
        request,
        "voting/receipt.html",
        {
            "nav": "vote",
            "index": index,
            "own": bool(mine),
            "known": known,
            "is_ballot": is_ballot,
            "works": [queries.pick(request.week, shown[code]) for code in choices or [] if code in shown],
            "opening": "opening" in mine,
            "leaf_parts": in_groups(leaf),
            "qr_text": f"{address}#{leaf}" if leaf else address,
            "lights": _lights(request, index, published=bool(record), head=head) if known and is_ballot else {},
            "head": head,
            "phase": weeks.phase(request.week, request.now),
        },
        part="_standing.html",
        status=200 if known else 404,
    )


@never_cache
@require_safe
def receipt_file(request: HttpRequest, week: str, index: int) -> HttpResponse:
    """Sends the receipt as a .tlog-proof file: complete once the notary's signature covers it."""
    record = record_at(request.week.origin, index)
    if record is None or record["type"] != "ballot.cast":
        return page(request, "voting/receipt_not_yet.html", {"index": index}, status=404)
    extra: dict[str, Any] = {"leaf": record}
    if opening := _mine(request, index, record).get("opening"):
        extra["opening"] = opening
    proof = receipt(request.week.origin, index, records.canonical(extra))
    if proof is None:
        return page(request, "voting/receipt_not_yet.html", {"index": index}, status=404)
    response = HttpResponse(proof.data, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ballot-{index}.tlog-proof"'
    return response
