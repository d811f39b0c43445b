"""The host's screen: a code to join, one question at a time, the room's answers once it is closed. No names, no speed, no ranking."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from showground.quiz.actions import host as actions
from showground.quiz.models import Round
from showground.quiz.queries import rounds as queries
from showground.quiz.queries.compose import quiz_or_404
from showground.quiz.queries.shown import media
from showground.quiz.queries.sittings import files_of
from showground.quiz.staff.frame import desk_page
from showground.quiz.views.join import told_state
from showground.rules.refused import Refused
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks import queries as weeks
from showground.weeks.staff import only


@only("organiser", "author")
@never_cache
@require_safe
def hosting(request: HttpRequest, week: str) -> HttpResponse:
    """Lists the quizzes that a round can be made of, and the rounds that run."""
    return _hosting(request)


def _hosting(request: HttpRequest, wrong: str = "") -> HttpResponse:
    running = queries.running(request.week, request.now)
    context = {
        "quizzes": [{"quiz": one, "name": weeks.said(one.name)} for one in queries.hostable(request.week, request.now)],
        "rounds": [{"round": one, "name": weeks.said(one.quiz.name), "phones": queries.joined(one)} for one in running],
        "wrong": wrong,
    }
    return desk_page(request, "quiz/hosting.html", context, nav="hosting", status=422 if wrong else 200)


@only("organiser", "author")
@require_POST
def begin(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Opens a round of a classroom quiz and shows its code."""
    quiz = quiz_or_404(request.week, code)
    try:
        round_ = actions.start_round(quiz, host=request.user, at=request.now)
    except Refused as refused:
        return _hosting(request, refusal(refused))
    return redirect("quiz:host", week, round_.join)


# ---- the screen ----


@only("organiser", "author")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def host(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows the room what the round is doing, or takes it a step on or back."""
    round_ = queries.hosted_or_404(request.week, code)
    if request.method == "POST":
        return _step(request, round_)
    return _screen(request, round_)


def _address(round_: Round, both: bool) -> str:
    return reverse("quiz:host", args=[round_.quiz.week.code, round_.join]) + ("?both" if both else "")


def _step(request: HttpRequest, round_: Round) -> HttpResponse:
    way, seen = request.POST.get("way", ""), request.POST.get("seen", "")
    try:
        actions.step(round_, way=way, seen=seen, at=request.now)
    except Refused as refused:
        return _screen(request, round_, wrong=refusal(refused))
    return redirect(_address(round_, "both" in request.GET))


def _screen(request: HttpRequest, round_: Round, wrong: str = "") -> HttpResponse:
    at, own = queries.where(round_, request.now), "zh" if request.LANGUAGE_CODE.startswith("zh") else "en"
    stage, both = at.partition("-")[0], "both" in request.GET
    languages = [own, "en" if own == "zh" else "zh"] if both else [own]
    site = settings.SITE_URL
    context: dict[str, Any] = {
        "at": at,
        "stage": stage,
        "both": both,
        "here": _address(round_, False),
        "join": round_.join,
        "halves": (round_.join[:3], round_.join[3:]),
        "spelled": " ".join(round_.join),
        "address": f"{site.partition('://')[2]}{reverse('join')}",
        "qr_text": site + reverse("join_code", args=[round_.join]),
        "name": weeks.said(round_.quiz.name),
        "number": round_.place + 1,
        "count": len(round_.items),
        "joined": queries.joined(round_),
        "left_out": queries.left_out(round_.quiz) if stage == "lobby" else 0,
        "last": round_.place + 1 == len(round_.items),
        "back": stage != "lobby" and not queries.run_out(round_, request.now),
        "gone": queries.run_out(round_, request.now),
        "wrong": wrong,
    }
    context |= _matter(round_, stage, languages, request.LANGUAGE_CODE)
    return page(request, "quiz/host.html", context, status=422 if wrong else 200)


def _matter(round_: Round, stage: str, languages: list[str], language: str) -> dict[str, Any]:
    """The question of the moment, with the room's answers only once it is closed; at the end how the room did."""
    if stage == "over":
        return {"rows": queries.summary(round_, languages)}
    if stage == "lobby":
        return {}
    question = queries.question(round_)
    room = queries.given(round_, question["code"]) if stage == "showing" else None
    item = queries.screen(question, round_.seed, languages, room)
    return {"item": item, "media": media(question, files_of(question), language), "answered": queries.answered(round_)}


@only("organiser", "author")
@require_safe
def state(request: HttpRequest, week: str, code: str) -> HttpResponse | HttpResponseNotModified:
    """Says what the round is doing and how many are in and have answered, never what: the host's screen asks each second."""
    round_ = queries.hosted_or_404(request.week, code)
    at = queries.where(round_, request.now)
    asked = at.startswith("asking")
    facts = {"at": at, "joined": queries.joined(round_), "answered": queries.answered(round_) if asked else 0}
    return told_state(request, facts)
