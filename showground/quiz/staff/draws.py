"""Entries to look at, the draw's steps, throws of the die, the claims desk."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.quiz.actions import claim as claims
from showground.quiz.actions.draw import take_beacon
from showground.quiz.actions.flag import answer_appeal, decide_flag
from showground.quiz.actions.throws import first_reading, read_throws
from showground.quiz.models import Claim, Draw, Flag
from showground.quiz.queries import compose as queries
from showground.quiz.queries.draws import Standing, draw_or_404, prize_of, standing, states
from showground.quiz.staff.frame import desk_page
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.queries import said
from showground.weeks.staff import only

# ---- entries to look at ----


@only("organiser")
@never_cache
@require_safe
def flags(request: HttpRequest, week: str) -> HttpResponse:
    """Shows the entries that a person must look at, with the facts."""
    return _flags(request)


def _flags(request: HttpRequest, wrong: str = "", number: int = 0) -> HttpResponse:
    rows = [_flag(flag, request) for flag in queries.flags(request.week)]
    context = {"rows": rows, "wrong": wrong, "number": number, "waiting": sum(row["may_decide"] for row in rows)}
    return desk_page(request, "quiz/desk_flags.html", context, nav="flags", status=422 if wrong else 200)


def _flag(flag: Flag, request: HttpRequest) -> dict[str, Any]:
    sitting = flag.sitting
    freezes = sitting.quiz.rules.get("freezes", sitting.quiz.closes)
    appealed = bool(flag.appeal) and flag.state == Flag.State.STRUCK and not flag.answer
    return {
        "flag": flag,
        "quiz": said(sitting.quiz.name) or sitting.quiz.code,
        "entry": sitting.minute.index if sitting.minute else None,
        "why": reason(flag),
        "freezes": freezes,
        "late": request.now >= freezes,
        "may_decide": flag.state == Flag.State.WAITING,
        "appealed": appealed,
        "own": flag.decided_by_id == request.user.pk,
    }


def reason(flag: Flag) -> str:
    """Returns in a sentence why an entry was flagged; facts, never a verdict."""
    facts = flag.facts
    if flag.reason_code == "too_fast":
        times = {"took": facts.get("took", 0), "floor": facts.get("floor", 0)}
        return _("Sent in after %(took)s seconds; reading the questions alone takes %(floor)s.") % times
    if flag.reason_code == "burst":
        return _("%(passes)s passes from one network within %(minutes)s minutes.") % {
            "passes": facts.get("passes", 0), "minutes": int(facts.get("seconds", 0)) // 60,
        }  # fmt: skip
    if flag.reason_code == "identical":
        return _("The same wrong answers as %(others)s others from the same network within an hour.") % {
            "others": facts.get("others", 0)
        }
    return flag.reason_code


def _flag_or_404(request: HttpRequest, number: int) -> Flag:
    found = Flag.objects.filter(pk=number, sitting__quiz__week=request.week).select_related("sitting__quiz").first()
    if found is None:
        raise Http404(str(number))
    return found


@only("organiser")
@require_POST
def decide(request: HttpRequest, week: str, number: int) -> HttpResponse:
    """Decides on a flagged entry, or on the appeal against a strike, which another person answers."""
    flag, verb, words = _flag_or_404(request, number), request.POST.get("do", ""), request.POST.get("reason", "")[:2000]
    try:
        if verb in {"strike", "clear"}:
            decide_flag(flag, struck=verb == "strike", reason=words, by=request.user, at=request.now)
        else:
            answer_appeal(flag, upheld=verb == "restore", answer=words, by=request.user, at=request.now)
    except Refused as refused:
        return _flags(request, refusal(refused), number)
    return redirect("quiz:flags", week=week)


# ---- the draw ----


def steps(now: Standing, rehearsal: bool) -> list[dict[str, Any]]:
    """Returns the steps of a draw in order: name, when due, record, when witnessed; `waits` marks the next one."""
    rules = now.rules.get("draw", {})
    parties = len(rules.get("parties", []))
    listed: list[tuple[str, int, Any, int]] = [
        (_("The quiz is closed"), now.quiz.closes, [now.closed], 1),
        (_("The list of tickets is frozen"), now.rules.get("freezes", 0), [now.frozen], 1),
        (_("Seeds are sealed"), rules.get("commit_by", 0), now.commits, parties),
        (_("Seeds are opened"), rules.get("open_by", 0), now.opened, parties),
        (_("Chance speaks"), rules.get("draws_at", 0), [now.beacon], 1),
        (_("The winners are drawn"), rules.get("draws_at", 0), [now.result], 1),
        (_("The key is public"), 0, [now.revealed], 1),
    ]
    rows, waits = [], True
    for name, due, found, wanted in listed:
        there = [step for step in found if step is not None]
        done = len(there) >= wanted
        seen = [step.witnessed_at for step in there]
        rows.append(
            {
                "name": name, "due": due, "there": len(there), "wanted": wanted, "index": there[-1].index if there else None, "done": done,
                "witnessed": max(seen) if done and all(seen) else None, "waits": waits and not done,
            }
        )  # fmt: skip
        waits = waits and done
    return rows


@only("organiser")
@never_cache
@require_safe
def draw(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows how far a draw has come, who is waited for, and every claim."""
    return _draw(request, draw_or_404(request.week, code))


def _draw(request: HttpRequest, kept: Draw, wrong: str = "") -> HttpResponse:
    now = standing(kept)
    beacon = now.rules.get("draw", {}).get("beacon", {})
    fallback = now.rules["draw"]["draws_at"] + now.rules["draw"]["fallback_hours"] * 3600
    rows = [_claim(claim) for claim in Claim.objects.filter(draw=kept).select_related("draw__quiz").order_by("rank")]
    _quiz, state = states(kept)
    context = {
        "draw": kept,
        "name": said(kept.quiz.name) or kept.quiz.code,
        "quiz": kept.quiz,
        "now": now,
        "steps": steps(now, settings.REHEARSAL),
        "beacon": beacon.get("kind"),
        "throws": beacon.get("digits", 24),
        "dice_now": now.beacon is None and now.opened and (beacon.get("kind") == "dice" or request.now >= fallback),
        "drand_now": now.beacon is None and now.opened and beacon.get("kind") == "drand",
        "first": first_reading(kept),
        "rows": rows,
        "due": len(state.due()) if state else 0,
        "wrong": wrong,
    }
    return desk_page(request, "quiz/desk_draw.html", context, nav="quizzes", status=422 if wrong else 200)


def _claim(claim: Claim) -> dict[str, Any]:
    prize = prize_of(claim.draw.quiz.rules, claim.prize) if claim.prize else {}
    contact = claims.contact_of(claim) if claim.state in {Claim.State.CLAIMED, Claim.State.CHECKED} else {}
    return {
        "claim": claim,
        "prize": said(prize.get("name")) or claim.prize,
        "contact": [words for words in contact.values() if words],
    }


def _act(request: HttpRequest, code: str, act: Any) -> HttpResponse:
    kept = draw_or_404(request.week, code)
    try:
        act(kept)
    except Refused as refused:
        return _draw(request, kept, refusal(refused))
    return redirect("quiz:desk_draw", week=request.week.code, code=code)


@only("organiser")
@require_POST
def throw(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Takes one person's reading of the throws; with the second, equal one they are the draw's chance."""
    told, there = request.POST.get("throws", "")[:1000], bool(request.POST.get("notary"))
    return _act(request, code, lambda kept: read_throws(kept, told, notary_there=there, by=request.user, at=request.now))


@only("organiser")
@require_POST
def beacon(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Takes the beacon's round as its own file says it: {"round": ..., "signature": ...}."""

    def act(kept: Draw) -> None:
        try:
            told = json.loads(request.POST.get("beacon", "")[:5000])
            number, signature = int(told["round"]), str(told["signature"])
        except (ValueError, TypeError, KeyError):
            raise Refused("draw.beacon_shape") from None
        take_beacon(kept, number=number, signature=signature, at=request.now)

    return _act(request, code, act)


@only("organiser")
@require_POST
def notify(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Names the winners who are due, and lets go what nobody claimed in time."""

    def act(kept: Draw) -> None:
        claims.expire_due(request.now)
        claims.notify(kept, at=request.now)

    return _act(request, code, act)


@only("organiser")
@require_POST
def settle(request: HttpRequest, week: str, code: str, number: int) -> HttpResponse:
    """Checks a claim, refuses it with a reason, or hands its prize over."""
    verb, note = request.POST.get("do", ""), request.POST.get("note", "")[:2000]

    def act(kept: Draw) -> None:
        found = Claim.objects.filter(draw=kept, rank=number).first()
        if found is None:
            raise Http404(str(number))
        if verb == "hand":
            claims.hand_over(found, by=request.user, at=request.now)
        else:
            claims.check_claim(found, good=verb == "good", note=note, by=request.user, at=request.now)

    return _act(request, code, act)
