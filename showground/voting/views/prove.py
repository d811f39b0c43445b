"""Who may vote: an address, the code that proves it, and the paper it brings."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from showground.intake.client import DoorAway
from showground.people.actions import prove_address, send_code
from showground.people.forms import AddressForm, CodeForm
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.voting.actions.issue import issue_paper, subject_of
from showground.voting.views.booth import AWAY, carry, show_booth
from showground.voting.views.papers import subjects, with_paper
from showground.weeks import queries as weeks


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(reverse("voting:booth", args=[request.week.code]) + carry(request))


@require_POST
def ask_code(request: HttpRequest, week: str) -> HttpResponse:
    """Sends a voter the code that proves an address."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return show_booth(request, address_form=form, status=422)
    try:
        request.session["vote_nonce"] = send_code(
            form.cleaned_data["email"],
            purpose=f"vote:{request.week.code}",
            letter="voting/letters/vote_code.txt",
            context={"week_name": weeks.said(request.week.document["name"])},
            language=request.LANGUAGE_CODE,
            network=request.META["REMOTE_ADDR"],
            at=request.now,
        )
    except Refused as refused:
        form.add_error(None, refusal(refused))
        return show_booth(request, address_form=form, status=422)
    return _back(request)


@require_POST
def prove(request: HttpRequest, week: str) -> HttpResponse:
    """Takes the code: the session keeps a keyed hash of the address, the browser gets its paper."""
    form = CodeForm(request.POST)
    nonce = request.session.get("vote_nonce", "")
    if not form.is_valid():
        return show_booth(request, code_form=form, status=422)
    try:
        address = prove_address(nonce, form.cleaned_data["code"], purpose=f"vote:{request.week.code}", at=request.now)
        subject = subject_of(request.week, address)
        request.session["voter"] = {**subjects(request), request.week.origin: subject}
        request.session.pop("vote_nonce", None)
        issued = issue_paper(request.week, subject=subject)
    except Refused as refused:
        if refused.code.startswith("people."):
            form.add_error("code", refusal(refused))
            if refused.code in {"people.code_expired", "people.code_spent"}:
                request.session.pop("vote_nonce", None)
            return show_booth(request, code_form=form, status=422)
        return show_booth(request, said=refusal(refused), status=422)
    except DoorAway:
        return show_booth(request, said=refusal(AWAY), status=503)
    return with_paper(request, _back(request), issued)


@require_POST
def another_code(request: HttpRequest, week: str) -> HttpResponse:
    """Forgets the code that was sent, so that another address can be typed."""
    request.session.pop("vote_nonce", None)
    return _back(request)
