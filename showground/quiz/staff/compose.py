"""The organiser's quizzes: their list, the draft with its pool and rules, rounds, announcing, voucher codes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.quiz.actions import compose as actions
from showground.quiz.forms.author import Posted
from showground.quiz.forms.organiser import SPARE_PRIZES, QuizForm, RulesForm
from showground.quiz.forms.rules import from_figures, initial_of, major, rules_of, suggested
from showground.quiz.models import Draw, Quiz
from showground.quiz.queries import compose as queries
from showground.quiz.queries.draws import standing
from showground.quiz.queries.sittings import stage
from showground.quiz.staff.frame import category, desk_page, shelf, title_of
from showground.rules.quiz_rules import check_rules
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.queries import said
from showground.weeks.staff import only

MOST_ROWS = 400  # a form may send a thousand fields, and each row is two
STAGES = {"draft": "draft", "soon": "", "open": "work", "closed": "rec", "revealed": "rec"}


def where(quiz: Quiz, now: int) -> str:
    """Returns where a quiz stands, drafts too."""
    return "draft" if quiz.state == Quiz.State.DRAFT else stage(quiz, now)


def kind_word(quiz: Quiz) -> str:
    """Returns the kind of a quiz in a word."""
    return {"practice": _("practice"), "prize": _("prize"), "classroom": _("classroom")}[quiz.kind]


def _row(quiz: Quiz, now: int) -> dict[str, Any]:
    at = where(quiz, now)
    return {"quiz": quiz, "name": said(quiz.name) or quiz.code, "kind": kind_word(quiz), "stage": at, "mark": STAGES[at]}


@only("organiser")
@never_cache
@require_safe
def quizzes(request: HttpRequest, week: str) -> HttpResponse:
    """Shows the quizzes of the week."""
    rows = [_row(quiz, request.now) for quiz in queries.quizzes(request.week)]
    return desk_page(request, "quiz/desk_quizzes.html", {"rows": rows}, nav="quizzes")


@only("organiser")
@never_cache
def new(request: HttpRequest, week: str) -> HttpResponse:
    """Begins a quiz."""
    day = 86400
    opens = request.now - request.now % day + 2 * day
    form = QuizForm(
        request.POST or None, week=request.week, initial={"opens": opens, "closes": opens + 7 * day, "kind": "practice"}
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            quiz = actions.start_quiz(request.week, kind=told["kind"], code=told["code"], at=request.now, **form.values())
        except Refused as refused:
            form.add_error("code" if refused.code.startswith("quiz.code") else None, refusal(refused))
        else:
            return redirect("quiz:compose", week=week, code=quiz.code)
    context = {"form": form, "pairs": _pairs(form)}
    return desk_page(request, "quiz/desk_quiz_form.html", context, nav="quizzes", status=422 if form.is_bound else 200)


def _pairs(form: QuizForm) -> list[tuple[Any, Any]]:
    return [(form["name_en"], form["name_zh"]), (form["about_en"], form["about_zh"]), (form["opens"], form["closes"])]


@only("organiser")
@never_cache
def edit(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Changes a draft."""
    quiz = queries.quiz_or_404(request.week, code)
    form = QuizForm(request.POST or None, week=request.week, quiz=quiz)
    if request.method == "POST" and form.is_valid():
        try:
            actions.mend_quiz(quiz, **form.values())
        except Refused as refused:
            form.add_error(None, refusal(refused))
        else:
            return redirect("quiz:compose", week=week, code=code)
    context = {"form": form, "pairs": _pairs(form), "quiz": quiz, "name": said(quiz.name)}
    return desk_page(request, "quiz/desk_quiz_form.html", context, nav="quizzes", status=422 if form.is_bound else 200)


# ---- one quiz ----


@only("organiser")
@never_cache
@require_safe
def compose(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows a quiz with what it still lacks, or how far it has come."""
    return overview(request, queries.quiz_or_404(request.week, code))


def overview(request: HttpRequest, quiz: Quiz, *, wrong: str = "") -> HttpResponse:
    """Returns the page of one quiz."""
    draw = Draw.objects.filter(quiz=quiz).first()
    pool = [{"item": item, "title": title_of(item.version.document)} for item in quiz.pool.select_related("version")]
    context = {
        **_row(queries.quizzes(request.week).get(pk=quiz.pk), request.now),
        "pool": pool,
        "lacks": _lacks(quiz) if quiz.state == Quiz.State.DRAFT else [],
        "prize": quiz.kind == Quiz.Kind.PRIZE,
        "odds": queries.odds(quiz.rules.get("draw", {}).get("prizes", [])),
        "prizes": _prizes(quiz, draw),
        "draw": draw,
        "standing": standing(draw) if draw else None,
        "rounds": list(quiz.series.quizzes.order_by("opens")) if quiz.series else [],
        "wrong": wrong,
    }
    return desk_page(request, "quiz/desk_compose.html", context, nav="quizzes", status=422 if wrong else 200)


def _prizes(quiz: Quiz, draw: Draw | None) -> list[dict[str, Any]]:
    rows = queries.stock(draw) if draw else quiz.rules.get("draw", {}).get("prizes", [])
    return [
        {**row, "said": said(row.get("name")) or row["prize"], "money": f"{major(row['worth'])} {row['currency']}"} for row in rows
    ]


def _lacks(quiz: Quiz) -> list[str]:
    """What keeps a draft from being announced, in words."""
    found = []
    pooled = quiz.pool.count()
    if pooled < quiz.items:
        found.append(refusal(Refused("quiz.pool_small", pool=pooled, items=quiz.items)))
    if quiz.kind == Quiz.Kind.PRIZE:
        try:
            check_rules(actions.whole_rules(quiz))
        except Refused as refused:
            found.append(refusal(refused))
    return found


def _act(request: HttpRequest, code: str, act: Any) -> HttpResponse:
    quiz = queries.quiz_or_404(request.week, code)
    try:
        act(quiz)
    except Refused as refused:
        return overview(request, quiz, wrong=refusal(refused))
    return redirect("quiz:compose", week=request.week.code, code=code)


@only("organiser")
@require_POST
def announce(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Announces a quiz: rules and key commitment go into the log."""
    return _act(request, code, lambda quiz: actions.publish_quiz(quiz, by=request.user, at=request.now))


@only("organiser")
@require_POST
def series(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Makes a draft the first of several rounds."""
    post = Posted(request.POST.dict())
    rounds, days = post.number("rounds") or 0, post.number("every_days") or 0
    return _act(request, code, lambda quiz: actions.start_series(quiz, rounds=rounds, every_days=days))


@only("organiser")
@require_POST
def drop(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Throws a draft away."""
    quiz = queries.quiz_or_404(request.week, code)
    try:
        actions.drop_quiz(quiz)
    except Refused as refused:
        return overview(request, quiz, wrong=refusal(refused))
    return redirect("quiz:desk", week=week)


@only("organiser")
@never_cache
def pool(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows which approved questions may be asked, and puts the ticked ones into the pool."""
    quiz = queries.quiz_or_404(request.week, code)
    wrong = ""
    if request.method == "POST":
        try:
            actions.choose_pool(quiz, among=request.POST.getlist("among"), chosen=_chosen(request))
        except Refused as refused:
            wrong = refusal(refused)
        else:
            return redirect("quiz:compose", week=week, code=code)
    asked = {name: request.GET.get(name, "")[:80] for name in ("category", "tag", "words")}
    categories, tags = shelf()
    found = queries.candidates(quiz, **asked)
    rows = [{"one": one, "title": title_of(one.document), "category": category(one.question.category)} for one in found[:MOST_ROWS]]
    context = {
        "quiz": quiz, "name": said(quiz.name), "rows": rows, "asked": asked, "categories": categories, "tags": tags, "wrong": wrong,
        "all": len(found), "any": any(asked.values()),
    }  # fmt: skip
    return desk_page(request, "quiz/desk_pool.html", context, nav="quizzes", status=422 if wrong else 200)


def _chosen(request: HttpRequest) -> list[str]:
    if request.POST.get("do") == "all":
        return request.POST.getlist("among")
    return [] if request.POST.get("do") == "none" else request.POST.getlist("chosen")


@only("organiser")
@never_cache
def rules(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows the rules of a prize quiz as a form, keeps what is typed, and says what is missing."""
    quiz = queries.quiz_or_404(request.week, code)
    if quiz.kind != Quiz.Kind.PRIZE or quiz.state != Quiz.State.DRAFT:
        return redirect("quiz:compose", week=week, code=code)
    kept, wrong, path = quiz.rules or suggested(quiz, rehearsal=settings.REHEARSAL), "", ""
    form = None
    if request.method == "POST":
        kept = rules_of(quiz, Posted(request.POST.dict()))
        form = RulesForm(request.POST, quiz=quiz, rehearsal=settings.REHEARSAL)
        if request.POST.get("do") == "fill":
            kept["promotion"] = {**kept["promotion"], **from_figures(quiz, kept)}
            form = None
        quiz = actions.say_rules(quiz, kept)
        wrong, path = _wrong(quiz)
        if form and form.is_valid() and not wrong:
            return redirect("quiz:compose", week=week, code=code)
    form = form or RulesForm(initial=initial_of(kept), quiz=quiz, rehearsal=settings.REHEARSAL)
    prizes = kept.get("draw", {}).get("prizes", [])
    rows = [{**one, "said": major(one["worth"])} for one in prizes] + [{} for _spare in range(SPARE_PRIZES)]
    context = {
        "quiz": quiz, "name": said(quiz.name), "form": form, "pairs": form.pairs(), "prizes": rows, "odds": queries.odds(prizes),
        "wrong": wrong, "path": path, "kept": bool(quiz.rules),
    }  # fmt: skip
    refused = request.method == "POST" and request.POST.get("do") != "fill"
    return desk_page(request, "quiz/desk_rules.html", context, nav="quizzes", status=422 if refused else 200)


def _wrong(quiz: Quiz) -> tuple[str, str]:
    """What the rules still lack, and the field it is about."""
    try:
        check_rules(actions.whole_rules(quiz))
    except Refused as refused:
        return refusal(refused), str(refused.facts.get("path", ""))
    return "", ""


@only("organiser")
@require_POST
def vouchers(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Seals the voucher codes of a prize, typed or from a file with one a line."""
    prize, codes = request.POST.get("prize", ""), request.POST.get("codes", "").splitlines()
    sent = request.FILES.get("file")
    if sent is not None and sent.size < 1 << 20:
        codes += sent.read().decode("utf-8-sig", "replace").splitlines()

    def act(quiz: Quiz) -> None:
        draw = Draw.objects.filter(quiz=quiz).first()
        if draw is None:
            raise Refused("voucher.early")
        actions.bring_vouchers(draw, prize=prize, codes=codes)

    return _act(request, code, act)
