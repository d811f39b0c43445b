"""Reads a week file and opens its log: `showground init week.toml --notary public.txt --organiser a@b`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from showground.commands._django import ready
from showground.rules.refused import Refused


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="showground init", description=__doc__)
    parser.add_argument("week_file", type=Path, help="the week as one readable file (TOML)")
    parser.add_argument("--notary", type=Path, help="the notary's public keys (public.txt of `showground witness init`)")
    for duty in ("organiser", "screener", "notary-person"):
        parser.add_argument(f"--{duty}", action="append", default=[], metavar="EMAIL")
    parser.add_argument("--check", action="store_true", help="only read the file and say whether it is right")
    return parser


def notary_keys(path: Path) -> dict[str, str]:
    """Returns the notary's vkeys by role from the lines `role vkey` of a public.txt; '#' begins a comment."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"]
    return {words[0]: words[-1] for words in lines}


def policy_text(vkey: str, keys: dict[str, str], url: str) -> str:
    """Returns the trust policy of a week: its log, the notary's witness, a quorum of that one witness. SPEC tlog-policy."""
    return f"log {vkey}\nwitness notary {keys['witness']} {url}\nquorum notary\n"


def main(argv: list[str]) -> int:
    """The week stands in the database and the first records of its log are waiting; says what is wrong otherwise."""
    words = _parser().parse_args(argv)
    ready(database=not words.check)
    from showground.weeks.actions import open_week, read_week_file

    try:
        document = read_week_file(words.week_file.read_text(encoding="utf-8"))
        if words.check:
            print(f"{words.week_file}: a good week file ({document['code']}, {document['origin']})")
            return 0
        week = open_week(document)
        if words.notary:
            _open_log(week, notary_keys(words.notary))
        _give_duties(week, words)
    except Refused as refused:
        print(f"{words.week_file}: {_told(refused)}", file=sys.stderr)
        return 1
    print(f"week {week.code} is open at origin {week.origin}")
    return 0


def _told(refused: Refused) -> str:
    from showground.ui.refusals import refusal

    return refusal(refused)


def _open_log(week: object, keys: dict[str, str]) -> None:
    from django.conf import settings
    from django.db import transaction

    from showground import __version__
    from showground.ledger.actions.append import append, open_log
    from showground.ledger.actions.keys import make_log_key
    from showground.ledger.models import Minute
    from showground.rules.records import sha256_hex
    from showground.weeks.models import Week

    assert isinstance(week, Week)
    now = settings.CLOCK()
    vkey = make_log_key(week.origin)
    policy = policy_text(vkey, keys, settings.WITNESS_URL)
    with transaction.atomic():
        log = open_log(week.origin, vkey=vkey, policy=policy)
        if Minute.objects.filter(log=log).exists():
            return
        append(
            week.origin,
            "log.opened",
            written_at=now,
            software=f"showground {__version__}",
            policy_sha256=sha256_hex(log.policy.encode()),
            operator=week.document["operator"]["en"],
            vkeys=[vkey, keys["witness"]],
            clock="rehearsal" if settings.REHEARSAL else None,
        )
        for role, duty in (("statement", "statements"), ("escrow", "escrow")):
            append(week.origin, "key.declared", written_at=now, role=role, vkey=keys[duty])


def _give_duties(week: object, words: argparse.Namespace) -> None:
    from django.conf import settings

    from showground.people.actions import welcome
    from showground.weeks.actions import give_duty
    from showground.weeks.models import Week

    assert isinstance(week, Week)
    for option, duty in (("organiser", "organiser"), ("screener", "screener"), ("notary_person", "notary")):
        for email in getattr(words, option):
            person = welcome(email, language="en", at=settings.CLOCK())
            give_duty(week, person=person, duty=duty)
