"""Passes the line on to Django's own management commands."""

from __future__ import annotations

import os


def main(argv: list[str]) -> int:
    """Runs a Django management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "showground.settings")  # noqa: TID251
    from django.core.management import execute_from_command_line

    execute_from_command_line(["showground manage", *argv])
    return 0
