"""Figures of quizzes and questions, their plots and tables, open data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from showground.quiz.forms.words import KIND_NAMES
from showground.quiz.models import Question, Quiz
from showground.quiz.queries import figures, opendata, plots, statistics
from showground.quiz.queries.bank import question_or_404
from showground.quiz.queries.compose import quiz_or_404
from showground.quiz.staff.compose import overview
from showground.quiz.staff.frame import desk_page, said, title_of
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.queries import local
from showground.weeks.queries import said as week_said
from showground.weeks.staff import only

READERS = ("author", "organiser")
FEW = 10
QUICK = 20_000  # so many sittings are counted while somebody waits for another page
GOOD, EASY, HARD = 30, 75, 55


@only("organiser")
@never_cache
@require_safe
def quiz_figures(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows the figures of a quiz and of every question in it."""
    quiz = quiz_or_404(request.week, code)
    first = "first" in request.GET
    counted = figures.of_quiz(quiz, first=first)
    found = statistics.quiz(counted.book)
    weights = statistics.effective_weights(counted.book)
    rows = [_row(counted, question, weights) for question in sorted(counted.book.questions)]
    context = {
        "quiz": quiz,
        "name": week_said(quiz.name) or quiz.code,
        "found": found,
        "few": found.count < FEW,
        "first": first,
        "rows": rows,
        "totals": {_mark(total): times for total, times in sorted(counted.book.totals.items())},
        "plot": _totals_plot(counted, found),
        "detection": counted.detection(),
        "secret": quiz.kind == Quiz.Kind.PRIZE and quiz.state != Quiz.State.REVEALED,
    }
    return desk_page(request, "quiz/desk_figures.html", context, nav="quizzes")


def _mark(total: Any) -> str:
    return f"{float(total):.2f}".rstrip("0").rstrip(".")


def _totals_plot(counted: figures.Counted, found: statistics.QuizFigures) -> str:
    if not found.count:
        return ""
    whole: dict[str, int] = {}
    for total, times in sorted(counted.book.totals.items()):
        whole[str(int(total))] = whole.get(str(int(total)), 0) + times
    said = _("Totals of %(count)s attempts; the mean is %(mean)s.") % {"count": found.count, "mean": f"{found.mean or 0:.2f}"}
    return plots.marks(whole, said)


def _row(counted: figures.Counted, code: str, weights: dict[str, float]) -> dict[str, Any]:
    document = counted.documents[code]
    found = statistics.question(counted.book, code, weights)
    return {
        "code": code,
        "title": title_of(document),
        "kind": KIND_NAMES[document["kind"]],
        "found": found,
        **judged(found),
        "guess": statistics.guess(document),
    }


def judged(found: statistics.QuestionFigures) -> dict[str, bool]:
    """Returns which figures want a look: too few answers, hardly telling people apart, right for nearly all or nearly nobody."""
    low = found.discrimination is not None and found.discrimination < GOOD
    return {"few": found.count < FEW, "low": low, "off": found.facility is not None and not 20 <= found.facility <= 95}


def pane(question: Question) -> dict[str, Any]:
    """Returns what the editor shows of how a question works; empty when nobody answered it, or too many for a glance."""
    counted, item = _of(question)
    if item is None or question.code not in counted.book.questions:
        return {}
    return {"quiz": item.quiz, "version": item.version.number, **_detail(counted, question.code)}


def _of(question: Question, *, most: int = QUICK) -> tuple[figures.Counted, Any]:
    item = figures.newest_use(question)
    if item is None or (figures.submitted(item.quiz).count() > most and not figures.is_kept(item.quiz)):
        return figures.Counted({}), None
    return figures.of_quiz(item.quiz), item


def _detail(counted: figures.Counted, code: str) -> dict[str, Any]:
    document, tally = counted.documents[code], counted.book.questions[code]
    found, listed, right = statistics.question(counted.book, code), figures.listed(document), figures.right_ones(document)
    keys = [key for key, _words in listed]
    options = [
        _option(key, said(words), key in right, one)
        for (key, words), one in zip(listed, statistics.options(tally, keys, ("en", "zh")), strict=True)
    ]
    return {
        "count": found.count, "found": found, **judged(found), "options": options, "guess": statistics.guess(document),
        "plot": _plot(tally, document, right) if document["kind"] in figures.BY_OPTION and found.count >= FEW else "",
        "groups": _groups(tally, document) if document["kind"] in figures.BY_OPTION and found.count >= FEW else [],
    }  # fmt: skip


def _option(key: str, words: str, right: bool, one: statistics.OptionFigures) -> dict[str, Any]:
    shares = {language: one.shares.get(language) for language in ("en", "zh")}
    return {"name": _name(key), "words": words, "right": right, "found": one, "look": "" if right else _look(one), **shares}


def _name(key: str) -> str:
    names = {"true": _("True"), "false": _("False"), "-": "–", "trick": _("Trick"), "genuine": _("Genuine"), "other": _("Other")}
    return str(names.get(key) or (key.upper() if len(key) == 1 else key))


def _look(one: statistics.OptionFigures) -> str:
    """The language that draws twice as many to a wrong option as the other, if there is one."""
    en, zh = one.shares.get("en"), one.shares.get("zh")
    if en is None or zh is None or max(en, zh) < 10:
        return ""
    return "zh" if zh >= 2 * en else "en" if en >= 2 * zh else ""


def _keys(document: dict[str, Any]) -> list[str]:
    return [option["key"] for option in document["options"]]


def _groups(tally: statistics.Tally, document: dict[str, Any]) -> list[dict[str, Any]]:
    groups = statistics.fifths(tally, _keys(document))
    return [{"name": _name(key), "shares": [group[key] for group in groups]} for key in _keys(document)]


def _plot(tally: statistics.Tally, document: dict[str, Any], right: set[str]) -> str:
    groups = statistics.fifths(tally, _keys(document))
    lines = [plots.Line(_name(key), tuple(group[key] for group in groups), key in right) for key in _keys(document)]
    key = next((line for line in lines if line.key), lines[0])
    words = _("Who chooses what: %(name)s goes from %(low)s %% in the lowest fifth to %(high)s %% in the highest.")
    return plots.fifths(lines, words % {"name": key.name, "low": f"{key.values[0]:.0f}", "high": f"{key.values[-1]:.0f}"})


@only(*READERS)
@never_cache
@require_safe
def question_figures(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows the figures of one question in the newest quiz that asked it."""
    kept = question_or_404(code)
    counted, item = _of(kept, most=2**31)
    context: dict[str, Any] = {
        "question": kept,
        "title": title_of(kept.current.document if kept.current else {"text": {}}),
        "item": item,
    }
    if item is not None and code in counted.book.questions:
        context["stats"] = _detail(counted, code)
        context["quiz_name"] = week_said(item.quiz.name) or item.quiz.code
    return desk_page(request, "quiz/desk_question_figures.html", context, nav="bank")


# ---- open data ----


def _file(request: HttpRequest, code: str, name: str, kind: str, make: Any) -> HttpResponse:
    quiz = quiz_or_404(request.week, code)
    try:
        data = make(quiz, figures.of_quiz(quiz))
    except Refused as refused:
        return overview(request, quiz, wrong=refusal(refused))
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{quiz.code}{name}"'})


@only("organiser")
@never_cache
@require_safe
def open_csv(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Returns the open data of a quiz as CSV: counts only, small cells hidden."""
    return _file(request, code, ".csv", "text/csv; charset=utf-8", opendata.as_csv)


@only("organiser")
@never_cache
@require_safe
def usage(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Returns the figures of a quiz as QTI usage data."""
    page = request.build_absolute_uri(reverse("quiz:quiz_figures", args=[week, code]))
    day: dt.date = local(request.week, request.now).date()

    def make(quiz: Quiz, counted: figures.Counted) -> bytes:
        return opendata.as_usage_data(quiz, counted, context=page, updated=day)

    return _file(request, code, ".usage-data.xml", "application/xml", make)
