"""From the start page to the receipt. Nothing here knows more of a question than queries/shown.py hands out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from showground.ledger.queries import covering, receipt, record_at
from showground.quiz.actions import flag as flags
from showground.quiz.actions.admit import Place, challenge
from showground.quiz.actions.sit import come_in, fresh_token, goes_on, save_answer
from showground.quiz.actions.submit import submit
from showground.quiz.forms.visitor import AppealForm, read_answer
from showground.quiz.models import Quiz, Sitting
from showground.quiz.queries import draws as drawn
from showground.quiz.queries import sittings as queries
from showground.quiz.queries.shown import media, shown, told
from showground.quiz.views.here import from_here, keep_token, refused_page, token_in
from showground.rules import records
from showground.rules.answers import check_answer
from showground.rules.refused import Refused
from showground.tlog.merkle import leaf_hash
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks import queries as weeks

DAY = 86400
SAME_FOR = 5  # seconds
MOST_DRAWN = 64
BLANK = {"challenge": "task-challenge", "salt": "task-salt", "signature": "task-signature", "maxNumber": "task-most"}
_drawn: dict[tuple[object, ...], bytes] = {}  # start pages as strangers see them
STATUS = {"quiz.crowded": 429}


def _quiz(request: HttpRequest, code: str) -> Quiz:
    return queries.quiz_or_404(request.week, code)


def _sitting(request: HttpRequest, quiz: Quiz) -> Sitting | None:
    sitting = queries.sitting_of(quiz, token_in(request))
    if sitting is not None:
        sitting.quiz = quiz
    return sitting


def _to(name: str, quiz: Quiz, *more: object) -> HttpResponse:
    return redirect(f"quiz:{name}", quiz.week.code, quiz.code, *more)


def _said(value: object) -> str:
    return weeks.said(value)


def _facts(request: HttpRequest, quiz: Quiz) -> dict[str, Any]:
    """What every page about a quiz says of it."""
    return {
        "nav": "quiz",
        "quiz": quiz,
        "name": _said(quiz.name),
        "about": _said(quiz.about),
        "rules": quiz.rules,
        "prize": queries.prize(quiz),
        "stage": queries.stage(quiz, request.now),
        "now": request.now,
        "draw": queries.draw_of(quiz) if "draw" in quiz.rules else None,
    }


# ---- before ----


@require_safe
@gzip_page
@never_cache
def quizzes(request: HttpRequest, week: str) -> HttpResponse:
    """The quizzes of the week: what is open, what comes, what was drawn."""
    rows = [_facts(request, quiz) for quiz in queries.public_quizzes(request.week)]
    order = {"open": 0, "soon": 1, "closed": 2, "revealed": 3}
    return page(request, "quiz/quizzes.html", {"nav": "quiz", "rows": sorted(rows, key=lambda row: order[row["stage"]])})


@require_safe
def short(request: HttpRequest, code: str) -> HttpResponse:
    """The short address on posters: leads to the quiz of the week that is on, in the visitor's language."""
    week = weeks.current_week(request.now)
    if week is None:
        raise Http404(code)
    language = get_language_from_request(request)
    with override(language):
        answer = redirect("quiz:start", week.code, queries.quiz_or_404(week, code).code)
    answer["Vary"] = "Accept-Language"
    return answer


def _start(
    request: HttpRequest,
    quiz: Quiz,
    *,
    said: str = "",
    place: Place | None = None,
    status: int = 200,
    task: dict[str, Any] | None = None,
) -> HttpResponse:
    going = _sitting(request, quiz)
    facts = _facts(request, quiz) | (_terms(quiz) if queries.prize(quiz) else {})
    context = facts | {
        "going": going if going and goes_on(quiz, token_in(request)) else None,
        "again": going is not None,
        "said": said,
        "place": place,
        "wait": max(1, place.at - request.now) if place else 0,
        "practice": queries.practice_for(request.week, request.now) if facts["prize"] else None,
        "challenge": (task or challenge(quiz.code, at=request.now)) if facts["stage"] == "open" else {},
    }
    return page(request, "quiz/start.html", context, status=status)


def _terms(quiz: Quiz) -> dict[str, Any]:
    draw = queries.draw_of(quiz)
    return {
        "prizes": drawn.prize_rows(quiz.rules) if draw else [],
        "eligibility": _said(quiz.rules["eligibility"]),
        "organiser": _said(quiz.rules["organiser"]),
        "tickets": drawn.tickets_so_far(draw) if draw else None,
    }


@never_cache
@require_safe
def start(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Says what a quiz is about, what may be won, how the winners are drawn and what is stored; sets no cookie.

    Visitors without any cookie see the same page but for the task in it: it is drawn once in five seconds.
    """
    if request.COOKIES or settings.DEBUG:
        return _start(request, _quiz(request, code))
    key = (request.week.pk, code, request.LANGUAGE_CODE, request.now // SAME_FOR, request.get_host())
    if key not in _drawn:
        answer = _start(request, _quiz(request, code), task=BLANK)
        if answer.status_code != 200:
            return answer
        while len(_drawn) >= MOST_DRAWN:
            _drawn.pop(next(iter(_drawn)), None)
        _drawn[key] = answer.content
    return _with_task(HttpResponse(_drawn[key]), code, request.now)


def _with_task(response: HttpResponse, code: str, now: int) -> HttpResponse:
    task = challenge(code, at=now)
    for name, blank in BLANK.items():
        response.content = response.content.replace(f'="{blank}"'.encode(), f'="{task[name]}"'.replace("&", "&amp;").encode())
    patch_vary_headers(response, ("HX-Request", "Cookie"))
    return response


@never_cache
@from_here
@require_POST
def begin(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Begins a sitting: from here on the browser holds one cookie, for the pages of this quiz only."""
    quiz, token = _quiz(request, code), token_in(request) or fresh_token()
    sent = request.POST
    try:
        sitting = come_in(
            quiz,
            token=token,
            address=request.META["REMOTE_ADDR"],
            proof=sent.get("altcha", ""),
            ticket=sent.get("place", ""),
            language=request.LANGUAGE_CODE,
            at=request.now,
        )
    except Refused as refused:
        return _start(request, quiz, said=refusal(refused), status=STATUS.get(refused.code, 422))
    if isinstance(sitting, Place):
        answer = _start(request, quiz, place=sitting, status=429)
        answer["Retry-After"] = str(max(1, sitting.at - request.now))
        return answer
    response = _to("done", quiz) if sitting.submitted_at else _to("item", quiz, _next_open(sitting))
    keep_token(response, quiz, token, until=_keeps_until(quiz), now=request.now)
    return response


def _keeps_until(quiz: Quiz) -> int:
    """The token opens the receipt, and with it a prize, until claims have run out."""
    if not quiz.rules or "draw" not in quiz.rules:
        return int(quiz.closes) + 30 * DAY
    return int(quiz.rules["draw"]["draws_at"]) + (int(quiz.rules["draw"]["claim_days"]) + 30) * DAY


def _next_open(sitting: Sitting) -> int:
    """The first question without an answer, else the last one."""
    return next((at for at, code in enumerate(sitting.items, 1) if not sitting.answers.get(code)), len(sitting.items))


# ---- one question a page ----


def _progress(sitting: Sitting, number: int) -> list[str]:
    return ["now" if at == number else "done" if sitting.answers.get(c) else "next" for at, c in enumerate(sitting.items, 1)]


def _item(request: HttpRequest, quiz: Quiz, sitting: Sitting, number: int, *, said: str = "", sent: Any = None) -> HttpResponse:
    question = queries.question_at(sitting, number)
    answer = sitting.answers.get(question["code"], {})
    language = request.LANGUAGE_CODE
    explained = not queries.prize(quiz) and bool(answer) and sent is None
    if question["kind"] == "ordering" and not explained:
        answer = _tried(question, request.GET.get("order", "")) or answer
    seen = told(question, sitting.seed, answer, language) if explained else shown(question, sitting.seed, answer, language)
    if sent is not None:
        _keep_marks(seen, sent)
    context = _facts(request, quiz) | {
        "number": number,
        "count": len(sitting.items),
        "last": number == len(sitting.items),
        "progress": _progress(sitting, number),
        "item": seen,
        "media": media(question, queries.files_of(question), language),
        "said": said,
    }
    return page(request, "quiz/item.html", context, status=422 if said else 200)


def _tried(question: dict[str, Any], text: str) -> dict[str, Any]:
    """The order that the buttons for up and down have made so far."""
    try:
        answer = {"order": [int(slot) for slot in text.split("-")]} if text else {}
        check_answer(question, answer)
    except (ValueError, Refused):
        return {}
    return answer


def _keep_marks(seen: dict[str, Any], sent: Any) -> None:
    """What was marked on a page that could not be kept is still marked when it comes back."""
    marks = set(sent.getlist("mark"))
    for line in seen.get("lines", []):
        line["on"] = str(line["place"]) in marks
    seen["nothing"], seen["verdict"] = bool(sent.get("nothing")), sent.get("verdict", seen.get("verdict", ""))


@never_cache
@from_here
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, week: str, code: str, number: int) -> HttpResponse:
    """Shows one question, or keeps its answer and goes on; back is allowed and nothing is timed."""
    quiz = _quiz(request, code)
    sitting = _sitting(request, quiz)
    if sitting is None:
        return _to("start", quiz)
    if sitting.submitted_at is not None:
        return _to("done", quiz)
    if request.method != "POST":
        return _item(request, quiz, sitting, number)
    return _answer(request, quiz, sitting, number)


def _answer(request: HttpRequest, quiz: Quiz, sitting: Sitting, number: int) -> HttpResponse:
    quietly = "application/json" in request.headers.get("Accept", "")
    moved = bool(request.POST.get("move"))
    try:
        question = queries.question_at(sitting, number)
        answer = read_answer(question, request.POST)
        if queries.prize(quiz) or not moved:  # in practice an answer that is kept is explained
            sitting = save_answer(sitting, question, answer, at=request.now)
            sitting.quiz = quiz
    except Refused as refused:
        if quietly:
            return JsonResponse({"error": refused.code}, status=422)
        if refused.code in {"quiz.sent_in", "quiz.explained"}:
            return _to("item", quiz, number)
        return _item(request, quiz, sitting, number, said=refusal(refused), sent=request.POST)
    if quietly:
        return HttpResponse(status=204)
    if moved:
        tried = "-".join(map(str, answer["order"]))
        return redirect(f"{reverse('quiz:item', args=[quiz.week.code, quiz.code, number])}?order={tried}#order")
    return _onward(request, quiz, number, explained=bool(answer) and not queries.prize(quiz))


def _onward(request: HttpRequest, quiz: Quiz, number: int, *, explained: bool) -> HttpResponse:
    if request.POST.get("go") == "back":
        return _to("item", quiz, max(1, number - 1))
    if explained:
        return _to("item", quiz, number)
    return _to("send", quiz) if number >= quiz.items else _to("item", quiz, number + 1)


# ---- sending in ----


@never_cache
@from_here
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Lists what was answered and sends it in, once."""
    quiz = _quiz(request, code)
    sitting = _sitting(request, quiz)
    if sitting is None:
        return _to("start", quiz)
    if sitting.submitted_at is None and request.method != "POST":
        return _review(request, quiz, sitting)
    try:
        submit(sitting, token=token_in(request), at=request.now)
    except Refused as refused:
        return _review(request, quiz, sitting, said=refusal(refused))
    return _to("done", quiz)


def _review(request: HttpRequest, quiz: Quiz, sitting: Sitting, *, said: str = "") -> HttpResponse:
    rows = [{"number": at, "done": bool(sitting.answers.get(code))} for at, code in enumerate(sitting.items, 1)]
    context = _facts(request, quiz) | {"rows": rows, "missing": sum(not row["done"] for row in rows), "said": said}
    return page(request, "quiz/send.html", context, status=422 if said else 200)


# ---- afterwards ----


@never_cache
@require_safe
def done(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Says how it went: practice explains everything, a prize quiz nothing but passed or not until its key is public."""
    quiz = _quiz(request, code)
    sitting = _sitting(request, quiz)
    if sitting is None:
        return _to("start", quiz)
    if sitting.submitted_at is None:
        return _to("send", quiz)
    facts = _facts(request, quiz)
    if facts["prize"] and facts["stage"] != "revealed":
        return _to("receipt", quiz) if sitting.passed else page(request, "quiz/not_passed.html", facts | {"go": sitting.go})
    asked = queries.questions_of(sitting)
    items = [told(q, sitting.seed, sitting.answers.get(q["code"], {}), request.LANGUAGE_CODE) for q in asked]
    context = facts | {"items": items, "tally": queries.tally(sitting), "sitting": sitting, "passed": sitting.passed}
    return page(request, "quiz/done.html", context)


def _secret(request: HttpRequest, sitting: Sitting) -> str:
    """The claim secret, if the browser's token makes the one whose hash stands in the attempt."""
    secret = queries.secret_of(token_in(request), sitting.quiz.week.origin, sitting.quiz.code, sitting.go)
    return secret if queries.secret_sha256(secret) == sitting.claim_sha256 else ""


def _held(request: HttpRequest, quiz: Quiz) -> Sitting | None:
    sitting = _sitting(request, quiz)
    return sitting if sitting and sitting.passed and queries.prize(quiz) else None


@never_cache
@require_safe
def show_receipt(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Shows the receipt of a ticket: its entry number, its secret, and how far it has come."""
    return _receipt(request, _quiz(request, code))


def _receipt(request: HttpRequest, quiz: Quiz, *, appeal_form: AppealForm | None = None, status: int = 200) -> HttpResponse:
    sitting = _held(request, quiz)
    if sitting is None:
        return _to("done", quiz)
    entry, secret = queries.entry_number(sitting), _secret(request, sitting)
    facts = _facts(request, quiz)
    draw = facts["draw"]
    head = covering(quiz.week.origin, entry) if entry is not None else None
    check = reverse("quiz:check", args=[quiz.week.code, draw.code]) if draw else ""
    note = queries.flag_of(sitting)
    context = facts | {
        "entry": entry,
        "secret": queries.grouped(secret),
        "fate": drawn.fate(draw, entry) if draw and entry is not None else drawn.Fate("coming"),
        "head": head,
        "leaf_parts": _leaf_parts(quiz, entry),
        "qr_text": f"{settings.SITE_URL}{check}#{'' if entry is None else entry}.{secret}",
        "flag": note,
        "may_appeal": bool(note and note.state == "struck" and not note.appeal and request.now < quiz.rules.get("freezes", 0)),
        "appeal_form": appeal_form or AppealForm(),
    }
    return page(request, "quiz/receipt.html", context, status=status)


def _leaf_parts(quiz: Quiz, entry: int | None) -> list[str]:
    record = record_at(quiz.week.origin, entry) if entry is not None else None
    leaf = leaf_hash(records.canonical(record)).hex() if record else ""
    return [leaf[at : at + 8] for at in range(0, len(leaf), 8)]


@never_cache
@require_safe
def receipt_file(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Sends the receipt as a .tlog-proof file with the opening of the attempt and its secret, once the notary has signed."""
    quiz = _quiz(request, code)
    sitting = _held(request, quiz)
    entry = queries.entry_number(sitting) if sitting else None
    record = record_at(quiz.week.origin, entry) if entry is not None else None
    if sitting is None or entry is None or record is None:
        return _not_yet(request, quiz)
    told_ = {"leaf": record, "opening": queries.opening_of(sitting), "secret": _secret(request, sitting)}
    proof = receipt(quiz.week.origin, entry, records.canonical(told_))
    if proof is None:
        return _not_yet(request, quiz)
    response = HttpResponse(proof.data, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="entry-{entry}.tlog-proof"'
    return response


def _not_yet(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    ways = [{"url": reverse("quiz:done", args=[quiz.week.code, quiz.code]), "name": _("Back to the receipt")}]
    return refused_page(request, Refused("quiz.receipt_not_yet"), status=404, ways=ways)


@never_cache
@from_here
@require_POST
def appeal(request: HttpRequest, week: str, code: str) -> HttpResponse:
    """Takes the entrant's objection to a strike, before the list is frozen."""
    quiz = _quiz(request, code)
    sitting = _held(request, quiz)
    note = queries.flag_of(sitting) if sitting else None
    if note is None:
        return _to("done", quiz)
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _receipt(request, quiz, appeal_form=form, status=422)
    try:
        flags.appeal(note, words=form.cleaned_data["words"], at=request.now)
    except Refused as refused:
        form.add_error(None, refusal(refused))
        return _receipt(request, quiz, appeal_form=form, status=422)
    return _to("receipt", quiz)
