"""Takes mail for the report desk from the site's own mail server, on a loopback address: sealed first, answered second."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

from showground import env
from showground.commands._django import ready

MOST = 10 * 2**20
LATER = "451 4.3.0 The desk cannot take it just now. Try again later."
TAKEN = "250 2.0.0 Kept"
told = logging.getLogger("showground.desk_mail")
USUAL = "127.0.0.1:8325"
Take = Callable[[bytes, str, str], None]


class LongLines:
    """A mail may break the rule on the length of lines; it is taken all the same."""

    line_length_limit = MOST


class Smtp(LongLines, SMTP):
    """SMTP that takes any line."""


class Lmtp(LongLines, LMTP):
    """LMTP that takes any line."""


class Door:
    """What the mail server talks to: one message at a time is sealed in a thread of its own; a failure means "later", never "no"."""

    def __init__(self, take: Take) -> None:
        self.take, self.threads = take, ThreadPoolExecutor(4, thread_name_prefix="desk-mail")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Answers 250 after the message is sealed and durable, 451 (the mail server keeps it and comes again) otherwise."""
        raw = envelope.original_content or envelope.content or b""
        recipient = (envelope.rcpt_tos or [""])[0]
        try:
            await asyncio.get_running_loop().run_in_executor(
                self.threads, self.take, bytes(raw), recipient, envelope.mail_from or ""
            )
        except Exception as failure:
            told.error("a mail of %s bytes waits at the mail server: %s", len(raw), type(failure).__name__)
            return LATER
        return TAKEN


def where(text: str) -> tuple[bool, str]:
    """Returns (whether LMTP, address and port) of the variable: "lmtp:127.0.0.1:8325" or "127.0.0.1:8325"."""
    kind, colon, rest = text.partition(":")
    return (True, rest) if kind == "lmtp" and colon else (False, text)


def controller(take: Take, host: str, port: int, *, lmtp: bool) -> Controller:
    """Returns the listening part, not started yet."""
    kind = Lmtp if lmtp else Smtp

    class Listening(Controller):
        def factory(self) -> SMTP:
            return kind(self.handler, data_size_limit=MOST, enable_SMTPUTF8=True, hostname="desk")

    # Seconds: a machine that starts everything at once is slow.
    return Listening(Door(take), hostname=host, port=port, ready_timeout=60)


def taker(server: str) -> Take:
    """Returns what seals a message and then answers it; an answer that fails is told in the process's own words and harms nothing."""
    from django.conf import settings
    from django.db import close_old_connections
    from django.urls import reverse
    from django.utils.translation import override

    from showground.reports.actions import mail_in
    from showground.reports.queries.proofs import newest_open_log
    from showground.weeks.queries import current_week

    def take(raw: bytes, recipient: str, envelope: str) -> None:
        close_old_connections()
        at = int(settings.CLOCK())
        week = current_week(at)
        kept = mail_in.take_mail(raw, recipient=recipient, log=newest_open_log(at) or (week.origin if week else "none"), at=at)
        try:
            sender = mail_in.sender_of(raw, envelope, server=server)
            if sender is not None and week is not None:
                with override(kept.report.language):
                    look = settings.SITE_URL + reverse("reports:look", args=[week.code])
                mail_in.answer(kept, sender, look=look, at=at)
        except Exception as failure:
            told.error("a mail was kept and could not be answered: %s", type(failure).__name__)
        finally:
            close_old_connections()

    return take


def main(argv: list[str]) -> int:
    """Listens until stopped."""
    lmtp, bind = where(env.text("SHOWGROUND_DESK_MAIL") or USUAL)
    parser = argparse.ArgumentParser(prog="showground desk-mail", description=__doc__)
    parser.add_argument("--listen", default=bind, help="loopback address and port (default SHOWGROUND_DESK_MAIL, else %(default)s)")
    parser.add_argument("--lmtp", action="store_true", default=lmtp, help="speak LMTP instead of SMTP")
    parser.add_argument(
        "--authserv",
        default=env.text("SHOWGROUND_DESK_AUTHSERV"),
        help="our mail server's name in Authentication-Results (default SHOWGROUND_DESK_AUTHSERV); without it no code goes out by mail",
    )
    asked = parser.parse_args(argv)
    host, _, port = asked.listen.rpartition(":")
    if host not in {"127.0.0.1", "[::1]", "localhost"} or not port.isdecimal():
        print("showground desk-mail: it listens on this machine only; your mail server stands in front", file=sys.stderr)
        return 2
    ready()
    listening = controller(taker(asked.authserv), host.strip("[]"), int(port), lmtp=asked.lmtp)
    listening.start()
    print(f"mail for the desk is taken at {asked.listen}", flush=True)
    try:
        listening._thread.join()  # type: ignore[union-attr]
    except KeyboardInterrupt:
        listening.stop()
    return 0
