"""The booth: prove an address, get a paper, mark it, cast it, keep the receipt."""

from __future__ import annotations

import base64
import secrets
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.entries.queries import by_codes, public_entries
from showground.intake.client import DoorAway
from showground.ledger.queries import chronicle, covering, door, receipt, record_at
from showground.people.actions import prove_address, send_code
from showground.people.forms import AddressForm, CodeForm
from showground.rules import phases, records
from showground.rules.ballots import admissible
from showground.rules.refused import Refused
from showground.tlog.merkle import leaf_hash
from showground.ui import typeset
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.ui.typeset import number, number_word
from showground.voting import queries
from showground.voting.actions.count import published_ballots
from showground.voting.actions.issue import issue_paper, subject_of
from showground.voting.forms import BallotForm
from showground.weeks import queries as weeks

ORDERS = 64
AWAY = Refused("door.away")


def _paper(request: HttpRequest) -> str:
    return request.COOKIES.get(queries.cookie_name(request.week), "")


def _subjects(request: HttpRequest) -> dict[str, str]:
    return dict(request.session.get("voter", {}))


def _with_paper(request: HttpRequest, response: HttpResponse, issued: dict[str, Any]) -> HttpResponse:
    response.set_cookie(
        queries.cookie_name(request.week),
        issued["paper"],
        max_age=max(60, request.week.vote_closes - request.now + 30 * 86400),  # the door judges it; the receipt page reads by it
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


def _order(request: HttpRequest) -> int:
    """The drawn order in which the paper lists the works: the visitor's own, or one that changes by the minute."""
    text = request.GET.get("o", "")
    return int(text) % ORDERS if text.isdecimal() else request.now // 60 % ORDERS


def _carry(request: HttpRequest) -> str:
    """What the visitor came with, the work to add and the order, for the address of the next step."""
    kept = {name: request.GET[name] for name in ("add", "o") if name in request.GET}
    return f"?{urlencode(kept)}" if kept else ""


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(reverse("voting:booth", args=[request.week.code]) + _carry(request))


def _words(limit: dict[str, Any]) -> dict[str, str]:
    """The sentences that the paper's script says; {names} are filled in by it."""
    count, word = limit["works"], number_word(limit["works"]).capitalize()
    return {
        "full": ngettext(
            "Your vote is used. Take the other work off to add this one.", "%(word)s used. Take one off to add this one.", count
        )
        % {"word": word},
        "full_category": ngettext(
            "Your vote in this category is used. Take the other work off to add this one.",
            "%(word)s used in this category. Take one off to add this one.",
            count,
        )
        % {"word": word},
        "used": _("{used} of {most} used"),
        "added": _("“{title}” is on your ballot."),
        "off": _("“{title}” is off your ballot."),
        "line": _("Not sent. The line broke; your choice is kept here."),
        "fast": _("Not sent. That was too fast: cast again in {seconds} seconds; your choice is kept here."),
        "paper": _("Not sent. This ballot paper has run out. Load the page again for a new one; your choice is kept here."),
        "refused": _("Not sent. The ballot was refused ({code}). Load the page again."),
        "casting": _("Casting …"),
        "cast": _("Cast ballot"),
        "withdraw": _("Take it back"),
        "kept": _("Your choice from before is kept here. It has not been cast."),
        "done": _("Your ballot is in the log."),
        "same": _("Cast and counted in the log"),
    }


def _until(request: HttpRequest) -> str:
    """When the scope that is open now ends, in words: the next local midnight, or the close of the vote."""
    week, rule = request.week, request.week.document["rule"]
    turns = [at for at, _scope in phases.boundaries(rule, week.vote_opens, week.vote_closes) if at > request.now]
    end = min([*turns, week.vote_closes])
    return _("midnight") if end < week.vote_closes else typeset.when(end)


def _places(request: HttpRequest, works: list[queries.Pick], groups: int) -> list[queries.Pick | None]:
    """The places of the ballot bar: the works marked, then the free ones as None."""
    limit = request.week.document["rule"]["limit"]
    most = limit["works"] * (groups if limit["per"] == "category" else 1)
    return [*works, *[None] * max(0, most - len(works))]


def _paper_context(request: HttpRequest, counted: dict[str, Any], chosen: list[str] | None) -> dict[str, Any]:
    """What the marked paper shows; the work that the visitor came to add is marked if there is room for it."""
    week, add = request.week, request.GET.get("add", "")
    marked = list(chosen if chosen is not None else counted.get("choices", []))
    full = bool(add) and add not in marked and not queries.room_left(week, marked, add)
    groups = queries.paper_groups(week, marked=marked if full or not add else [*marked, add], order=_order(request))
    on = [cell.work for group in groups for cell in group.cells if cell.work.on]
    places = _places(request, on, len(groups))
    words = _words(week.document["rule"]["limit"])
    return {
        "groups": groups,
        "slots": places,
        "words": words,
        "used_text": words["used"].format(used=len(on), most=len(places)),
        "state_text": "" if counted.get("index") is None or sorted(w.code for w in on) != counted["choices"] else words["same"],
        "add": "" if full else add,
        "too_full": words["full"] if full else "",
        "salt": base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode(),
    }


def _booth(
    request: HttpRequest, *, said: str = "", chosen: list[str] | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    issued, counted, trouble, away = None, None, said, False
    try:
        counted, issued = _counted(request)
    except DoorAway:
        away, trouble, status = True, trouble or refusal(AWAY), 503
    except Refused as refused:
        trouble = trouble or refusal(refused)
    phase = weeks.phase(request.week, request.now)
    has_paper = phase == "vote" and (counted is not None or (away and bool(_paper(request))))
    rule, adding = request.week.document["rule"], by_codes(request.week, [request.GET.get("add", "")])
    context = {
        "nav": "vote",
        "phase": phase,
        "paper": has_paper,
        "counted": counted or {},
        "limit": rule["limit"],
        "daily": rule["scope"] == "day",
        "sealed": rule["seal"] == "sealed",
        "said": trouble,
        "calendar": request.week,
        "origin": request.week.origin,
        "until_text": _until(request),
        "carry": _carry(request),
        "add_work": next((queries.pick(request.week, entry) for entry in adding.values()), None),
        "address_form": more.get("address_form") or AddressForm(),
        "code_form": more.get("code_form") or CodeForm(),
        "code_sent": "vote_nonce" in request.session,
        "overtaken": _titles(request, more["overtaken"]) if "overtaken" in more else None,
    }
    if has_paper:
        context |= _paper_context(request, counted or {}, chosen)
    response = page(request, "voting/booth.html", context, status=status if phase == "vote" or not away else 200)
    return _with_paper(request, response, issued) if issued else response


def _titles(request: HttpRequest, codes: list[str]) -> list[str]:
    return [queries.pick(request.week, entry).title for entry in by_codes(request.week, codes).values()]


@never_cache
@require_safe
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
    return _back(request)


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
    return _with_paper(request, _back(request), issued)


@require_POST
def another_code(request: HttpRequest, week: str) -> HttpResponse:
    """Forgets the code that was sent, so that another address can be typed."""
    request.session.pop("vote_nonce", None)
    return _back(request)


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
        answer = door().cast(_paper(request), ballot)
    except Refused as refused:
        if refused.code == "ballot.overtaken":
            other = list(refused.facts.get("counted", {}).get("choices", []))
            return _booth(request, said=refusal(refused), chosen=chosen, overtaken=other, status=409)
        return _booth(request, said=refusal(refused), chosen=chosen, status=422)
    except DoorAway:
        return _booth(request, said=refusal(AWAY), chosen=chosen, status=503)
    return redirect("voting:receipt", week=week, index=answer["index"])


def _mine(request: HttpRequest, index: int, record: dict[str, Any] | None) -> dict[str, Any]:
    """The voter's own cast behind the record at `index`, if this browser's paper shows it; else nothing.

    The opening is believed only if it fits the published record.
    """
    try:
        told = queries.own_cast(request.week, _paper(request)) if _paper(request) else {}
    except (DoorAway, Refused):
        return {}
    if told.get("index") != index:
        return {}
    fits = record is None or "opening" not in told or records.commitment(told["opening"]) == record.get("commit")
    return told if fits else {}


@lru_cache(maxsize=4)
def _fates(origin: str, through: int) -> dict[int, str]:
    log = chronicle(origin)
    return admissible(log.ruleset or {}, log.category_of(), published_ballots(origin))[1]


def _fate(request: HttpRequest, index: int) -> str:
    """What became of a ballot: "" until the count is published, "counted", or why not ("replaced", ...)."""
    count = queries.count_of(request.week)
    return _fates(request.week.origin, int(count.table["through_index"])).get(index, "counted") if count else ""


def _lights(request: HttpRequest, index: int, *, published: bool, head: Any) -> dict[str, Any]:
    """The three lights of a ballot in words."""
    notary = weeks.said(request.week.document["notary"])
    recorded = _("It stands as record %(index)s. It cannot be taken out without everyone noticing.") % {"index": number(index)}
    coming = _("It is accepted and will stand as record %(index)s within seconds.") % {"index": number(index)}
    signed = _("%(notary)s has not signed it yet. That comes within a minute.") % {"notary": notary}
    if head is not None and head.witnessed_at is not None:
        facts = {"notary": notary, "time": typeset.when(head.witnessed_at), "size": number(head.size)}
        signed = _("%(notary)s signed the first %(size)s records on %(time)s; yours is among them.") % facts
    return {
        "recorded": {"said": recorded if published else coming},
        "witnessed": {"said": signed, "root": head.root} if head else {"said": signed, "off": True},
        "counted": _counted_light(request, index),
    }


def _counted_light(request: HttpRequest, index: int) -> dict[str, Any]:
    fate = _fate(request, index)
    if fate == "counted":
        return {"said": _("It was opened and counted by the rule that was fixed before the vote.")}
    if fate == "replaced":
        later = queries.replaced_by(request.week, index)
        said = _("Its voter cast again: record %(index)s took its place. Only the last ballot counts.")
        plain = _("Its voter cast again; only the last ballot counts.")
        return {"word": _("Replaced"), "said": said % {"index": number(later)} if later is not None else plain}
    if fate:
        return {"word": _("Not counted"), "said": _("The rule does not let it count (%(reason)s).") % {"reason": fate}}
    opens = typeset.when(request.week.jury_closes)
    said = _("All ballots are opened together when the jury’s time is up, on %(time)s. This page then says how yours was counted.")
    return {"off": True, "said": said % {"time": opens}}


def _in_groups(hexadecimal: str) -> list[str]:
    return [hexadecimal[at : at + 8] for at in range(0, len(hexadecimal), 8)]


@never_cache
@require_safe
def show_receipt(request: HttpRequest, week: str, index: int) -> HttpResponse:
    """Shows what is known of the ballot at `index`: recorded, witnessed, counted; its choices only to the one who cast it."""
    record = record_at(request.week.origin, index)
    is_ballot = record is None or record["type"] == "ballot.cast"
    mine = _mine(request, index, record)
    choices = mine.get("choices", (record or {}).get("choices"))
    shown = by_codes(request.week, choices or [])
    entry = records.canonical(record) if record else mine.get("entry", "").encode()
    leaf = leaf_hash(entry).hex() if entry else ""
    head = covering(request.week.origin, index) if record else None
    address = settings.SITE_URL + reverse("voting:receipt", args=[request.week.code, index])
    known = bool(record or mine)
    return page(
        request,
        "voting/receipt.html",
        {
            "nav": "vote",
            "index": index,
            "own": bool(mine),
            "known": known,
            "is_ballot": is_ballot,
            "works": [queries.pick(request.week, shown[code]) for code in choices or [] if code in shown],
            "opening": "opening" in mine,
            "leaf_parts": _in_groups(leaf),
            "qr_text": f"{address}#{leaf}" if leaf else address,
            "lights": _lights(request, index, published=bool(record), head=head) if known and is_ballot else {},
            "head": head,
            "phase": weeks.phase(request.week, request.now),
        },
        part="_standing.html",
        status=200 if known else 404,
    )


@never_cache
@require_safe
def receipt_file(request: HttpRequest, week: str, index: int) -> HttpResponse:
    """Sends the receipt as a .tlog-proof file: complete once the notary's signature covers it."""
    record = record_at(request.week.origin, index)
    if record is None or record["type"] != "ballot.cast":
        return page(request, "voting/receipt_not_yet.html", {"index": index}, status=404)
    extra: dict[str, Any] = {"leaf": record}
    if opening := _mine(request, index, record).get("opening"):
        extra["opening"] = opening
    proof = receipt(request.week.origin, index, records.canonical(extra))
    if proof is None:
        return page(request, "voting/receipt_not_yet.html", {"index": index}, status=404)
    response = HttpResponse(proof.data, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ballot-{index}.tlog-proof"'
    return response
