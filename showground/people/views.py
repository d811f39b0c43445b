"""Signing in with a code, signing out, and the demo's letter box."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from showground.people import actions
from showground.people.forms import AddressForm, CodeForm
from showground.rules.refused import Refused
from showground.ui import letterbox
from showground.ui.pages import page
from showground.ui.refusals import refusal

PURPOSE = "sign-in"


def _next(request: HttpRequest, week: str) -> str:
    """Where the person wanted to go, or the desk, which leads on to the first room of theirs."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if here else reverse("backstage:desk", args=[week])


@never_cache
def sign_in(request: HttpRequest, week: str) -> HttpResponse:
    """Asks for an address and sends a code to it."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            request.session["sign_in_nonce"] = actions.send_code(
                form.cleaned_data["email"],
                purpose=PURPOSE,
                letter="people/letters/sign_in.txt",
                context={},
                language=request.LANGUAGE_CODE,
                network=request.META["REMOTE_ADDR"],
                at=request.now,
            )
        except Refused as refused:
            form.add_error(None, refusal(refused))
        else:
            request.session["sign_in_next"] = _next(request, week)
            return redirect("people:sign_in_code", week=week)
    status = 422 if form.is_bound else 200
    return page(request, "people/sign_in.html", {"form": form, "next": _next(request, week)}, status=status)


@never_cache
def sign_in_code(request: HttpRequest, week: str) -> HttpResponse:
    """Takes the code; the person is signed in."""
    if "sign_in_nonce" not in request.session:
        return redirect("people:sign_in", week=week)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            address = actions.prove_address(
                request.session["sign_in_nonce"], form.cleaned_data["code"], purpose=PURPOSE, at=request.now
            )
        except Refused as refused:
            form.add_error("code", refusal(refused))
        else:
            goal = request.session.get("sign_in_next") or reverse("backstage:desk", args=[week])
            login(request, actions.welcome(address, language=request.LANGUAGE_CODE, at=request.now))
            for key in ("sign_in_nonce", "sign_in_next"):
                request.session.pop(key, None)
            return redirect(goal)
    return page(request, "people/sign_in_code.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def sign_out(request: HttpRequest, week: str) -> HttpResponse:
    """The person is signed out."""
    logout(request)
    return redirect("showcase:home", week=week)


@require_safe
@never_cache
def letters(request: HttpRequest, week: str) -> HttpResponse:
    """Shows the letters of a rehearsal, the newest first; elsewhere there is no such page."""
    if not settings.LETTERS_SHOWN:
        raise Http404
    to = request.GET.get("to", "")
    return page(request, "people/letters.html", {"letters": letterbox.read(settings.LETTERS, newest=30, to=to), "to": to})
