"""What every page of the report desk stands in: who has a shift, and the cookie that alone opens it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypedDict
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from showground.people.actions import allow
from showground.reports.actions.keys import SHIFT_SECONDS, end_shift, lock_idle, start_shift, touch
from showground.reports.actions.note import note
from showground.reports.models import Holder
from showground.reports.queries.keys import Unlocked, found_shift, left, unlocked
from showground.reports.queries.proofs import newest_open_log
from showground.reports.queries.rail import rail
from showground.rules.refused import Refused
from showground.ui.pages import page
from showground.ui.refusals import refusal
from showground.weeks import queries as weeks
from showground.weeks.middleware import WeekRequest
from showground.weeks.staff import StaffRequest, only


class DeskRequest(StaffRequest):
    """A request of a page that wants an open shift, as its views get it: with the keys of the shift."""

    who: Unlocked


class Told(TypedDict):
    """What an action of an officer is told beside its matter: whose keys, the instant, the log it stands in."""

    who: Unlocked
    at: int
    log: str


View = Callable[..., HttpResponse]


def desk_page(
    request: StaffRequest, template: str, context: dict[str, Any], *, nav: str, status: int = 200, part: str | None = None
) -> HttpResponse:
    """Returns a page of the report desk with its rail; no copy of it is kept anywhere."""
    who: Unlocked | None = getattr(request, "who", None)
    watched = who.shift if who is not None else None
    frame = {
        "nav": nav,
        "rail": rail(request.week, request.duties, request.user, request.now),
        "phase_line": weeks.phase_line(request.week, request.now),
        "shift": who,
        "watch": "reports/_desk_watch.html" if watched is not None else "",
        "idle": settings.DESK_IDLE // 60,
        "idle_left": left(watched, at=request.now) if watched is not None else 0,
    }
    response = page(request, template, {**frame, **context}, status=status, part=part)
    add_never_cache_headers(response)
    return response


def log_of(request: WeekRequest) -> str:
    """Returns the log that the step stands in: the site's newest open one."""
    return newest_open_log(request.now) or str(request.week.origin)


def number(sent: QueryDict, name: str) -> int:
    """Returns a number that was sent, 0 for anything else."""
    typed = sent.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 16 else 0


def told(request: DeskRequest) -> Told:
    """Returns what every action of an officer is told."""
    return {"who": request.who, "at": request.now, "log": log_of(request)}


# ---- the cookie ----


OWN = {"csrfmiddlewaretoken", "shift_duty", "shift_passphrase"}  # fields of the frame, not of the page
WORDY = 12  # longer than a code or a choice: somebody wrote it


def cookie_name(duty: str, language: str) -> str:
    """Returns the name of a shift's cookie; one for each language, since each lives under a path of its own."""
    return f"{'__Secure-' if settings.SESSION_COOKIE_SECURE else ''}desk-{duty}-{language}"


def give_cookie(response: HttpResponse, token: str, duty: str, week: str) -> None:
    """The browser keeps the shift's token, for the desk's own pages only and out of reach of scripts."""
    for language, _name in settings.LANGUAGES:
        response.set_cookie(
            cookie_name(duty, language),
            token,
            max_age=SHIFT_SECONDS,
            path=f"/{language}/{week}/reports/",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )


def take_cookie(response: HttpResponse, duty: str, week: str) -> None:
    """The browser forgets the shift's token."""
    for language, _name in settings.LANGUAGES:
        response.delete_cookie(cookie_name(duty, language), path=f"/{language}/{week}/reports/", samesite="Strict")


def token(request: HttpRequest, duty: str) -> str:
    """Returns the token that this browser holds for a duty, "" if none."""
    return str(request.COOKIES.get(cookie_name(duty, get_language() or "en"), ""))


def holder(request: StaffRequest, duty: str) -> Unlocked | None:
    """Returns the keys of the person's open shift in this duty, None without one; a token of somebody else opens nothing."""
    found = unlocked(token(request, duty), at=request.now)
    if found is None or found.holder.person_id != request.user.pk or found.holder.duty != duty:
        return None
    return found


def automatic(request: HttpRequest) -> bool:
    """Tells whether the page asks by itself, without anybody's hand; that keeps no shift open."""
    return "HX-Request" in request.headers


def unlock(request: StaffRequest, duty: str, passphrase: str) -> str:
    """The person's key is unlocked for a shift in this browser; returns the token for its cookie.

    Refuses (`desk.no_key`, `desk.wrong_passphrase`, and too many tries).
    """
    own = Holder.objects.filter(person=request.user, duty=duty, revoked_at=None).first()
    if own is None:
        raise Refused("desk.no_key")
    allow("desk.passphrase", str(own.pk), most=10, per=900, at=request.now)
    try:
        fresh = start_shift(own, passphrase, at=request.now)
    except Refused as refused:
        raise Refused("desk.wrong_passphrase") if refused.code == "vault.shut" else refused from None
    end_shift(token(request, duty))
    note("desk", own.pk, "shift_opened", role=duty, at=request.now, log=log_of(request))
    return fresh


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Returns what was sent if somebody wrote words in it: {"words": the texts to show, "fields": all of it, to be sent again}."""
    told = [(name, value) for name, values in request.POST.lists() if name not in OWN for value in values]
    words = [value for _name, value in told if len(value.strip()) > WORDY]
    return {"words": words, "fields": told[:200]} if words else {}


def _over(request: StaffRequest, duties: tuple[str, ...], typed: dict[str, Any], *, said: str = "") -> HttpResponse:
    """The page that keeps what was written while the passphrase is asked for."""
    duty = next((one for one in duties if one in request.duties), duties[0])
    shift = found_shift(token(request, duty), at=request.now)
    context = {"typed": typed, "duty": duty, "locked": shift is not None, "said": said}
    return desk_page(request, "reports/desk_over.html", context, nav="keys", status=422)


def _opened(request: DeskRequest, duties: tuple[str, ...], go_on: Callable[[], HttpResponse]) -> HttpResponse:
    """With the passphrase the shift is open and what was sent is done, in one step; without, the words are still there."""
    duty = request.POST.get("shift_duty", "")
    try:
        if duty not in duties or duty not in request.duties:
            raise Refused("desk.no_key")
        fresh = unlock(request, duty, request.POST["shift_passphrase"])
        found = unlocked(fresh, at=request.now)
        if found is None or (duty == "officer" and found.desk is None):
            raise Refused("desk.shut")
    except Refused as refused:
        return _over(request, duties, _typed(request), said=refusal(refused))
    request.who = found
    response = go_on()
    give_cookie(response, fresh, duty, request.week.code)
    return response


def _came_from(request: StaffRequest) -> str:
    """The page of this desk that the person was on, to come back to."""
    root = reverse("reports:queue", args=[request.week.code])
    if request.method == "GET":
        return request.get_full_path()
    said = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(said, allowed_hosts={request.get_host()}):
        return root
    page = urlsplit(said)
    return page._replace(scheme="", netloc="", fragment="").geturl() if page.path.startswith(root) else root


def keyed(*duties: str) -> Callable[[View], View]:
    """Lets those pass who have the duty and an open shift in it (`request.who`); others are led to the shift page and back."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            for duty in duties:
                found = holder(request, duty) if duty in request.duties else None
                if found is not None and (duty != "officer" or found.desk is not None):
                    if found.shift is not None and not automatic(request):
                        touch(found.shift, at=request.now)
                    request.who = found
                    return view(request, *args, **kwargs)
            lock_idle(request.now)
            if "shift_passphrase" in request.POST:
                return _opened(request, duties, lambda: view(request, *args, **kwargs))
            if request.method == "POST" and (typed := _typed(request)):
                return _over(request, duties, typed)
            back = urlencode({"next": _came_from(request)})
            return HttpResponseRedirect(f"{reverse('reports:shift', args=[request.week.code])}?{back}")

        return only(*duties)(inner)

    return wrap
