"""A mail to the desk: sealed whole before a byte of it is read, then answered if an answer can harm nobody.

Nothing in a mail can keep it from being sealed, for nothing in it is looked at before. What is read afterwards (five header lines,
for the answer) may fail as it likes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from showground.reports.actions.file import Kept, Told, Upload, file_without_code, give_code
from showground.reports.actions.hold import buckets
from showground.rules.harms import BY_CODE
from showground.ui import letters
from showground.vault import codes

USUAL = "phishing"  # what is forwarded to report@ mostly is; an officer sorts it anew
ANSWERS = (3, 8 * 3600 * 1000)  # to one address: three at once, one more every eight hours
HEAD = 64 * 2**10
NOBODY = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|.*-(request|bounces?|owner))@", re.I)


@dataclass(frozen=True)
class Sender:
    """Whom an answer may go to; `proven`: our own mail server says that the address is no forgery."""

    address: str
    proven: bool


def category_of(recipient: str) -> str:
    """Returns the kind of harm that the address names ("report+child@..."), or the usual one."""
    named = re.split(r"[+\-]", recipient.partition("@")[0].lower())[1:]
    return next((word for word in named if word in BY_CODE), USUAL)


def language_of(recipient: str) -> str:
    """Returns the language that the address names ("report+zh@..."), English otherwise."""
    return "zh-hans" if "zh" in re.split(r"[+\-]", recipient.partition("@")[0].lower()) else "en"


def take_mail(raw: bytes, *, recipient: str, log: str, at: int) -> Kept:
    """The message is kept, sealed as it came; whatever is wrong with it. An image in a category without pictures stays unseen."""
    told = Told(
        category_of(recipient),
        language_of(recipient),
        "",
        (Upload("message.eml", "message/rfc822", raw),),
        by_mail=True,
    )
    return file_without_code(told, log=log, at=at, channel="mail")


def sender_of(raw: bytes, envelope: str, *, server: str) -> Sender | None:
    """Returns whom to answer; None where nobody is (a program, a list, an empty sender, a head that makes no sense).

    An address is proven if a line `Authentication-Results` of `server`, our own mail server, tells of dmarc=pass. RULE RFC 3834.
    """
    head = _head(raw)
    if not envelope or any(name in head for name in ("list-id", "list-unsubscribe", "auto-submitted", "x-auto-response-suppress")):
        return None
    if any(value.strip().lower() in {"bulk", "list", "junk"} for value in head.get("precedence", [])):
        return None
    lines = head.get("from", [])
    address = parseaddr(lines[0])[1] if len(lines) == 1 else ""
    if not re.fullmatch(r"[^\s<>@,]{1,64}@[^\s<>@,]{1,190}", address) or NOBODY.match(address):
        return None
    return Sender(address, bool(server) and _vouched(head.get("authentication-results", [])[:1], server))


def _head(raw: bytes) -> dict[str, list[str]]:
    """The head's lines by name, unfolded; never fails."""
    text = raw[:HEAD].decode("utf-8", "replace").replace("\r\n", "\n").split("\n\n", 1)[0]
    found: dict[str, list[str]] = {}
    for line in re.sub(r"\n[ \t]+", " ", text).split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), []).append(value.strip())
    return found


def _vouched(lines: list[str], server: str) -> bool:
    """The topmost line only: those below may have come with the mail."""
    return any(
        line.split(";")[0].strip().lower() == server.lower() and re.search(r";\s*dmarc=pass\b", line, re.I) is not None
        for line in lines
    )


def answer(kept: Kept, sender: Sender, *, look: str, at: int) -> str:
    """A letter has gone to the sender: with the code where that is safe, else only that something arrived. Returns "code", "bare" or "".

    Not safe: an address that may be forged, and every kind of harm where somebody else may read the reporter's mail.
    """
    if buckets.take("answer", sender.address.lower(), ANSWERS, at=at):
        return ""
    report = kept.report
    safe = sender.proven and BY_CODE[report.category].advice != "danger"
    context = {"look": look, "site_url": settings.SITE_URL}
    if safe:
        context["code"] = codes.shown(give_code(report, kept.lock))
    subject, text = letters.compose(f"reports/letters/{'mail_code' if safe else 'mail_bare'}.txt", context, report.language)
    headers = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    letters.post(EmailMessage(subject=subject, body=text, to=[sender.address], headers=headers))
    return "code" if safe else "bare"
