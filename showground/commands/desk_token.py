"""Gives a partner's programs a token for reporting, or a booth's device its address, and takes them away; each is shown once."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from showground.commands._django import ready

if TYPE_CHECKING:
    from showground.reports.models import Booth


def main(argv: list[str]) -> int:
    """Prints the token, the address or the list and returns 0; 2 if there is no such partner, booth or week."""
    asked = _options().parse_args(argv)
    ready()
    try:
        print(_booth(asked) if asked.booth or asked.booths else _partner(asked))
    except LookupError as no:
        print(f"showground desk_token: there is no {no.args[0]}", file=sys.stderr)
        return 2
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="showground desk_token", description=__doc__)
    one = parser.add_mutually_exclusive_group(required=True)
    one.add_argument("partner", nargs="?", help="the partner's code in the list of partners")
    one.add_argument("--booth", metavar="NAME", help="a device at a booth by its name, or with --end by its number on the list")
    one.add_argument(
        "--booths", action="store_true", help="list the devices at booths: number, name, since, last seen, filed today"
    )
    parser.add_argument("--week", help="the week whose pages the device shows; the newest if it is left out")
    parser.add_argument("--end", action="store_true", help="only take the token or the address away")
    return parser


def _partner(asked: argparse.Namespace) -> str:
    from showground.reports.actions.token import give_token

    try:
        return give_token(asked.partner, end=asked.end) or "taken away"
    except LookupError:
        raise LookupError(f"partner {asked.partner}") from None


def _booth(asked: argparse.Namespace) -> str:
    from django.conf import settings

    from showground.reports.actions import booths
    from showground.reports.models import Booth
    from showground.reports.queries.proofs import newest_open_log
    from showground.weeks.queries import weeks

    now = settings.CLOCK()
    if asked.booths:
        alive = Booth.objects.filter(ended_at=None, expires_at__gt=now)
        return "\n".join(_line(one, now) for one in alive) or "none"
    week = next((one for one in weeks() if asked.week in {None, one.code}), None)
    if week is None:
        raise LookupError(f"week {asked.week or 'yet'}")
    log = newest_open_log(now) or str(week.origin)
    if asked.end:
        found = Booth.objects.filter(pk=int(asked.booth) if asked.booth.isdecimal() else 0).first()
        if found is None:
            raise LookupError(f"booth {asked.booth}")
        return "ended" if booths.end(found, at=now, log=log) else "ended already"
    token = booths.make(asked.booth, by=None, at=now, log=log)
    return f"{settings.SITE_URL}/en/{week.code}/report/kiosk/{token}/"


def _line(one: Booth, now: int) -> str:
    since, seen = (time.strftime("%Y-%m-%d %H:%M", time.gmtime(at)) if at else "never" for at in (one.made_at, one.seen_at))
    return f"{one.pk}\t{one.name}\tsince {since}\tlast seen {seen}\t{one.filed if one.day == now // 86400 else 0} today (UTC)"
