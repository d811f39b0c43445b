"""Who runs the desk, as notices and published figures name it: the newest week's first host, and the desk's own address."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from showground.interchange.notices.art16 import Sender
from showground.people.actions import keyed
from showground.weeks.queries import weeks

NOBODY = "Showground"  # before there is a week


def service() -> str:
    """Returns the name of the service as the transparency templates want it: the operator's, in English where it has one."""
    newest = next(iter(weeks()), None)
    rows = newest.document.get("hosts", []) if newest else []
    host = next((row for row in rows if row.get("role", "host") == "host"), None)
    name = dict(host["name"]) if host else {}
    return str(name.get("en") or name.get("zh") or NOBODY)


def sender() -> Sender:
    """Returns the desk as it stands in every notice: whose it is, its own address, and no place for a reporter's."""
    domain = urlsplit(settings.SITE_URL).hostname or "localhost"
    mail = settings.DESK_ADDRESS or f"report@{domain}"
    return Sender(f"{service()}, report desk", mail, mail.partition("@")[2])


def letter_number(*told: object) -> str:
    """Returns the Message-ID of a letter, the same for the same letter: posted twice it is one. SPEC RFC 5322 3.6.4."""
    return f"<{keyed('reports.letter', chr(10).join(map(str, told)))[:32]}@{sender().domain}>"
