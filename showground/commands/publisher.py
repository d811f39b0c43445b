"""Publishes the logs of the site: tiles, signed checkpoints, the notary's cosignatures. Listens to no network."""

from __future__ import annotations

import argparse
import logging
import time

from showground.commands._django import ready

PAUSE = 0.4


def main(argv: list[str]) -> int:
    """Goes its rounds until stopped; a fork stops it for good."""
    argparse.ArgumentParser(prog="showground publisher", description=__doc__).parse_args(argv)
    ready()
    from django.conf import settings
    from django.db import Error, close_old_connections

    from showground.ledger.jobs import Rounds

    told, rounds = logging.getLogger("showground.publisher"), Rounds()
    while True:
        try:
            rounds.go(settings.CLOCK())
        except Error as error:
            told.error("the database: %s", error)
            close_old_connections()
        time.sleep(PAUSE)
