"""The booth: prove an address, get a paper, mark it, cast it, keep the receipt."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from showground.entries.queries import by_codes, public_entries
from showground.intake.client import Door, DoorAway
from showground.ledger.queries import covering, receipt, record_at
from showground.people.actions import prove_address, send_code
from showground.people.forms import AddressForm, CodeForm
from showground.rules import records
from showground.rules.refused import Refused
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.voting import queries
from showground.voting.actions.issue import issue_paper, subject_of
from showground.voting.forms import BallotForm
from showground.weeks import queries as weeks

AWAY = Refused("door.away")


def _paper(request: HttpRequest) -> str:
    return request.COOKIES.get(queries.cookie_name(request.week), "")


def _subjects(request: HttpRequest) -> dict[str, str]:
    return dict(request.session.get("voter", {}))


def _with_paper(request: HttpRequest, response: HttpResponse, issued: dict[str, Any]) -> HttpResponse:
    response.set_cookie(
        queries.cookie_name(request.week),
        issued["paper"],
        max_age=max(60, int(issued["expires"]) - request.now),
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )
    return response


def _fresh_paper(request: HttpRequest) -> dict[str, Any] | None:
    """A paper for the scope that is open now, if this session has proven an address for this week."""
    subject = _subjects(request).get(request.week.origin)
    return issue_paper(request.week, subject=subject) if subject else None


def _counted(request: HttpRequest) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The voter's counted ballot by the paper in the cookie, or by a fresh one; (None, None) without either."""
    paper = _paper(request)
    if paper:
        try:
            return queries.counted(request.week, paper), None
        except Refused as refused:
            if not refused.code.startswith("paper."):
                raise
    issued = _fresh_paper(request)
    return (queries.counted(request.week, issued["paper"]), issued) if issued else (None, None)


def _booth(
    request: HttpRequest, *, said: str = "", chosen: list[str] | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    issued, counted, trouble = None, None, said
    try:
        counted, issued = _counted(request)
    except DoorAway:
        trouble, status = trouble or refusal(AWAY), 503
    except Refused as refused:
        trouble = trouble or refusal(refused)
    works = list(public_entries(request.week))
    marked = chosen if chosen is not None else list((counted or {}).get("choices", []))
    if add := request.GET.get("add"):
        marked = [*marked, add] if add not in marked else marked
    rule = request.week.document["rule"]
    response = page(
        request,
        "voting/booth.html",
        {
            "nav": "vote",
            "works": works,
            "categories": request.week.document["categories"],
            "counted": counted,
            "marked": marked,
            "limit": rule["limit"],
            "daily": rule["scope"] == "day",
            "sealed": rule["seal"] == "sealed",
            "salt": base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode(),
            "said": trouble,
            "phase": weeks.phase(request.week, request.now),
            "calendar": request.week,
            "origin": request.week.origin,
            "address_form": more.get("address_form") or AddressForm(),
            "code_form": more.get("code_form") or CodeForm(),
            "code_sent": "vote_nonce" in request.session,
        },
        status=status,
    )
    return _with_paper(request, response, issued) if issued else response


@never_cache
@require_GET
def booth(request: HttpRequest, week: str) -> HttpResponse:
    """Shows the voter's paper for the scope that is open, or asks for an address."""
    return _booth(request)


@require_POST
def ask_code(request: HttpRequest, week: str) -> HttpResponse:
    """Sends a voter the code that proves an address."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _booth(request, address_form=form, status=422)
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
        return _booth(request, address_form=form, status=422)
    return redirect("voting:booth", week=week)


@require_POST
def prove(request: HttpRequest, week: str) -> HttpResponse:
    """Takes the code: the session keeps a keyed hash of the address, the browser gets its paper."""
    form = CodeForm(request.POST)
    nonce = request.session.get("vote_nonce", "")
    if not form.is_valid():
        return _booth(request, code_form=form, status=422)
    try:
        address = prove_address(nonce, form.cleaned_data["code"], purpose=f"vote:{request.week.code}", at=request.now)
        subject = subject_of(request.week, address)
        request.session["voter"] = {**_subjects(request), request.week.origin: subject}
        request.session.pop("vote_nonce", None)
        issued = issue_paper(request.week, subject=subject)
    except Refused as refused:
        if refused.code.startswith("people."):
            form.add_error("code", refusal(refused))
            if refused.code in {"people.code_expired", "people.code_spent"}:
                request.session.pop("vote_nonce", None)
            return _booth(request, code_form=form, status=422)
        return _booth(request, said=refusal(refused), status=422)
    except DoorAway:
        return _booth(request, said=refusal(AWAY), status=503)
    return _with_paper(request, redirect("voting:booth", week=week), issued)


@require_POST
def another_code(request: HttpRequest, week: str) -> HttpResponse:
    """Forgets the code that was sent, so that another address can be typed."""
    request.session.pop("vote_nonce", None)
    return redirect("voting:booth", week=week)


@require_POST
def cast_form(request: HttpRequest, week: str) -> HttpResponse:
    """Casts the ballot of a page without JavaScript and shows the receipt."""
    listed = [entry.code for entry in public_entries(request.week)]
    form = BallotForm(request.POST, codes=listed)
    chosen = request.POST.getlist("choice")
    if not form.is_valid():
        unknown = next((c for c in chosen if c not in listed), "")
        refused = Refused("ballot.choice_unknown", entry=unknown) if unknown else Refused("ballot.shape")
        return _booth(request, said=refusal(refused), chosen=[c for c in chosen if c in listed], status=422)
    ballot = {"log": request.week.origin, "choices": form.cleaned_data["choice"], "salt": form.cleaned_data["salt"]}
    if form.cleaned_data["replaces"] is not None:
        ballot["replaces"] = form.cleaned_data["replaces"]
    try:
        if not _paper(request):
            raise Refused("paper.missing")
        answer = Door(settings.DOOR_PRIVATE).cast(_paper(request), ballot)
    except Refused as refused:
        return _booth(request, said=refusal(refused), chosen=chosen, status=409 if refused.code == "ballot.overtaken" else 422)
    except DoorAway:
        return _booth(request, said=refusal(AWAY), chosen=chosen, status=503)
    return redirect("voting:receipt", week=week, index=answer["index"])


def _mine(request: HttpRequest, index: int) -> dict[str, Any]:
    """The voter's own cast behind the record at `index`, if this browser's paper shows it; else nothing."""
    try:
        counted, _ = _counted(request)
    except (DoorAway, Refused):
        return {}
    return counted if counted and counted.get("index") == index else {}


@never_cache
@require_GET
def show_receipt(request: HttpRequest, week: str, index: int) -> HttpResponse:
    """Shows what is known of the ballot at `index`: recorded, witnessed, counted; its choices only to the one who cast it."""
    mine = _mine(request, index)
    record = record_at(request.week.origin, index)
    entry_text = mine.get("entry") or (records.canonical(record).decode() if record else "")
    shown = by_codes(request.week, list(mine.get("choices", [])))
    return page(
        request,
        "voting/receipt.html",
        {
            "nav": "vote",
            "index": index,
            "mine": mine,
            "works": [shown[c] for c in mine.get("choices", []) if c in shown],
            "published": record is not None,
            "is_ballot": record is None or record["type"] == "ballot.cast",
            "record": record,
            "leaf_hash": records.sha256_hex(b"\x00" + entry_text.encode()) if entry_text else "",
            "head": covering(request.week.origin, index),
            "calendar": request.week,
        },
        status=200 if mine or record else 404,
    )


@never_cache
@require_GET
def receipt_file(request: HttpRequest, week: str, index: int) -> HttpResponse:
    """Sends the receipt as a .tlog-proof file: complete once the notary's signature covers it."""
    mine = _mine(request, index)
    record = record_at(request.week.origin, index)
    if record is None or record["type"] != "ballot.cast":
        return page(request, "voting/receipt_not_yet.html", {"index": index}, status=404)
    extra: dict[str, Any] = {"leaf": record}
    if mine.get("opening"):
        extra["opening"] = mine["opening"]
    proof = receipt(request.week.origin, index, records.canonical(extra))
    if proof is None:
        return page(request, "voting/receipt_not_yet.html", {"index": index}, status=404)
    response = HttpResponse(proof.data, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ballot-{index}.tlog-proof"'
    return response
