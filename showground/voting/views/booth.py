"""The booth: the paper of the scope that is open, marked and cast; the same page with and without JavaScript."""

from __future__ import annotations

import base64
import secrets
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.entries.queries import by_codes, public_entries
from showground.intake.client import DoorAway
from showground.ledger.queries import door
from showground.people.forms import AddressForm, CodeForm
from showground.rules.refused import Refused
from showground.ui import typeset
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.voting import queries
from showground.voting.forms import BallotForm
from showground.voting.views.papers import counted, paper_of, with_paper
from showground.voting.views.words import words
from showground.weeks import queries as weeks

AWAY = Refused("door.away")


def carry(request: HttpRequest) -> str:
    """Returns what the visitor came with, the work to add and the order, for the address of the next step."""
    kept = {name: request.GET[name] for name in ("add", "o") if name in request.GET}
    return f"?{urlencode(kept)}" if kept else ""


def _until(request: HttpRequest) -> str:
    """When the scope that is open now ends, in words: the next local midnight, or the close of the vote."""
    end = queries.scope_ends(request.week, request.now)
    return _("midnight") if end < request.week.vote_closes else typeset.when(end)


def _order(request: HttpRequest) -> int:
    """The order in which the paper lists the works: the visitor's own, or one that changes by the minute."""
    asked = queries.asked_order(request.GET.get("o", ""))
    return queries.some_order(request.now) if asked is None else asked


def _places(request: HttpRequest, works: list[queries.Pick], groups: int) -> list[queries.Pick | None]:
    """The places of the ballot bar: the works marked, then the free ones as None."""
    limit = request.week.document["rule"]["limit"]
    most = limit["works"] * (groups if limit["per"] == "category" else 1)
    return [*works, *[None] * max(0, most - len(works))]


def _marked_paper(request: HttpRequest, counted: dict[str, Any], chosen: list[str] | None) -> dict[str, Any]:
    """What the marked paper shows; the work that the visitor came to add is marked if there is room for it."""
    week, add = request.week, request.GET.get("add", "")
    marked = list(chosen if chosen is not None else counted.get("choices", []))
    full = bool(add) and add not in marked and not queries.room_left(week, marked, add)
    groups = queries.paper_groups(week, marked=marked if full or not add else [*marked, add], order=_order(request))
    on = [cell.work for group in groups for cell in group.cells if cell.work.on]
    places, said = _places(request, on, len(groups)), words(week.document["rule"]["limit"])
    return {
        "groups": groups,
        "slots": places,
        "words": said,
        "used_text": said["used"].format(used=len(on), most=len(places)),
        "state_text": "" if counted.get("index") is None or sorted(w.code for w in on) != counted["choices"] else said["same"],
        "add": "" if full else add,
        "too_full": said["full"] if full else "",
        "salt": base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode(),
    }


def _around(request: HttpRequest) -> dict[str, Any]:
    """What the booth says with and without a paper: the rule, the hours, the work that the visitor came to add."""
    week, rule = request.week, request.week.document["rule"]
    adding = by_codes(week, [request.GET.get("add", "")])
    return {
        "nav": "vote",
        "phase": weeks.phase(week, request.now),
        "limit": rule["limit"],
        "daily": rule["scope"] == "day",
        "sealed": rule["seal"] == "sealed",
        "calendar": week,
        "origin": week.origin,
        "until_text": _until(request),
        "carry": carry(request),
        "add_work": next((queries.pick(week, entry) for entry in adding.values()), None),
        "code_sent": "vote_nonce" in request.session,
    }


def show_booth(
    request: HttpRequest,
    *,
    said: str = "",
    chosen: list[str] | None = None,
    overtaken: list[str] | None = None,
    address_form: AddressForm | None = None,
    code_form: CodeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Returns the booth: the paper with the works `chosen` (else the counted ones), or the way to one; `said` is what went wrong."""
    issued, mine, trouble, away = None, None, said, False
    try:
        mine, issued = counted(request)
    except DoorAway:
        away, trouble, status = True, trouble or refusal(AWAY), 503
    except Refused as refused:
        trouble = trouble or refusal(refused)
    context = _around(request)
    has_paper = context["phase"] == "vote" and (mine is not None or (away and bool(paper_of(request))))
    context |= {
        "paper": has_paper,
        "counted": mine or {},
        "said": trouble,
        "address_form": address_form or AddressForm(),
        "code_form": code_form or CodeForm(),
        "overtaken": None if overtaken is None else _titles(request, overtaken),
    }
    if has_paper:
        context |= _marked_paper(request, mine or {}, chosen)
    response = page(request, "voting/booth.html", context, status=status if context["phase"] == "vote" or not away else 200)
    return with_paper(request, response, issued) if issued else response


def _titles(request: HttpRequest, codes: list[str]) -> list[str]:
    return [queries.pick(request.week, entry).title for entry in by_codes(request.week, codes).values()]


@never_cache
@require_safe
def booth(request: HttpRequest, week: str) -> HttpResponse:
    """Shows the voter's paper for the scope that is open, or asks for an address."""
    return show_booth(request)


@require_POST
def cast_form(request: HttpRequest, week: str) -> HttpResponse:
    """Casts the ballot of a page without JavaScript and shows the receipt."""
    listed = [entry.code for entry in public_entries(request.week)]
    form = BallotForm(request.POST, codes=listed)
    chosen = request.POST.getlist("choice")
    if not form.is_valid():
        unknown = next((c for c in chosen if c not in listed), "")
        refused = Refused("ballot.choice_unknown", entry=unknown) if unknown else Refused("ballot.shape")
        return show_booth(request, said=refusal(refused), chosen=[c for c in chosen if c in listed], status=422)
    ballot = {"log": request.week.origin, "choices": form.cleaned_data["choice"], "salt": form.cleaned_data["salt"]}
    if form.cleaned_data["replaces"] is not None:
        ballot["replaces"] = form.cleaned_data["replaces"]
    try:
        if not paper_of(request):
            raise Refused("paper.missing")
        answer = door().cast(paper_of(request), ballot)
    except Refused as refused:
        if refused.code == "ballot.overtaken":
            other = list(refused.facts.get("counted", {}).get("choices", []))
            return show_booth(request, said=refusal(refused), chosen=chosen, overtaken=other, status=409)
        return show_booth(request, said=refusal(refused), chosen=chosen, status=422)
    except DoorAway:
        return show_booth(request, said=refusal(AWAY), chosen=chosen, status=503)
    return redirect("voting:receipt", week=week, index=answer["index"])
