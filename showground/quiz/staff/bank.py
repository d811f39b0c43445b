"""The bank: its list, the editor, the second reader, versions side by side."""

from __future__ import annotations

import difflib
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.quiz.actions import bank as actions
from showground.quiz.forms.author import act_on_rows, read_question
from showground.quiz.forms.sheet import sheet
from showground.quiz.forms.words import KIND_HINTS, KIND_NAMES, STATES, WHYS
from showground.quiz.models import Question, Version
from showground.quiz.queries import bank as queries
from showground.quiz.queries.shown import media, shown, told
from showground.quiz.queries.sittings import files_of
from showground.quiz.staff import figures
from showground.quiz.staff.frame import category, desk_page, shelf, title_of
from showground.rules.questions import KINDS, check_question
from showground.rules.refused import Refused
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks.staff import only

READERS = ("author", "organiser")


# ---- the list ----


@only(*READERS)
@never_cache
@require_safe
def bank(request: HttpRequest, week: str) -> HttpResponse:
    """Shows the questions asked for, fifty on a page."""
    fields = {name: request.GET.get(name, "")[:120] for name in ("words", "kind", "category", "tag", "state", "gap")}
    asked = queries.Asked(**fields)
    pages = Paginator(queries.search(asked), queries.PAGE)
    rows = pages.get_page(request.GET.get("page"))
    categories, tags = shelf()
    return desk_page(
        request,
        "quiz/desk_bank.html",
        {
            "asked": asked,
            "page": rows,
            "rows": [_row(version) for version in rows],
            "query": "&".join(f"{name}={value}" for name, value in fields.items() if value),
            "states": queries.states(),
            "kinds": [(kind, KIND_NAMES[kind]) for kind in KINDS],
            "categories": categories,
            "tags": tags,
            "gaps": [("en", "English"), ("zh", _("Chinese"))],
        },
        nav="bank",
    )


def _row(version: Version) -> dict[str, Any]:
    question, document = version.question, version.document
    return {
        "question": question,
        "version": version,
        "title": title_of(document),
        "kind": KIND_NAMES[question.kind],
        "category": category(question.category),
        "gaps": queries.gaps(document),
        "mark": {"draft": "draft", "waiting": "", "approved": "rec", "returned": "late"}[version.state],
        "said": STATES[version.state],
    }


@only(*READERS)
@never_cache
@require_safe
def new(request: HttpRequest, week: str) -> HttpResponse:
    """Offers the nine kinds."""
    return desk_page(
        request, "quiz/desk_new.html", {"kinds": [(kind, KIND_NAMES[kind], KIND_HINTS[kind]) for kind in KINDS]}, nav="bank"
    )


@only(*READERS)
@require_POST
def start(request: HttpRequest, week: str) -> HttpResponse:
    """Puts an empty question of a kind into the bank."""
    try:
        version = actions.start_question(request.POST.get("kind", ""), by=request.user, at=request.now)
    except Refused as refused:
        raise Http404(str(refused)) from None
    return redirect("quiz:question", week=week, code=version.question.code)


# ---- the editor ----


@only(*READERS)
@never_cache
def question(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows a question with both languages side by side, and keeps what is typed."""
    kept = queries.question_or_404(code)
    if request.method != "POST":
        return _editor(request, kept)
    listed = queries.versions(kept)
    document = read_question(request.POST.dict(), listed[0].document)
    document, place = act_on_rows(document, request.POST.get("do", ""))
    try:
        actions.write_question(kept, document, by=request.user, at=request.now)
    except Refused as refused:
        return _editor(request, kept, document=document, wrong=refusal(refused))
    target = reverse("quiz:question", args=[week, code])
    return HttpResponseRedirect(f"{target}#{place}" if place else f"{target}?saved={request.now}")


def _editor(request: HttpRequest, kept: Question, *, document: dict[str, Any] | None = None, wrong: str = "") -> HttpResponse:
    listed = queries.versions(kept)
    newest, older = listed[0], [version.document for version in listed[1:]]
    document = document or newest.document
    categories, _tags = shelf()
    return desk_page(
        request,
        "quiz/desk_question.html",
        {
            "question": kept,
            "title": title_of(document),
            "kind": KIND_NAMES[kept.kind],
            "category": category(kept.category),
            "version": newest,
            "said": STATES[newest.state],
            "versions": listed,
            "blocks": sheet(document, queries.warnings(document, older), [one.number for one in listed]),
            "categories": categories,
            "unfinished": _unfinished(document),
            "may_read": queries.may_read(newest, request.user),
            "own": newest.written_by_id == request.user.pk,
            "before": listed[1] if len(listed) > 1 else None,
            "wrong": wrong,
            "stats": figures.pane(kept),
            "figures_url": reverse("quiz:question_figures", args=[request.week.code, kept.code]),
            "saved": request.GET.get("saved") == str(newest.written_at),
            "fixed": newest.state == Version.State.WAITING,
        },
        nav="bank",
        status=422 if wrong else 200,
    )


def _unfinished(document: dict[str, Any]) -> str:
    """What keeps a draft from being read by somebody else, in words; empty when nothing does."""
    try:
        check_question(actions.finished(document))
    except Refused as refused:
        return why_refused(refused)
    return ""


def why_refused(refused: Refused) -> str:
    """Returns why a document is no question: the place and what to do."""
    if refused.code != "question.field":
        return refusal(refused)
    why = str(refused.facts["why"])
    return f"{place_name(str(refused.facts['field']))}: {WHYS.get(why, why)}"


def place_name(place: str) -> str:
    """Returns what a place of a question is called on the desk: "options.b.why" is "Option B, why"."""
    first, _dot, rest = place.partition(".")
    names = {
        "text": _("Question"), "title": _("Title"), "explanation": _("Why"), "feedback": _("Feedback"), "source": _("Source"),
        "options": _("Options"), "accepted": _("Answers"), "left": _("Left"), "right": _("Right"), "pairs": _("Left"),
        "lines": _("The message"), "gaps": _("Gaps"), "media": _("Pictures and sound"), "tags": _("Tags"), "category": _("Category"),
    }  # fmt: skip
    name = str(names.get(first, first))
    return f"{name} {rest.replace('.', ', ')}" if rest else name


def _act(request: HttpRequest, code: str, act: Any) -> HttpResponse:
    kept = queries.question_or_404(code)
    try:
        act(kept)
    except Refused as refused:
        return _editor(request, kept, wrong=why_refused(refused))
    return redirect("quiz:question", week=request.week.code, code=code)


@only(*READERS)
@require_POST
def ask(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Hands the newest draft to a second reader; what is typed on the page is kept first."""

    def act(kept: Question) -> None:
        if "text.en" in request.POST or "text.zh" in request.POST:
            document = read_question(request.POST.dict(), queries.versions(kept)[0].document)
            actions.write_question(kept, document, by=request.user, at=request.now)
        actions.ask_reader(kept, by=request.user, at=request.now)

    return _act(request, code, act)


@only(*READERS)
@require_POST
def take_back(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Makes a version that waits a draft again."""
    return _act(request, code, lambda kept: actions.take_back(kept, by=request.user, at=request.now))


@only(*READERS)
@require_POST
def read(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Approves a version as its second reader, or returns it with a note."""
    number, note = int(request.POST.get("number", "0") or 0), request.POST.get("note", "")[:2000]
    verb = actions.approve_question if request.POST.get("do") == "approve" else actions.return_question
    return _act(request, code, lambda kept: verb(kept, number, by=request.user, at=request.now, note=note))


@only(*READERS)
@require_POST
def retire(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Takes a question out of use, or back into it."""
    retired = request.POST.get("do") != "back"
    return _act(request, code, lambda kept: actions.retire_question(kept, retired=retired, by=request.user))


# ---- versions ----


def _number(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None


@only(*READERS)
@never_cache
@require_safe
def compare(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows what reads otherwise in one version than in another, word by word."""
    kept = queries.question_or_404(code)
    listed = queries.versions(kept)
    b = queries.version_or_404(kept, _number(request, "b"))
    a = queries.version_or_404(kept, _number(request, "a") or max(1, b.number - 1))
    rows = [
        {"place": place_name(d.place), "lang": d.language, "before": words[0], "after": words[1]}
        for d in queries.differences(a.document, b.document)
        if (words := marked(d.before, d.after))
    ]
    context = {"question": kept, "title": title_of(b.document), "versions": listed, "a": a, "b": b, "rows": rows}
    return desk_page(request, "quiz/desk_compare.html", context, nav="bank")


def marked(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Returns both wordings with what went and what came marked, by words (by characters in Chinese)."""
    old, new = _pieces(before), _pieces(after)
    left: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left.append(("" if kind == "equal" else "del", "".join(old[a:b])))
        right.append(("" if kind == "equal" else "ins", "".join(new[c:d])))
    return _tagged(left), _tagged(right)


def _pieces(words: str) -> list[str]:
    """Words with the spaces after them; Chinese characters one by one."""
    pieces, piece = [], ""
    for character in words:
        if ord(character) > 0x2E7F or (piece and piece[-1].isspace() and not character.isspace()):
            pieces.append(piece)
            piece = ""
        piece += character
        if ord(character) > 0x2E7F:
            pieces.append(piece)
            piece = ""
    return [one for one in [*pieces, piece] if one]


def _tagged(parts: list[tuple[str, str]]) -> SafeString:
    return format_html_join(
        "", "{}", ((format_html("<{0}>{1}</{0}>", tag, words) if tag else words,) for tag, words in parts if words)
    )


@only(*READERS)
@never_cache
@require_safe
def preview(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows a version as a visitor sees it, before and after answering."""
    kept = queries.question_or_404(code)
    version = queries.version_or_404(kept, _number(request, "v"))
    document, wrong, told_on = actions.finished(version.document), "", "told" in request.GET
    context: dict[str, Any] = {"question": kept, "title": title_of(document), "version": version, "told_on": told_on}
    try:
        check_question(document)
    except Refused as refused:
        wrong = why_refused(refused)
    else:
        context |= _shown(document, told_on, get_language() or "en")
    return page(request, "quiz/desk_preview.html", {**context, "wrong": wrong})


def _shown(document: dict[str, Any], told_on: bool, language: str) -> dict[str, Any]:
    draw = told if told_on else shown
    return {"item": draw(document, "0" * 64, {}, language), "media": media(document, files_of(document), language)}
