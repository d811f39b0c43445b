"""Back of house: the organiser's day, the panel, the notary's view."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.awards.actions import declare_result
from showground.backstage import queries
from showground.backstage.forms import JurorForm
from showground.entries.actions import close_entries, to_list
from showground.entries.queries import states
from showground.intake.client import DoorAway
from showground.jury.actions import appoint_juror, give_up_sheet
from showground.ledger.queries import checkpoints, find_log, log_state
from showground.people.actions import welcome
from showground.rules.refused import Refused
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.voting.actions.open import freeze_rule, key_commit, open_vote
from showground.voting.queries import turnout
from showground.weeks import queries as weeks
from showground.weeks.models import Week
from showground.weeks.staff import only, signed_in
from showground.works.queries import jail


def _frame(request: HttpRequest, nav: str) -> dict[str, Any]:
    held = weeks.duties(request.user, request.week)
    return {
        "nav": nav,
        "rail": queries.rail(request.week, held, request.now),
        "phase_line": weeks.phase_line(request.week, request.now),
    }


@signed_in
@never_cache
@require_safe
def desk(request: HttpRequest, week: str) -> HttpResponse:
    """Leads a person to the first room of the duties held in this week."""
    rooms = queries.rail(request.week, weeks.duties(request.user, request.week), request.now)
    return redirect(str(rooms[0]["url"]) if rooms else "entries:desk", **({} if rooms else {"week": week}))


def _today(request: HttpRequest, *, said: str = "", status: int = 200) -> HttpResponse:
    steps = queries.steps(request.week, request.now)
    published, witnessed = queries.to_witness(request.week)
    cast = turnout(request.week)
    return page(
        request,
        "backstage/today.html",
        {
            **_frame(request, "desk"),
            "steps": steps,
            "done_steps": sum(step.state == "done" for step in steps),
            "waits": queries.waits(request.week, request.now),
            "published": published,
            "witnessed": witnessed,
            "phases": weeks.phases(request.week, request.now),
            "states": states(request.week),
            "turnout": cast,
            "trouble": queries.trouble(request.week),
            "jail": jail(),
            "rehearsal": settings.REHEARSAL,
            "calendar": request.week,
            "said": said,
        },
        status=status,
    )


@only("organiser")
@never_cache
@require_safe
def today(request: HttpRequest, week: str) -> HttpResponse:
    """Shows the procedure of the week and what can be done now."""
    return _today(request)


def _act(request: HttpRequest, week: str, act: Any) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        return _today(request, said=refusal(refused), status=422)
    except DoorAway:
        return _today(request, said=refusal(Refused("door.away")), status=503)
    return redirect("backstage:today", week=week)


@only("organiser")
@require_POST
def freeze(request: HttpRequest, week: str) -> HttpResponse:
    """Freezes the rule into the log."""
    return _act(request, week, lambda: freeze_rule(request.week, at=request.now))


@only("organiser")
@require_POST
def open_the_vote(request: HttpRequest, week: str) -> HttpResponse:
    """Closes the list of entries and logs the opening of the vote, in one transaction."""
    return _act(request, week, lambda: _open_the_vote(request.week, request.now))


def _open_the_vote(week: Week, at: int) -> None:
    to_list(week)  # what is refused here is said first
    commit = key_commit(week, at=at)
    with transaction.atomic():
        open_vote(week, listed=close_entries(week, at=at), commit=commit, at=at)


@only("organiser")
@require_POST
def declare(request: HttpRequest, week: str) -> HttpResponse:
    """Declares the result."""
    return _act(request, week, lambda: declare_result(request.week, at=request.now))


@only("organiser")
@never_cache
def panel(request: HttpRequest, week: str) -> HttpResponse:
    """Shows the jury and appoints jurors until the vote opens."""
    form = JurorForm(request.POST or None, week=request.week)
    if request.method == "POST" and form.is_valid():
        try:
            person = welcome(form.cleaned_data["email"], language=request.LANGUAGE_CODE, at=request.now)
            appoint_juror(request.week, person=person, categories=form.cleaned_data["categories"], at=request.now)
        except Refused as refused:
            form.add_error(None, refusal(refused))
        else:
            return redirect("backstage:panel", week=week)
    context = {**_frame(request, "panel"), "jurors": queries.jurors(request.week), "form": form, "calendar": request.week}
    context["may_give_up"] = request.now >= request.week.jury_closes + 86_400
    return page(request, "backstage/panel.html", context, status=422 if form.is_bound else 200)


@only("organiser")
@require_POST
def give_up(request: HttpRequest, week: str, number: int) -> HttpResponse:
    """Goes on without a sheet that nobody can open."""
    return _act(request, week, lambda: give_up_sheet(request.week, number=number, at=request.now))


@only("notary")
@never_cache
@require_safe
def notary(request: HttpRequest, week: str) -> HttpResponse:
    """Shows the notary the log, its gates and what the notary's own program does next."""
    origin = request.week.origin
    log = find_log(origin)
    return page(
        request,
        "backstage/notary.html",
        {
            **_frame(request, "notary"),
            "log": log,
            "state": log_state(origin),
            "heads": checkpoints(origin, most=12) if log else [],
            "gates": queries.gates(request.week) if log else [],
            "statements": queries.statements(request.week) if log else [],
            "keys": queries.keys(request.week) if log else [],
            "commands": queries.commands(request.week, settings.SITE_URL) if log else [],
            "calendar": request.week,
        },
    )
