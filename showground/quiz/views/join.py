"""The phones of a hosted round: join with a code, answer what is asked, read what was right. Nobody gives a name."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language_from_request, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from showground.people.actions import allow, network_of
from showground.quiz.actions.host import answer_round, join_round
from showground.quiz.forms.visitor import read_answer
from showground.quiz.models import Player, Round
from showground.quiz.queries import rounds as queries
from showground.quiz.queries.shown import media
from showground.quiz.queries.sittings import files_of
from showground.quiz.views.here import from_here
from showground.rules.refused import Refused
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks import queries as weeks

MISSES, WITHIN = 300, 600  # wrong codes from one network, a whole school perhaps, in so many seconds


# ---- the short address ----


@require_safe
def short(request: HttpRequest, code: str = "") -> HttpResponse:
    """The address on the wall: leads to the page where one joins, in the phone's language, with the code of a QR filled in."""
    found = queries.by_code(code) if code else None
    week = found.quiz.week if found else weeks.current_week(request.now)
    if week is None:
        raise Http404(code)
    with override(get_language_from_request(request)):
        answer = redirect(reverse("quiz:join", args=[week.code]) + (f"?code={queries.typed_code(code)}" if code else ""))
    answer["Vary"] = "Accept-Language"
    return answer


# ---- joining ----


def _names() -> list[tuple[str, str]]:
    secure = "__Secure-" if settings.SECURE else ""
    return [(code, f"{secure}phone-{code}") for code, _name in settings.LANGUAGES]


def _token(request: HttpRequest) -> str:
    found = (request.COOKIES.get(name, "") for _code, name in _names())
    return next((token for token in found if 20 <= len(token) <= 64), "")


def _keep(response: HttpResponse, round_: Round, token: str, now: int) -> None:
    """The phone holds its token for the pages of this round only, until the round runs out; one cookie for each language's path."""
    age = max(60, round_.started_at + queries.LASTS - now)
    for code, name in _names():
        with override(code):
            path = reverse("quiz:play", args=[round_.quiz.week.code, round_.join])
        response.set_cookie(name, token, max_age=age, path=path, httponly=True, samesite="Lax", secure=settings.SECURE)


@never_cache
@from_here
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, week: str) -> HttpResponse:
    """Asks for the code on the host's screen and lets the phone in; sets no cookie before."""
    code = (request.POST if request.method == "POST" else request.GET).get("code", "")
    if request.method != "POST":
        return page(request, "quiz/join.html", {"code": queries.typed_code(code)})
    try:
        round_ = _found(request, code)
        return _enter(request, round_)
    except Refused as refused:
        status = 429 if refused.code == "people.too_often" else 422
        return page(request, "quiz/join.html", {"code": code[:20], "said": refusal(refused)}, status=status)


def _found(request: HttpRequest, code: str) -> Round:
    found = queries.by_code(code)
    if found is not None:
        return found
    allow("round:miss", network_of(request.META["REMOTE_ADDR"]), most=MISSES, per=WITHIN, at=request.now)
    raise Refused("round.code")


def _enter(request: HttpRequest, round_: Round) -> HttpResponse:
    token = join_round(round_, token=_token(request), at=request.now)
    response = redirect("quiz:play", round_.quiz.week.code, round_.join)
    _keep(response, round_, token, request.now)
    return response


# ---- playing ----


@never_cache
@from_here
@require_http_methods(["GET", "HEAD", "POST"])
def play(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows a phone what the round is doing, and keeps its answer until the host closes the question."""
    round_ = queries.hosted_or_404(request.week, code)
    if code != round_.join:
        return redirect("quiz:play", week, round_.join)
    player = queries.player_of(round_, _token(request))
    if player is None:
        return redirect(reverse("quiz:join", args=[week]) + f"?code={round_.join}")
    return _answer(request, round_, player) if request.method == "POST" else _play(request, round_, player)


def _answer(request: HttpRequest, round_: Round, player: Player) -> HttpResponse:
    quietly = "application/json" in request.headers.get("Accept", "")
    try:
        if round_.stage != Round.Stage.ASKING or request.POST.get("place") != str(round_.place + 1):
            raise Refused("round.question_closed")
        question = queries.question(round_)
        answer_round(player, question, read_answer(question, request.POST), place=round_.place, at=request.now)
    except Refused as refused:
        if quietly:
            return JsonResponse({"error": refused.code}, status=422)
        return _play(request, round_, player, said=refusal(refused))
    return HttpResponse(status=204) if quietly else redirect("quiz:play", round_.quiz.week.code, round_.join)


def _play(request: HttpRequest, round_: Round, player: Player, *, said: str = "") -> HttpResponse:
    at, language = queries.where(round_, request.now), request.LANGUAGE_CODE
    stage = at.partition("-")[0]
    context: dict[str, Any] = {
        "at": at,
        "stage": stage,
        "join": round_.join,
        "name": weeks.said(round_.quiz.name),
        "number": round_.place + 1,
        "count": len(round_.items),
        "said": said,
    }
    if stage in {"asking", "showing"}:
        context["item"] = queries.phone(round_, player, language)
        question = queries.question(round_)
        context["media"] = media(question, files_of(question), language)
    elif stage == "over":
        rows = queries.own_rows(round_, player, language)
        context |= {"rows": rows, "right": sum(row["worth"] == "right" for row in rows)}
    return page(request, "quiz/play.html", context, status=422 if said else 200)


@require_safe
def state(request: HttpRequest, code: str) -> HttpResponse:
    """Says in a word what a round is doing (lobby, asking-3, showing-3, over, gone), for phones that ask each second: one read of
    one row, 304 when nothing changed. It says nothing of any question."""
    return told_state(request, {"at": queries.glance(code, request.now)})


def told_state(request: HttpRequest, facts: dict[str, Any]) -> HttpResponse:
    """Returns a few facts as JSON with their tag, or 304 to who knows them."""
    tag = '"' + ".".join(str(value) for value in facts.values()) + '"'
    known = request.headers.get("If-None-Match") == tag
    answer: HttpResponse = HttpResponseNotModified() if known else HttpResponse(json.dumps(facts), content_type="application/json")
    answer["ETag"], answer["Cache-Control"] = tag, "no-store"
    return answer
