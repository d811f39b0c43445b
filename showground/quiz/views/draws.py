"""The draw's page before and after, checking a receipt, claiming a prize, and the door through which the notary's seed comes in."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from showground.people.actions import allow, network_of
from showground.quiz.actions import claim as claims
from showground.quiz.actions.draw import take_notary_seed
from showground.quiz.forms.visitor import CheckForm, ContactForm, SecretForm
from showground.quiz.models import Claim, Draw
from showground.quiz.queries import draws as queries
from showground.quiz.queries.draws import Fate, Standing
from showground.quiz.views.here import from_here
from showground.rules import draws as rule
from showground.rules import records
from showground.rules.refused import Refused
from showground.tlog import proof
from showground.tlog.malformed import Malformed
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks import queries as weeks

MOST = 100_000


def _draw(request: HttpRequest, code: str) -> Draw:
    draw = queries.draw_or_404(request.week, code)
    draw.quiz.week = request.week
    return draw


def _named(standing: Standing) -> dict[str, Any]:
    """The picks with the names of their prizes."""
    names = {prize["prize"]: prize["said"] for prize in queries.prize_rows(standing.rules)}

    def rows(picks: list[queries.Pick]) -> list[dict[str, Any]]:
        return [{**vars(pick), "said": names.get(pick.prize, "")} for pick in picks]

    return {"winners": rows(standing.winners), "alternates": rows(standing.alternates)}


def _context(request: HttpRequest, draw: Draw) -> dict[str, Any]:
    standing = queries.standing(draw)
    rules = standing.rules
    return {
        "nav": "quiz",
        "draw": draw,
        "quiz": draw.quiz,
        "name": weeks.said(draw.quiz.name),
        "rules": rules,
        "stage": standing.stage,
        "s": standing,
        "now": request.now,
        "rules_sha256": records.commitment(rules),
        "promotion": queries.rule_rows(rules),
        "prizes": queries.prize_rows(rules),
        "organiser": weeks.said(rules["organiser"]),
        "eligibility": weeks.said(rules["eligibility"]),
        "beacon": rule.named_beacon(rules),
        "spoken": rule.beacon_value(standing.beacon.record if standing.beacon else None),
        "chance_at": queries.chance_time(rules),
        "parties": pgettext("between hosts", ", ").join(_party(party) for party in rules["draw"]["parties"]),
        "struck_rows": sorted(standing.struck.items()),
        "seeds": [{"party": _party(step.record["party"]), "step": step} for step in standing.opened],
        "seals": [{"party": _party(step.record["party"]), "step": step} for step in standing.commits],
        "check_form": CheckForm(),
        "left": max(0, queries.chance_time(rules) - request.now),
        **_named(standing),
    }


def _party(word: str) -> str:
    return {"notary": _("the notary"), "organiser": _("the organiser")}.get(word, word)


@never_cache
@require_safe
@gzip_page
def show(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows the draw: before, its rules and its time; afterwards winners, and in five steps how chance was made."""
    return page(request, "quiz/draw.html", _context(request, _draw(request, code)))


@never_cache
@require_safe
@gzip_page
def pool(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Sends the frozen list of tickets as the bytes whose hash stands in the log."""
    _, state = queries.states(_draw(request, code))
    if state is None or state.frozen is None:
        return redirect("quiz:draw", week, code)
    return HttpResponse(rule.pool(state.tickets), content_type="text/plain; charset=utf-8")


# ---- check my receipt ----


@never_cache
@from_here
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Says what became of an entry, by its number, the receipt's secret or the receipt's file."""
    draw = _draw(request, code)
    context = _context(request, draw)
    sent = request.POST if request.method == "POST" else {"entry": request.GET.get("entry", "")}
    if request.method != "POST" and not sent["entry"]:
        return page(request, "quiz/check.html", context)
    form = CheckForm(sent, request.FILES)
    context["check_form"] = form
    try:
        fate = _asked(request, draw, form)
    except Refused as refused:
        form.add_error(None, refusal(refused))
        return page(request, "quiz/check.html", context, status=422)
    return page(request, "quiz/check.html", context | {"fate": fate, "prize": queries.prize_of(draw.quiz.rules, fate.prize)})


def _asked(request: HttpRequest, draw: Draw, form: CheckForm) -> Fate:
    if not form.is_valid():
        raise Refused("receipt.unknown")
    if file := form.cleaned_data["file"]:
        return queries.fate(draw, _entry_in(file.read(MOST), draw))
    words = form.cleaned_data["entry"].replace(",", "").strip().lstrip("#")
    if words.isascii() and words.isdigit() and len(words) < 16:
        return queries.fate(draw, int(words))
    allow("quiz.secret", network_of(request.META["REMOTE_ADDR"]), most=300, per=600, at=request.now)
    sitting = queries.entry_of_secret(draw, words) if words else None
    if sitting is None:
        raise Refused("receipt.unknown")
    entry = sitting.minute.index if sitting.minute else None
    return Fate("coming") if entry is None else queries.fate(draw, entry)


def _entry_in(data: bytes, draw: Draw) -> int:
    """The entry number in a receipt's file that is of this draw's quiz."""
    try:
        receipt = proof.parse(data)
        leaf = records.parse(receipt.extra or b"")["leaf"]
        if (leaf["type"], leaf["quiz"], leaf["log"]) != ("quiz.attempt", draw.quiz.code, draw.quiz.week.origin):
            raise Refused("receipt.unknown")
    except (Malformed, Refused, KeyError, TypeError):
        raise Refused("receipt.unknown")
    return receipt.index


# ---- claiming ----


def _claim_page(
    request: HttpRequest, draw: Draw, *, form: SecretForm | None = None, claim: Claim | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    prize = queries.prize_of(draw.quiz.rules, claim.prize) if claim else {}
    context = _context(request, draw) | {
        "form": form or SecretForm(),
        "claim": claim,
        "prize": prize,
        "prize_name": weeks.said(prize.get("name", "")),
        "voucher": bool(claim and getattr(claim, "voucher", None) and claim.voucher.shown_at is None),
        "shown_at": claim.voucher.shown_at if claim and getattr(claim, "voucher", None) else None,
        **more,
    }
    return page(request, "quiz/claim.html", context, status=status)


@never_cache
@from_here
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Takes the receipt's secret: shows how far the claim is, takes how to reach the winner, shows a voucher once."""
    draw = _draw(request, code)
    if request.method != "POST":
        return _claim_page(request, draw)
    form: SecretForm = ContactForm(request.POST) if request.POST.get("do") == "claim" else SecretForm(request.POST)
    try:
        allow("quiz.secret", network_of(request.META["REMOTE_ADDR"]), most=300, per=600, at=request.now)
        found = claims.of_secret(draw, request.POST.get("secret", ""))
    except Refused as refused:
        form = SecretForm(request.POST)
        form.add_error(None, refusal(refused))
        return _claim_page(request, draw, form=form, status=422)
    return _with_claim(request, draw, found, form)


def _with_claim(request: HttpRequest, draw: Draw, found: Claim, form: SecretForm) -> HttpResponse:
    secret, do = request.POST["secret"], request.POST.get("do", "")
    try:
        if do == "claim" and form.is_valid():
            told = {name: form.cleaned_data[name] for name in ("name", "reach", "address", "guardian")}
            claims.claim_prize(draw, secret=secret, contact=told, at=request.now)
        elif do == "claim":
            return _claim_page(request, draw, form=form, claim=found, secret=secret, contact_form=form, status=422)
        elif do == "voucher":
            code = claims.show_voucher(draw, secret=secret, at=request.now)
            return _claim_page(request, draw, claim=claims.of_secret(draw, secret), secret=secret, code=code)
    except Refused as refused:
        found = claims.of_secret(draw, secret)
        return _claim_page(request, draw, claim=found, secret=secret, said=refusal(refused), status=422)
    found = claims.of_secret(draw, secret)
    return _claim_page(request, draw, claim=found, secret=secret, contact_form=ContactForm(initial={"secret": secret}))


# ---- the notary's program ----


@csrf_exempt  # No session is used: a seed proves itself by its signature and its commitment.
@require_POST
def take_seed(request: HttpRequest, week: str) -> HttpResponse:
    """Takes the notary's seal of a seed, and later its opening."""
    try:
        told = json.loads(request.read(10_000))
        if not isinstance(told, dict):
            raise ValueError
        done = take_notary_seed(weeks.week_or_404(week), told, at=request.now)
    except ValueError:
        return JsonResponse({"error": "draw.seed_shape"}, status=422)
    except Refused as refused:
        return JsonResponse(
            {"error": refused.code, "said": refusal(refused)}, status=409 if refused.code == "draw.gate_shut" else 422
        )
    return JsonResponse({"done": done})
