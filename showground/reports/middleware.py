"""In front of the desk: a post of a flood is kept and answered from memory, so that the few threads of the web are there for people.

Whoever did the work, carries a cookie, stands at a booth or comes while there is room goes the ordinary way, and so does the first of
every ten seconds: its page, with its headers, is the page of those that follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from nacl.public import PublicKey

from showground.reports.actions import hold, spool
from showground.reports.forms.memory import in_memory
from showground.reports.forms.visitor import read_filled
from showground.reports.queries.keys import desk_key
from showground.rules.refused import Refused
from showground.ui.origin import sent_from_here
from showground.weeks.middleware import WeekRequest

ADDRESS, MOST, SECONDS = "/report/send/", 2**16, 10
ORDINARY = ("altcha", "kiosk", "waiting", "about")  # what the ordinary way takes


@dataclass(frozen=True)
class Page:
    """A page "later" as it was answered, without its ticket; `minutes` is what it says, `log` where its report will stand."""

    headers: dict[str, str]
    before: bytes
    after: bytes
    log: str
    desk: PublicKey


class InFront:
    """Answers the posts of a flood; lets everything else pass and remembers the page it sees."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages: dict[tuple[str, int, int], Page] = {}

    def __call__(self, request: WeekRequest) -> HttpResponse:
        """Returns the answer of memory if there is one, else that of the site."""
        if request.method != "POST" or not request.path_info.endswith(ADDRESS):
            return self.get_response(request)
        quick = self._quick(request)
        if quick is not None:
            return quick
        response = self.get_response(request)
        if hasattr(response, "waits"):
            self._remember(request, response)
        return response

    def _remember(self, request: WeekRequest, response: HttpResponse) -> None:
        text, log, minutes = response.waits  # type: ignore[attr-defined]
        before, _text, after = response.content.partition(text.encode())
        now = request.now // SECONDS
        self.pages = {name: page for name, page in self.pages.items() if name[2] == now}
        headers = {name: value for name, value in response.items() if name != "Content-Length"}
        self.pages[request.path_info, minutes, now] = Page(headers, before, after, log, PublicKey(bytes(desk_key().public)))

    def _quick(self, request: WeekRequest) -> HttpResponse | None:
        """The answer from memory; None for what goes the ordinary way, refusals too: they have a page of their own."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.COOKIES or not self.pages or not length.isdecimal() or int(length) > MOST:
            return None
        if not hold.crowded(address=request.META["REMOTE_ADDR"], at=request.now):
            return None
        try:
            request.get_host()
            if not sent_from_here(request, unsaid=True, outside=False):
                return None
            in_memory(request)
            return None if any(request.POST.get(name) for name in ORDINARY) else self._kept(request)
        except (Refused, DisallowedHost):
            return None

    def _kept(self, request: WeekRequest) -> HttpResponse | None:
        language = request.path_info.split("/")[1]
        told = read_filled(request).told(language)
        way = hold.lane(address=request.META["REMOTE_ADDR"], proof="", at=request.now)
        page = self.pages.get((request.path_info, hold.minutes(way.wait), request.now // SECONDS))
        if page is None or not way.wait or language not in dict(settings.LANGUAGES):
            return None
        channel = "share" if request.POST.get("shared") else "web"
        kept = spool.put(told, log=page.log, at=request.now, channel=channel, held_until=way.held_until, desk=page.desk)
        text = hold.ticket(kept.number, kept.sha256, kept.lock, due=request.now + way.wait)
        body = page.before + text.encode() + page.after
        return HttpResponse(body, status=202, headers={**page.headers, "Content-Length": str(len(body))})
