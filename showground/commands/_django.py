"""Starts Django inside a command."""

from __future__ import annotations

import os


def ready() -> None:
    """Django's rooms are loaded with the settings of the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "showground.settings")  # noqa: TID251
    import django

    django.setup()
