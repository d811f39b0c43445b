"""Keys and shifts: an officer makes a key, opens the desk or is admitted to it, unlocks it for a shift, ends the shift."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from showground.reports.actions import keys
from showground.reports.actions.identity import share_halves
from showground.reports.actions.note import note
from showground.reports.models import DeskKey, Holder, Identity
from showground.reports.queries.keys import found_shift, left
from showground.reports.queries.left import in_office, works
from showground.reports.queries.rail import DUTIES
from showground.reports.staff.frame import DeskRequest, desk_page, give_cookie, holder, keyed, log_of, take_cookie, token, unlock
from showground.rules.refused import Refused
from showground.ui.refusals import refusal
from showground.weeks.staff import StaffRequest, only

ANY = ("officer", "custodian", "approver")


def _own(request: StaffRequest, duty: str) -> Holder | None:
    return Holder.objects.filter(person=request.user, duty=duty, revoked_at=None).first()


def _next(request: StaffRequest) -> str:
    """Returns where the person wanted to go: a page of this desk, or its first one."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    home = reverse("reports:queue" if "officer" in request.duties else "reports:identities", args=[request.week.code])
    root = reverse("reports:queue", args=[request.week.code])
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith(root) else home


def _rows(request: StaffRequest) -> list[dict[str, Any]]:
    """Returns the person's duties at the desk, each with its key and whether its shift is open here."""
    rows = []
    for duty in ANY:
        if duty in request.duties:
            own, who = _own(request, duty), holder(request, duty)
            waits = bool(own and duty == "officer" and not own.desk_wrapped and DeskKey.objects.exists())
            locked = who is None and found_shift(token(request, duty), at=request.now) is not None
            ends = who.shift.expires_at if who is not None and who.shift is not None else None
            rows.append({"duty": duty, "holder": own, "who": who, "waits": waits, "ends": ends, "locked": locked})
    return rows


def _show(request: StaffRequest, *, said: str = "", duty: str = "", status: int = 200) -> HttpResponse:
    officer = holder(request, "officer") if "officer" in request.duties else None
    holders = list(Holder.objects.filter(revoked_at=None).select_related("person").order_by("duty", "pk"))
    here = {one.pk for duty in ANY for one in in_office(duty)}
    return desk_page(
        request,
        "reports/desk_shift.html",
        {
            "rows": _rows(request),
            "said": said,
            "at_duty": duty,
            "next": _next(request),
            "open": DeskKey.objects.filter(retired_at=None).exists(),
            "holders": holders,
            "here": here,
            "officer": officer,
            "can_share": _can_share(request, holders, here),
            "least": keys.LEAST_PASSPHRASE,
            "hours": keys.SHIFT_SECONDS // 3600,
            "idle": settings.DESK_IDLE // 60,
        },
        nav="keys",
        status=422 if said else status,
    )


def _can_share(request: StaffRequest, holders: list[Holder], here: set[int]) -> list[Holder]:
    """Returns holders of the person's own duty, at work, who lack halves that this person could hand on."""
    found: list[Holder] = []
    for duty in ("custodian", "approver"):
        who = holder(request, duty) if duty in request.duties else None
        if who is not None:
            mine = Identity.objects.exclude(sealed=b"").filter(halves__holder=who.holder)
            same = [one for one in holders if one.duty == duty and one.pk in here - {who.holder.pk}]
            found += [one for one in same if mine.exclude(halves__holder=one).exists()]
    return found


@only(*ANY)
@never_cache
@require_safe
def shift(request: StaffRequest, week: str) -> HttpResponse:
    """Shows the person's keys, the shift, and who else holds keys."""
    return _show(request)


def _duty(request: StaffRequest) -> str:
    duty = request.POST.get("duty", "")
    if duty not in DUTIES & request.duties:
        raise Http404(duty)
    return duty


@only(*ANY)
@require_POST
def make(request: StaffRequest, week: str) -> HttpResponse:
    """Makes the person's key behind a passphrase; the first officer's key opens the desk."""
    duty, passphrase = _duty(request), request.POST.get("passphrase", "")
    try:
        if passphrase != request.POST.get("again", ""):
            raise Refused("desk.passphrases_differ")
        made = keys.make_key(request.user, duty, passphrase, at=request.now, unit=request.POST.get("unit", "").strip()[:60])
        if duty == "officer" and not DeskKey.objects.filter(retired_at=None).exists():
            keys.open_desk(made, at=request.now)
            note("desk", made.pk, "opened", role="officer", at=request.now, log=log_of(request))
        else:
            note("desk", made.pk, "key_made", role=duty, at=request.now, log=log_of(request))
        fresh = keys.start_shift(made, passphrase, at=request.now)
    except Refused as refused:
        return _show(request, said=refusal(refused), duty=duty)
    response = redirect("reports:shift", week=week)
    give_cookie(response, fresh, duty, week)
    return response


@only(*ANY)
@require_POST
def start(request: StaffRequest, week: str) -> HttpResponse:
    """Unlocks the person's key for a shift in this browser."""
    duty = _duty(request)
    try:
        fresh = unlock(request, duty, request.POST.get("passphrase", ""))
    except Refused as refused:
        return _show(request, said=refusal(refused), duty=duty)
    response = HttpResponseRedirect(_next(request))
    give_cookie(response, fresh, duty, week)
    return response


@only(*ANY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def awake(request: StaffRequest, week: str) -> JsonResponse:
    """Tells an open page in how many seconds its shift is locked, 0 if it is; a POST says that somebody is there."""
    open_here = [who.shift for duty in ANY if duty in request.duties and (who := holder(request, duty)) and who.shift]
    if request.method == "POST":
        for one in open_here:
            keys.touch(one, at=request.now)
    return JsonResponse({"left": max((left(one, at=request.now) for one in open_here), default=0)})


@only(*ANY)
@require_POST
def end(request: StaffRequest, week: str) -> HttpResponse:
    """Ends the shift: what this browser could read is shut again."""
    duty = _duty(request)
    keys.end_shift(token(request, duty))
    response = redirect("reports:shift", week=week)
    take_cookie(response, duty, week)
    return response


@keyed("officer")
@require_POST
def admit(request: DeskRequest, week: str, number: int) -> HttpResponse:
    """Gives the desk's key on to another officer."""
    other = Holder.objects.filter(pk=number).select_related("person").first()
    if other is None:
        raise Http404
    try:
        if not works(other.person):
            raise Refused("desk.left")
        keys.admit_officer(other, by=request.who)
        note("desk", other.pk, "admitted", role="officer", at=request.now, log=log_of(request))
    except Refused as refused:
        return _show(request, said=refusal(refused))
    return redirect("reports:shift", week=week)


def _opens(request: StaffRequest) -> bool:
    """True for an officer with an open shift whom a colleague admitted: a key of one's own making is nobody's word for anything."""
    who = holder(request, "officer") if "officer" in request.duties else None
    return who is not None and who.desk is not None


@only(*ANY)
@require_POST
def revoke(request: StaffRequest, week: str, number: int) -> HttpResponse:
    """Takes a key out of use, one's own or (an officer's act) that of a stolen laptop: its shifts end at once."""
    other = Holder.objects.filter(pk=number, revoked_at=None).first()
    if other is None:
        raise Http404
    own = other.person_id == request.user.pk
    try:
        if not own and not (_opens(request) and other.duty == Holder.Duty.OFFICER):
            raise Refused("desk.cannot_revoke")
        keys.revoke_key(other, at=request.now, log=log_of(request))
        note("desk", other.pk, "revoked", role=other.duty if own else "officer", at=request.now, log=log_of(request))
    except Refused as refused:
        return _show(request, said=refusal(refused))
    return redirect("reports:shift", week=week)


@keyed("custodian", "approver")
@require_POST
def share(request: DeskRequest, week: str, number: int) -> HttpResponse:
    """Hands the halves of sealed identities on to a new colleague of the same duty."""
    other = Holder.objects.filter(pk=number).first()
    if other is None:
        raise Http404
    try:
        share_halves(other, who=request.who, at=request.now, log=log_of(request))
    except Refused as refused:
        return _show(request, said=refusal(refused))
    return redirect("reports:shift", week=week)
