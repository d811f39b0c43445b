"""Gives a partner's programs a token for reporting to the desk, and takes the one before away; it is shown once."""

from __future__ import annotations

import argparse
import sys

from showground.commands._django import ready


def main(argv: list[str]) -> int:
    """Prints the token and returns 0; 2 if there is no such partner."""
    parser = argparse.ArgumentParser(prog="showground desk_token", description=__doc__)
    parser.add_argument("partner", help="the partner's code in the list of partners")
    parser.add_argument("--end", action="store_true", help="only take the token away")
    asked = parser.parse_args(argv)
    ready()
    from showground.reports.actions.token import give_token

    try:
        token = give_token(asked.partner, end=asked.end)
    except LookupError:
        print(f"showground desk_token: there is no partner {asked.partner}", file=sys.stderr)
        return 2
    print(token or "taken away")
    return 0
