"""Who typed the code stays at the desk for twenty minutes: one sealed cookie that goes nowhere but to these pages."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import override

from showground.people.actions import keyed
from showground.reports.models import Report
from showground.reports.queries.reading import Held
from showground.rules.records import canonical
from showground.rules.refused import Refused
from showground.vault import boxes
from showground.weeks.middleware import WeekRequest

IDLE = 20 * 60


@dataclass(frozen=True)
class Visit:
    """What the cookie holds, sealed: which report, the key that opens it, and the code until its reporter has written it down."""

    report: int
    lock: bytes
    until: int
    code: str = ""
    once: str = ""

    def held(self) -> Held:
        """Returns the report, open; refuses (`code.visit_over`) one that is gone."""
        report = Report.objects.select_related("case").filter(pk=self.report).first()
        if report is None:
            raise Refused("code.visit_over")
        return Held(report, self.lock)


def _key() -> bytes:
    return bytes.fromhex(keyed("reports.visit", ""))


def _names() -> list[tuple[str, str]]:
    secure = "__Secure-" if settings.SECURE else ""
    return [(code, f"{secure}kept-{code}") for code, _name in settings.LANGUAGES]


def _path(request: WeekRequest, language: str) -> str:
    with override(language):
        return reverse("reports:report", args=[request.week.code])


def keep_visit(request: WeekRequest, response: HttpResponse, visit: Visit) -> None:
    """The browser holds the visit for twenty minutes from now, for the desk's pages of this week only."""
    told = {"r": visit.report, "lock": visit.lock.hex(), "until": request.now + IDLE, "code": visit.code, "once": visit.once}
    sealed = base64.urlsafe_b64encode(boxes.seal(_key(), canonical(told), "visit")).rstrip(b"=").decode()
    for language, name in _names():
        response.set_cookie(
            name, sealed, max_age=IDLE, path=_path(request, language), httponly=True, samesite="Strict", secure=settings.SECURE
        )


def end_visit(request: WeekRequest, response: HttpResponse) -> None:
    """The browser holds nothing any more."""
    for language, name in _names():
        response.delete_cookie(name, path=_path(request, language), samesite="Strict")


def visit_in(request: WeekRequest) -> Visit | None:
    """Returns the visit that this browser holds, None if it is over or was never one."""
    sealed = next((request.COOKIES[name] for _code, name in _names() if name in request.COOKIES), "")
    try:
        raw = base64.urlsafe_b64decode(sealed[:2000] + "=" * (-len(sealed) % 4))
        told = json.loads(boxes.unseal(_key(), raw, "visit"))
    except (ValueError, Refused):
        return None
    if told["until"] < request.now:
        return None
    return Visit(int(told["r"]), bytes.fromhex(told["lock"]), int(told["until"]), told["code"], told["once"])


def mark_of(report: int) -> str:
    """Returns what the forms of a report's page say of it: another tab may have opened another report meanwhile."""
    return keyed("reports.visit.of", str(report))[:16]


def once_hash(once: str) -> str:
    """Returns what the visit remembers of the form that made it, so that a page loaded again does not file twice."""
    return hashlib.sha256(once.encode()).hexdigest()[:32] if once else ""
