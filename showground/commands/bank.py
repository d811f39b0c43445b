"""Puts the starter bank of questions into the site's bank: `showground bank load`."""

from __future__ import annotations

import argparse

from showground.commands._django import ready


def main(argv: list[str]) -> int:
    """The starter bank's questions are in the bank, approved; those that are there by their code are left alone."""
    parser = argparse.ArgumentParser(prog="showground bank", description=__doc__)
    parser.add_argument("what", choices=["load"])
    parser.parse_args(argv)
    ready()
    from django.conf import settings

    from showground.quiz.actions.exchange import load_starter_bank

    print(f"{load_starter_bank(at=settings.CLOCK())} questions put into the bank")
    return 0
